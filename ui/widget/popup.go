package widget

import (
	"posthorn/ui/theme"
	"posthorn/ui/width"
)

// Choice is one line of a completion list.
type Choice struct {
	Text   string // what is taken
	Detail string // shown dimly beside it; may be empty
}

// Popup is a short list of completions beneath an input line. The zero value shows nothing.
type Popup struct {
	choices []Choice
	at      int // the choice under the cursor; -1: none
	first   int // the choice in the first row, as drawn last
}

// Show puts up choices; first tells whether the first is under the cursor at once.
func (p *Popup) Show(choices []Choice, first bool) {
	p.choices, p.at = choices, -1
	if first {
		p.at = 0
	}
}

// Hide takes the list away.
func (p *Popup) Hide() { p.choices = nil }

// Open tells whether there is something to choose.
func (p *Popup) Open() bool { return len(p.choices) > 0 }

// Choices are those on show.
func (p *Popup) Choices() []Choice { return p.choices }

// Move goes n choices down, or up when n is negative; past either end it starts over.
func (p *Popup) Move(n int) {
	if k := len(p.choices); k > 0 {
		if p.at < 0 && n < 0 {
			p.at = 0
		}
		p.at = ((p.at+n)%k + k) % k
	}
}

// Point puts the cursor on the choice in a row as drawn last; false: there is none.
func (p *Popup) Point(row int) bool {
	if i := p.first + row; row >= 0 && i < len(p.choices) {
		p.at = i
		return true
	}
	return false
}

// Chosen is the choice under the cursor.
func (p *Popup) Chosen() (Choice, bool) {
	if p.at < 0 || p.at >= len(p.choices) {
		return Choice{}, false
	}
	return p.choices[p.at], true
}

// Rows are at most h lines of w columns with the chosen one among them; label turns a text into what is shown.
func (p *Popup) Rows(th *theme.Theme, w, h int, label func(string) string) []string {
	p.first = Scroll(0, p.at, len(p.choices), h)
	var out []string
	for i := p.first; i < len(p.choices) && len(out) < h; i++ {
		out = append(out, Row(th, label(p.choices[i].Text), p.choices[i].Detail, nil, w, i == p.at))
	}
	return out
}

// Wide is the number of columns that shows every choice whole.
func (p *Popup) Wide() int {
	n := 0
	for _, c := range p.choices {
		k := width.Of(c.Text) + 2
		if c.Detail != "" {
			k += width.Of(c.Detail) + 2
		}
		n = max(n, k)
	}
	return n
}

// Scroll is the first of n lines to show in a window of h lines that showed first at its top, so that line at is seen.
func Scroll(first, at, n, h int) int {
	if at >= 0 {
		first = min(first, at)
		first = max(first, at-h+1)
	}
	return max(0, min(first, n-h))
}
