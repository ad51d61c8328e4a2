package pager

import (
	"fmt"
	"slices"
	"strings"

	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/ui/widget"
)

// folded is a passage of a page's lines that can be hidden behind one.
type folded struct {
	body.Fold // From and To count the page's lines
	instead   []piece
}

// folds finds the passages of a document whose lines begin the page's lines at starts.
func (g *page) folds(doc *body.Document, starts []int, opt body.Options) {
	for _, f := range doc.Folds() {
		n := f.To - f.From
		f.From, f.To = starts[f.From], starts[f.To]
		words := fmt.Sprintf("▸ %d quoted lines", n)
		if f.Author != "" {
			words = fmt.Sprintf("▸ %d lines of %s", n, mail.Line(f.Author))
		}
		line := g.styles.bodyLine(body.Line{Kind: body.Quote, Quote: f.Quote, Spans: []body.Span{{Text: words, Style: body.Dim}}}, nil, opt)
		g.foldable = append(g.foldable, folded{f, line[0]})
	}
}

// view is the lines of a page with what is folded left out.
type view struct {
	*page
	rows []int // the page's line in each row, or one less than the negative number of a fold; nil: all lines
}

// folding is which passages are hidden.
type folding struct {
	all    bool
	opened map[int]bool // but for these
}

func (f folding) hides(id int) bool { return f.all && !f.opened[id] }

func (f folding) view(g *page) view {
	v := view{page: g}
	if !f.all || len(g.foldable) == 0 {
		return v
	}
	at := 0
	for i, passage := range g.foldable {
		if !f.hides(passage.ID) {
			continue
		}
		for ; at < passage.From; at++ {
			v.rows = append(v.rows, at)
		}
		v.rows = append(v.rows, -i-1)
		at = passage.To
	}
	for ; at < len(g.lines); at++ {
		v.rows = append(v.rows, at)
	}
	return v
}

// Len is the number of rows.
func (v view) Len() int {
	if v.rows == nil {
		return v.page.Len()
	}
	return len(v.rows) + v.tail.size()
}

// head is the number of rows above the tail.
func (v view) head() int {
	if v.rows == nil {
		return len(v.lines)
	}
	return len(v.rows)
}

// Line is what stands in a row.
func (v view) Line(i int) []widget.Styled { return v.styles.line(v.pieces(i)) }

func (v view) pieces(i int) []piece {
	if v.rows != nil && i < len(v.rows) && v.rows[i] < 0 {
		return v.foldable[-v.rows[i]-1].instead
	}
	return v.page.pieces(v.line(i))
}

// line is the page's line in a row.
func (v view) line(row int) int {
	switch {
	case v.rows == nil:
		return row
	case row >= len(v.rows):
		return row - len(v.rows) + len(v.lines)
	case v.rows[row] < 0:
		return v.foldable[-v.rows[row]-1].From
	}
	return v.rows[row]
}

// row is where a line of the page is seen, or the fold that hides it.
func (v view) row(line int) int {
	if v.rows == nil {
		return line
	}
	if line >= len(v.lines) {
		return line - len(v.lines) + len(v.rows)
	}
	row, _ := slices.BinarySearchFunc(v.rows, line, func(r, line int) int {
		if r < 0 {
			return v.foldable[-r-1].To - 1 - line
		}
		return r - line
	})
	return row
}

// refold shows the page anew after a change of what is folded; the line at the top stays there.
func (p *Pager) refold(change func()) {
	top := p.view.line(p.text.At())
	change()
	p.view = p.folding.view(p.page)
	p.text.Set(p.view, true)
	p.text.GoTo(p.view.row(top))
}

// foldAll folds everything that can be, or unfolds it.
func (p *Pager) foldAll() {
	if p.page == nil || len(p.page.foldable) == 0 {
		p.env.Root.Say("Nothing is quoted here beyond what is answered.")
		return
	}
	p.refold(func() { p.folding = folding{all: !p.folding.all || len(p.folding.opened) > 0} })
}

// unfold opens the first fold on screen.
func (p *Pager) unfold() {
	for row := p.text.At(); row < min(len(p.view.rows), p.text.At()+p.text.Page()); row++ {
		if r := p.view.rows[row]; r < 0 {
			p.refold(func() { p.folding = p.folding.but(p.page.foldable[-r-1].ID) })
			return
		}
	}
	p.env.Root.Say("Nothing is folded here.")
}

// but is f with one passage opened.
func (f folding) but(id int) folding {
	opened := map[int]bool{id: true}
	for k := range f.opened {
		opened[k] = true
	}
	return folding{all: f.all, opened: opened}
}

// unfoldFor opens the folds that hide a text.
func (p *Pager) unfoldFor(text string) {
	text = strings.ToLower(text)
	p.unfoldWhere(func(line string) bool { return strings.Contains(strings.ToLower(line), text) })
}

func (p *Pager) unfoldWhere(found func(line string) bool) {
	for _, passage := range p.page.foldable {
		if !p.folding.hides(passage.ID) {
			continue
		}
		for _, line := range p.page.lines[passage.From:passage.To] {
			var b strings.Builder
			for _, piece := range line {
				b.WriteString(piece.text)
			}
			if found(b.String()) {
				p.refold(func() { p.folding = p.folding.but(passage.ID) })
				break
			}
		}
	}
}

// Like takes over how another message was looked at.
func (p *Pager) Like(o *Pager) { p.folding.all = o.folding.all }
