package widget

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Text is an editor for the text of a mail. A paragraph is one line however long, and is shown wrapped; only Enter
// ends one. A key costs the same in a mail of two lines and of two thousand: rows are computed for the paragraphs
// that are looked at, and kept. The zero value is not ready: use NewText.
type Text struct {
	lines []paragraph // never empty
	at    place       // the cursor
	mark  *place      // the other end of the selection; nil: nothing is selected
	goal  int         // column that up and down try to keep; -1: the cursor's own
	w, h  int         // as last drawn

	joined string // what Text last gave; empty: not known

	topLine, topRow int  // what stands at the top of the window
	adrift          bool // the wheel took the window away from the cursor; the next motion or change brings it back
	grip            grip // what the mouse took hold of

	killed  *Killed
	killing bool // the last key killed: the next kill is added to it
	history
}

// place is an offset into the text of a paragraph.
type place struct{ line, at int }

// paragraph is a line of text and where it wraps.
type paragraph struct {
	text string
	rows []int // offsets at which its rows start; the first is 0; nil: not known yet
	w    int   // the width rows were made for
}

// defaultWidth is for moving about before anything was drawn.
const defaultWidth = 80

// NewText is an editor of s with the cursor at its start.
func NewText(s string) *Text {
	t := &Text{w: defaultWidth, h: 24, goal: -1, killed: &Killed{}}
	t.lines = paragraphs(clean("", s))
	return t
}

func paragraphs(s string) []paragraph {
	parts := strings.Split(s, "\n")
	out := make([]paragraph, len(parts))
	for i, p := range parts {
		out[i].text = p
	}
	return out
}

// Text is what was written, paragraphs separated by newlines.
func (t *Text) Text() string {
	if t.joined == "" {
		t.joined = t.slice(place{}, t.end())
	}
	return t.joined
}

// Change replaces the whole text, as one step for Undo, and leaves the cursor as near as it can.
func (t *Text) Change(s string) {
	if s = clean("", s); s == t.Text() {
		return
	}
	at := t.at
	t.edit(wholeText, place{}, t.end(), s)
	t.moveTo(place{min(at.line, len(t.lines)-1), 0})
}

// Paste inserts s at the cursor, in place of what is selected.
func (t *Text) Paste(s string) { t.replace(pasted, s) }

// Goto puts the cursor at an offset of the text, or at its end.
func (t *Text) Goto(offset int) {
	for i, l := range t.lines {
		if offset <= len(l.text) || i == len(t.lines)-1 {
			t.moveTo(place{i, min(offset, len(l.text))})
			return
		}
		offset -= len(l.text) + 1
	}
}

// At is the offset of the cursor in the text.
func (t *Text) At() int {
	n := t.at.at
	for _, l := range t.lines[:t.at.line] {
		n += len(l.text) + 1
	}
	return n
}

func (t *Text) line() string { return t.lines[t.at.line].text }

// Type takes a key. It tells whether the text changed, and whether the key had an effect at all: up on the first
// row has none.
func (t *Text) Type(k tea.KeyPressMsg) (changed, taken bool) {
	e := editFor(k)
	killing := t.killing
	t.killing = false
	if e.moves() {
		return false, t.moveBy(e, k.Mod&tea.ModShift != 0)
	}
	if e == noEdit {
		return false, false
	}
	t.goal = -1
	if t.Selected() && t.overwrite(e, k.Text) {
		return true, true
	}
	t.mark = nil
	switch e {
	case insert:
		t.replace(typed, k.Text)
	case newline:
		t.breakLine()
	case tab:
		column := t.columns(t.at.line, 0, t.at.at)
		t.edit(typed, t.at, t.at, strings.Repeat(" ", tabStop-column%tabStop))
	case backspace:
		t.remove(erased, t.before(t.at), t.at)
	case deleteNext:
		t.remove(erased, t.at, t.after(t.at))
	case killWordLeft:
		t.kill(killing, t.wordBefore(t.at), t.at)
	case killWordRight:
		t.kill(killing, t.at, t.wordAfter(t.at))
	case killStart:
		t.kill(killing, place{t.at.line, 0}, t.at)
	case killEnd:
		to := place{t.at.line, len(t.line())}
		if to == t.at {
			to = t.after(t.at)
		}
		t.kill(killing, t.at, to)
	case yank:
		t.replace(pasted, t.killed.Text)
	}
	return true, true
}

// tabStop is how far apart the columns are that the tab key goes to.
const tabStop = 4

