// Package theme turns meanings into styles. Screens name tokens such as Unread or Quote1, never colours; a theme
// is a table of tokens. It refuses to know what is drawn where.
package theme

import (
	"charm.land/lipgloss/v2"
)

// Theme holds one style for each token. Styles set no width, margin or padding: they only colour.
type Theme struct {
	Dark bool

	Text, Dim, Faint, Accent, Strong                   lipgloss.Style
	Title, TitleDim, Status, Hint, HintKey             lipgloss.Style
	Rule, Cursor, CursorDim, Selected                  lipgloss.Style // Cursor: the row the user is on; CursorDim: the same in a pane without focus
	Unread, Read, Sender, Date, Star, Mark, Attachment lipgloss.Style
	Good, Warn, Error                                  lipgloss.Style
	HeaderName, HeaderValue                            lipgloss.Style
	Quote                                              [4]lipgloss.Style // by level, repeating
	Signature, Link, LinkNumber, Heading, Code         lipgloss.Style
	DiffAdd, DiffDel, DiffHunk, DiffHead               lipgloss.Style
	Found, FoundHere                                   lipgloss.Style
	Chosen                                             lipgloss.Style // text or lines that are selected
	Field, FieldName, Placeholder                      lipgloss.Style
	Box, BoxTitle                                      lipgloss.Style    // dialogs: frame and caption
	Account                                            [6]lipgloss.Style // one hue for each account, in order
}

// palette is the handful of hues that a theme is made of, as "#rrggbb", or "" for the terminal's own. What is written
// in any of them can be read on a usual background: WCAG 2 AA, held by a test. Only rule is for lines, not for words. The cursor of light
// terminals is one of the 256 colours, since what is near it there is lavender.
type palette struct {
	text, dim, faint, accent, strong string
	rule                             string
	cursor, cursorDim, bar, chosen   string // backgrounds
	good, warn, err, star, link      string
	quote                            [4]string
	account                          [6]string
}

var dark = palette{
	text: "", dim: "#a8adb6", faint: "#8a8e96", rule: "#5c6068", accent: "#e8b04b", strong: "#ffffff",
	cursor: "#333a46", cursorDim: "#292b2f", bar: "#1f242d", chosen: "#2f4f75",
	good: "#8fbf7f", warn: "#e8b04b", err: "#ef7a6d", star: "#f2c14e", link: "#7fb4e6",
	quote:   [4]string{"#7fb4a6", "#b39ddb", "#d6a77a", "#8aa0c0"},
	account: [6]string{"#7fb4e6", "#e8a06f", "#8fbf7f", "#c792ea", "#6fc7c1", "#e58fb1"},
}

var light = palette{
	text: "", dim: "#4d5663", faint: "#6c6c6c", rule: "#a0a4ab", accent: "#8f5a09", strong: "#000000",
	cursor: "#afd7ff", cursorDim: "#e6e8ea", bar: "#ecebe6", chosen: "#afd7ff",
	good: "#2a702d", warn: "#8f5a09", err: "#b93426", star: "#96680a", link: "#1f5fa8",
	quote:   [4]string{"#1f6d62", "#6a4fb3", "#8f5519", "#42618f"},
	account: [6]string{"#1f5fa8", "#a44c15", "#2a702d", "#8435b5", "#0d6c68", "#b0356b"},
}

// New is the theme for a dark or a light terminal.
func New(isDark bool) *Theme {
	p := light
	if isDark {
		p = dark
	}
	fg := func(c string) lipgloss.Style {
		s := lipgloss.NewStyle()
		if c != "" {
			s = s.Foreground(lipgloss.Color(c))
		}
		return s
	}
	on := func(s lipgloss.Style, bg string) lipgloss.Style { return s.Background(lipgloss.Color(bg)) }
	t := &Theme{
		Dark: isDark,
		Text: fg(p.text), Dim: fg(p.dim), Faint: fg(p.faint), Accent: fg(p.accent), Strong: fg(p.strong).Bold(true),
		Title: on(fg(p.strong).Bold(true), p.bar), TitleDim: on(fg(p.dim), p.bar), Status: fg(p.text), Hint: fg(p.dim), HintKey: fg(p.accent),
		Rule: fg(p.rule), Cursor: on(fg(p.text), p.cursor), CursorDim: on(fg(p.text), p.cursorDim), Selected: fg(p.accent),
		Unread: fg(p.strong).Bold(true), Read: fg(p.text), Sender: fg(p.text), Date: fg(p.dim), Star: fg(p.star), Mark: fg(p.accent), Attachment: fg(p.dim),
		Good: fg(p.good), Warn: fg(p.warn), Error: fg(p.err),
		HeaderName: fg(p.dim), HeaderValue: fg(p.text),
		Signature: fg(p.faint), Link: fg(p.link).Underline(true), LinkNumber: fg(p.faint), Heading: fg(p.strong).Bold(true), Code: fg(p.quote[2]),
		DiffAdd: fg(p.good), DiffDel: fg(p.err), DiffHunk: fg(p.quote[1]), DiffHead: fg(p.dim).Bold(true),
		Found: on(fg("#000000"), "#e8d27a"), FoundHere: on(fg("#000000"), "#f2a65a"),
		Chosen: on(fg(p.strong), p.chosen),
		Field:  fg(p.text), FieldName: fg(p.dim), Placeholder: fg(p.faint),
		Box: fg(p.dim), BoxTitle: fg(p.strong).Bold(true),
	}
	for i, c := range p.quote {
		t.Quote[i] = fg(c)
	}
	for i, c := range p.account {
		t.Account[i] = fg(c)
	}
	return t
}

// Mono is the theme without colours: bold, dim, underline and reverse only, for NO_COLOR.
func Mono() *Theme {
	plain := lipgloss.NewStyle()
	bold, dim, rev := plain.Bold(true), plain.Faint(true), plain.Reverse(true)
	t := &Theme{
		Text: plain, Dim: dim, Faint: dim, Accent: bold, Strong: bold,
		Title: rev.Bold(true), TitleDim: rev, Status: plain, Hint: dim, HintKey: bold,
		Rule: dim, Cursor: rev, CursorDim: plain.Underline(true), Selected: bold,
		Unread: bold, Read: plain, Sender: plain, Date: dim, Star: bold, Mark: bold, Attachment: dim,
		Good: plain, Warn: bold, Error: bold, HeaderName: dim, HeaderValue: plain,
		Signature: dim, Link: plain.Underline(true), LinkNumber: dim, Heading: bold, Code: plain,
		DiffAdd: bold, DiffDel: dim, DiffHunk: dim, DiffHead: bold, Found: rev, FoundHere: rev.Bold(true), Chosen: rev,
		Field: plain, FieldName: dim, Placeholder: dim, Box: dim, BoxTitle: bold,
	}
	for i := range t.Quote {
		t.Quote[i] = dim
	}
	for i := range t.Account {
		t.Account[i] = plain
	}
	return t
}
