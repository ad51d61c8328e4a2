package outbox

import (
	"fmt"
	"strings"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/widget"
)

// wishWords are changes that wait, in words.
func (o *Outbox) wishWords(g cache.WishGroup) words {
	w := words{title: title(g), detail: "in " + mail.Line(g.From), since: g.Since, trouble: g.LastError != ""}
	if g.Errand.ID != 0 {
		w.detail = "in " + mail.Line(g.Account)
	} else if len(o.env.Engine.Accounts()) > 1 {
		w.detail += " of " + mail.Line(g.Account)
	}
	wait := g.NotBefore.Sub(o.env.Now())
	giveUp := o.env.Keys.Key(action.Outbox, action.GiveUp)
	if g.Since.IsZero() {
		w.since = o.env.Now()
	}
	switch {
	case g.Doubt == cache.NotRead:
		w.stands = "The server renumbered the mailbox: waits until it is read again."
	case g.Doubt == cache.SeveralAlike:
		w.trouble = true
		w.stands = fmt.Sprintf("The server renumbered the mailbox and has several messages like it: %s does it to the one shown, %s gives it up.",
			o.env.Keys.Key(action.Outbox, action.Resend), giveUp)
	case g.Doubt == cache.NotThere && g.Missing != "":
		w.trouble = true
		w.stands = fmt.Sprintf("%s is not on the server now: waits until it is there again; %s gives it up.", mail.Line(g.Missing), giveUp)
	case g.Doubt == cache.NotThere:
		w.stands = fmt.Sprintf("Waits for its message, which is not in the mailbox now; %s gives it up.", giveUp)
		if g.Messages > 1 {
			w.stands = fmt.Sprintf("Waits for its messages, which are not in the mailbox now; %s gives it up.", giveUp)
		}
	case g.LastError != "":
		w.stands = fmt.Sprintf("Tried %s: %s", times(g.Attempts), mail.Line(g.LastError))
	case wait > time.Minute:
		w.stands = fmt.Sprintf("Done %s; %s gives it up.", widget.When(g.NotBefore, o.env.Now()), giveUp)
	case wait > 0:
		w.stands = fmt.Sprintf("Done in %d s; %s gives it up.", seconds(wait), giveUp)
	case o.paused(g.Account):
		w.stands = untilResumed(g.Account)
	default:
		w.stands = "Waits for the server."
	}
	return w
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// title says what is wanted.
func title(g cache.WishGroup) string {
	name := mail.Line(g.Errand.Name)
	switch g.Errand.Kind {
	case cache.CreateMailbox:
		return "Make the mailbox " + name
	case cache.RenameMailbox:
		return "Rename " + mail.Line(g.From) + " to " + name
	case cache.DeleteMailbox:
		return "Delete the mailbox " + name
	case cache.SubscribeMailbox:
		return "Subscribe to " + name
	case cache.UnsubscribeMailbox:
		return "Unsubscribe from " + name
	}
	messages := widget.Thousands(g.Messages) + " messages"
	if g.Messages == 1 {
		messages = "1 message"
	}
	switch c := g.Change.(type) {
	case mail.Move:
		return "Move " + messages + " to " + target(g)
	case mail.Copy:
		return "Copy " + messages + " to " + target(g)
	case mail.FlagChange:
		return "Mark " + messages + " as " + marks(c)
	}
	return "Delete " + messages + " for good"
}

// target names where messages are to go, with its account where that is another one.
func target(g cache.WishGroup) string {
	if g.ToAccount != g.Account && g.ToAccount != "" {
		return mail.Line(g.To) + " of " + mail.Line(g.ToAccount)
	}
	return mail.Line(g.To)
}

// marks names what a change of flags sets and clears.
func marks(c mail.FlagChange) string {
	var out []string
	for _, m := range []struct {
		flag    mail.Flags
		on, off string
	}{{mail.Seen, "read", "unread"}, {mail.Flagged, "starred", "not starred"}, {mail.Answered, "answered", "not answered"},
		{mail.Forwarded, "forwarded", "not forwarded"}, {mail.Junk, "junk", "no junk"}} {
		switch {
		case c.Mask&m.flag == 0:
		case c.Want&m.flag != 0:
			out = append(out, m.on)
		default:
			out = append(out, m.off)
		}
	}
	for _, k := range c.Add.List() {
		out = append(out, mail.Line(k))
	}
	for _, k := range c.Del.List() {
		out = append(out, "not "+mail.Line(k))
	}
	if len(out) == 0 {
		return "something else"
	}
	return strings.Join(out, ", ")
}
