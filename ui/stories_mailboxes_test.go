package ui_test

import (
	"strings"
	"testing"
	"time"
)

func TestMailboxes(t *testing.T) {
	onEveryServer(t, []told{
		{"a mailbox is made and mail goes there", aMailboxIsMadeAndMailGoesThere},
		{"a mailbox is renamed with its mail", aMailboxIsRenamedWithItsMail},
		{"a mailbox renamed elsewhere stays on screen", aMailboxRenamedElsewhereStaysOnScreen},
		{"an empty mailbox goes at once, a full one after a question", anEmptyMailboxGoesAtOnceAFullOneAfterAQuestion},
	})
}

// onMailbox puts the keys on a mailbox of the sidebar, which becomes what is shown.
func (r *rig) onMailbox(name string) {
	r.Press("g f")
	r.Type(name)
	r.Press("enter", "tab")
}

func aMailboxIsMadeAndMailGoesThere(r *rig) {
	r.inbox("home", "First")
	r.start()
	r.onMailbox("archive home")
	r.Press("n")
	r.Sees("New mailbox in home")
	r.Type("Trips%")
	r.Press("enter")
	r.Sees("↑", "stands for any name when mailboxes are listed")
	r.Press("backspace")
	r.Type(" Å")
	r.Press("enter")
	r.Sees("Made “Trips Å” · z undoes it")
	r.Press("g i", "m")
	r.Type("trips")
	r.Press("enter")
	r.Sees("Moved 1 message to Trips Å")
	r.onServer("home", "Trips Å", "First")
	r.Press("z", "z")
	r.Sees("Undone: made “Trips Å”")
	r.onServer("home", "INBOX", "First")
}

func aMailboxIsRenamedWithItsMail(r *rig) {
	r.servers.create(r.t, "home", "Old")
	r.deliver("home", "Old", post{subject: "Kept"})
	r.inbox("home", "First")
	r.start()
	r.onMailbox("old")
	r.Press("r")
	r.Sees("Rename Old")
	r.Press("ctrl+u")
	r.Type("Newer")
	r.Press("enter")
	r.Sees("Renamed “Old” to “Newer” · z undoes it", "home · Newer", "Kept")
	r.onServer("home", "Newer", "Kept")
	r.Press("z")
	r.Sees("Undone: renamed “Old” to “Newer”", "home · Old", "Kept")
	r.onServer("home", "Old", "Kept")
}

func aMailboxRenamedElsewhereStaysOnScreen(r *rig) {
	r.servers.create(r.t, "home", "Old")
	for _, subject := range []string{"One", "Two", "Three"} {
		r.deliver("home", "Old", post{subject: subject})
	}
	r.inbox("home", "First")
	r.start()
	r.onMailbox("old")
	r.Press("tab", "j")
	r.Sees("home · Old")
	if !strings.Contains(r.lineWith("Two"), "▎") {
		r.t.Fatalf("the cursor is elsewhere:\n%s", r.Screen())
	}
	r.servers.rename(r.t, "home", "Old", "Newer")
	r.Press("ctrl+r")
	r.Sees("home · Newer", "One", "Two", "Three")
	if !strings.Contains(r.lineWith("Two"), "▎") {
		r.t.Errorf("the cursor moved:\n%s", r.Screen())
	}
	r.Press("d")
	r.Sees("Deleted 1 message")
	r.onServer("home", "Trash", "Two")
}

func anEmptyMailboxGoesAtOnceAFullOneAfterAQuestion(r *rig) {
	r.servers.create(r.t, "home", "Empty")
	r.servers.create(r.t, "home", "Full")
	r.deliver("home", "Full", post{subject: "Kept"})
	r.inbox("home", "First")
	r.grace = time.Hour
	r.start()
	r.onMailbox("trash home")
	r.Press("d")
	r.Sees("Trash is a mailbox that the account needs: it stays as it is.")
	r.onMailbox("empty")
	r.Press("d")
	r.Sees("Deletes the mailbox “Empty” in", "z undoes it", "home · Inbox", "First")
	r.Press("z")
	r.Sees("Undone: deleted “Empty”")
	r.onMailbox("full")
	r.Press("d")
	r.Sees("Delete the mailbox “Full” with 1 message for good?")
	r.Press("n")
	r.Sees("Kept")
	r.Press("d", "y")
	r.Sees("Deletes the mailbox “Full” in", "z undoes it", "First")
	r.Press("z")
	r.Sees("Undone: deleted “Full”")
	r.onServer("home", "Full", "Kept")
}

func TestAMailboxThatVanishesOnScreenGivesWayToTheInbox(t *testing.T) {
	r := newRig(t)
	r.servers.create(t, "home", "Doomed")
	r.deliver("home", "Doomed", post{subject: "Last words"})
	r.inbox("home", "First")
	r.start()
	r.onMailbox("doomed")
	r.Sees("Last words")
	r.servers.(memory).users["home"].Delete("Doomed")
	r.Press("ctrl+r")
	r.Sees("home · Doomed is no longer there: this is the inbox.", "First")
}
