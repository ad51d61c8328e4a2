package index

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/search"
	"posthorn/ui/theme"
	"posthorn/ui/widget"
)

// Search is what a view looks for.
type Search struct {
	Text  string // as it was typed
	Typed bool   // by the person, who can type something else
	Query search.Query
	Also  []mail.MessageKey // found by servers only
	Note  string            // how the servers stand, in a few words

	there map[mail.MessageKey]bool // Also
}

// text is what is looked for, or empty.
func (s *Search) text() string {
	if s == nil {
		return ""
	}
	return s.Text
}

// afar tells whether only a server found a message.
func (s *Search) afar(key mail.MessageKey) bool { return s != nil && s.there[key] }

// counts is how much was found, in words; nothing as long as that is not known.
func (s *Search) counts(selected, total int, known bool) string {
	if !known {
		return s.Note
	}
	n := widget.Thousands(total)
	if total > cache.MostCounted {
		n = "more than " + widget.Thousands(cache.MostCounted)
	}
	n += " found"
	if selected > 0 {
		n = widget.Thousands(selected) + " selected of " + n
	}
	if s.Note != "" {
		n += " · " + s.Note
	}
	return n
}

// nothing says that nothing was found, and what to do about it.
func (s *Search) nothing() string {
	at := strings.LastIndexAny(s.Text, ` :"(-`) + 1
	if last := s.Text[at:]; last != "" && !search.Begins(last) && !search.Apart([]rune(last)[0]) {
		return "Nothing found. A letter alone is a whole word: type one more."
	}
	return "Nothing found. Fewer or shorter words find more."
}

// ShowAt switches to another view with the cursor on a message of it, if that is there.
func (x *Index) ShowAt(v View, m mail.Message) tea.Cmd {
	if m.Key == 0 {
		return x.show(v, v.OnlyUnread)
	}
	ask := x.enter(v, v.OnlyUnread)
	x.back, x.arriving = m.Key, time.Time{}
	return tea.Batch(x.load(v.Sort.At(m), reach, reach), ask)
}

// Look shows what a search finds while it is being typed: what is there stays until the answer comes.
func (x *Index) Look(v View) tea.Cmd {
	rows, at, top, total, counted := x.rows, x.at, x.top, x.total, x.counted && x.view.Search != nil
	ask := x.enter(v, false)
	x.rows, x.at, x.top, x.loaded = rows, at, top, len(rows) > 0
	x.total, x.counted = total, counted
	return tea.Batch(x.loadAt(cache.Position{}, 0, x.first(), 0), ask)
}

// afresh is the context of a load; the one before it ends, so that typing does not queue up searches.
func (x *Index) afresh() context.Context {
	if x.cancel != nil {
		x.cancel()
	}
	var ctx context.Context
	ctx, x.cancel = context.WithCancel(x.env.Ctx)
	return ctx
}

func unread(list []mail.Message) (n int) {
	for _, m := range list {
		if m.Unseen() {
			n++
		}
	}
	return n
}

// marked renders s with the places marked that the search found in one of these fields.
func (x *Index) marked(s string, style theme.Style, paint func(theme.Style, string) string, fields ...search.Field) string {
	if x.view.Search == nil {
		return paint(style, s)
	}
	var terms []search.Term
	x.view.Search.Query.Walk(func(t search.Term, wanted bool) {
		if wanted && (t.Field == search.Anywhere || slices.Contains(fields, t.Field)) {
			terms = append(terms, t)
		}
	})
	var b strings.Builder
	at := 0
	for _, h := range search.Places(s, terms) {
		if h[0] > at {
			b.WriteString(paint(style, s[at:h[0]]))
		}
		b.WriteString(paint(x.env.Theme.Found, s[h[0]:h[1]]))
		at = h[1]
	}
	if at < len(s) {
		b.WriteString(paint(style, s[at:]))
	}
	return b.String()
}
