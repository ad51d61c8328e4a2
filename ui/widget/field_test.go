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
