// Package outbox is the screen of what waits: mail on its way out and changes that have not reached the server, with
// what was refused and why. It refuses to send anything itself: the engine does, and the person decides where it
// cannot know.
package outbox

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/screen"
	"posthorn/ui/theme"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// Outbox is the list.
type Outbox struct {
	env    *screen.Env
	list   []item
	loaded bool
	at     int
	top    int
	page   int
	ticket screen.Ticket
}

// item is what one thing to decide about is: a message, or changes that go together.
type item struct {
	out  cache.Outgoing  // Key 0: it is changes
	wish cache.WishGroup // otherwise
}

// sealed tells that it is a message that cannot be edited.
func (it item) sealed() bool {
	d, err := compose.Unmarshal(it.out.Draft)
	return it.out.Key != 0 && err == nil && d.Sealed
}

// named is a message by its subject.
func named(o cache.Outgoing) string {
	if o.Subject == "" {
		return "the message without a subject"
	}
	return "“" + mail.Line(o.Subject) + "”"
}

// same tells whether two items stand for the same thing at different times.
func (it item) same(other item) bool {
	return it.out.Key == other.out.Key && it.wish.Mailbox == other.wish.Mailbox && it.wish.From == other.wish.From &&
		it.wish.Errand.ID == other.wish.Errand.ID && it.wish.Change == other.wish.Change && it.wish.Doubt == other.wish.Doubt
}

// New is an empty list, and the command that fills it.
func New(env *screen.Env) (*Outbox, tea.Cmd) {
	o := &Outbox{env: env, page: 1}
	return o, o.load()
}

func (o *Outbox) load() tea.Cmd {
	return screen.Load(o.env, o, o.ticket.Next(), func(ctx context.Context) (any, error) {
		mails, err := o.env.Store.Outbox(ctx)
		if err != nil {
			return nil, err
		}
		groups, err := o.env.Store.Wishes(ctx)
		var list []item
		for _, m := range mails {
			list = append(list, item{out: m})
		}
		for _, g := range groups {
			list = append(list, item{wish: g})
		}
		return list, err
	})
}

// given is a draft that was taken out of the outbox.
type given struct{ draft compose.Draft }

// said is what is to be said once something is done.
type said string

// Update takes the list, and what became of an action.
func (o *Outbox) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case mail.Event:
		if msg.Kind == mail.OutboxChanged || msg.Kind == mail.MessagesChanged {
			return o.load()
		}
	case screen.Result:
		if msg.Err != nil {
			o.env.Root.Fail("what waits", msg.Err)
			return o.load()
		}
		switch v := msg.Value.(type) {
		case []item:
			if msg.Ticket == o.ticket {
				o.take(v)
			}
		case said:
			o.env.Root.Say(string(v))
			return o.load()
		case given:
			return tea.Batch(o.env.Root.Pop(o), o.env.Root.Compose(v.draft))
		case nil:
			return o.load()
		}
	}
	return nil
}

// take puts a list in place; the cursor stays on its item.
func (o *Outbox) take(list []item) {
	was, _ := o.current()
	o.list, o.loaded = list, true
	o.at = max(0, min(o.at, len(list)-1))
	for i, it := range list {
		if it.same(was) {
			o.at = i
		}
	}
}

// current is what the cursor stands on.
func (o *Outbox) current() (item, bool) {
	if o.at >= len(o.list) {
		return item{}, false
	}
	return o.list[o.at], true
}

// Title names the screen.
func (o *Outbox) Title() (name, detail string) {
	if len(o.list) == 0 {
		return "Waiting", ""
	}
	return "Waiting", fmt.Sprint(len(o.list))
}

// Scopes are the screen's own.
func (o *Outbox) Scopes() []action.Scope { return []action.Scope{action.Outbox} }

// Offers leaves out what needs an item where nothing waits, and to say that mail was sent where that is known.
func (o *Outbox) Offers(a action.Action) bool {
	if a == action.WasSent {
		it, ok := o.current()
		return ok && it.out.State == cache.Uncertain
	}
	return len(o.list) > 0 || a != action.Resend && a != action.GiveBack && a != action.GiveUp
}

// Do moves, sends again, or takes a message back.
func (o *Outbox) Do(a action.Action) (tea.Cmd, bool) {
	step := 0
	switch a {
	case action.Down:
		step = 1
	case action.Up:
		step = -1
	case action.PageDown:
		step = o.page
	case action.PageUp:
		step = -o.page
	case action.Back:
		return o.env.Root.Pop(o), true
	case action.Resend:
		return o.resend(), true
	case action.WasSent:
		return o.wasSent(), true
	case action.GiveBack:
		return o.giveBack(), true
	case action.GiveUp:
		return o.giveUp(), true
	default:
		return nil, false
	}
	o.at = max(0, min(o.at+step, len(o.list)-1))
	return nil, true
}

// act does something off the event loop with what the cursor stands on.
func (o *Outbox) act(mail, changes func(ctx context.Context, it item) (any, error)) tea.Cmd {
	it, ok := o.current()
	if !ok {
		return nil
	}
	f := mail
	if it.out.Key == 0 {
		f = changes
	}
	return screen.Load(o.env, o, 0, func(ctx context.Context) (any, error) { return f(ctx, it) })
}

