package pager

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/ui/external"
	"posthorn/ui/screen"
)

// The forms a text can have.
const (
	plain = "text/plain"
	html  = "text/html"
)

var formNames = map[string]string{plain: "plain text", html: "HTML"}

// formChoice is under what the form of a sender's mail is remembered; empty: nobody sent it.
func formChoice(e mail.Envelope) string {
	if len(e.From) == 0 || e.From[0].Addr() == "" {
		return ""
	}
	return "form " + strings.ToLower(e.From[0].Addr())
}

// formFor is the form that was chosen for the mail of a sender; empty: none was.
func formFor(ctx context.Context, store *cache.Reader, e mail.Envelope) (string, error) {
	form, err := store.Choice(ctx, formChoice(e))
	if form != html && form != plain {
		form = ""
	}
	return form, err
}

// betterForm is the form to show a message in where nobody chose one: the plain text, unless it says next to nothing.
func (g *page) betterForm(content func(string) []byte) string {
	texts, other := g.contents(plain, content), g.contents(html, content)
	if texts != nil && other != nil && body.Poor(texts, other) {
		return html
	}
	return plain
}

// contents are the texts of a form; nil where one of them is not here, or the message has not this form.
func (g *page) contents(form string, content func(string) []byte) []body.Content {
	parts := g.root.TextParts(form)
	if !hasForm(parts, form) {
		return nil
	}
	out := make([]body.Content, len(parts))
	for i, part := range parts {
		raw := content(part.Section)
		if raw == nil {
			return nil
		}
		out[i] = body.Content{Part: *part, Raw: raw}
	}
	return out
}

// switchForm goes from plain text to HTML and back.
func (p *Pager) switchForm() tea.Cmd {
	if p.page == nil || !p.page.forms {
		p.env.Root.Say("This message has only one form.")
		return nil
	}
	p.how.source = false
	if p.how.prefer = html; p.page.shown == html {
		p.how.prefer = plain
	}
	p.env.Root.Say("This is its " + formNames[p.how.prefer] + ".")
	return p.load(true)
}

// keepForm shows all mail of the sender in the form this message is shown in, from now on.
func (p *Pager) keepForm() tea.Cmd {
	if p.page == nil || !p.page.forms || formChoice(p.page.detail.Envelope) == "" {
		p.env.Root.Say("This message has only one form.")
		return nil
	}
	e, form := p.page.detail.Envelope, p.page.shown
	return contents{p.env, p.key, p}.run(func(ctx context.Context) outcome {
		err := p.env.Engine.Choose(ctx, formChoice(e), form)
		return func() tea.Cmd {
			if err != nil {
				p.env.Root.Fail("remember the form", err)
				return nil
			}
			p.env.Root.Say("Mail from " + e.From[0].Addr() + " is shown as " + formNames[form] + " from now on.")
			return nil
		}
	})
}

// filtered is HTML as the person's own program makes text of it; why is what kept it from doing so.
func filtered(ctx context.Context, env *screen.Env, parts []body.Content, columns int) (out []body.Content, why string) {
	for _, c := range parts {
		if c.Part.MediaType == html {
			text, err := external.Filter(ctx, env.Config.HTMLFilter, []byte(body.Text(c.Part, c.Raw)), columns)
			if err != nil {
				return parts, "Shown without html_filter: " + err.Error() + "."
			}
			c = body.Content{Part: mail.Part{Section: c.Part.Section, MediaType: plain, Params: map[string]string{"charset": "utf-8"}}, Raw: text}
		}
		out = append(out, c)
	}
	return out, ""
}
