package widget

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/theme"
)

func TestSelectedTextIsReplacedCutAndPasted(t *testing.T) {
	e := NewText("one two three\nfour")
	e.Goto(4)
	e.Type(press(tea.KeyRight, tea.ModCtrl|tea.ModShift))
	if e.Selection() != "two" {
		t.Fatalf("%q is selected", e.Selection())
	}
	if got := e.Cut(); got != "two" || e.Text() != "one  three\nfour" || e.Selected() {
		t.Fatalf("cut %q, left %q", got, e.Text())
	}
	e.Type(press(tea.KeyEnd, tea.ModCtrl))
	e.Type(press('v', tea.ModCtrl))
	if e.Text() != "one  three\nfourtwo" {
		t.Fatalf("pasted: %q", e.Text())
	}
	e.SelectAll()
	typeInto(e, "x")
	typeInto(e, "y")
	if e.Text() != "xy" {
		t.Fatalf("typed over everything: %q", e.Text())
	}
	if e.Undo(); e.Text() != "one  three\nfourtwo" {
		t.Fatalf("undone: %q", e.Text())
	}
	e.SelectAll()
	if e.Paste("new"); e.Text() != "new" {
		t.Fatalf("pasted over everything: %q", e.Text())
	}
}

func TestParagraphMotionsStopWhereParagraphsBegin(t *testing.T) {
	e := NewText("one\ntwo\n\nthree\n> \n> four\nfive")
	var stops []int
	for range 4 {
		e.Type(press(tea.KeyDown, tea.ModCtrl))
		stops = append(stops, e.at.line)
	}
	for range 4 {
		e.Type(press(tea.KeyUp, tea.ModCtrl))
		stops = append(stops, e.at.line)
	}
	for i, want := range []int{3, 5, 6, 6, 6, 5, 3, 0} {
		if stops[i] != want {
			t.Fatalf("stops at lines %v", stops)
		}
	}
}

func TestSelectionIsDrawnWithTheEndsOfItsLines(t *testing.T) {
	e, th := NewText("ab\n\ncd"), theme.Mono()
	e.Goto(1)
	e.Type(press(tea.KeyDown, tea.ModShift))
	e.Type(press(tea.KeyDown, tea.ModShift))
	lines, _, _ := e.Draw(th, 6, 3)
	for i, want := range []string{"a" + th.Chosen.Render("b ") + "   ", th.Chosen.Render(" ") + "     ", th.Chosen.Render("c") + "d    "} {
		if lines[i] != want {
			t.Errorf("line %d is %q, want %q", i, lines[i], want)
		}
	}
	checkDrawing(t, e, 2, 3)
}

func TestFindGoesThroughTheTextAndRound(t *testing.T) {
	e := NewText("Ärger und ärger\nnichts\nÄRGER")
	at := func(want int, around, back bool) {
		t.Helper()
		found, round := e.Find("ärger", back)
		if from, _, _ := e.selection(); !found || round != around || !strings.EqualFold(e.Selection(), "ärger") || from.line*100+from.at != want {
			t.Fatalf("found %v, round %v, %q at %v", found, round, e.Selection(), from)
		}
	}
	at(0, false, false)
	at(11, false, false)
	at(200, false, false)
	at(0, true, false)
	at(200, true, true)
	at(11, false, true)
	at(0, false, true)
	if found, _ := e.Find("other", false); found || !e.Selected() {
		t.Fatal("what is not there was found, or the selection is gone")
	}
}

func TestRewriteTakesTheParagraphAndKeepsTheCursorAtItsLetter(t *testing.T) {
	join := func(s string) string { return strings.ReplaceAll(s, "\n", " ") }
	e := NewText("above\n\nthe first\nthe second\nthe third\n> quoted\n\n-- \nsig\nnature")
	e.Goto(len("above\n\nthe first\nthe se"))
	if !e.Rewrite(join) || e.lines[2].text != "the first the second the third" || !strings.HasPrefix(e.line()[e.at.at:], "cond") {
		t.Fatalf("%q, cursor at %v", e.Text(), e.at)
	}
	if e.Undo(); e.lines[3].text != "the second" {
		t.Fatalf("undone: %q", e.Text())
	}
	e.Type(press(tea.KeyEnd, tea.ModCtrl))
	if e.Rewrite(join) {
		t.Fatalf("the signature was rewritten: %q", e.Text())
	}
	e.Goto(0)
	for range 4 {
		e.Type(press(tea.KeyDown, tea.ModShift))
	}
	if !e.Rewrite(join) || e.lines[0].text != "above  the first the second" || e.Selected() {
		t.Fatalf("the selected lines became %q", e.Text())
	}
}
