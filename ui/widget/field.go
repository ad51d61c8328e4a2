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
	at     int    // the cursor: byte offset into text
	scroll int    // columns of text left of what is shown
	killed string // what ctrl+y brings back
}

// Text is what was typed.
func (f *Field) Text() string { return f.text }

// At is the cursor's byte offset into Text.
func (f *Field) At() int { return f.at }

// Goto puts the cursor at a byte offset into Text.
func (f *Field) Goto(at int) { f.at = min(at, len(f.text)) }

// Set replaces the text and puts the cursor behind it.
func (f *Field) Set(s string) {
	f.text = f.oneLine("", s)
	f.at, f.scroll = len(f.text), 0
}

// Replace puts s in place of the bytes from from to to, and the cursor behind it.
func (f *Field) Replace(from, to int, s string) {
	s = f.oneLine(f.text[:from], s)
	f.text = f.text[:from] + s + f.text[to:]
	f.at = from + len(s)
}

// oneLine makes s fit to stand behind before. A password is kept as it is, but for line ends.
func (f *Field) oneLine(before, s string) string {
	if !f.Mask {
		s = clean(before, s)
	}
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(s)
}

// Paste inserts s at the cursor.
func (f *Field) Paste(s string) {
	if f.Mask {
		s = strings.TrimRight(s, "\r\n")
	} else {
		s = mail.Line(s)
	}
	f.Replace(f.at, f.at, s)
}

// Type takes a key and tells whether the text changed.
func (f *Field) Type(k tea.KeyPressMsg) (changed bool) {
	before := f.text
	switch editFor(k) {
	case insert:
		f.Replace(f.at, f.at, k.Text)
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
	case backspace:
		f.Replace(prevChar(f.text, f.at), f.at, "")
	case deleteNext:
		at := f.at
		f.Replace(at, nextChar(f.text, at), "")
	case killWordLeft:
		f.kill(f.prevWord(), f.at)
	case killWordRight:
		f.kill(f.at, nextWord(f.text, f.at))
	case killStart:
		f.kill(0, f.at)
	case killEnd:
		f.kill(f.at, len(f.text))
	case yank:
		f.Replace(f.at, f.at, f.killed)
	}
	return f.text != before
}

func (f *Field) kill(from, to int) {
	if from < to && !f.Mask {
		f.killed = f.text[from:to]
	}
	f.Replace(from, to, "")
}

// prevWord does not tell where the words of a password are.
func (f *Field) prevWord() int {
	if f.Mask {
		return 0
	}
	return prevWord(f.text, f.at)
}

// Ask is Draw in the theme's colours, with what to type in its place while the field is empty.
func (f *Field) Ask(th *theme.Theme, placeholder string, w int) (line string, cursor int) {
	line, cursor = f.Draw(w)
	if f.text == "" {
		return th.Placeholder.Render(width.Fit(placeholder, w)), cursor
	}
	return th.Field.Render(line), cursor
}

// Draw is the field in exactly w columns, and the column of the cursor.
func (f *Field) Draw(w int) (line string, cursor int) {
	text, at := f.text, f.at
	if f.Mask {
		text, at = f.dots()
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

// Point puts the cursor at a column of the field as drawn last.
func (f *Field) Point(column int) {
	text := f.text
	if f.Mask {
		text, _ = f.dots()
	}
	at, passed := 0, 0
	for rest := f.scroll + column; passed < len(text); at = nextChar(f.text, at) {
		c, n := width.First(text[passed:])
		if rest -= n; rest < 0 {
			break
		}
		passed += max(1, len(c))
	}
	f.at = at
}

func (f *Field) dots() (text string, at int) {
	const dot = "•"
	n := 0
	for i := 0; i < len(f.text); i = nextChar(f.text, i) {
		if n++; i < f.at {
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
