package ui_test

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// The composer by mouse: what is clicked gets the cursor, in the fields and in the text, and text is selected.
func TestWritingByMouse(t *testing.T) {
	r := pointed(t, 2)
	r.Press("c")
	r.Sees("a name or an address")
	r.Click("Subject")
	r.Type("Low tide")
	x, y := r.Place("Subject  Low tide")
	x += len("Subject  ")
	r.ClickAt(x+4, y)
	r.Type("and high ")
	r.Sees("Low and high tide")
	r.ClickAt(x+9, y)
	r.ClickAt(x+9, y)
	r.Type("spring")
	r.Sees("Low and spring tide")
	r.DragTo(x, y, x+8)
	r.Type("At ")
	r.Sees("At spring tide")
	r.Advance(time.Second)
	r.ClickAt(x, y+10)
	r.Type("One two three")
	r.Advance(time.Second)
	x, y = r.Place("One two three")
	r.ClickAt(x+5, y)
	r.ClickAt(x+5, y)
	r.Type("II")
	r.Sees("One II three")
	r.Advance(time.Second)
	for range 3 {
		r.ClickAt(x+5, y)
	}
	r.Type("all")
	r.SeesNot("three")
	r.Type(" is new")
	r.DragTo(x+4, y, x+7)
	r.Type("was ")
	r.Sees("all was new")
	r.Advance(time.Second)
	r.ClickAt(x, y)
	r.Send(tea.MouseClickMsg{X: x + 4, Y: y, Button: tea.MouseLeft, Mod: tea.ModShift})
	r.Send(tea.MouseReleaseMsg{X: x + 4, Y: y, Button: tea.MouseLeft})
	r.Press("backspace")
	r.Sees("was new")
	r.SeesNot("all was")
}

// A completion that is clicked is taken, and the second click of a double one goes nowhere else.
func TestACompletionIsClicked(t *testing.T) {
	r := pointed(t, 2)
	r.Press("c")
	r.Type("ann")
	x, y := r.Place("Anna Lindqvist <anna@home.example>")
	r.ClickAt(x, y)
	r.ClickAt(x, y)
	r.Sees("To  Anna Lindqvist <anna@home.example>,")
	r.SeesNot("╭")
	r.Type("b@x.example")
	r.Sees("To  Anna Lindqvist <anna@home.example>, b@x.example")
}
