package pager

import (
	"context"
	"net/url"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/mail/trust"
	"posthorn/ui/dialog"
	"posthorn/ui/external"
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
			return p.leaveByClick(ways.OneClick)
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
		p.env.Root.Say("What this message names to unsubscribe is nothing that can be asked or opened.")
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
	account, about := p.page.detail.Account, "Unsubscribe from "+p.list()+" at "+site(u)+"?\n\nOne request there takes you off the list."
	return p.env.Root.Push(dialog.Confirm(p.env, about, func() tea.Cmd {
		if err := p.env.Engine.Unsubscribe(account, link); err != nil {
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
	return p.env.Root.Push(dialog.Confirm(p.env, question+caution, func() tea.Cmd {
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
	question := "Unsubscribe from " + p.list() + " on a page of " + site(u) + "?\n\nIt opens in the browser:\n" + mail.Line(link) + caution
	return p.env.Root.Push(dialog.Confirm(p.env, question, func() tea.Cmd { return p.opened(external.OpenURL(p.env, link)) }))
}
