package ui_test

import "testing"

func TestWhatIsFoundIsSelectedWithinWhatIsShown(t *testing.T) {
	r := newRig(t)
	for _, p := range []post{{subject: "Boat"}, {subject: "Rowing news", from: "Rowers <news@rowing.example>"}, {subject: "Rowing hours", from: "Rowers <news@rowing.example>"},
		{subject: "Re: Boat", header: []string{"In-Reply-To: <" + id("Boat") + ">", "References: <" + id("Boat") + ">"}}, {subject: "Lunch"}} {
		r.deliver("home", "INBOX", p)
	}
	r.start()
	choose := func(text string) {
		t.Helper()
		r.Press("*", "/")
		r.Type(text)
		r.Press("enter")
	}
	choose("subject:rowing")
	r.Sees("2 selected of")
	choose("subject:lunch") // goes on
	r.Sees("3 selected of")
	r.Press("a")
	r.Sees("Archived 3 messages")
	r.SeesNot("Lunch")
	r.Press("z")
	r.Sees("Lunch")

	choose("from:")
	r.Sees("Select what this finds here")
	r.Press("esc")
	choose("subject:tides")
	r.Sees("That finds nothing to select here.")

	r.Press("/")
	r.Type("subject:boat OR subject:rowing")
	r.Press("enter", "*", "/")
	r.Type("subject:lunch OR subject:hours")
	r.Press("enter")
	r.Sees("1 selected of 4")
	r.Press("esc", "G", "*", "c")
	r.Sees("2 selected of 4")
}
