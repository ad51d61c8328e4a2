package body

// LineKind is what a line is, for the theme.
type LineKind int

// The kinds of Line.
const (
	Normal LineKind = iota
	Heading
	Quote
	Signature
	Pre  // keep as it is: code, ASCII art
	Rule // a line across
	DiffAdd
	DiffDel
	DiffHunk
	DiffHead
	TableLine // part of a table with columns
	Note      // our own word about the message, not the sender's
	Blank
)

// Style is a set of emphases.
type Style uint8

// The emphases.
const (
	Bold Style = 1 << iota
	Italic
	Underline
	Code
	Strike
	Dim
	LinkText
)

// Span is text of one look.
type Span struct {
	Text  string
	Style Style
	Link  int // 1-based into Document.Links; 0: none
}

// Line is one line as wide as Options asked for at most, unless it is kept as it is (Pre, diffs, long words).
type Line struct {
	Spans []Span
	Kind  LineKind
	Quote int // quote level, 0 none; the marks of quoting are not in Spans
}

// Text is the line without its looks.
func (l Line) Text() string {
	if len(l.Spans) == 1 {
		return l.Spans[0].Text
	}
	s := ""
	for _, sp := range l.Spans {
		s += sp.Text
	}
	return s
}

// Link is a target. Mismatch: its text names another host than the one it leads to.
type Link struct {
	Text, URL string
	Mismatch  bool
}

// Document is a message ready to be shown; all text in it has passed mail.Text.
type Document struct {
	Lines     []Line
	Links     []Link
	Remote    int  // remote images and trackers, which were not fetched
	Truncated bool // there is more than was rendered
}

// Options say for what screen to render.
type Options struct {
	Width   int              // columns to wrap at; less than 20 counts as 20
	Measure func(string) int // columns a string takes; nil: its characters
}
