package pager

import (
	"context"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail/body"
	"posthorn/ui/screen"
)

// tail is the lines of a long message beyond those of its page. Only how many each block has is kept, and the blocks
// seen last; the others are laid out again when they are looked at.
type tail struct {
	rest   *body.Rest
	opt    body.Options
	first  int   // the first block that is not among the page's lines
	starts []int // where blocks begin, of those that were counted, and where the next one does
	kept   []block
}

// block is the lines of one.
type block struct {
	number int
	lines  [][]piece
}

const (
	countedAtOnce = 64 // blocks between two looks at what else there is to do
	keptBlocks    = 4
)

func newTail(rest *body.Rest, opt body.Options) *tail {
	return &tail{rest: rest, opt: opt, first: rest.Known(), starts: []int{0}}
}

// size is how many lines are known.
func (t *tail) size() int {
	if t == nil {
		return 0
	}
	return t.starts[len(t.starts)-1]
}

// counting tells whether there are more lines than are known.
func (t *tail) counting() bool { return t != nil && t.first+len(t.starts)-1 < t.rest.Len() }

// counted is how many blocks were, in percent.
func (t *tail) counted() int { return 100 * (t.first + len(t.starts) - 1) / t.rest.Len() }

// line is the i-th of the lines.
func (t *tail) line(st styles, links []body.Link, i int) []piece {
	n, found := slices.BinarySearch(t.starts, i)
	for found && n+1 < len(t.starts) && t.starts[n+1] == i { // an empty block
		n++
	}
	if !found {
		n--
	}
	at := slices.IndexFunc(t.kept, func(b block) bool { return b.number == n })
	if at < 0 {
		if len(t.kept) == keptBlocks {
			t.kept = t.kept[1:]
		}
		at = len(t.kept)
		t.kept = append(t.kept, block{n, t.layout(st, links, t.first+n)})
	}
	if lines := t.kept[at].lines; i-t.starts[n] < len(lines) {
		return lines[i-t.starts[n]]
	}
	return nil
}

func (t *tail) layout(st styles, links []body.Link, n int) [][]piece {
	var out [][]piece
	for _, l := range t.rest.Lines(n) {
		out = append(out, st.bodyLine(l, links, t.opt)...)
	}
	return out
}

// indexed is what was counted.
type indexed struct {
	sizes []int
	links []body.Link
}

// index counts the next blocks, off the event loop.
func (p *Pager) index() tea.Cmd {
	t, st, from := p.page.tail, p.page.styles, len(p.page.tail.starts)-1
	return screen.Load(p.env, p, p.indexing.Next(), func(ctx context.Context) (any, error) {
		var out indexed
		for n := t.first + from; n < t.rest.Len() && len(out.sizes) < countedAtOnce && ctx.Err() == nil; n++ {
			out.sizes = append(out.sizes, len(t.layout(st, nil, n)))
		}
		out.links = t.rest.Links()
		return out, ctx.Err()
	})
}

// grow adds what was counted, and goes on where there is more.
func (p *Pager) grow(v indexed) tea.Cmd {
	t := p.page.tail
	for _, n := range v.sizes {
		t.starts = append(t.starts, t.size()+n)
	}
	p.page.links = v.links
	if hyperlinks() {
		p.page.styles.click = clickable(v.links)
	}
	p.restore()
	if t.counting() && len(v.sizes) > 0 {
		if p.text.Searching() {
			p.look()
		}
		return p.index()
	}
	if p.toEnd {
		p.toEnd = false
		p.text.Bottom()
	}
	return p.look()
}

// reading is how far the lines are counted.
func (t *tail) reading() string { return fmt.Sprintf("Reading on … %d%%", t.counted()) }

// place is where somebody read in a long message, whatever its width.
type place struct{ block, line, of int }

// place is that of the line at the top; nil: the page has it.
func (p *Pager) place() *place {
	if p.page == nil || p.page.tail == nil {
		return nil
	}
	t, at := p.page.tail, p.text.At()-p.view.head()
	if at < 0 {
		return nil
	}
	n, found := slices.BinarySearch(t.starts, at)
	if !found {
		n--
	}
	if n+1 >= len(t.starts) {
		return nil
	}
	return &place{n, at - t.starts[n], t.starts[n+1] - t.starts[n]}
}

// restore goes back to where somebody read at another width, once that is counted.
func (p *Pager) restore() {
	b, t := p.back, p.page.tail
	if b == nil || b.block+1 >= len(t.starts) {
		return
	}
	size := t.starts[b.block+1] - t.starts[b.block]
	p.text.GoTo(p.view.head() + t.starts[b.block] + b.line*size/max(1, b.of))
	p.back = nil
}
