package widget

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/theme"
)

// laidOut is an editor of s that was drawn in w columns and h lines.
func laidOut(s string, w, h int) *Text {
	e := NewText(s)
	e.Draw(theme.Mono(), w, h)
	return e
}

func TestAClickPutsTheCursorOnTheCharacter(t *testing.T) {
	const text = "one two three four\n\n> quoted 漢字 words that wrap\nlast"
	for _, c := range []struct {
		x, y int
		want string // what stands behind the cursor
	}{
		{0, 0, "one two"}, {4, 0, "two three"}, {5, 0, "wo three"},
		{40, 0, " three"}, // behind the end of a row: on its last space
		{3, 1, "ee four"}, {40, 1, "\n\n> quoted"}, {9, 2, "\n> quoted"},
		{2, 3, "quoted"}, {9, 4, " words"}, {0, 4, "漢字 words"}, {1, 4, "漢字 words"}, {3, 4, "漢字 words"}, {4, 4, "字 words"}, {5, 4, "字 words"},
		{99, 99, ""}, {0, -5, "one two"},
	} {
		e := laidOut(text, 11, 20)
		if e.Click(c.x, c.y, false); !strings.HasPrefix(text[e.At():], c.want) || c.want == "" && e.At() != len(text) {
			t.Errorf("%d,%d: %q follows, want %q\n%s", c.x, c.y, text[e.At():], c.want, drawn(e, 11, 20))
		}
		if e.Selected() {
			t.Errorf("%d,%d: %q is selected", c.x, c.y, e.Selection())
		}
	}
}

func TestTheMouseSelects(t *testing.T) {
	const text = "one two, three\nfour  five -- six"
	for _, c := range []struct {
		name, want string
		do         func(e *Text)
	}{
		{"drag", "two, thr", func(e *Text) { e.Click(4, 0, false); e.DragTo(9, 0); e.DragTo(12, 0) }},
		{"drag back over the lines", "three\nfour", func(e *Text) { e.Click(4, 1, false); e.DragTo(9, 0) }},
		{"drag there and back", "", func(e *Text) { e.Click(4, 1, false); e.DragTo(9, 0); e.DragTo(4, 1) }},
		{"shift and a click", "two, three\nfo", func(e *Text) { e.Click(4, 0, false); e.Drop(); e.Click(2, 1, true) }},
		{"shift and another", "two", func(e *Text) { e.Click(4, 0, false); e.Click(2, 1, true); e.Click(7, 0, true) }},
		{"a motion, then shift and a click", "ne two", func(e *Text) { e.Type(press(tea.KeyRight, 0)); e.Click(7, 0, true) }},
		{"double click", "three", func(e *Text) { e.ClickWord(11, 0) }},
		{"double click on spaces", "  ", func(e *Text) { e.ClickWord(4, 1) }},
		{"double click on marks", "--", func(e *Text) { e.ClickWord(12, 1) }},
		{"double click behind the end", "", func(e *Text) { e.ClickWord(30, 1) }},
		{"words", "two, three\nfour", func(e *Text) { e.ClickWord(5, 0); e.DragTo(1, 1) }},
		{"words back", "one two, three", func(e *Text) { e.ClickWord(10, 0); e.DragTo(1, 0) }},
		{"within the word", "three", func(e *Text) { e.ClickWord(10, 0); e.DragTo(12, 0); e.DragTo(9, 0) }},
		{"triple click", "four  five -- six", func(e *Text) { e.ClickLine(3, 1) }},
		{"lines", text, func(e *Text) { e.ClickLine(3, 1); e.DragTo(2, 0) }},
		{"moving without a button", "", func(e *Text) { e.Click(4, 0, false); e.Drop(); e.DragTo(9, 0) }},
	} {
		e := laidOut(text, 40, 10)
		if c.do(e); e.Selection() != c.want {
			t.Errorf("%s: %q is selected, want %q", c.name, e.Selection(), c.want)
		}
	}
	e := laidOut(text, 40, 10)
	e.ClickWord(5, 0)
	e.Drop()
	if e.Type(press(tea.KeyRight, tea.ModShift)); e.Selection() != "two," {
		t.Errorf("shift went on with %q", e.Selection())
	}
	if e.Type(press('x', 0)); e.Text() != text {
		t.Errorf("a key without text changed it: %q", e.Text())
	}
	if typeInto(e, "x"); e.Text() != "one x three\nfour  five -- six" {
		t.Errorf("typing replaces the selection: %q", e.Text())
	}
}

func TestTheWheelLeavesTheCursorAlone(t *testing.T) {
	lines := strings.Split(strings.Repeat("a line\n", 50), "\n")
	for i := range lines {
		lines[i] += " " + strings.Repeat("x", i)
	}
	e := laidOut(strings.Join(lines, "\n"), 60, 10)
	e.Scroll(3)
	if _, _, y := e.Draw(theme.Mono(), 60, 10); y >= 0 || e.topLine != 3 || e.at.line != 0 {
		t.Errorf("the window is at %d, the cursor at %d, drawn in line %d", e.topLine, e.at.line, y)
	}
	e.Scroll(500)
	if got := drawn(e, 60, 10); e.topLine != len(lines)-10 || !strings.Contains(got, strings.Repeat("x", 49)) {
		t.Errorf("scrolled to %d:\n%s", e.topLine, got)
	}
	e.DragTo(3, 3) // nothing is held
	if typeInto(e, "!"); e.lines[0].text[:2] != "!a" {
		t.Errorf("typed %q", e.lines[0].text)
	}
	if checkDrawing(t, e, 60, 10); e.topLine != 0 {
		t.Errorf("the window is at %d", e.topLine)
	}
	e.Scroll(20)
	if e.Type(press(tea.KeyDown, 0)); e.at.line != 1 {
		t.Errorf("the cursor is at %d", e.at.line)
	}
	if checkDrawing(t, e, 60, 10); e.topLine > 1 {
		t.Errorf("the window is at %d", e.topLine)
	}
	e.Scroll(20)
	e.Click(0, 2, false)
	checkDrawing(t, e, 60, 10)
	e.DragTo(0, 15) // below the window
	if _, _, y := e.Draw(theme.Mono(), 60, 10); y != 9 || e.topLine != e.at.line-9 {
		t.Errorf("dragged to line %d, the window is at %d", e.at.line, e.topLine)
	}
	e.Scroll(-500)
	if drawn(e, 60, 10); e.topLine != 0 {
		t.Errorf("the window is at %d", e.topLine)
	}
}

func TestAClickInAFieldPutsTheCursorThere(t *testing.T) {
	var f Field
	f.Set("Ben, 漢字, and a rather long list of others")
	for _, c := range []struct{ x, at int }{{0, 0}, {3, 3}, {5, 5}, {6, 5}, {7, 8}, {99, len(f.Text())}} {
		f.Still(20)
		if f.Click(c.x, false); f.At() != c.at {
			t.Errorf("column %d: at %d, want %d", c.x, f.At(), c.at)
		}
	}
	f.Goto(len(f.Text()))
	line, x := f.Draw(20)
	f.Click(x-3, false)
	if again, y := f.Draw(20); y != x-3 || f.At() != len(f.Text())-3 || again != line {
		t.Errorf("at %d of %d, column %d of %q, before %q", f.At(), len(f.Text()), y, again, line)
	}
	m := Field{Mask: true}
	m.Set("sécret")
	m.Draw(20)
	if m.Click(2, false); m.At() != len("sé") {
		t.Errorf("at %d of a password", m.At())
	}
}
