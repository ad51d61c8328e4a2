package ui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// letters are so many subjects.
func letters(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("Letter %02d", i)
	}
	return out
}

// pointed is Anna with a mouse and so many letters at home.
func pointed(t *testing.T, n int) *rig {
	r := newRig(t)
	r.config.Mouse = true
	r.inbox("home", letters(n)...)
	r.inbox("work", "Minutes")
	r.start()
	if r.View().MouseMode != tea.MouseModeCellMotion {
		t.Error("the terminal is not asked for the mouse")
	}
	return r
}

func TestClickSelectsAndDoubleClickOpens(t *testing.T) {
	r := pointed(t, 40)
	x, y := r.Place("Letter 35")
	r.ClickAt(x, y)
	r.cursorOn("Letter 35")
	if _, again := r.Place("Letter 35"); again != y {
		t.Errorf("the row moved from line %d to %d", y, again)
	}
	r.Advance(time.Second)
	r.ClickAt(x, y)
	r.SeesNot("the text of Letter 35")
	r.ClickAt(x, y)
	r.Sees("the text of Letter 35")
}

func TestWhatMovedUnderThePointerIsNotOpened(t *testing.T) {
	r := pointed(t, 5)
	x, y := r.Place("Letter 03")
	r.ClickAt(x, y)
	r.Press("down", "d") // the row below comes under the pointer
	x, _ = r.Place("Letter 04")
	_, y = r.Place("Letter 01")
	r.ClickAt(x, y)
	r.inbox("home", "Late")
	r.engine.Refresh("home")
	r.UntilSeen("Late")
	r.cursorOn("Letter 01")
	r.ClickAt(x, y)
	if _, now := r.Place("Letter 01"); now != y && strings.Contains(r.Screen(), "the text of") {
		t.Errorf("a message that came under the pointer was opened:\n%s", r.Screen())
	}
}

func TestTheWheelScrollsWhatIsUnderThePointer(t *testing.T) {
	r := pointed(t, 60)
	x, y := r.Place("Letter 50")
	r.Wheel(x, y, 2)
	r.SeesNot("Letter 59")
	if r.lineAt(y) == "" || !strings.Contains(r.lineAt(y), "Letter 44") {
		t.Errorf("six lines down, line %d is %q", y, r.lineAt(y))
	}
	r.Wheel(x, y, -9)
	r.Sees("Letter 59")
	r.Click("Letter 50")
	r.Press("?")
	before := r.lineAt(10)
	r.Wheel(60, 10, 1)
	if r.lineAt(10) == before {
		t.Errorf("the help did not scroll:\n%s", r.Screen())
	}
}

func TestClickInTheSidebarGoesThere(t *testing.T) {
	r := pointed(t, 3)
	x, y := r.Place("Archive")
	r.ClickAt(x, y)
	r.Sees("No messages here")
	r.Advance(time.Second)
	r.Click("All inboxes")
	r.Sees("Letter 02", "Minutes")
	r.ClickAt(100+strings.Index(r.lineAt(0)[100:], "work"), 0) // at the right of the title
	r.Sees("Minutes")
	r.SeesNot("Letter 02")
	r.Advance(time.Second)
	r.ClickAt(2, lineOf(r, " home", 1)) // the account's heading
	r.Sees("Letter 02")
	r.SeesNot("Minutes")
}

// lineOf is the first line from a line on that has a text.
func lineOf(r *rig, text string, from int) int {
	for y, l := range r.Lines() {
		if y >= from && strings.Contains(l, text) {
			return y
		}
	}
	r.t.Fatalf("%q is not on screen:\n%s", text, r.Screen())
	return -1
}

