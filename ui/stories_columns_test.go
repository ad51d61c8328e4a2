package ui_test

import (
	"regexp"
	"testing"

	"posthorn/ui/screen"
)

// TestTheListHasTheColumnsThatAreWished: in that order, with two lines, too; what is not named is not shown.
func TestTheListHasTheColumnsThatAreWished(t *testing.T) {
	r := newRig(t)
	r.w = 120
	r.config.Columns = screen.Columns{screen.Account, screen.Size, screen.Date, screen.Subject, screen.From}
	r.deliver("home", "INBOX", post{subject: "Boat", from: "Carla Ruiz <carla@books.example>"}, "harbour")
	r.start()
	line := r.lineWith("Boat")
	if !regexp.MustCompile(`● +home +\d+ B +.* +Boat +Carla Ruiz`).MatchString(line) || regexp.MustCompile("harbour|this is the text").MatchString(line) {
		t.Errorf("the row is\n%s", line)
	}
	r.Press("W")
	if above := r.lineWith("Carla Ruiz"); !regexp.MustCompile(`● +Carla Ruiz +home +\d+ B`).MatchString(above) {
		t.Errorf("the row of two lines begins\n%s", above)
	}
	r.inOrder("Carla Ruiz", "home", "Boat")
}
