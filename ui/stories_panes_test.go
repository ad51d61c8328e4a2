package ui_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// again ends posthorn and starts it anew on the same database.
func (r *rig) again() {
	r.t.Helper()
	r.stop()
	r.start()
}

func TestPanesAreDividedByKeyAndMouseAndRemembered(t *testing.T) {
	r := newRig(t)
	r.config.Mouse, r.w = true, 160
	r.inbox("home", letters(5)...)
	r.start()
	bars := func() (out []int) {
		for x, c := range []rune(r.lineAt(12)) {
			if c == '│' {
				out = append(out, x)
			}
		}
		return out
	}
	r.Press("enter")
	first := bars()
	if len(first) != 2 {
		t.Fatalf("three panes have borders at %v:\n%s", first, r.Screen())
	}
	r.Press(">")
	if got := bars(); got[0] != first[0] || got[1] <= first[1] {
		t.Errorf("a wider list has borders at %v, before at %v", got, first)
	}
	r.DragTo(first[0], 12, 40)
	if got := bars(); got[0] != 40 {
		t.Errorf("the sidebar was dragged to 40, and ends at %v", got)
	}
	r.DragTo(bars()[1], 12, 120)
	if got := bars(); got[1] < 119 || got[1] > 121 {
		t.Errorf("the list was dragged to 120, and ends at %v", got)
	}
	r.DragTo(bars()[1], 12, 5) // further than there is room
	if got := bars(); len(got) != 2 || got[1] < 60 || got[1] > 70 {
		t.Errorf("the list was dragged away: %v", got)
	}
	chosen := bars()
	r.again()
	r.Press("enter")
	if got := bars(); len(got) != 2 || got[0] != chosen[0] || got[1] != chosen[1] {
		t.Errorf("after a restart borders are at %v, before at %v", got, chosen)
	}
	r.Press("w", "w")
	r.Sees("Messages are shown below the list.", "────────", "Letter 03", "the text of Letter 04")
	r.DragTo(80, lineOf(r, "────────", 1), 80)
	r.Press("<")
	r.again()
	r.Press("enter")
	_, y := r.Place("────────────────────────────────")
	if y < 3 || !strings.Contains(r.Screen(), "the text of Letter 04") {
		t.Errorf("the message is not below the list after a restart:\n%s", r.Screen())
	}
	r.Resize(100, 30)
	r.SeesNot("Letter 03") // of a terminal of this size nothing was said: the message covers the list
	r.Press("w", "w", "w", "w", "esc")
	r.Sees("Letter 03")
}

// TestTheMessageUnderTheCursorStandsBesideTheList is three panes: what is passed by is not asked for, and what is only
// seen there does not count as read.
func TestTheMessageUnderTheCursorStandsBesideTheList(t *testing.T) {
	r := newRig(t)
	r.w = 160
	r.inbox("home", letters(5)...)
	r.start()
	r.Sees("the text of Letter 04")
	r.Advance(time.Minute)
	r.Press("j")
	r.Sees("the text of Letter 03")
	r.Press("j", "j")
	r.Sees("the text of Letter 03")
	r.Advance(time.Second)
	r.Sees("the text of Letter 01")
	r.onServer("home", "INBOX", letters(5)...)
	r.Press("enter")
	r.Advance(time.Minute)
	r.onServer("home", "INBOX", "Letter 00", `Letter 01 \Seen`, "Letter 02", "Letter 03", "Letter 04")
	r.Press("q", "k")
	r.Sees("the text of Letter 02")
	r.Advance(time.Minute)
	r.Press("a")
	r.onServer("home", "Archive", "Letter 02")
	r.Advance(time.Minute)
	r.Sees("the text of Letter 01")
	r.Resize(100, 30)
	r.Sees("Letter 04", "Letter 00")
	r.SeesNot("<ben@friends.example>") // no message is open
	r.Resize(160, 30)
	r.Sees("Letter 04", "the text of Letter 01")
	r.Press("w", "w", "w")
	r.Sees("Messages are shown over the list.", "Letter 04")
	r.SeesNot("<ben@friends.example>")
}

// TestAStormOfSizesMovesNothing: whatever sizes a terminal goes through, the cursor and the open message stay.
func TestAStormOfSizesMovesNothing(t *testing.T) {
	r := newRig(t)
	r.w, r.h = 160, 30
	r.inbox("home", letters(30)...)
	r.start()
	r.Press("1", "2", "G")
	r.Advance(time.Second)
	storm := func() {
		for i := range 60 {
			w, h := 1+i*67%211, 1+i*29%61
			r.Resize(w, h)
			if n := len(r.Lines()); n != h {
				t.Fatalf("%d lines at %dx%d", n, w, h)
			}
		}
		r.Resize(160, 30)
		r.Advance(time.Second)
		r.Sees("the text of Letter 18")
	}
	storm()
	r.Press("enter")
	r.Advance(time.Minute)
	storm()
	r.Press("q", "s")
	r.onServer("home", "INBOX", slices.Replace(letters(30), 18, 19, `Letter 18 \Flagged \Seen`)...)
}

// TestTheMessageSeenIsTheOneThatIsOpened: of a conversation, the oldest that is unread.
func TestTheMessageSeenIsTheOneThatIsOpened(t *testing.T) {
	r := newRig(t)
	r.w = 160
	r.deliver("home", "INBOX", post{subject: "Lunch"}, `\Seen`)
	for _, s := range []string{"Re: Lunch", "Re: Re: Lunch"} {
		r.deliver("home", "INBOX", post{subject: s, header: []string{"References: <Lunch@friends.example>"}})
	}
	r.start()
	r.Sees("the text of Re: Lunch")
	r.SeesNot("└")
	r.Press("enter")
	r.Sees("the text of Re: Lunch", "└")
}

func TestArrivingMailMovesNoCursor(t *testing.T) {
	r := newRig(t)
	r.inbox("home", letters(60)...)
	r.start()
	r.Press("1", "5", "G")
	before := r.lineWith("▎")
	_, y := r.Place("Letter 45")
	for _, subject := range []string{"Late", "Later", "Last"} {
		r.inbox("home", subject)
		r.Press("ctrl+r")
		r.Press("j", "k")
		if _, now := r.Place("Letter 45"); now != y || r.lineWith("▎") != before {
			t.Errorf("the cursor went from line %d to %d with %s:\n%s", y, now, subject, r.Screen())
		}
	}
	r.Press("g g")
	r.Sees("Last", "Later", "Late")
}
