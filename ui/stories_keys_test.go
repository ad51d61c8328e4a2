package ui_test

import "testing"

func TestCountsSayHowOftenAndWhichRow(t *testing.T) {
	r := newRig(t)
	r.inbox("home", letters(40)...)
	r.start()
	r.Press("3", "j")
	r.cursorOn("Letter 36")
	r.Press("1", "2", "G")
	r.cursorOn("Letter 28")
	r.Press("1", "0", "g g")
	r.cursorOn("Letter 30")
	r.Press("1")
	r.Sees("1 …")
	r.Press("esc", "k")
	r.cursorOn("Letter 31")
	r.Press("2", "x")
	r.Sees("2 selected")
	r.Press("esc", "g g", "enter", "4", "J")
	r.Sees("the text of Letter 35")
	r.Press("2", "K")
	r.Sees("the text of Letter 37")
}

func TestAPresetIsInForceEverywhere(t *testing.T) {
	r := newRig(t)
	r.preset = "mutt"
	r.inbox("home", "First", "Second")
	r.start()
	r.Press("?")
	r.Sees("Everywhere", "' i")
	r.Press("esc", "enter")
	r.Sees("the text of Second")
	r.Press("i", "s") // out of the message, save
	r.Sees("Move 1 message to")
	r.Press("esc", "' t")
	r.Sees("home · Sent")
	r.Press("'")
	r.Sees("' …")
	r.Press("i", "m")
	r.Sees("Subject")
}
