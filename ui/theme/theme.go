// Package theme turns meanings into styles. Screens name tokens such as Unread or Quote1, never colours; a theme
// is a table of tokens. It refuses to know what is drawn where.
package theme

import (
	"charm.land/lipgloss/v2"
)

// Theme holds one style for each token. Styles set no width, margin or padding: they only colour.
type Theme struct {
	Dark   bool
	Ground Style // of everything, below the others

	Text, Dim, Faint, Accent, Strong                   Style
	Title, TitleDim, Status, Hint, HintKey             Style
	Rule, Cursor, CursorDim, Selected                  Style // Cursor: the row the user is on; CursorDim: the same in a pane without focus
	Unread, Read, Sender, Date, Star, Mark, Attachment Style
	Good, Warn, Error                                  Style
	HeaderName, HeaderValue                            Style
	Quote                                              [4]Style // by level, repeating
	Signature, Link, LinkNumber, Heading, Code         Style
	DiffAdd, DiffDel, DiffHunk, DiffHead               Style
	Found, FoundHere                                   Style
	Chosen                                             Style // text or lines that are selected
	Field, FieldName, Placeholder                      Style
	Box, BoxTitle                                      Style    // dialogs: frame and caption
	Account                                            [6]Style // one hue for each account, in order
}

// Colours is how many a terminal has.
type Colours int

// Colours of terminals.
const (
	Many    Colours = iota // every one: a palette is shown as it is
	Some                   // 256: the nearest are shown
	Sixteen                // those of the terminal's own palette
	None                   // NO_COLOR, and terminals that are not known to have any
)

// mono is the name of the theme without colours.
const mono = "mono"

// Ground is what a terminal says of its background.
type Ground int

// Grounds of terminals.
const (
	Unknown Ground = iota // it says nothing: most are dark
	Dark
	Light
)

// GroundOf is a background that is dark, or is not.
func GroundOf(dark bool) Ground {
	if dark {
		return Dark
	}
	return Light
}

// For is the theme of a name on a terminal of so many colours. The terminal's background decides where the name is Auto, or
// is not known; a theme that leaves the ground to the terminal brings one along where the terminal's is of the other kind,
// since its words could not be read there.
func For(name string, own []Palette, ground Ground, colours Colours) *Theme {
	if name == mono || colours == None {
		return Mono()
	}
	if colours == Sixteen {
		return sixteen(ground != Light)
	}
	p, ok := Find(name, own)
	if !ok {
		p = auto(ground != Light)
	}
	if p.Background == "" && (ground == Dark && !p.Dark || ground == Light && p.Dark) {
		p.Background, p.Text = "#ffffff", "#1c1c1c"
		if p.Dark {
			p.Background, p.Text = "#121212", "#dadada"
		}
	}
	if colours == Some {
		p = p.in256()
	}
	return Of(p)
}

// New is the theme for a dark or a light terminal.
func New(dark bool) *Theme { return Of(auto(dark)) }

func auto(dark bool) Palette {
	if dark {
		return Palettes[0]
	}
	return Palettes[1]
}

