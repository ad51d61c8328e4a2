package ui_test

import (
	"testing"
)

func TestTheFirstScreenIsAllInboxesNewestFirst(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Lunch on Friday")
	r.inbox("work", "Harbour plans")
	r.inbox("home", "Photos of the boat")
	r.start()
	r.Sees("All inboxes", "3 unread of 3", "home", "work")
	r.inOrder("Photos of the boat", "Harbour plans", "Lunch on Friday")
	t.Log(r.Screen())
}
