package widget

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"posthorn/ui/action"
	"posthorn/ui/theme"
	"posthorn/ui/width"
)

// Styled is a piece of a line in one style.
type Styled struct {
	Text  string
	Style theme.Style
}

// Lines is what a Pager scrolls through. It is asked for a line whenever that is drawn or searched.
type Lines interface {
	Len() int
	Line(i int) []Styled
}

// List is Lines that are there already.
type List [][]Styled

// Len is the number of lines.
func (l List) Len() int { return len(l) }

// Line is the i-th line.
func (l List) Line(i int) []Styled { return l[i] }

// Pager scrolls through lines and finds text in them. The zero value shows nothing.
type Pager struct {
	lines Lines
	top   int
	page  int // rows at the last Draw
	search
	chosen
}

// search is what is looked for, and where it was found so far.
type search struct {
	match  Match // nil: nothing is looked for
	stays  bool  // does not go to the first place
	from   int   // the line it began at
	lines  int   // how many were searched
	places []hit // in the order of reading from there, on to the end and from the top again
	again  int   // one more than the index of the first place that comes from the top again; 0: not yet there
	here   int   // the place shown; < 0: none
}

// Match are the places in a text that are looked for, as pairs of octets, in order.
type Match func(text string) [][2]int

// maxPlaces bounds how many places are counted.
const maxPlaces = 100_000

// hit is a place where text was found, in bytes of the line.
type hit struct{ line, from, to int }

// Set replaces the lines; keep stays where it scrolled to.
func (p *Pager) Set(l Lines, keep bool) {
	if before := p.len(); !keep || l.Len() != before {
		p.Deselect()
	}
	p.lines = l
	if !keep {
		p.top, p.search = 0, search{here: -1}
	} else if p.Searching() { // the places are others now
		p.search = search{match: p.match, stays: p.stays, from: p.top, here: -1}
	}
	p.Scroll(0)
}

func (p *Pager) len() int {
	if p.lines == nil {
		return 0
	}
	return p.lines.Len()
}

// Page is how many rows were drawn last.
func (p *Pager) Page() int { return max(1, p.page) }

// Scroll goes n lines down, or up when n is negative, and tells whether it moved.
func (p *Pager) Scroll(n int) bool {
	before := p.top
	p.top = max(0, min(p.top+n, p.len()-p.page))
	return p.top != before
}

// Move does what a says, where it says to move.
func (p *Pager) Move(a action.Action) bool {
	page, half := max(1, p.Page()-2), max(1, p.Page()/2)
	switch a {
	case action.Down:
		p.Scroll(1)
	case action.Up:
		p.Scroll(-1)
	case action.PageDown:
		p.Scroll(page)
	case action.PageUp:
		p.Scroll(-page)
	case action.HalfDown:
		p.Scroll(half)
	case action.HalfUp:
		p.Scroll(-half)
	case action.Top:
		p.Top()
	case action.Bottom:
		p.Bottom()
	default:
		return false
	}
	return true
}

// Top goes to the first line.
func (p *Pager) Top() { p.top = 0 }

// Bottom goes to the last line.
func (p *Pager) Bottom() { p.Scroll(p.len()) }

// AtEnd tells whether the last line is seen.
func (p *Pager) AtEnd() bool { return p.top+p.page >= p.len() }

// At is the line at the top, to come back to with GoTo.
func (p *Pager) At() int { return p.top }

// GoTo puts a line at the top.
func (p *Pager) GoTo(line int) { p.Scroll(line - p.top) }

// Find looks for text from the top of what is seen, without regard to case, and goes there. The empty text ends the
// search.
func (p *Pager) Find(text string) bool {
	p.Begin(text)
	for !p.Look(p.len()) {
	}
	return len(p.places) > 0
}

// Begin is Find for a text too long to be searched within one key press: Look does the work, a piece at a time.
func (p *Pager) Begin(text string) {
	p.search = search{from: p.top, here: -1}
	if want := folded(text); len(want) > 0 {
		p.match = func(text string) [][2]int { return findAll(text, want) }
	}
}

// Mark begins to look for places without going to the first of them.
func (p *Pager) Mark(m Match) { p.search = search{match: m, stays: true, from: p.top, here: -1} }

// Look searches up to n lines more and tells whether all has been searched. It goes to the first place it finds.
func (p *Pager) Look(n int) (done bool) {
	for s := &p.search; n > 0 && !p.looked(); n-- {
		line := (s.from + s.lines) % p.len()
		if s.lines++; line < s.from && s.again == 0 {
			s.again = len(s.places) + 1
		}
		s.places = append(s.places, p.hits(line)...)
		if s.here < 0 && len(s.places) > 0 && !s.stays {
			p.show(0)
		}
	}
	return p.looked()
}

func (p *Pager) looked() bool {
	return p.match == nil || p.search.lines >= p.len() || len(p.places) >= maxPlaces
}

// Looked is how much of the text has been searched, in percent.
func (p *Pager) Looked() int { return 100 * p.search.lines / max(1, p.len()) }