// breakLine starts a new paragraph. In the middle of a quoted line it opens a line of one's own between the two
// halves, and both stay quotes.
func (t *Text) breakLine() {
	line := t.line()
	prefix := quotePrefix(line)
	if prefix == "" || t.at.at <= len(prefix) || t.at.at == len(line) {
		t.edit(typed, t.at, t.at, "\n")
		return
	}
	rest := t.at
	for rest.at < len(line) && line[rest.at] == ' ' {
		rest.at++
	}
	t.edit(pasted, t.at, rest, "\n\n"+prefix)
	t.moveTo(place{t.at.line - 1, 0})
}

func (t *Text) remove(kind editKind, from, to place) {
	if from != to {
		t.edit(kind, from, to, "")
	}
}

func (t *Text) kill(more bool, from, to place) {
	text := t.slice(from, to)
	switch {
	case !more:
		t.killed.Text = text
	case to == t.at:
		t.killed.Text = text + t.killed.Text
	default:
		t.killed.Text += text
	}
	t.killing = true
	t.remove(pasted, from, to)
}

// moveBy moves the cursor; selecting leaves the other end of the selection where it is. false: there is no way further.
func (t *Text) moveBy(e edit, selecting bool) bool {
	t.stop()
	t.adrift = false
	switch from, to, some := t.selection(); {
	case selecting && t.mark == nil:
		at := t.at
		t.mark = &at
	case !selecting && some && (e == left || e == right): // to the end of the selection on that side
		t.mark = nil
		if e == left {
			to = from
		}
		t.moveTo(to)
		return true
	case !selecting:
		t.mark = nil
	}
	switch e {
	case up:
		return t.moveRows(-1) || selecting
	case down:
		t.moveRows(1)
	case pageUp:
		t.moveRows(-max(1, t.h-1))
	case pageDown:
		t.moveRows(max(1, t.h-1))
	default:
		t.moveTo(t.target(e))
	}
	return true
}

// target is where a motion leads that does not go by rows.
func (t *Text) target(e edit) place {
	switch e {
	case left:
		return t.before(t.at)
	case right:
		return t.after(t.at)
	case wordLeft:
		return t.wordBefore(t.at)
	case wordRight:
		return t.wordAfter(t.at)
	case home:
		return t.rowStart()
	case end:
		return t.rowEnd()
	case paragraphUp:
		return t.paragraphBefore(t.at)
	case paragraphDown:
		return t.paragraphAfter(t.at)
	case top:
		return place{}
	case bottom:
		return t.end()
	}
	return t.at
}

// end is the place behind the last character.
func (t *Text) end() place {
	last := len(t.lines) - 1
	return place{last, len(t.lines[last].text)}
}

// paragraphBefore is the start of the paragraph p is in, or of the one before it.
func (t *Text) paragraphBefore(p place) place {
	if p.at > 0 {
		return place{p.line, 0}
	}
	for p.line--; p.line > 0 && (blank(t.lines[p.line].text) || !blank(t.lines[p.line-1].text)); {
		p.line--
	}
	return place{max(0, p.line), 0}
}

// paragraphAfter is the start of the next paragraph, or the end of the text.
func (t *Text) paragraphAfter(p place) place {
	for p.line++; p.line < len(t.lines); p.line++ {
		if blank(t.lines[p.line-1].text) && !blank(t.lines[p.line].text) {
			return place{p.line, 0}
		}
	}
	return t.end()
}

// blank tells whether a line parts paragraphs: there is nothing on it but marks of quotes.
func blank(line string) bool { return strings.Trim(line, "> \t") == "" }

func (t *Text) moveTo(p place) { t.at, t.goal, t.adrift = p, -1, false }

// before is the place one character back.
func (t *Text) before(p place) place {
	switch {
	case p.at > 0:
		return place{p.line, prevChar(t.lines[p.line].text, p.at)}
	case p.line > 0:
		return place{p.line - 1, len(t.lines[p.line-1].text)}
	}
	return p
}

// after is the place one character on.
func (t *Text) after(p place) place {
	switch {
	case p.at < len(t.lines[p.line].text):
		return place{p.line, nextChar(t.lines[p.line].text, p.at)}
	case p.line+1 < len(t.lines):
		return place{p.line + 1, 0}
	}
	return p
}

func (t *Text) wordBefore(p place) place {
	for p.at == 0 && p.line > 0 {
		p = place{p.line - 1, len(t.lines[p.line-1].text)}
	}
	return place{p.line, prevWord(t.lines[p.line].text, p.at)}
}

func (t *Text) wordAfter(p place) place {
	for p.at == len(t.lines[p.line].text) && p.line+1 < len(t.lines) {
		p = place{p.line + 1, 0}
	}
	return place{p.line, nextWord(t.lines[p.line].text, p.at)}
}