func (o *Outbox) resend() tea.Cmd {
	if it, ok := o.current(); ok && it.wish.Doubt == cache.NotThere {
		o.env.Root.Say("That is done as soon as the message turns up.")
		return nil
	}
	return o.act(
		func(ctx context.Context, it item) (any, error) { return nil, o.env.Engine.Resend(ctx, it.out.Key) },
		func(ctx context.Context, it item) (any, error) { return nil, o.env.Engine.Retry(ctx, it.wish) },
	)
}

// wasSent is the person's word about a message of which nobody else knows.
func (o *Outbox) wasSent() tea.Cmd {
	if !o.Offers(action.WasSent) {
		o.env.Root.Say("Only a message that may have been sent can be called sent.")
		return nil
	}
	return o.act(func(ctx context.Context, it item) (any, error) {
		return said("Taken as sent: its copy is filed in Sent, and it is not sent again."), o.env.Engine.WasSent(ctx, it.out.Key)
	}, nil)
}

// giveBack goes on writing a message; changes cannot be edited.
func (o *Outbox) giveBack() tea.Cmd {
	if it, ok := o.current(); ok && it.out.Key == 0 {
		o.env.Root.Say("Changes can be sent now or given up: " + o.env.Keys.Key(action.Outbox, action.Resend) + " or " + o.env.Keys.Key(action.Outbox, action.GiveUp) + ".")
		return nil
	}
	return o.act(func(ctx context.Context, it item) (any, error) {
		d, err := o.env.Engine.GiveBack(ctx, it.out.Key)
		return given{d}, err
	}, nil)
}

// giveUp takes what waits away: a message stays as a draft, of changes what the server said is shown again. One that cannot be
// a draft would be gone: so it is asked.
func (o *Outbox) giveUp() tea.Cmd {
	if it, ok := o.current(); ok && it.sealed() {
		return o.env.Root.Push(dialog.Confirm(o.env, "Give up "+named(it.out)+"?\n\nAnother program made it, with more than plain text: it cannot be kept as a draft.", func() tea.Cmd {
			return screen.Load(o.env, o, 0, func(ctx context.Context) (any, error) {
				return said("It is given up: it is not tried again."), o.env.Engine.Abandon(ctx, it.out.Key)
			})
		}))
	}
	return o.act(
		func(ctx context.Context, it item) (any, error) {
			_, err := o.env.Engine.GiveBack(ctx, it.out.Key)
			return said("It is not sent, and kept as a draft."), err
		},
		func(ctx context.Context, it item) (any, error) {
			return said("Given up: it is as the server has it."), o.env.Engine.Drop(ctx, it.wish)
		},
	)
}

// Draw is a few lines for each item: what it is, and how it stands.
func (o *Outbox) Draw(area screen.Rect) screen.Frame {
	var lines []string
	if len(o.list) == 0 && o.loaded {
		lines = append(lines, "", "  "+o.env.Theme.Dim.Render("Nothing waits to be sent or done."))
	}
	from, to := 0, 0 // the lines of the item under the cursor
	for i, it := range o.list {
		if i == o.at {
			from = len(lines)
		}
		lines = append(lines, o.row(it, i == o.at, area.W)...)
		if i == o.at {
			to = len(lines)
		}
		lines = append(lines, "")
	}
	o.page = max(1, area.H/3)
	o.top = widget.Scroll(widget.Scroll(o.top, to-1, len(lines), area.H), from, len(lines), area.H)
	lines = lines[o.top:]
	for len(lines) < area.H {
		lines = append(lines, "")
	}
	lines = lines[:area.H]
	for i := range lines {
		lines[i] = width.Fit(lines[i], area.W)
	}
	return screen.Frame{Lines: lines}
}

// words are an item as it is shown.
type words struct {
	title, detail, stands string
	since                 time.Time
	trouble               bool
}

func (o *Outbox) words(it item) words {
	if it.out.Key == 0 {
		return o.wishWords(it.wish)
	}
	w := words{title: mail.Line(it.out.Subject), detail: "to " + mail.Line(strings.Join(it.out.Left(), ", ")), stands: o.stands(it.out) + refusals(it.out),
		since: it.out.Created, trouble: it.out.State == cache.Failed || it.out.State == cache.Uncertain}
	if w.title == "" {
		w.title = "(no subject)"
	}
	return w
}

func (o *Outbox) row(it item, cursor bool, w int) []string {
	th := o.env.Theme
	under := theme.Style{}
	bar := " "
	if cursor {
		under, bar = th.Cursor, "▎"
	}
	paint := func(s theme.Style, text string) string { return s.On(under).Render(text) }
	words := o.words(it)
	when := age(o.env.Now().Sub(words.since))
	room := max(0, w-2-width.Of(when)-2)
	rows := []string{
		paint(th.Accent, bar) + paint(th.Strong, width.Fit(" "+words.title, room)) + paint(th.Date, "  "+when+" "),
		paint(th.Accent, bar) + paint(th.Dim, width.Fit(" "+width.Cut(words.detail, max(0, w-3)), max(0, w-1))),
	}
	style := th.Dim
	if words.trouble {
		style = th.Warn
	}
	for line := range strings.Lines(words.stands) {
		for _, l := range width.Wrap(strings.TrimSuffix(line, "\n"), max(1, w-3)) {
			rows = append(rows, paint(th.Accent, bar)+paint(style, width.Fit(" "+l, max(0, w-1))))
		}
	}
	return rows
}

// age is how long ago something was, briefly.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}
