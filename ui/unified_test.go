package ui_test

import "testing"

// What is sent and written in all accounts is one list each, in which one acts as in a mailbox.
func TestDraftsAndSentMailOfAllAccountsAreOneList(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "INBOX", post{subject: "Lunch"})
	r.deliver("home", "Sent", post{subject: "From home", to: "ben@example.org"}, `\Seen`)
	r.deliver("work", "Sent", post{subject: "From work", to: "cem@example.org"}, `\Seen`)
	r.deliver("home", "Drafts", post{subject: "Half at home"}, `\Seen`, `\Draft`)
	r.deliver("work", "Drafts", post{subject: "Half at work"}, `\Seen`, `\Draft`)
	r.start()
	r.Press("g", "T")
	r.Sees("All sent  2 found")
	r.Sees("From home")
	r.Sees("From work")
	r.Sees("cem@example.org") // whom it went to
	r.SeesNot("Lunch")
	r.Press("*", "a", "s")
	r.Sees("Starred 2")
	r.Press("z", "g", "D")
	r.Sees("All drafts  2 found")
	r.Sees("Half at home")
	r.Sees("Half at work")
	r.SeesNot("From home")
	r.Press("enter")
	r.Sees("Subject")
	r.Press("esc", "ctrl+o")
	r.Sees("From work")
}
