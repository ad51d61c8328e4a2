package widget

import (
	"posthorn/ui/theme"
	"posthorn/ui/width"
)

// Selected tells whether some of the text is selected.
func (f *Field) Selected() bool { return f.mark != nil && *f.mark != f.at }

// selection is what is selected, as offsets; both are the cursor's where nothing is.
func (f *Field) selection() (from, to int) {
	if f.mark == nil {
		return f.at, f.at
	}
	return min(f.at, *f.mark), max(f.at, *f.mark)
}

// Selection is the selected text.
func (f *Field) Selection() string {
	from, to := f.selection()
	return f.text[from:to]
}

// SelectAll selects all of the text.
func (f *Field) SelectAll() { f.selectFrom(0, len(f.text)) }

// Deselect leaves the cursor where it is and nothing selected.
func (f *Field) Deselect() { f.mark = nil }

func (f *Field) selectFrom(mark, at int) {
	f.mark, f.at, f.run = &mark, at, noKind
}

// Copy is the selected text, which ctrl+y then brings, too. A password is not copied.
func (f *Field) Copy() string {
	if !f.Mask {
		f.kept().Text = f.Selection()
	}
	return f.kept().Text
}

// Cut is Copy, and takes the text out.
func (f *Field) Cut() string {
	s := f.Copy()
	f.insert(pasted, "")
	return s
}

// overwrite is what a key does to selected text before, or instead of, what it does otherwise; false: nothing.
func (f *Field) overwrite(e edit, text string) bool {
	switch e {
	case insert:
		f.insert(typed, text)
	case yank:
		f.insert(pasted, f.kept().Text)
	case backspace, deleteNext:
		f.insert(pasted, "")
	case killWordLeft:
		f.Cut()
	default:
		return false
	}
	return true
}

// Click puts the cursor at a column of the field as drawn last. Extending, what is selected reaches from where it began
// to there.
func (f *Field) Click(column int, extend bool) {
	mark := f.at
	if f.mark != nil {
		mark = *f.mark
	}
	at := f.point(column)
	if !extend {
		mark = at
	}
	f.selectFrom(mark, at)
}

// ClickWord selects the word at a column.
func (f *Field) ClickWord(column int) { f.selectFrom(wordAround(f.text, f.point(column))) }

// DragTo selects from what was clicked to a column.
func (f *Field) DragTo(column int) { f.Click(column, true) }

// point is the offset at a column of the field as drawn last.
func (f *Field) point(column int) (at int) {
	text := f.text
	if f.Mask {
		text, _ = f.dots(0)
	}
	passed := 0
	for rest := f.scroll + column; passed < len(text); at = nextChar(f.text, at) {
		c, n := width.First(text[passed:])
		if rest -= n; rest < 0 {
			break
		}
		passed += max(1, len(c))
	}
	return at
}

// Show is Draw in the theme's colours, with what is selected marked.
func (f *Field) Show(th *theme.Theme, w int) (line string, cursor int) {
	from, to := f.selection()
	return f.Mark(th.Field, th.Chosen, from, to, w)
}

// Mark is Draw in one style, and between two offsets in another.
func (f *Field) Mark(style, marked theme.Style, from, to, w int) (line string, cursor int) {
	line, cursor = f.Draw(w)
	a, b := f.column(from, w), f.column(to, w)
	if a == b {
		return style.Render(line), cursor
	}
	rest := width.Skip(line, a)
	return style.Render(width.Clip(line, a)) + marked.Render(width.Clip(rest, b-a)) + style.Render(width.Skip(rest, b-a)), cursor
}

// column is where an offset stands in the w columns drawn last.
func (f *Field) column(at, w int) int {
	text := f.text
	if f.Mask {
		text, at = f.dots(at)
	}
	return max(0, min(width.Of(text[:at])-f.scroll, w))
}
