package ui_test

import (
	"slices"
	"strings"
	"testing"
)

func TestCopying(t *testing.T) {
	onEveryServer(t, []told{
		{"a copy is in both mailboxes and undo removes it", aCopyIsInBothMailboxesAndUndoRemovesIt},
		{"a copy to another account has the same octets", aCopyToAnotherAccountHasTheSameOctets},
		{"a move to another account and back", aMoveToAnotherAccountAndBack},
		{"a selection of both accounts goes to one", aSelectionOfBothAccountsGoesToOne},
		{"what is copied offline arrives later", whatIsCopiedOfflineArrivesLater},
	})
}

func aCopyIsInBothMailboxesAndUndoRemovesIt(r *rig) {
	r.servers.create(r.t, "home", "Keep")
	r.inbox("home", "First")
	r.deliver("home", "INBOX", post{subject: "Second"}, `\Seen`, `\Flagged`)
	r.start()
	r.Press("y")
	r.Sees("Copy 1 message to")
	r.Type("keep")
	r.Press("enter")
	r.Sees("Copied 1 message to Keep · z undoes it", "Second")
	r.onServer("home", "Keep", `Second \Flagged \Seen`)
	r.onServer("home", "INBOX", "First", `Second \Flagged \Seen`)
	r.Press("z")
	r.Sees("Undone: copied 1 message to Keep.")
	r.onServer("home", "Keep")
	r.onServer("home", "INBOX", "First", `Second \Flagged \Seen`)
	r.Press("ctrl+y")
	r.onServer("home", "Keep", `Second \Flagged \Seen`)
}

// octets are the messages of a mailbox as they came.
func (r *rig) octets(account, mailbox string) (out []string) {
	for _, m := range r.servers.messages(r.t, account, mailbox) {
		out = append(out, string(m.raw))
	}
	return out
}

func aCopyToAnotherAccountHasTheSameOctets(r *rig) {
	r.deliver("home", "INBOX", post{subject: "One", text: "A line.\n.\n" + strings.Repeat("long ", 300)}, `\Seen`)
	r.deliver("home", "INBOX", post{subject: "Two", text: "Größe"})
	want := r.octets("home", "INBOX")
	r.start()
	r.Press("* a", "y")
	r.Sees("Copy 2 messages to")
	r.Type("arch work")
	r.Press("enter")
	r.Sees("Copied 2 messages to Archive of work")
	got := r.octets("work", "Archive")
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		r.t.Errorf("arrived as %q, want %q", got, want)
	}
	r.onServer("home", "INBOX", `One \Seen`, "Two")
	r.Press("z")
	r.Sees("Undone: copied 2 messages")
	r.onServer("work", "Archive")
	r.onServer("home", "INBOX", `One \Seen`, "Two")
}

func aMoveToAnotherAccountAndBack(r *rig) {
	r.inbox("home", "First")
	r.deliver("home", "INBOX", post{subject: "Second"}, `\Flagged`)
	before := r.octets("home", "INBOX")
	r.start()
	r.Press("m")
	r.Type("work inbox")
	r.Press("enter")
	r.Sees("Moved 1 message to Inbox of work")
	r.onServer("home", "INBOX", "First")
	r.onServer("work", "INBOX", `Second \Flagged`)
	r.Press("z")
	r.Sees("Undone: moved 1 message to Inbox of work.")
	r.onServer("work", "INBOX")
	r.onServer("home", "INBOX", "First", `Second \Flagged`)
	if got := r.octets("home", "INBOX"); !slices.Equal(got, before) {
		r.t.Errorf("came back as %q, want %q", got, before)
	}
	r.Press("ctrl+y")
	r.Sees("Done again: moved 1 message to Inbox of work")
	r.onServer("home", "INBOX", "First")
	r.onServer("work", "INBOX", `Second \Flagged`)
}

func aSelectionOfBothAccountsGoesToOne(r *rig) {
	r.inbox("home", "Home one")
	r.inbox("work", "Work one")
	r.start()
	r.Press("* a", "m")
	r.Type("work arch")
	r.Press("enter")
	r.Sees("Moved 2 messages to Archive of work", "No messages here.")
	r.onServer("home", "INBOX")
	r.onServer("work", "INBOX")
	if got := len(r.servers.messages(r.t, "work", "Archive")); got != 2 {
		r.t.Errorf("%d messages arrived", got)
	}
	r.Press("z")
	r.onServer("home", "INBOX", "Home one")
	r.onServer("work", "INBOX", "Work one")
}

func whatIsCopiedOfflineArrivesLater(r *rig) {
	r.inbox("home", "First")
	r.start()
	r.fault.Down(true)
	r.UntilSeen("No connection")
	r.Press("y")
	r.Type("arch work")
	r.Press("enter", "g o")
	r.Sees("Copy 1 message to Archive of work", "in INBOX of home", "Waits for the server.")
	r.Press("q", "g 2", "g e")
	r.Sees("First")
	r.Press("g 1")
	r.fault.Down(false)
	r.Press("ctrl+r")
	r.Until("the copy is there", func() bool { return len(r.servers.messages(r.t, "work", "Archive")) == 1 })
	r.onServer("home", "INBOX", "First")
}
