package ui_test

import (
	"fmt"
	"slices"
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
		{"a mailbox is put below another one", aMailboxIsPutBelowAnotherOne},
		{"a mailbox is subscribed to", aMailboxIsSubscribedTo},
		{"all of a mailbox is marked as read", allOfAMailboxIsMarkedAsRead},
		{"trash is emptied after a question", trashIsEmptiedAfterAQuestion},
		{"by name from the list, unread counts are right after each", byNameFromTheListUnreadCountsAreRightAfterEach},
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

func aMailboxIsPutBelowAnotherOne(r *rig) {
	r.servers.create(r.t, "home", "Trips")
	r.servers.create(r.t, "home", "Years")
	r.deliver("home", "Trips", post{subject: "Kept"})
	r.inbox("home", "First")
	r.start()
	r.onMailbox("trips")
	r.Press("m")
	r.Sees("Put Trips below", "Archive")
	r.Type("years")
	r.Press("enter")
	r.Sees("Moved “Trips” to “Years / Trips” · z undoes it", "home · Years / Trips", "Kept")
	r.onServer("home", "Years/Trips", "Kept")
	r.Press("m")
	r.Sees("(below none)")
	r.Press("enter")
	r.Sees("Moved “Years / Trips” to “Trips”")
	r.onServer("home", "Trips", "Kept")
	r.Press("z")
	r.onServer("home", "Years/Trips", "Kept")
	r.onMailbox("archive home")
	r.Press("m")
	r.Sees("Archive is a mailbox that the account needs")
}

func aMailboxIsSubscribedTo(r *rig) {
	r.inbox("home", "First")
	r.start()
	r.onMailbox("archive home")
	r.Press("n")
	r.Type("Lists")
	r.Press("enter")
	r.onMailbox("lists")
	subscribed := func(want bool) {
		r.t.Helper()
		if got := r.servers.subscribed(r.t, "home", "Lists"); got != want {
			r.t.Errorf("subscribed on the server: %v, want %v", got, want)
		}
	}
	subscribed(true)
	r.Press("s")
	r.Sees("Unsubscribed from “Lists” · z undoes it")
	subscribed(false)
	r.Press("s")
	r.Sees("Subscribed to “Lists” · z undoes it")
	subscribed(true)
	r.Press("z")
	r.Sees("Undone: subscribed to “Lists”")
	subscribed(false)
}

// unread fails unless so many messages of a mailbox are unread, on the server and as the sidebar counts.
func (r *rig) unread(account, mailbox string, want int) {
	r.t.Helper()
	got := 0
	for _, m := range r.servers.messages(r.t, account, mailbox) {
		if !slices.Contains(m.flags, `\Seen`) {
			got++
		}
	}
	all, err := r.store.Mailboxes(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	for _, m := range all {
		if m.Account == account && m.Name == mailbox && (m.Unseen != want || got != want) {
			r.t.Errorf("%d of %s are unread, %d on the server; want %d", m.Unseen, mailbox, got, want)
		}
	}
}

// counted fails unless so many messages of a mailbox at home are unread on the server, in the database and in the sidebar,
// which shows no count for none.
func (r *rig) counted(mailbox, name string, want int) {
	r.t.Helper()
	r.unread("home", mailbox, want)
	line := ""
	for _, l := range r.Lines() {
		if words := strings.Fields(strings.Split(l, "│")[0]); len(words) > 0 && words[0] == name && line == "" {
			line = strings.Join(words, " ")
		}
	}
	if text := strings.TrimSuffix(fmt.Sprintf("%s %d", name, want), " 0"); line != text {
		r.t.Errorf("the sidebar has %q, want %q:\n%s", line, text, r.Screen())
	}
}

// byName asks for an action in the palette.
func (r *rig) byName(action string) {
	r.Press(":")
	r.Type(action)
	r.Press("enter")
}

func byNameFromTheListUnreadCountsAreRightAfterEach(r *rig) {
	for _, box := range []string{"Lists", "Years"} {
		r.servers.create(r.t, "home", box)
	}
	for _, subject := range []string{"One", "Two", "Three"} {
		r.deliver("home", "Lists", post{subject: subject})
	}
	r.deliver("home", "Trash", post{subject: "Old"})
	r.inbox("home", "First", "Second")
	r.start()
	r.byName("rename the mailbox")
	r.Sees("Rename the mailbox, with those below it: not a mailbox.")
	r.Press("esc", "g i")
	r.byName("delete the mailbox")
	r.Sees("the account needs it")
	r.Press("esc", "g f")
	r.Type("lists")
	r.Press("enter")
	r.counted("Lists", "Lists", 3)

	r.byName("rename the mailbox")
	r.Press("ctrl+u")
	r.Type("News")
	r.Press("enter")
	r.Sees("Renamed “Lists” to “News”", "home · News")
	r.counted("News", "News", 3)

	r.byName("put the mailbox below")
	r.Type("years")
	r.Press("enter")
	r.Sees("home · Years / News")
	r.counted("Years/News", "News", 3)

	r.Press("d")
	r.counted("Years/News", "News", 2)
	r.byName("mark all messages")
	r.counted("Years/News", "News", 0)
	r.Press("z")
	r.counted("Years/News", "News", 2)

	r.Press("m")
	r.Type("inbox home")
	r.Press("enter")
	r.counted("Years/News", "News", 1)
	r.counted("INBOX", "Inbox", 3)

	before := r.servers.subscribed(r.t, "home", "Years/News")
	r.byName("subscribe to the mailbox")
	if r.servers.subscribed(r.t, "home", "Years/News") == before {
		r.t.Errorf("its subscription is %v as before", before)
	}
	r.byName("make a mailbox")
	r.Press("ctrl+u")
	r.Type("Made")
	r.Press("enter")
	r.Sees("Made “Made”")
	r.counted("Made", "Made", 0)

	r.byName("delete the mailbox")
	r.Sees("with 1 message for good?")
	r.Press("y")
	r.Sees("home · Inbox")
	r.counted("INBOX", "Inbox", 3)

	r.Press("g #")
	r.unread("home", "Trash", 2)
	r.byName("empty trash")
	r.Sees("Empty “Trash”: delete 2 messages for good?")
	r.Press("y")
	r.counted("Trash", "Trash", 0)
	r.onServer("home", "Trash")
	r.counted("INBOX", "Inbox", 3)
}

func allOfAMailboxIsMarkedAsRead(r *rig) {
	r.servers.create(r.t, "home", "Lists")
	for i := range 60 { // more than the screen shows
		r.deliver("home", "Lists", post{subject: fmt.Sprint("News ", i)})
	}
	r.inbox("home", "One", "Two")
	r.inbox("work", "Three")
	r.start()
	r.onMailbox("lists")
	r.Press("u")
	r.Sees("Marked 60 messages in “Lists” as read · z undoes it")
	r.unread("home", "Lists", 0)
	r.Press("u")
	r.Sees("Everything in “Lists” is read already.")
	r.Press("z")
	r.Sees("Undone: marked 60 messages in “Lists” as read")
	r.unread("home", "Lists", 60)
	r.Press("g i")
	r.Press("* u")
	r.Sees("Marked 2 messages in “home · Inbox” as read")
	r.unread("home", "INBOX", 0)
	r.Press("g a")
	r.Press("* u")
	r.Sees("Marked 1 message in all inboxes as read")
	r.unread("work", "INBOX", 0)
}

func trashIsEmptiedAfterAQuestion(r *rig) {
	for _, subject := range []string{"Old", "Older", "Oldest"} {
		r.deliver("home", "Trash", post{subject: subject})
	}
	r.inbox("home", "First")
	r.grace = time.Hour
	r.start()
	r.onMailbox("archive home")
	r.Press("E")
	r.Sees("Only Trash and Junk are emptied: select what is to go from Archive.")
	r.onMailbox("trash home")
	r.Press("E")
	r.Sees("Empty “Trash”: delete 3 messages for good?")
	r.Press("n")
	r.Sees("Oldest")
	r.Press("E")
	r.deliver("home", "Trash", post{subject: "Came meanwhile"})
	r.Press("y")
	r.Sees("Deletes 3 messages for good in", "z undoes it")
	r.Press("ctrl+r")
	r.Sees("Came meanwhile")
	r.Press("z")
	r.Sees("Undone: emptied “Trash”: 3 messages deleted for good", "Oldest")
	r.onServer("home", "Trash", "Old", "Older", "Oldest", "Came meanwhile")
}

func TestAnEmptiedTrashIsEmptyOnTheServerOnceItsGraceIsOver(t *testing.T) {
	r := newRig(t)
	for i := range 30 {
		r.deliver("home", "Trash", post{subject: fmt.Sprint("Old ", i)})
	}
	r.inbox("home", "First")
	r.grace = 0
	r.start()
	r.onMailbox("trash home")
	r.Press("E")
	r.Press("y")
	r.onServer("home", "Trash")
	r.Press("E")
	r.Sees("“Trash” is empty already.")
}

func TestTwoDeletionsForGoodAreTakenBackOneByOne(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two", "Three", "Four")
	r.grace = time.Hour
	r.start()
	r.Press("x", "x", "D")
	r.Sees("Deletes 2 messages for good in", "z undoes it")
	r.Press("D")
	r.Sees("Deletes 1 message for good in", "and 2 before", "z undoes it")
	r.Press("z")
	r.Sees("Deletes 2 messages for good in", "z undoes it")
	r.Press("z")
	r.Sees("Undone: deleted 2 messages for good", "One", "Two", "Three", "Four")
	r.onServer("home", "INBOX", "One", "Two", "Three", "Four")
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
