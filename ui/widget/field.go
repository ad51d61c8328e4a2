package widget

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/theme"
	"posthorn/ui/width"
)

// Field is a one-line input. The zero value is an empty one.
type Field struct {
	Mask bool // show dots for the characters, as for a password

	text   string
	at     int     // the cursor: byte offset into text
	mark   *int    // the other end of the selection; nil: nothing is selected
	scroll int     // columns of text left of what is shown
	killed *Killed // nil: nothing was killed
	past
}

// Text is what was typed.
func (f *Field) Text() string { return f.text }

// At is the cursor's byte offset into Text.
func (f *Field) At() int { return f.at }

// Goto puts the cursor at a byte offset into Text.
func (f *Field) Goto(at int) { f.at, f.mark, f.run = min(at, len(f.text)), nil, noKind }

// Set replaces the text as if the field were new, and puts the cursor behind it.
func (f *Field) Set(s string) {
	*f = Field{Mask: f.Mask, killed: f.killed, text: f.oneLine("", s)}
	f.at = len(f.text)
}

// Change is Set, as one step for Undo.
func (f *Field) Change(s string) {
	f.Replace(0, len(f.text), s)
	f.scroll = 0
}

// Replace puts s in place of the bytes from from to to, and the cursor behind it.
func (f *Field) Replace(from, to int, s string) { f.put(pasted, from, to, s) }

// put is Replace as a change of a kind. It, Set and undoing are the only ways in which the text changes.
func (f *Field) put(kind editKind, from, to int, s string) {
	before := shot{f.text, f.at}
	s = f.oneLine(f.text[:from], s)
	f.text = f.text[:from] + s + f.text[to:]
	f.at, f.mark = from+len(s), nil
	f.note(before, kind)
}

// insert puts s in place of what is selected, or where the cursor is.
func (f *Field) insert(kind editKind, s string) {
	from, to := f.selection()
	f.put(kind, from, to, s)
}

// oneLine makes s fit to stand behind before. A password is kept as it is, but for line ends.
func (f *Field) oneLine(before, s string) string {
	if !f.Mask {
		s = clean(before, s)
	}
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(s)
}

// Paste inserts s at the cursor, in place of what is selected.
func (f *Field) Paste(s string) {
	if f.Mask {
		s = strings.TrimRight(s, "\r\n")
	} else {
		s = mail.Line(s)
	}
	f.insert(pasted, s)
}

// Type takes a key and tells whether the text changed.
func (f *Field) Type(k tea.KeyPressMsg) (changed bool) {
	before := f.text
	switch e := editFor(k); {
	case e.moves():
		f.move(e, k.Mod&tea.ModShift != 0)
	case e != noEdit && (!f.Selected() || !f.overwrite(e, k.Text)):
		f.mark = nil
		f.change(e, k.Text)
	}
	return f.text != before
}

// change is what a key does to the text where nothing is selected.
func (f *Field) change(e edit, text string) {
	switch e {
	case insert:
		f.insert(typed, text)
	case backspace:
		f.put(erased, prevChar(f.text, f.at), f.at, "")
	case deleteNext:
		f.put(erased, f.at, nextChar(f.text, f.at), "")
	case killWordLeft:
		f.kill(f.prevWord(), f.at)
	case killWordRight:
		f.kill(f.at, nextWord(f.text, f.at))
	case killStart:
		f.kill(0, f.at)
	case killEnd:
		f.kill(f.at, len(f.text))
	case yank:
		f.insert(pasted, f.kept().Text)
	}
}

// move moves the cursor; selecting leaves the other end of the selection where it is.
func (f *Field) move(e edit, selecting bool) {
	from, to := f.selection()
	f.run = noKind
	switch {
	case selecting && f.mark == nil:
		at := f.at
		f.mark = &at
	case !selecting && from < to && e == left:
		f.Goto(from)
		return
	case !selecting && from < to && e == right:
		f.Goto(to)
		return
	case !selecting:
		f.mark = nil
	}
	switch e {
	case left:
		f.at = prevChar(f.text, f.at)
	case right:
		f.at = nextChar(f.text, f.at)
	case wordLeft:
		f.at = f.prevWord()
	case wordRight:
		f.at = nextWord(f.text, f.at)
	case home, top:
		f.at = 0
	case end, bottom:
		f.at = len(f.text)
	}
}

func (f *Field) kill(from, to int) {
	if from < to && !f.Mask {
		f.kept().Text = f.text[from:to]
	}
	f.put(pasted, from, to, "")
}

// prevWord does not tell where the words of a password are.
func (f *Field) prevWord() int {
	if f.Mask {
		return 0
	}
	return prevWord(f.text, f.at)
}

// Ask is Show with what to type in its place while the field is empty.
func (f *Field) Ask(th *theme.Theme, placeholder string, w int) (line string, cursor int) {
	if line, cursor = f.Show(th, w); f.text == "" {
		return th.Placeholder.Render(width.Fit(placeholder, w)), cursor
	}
	return line, cursor
}

// Draw is the field in exactly w columns, and the column of the cursor.
func (f *Field) Draw(w int) (line string, cursor int) {
	text, at := f.text, f.at
	if f.Mask {
		text, at = f.dots(at)
	}
	column := width.Of(text[:at])
	if room := max(1, w-2); column-f.scroll > room { // the last column may be …
		f.scroll = column - room
	}
	if column < f.scroll+3 { // the first may be, too, and a wide character stand behind it
		f.scroll = max(0, column-max(3, w/3))
	}
	if width.Of(text) < w {
		f.scroll = 0
	}
	return window(text, f.scroll, w), min(column-f.scroll, max(0, w-1))
}

// Still is the field in w columns while the keys go elsewhere: from its start.
func (f *Field) Still(w int) string {
	f.scroll = 0
	return width.Fit(f.text, w)
}

// dots are what stands for a password, and the offset in them that stands for one of the text.
func (f *Field) dots(offset int) (text string, at int) {
	const dot = "•"
	n := 0
	for i := 0; i < len(f.text); i = nextChar(f.text, i) {
		if n++; i < offset {
			at = n * len(dot)
		}
	}
	return strings.Repeat(dot, n), at
}

// window is w columns of s behind the first skip; … stands where more follows on either side.
func window(s string, skip, w int) string {
	if w <= 0 {
		return ""
	}
	var b strings.Builder
	column := 0
	for s != "" && column < skip {
		c, n := width.First(s)
		s, column = s[len(c):], column+n
	}
	used := column - skip // a wide character cut in half leaves a space
	b.WriteString(strings.Repeat(" ", used))
	if skip > 0 && s != "" {
		c, n := width.First(s)
		if used == 0 {
			b.WriteString("…" + strings.Repeat(" ", max(0, n-1)))
			used, s = max(1, n), s[len(c):]
		} else {
			b.Reset()
			b.WriteString("…")
			used = 1
		}
	}
	if width.Of(s) <= w-used {
		b.WriteString(s)
		return width.Fit(b.String(), w)
	}
	return b.String() + width.Fit(width.Cut(s, w-used), w-used)
}