// Of is the theme of a palette.
func Of(p Palette) *Theme {
	fg := func(c string) Style {
		if c == "" {
			return Style{}
		}
		return of(lipgloss.NewStyle().Foreground(lipgloss.Color(c)))
	}
	on := func(s Style, bg string) Style {
		if bg == "" {
			return s
		}
		return of(s.as.Background(lipgloss.Color(bg)))
	}
	t := &Theme{
		Dark: p.Dark, Ground: on(fg(p.Text), p.Background),
		Text: fg(p.Text), Dim: fg(p.Dim), Faint: fg(p.Faint), Accent: fg(p.Accent), Strong: fg(p.Strong).Bold(),
		Title: on(fg(p.Strong).Bold(), p.Bar), TitleDim: on(fg(p.Dim), p.Bar), Status: fg(p.Text), Hint: fg(p.Dim), HintKey: fg(p.Accent),
		Rule: fg(p.Rule), Cursor: on(fg(p.Text), p.Cursor), CursorDim: on(fg(p.Text), p.CursorDim), Selected: fg(p.Accent),
		Unread: fg(p.Strong).Bold(), Read: fg(p.Text), Sender: fg(p.Text), Date: fg(p.Dim), Star: fg(p.Star), Mark: fg(p.Accent), Attachment: fg(p.Dim),
		Good: fg(p.Good), Warn: fg(p.Warn), Error: fg(p.Error),
		HeaderName: fg(p.Dim), HeaderValue: fg(p.Text),
		Signature: fg(p.Faint), Link: fg(p.Link).Underline(true), LinkNumber: fg(p.Faint), Heading: fg(p.Strong).Bold(), Code: fg(p.Quote[2]),
		DiffAdd: fg(p.Good), DiffDel: fg(p.Error), DiffHunk: fg(p.Quote[1]), DiffHead: fg(p.Dim).Bold(),
		Found: on(fg("#000000"), "#e8d27a"), FoundHere: on(fg("#000000"), "#f2a65a"),
		Chosen: on(fg(p.Strong), p.Selection),
		Field:  fg(p.Text), FieldName: fg(p.Dim), Placeholder: fg(p.Faint),
		Box: fg(p.Dim), BoxTitle: fg(p.Strong).Bold(),
	}
	for i, c := range p.Quote {
		t.Quote[i] = fg(c)
	}
	for i, c := range p.Account {
		t.Account[i] = fg(c)
	}
	return t
}

// Hued tells whether accounts differ by their hues.
func (t *Theme) Hued() bool { return t.Account[0].as.GetForeground() != lipgloss.NoColor{} }

// Linear is the theme of plain lines: it marks nothing but the line that the cursor is on. Text from mail cannot, as it
// carries no styles.
func Linear() *Theme { return &Theme{Cursor: of(lipgloss.NewStyle().Reverse(true))} }

// Mono is the theme without colours: bold, dim, underline and reverse only.
func Mono() *Theme {
	var plain Style
	bold, dim, rev := plain.Bold(), of(plain.as.Faint(true)), of(plain.as.Reverse(true))
	t := &Theme{
		Text: plain, Dim: dim, Faint: dim, Accent: bold, Strong: bold,
		Title: rev.Bold(), TitleDim: rev, Status: plain, Hint: dim, HintKey: bold,
		Rule: dim, Cursor: rev, CursorDim: plain.Underline(true), Selected: bold,
		Unread: bold, Read: plain, Sender: plain, Date: dim, Star: bold, Mark: bold, Attachment: dim,
		Good: plain, Warn: bold, Error: bold, HeaderName: dim, HeaderValue: plain,
		Signature: dim, Link: plain.Underline(true), LinkNumber: dim, Heading: bold, Code: plain,
		DiffAdd: bold, DiffDel: dim, DiffHunk: dim, DiffHead: bold, Found: rev, FoundHere: rev.Bold(), Chosen: rev,
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

// sixteen is the theme for terminals with sixteen colours: which ones these are only their owner knows, so nothing is
// written on a ground but in reverse. Yellow and cyan cannot be read on white.
func sixteen(dark bool) *Theme {
	const red, green, yellow, blue, magenta, cyan = 1, 2, 3, 4, 5, 6
	t := Mono()
	t.Dark, t.Title, t.TitleDim = dark, t.Strong, t.Text
	in := func(n uint8, styles ...*Style) {
		for _, s := range styles {
			*s = of(s.as.Foreground(lipgloss.ANSIColor(n)).Faint(false))
		}
	}
	key, hunk := uint8(yellow), uint8(cyan)
	quotes, accounts := []uint8{cyan, magenta, green, blue}, []uint8{blue, yellow, green, magenta, cyan, red}
	if !dark {
		key, hunk = magenta, blue
		quotes, accounts = []uint8{blue, magenta, green, red}, []uint8{blue, red, green, magenta, cyan, yellow}
	}
	in(red, &t.Error, &t.DiffDel)
	in(green, &t.Good, &t.DiffAdd)
	in(key, &t.Warn, &t.Star, &t.Accent, &t.HintKey, &t.Mark, &t.Selected, &t.Code)
	in(blue, &t.Link)
	in(hunk, &t.DiffHunk)
	for i, n := range quotes {
		in(n, &t.Quote[i])
	}
	for i, n := range accounts {
		in(n, &t.Account[i])
	}
	return t
}
