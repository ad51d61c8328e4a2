package composer

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/mail/search"
	"posthorn/ui/dialog"
	"posthorn/ui/widget"
)

// letters are messages to attach one of, or files of one; sought is what found them, empty: they are the newest.
type letters struct {
	sought string
	all    []mail.Message
	more   bool
}

// contents are what can be attached of one message.
type contents struct {
	of    mail.Message
	files []compose.Attachment // the message itself first
}

// manyLetters bounds how many messages are offered.
const manyLetters = 300

// askForLetter offers what is answered, what is selected in the list, and the newest messages.
func (c *Composer) askForLetter() tea.Cmd {
	near := c.env.Root.Targets()
	return load(c, func(ctx context.Context) (l letters, err error) {
		all, err := c.env.Store.Mailboxes(ctx)
		if err != nil {
			return l, err
		}
		var v cache.View
		for _, m := range all {
			if !m.NoSelect && !slices.Contains([]mail.Role{mail.Trash, mail.Junked, mail.Drafts, mail.All}, m.Role) {
				v.Mailboxes = append(v.Mailboxes, m.Key)
			}
		}
		if c.draft.Original != 0 {
			original, err := c.env.Store.Messages(ctx, []mail.MessageKey{c.draft.Original})
			if err != nil {
				return l, err
			}
			near = append(original, near...)
		}
		w, err := c.env.Store.Window(ctx, v, cache.Position{}, 0, manyLetters)
		l.all, l.more = once(append(near, w.Messages...)), w.Older
		return l, err
	})
}

// once leaves the first of each message.
func once(all []mail.Message) (out []mail.Message) {
	seen := map[mail.MessageKey]bool{}
	for _, m := range all {
		if !seen[m.Key] {
			seen[m.Key] = true
			out = append(out, m)
		}
	}
	return out
}

// searchLetters offers what a search finds in all mail.
func (c *Composer) searchLetters(text string) tea.Cmd {
	return load(c, func(ctx context.Context) (letters, error) {
		q, err := search.Parse(text, c.env.Now())
		if err != nil {
			return letters{}, err
		}
		w, err := c.env.Store.Window(ctx, cache.View{Query: &q}, cache.Position{}, 0, manyLetters)
		return letters{text, w.Messages, w.Older}, err
	})
}

// pickLetter asks which message is meant: what is taken has files to choose from, or goes along whole, as do those that
// are marked.
func (c *Composer) pickLetter(l letters, err error) tea.Cmd {
	if err != nil {
		c.env.Root.Say(sentence(err))
		return nil
	}
	title := "Attach which message?"
	if l.sought != "" {
		title = fmt.Sprintf("%d found: %s", len(l.all), l.sought)
		if l.more {
			title = "The newest found: " + l.sought
		}
	}
	items := make([]dialog.Item, len(l.all))
	for i, m := range l.all {
		at, layout := m.Received.In(c.env.Now().Location()), "_2 Jan"
		if at.Year() != c.env.Now().Year() {
			layout = "Jan 2006"
		}
		detail := cmp.Or(m.From, m.To) + " · " + at.Format(layout)
		if n := m.Attachments; n > 0 {
			detail = count(n) + " · " + detail
		}
		items[i] = dialog.Item{Key: i, Text: cmp.Or(m.Subject, "(no subject)"), Detail: detail}
	}
	p := dialog.Pick(c.env, title, items, func(it dialog.Item) tea.Cmd { return c.openLetter(l.all[it.Key.(int)]) }).(*dialog.Picker)
	p.Several(func(dialog.Item) bool { return true }, func(marked []dialog.Item) tea.Cmd {
		var all []mail.Message
		for _, it := range marked {
			all = append(all, l.all[it.Key.(int)])
		}
		return c.attachLetters(all)
	})
	return c.env.Root.Push(p.Browsing("searches all mail", c.searchLetters))
}

// openLetter shows what can be attached of a message.
func (c *Composer) openLetter(m mail.Message) tea.Cmd {
	return load(c, func(ctx context.Context) (contents, error) {
		d, err := c.env.Store.Message(ctx, m.Key)
		return contents{m, compose.Attachable(compose.Original{Message: d.Message, Envelope: d.Envelope, Structure: d.Structure})}, err
	})
}

// attachLetters attaches messages as they are.
func (c *Composer) attachLetters(all []mail.Message) tea.Cmd {
	return load(c, func(ctx context.Context) (attached, error) {
		var out attached
		for _, m := range all {
			d, err := c.env.Store.Message(ctx, m.Key)
			if err != nil {
				return nil, err
			}
			out = append(out, compose.Attachable(compose.Original{Message: d.Message, Envelope: d.Envelope})[0])
		}
		return out, nil
	})
}

// pickContents asks what of a message is to be attached, where there is a choice.
func (c *Composer) pickContents(v contents, err error) tea.Cmd {
	switch {
	case err != nil:
		c.env.Root.Say(sentence(err))
		return nil
	case len(v.files) == 1 && v.of.Attachments == 0:
		return c.attach(v.files, nil)
	case len(v.files) == 1:
		c.env.Engine.Open(v.of.Key)
		c.env.Root.Say("The files of this message are not known yet: they are looked for, ask again in a moment.")
	}
	items := make([]dialog.Item, len(v.files))
	for i, a := range v.files {
		items[i] = dialog.Item{Key: i, Text: a.Name, Detail: widget.Size(a.Size)}
	}
	items[0].Text, items[0].Also = "The whole message", v.files[0].Name
	p := dialog.Pick(c.env, "Attach of “"+mail.Line(cmp.Or(v.of.Subject, "(no subject)"))+"”", items, func(it dialog.Item) tea.Cmd {
		return c.attach(attached{v.files[it.Key.(int)]}, nil)
	}).(*dialog.Picker)
	return c.env.Root.Push(p.Several(func(dialog.Item) bool { return true }, func(marked []dialog.Item) tea.Cmd {
		var all attached
		for _, it := range marked {
			all = append(all, v.files[it.Key.(int)])
		}
		return c.attach(all, nil)
	}))
}
