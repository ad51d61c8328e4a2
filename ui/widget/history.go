package widget

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// editKind tells which changes of the text belong together for Undo.
type editKind int

const (
	noKind editKind = iota
	typed
	erased
	pasted    // never joined with another change
	wholeText // replaced as a whole
)

// change is one step of Undo: at from, removed was replaced by inserted.
type change struct {
	kind     editKind
	from     place
	removed  string
	inserted string
	cursor   place // where the cursor stood before
}

// history is what can be undone and done again.
type history struct {
	done, undone []change
	size         int  // bytes held by done
	closed       bool // the next change starts a step of its own
}

// Bounds on what Undo holds.
const (
	maxSteps = 2000
	maxBytes = 32 << 20
)

// stop ends the step that typing goes into.
func (h *history) stop() { h.closed = true }

// record adds a change, as a part of the last one where the two are one act of typing.
func (h *history) record(c change) {
	h.undone = nil
	if n := len(h.done); n > 0 && !h.closed && h.done[n-1].join(c) {
		h.size += len(c.removed) + len(c.inserted)
		return
	}
	h.closed = false
	h.done = append(h.done, c)
	h.size += len(c.removed) + len(c.inserted)
	for len(h.done) > 1 && (len(h.done) > maxSteps || h.size > maxBytes) {
		h.size -= len(h.done[0].removed) + len(h.done[0].inserted)
		h.done = slices.Delete(h.done, 0, 1)
	}
}

// join makes c a part of d where c goes on with it: letters of one word with the spaces behind it, or characters
// erased in a row.
func (d *change) join(c change) bool {
	if d.kind != c.kind {
		return false
	}
	switch c.kind {
	case typed:
		if c.removed != "" || d.end() != c.from || strings.HasSuffix(d.inserted, "\n") || startsWord(d.inserted, c.inserted) {
			return false
		}
		d.inserted += c.inserted
		return true
	case erased:
		if d.inserted != "" || c.inserted != "" {
			return false
		}
		switch d.from {
		case c.from: // forward
			d.removed += c.removed
			return true
		case c.removedEnd(): // backward
			d.from, d.removed = c.from, c.removed+d.removed
			return true
		}
	}
	return false
}

func startsWord(before, next string) bool {
	b, _ := utf8.DecodeLastRuneInString(before)
	n, _ := utf8.DecodeRuneInString(next)
	return unicode.IsSpace(b) && !unicode.IsSpace(n)
}

// end is the place behind the inserted text.
func (d change) end() place { return behind(d.from, d.inserted) }

// removedEnd is the place where the removed text ended.
func (d change) removedEnd() place { return behind(d.from, d.removed) }

// behind is the place at the end of s when it starts at p.
func behind(p place, s string) place {
	if i := strings.LastIndexByte(s, '\n'); i >= 0 {
		return place{p.line + strings.Count(s, "\n"), len(s) - i - 1}
	}
	return place{p.line, p.at + len(s)}
}

// slice is the text between two places.
func (t *Text) slice(from, to place) string {
	if from.line == to.line {
		return t.lines[from.line].text[from.at:to.at]
	}
	n := to.at + 1
	for _, l := range t.lines[from.line:to.line] {
		n += len(l.text) + 1
	}
	var b strings.Builder
	b.Grow(n)
	b.WriteString(t.lines[from.line].text[from.at:])
	for i := from.line + 1; i < to.line; i++ {
		b.WriteByte('\n')
		b.WriteString(t.lines[i].text)
	}
	b.WriteByte('\n')
	b.WriteString(t.lines[to.line].text[:to.at])
	return b.String()
}

// edit replaces what is between two places by s, puts the cursor behind it, and remembers how to undo it. It and
// put are the only ways in which the text changes.
func (t *Text) edit(kind editKind, from, to place, s string) {
	if from == to && s == "" {
		return
	}
	t.record(change{kind: kind, from: from, removed: t.slice(from, to), inserted: s, cursor: t.at})
	t.put(from, to, s)
	t.moveTo(behind(from, s))
}

// put replaces what is between two places by s.
func (t *Text) put(from, to place, s string) {
	t.joined = ""
	if p := &t.lines[from.line]; from.line == to.line && !strings.Contains(s, "\n") {
		before := t.indent(from.line, 1)
		p.text = p.text[:from.at] + s + p.text[to.at:]
		if p.rows != nil && p.w == t.w && t.indent(from.line, 1) == before {
			p.rows = rewrap(p.text, max(1, t.w-1), before, p.rows, from.at, to.at, len(s))
		} else {
			p.rows = nil
		}
		return
	}
	fresh := paragraphs(s)
	first, last, n := t.lines[from.line], t.lines[to.line], len(fresh)-1
	head, tail := len(fresh[0].text), len(fresh[n].text)
	fresh[0].text = first.text[:from.at] + fresh[0].text
	fresh[n].text += last.text[to.at:]
	if n > 0 {
		fresh[0].follow(first, t.w, from.at, len(first.text), head)
		fresh[n].follow(last, t.w, 0, to.at, tail)
	} else {
		fresh[0].follow(first.with(last, from.at, to.at), t.w, from.at, from.at, head)
	}
	t.lines = slices.Replace(t.lines, from.line, to.line+1, fresh...)
}

// with is p up to an offset and what is behind one of next, as far as is known where their rows start.
func (p paragraph) with(next paragraph, from, to int) paragraph {
	p.rows = slices.Clone(p.rows[:sort.SearchInts(p.rows, from+1)])
	if next.w == p.w && quotePrefix(next.text) == "" {
		for _, start := range next.rows[sort.SearchInts(next.rows, to+1):] {
			p.rows = append(p.rows, start-to+from)
		}
	}
	return p
}

// follow takes over what is known of where rows start from the paragraph that p was before what stood between two offsets
// became n bytes. Those of quotes, which are indented, are made anew.
func (p *paragraph) follow(old paragraph, w, from, to, n int) {
	if old.rows != nil && old.w == w && quotePrefix(old.text) == "" && quotePrefix(p.text) == "" {
		p.rows, p.w = rewrap(p.text, max(1, w-1), 0, old.rows, from, to, n), w
	}
}

// Undo takes the last step back; false: there is none.
func (t *Text) Undo() bool {
	n := len(t.done)
	if n == 0 {
		return false
	}
	c := t.done[n-1]
	t.done, t.undone = t.done[:n-1], append(t.undone, c)
	t.size -= len(c.removed) + len(c.inserted)
	t.put(c.from, c.end(), c.removed)
	t.moveTo(c.cursor)
	t.stop()
	return true
}

// Redo does again what was undone last; false: there is nothing.
func (t *Text) Redo() bool {
	n := len(t.undone)
	if n == 0 {
		return false
	}
	c := t.undone[n-1]
	t.undone, t.done = t.undone[:n-1], append(t.done, c)
	t.size += len(c.removed) + len(c.inserted)
	t.put(c.from, c.removedEnd(), c.inserted)
	t.moveTo(c.end())
	t.stop()
	return true
}
