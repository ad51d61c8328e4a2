package composer

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/external"
	"posthorn/ui/people"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
)

// offered is how many completions are shown.
const offered = 6

// found is who completes what was typed, those that are surest first.
type found struct {
	list    []people.Entry
	err     error  // of the external address book; the others are found all the same
	trouble string // what of the files of contacts cannot be read
}

// asked is what the external address book said, which may take its time.
type asked found

// lookUp asks who the address under the cursor could be: nicknames and groups, people from mail, and people from the
// files of contacts. The external address book is asked beside, and comes behind.
func (c *Composer) lookUp() tea.Cmd {
	ticket := c.completing.Next()
	c.known = nil
	if c.contacts == nil || c.focus == subject {
		return nil
	}
	start, end := c.word()
	prefix := c.fields[c.focus].Text()[start:end]
	if prefix == "" {
		return nil
	}
	own, book, command := c.identities(), c.env.Config.Book, c.env.Config.ContactsCommand
	look := screen.Load(c.env, c, ticket, func(ctx context.Context) (any, error) {
		met, err := c.contacts(ctx, prefix, offered)
		for _, id := range own { // one writes to oneself too, and nobody has to have done so before
			if begins(id.address, prefix) {
				met = append(met, id.address)
			}
		}
		listed := book.Find(prefix, offered)
		var out, later []people.Entry
		for _, e := range listed {
			if e.Nick != "" && strings.HasPrefix(strings.ToLower(e.Nick), strings.ToLower(prefix)) {
				out = append(out, e)
			} else {
				later = append(later, e)
			}
		}
		for _, a := range met {
			out = append(out, people.Entry{List: []mail.Address{a}})
		}
		return found{list: append(out, later...), trouble: book.Trouble()}, err
	})
	if len(command) == 0 || len(prefix) < 2 {
		return look
	}
	return tea.Batch(look, screen.Load(c.env, c, ticket, func(ctx context.Context) (any, error) {
		list, err := people.Ask(ctx, command, prefix, func(ctx context.Context, argv []string) ([]byte, error) {
			return external.Filter(ctx, argv, nil, 0)
		})
		return asked{list: list, err: err}, nil
	}))
}

// suggest shows who was found. The first is under the cursor, so that Enter takes it, unless the word is an address
// by itself.
func (c *Composer) suggest() {
	start, end := c.word()
	s := c.fields[c.focus].Text()
	there := mail.ParseAddresses(s[:start]+s[end:], nil)
	var choices []widget.Choice
	for _, e := range c.known {
		fit := fitting(e.List, there)
		if len(fit) == 0 {
			continue
		}
		if len(fit) == 1 { // a group may have those that are offered alone
			there = append(there, fit...)
		}
		choices = append(choices, widget.Choice{Text: mail.Addresses(fit), Detail: mail.Line(e.Nick)})
	}
	whole := mail.ParseAddresses(s[start:end], nil)
	typed := len(whole) == 1 && whole[0].Valid() && strings.Contains(whole[0].Domain, ".")
	if len(choices) == 1 && choices[0].Text == s[start:end] {
		choices = nil
	}
	c.popup.Show(choices[:min(len(choices), offered)], !typed)
}

// fitting are the addresses of a list that can be written to and shown as they are, less those that are there.
func fitting(list, there []mail.Address) (out []mail.Address) {
	for _, a := range list {
		a.Name = mail.Line(a.Name)
		if a.Valid() && mail.Line(a.Addr()) == a.Addr() && !slices.ContainsFunc(there, a.Same) {
			out = append(out, a)
		}
	}
	return out
}

// begins tells whether a word of the name, or the address, begins with what was typed.
func begins(a mail.Address, prefix string) bool {
	prefix = strings.ToLower(prefix)
	return slices.ContainsFunc(append(strings.Fields(a.Name), a.Addr()), func(word string) bool {
		return strings.HasPrefix(strings.ToLower(word), prefix)
	})
}

// word is where the address under the cursor starts and where the cursor is.
func (c *Composer) word() (start, end int) {
	s, at := c.fields[c.focus].Text(), c.fields[c.focus].At()
	quoted := false
	for i := 0; i < at; i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case !quoted && (s[i] == ',' || s[i] == ';'):
			start = i + 1
		}
	}
	for start < at && s[start] == ' ' {
		start++
	}
	return start, at
}

// unread says once that files of contacts cannot be read.
func (c *Composer) unread(trouble string) {
	if trouble != "" && !c.blind {
		c.blind = true
		c.env.Root.Fail("", errors.New(trouble))
	}
}

// answered takes what the external address book said. That it does not work is said once.
func (c *Composer) answered(a asked, current bool) tea.Cmd {
	switch {
	case a.err != nil && !c.deaf:
		c.deaf = true
		c.env.Root.Say("The address book: " + sentence(a.err) + ".")
	case current && len(a.list) > 0:
		c.known = append(c.known, a.list...)
		c.suggest()
	}
	return nil
}
