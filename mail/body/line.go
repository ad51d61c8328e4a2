package body

import (
	"strings"
	"time"

	"posthorn/mail"
)

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
	CardLine  // of a card or a header: what parts made for programs say, in our words
	Footnote  // where a link leads
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
	Link  int  // 1-based into Document.Links; 0: none
	End   bool // the last span of a link: its number goes behind, LinkColumns are kept free for it
}

// Line is one line, as wide as Options asked for at most unless it is kept as it is: Pre and diffs.
type Line struct {
	Spans []Span
	Kind  LineKind
	Quote int // quote level, 0 none; the marks of quoting are not in Spans, Options.QuoteColumns are kept free for them
}

// Text is the line without its looks.
func (l Line) Text() string {
	if len(l.Spans) == 1 {
		return l.Spans[0].Text
	}
	var b strings.Builder
	for _, s := range l.Spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Link is a target. Mismatch: its text names another host than the one it leads to, or the address is made to look
// like another.
type Link struct {
	Text, URL string
	Mismatch  bool
}

// Document is a message ready to be shown, or the beginning of a long one; all text in it has passed mail.Text.
type Document struct {
	Lines     []Line
	Links     []Link
	Files     []mail.Part // enclosed in the text, see Enclosures
	Remote    int         // remote images, style sheets and the like, which were not fetched
	Trackers  int         // pictures that would have told the sender that the message is read
	TrackedBy []string    // some of the domains they are of
	Truncated bool        // there is more than was rendered
	Rest      *Rest       // what follows the lines of a long message; nil: nothing
}

// Options say for what screen to render.
type Options struct {
	Width   int              // columns to wrap at; less than 20 counts as 20
	Measure func(string) int // columns a string takes; nil: its characters
	Zone    *time.Location   // the reader's; nil: times are told as they were written
}

const minWidth = 20

// QuoteColumns is how many columns are kept free for the marks of a quote level: two for each, as long as 20 stay
// for the text.
func (o Options) QuoteColumns(level int) int {
	return min(2*level, (max(o.Width, minWidth)-minWidth)&^1)
}

// LinkColumns is how many columns are kept free behind a link for its number in brackets.
func LinkColumns(link int) int {
	n := 2
	for ; link > 0; link /= 10 {
		n++
	}
	return n
}
