package widget

import (
	"posthorn/ui/theme"
)

// Selected tells whether some of the text is selected.
func (t *Text) Selected() bool { return t.mark != nil && *t.mark != t.at }

// selection is what is selected, in the order of the text.
func (t *Text) selection() (from, to place, some bool) {
	if !t.Selected() {
		return t.at, t.at, false
	}
	if t.at.before(*t.mark) {
		return t.at, *t.mark, true
	}
	return *t.mark, t.at, true
}

// before tells whether p comes before q in the text.
func (p place) before(q place) bool { return p.line < q.line || p.line == q.line && p.at < q.at }

// Selection is the selected text.
func (t *Text) Selection() string {
	from, to, _ := t.selection()
	return t.slice(from, to)
}

// SelectAll selects the whole text, with the cursor at its end.
func (t *Text) SelectAll() {
	t.stop()
	t.mark = &place{}
	t.moveTo(t.end())
}

// Deselect leaves the cursor where it is and nothing selected.
func (t *Text) Deselect() { t.mark = nil }

// Copy is the selected text, which ctrl+y then brings, too.
func (t *Text) Copy() string {
	t.killed.Text, t.killing = t.Selection(), false
	return t.killed.Text
}

// Cut is Copy, and takes the text out.
func (t *Text) Cut() string {
	s := t.Copy()
	t.replace(pasted, "")
	return s
}

// replace puts s, which comes from outside, in place of what is selected, or where the cursor is.
func (t *Text) replace(kind editKind, s string) {
	from, to, _ := t.selection()
	t.mark = nil
	t.edit(kind, from, to, clean(t.lines[from.line].text[:from.at], s))
}

// overwrite is what a key does to selected text before, or instead of, what it does otherwise; false: nothing.
func (t *Text) overwrite(e edit, text string) bool {
	switch e {
	case insert:
		t.replace(typed, text)
	case yank:
		t.replace(pasted, t.killed.Text)
	case backspace, deleteNext:
		t.replace(pasted, "")
	case killWordLeft: // as in every shell and editor that knows regions
		t.Cut()
	case newline:
		t.replace(pasted, "\n")
	default:
		return false
	}
	return true
}

// paint is the row of a paragraph between two offsets in exactly w columns; what is selected of it stands out, and so
// does a line's end.
func (t *Text) paint(th *theme.Theme, style theme.Style, line, from, to, w int) string {
	text := t.lines[line].text
	a, b, end := to, to, 0
	if first, last, some := t.selection(); some {
		row, next := place{line, from}, place{line, to}
		a, b = overlap(row, next, first, last)
		if to == len(text) && !next.before(first) && next.before(last) {
			end = 1
		}
	}
	before, used := fill(text[from:a], 0, w)
	chosen, used := fill(text[a:b], used, w)
	after, used := fill(text[b:to], used, w)
	chosen += spaces(min(end, w-used))
	out := style.Render(before)
	if chosen != "" {
		out += th.Chosen.Render(chosen)
	}
	return out + style.Render(after+spaces(w-used-end))
}

// overlap is the part of a row, as offsets, that lies between first and last.
func overlap(from, to, first, last place) (a, b int) {
	switch {
	case !from.before(last), !first.before(to):
		return to.at, to.at
	case from.before(first):
		a = first.at
	default:
		a = from.at
	}
	if last.before(to) {
		return a, last.at
	}
	return a, to.at
}
