package sidebar

import (
	"fmt"
	"strings"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/screen"
	"posthorn/ui/theme"
	"posthorn/ui/width"
)

// Draw is the tree with the cursor on it.
func (s *Sidebar) Draw(area screen.Rect) screen.Frame { return s.DrawFocused(area, true) }

// DrawFocused is Draw for a pane that may be beside the one in use.
func (s *Sidebar) DrawFocused(area screen.Rect, focused bool) screen.Frame {
	before := s.page
	if s.page, s.width = max(1, area.H), area.W; before < highEnough != (s.page < highEnough) {
		s.build()
	}
	s.at = max(0, min(s.at, len(s.entries)-1))
	lead := 1
	if s.still {
		lead = 0
	}
	s.top = max(0, min(max(s.top, s.at-area.H+1+lead), s.at-lead, len(s.entries)-area.H))
	lines := make([]string, 0, area.H)
	for i := s.top; i < len(s.entries) && len(lines) < area.H; i++ {
		lines = append(lines, s.line(s.entries[i], i == s.at, focused, area.W))
	}
	for len(lines) < area.H {
		lines = append(lines, strings.Repeat(" ", area.W))
	}
	return screen.Frame{Lines: lines}
}

func (s *Sidebar) line(e Entry, cursor, focused bool, w int) string {
	th := s.env.Theme
	if s.env.Config.Linear {
		return s.spoken(e, cursor && focused)
	}
	switch e.Kind {
	case gap:
		return strings.Repeat(" ", w)
	case Account:
		return width.Fit(s.heading(e, w), w)
	}
	text, under := th.Dim, theme.Style{}
	if e.Unseen > 0 && !e.quiet() {
		text = th.Text
	}
	if s.isShown(e) {
		text = th.Strong
	}
	if cursor && focused {
		under = th.Cursor
	} else if s.isShown(e) {
		under = th.CursorDim
	}
	paint := func(st theme.Style, t string) string { return st.On(under).Render(t) }
	bar := paint(text, " ")
	if cursor && focused {
		bar = paint(th.Accent, "▎")
	}
	name, marks, count := e.words(w)
	room := max(0, w-2-width.Of(count))
	return bar + paint(text, width.Fit(name+marks, room)) + paint(th.Accent, count) + paint(text, " ")
}

// heading is an account with how its connection stands, which is told in a word where nothing else would tell it.
func (s *Sidebar) heading(e Entry, w int) string {
	const paused = " paused"
	st := s.state(e.Account)
	name := " " + s.env.Hue(e.Account).Bold().Render(width.Cut(e.Name, w-5)) + " " + Glyph(s.env.Theme, st.Phase, theme.Style{})
	if st.Phase == engine.Paused && width.Of(name)+len(paused) <= w {
		name += s.env.Theme.Warn.Render(paused)
	}
	return name
}

// words are what stands in an entry's line of w columns behind the bar: its name with what is before it, the marks
// behind that, and at the right the count.
func (e Entry) words(w int) (name, marks, count string) {
	if e.Unseen > 0 && !e.quiet() {
		count = short(e.Unseen)
	}
	if e.Parent {
		if marks = " ▾"; e.Folded {
			marks = " ▸"
		}
	}
	if e.Mailbox.Pending {
		marks += " ◌"
	}
	if e.Kind == Saved {
		marks = " ⌕"
	}
	indent := 1 + 2*min(e.Depth, 4)
	name = strings.Repeat(" ", indent) + width.Cut(e.Name, max(3, w-1-indent-width.Of(count)-width.Of(marks)-2))
	return name, marks, count
}

// quiet tells whether unread mail in there is nobody's concern.
func (e Entry) quiet() bool {
	switch e.Mailbox.Role {
	case mail.Trash, mail.Junked, mail.Sent, mail.All:
		return true
	}
	return false
}

func (s *Sidebar) isShown(e Entry) bool {
	switch e.Kind {
	case Mailbox:
		return e.Mailbox.Key == s.shown
	case Saved, Unified:
		return e.Search == s.search
	}
	return e.Kind == AllInboxes && s.shown == 0 && s.search == ""
}

// state is the account's connection.
func (s *Sidebar) state(account string) engine.State {
	for _, st := range s.env.Engine.States() {
		if st.Account == account {
			return st
		}
	}
	return engine.State{}
}

// Glyph is how a connection stands, in one column on the background of under.
func Glyph(th *theme.Theme, p engine.Phase, under theme.Style) string {
	style, glyph := th.Warn, "○"
	switch p {
	case engine.Idle:
		style, glyph = th.Good, "●"
	case engine.Working:
		style, glyph = th.Good, "◐"
	case engine.Connecting:
		style, glyph = th.Dim, "◌"
	case engine.NeedsLogin:
		style, glyph = th.Error, "!"
	case engine.Paused:
		glyph = "‖"
	}
	return style.On(under).Render(glyph)
}

// short is a count in at most four columns.
func short(n int) string {
	switch {
	case n < 10000:
		return fmt.Sprint(n)
	case n < 1000000:
		return fmt.Sprintf("%dk", n/1000)
	}
	return fmt.Sprintf("%dM", n/1000000)
}
