package widget

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"posthorn/mail"
	"posthorn/ui/theme"
	"posthorn/ui/width"
)

func press(code rune, mod tea.KeyMod) tea.KeyPressMsg { return tea.KeyPressMsg{Code: code, Mod: mod} }

func typeInto(t *Text, s string) {
	for _, r := range s {
		if r == '\n' {
			t.Type(press(tea.KeyEnter, 0))
		} else {
			t.Type(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
}

func checkDrawing(t *testing.T, e *Text, w, h int) {
	t.Helper()
	lines, x, y := e.Draw(theme.Mono(), w, h)
	if len(lines) != h || x < 0 || x >= w || y < 0 || y >= h {
		t.Fatalf("%d lines, cursor %d,%d in %dx%d", len(lines), x, y, w, h)
	}
	for _, l := range lines {
		if width.Of(l) != w {
			t.Fatalf("line %q is %d columns, want %d", l, width.Of(l), w)
		}
	}
}

func drawn(e *Text, w, h int) string {
	lines, _, _ := e.Draw(theme.Mono(), w, h)
	for i := range lines {
		lines[i] = strings.TrimRight(ansi.Strip(lines[i]), " ")
	}
	return strings.Join(lines, "\n")
}

func TestTextWrapsAtSpacesAndWideCharacters(t *testing.T) {
	e := NewText("one two three four\n漢字漢字漢字\nunbreakableword\n\ttab")
	got := drawn(e, 10, 9)
	want := "one two\nthree\nfour\n漢字漢字\n漢字\nunbreakab\nleword\n\ntab"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if e.Text() != "one two three four\n漢字漢字漢字\nunbreakableword\n\ttab" {
		t.Errorf("drawing changed the text to %q", e.Text())
	}
}

func TestAWrappedQuoteShowsItsMarksOnEveryRow(t *testing.T) {
	e := NewText("> > one two three")
	if got, want := drawn(e, 13, 3), "> > one two\n> > three\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPastedControlsAreMadeVisible(t *testing.T) {
	e := NewText("")
	e.Paste("a\x1b]52;c;x\x07b\r\nc\rd\u202ee")
	if got, want := e.Text(), mail.Text("a\x1b]52;c;x\x07b\r\nc\rd\u202ee"); got != want || strings.ContainsAny(got, "\x1b\x07\r\u202e") {
		t.Errorf("pasted %q", got)
	}
}

func TestJoinersSurviveWhereTheyMeanSomething(t *testing.T) {
	e := NewText("")
	typeInto(e, "می")
	typeInto(e, "\u200c")
	typeInto(e, "خواهم a\u200cb")
	if got, want := e.Text(), "می\u200cخواهم ab"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestUndoTakesBackWordsNotLetters(t *testing.T) {
	e := NewText("")
	typeInto(e, "one two  three\nfour")
	for _, want := range []string{"one two  three\n", "one two  ", "one ", ""} {
		if !e.Undo() || e.Text() != want {
			t.Fatalf("after undo %q, want %q", e.Text(), want)
		}
	}
	if e.Undo() {
		t.Error("something was left to undo")
	}
	e.Redo()
	e.Redo()
	if e.Text() != "one two  " {
		t.Errorf("after two times redo %q", e.Text())
	}
	for range 5 {
		e.Type(press(tea.KeyBackspace, 0))
	}
	e.Undo()
	if e.Text() != "one two  " {
		t.Errorf("erased letters are one step, got %q", e.Text())
	}
}

func TestEnterInAQuoteMakesRoomForAnAnswer(t *testing.T) {
	e := NewText("> > one two")
	for range len("> > one") {
		e.Type(press(tea.KeyRight, 0))
	}
	e.Type(press(tea.KeyEnter, 0))
	typeInto(e, "yes")
	if got, want := e.Text(), "> > one\nyes\n> > two"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	e.Type(press(tea.KeyEnd, tea.ModCtrl))
	e.Type(press(tea.KeyEnter, 0))
	if got, want := e.Text(), "> > one\nyes\n> > two\n"; got != want {
		t.Errorf("at the end of a quote: %q, want %q", got, want)
	}
}

func TestKillsAddUpAndComeBack(t *testing.T) {
	e := NewText("one\ntwo\nthree")
	for range 4 {
		e.Type(press('k', tea.ModCtrl))
	}
	if e.Text() != "three" {
		t.Errorf("after kills %q", e.Text())
	}
	e.Type(press(tea.KeyEnd, 0))
	e.Type(press('y', tea.ModCtrl))
	if e.Text() != "threeone\ntwo\n" {
		t.Errorf("after yank %q", e.Text())
	}
	e.Type(press('w', tea.ModCtrl))
	if e.Text() != "threeone\n" {
		t.Errorf("after killing the word %q", e.Text())
	}
}

func TestQuotesAndSignatureHaveTheirOwnStyle(t *testing.T) {
	th := theme.New(true)
	e := NewText("hi\n> one\n>> two\n-- \nAnna")
	lines, _, _ := e.Draw(th, 10, 5)
	for i, style := range []string{th.Text.Render("x"), th.Quote[0].Render("x"), th.Quote[1].Render("x"), th.Signature.Render("x"), th.Signature.Render("x")} {
		prefix, _, _ := strings.Cut(style, "x")
		if !strings.HasPrefix(lines[i], prefix) || prefix == "" && strings.Contains(lines[i], "\x1b") {
			t.Errorf("line %d is %q, want it to begin with %q", i, lines[i], prefix)
		}
	}
}

func TestUpOnTheFirstRowIsLeftToOthers(t *testing.T) {
	e := NewText("one two three")
	e.Draw(theme.Mono(), 8, 4)
	e.Type(press(tea.KeyDown, 0))
	if _, taken := e.Type(press(tea.KeyUp, 0)); !taken {
		t.Error("up on the second row was not taken")
	}
	if _, taken := e.Type(press(tea.KeyUp, 0)); taken {
		t.Error("up on the first row was taken")
	}
}

func TestChangeIsOneStep(t *testing.T) {
	e := NewText("one\ntwo")
	e.Change("three")
	e.Undo()
	if e.Text() != "one\ntwo" {
		t.Errorf("got %q", e.Text())
	}
}

// A key in the middle of a mail of 2,000 lines, with the drawing that follows it.
func BenchmarkKeyIn2000Lines(b *testing.B) {
	line := "> The quick brown fox jumps over the lazy dog, again and again, until the line is long enough to wrap. 漢字 ö\n"
	e := NewText(strings.Repeat(line, 2000))
	th := theme.New(true)
	e.Draw(th, 100, 40)
	for range 1500 {
		e.Type(press(tea.KeyDown, 0))
	}
	key := tea.KeyPressMsg{Code: 'x', Text: "x"}
	b.ResetTimer()
	for range b.N {
		e.Type(key)
		e.Draw(th, 100, 40)
		e.Type(press(tea.KeyBackspace, 0))
		e.Draw(th, 100, 40)
	}
}

func BenchmarkPasteOfAMegabyte(b *testing.B) {
	text := strings.Repeat(strings.Repeat("word ", 20)+"\n", 10000)
	for range b.N {
		e := NewText("before\nafter")
		e.Paste(text)
		e.Draw(theme.Mono(), 80, 24)
	}
}
