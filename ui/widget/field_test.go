package widget

import (
	"math/rand/v2"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"posthorn/ui/theme"
	"posthorn/ui/width"
)

// Whatever is typed, the field fills its columns and shows the character before its cursor.
func TestFieldShowsWhereTheCursorIs(t *testing.T) {
	pieces := []string{"a", "b ", "漢", "م", "👍", "e\u0301", "字", "wörd"}
	moves := []tea.KeyPressMsg{press(tea.KeyLeft, 0), press(tea.KeyLeft, 0), press(tea.KeyRight, 0), press('a', tea.ModCtrl), press('e', tea.ModCtrl),
		press(tea.KeyBackspace, 0), press('b', tea.ModAlt), press('f', tea.ModAlt), press('d', tea.ModCtrl)}
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		w := 8 + r.IntN(20)
		f := &Field{Mask: seed%7 == 0}
		for range 80 {
			if r.IntN(2) == 0 {
				f.Paste(pieces[r.IntN(len(pieces))])
			} else {
				f.Type(moves[r.IntN(len(moves))])
			}
			line, x := f.Draw(w)
			if width.Of(line) != w || x < 0 || x >= w {
				t.Fatalf("seed %d: %q is %d columns, want %d; cursor at %d", seed, line, width.Of(line), w, x)
			}
			if f.Mask || f.at == 0 {
				continue
			}
			shown := width.Clip(line, x)
			before := f.text[prevChar(f.text, f.at):f.at]
			if !strings.HasSuffix(shown, before) {
				t.Fatalf("seed %d: the cursor in %q stands behind %q, want %q; text %q at %d", seed, line, shown, before, f.text, f.at)
			}
		}
	}
}

func TestFieldKeysOfTheShell(t *testing.T) {
	f := &Field{}
	f.Set("one two three")
	steps := []struct {
		key  tea.KeyPressMsg
		text string
		at   int
	}{
		{press('w', tea.ModCtrl), "one two ", 8},
		{press('a', tea.ModCtrl), "one two ", 0},
		{press(tea.KeyRight, tea.ModCtrl), "one two ", 3},
		{press('k', tea.ModCtrl), "one", 3},
		{press('y', tea.ModCtrl), "one two ", 8},
		{press(tea.KeyLeft, 0), "one two ", 7},
		{press('u', tea.ModCtrl), " ", 0},
		{press('d', tea.ModCtrl), "", 0},
		{press(tea.KeyBackspace, 0), "", 0},
	}
	for i, s := range steps {
		f.Type(s.key)
		if f.Text() != s.text || f.At() != s.at {
			t.Fatalf("step %d: %q at %d, want %q at %d", i, f.Text(), f.At(), s.text, s.at)
		}
	}
}

func TestTextOfAFieldIsSelectedReplacedAndCut(t *testing.T) {
	f := &Field{}
	f.Set("one two three")
	steps := []struct {
		key      tea.KeyPressMsg
		text     string
		at       int
		selected string
	}{
		{press(tea.KeyLeft, tea.ModCtrl|tea.ModShift), "one two three", 8, "three"},
		{press(tea.KeyLeft, tea.ModShift), "one two three", 7, " three"},
		{press(tea.KeyRight, 0), "one two three", 13, ""},
		{press(tea.KeyHome, tea.ModShift), "one two three", 0, "one two three"},
		{press(tea.KeyLeft, 0), "one two three", 0, ""},
		{press(tea.KeyRight, tea.ModCtrl|tea.ModShift), "one two three", 3, "one"},
		{press('w', tea.ModCtrl), " two three", 0, ""},
		{press(tea.KeyEnd, 0), " two three", 10, ""},
		{press(tea.KeyLeft, tea.ModCtrl|tea.ModShift), " two three", 5, "three"},
		{press('y', tea.ModCtrl), " two one", 8, ""},
		{press(tea.KeyHome, tea.ModShift), " two one", 0, " two one"},
		{tea.KeyPressMsg{Code: 'x', Text: "x"}, "x", 1, ""},
		{press(tea.KeyHome, tea.ModShift), "x", 0, "x"},
		{press(tea.KeyDelete, 0), "", 0, ""},
	}
	for i, s := range steps {
		f.Type(s.key)
		if f.Text() != s.text || f.At() != s.at || f.Selection() != s.selected {
			t.Fatalf("step %d: %q at %d, %q selected, want %q at %d, %q", i, f.Text(), f.At(), f.Selection(), s.text, s.at, s.selected)
		}
	}
}

