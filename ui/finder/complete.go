package finder

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/search"
	"posthorn/ui/screen"
	"posthorn/ui/sidebar"
	"posthorn/ui/widget"
)

// mostChoices bounds how much of the list completions cover.
const mostChoices = 8

// span is a part of the text, in octets.
type span struct{ from, to int }

// word is the one the cursor stands in or behind: its operator, if it has one, and the beginning of its value.
func (f *Finder) word() (operator, value string, at span) {
	text, end := f.field.Text(), f.field.At()
	start := strings.LastIndexAny(text[:end], " ()")
	if strings.Count(text[:end], `"`)%2 == 1 { // within quotes
		start = strings.LastIndexByte(text[:end], '"') - 1
		for start >= 0 && !strings.ContainsRune(" ()", rune(text[start])) {
			start--
		}
	}
	start++
	for start < end && text[start] == '-' {
		start++
	}
	operator, value, ok := strings.Cut(text[start:end], ":")
	if !ok {
		return "", operator, span{start, end}
	}
	return strings.ToLower(operator), strings.TrimPrefix(value, `"`), span{start + len(operator) + 1, end}
}

// suggest looks for what the word at the cursor could become.
func (f *Finder) suggest() tea.Cmd {
	operator, value, at := f.word()
	f.words = at
	ticket := f.ticket.Next()
	switch search.Field(operator) {
	case search.From, search.To, search.Cc:
		if value == "" {
			break
		}
		return screen.Load(f.env, f, ticket, func(ctx context.Context) (any, error) {
			found, err := f.env.Store.Contacts(ctx, value, mostChoices)
			return people(found, value), err
		})
	case search.Label:
		return screen.Load(f.env, f, ticket, func(ctx context.Context) (any, error) {
			known, err := f.env.Store.Labels(ctx)
			return beginning(known, value), err
		})
	}
	f.popup.Show(f.known(operator, value), false)
	return nil
}

// known is what a word could become that needs no database.
func (f *Finder) known(operator, value string) []widget.Choice {
	var names []string
	switch field := search.Field(operator); field {
	case search.Anywhere:
		if len(value) > 1 || f.field.Text() == "" {
			return operators(value)
		}
	case search.In:
		names = f.boxes(value)
	case search.Account:
		for _, a := range f.env.Engine.Accounts() {
			names = append(names, a.Name)
		}
		names = beginningNames(names, value)
	default:
		for _, op := range search.Operators {
			if op.Field == field {
				names = beginningNames(op.Values, value)
			}
		}
	}
	return choices(names)
}

// operators are those that begin with what was typed, with what they are for.
func operators(start string) (out []widget.Choice) {
	for _, op := range search.Operators {
		if strings.HasPrefix(string(op.Field), strings.ToLower(start)) {
			out = append(out, widget.Choice{Text: string(op.Field) + ":", Detail: op.Help})
		}
	}
	return out
}

// boxes are the mailboxes that a name may mean, each name once.
func (f *Finder) boxes(start string) (out []string) {
	for _, m := range f.mailboxes {
		name := strings.ToLower(sidebar.Name(m))
		if m.Role == mail.All {
			name = "anywhere"
		}
		if cache.Called(m, start) && !slices.Contains(out, name) && name != strings.ToLower(start) {
			out = append(out, name)
		}
	}
	return out
}

// people are the addresses of those found, but for one that is typed already.
func people(found []mail.Address, typed string) []widget.Choice {
	var out []widget.Choice
	for _, a := range found {
		if addr := a.Addr(); !strings.EqualFold(addr, typed) {
			out = append(out, widget.Choice{Text: addr, Detail: a.Name})
		}
	}
	return out
}

func beginning(names []string, start string) []widget.Choice {
	return choices(beginningNames(names, start))
}

func beginningNames(names []string, start string) (out []string) {
	plain := func(s string) string { return strings.ToLower(search.Fold(s)) }
	start = plain(start)
	for _, n := range names {
		if name := plain(n); strings.HasPrefix(name, start) && name != start {
			out = append(out, n)
		}
	}
	return out
}

func choices(names []string) []widget.Choice {
	out := make([]widget.Choice, len(names))
	for i, n := range names {
		out[i].Text = n
	}
	return out
}

// fill takes the completion under the cursor of the list, or the only one; among several it goes to the first.
func (f *Finder) fill() tea.Cmd {
	if c, ok := f.popup.Chosen(); ok {
		return f.put(c)
	}
	if list := f.popup.Choices(); len(list) == 1 {
		return f.put(list[0])
	}
	f.popup.Move(1)
	return nil
}

// put puts a completion in place of the word.
func (f *Finder) put(c widget.Choice) tea.Cmd {
	text := mail.Line(c.Text)
	if !strings.HasSuffix(text, ":") {
		if strings.ContainsAny(text, " ()\"") {
			text = `"` + strings.ReplaceAll(text, `"`, "") + `"`
		}
		text += " "
	}
	f.field.Replace(f.words.from, f.words.to, text)
	f.popup.Hide()
	return f.changed()
}