// FindNext goes steps places on, or back where that is negative; around tells that it went on at the other end.
func (p *Pager) FindNext(steps int) (found, around bool) {
	n := len(p.places)
	if n == 0 {
		return false, false
	}
	before, _ := p.Found()
	if p.here < 0 && steps < 0 { // before the first is the last
		p.here = 0
	}
	p.show(((p.here+steps)%n + n) % n)
	after, _ := p.Found()
	return true, (after <= before) == (steps > 0)
}

// Found is the number of the place shown, counted from the top of the text, and how many places there are.
func (p *Pager) Found() (number, of int) {
	n := len(p.places)
	if p.here < 0 || n == 0 {
		return 0, n
	}
	first := 0 // the topmost place
	if p.again > 0 {
		first = (p.again - 1) % n
	}
	return (p.here-first+n)%n + 1, n
}

// Many tells whether there are more places than are counted.
func (p *Pager) Many() bool { return len(p.places) >= maxPlaces }

// Searching tells whether there is a text to find.
func (p *Pager) Searching() bool { return p.match != nil }

// show scrolls so that the i-th place is seen, a third down where it was not.
func (p *Pager) show(i int) {
	p.here = i
	if h := p.places[i]; h.line < p.top || h.line >= p.top+p.page {
		p.GoTo(h.line - p.page/3)
	}
}

func (p *Pager) hits(line int) []hit {
	if p.match == nil {
		return nil
	}
	var b strings.Builder
	for _, s := range p.lines.Line(line) {
		b.WriteString(s.Text)
	}
	var out []hit
	for _, at := range p.match(b.String()) {
		out = append(out, hit{line, at[0], at[1]})
	}
	return out
}

// findAll is where want stands in text.
func findAll(text string, want []rune) (out [][2]int) {
	for at := 0; at < len(text); {
		from, to := find(text, at, want)
		if from < 0 {
			break
		}
		out = append(out, [2]int{from, to})
		at = to
	}
	return out
}

// find is where want stands in text behind at, in bytes; -1: nowhere.
func find(text string, at int, want []rune) (from, to int) {
	for from = at; from < len(text); {
		to = from
		matched := 0
		for matched < len(want) && to < len(text) {
			r, n := utf8.DecodeRuneInString(text[to:])
			if fold(r) != want[matched] {
				break
			}
			to += n
			matched++
		}
		if matched == len(want) {
			return from, to
		}
		_, n := utf8.DecodeRuneInString(text[from:])
		from += n
	}
	return -1, -1
}

func fold(r rune) rune {
	switch {
	case 'A' <= r && r <= 'Z':
		return r + 'a' - 'A'
	case r < utf8.RuneSelf:
		return r
	}
	return unicode.ToLower(unicode.ToUpper(r))
}

func folded(s string) []rune {
	out := []rune(s)
	for i, r := range out {
		out[i] = fold(r)
	}
	return out
}

// Draw is h lines of w columns from the top, with a mark at the right edge that shows where they are in the whole.
func (p *Pager) Draw(th *theme.Theme, w, h int) []string {
	p.page = h
	p.Scroll(0)
	bar := p.len() > h && w > 20
	if bar {
		w--
	}
	first, last := p.thumb(h)
	out := make([]string, 0, h)
	for y := range h {
		line := ""
		if i := p.top + y; i < p.len() {
			line = p.draw(th, i)
		}
		line = width.Fit(line, w)
		if from, to, ok := p.Selected(); ok && p.top+y >= from && p.top+y < to {
			line = th.Chosen.Render(ansi.Strip(line))
		}
		if bar {
			mark := " "
			if y >= first && y <= last {
				mark = th.Dim.Render("▕")
			}
			line += mark
		}
		out = append(out, line)
	}
	return out
}

// thumb is the rows of the mark.
func (p *Pager) thumb(h int) (first, last int) {
	n := max(1, p.len())
	first = p.top * h / n
	if p.AtEnd() {
		return max(0, h-max(1, h*h/n)), h - 1
	}
	return first, first + max(0, h*h/n-1)
}

// draw is one line with what was found in it marked.
func (p *Pager) draw(th *theme.Theme, i int) string {
	pieces := p.lines.Line(i)
	hits := p.hits(i)
	var b strings.Builder
	at := 0
	for _, s := range pieces {
		end := at + len(s.Text)
		for len(hits) > 0 && hits[0].from < end {
			h := hits[0]
			from, to := max(h.from, at), min(h.to, end)
			b.WriteString(render(s.Style, s.Text[len(s.Text)-(end-at):len(s.Text)-(end-from)]))
			style := th.Found
			if p.here >= 0 && h == p.places[p.here] {
				style = th.FoundHere
			}
			b.WriteString(render(style, s.Text[len(s.Text)-(end-from):len(s.Text)-(end-to)]))
			at = to
			if h.to > end { // goes on in the next piece
				break
			}
			hits = hits[1:]
		}
		b.WriteString(render(s.Style, s.Text[len(s.Text)-(end-at):]))
		at = end
	}
	return b.String()
}

func render(s theme.Style, text string) string {
	if text == "" {
		return ""
	}
	return s.Render(text)
}
