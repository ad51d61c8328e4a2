package theme

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// Style is how text looks: a lipgloss style whose escape sequences are worked out once. lipgloss works them out for every
// word it renders, which was a tenth of what a key costs. The zero Style leaves text as it is.
type Style struct {
	as         lipgloss.Style
	begin, end string
}

// of is a style as lipgloss knows it.
func of(s lipgloss.Style) Style {
	const text = "\x00" // that no link holds
	begin, end, _ := strings.Cut(s.Render(text), text)
	return Style{s, begin, end}
}

// Render gives text, which is one line without control characters, the look.
func (s Style) Render(text string) string {
	if s.begin == "" || text == "" {
		return text
	}
	return s.begin + text + s.end
}

// On is the style on a ground, which says what it leaves open. Where that is reverse video a hue would become a patch of it,
// and what is faint would fade: there all is as the ground has it.
func (s Style) On(ground Style) Style {
	switch {
	case ground.begin == "":
		return s
	case s.begin == "":
		return ground
	case ground.as.GetReverse():
		return of(ground.as.Bold(ground.as.GetBold() || s.as.GetBold()))
	}
	begin := strings.Replace(ground.begin+s.begin, "m\x1b[", ";", 1) // one sequence; what s says comes later, and counts
	return Style{s.as.Inherit(ground.as), begin, s.end}
}

// Bold is the style in bold.
func (s Style) Bold() Style { return of(s.as.Bold(true)) }

// Italic is the style in italics.
func (s Style) Italic() Style { return of(s.as.Italic(true)) }

// Underline is the style groundlined, or not.
func (s Style) Underline(on bool) Style { return of(s.as.Underline(on)) }

// Strikethrough is the style struck through.
func (s Style) Strikethrough() Style { return of(s.as.Strikethrough(true)) }

// Hyperlink is the style with a link to url, which a terminal may follow.
func (s Style) Hyperlink(url string) Style { return of(s.as.Hyperlink(url)) }
