package pager

import (
	"context"
	"net/url"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/mail/trust"
	"posthorn/ui/dialog"
	"posthorn/ui/external"
	"posthorn/ui/screen"
	"posthorn/ui/width"
)

// unsubscribe leaves the list that the message came through, in the quietest way it offers, after a question that
// names who hears of it. A site is asked by itself only where the receiving server vouches for the message: others
// could have named a site to have it asked. // RFC 8058 §4
func (p *Pager) unsubscribe() tea.Cmd {
	if p.page == nil {
		return nil
	}
	e, caution := p.page.detail.Envelope, ""
	ways := e.Unsubscribe()
	if ways.OneClick != "" {
		switch p.page.sender.proof.Signature() {
		case trust.Verified:
			if ways.Mailto == "" || !p.phase().Off() {
				return p.leaveByClick(ways.OneClick)
			}
			caution = "\n\nYou are offline: this mail waits in the outbox. One click is offered too, but needs the network at once."
		case trust.Failed:
			caution = "\n\nOne click is offered, but the message's signature does not hold: it may be forged."
		default:
			caution = "\n\nOne click is offered too, but your server does not vouch for the message."
		}
	}
	if ways.Mailto != "" {
		if d, err := compose.Unsubscribe(ways.Mailto, e, p.account()); err == nil {
			return p.leaveByMail(d, caution)
		}
	}
	switch {
	case ways.Page != "":
		return p.leaveByPage(ways.Page, caution)
	case e.ListUnsubscribe != "":
		p.env.Root.Say("The way to unsubscribe that this message names is none that works: look for a link in its text.")
	default:
		p.env.Root.Say("This message names no way to unsubscribe.")
	}
	return nil
}

// account is the one that holds the message.
func (p *Pager) account() mail.Account {
	accounts := p.env.Engine.Accounts()
	for _, a := range accounts {
		if a.Name == p.page.detail.Account {
			return a
		}
	}
	return mail.Account{Name: p.page.detail.Account}
}

// list is what the list is called.
func (p *Pager) list() string {
	if e := p.page.detail.Envelope; len(e.From) > 0 {
		return width.Middle(mail.Line(e.From[0].Display()), 40)
	}
	return "this list"
}

func (p *Pager) leaveByClick(link string) tea.Cmd {
	u, err := url.Parse(link)
	if err != nil {
		return nil
	}
	account, list := p.page.detail.Account, p.page.detail.Envelope.List()
	about := "Unsubscribe from " + p.list() + " at " + site(u) + "?\n\nOne request there takes you off the list." + p.lastTry()
	return p.env.Root.Push(dialog.Confirm(p.env, about, func() tea.Cmd {
		if err := p.env.Engine.Unsubscribe(account, list, link); err != nil {
			p.env.Root.Fail("unsubscribe", err)
			return nil
		}
		p.env.Root.Say("Asking " + site(u) + " to unsubscribe you …")
		return nil
	}))
}

func (p *Pager) leaveByMail(d compose.Draft, caution string) tea.Cmd {
	question := "Unsubscribe from " + p.list() + " by mail to " + mail.Line(d.To) + "?\n\nFrom: " + mail.Line(d.From.Addr()) + "\nSubject: " + mail.Line(d.Subject)
	if text := mail.Line(d.Body); text != "" {
		question += "\nText: " + text
	}
	return p.env.Root.Push(dialog.Confirm(p.env, question+caution+p.lastTry(), func() tea.Cmd {
		return contents{p.env, p.key, p}.run(func(ctx context.Context) outcome {
			_, err := p.env.Engine.Send(ctx, d)
			return func() tea.Cmd {
				if err != nil {
					p.env.Root.Fail("unsubscribe", err)
				}
				return nil
			}
		})
	}))
}

func (p *Pager) leaveByPage(link, caution string) tea.Cmd {
	u, err := url.Parse(link)
	if err != nil {
		return nil
	}
	question := "Unsubscribe from " + p.list() + " on a page of " + site(u) + "?\n\nIt opens in the browser:\n" + mail.Line(link) + caution + p.lastTry()
	name := mail.LeavingChoice(p.page.detail.Account, p.page.detail.Envelope.List())
	return p.env.Root.Push(dialog.Confirm(p.env, question, func() tea.Cmd {
		l := mail.Leaving{State: mail.LeavingPage, At: p.env.Now(), Asked: u.Host}
		return tea.Batch(p.opened(external.OpenURL(p.env, link)), contents{p.env, p.key, p}.run(func(ctx context.Context) outcome {
			err := p.env.Engine.Choose(ctx, name, l.String())
			return func() tea.Cmd {
				if err != nil {
					p.env.Root.Fail("remember that the page was opened", err)
				}
				return p.refresh()
			}
		}))
	}))
}

// leavingOf is what became of the last try to leave the list that a message came through.
func leavingOf(ctx context.Context, store *cache.Reader, d cache.Detail) (mail.Leaving, error) {
	if d.Envelope.ListUnsubscribe == "" {
		return mail.Leaving{}, nil
	}
	kept, err := store.Choice(ctx, mail.LeavingChoice(d.Account, d.Envelope.List()))
	return mail.ParseLeaving(kept), err
}

// leavingText says what became of unsubscribing in a few words; empty: nothing is known.
func leavingText(l mail.Leaving, now time.Time) string {
	on, asked := " on "+l.At.In(now.Location()).Format("2 January 2006"), l.Asked
	if u := (&url.URL{Host: asked}); l.State != mail.LeavingMailed {
		asked = site(u)
	}
	asked = mail.Line(asked)
	switch l.State {
	case mail.LeavingDone:
		return "unsubscribed" + on + ", says " + asked
	case mail.LeavingMailed:
		return "asked" + on + " by mail to " + asked + " to unsubscribe you"
	case mail.LeavingAsked:
		return "asked" + on + " to unsubscribe you; whether " + asked + " did is not known"
	case mail.LeavingRefused:
		return asked + " refused to unsubscribe you" + on
	case mail.LeavingUnsent:
		return "still subscribed: " + asked + " was not reached" + on
	case mail.LeavingPage:
		return "page of " + asked + " to unsubscribe opened" + on
	}
	return ""
}

// leaving adds the line that says what became of unsubscribing.
func (g *page) leaving(env *screen.Env, left, room int) {
	text := leavingText(g.left, env.Now())
	if text == "" {
		return
	}
	look := valueToken
	if g.left.State == mail.LeavingRefused || g.left.State == mail.LeavingUnsent {
		look = warnToken
	}
	for i, line := range width.Wrap(text, max(8, room-labelWidth)) {
		name := "List"
		if i > 0 {
			name = ""
		}
		g.field(name, []piece{{line, look}}, left, room)
	}
}

// lastTry is what the question says of a try before.
func (p *Pager) lastTry() string {
	text := leavingText(p.page.left, p.env.Now())
	if text == "" {
		return ""
	}
	return "\n\nThe last time: " + text + "."
}
