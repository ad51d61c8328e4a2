package ui_test

import "testing"

func TestJunk(t *testing.T) {
	onEveryServer(t, []told{
		{"junk goes to junk with a mark and comes back without", junkGoesToJunkWithAMarkAndComesBackWithout},
	})
}

func junkGoesToJunkWithAMarkAndComesBackWithout(r *rig) {
	r.inbox("home", "One", "Prize", "Pills")
	r.start()
	r.Press("x", "x", "!")
	r.Sees("Marked 2 messages as junk · z undoes it")
	r.SeesNot("Prize", "Pills")
	r.onServer("home", "Junk", "Prize $Junk", "Pills $Junk")
	r.Press("z")
	r.inOrder("Pills", "Prize", "One")
	r.onServer("home", "Junk")
	r.Press("g g", "!")
	r.Press("g 1", "g f")
	r.Type("junk")
	r.Press("enter")
	r.Sees("Pills")
	r.Press("!")
	r.Sees("Marked 1 message as no junk")
	r.SeesNot("Pills")
	r.onServer("home", "Junk")
	r.onServer("home", "INBOX", "One", "Prize", "Pills $NotJunk")
}