// TestClickOnAColumn: the dot reads, the star stars, the title sorts; where messages are selected a click is about none
// of them.
func TestClickOnAColumn(t *testing.T) {
	r := pointed(t, 3)
	_, y := r.Place("Letter 01")
	x, _ := r.Place("●   Ben Okafor")
	r.ClickAt(x+2, y)
	r.Advance(time.Second)
	r.ClickAt(x, y)
	r.onServer("home", "INBOX", "Letter 00", `Letter 01 \Flagged \Seen`, "Letter 02")
	r.Advance(time.Second)
	r.ClickAt(x+2, y)
	r.ClickAt(x+2, y) // of a double click: it was about the star
	r.SeesNot("<ben@friends.example>")
	r.onServer("home", "INBOX", "Letter 00", `Letter 01 \Seen`, "Letter 02")
	r.Press("g g", "x")
	r.Advance(time.Second)
	r.ClickAt(x+2, y)
	r.onServer("home", "INBOX", "Letter 00", `Letter 01 \Seen`, "Letter 02")
	r.cursorOn("Letter 01")
	r.Press("esc")
	r.Click("All inboxes  ")
	r.Sees("sender, A to Z")
	r.Click("subject, A to Z")
	r.inOrder("Letter 00", "Letter 01", "Letter 02")
}

// TestRowsOfTwoLines: the subject stands below the sender, a click on it is about the row, and it is so after a restart.
func TestRowsOfTwoLines(t *testing.T) {
	r := pointed(t, 3)
	r.Press("W")
	for range 2 {
		x, y := r.Place("Letter 01")
		if above := r.Lines()[y-1]; !strings.Contains(above, "Ben Okafor") || strings.Contains(above, "Letter") {
			t.Fatalf("%q stands above the subject:\n%s", above, r.Screen())
		}
		r.ClickAt(x, y)
		r.cursorOn("Letter 01")
		dot, _ := r.Place("●   Ben Okafor")
		r.Advance(time.Second)
		r.ClickAt(dot, y) // below the dot
		r.onServer("home", "INBOX", "Letter 00", "Letter 01", "Letter 02")
		r.again()
	}
	r.Press("W")
	r.Sees("Ben Okafor")
	if _, y := r.Place("Letter 01"); !strings.Contains(r.Lines()[y], "Ben Okafor") {
		t.Errorf("rows do not have one line again:\n%s", r.Screen())
	}
}

func TestClickOnALinkAsksAsItsKeyDoes(t *testing.T) {
	r := newRig(t)
	r.config.Mouse = true
	r.deliver("home", "INBOX", post{subject: "A link", text: "See https://example.org/page for it.", header: nil})
	r.start()
	r.Press("enter")
	x, y := r.Place("https://example.org/page")
	r.ClickAt(x+4, y)
	r.Sees("Open a page of example.org?")
	r.ClickAt(x+4, y) // of a double click: whatever came under the pointer is not meant
	r.Sees("Open a page of example.org?")
	r.Advance(time.Second)
	r.Click("No")
	r.SeesNot("Open a page of example.org?")
}

func TestClickTakesWhatADialogOffers(t *testing.T) {
	r := pointed(t, 3)
	r.Press("j", "m")
	r.Wheel(60, 12, 1)
	r.ClickAt(0, 5) // beside it: nothing
	r.Sees("type to filter")
	r.Click("home  Trash")
	r.SeesNot("type to filter", "Letter 02")
	r.onServer("home", "Trash", "Letter 02")
}

func TestClickOnAHintIsItsKey(t *testing.T) {
	r := pointed(t, 3)
	r.ClickAt(strings.Index(r.lineAt(29), "help"), 29)
	r.Sees("Everywhere")
}

func TestWithoutTheOptionTheMouseIsTheTerminals(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Hello")
	r.start()
	if r.View().MouseMode != tea.MouseModeNone {
		t.Error("the terminal is asked for the mouse")
	}
}

// cursorOn fails unless the cursor stands on the row with a text.
func (r *rig) cursorOn(text string) {
	r.t.Helper()
	if l := r.lineWith(text); !strings.Contains(l, "▎") {
		r.t.Errorf("the cursor is not on %q:\n%s", text, r.Screen())
	}
}

// lineAt is a line of the screen, wide enough to be cut.
func (r *rig) lineAt(y int) string { return r.Lines()[y] + strings.Repeat(" ", r.w) }
