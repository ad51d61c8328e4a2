package ui_test

import "testing"

func TestLabelsAreSetTakenOffAndUndone(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two", "Three")
	r.deliver("home", "Archive", post{subject: "Old"}, "holiday")
	r.start()
	r.Press("g e") // its label is known from here on
	r.Sees("holiday  Old")
	r.Press("g i", "x", "x", "+")
	r.Sees("Label 2 messages", "A word is set; with - before it, it is taken off.")
	r.Type("hol")
	r.Press("tab")
	r.Type(" To-Do -old")
	r.Sees("Sets holiday, to-do. Takes off old.")
	for range 5 {
		r.Press("backspace")
	}
	r.Sees("Sets holiday, to-do.")
	r.SeesNot("Type a word", "Takes off")
	r.Press("enter")
	r.Sees("Labelled 2 messages “holiday”, “to-do” · z undoes it", "holiday·to-do  Three", "holiday·to-do  Two")
	r.onServer("home", "INBOX", "One", "Two holiday to-do", "Three holiday to-do")
	r.Press("g g", "enter")
	r.Sees("Labels  holiday, to-do")
	r.Press("+")
	r.Sees("Now: holiday, to-do.")
	r.Type("-")
	r.Type("to")
	r.Press("tab", "enter")
	r.Sees("Took “to-do” off 1 message", "Labels  holiday")
	r.SeesNot("holiday, to-do")
	r.onServer("home", "INBOX", "One", "Two holiday to-do", "Three holiday")
	r.Press("q", "z")
	r.Sees("Undone: took “to-do” off 1 message.", "holiday·to-do  Three")
	r.onServer("home", "INBOX", "One", "Two holiday to-do", "Three holiday to-do")
	r.Press("z")
	r.SeesNot("to-do  Two")
	r.onServer("home", "INBOX", "One", "Two", "Three")
}

func TestWhatNoServerTakesIsNoLabel(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One")
	r.start()
	r.Press("+")
	r.Type("fine gr(ün")
	r.Press("enter")
	r.Sees("“gr(ün” is no label", "Label 1 message")
	r.onServer("home", "INBOX", "One")
	r.Press("ctrl+u", "enter")
	r.Sees("Type a word.")
	r.Press("esc")
	r.SeesNot("Label 1 message")
}