func TestAFieldUndoesWordsAndNoPassword(t *testing.T) {
	f, p := &Field{}, &Field{Mask: true}
	f.Set("To ")
	for _, r := range "the low tide" {
		f.Type(tea.KeyPressMsg{Code: r, Text: string(r)})
		p.Type(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	f.Type(press('w', tea.ModCtrl))
	var back, forth []string
	for f.Undo() {
		back = append(back, f.Text())
	}
	for f.Redo() {
		forth = append(forth, f.Text())
	}
	if got := strings.Join(back, "|"); got != "To the low tide|To the low |To the |To " {
		t.Errorf("undone: %q", got)
	}
	if got := strings.Join(forth, "|"); got != "To the |To the low |To the low tide|To the low " {
		t.Errorf("done again: %q", got)
	}
	p.SelectAll()
	if p.Copy() != "" || p.Undo() {
		t.Error("the password is known to more than the field")
	}
}

func TestWhatIsSelectedInAFieldStandsOut(t *testing.T) {
	th := theme.New(true)
	f := &Field{}
	f.Set("low tide 漢字 and high")
	f.Click(4, false)
	f.DragTo(8)
	line, _ := f.Show(th, 30)
	if ansi.Strip(line) != width.Fit(f.Text(), 30) || !strings.Contains(line, th.Chosen.Render("tide")) {
		t.Errorf("drawn is %q", line)
	}
	f.ClickWord(9)
	if f.Selection() != "漢字" {
		t.Errorf("the word is %q", f.Selection())
	}
	f.SelectAll()
	if line, x := f.Show(th, 12); width.Of(line) != 12 || x != 10 {
		t.Errorf("in 12 columns it is %q, the cursor at %d", line, x)
	}
}

func TestFieldHasNoLineEndsAndNoControls(t *testing.T) {
	f := &Field{}
	f.Paste("a\r\nb\x1b[31mc\td")
	if f.Text() != "a b␛[31mc d" {
		t.Errorf("pasted %q", f.Text())
	}
	p := &Field{Mask: true}
	p.Paste("pass\u200bword \n")
	if p.Text() != "pass\u200bword " {
		t.Errorf("password became %q", p.Text())
	}
}

func TestFieldTakesWhatAltGrTypes(t *testing.T) {
	f := &Field{}
	f.Type(tea.KeyPressMsg{Code: 'q', Text: "@", Mod: tea.ModCtrl | tea.ModAlt})
	f.Type(tea.KeyPressMsg{Code: 'ж', Text: "Ж", Mod: tea.ModShift})
	if f.Text() != "@Ж" {
		t.Errorf("got %q", f.Text())
	}
}

func TestPopupGoesRoundAndScrolls(t *testing.T) {
	p := &Popup{}
	p.Move(1) // nothing there
	p.Show([]Choice{{Text: "a"}, {Text: "b"}, {Text: "c"}}, false)
	if _, ok := p.Chosen(); ok {
		t.Error("something is chosen before anyone moved")
	}
	p.Move(-1)
	if c, _ := p.Chosen(); c.Text != "c" {
		t.Errorf("up from nowhere chose %q", c.Text)
	}
	rows := p.Rows(theme.Mono(), 5, 2, func(s string) string { return s })
	if len(rows) != 2 || !strings.Contains(rows[1], "c") {
		t.Errorf("rows %q", rows)
	}
	p.Move(1)
	if c, _ := p.Chosen(); c.Text != "a" {
		t.Errorf("down from the last chose %q", c.Text)
	}
}

func TestOverlayKeepsTheWidth(t *testing.T) {
	th := theme.New(true)
	lines := []string{th.Accent.Render("漢字漢字漢字"), "abcdefghijkl", "            "}
	for x := range 12 {
		for _, l := range Overlay(lines, []string{"╭──╮", "╰──╯"}, x, 0, 12) {
			if width.Of(l) != 12 {
				t.Fatalf("at %d: %q is %d columns", x, ansi.Strip(l), width.Of(l))
			}
		}
	}
}
