package pager

import (
	"fmt"
	"net/url"
	"os"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/mail/trust"
	"posthorn/ui/dialog"
	"posthorn/ui/external"
	"posthorn/ui/screen"
)

// linkNumber is how a link is named in the text.
func linkNumber(n int) string { return fmt.Sprintf("[%d]", n) }

// hyperlinks tells whether the terminal takes links, or passes over them in silence.
func hyperlinks() bool {
	term := os.Getenv("TERM")
	return term != "dumb" && term != "linux"
}

// longestClick is how long a target terminals agree to keep.
const longestClick = 2083

// clickable is by number where the terminal is told that links lead (OSC 8): printable ASCII of a kind that only shows
// things. Empty for one that does not lead where it says: it is opened through the question only.
func clickable(links []body.Link) []string {
	out := make([]string, min(len(links)+1, 1<<linkShift))
	for i := range out[1:] {
		safe, err := external.Safe(links[i].URL)
		if err == nil && !links[i].Mismatch && len(safe) <= longestClick && !strings.ContainsFunc(safe, func(r rune) bool { return r <= ' ' || r > '~' }) {
			out[i+1] = safe
		}
	}
	return out
}

// chooseLink lets the person choose among the links by number or by a part of where they lead to; one alone is chosen.
func (p *Pager) chooseLink(what string, then func(body.Link) tea.Cmd) tea.Cmd {
	if p.page == nil || len(p.page.links) == 0 {
		p.env.Root.Say("There are no links in this message.")
		return nil
	}
	links := p.page.links
	if len(links) == 1 {
		return then(links[0])
	}
	items := make([]dialog.Item, len(links))
	for i, l := range links {
		items[i] = dialog.Item{Key: i, Text: fmt.Sprintf("%d  %s", i+1, l.URL), Detail: l.Text}
		if l.Text == l.URL {
			items[i].Detail = ""
		}
		if u, err := url.Parse(l.URL); err == nil && trust.Shown(u.Hostname()) != strings.ToLower(u.Hostname()) { // it reads otherwise than it leads
			items[i].Detail = site(u)
		}
	}
	return p.env.Root.Push(dialog.Pick(p.env, what+" a link: type its number", items, func(it dialog.Item) tea.Cmd {
		return then(links[it.Key.(int)])
	}))
}

// copyLink puts where a link leads into the terminal's clipboard (OSC 52), and shows it.
func (p *Pager) copyLink(l body.Link) tea.Cmd {
	safe, err := external.Safe(l.URL)
	if err != nil {
		p.env.Root.Fail("copy the link", err)
		return nil
	}
	p.env.Root.Say("Copied " + safe)
	return tea.SetClipboard(safe)
}

// confirmLink shows where a link truly leads before it is opened.
func (p *Pager) confirmLink(l body.Link) tea.Cmd {
	question := "Open a page of " + host(l.URL) + "?\n\n" + mail.Line(l.URL)
	if strings.HasPrefix(strings.ToLower(l.URL), "mailto:") {
		question = "Write to this address?\n\n" + mail.Line(l.URL)
	}
	if l.Mismatch {
		question = "Careful: this link leads to " + host(l.URL) + ", not where its text says.\n\nText: " + mail.Line(l.Text) +
			"\nAddress: " + mail.Line(l.URL) + "\n\nOpen it all the same?"
	}
	return p.env.Root.Push(dialog.Confirm(p.env, question, func() tea.Cmd {
		if strings.HasPrefix(strings.ToLower(l.URL), "mailto:") {
			return p.opened(external.Write(p.env, p.page.detail.Account, l.URL))
		}
		return p.opened(external.OpenURL(p.env, l.URL))
	}))
}

func host(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return "an unclear place"
	}
	return site(u)
}

// site is where a link leads, in both spellings where there are two.
func site(u *url.URL) string {
	shown := trust.Shown(u.Hostname())
	if port := u.Port(); port != "" {
		shown += ", port " + port
	}
	return mail.Line(shown)
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
