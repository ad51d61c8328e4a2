package ui_test

import "testing"

func TestRedoDoesAgainWhatWasUndone(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two")
	r.start()
	r.Press("s", "a", "z", "z")
	r.Sees("Undone: starred 1 message. ctrl+y does it again.")
	r.stop()
	r.start()
	r.Press("ctrl+y")
	r.Sees("Done again: starred 1 message · z undoes it", "★")
	r.Press("ctrl+y")
	r.SeesNot("★")
	r.onServer("home", "INBOX", "One")
	r.onServer("home", "Archive", `Two \Flagged`)
	r.Press("ctrl+y")
	r.Sees("Nothing to do again.")
	r.Press("z", "z", "u", "ctrl+y") // something new came in between
	r.Sees("Nothing to do again.")
	r.onServer("home", "Archive")
}
