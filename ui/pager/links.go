package pager

import (
	"fmt"
	"net/url"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/ui/dialog"
	"posthorn/ui/external"
	"posthorn/ui/screen"
)

// linkNumber is how a link is named in the text.
func linkNumber(n int) string { return fmt.Sprintf("[%d]", n) }

// openLink lets the person choose among the links by number or by a part of where they lead to.
func (p *Pager) openLink() tea.Cmd {
	if p.page == nil || len(p.page.links) == 0 {
		p.env.Root.Say("There are no links in this message.")
		return nil
	}
	links := p.page.links
	if len(links) == 1 {
		return p.confirmLink(links[0])
	}
	items := make([]dialog.Item, len(links))
	for i, l := range links {
		items[i] = dialog.Item{Key: i, Text: fmt.Sprintf("%d  %s", i+1, l.URL), Detail: l.Text}
		if l.Text == l.URL {
			items[i].Detail = ""
		}
	}
	return p.env.Root.Push(dialog.Pick(p.env, "Open a link: type its number", items, func(it dialog.Item) tea.Cmd {
		return p.confirmLink(links[it.Key.(int)])
	}))
}

// confirmLink shows where a link truly leads before it is opened.
func (p *Pager) confirmLink(l body.Link) tea.Cmd {
	question := "Open this address?\n\n" + mail.Line(l.URL)
	if l.Mismatch {
		question = "Careful: this link does not lead where its text says.\n\nText: " + mail.Line(l.Text) + "\nLeads to: " + host(l.URL) +
			"\n\n" + mail.Line(l.URL) + "\n\nOpen it all the same?"
	}
	return p.env.Root.Push(dialog.Confirm(p.env, question, func() tea.Cmd { return p.opened(external.OpenURL(p.env, l.URL)) }))
}

func host(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return "an unclear place"
	}
	return mail.Line(u.Host)
}

// opened addresses the outcome of opening something to the pager.
func (p *Pager) opened(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() tea.Msg {
		msg := cmd()
		if o, ok := msg.(external.Opened); ok {
			return screen.Result{To: p, Value: o}
		}
		return msg
	}
}
