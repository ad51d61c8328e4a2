package ui_test

import (
	"testing"

	"posthorn/mail/mailtest"
)

func TestActing(t *testing.T) {
	onEveryServer(t, []told{
		{"archive is on screen at once and on the server soon", archiveIsOnScreenAtOnceAndOnTheServerSoon},
		{"delete moves to trash and undo brings back", deleteMovesToTrashAndUndoBringsBack},
		{"delete in trash is for good", deleteInTrashIsForGood},
		{"read and unread reach the server and are undone", readAndUnreadReachTheServerAndAreUndone},
		{"move to a mailbox by a part of its name", moveToAMailboxByAPartOfItsName},
		{"selected messages of two accounts are archived each in its own", selectedMessagesOfTwoAccountsAreArchivedEachInItsOwn},
		{"what is done offline reaches the server later", whatIsDoneOfflineReachesTheServerLater},
		{"the list of another mailbox is fetched when it is shown", theListOfAnotherMailboxIsFetchedWhenItIsShown},
	})
}

func archiveIsOnScreenAtOnceAndOnTheServerSoon(r *rig) {
	r.inbox("home", "First", "Second", "Third")
	r.start()
	r.Press("j", "a")
	r.Sees("Archived 1 message · z undoes it")
	r.SeesNot("Second")
	r.onServer("home", "INBOX", "First", "Third")
	r.onServer("home", "Archive", "Second")
	r.Press("enter") // the cursor went on to the next
	r.Sees("this is the text of First")
	r.Press("q", "z")
	r.Sees("Undone: archived 1 message.")
	r.inOrder("Third", "Second", "First")
	r.onServer("home", "Archive")
	r.onServer("home", "INBOX", "First", "Third", "Second")
}

func deleteMovesToTrashAndUndoBringsBack(r *rig) {
	r.inbox("work", "First", "Second")
	r.start()
	r.Press("d")
	r.SeesNot("Second")
	r.onServer("work", "Trash", "Second")
	r.Press("z")
	r.Sees("Second")
	r.onServer("work", "Trash")
	r.onServer("work", "INBOX", "First", "Second")
}

func deleteInTrashIsForGood(r *rig) {
	r.deliver("home", "Trash", post{subject: "Old"})
	r.deliver("home", "Trash", post{subject: "Older"})
	r.start()
	r.Press("g i", "g #", "d")
	r.Sees("Deleted 1 message for good")
	r.onServer("home", "Trash", "Old")
}

func readAndUnreadReachTheServerAndAreUndone(r *rig) {
	r.inbox("home", "Only")
	r.start()
	r.Press("u")
	r.Sees("Marked 1 message as read")
	r.onServer("home", "INBOX", `Only \Seen`)
	r.Press("u")
	r.Sees("Marked 1 message as unread", "1 unread of 1")
	r.onServer("home", "INBOX", "Only")
	r.Press("z")
	r.onServer("home", "INBOX", `Only \Seen`)
}

func TestStarReachesTheServerAndIsUndone(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Only")
	r.start()
	r.Press("s")
	r.Sees("★")
	r.onServer("home", "INBOX", `Only \Flagged`)
	r.Press("z")
	r.SeesNot("★")
	r.onServer("home", "INBOX", "Only")
}

func moveToAMailboxByAPartOfItsName(r *rig) {
	r.servers.create(r.t, "home", "Lists/Überfahrt")
	r.inbox("home", "First", "Second")
	r.start()
	r.Press("m")
	r.Sees("Move 1 message to")
	r.Type("fahr")
	r.Press("enter")
	r.Sees("Moved 1 message to Lists / Überfahrt")
	r.SeesNot("Second")
	r.onServer("home", "Lists/Überfahrt", "Second")
	r.Press("z")
	r.Sees("Second")
	r.onServer("home", "Lists/Überfahrt")
}

func selectedMessagesOfTwoAccountsAreArchivedEachInItsOwn(r *rig) {
	r.inbox("home", "Home one")
	r.inbox("work", "Work one")
	r.inbox("home", "Home two")
	r.start()
	r.Press("x", "x", "a")
	r.Sees("Archived 2 messages")
	r.SeesNot("Home two", "Work one")
	r.Sees("Home one")
	r.onServer("home", "Archive", "Home two")
	r.onServer("work", "Archive", "Work one")
	r.Press("z")
	r.inOrder("Home two", "Work one", "Home one")
	r.onServer("home", "Archive")
	r.onServer("work", "Archive")
}

func TestSeveralSelectedAreStarredReadDeletedAndMoved(t *testing.T) {
	r := newRig(t)
	r.servers.create(t, "home", "Keep")
	r.inbox("home", "One", "Two", "Three", "Four")
	r.start()
	r.Press("x", "x", "s")
	r.Sees("Starred 2 messages")
	r.onServer("home", "INBOX", "One", "Two", `Three \Flagged`, `Four \Flagged`)
	r.Press("g g", "x", "j", "V", "u") // the range from the first to the third
	r.Sees("Marked 3 messages as read")
	r.onServer("home", "INBOX", "One", `Two \Seen`, `Three \Flagged \Seen`, `Four \Flagged \Seen`)
	r.Press("* a", "d")
	r.Sees("Deleted 4 messages", "No messages here.")
	r.Press("z", "z", "z")
	r.onServer("home", "Trash")
	r.Press("* a", "m")
	r.Sees("Move 4 messages to")
	r.Type("kee")
	r.Press("enter")
	r.Sees("Moved 4 messages to Keep")
	if got := r.servers.messages(t, "home", "Keep"); len(got) != 4 {
		t.Errorf("moved %v", got)
	}
}

func TestUndoGoesBackStepByStep(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two")
	r.start()
	r.Press("s", "a", "z", "z")
	r.Sees("Undone: starred 1 message.")
	r.onServer("home", "Archive")
	if got := r.servers.messages(t, "home", "INBOX"); len(got) != 2 || got[0].String() != "One" || got[1].String() != "Two" {
		t.Errorf("INBOX %v", got)
	}
	r.Press("z")
	r.Sees("Nothing to undo.")
}

func TestActingOnTheOpenMessageGoesBackToTheList(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two", "Three")
	r.start()
	r.Press("j", "enter")
	r.Sees("this is the text of Two")
	r.Press("d")
	r.SeesNot("this is the text of Two")
	r.inOrder("Three", "One")
	r.onServer("home", "Trash", "Two")
}

func whatIsDoneOfflineReachesTheServerLater(r *rig) {
	r.inbox("home", "One", "Two", "Three")
	r.start()
	r.fault.Down(true)
	r.UntilSeen("No connection")
	r.Press("a", "s", "u")
	r.SeesNot("Three")
	r.onServer("home", "INBOX", "One", "Two", "Three")
	r.stop()
	r.start() // still offline: it is remembered
	r.SeesNot("Three")
	r.Sees("★")
	r.fault.Down(false)
	r.Press("ctrl+r")
	r.Until("the server has it", func() bool { return len(r.servers.messages(r.t, "home", "Archive")) == 1 })
	r.onServer("home", "INBOX", "One", `Two \Flagged \Seen`)
	r.onServer("home", "Archive", "Three")
}

func TestAChangeByAnotherProgramAppears(t *testing.T) {
	servers := inProcess(t)
	r := newRigOn(t, servers)
	r.inbox("home", "One", "Two")
	r.start()
	home := servers.users["home"]
	messages := home.Messages("INBOX")
	home.SetFlags("INBOX", messages[0].UID, true, mailtest.Flag(`\Flagged`))
	r.UntilSeen("★")
	home.Expunge("INBOX", messages[1].UID)
	r.Until("it is gone", func() bool { return r.lineWith("Two") == "" })
	r.Sees("One")
}

func theListOfAnotherMailboxIsFetchedWhenItIsShown(r *rig) {
	r.deliver("home", "Archive", post{subject: "Kept"})
	r.deliver("work", "Sent", post{subject: "Written", from: "anna@work.example", to: "Ben Okafor <ben@friends.example>"}, `\Seen`)
	r.start()
	r.Press("g 1", "g e")
	r.Sees("Kept", "home · Archive")
	r.Press("g 2", "g t")
	r.Sees("Written", "Ben Okafor", "work · Sent")
}

func TestAnAccountWithoutTrashSaysSo(t *testing.T) {
	s := inProcess(t)
	s.users["home"].Delete("Trash")
	r := newRigOn(t, s)
	r.deliver("home", "INBOX", post{subject: "Lunch on Friday"})
	r.start()
	r.Press("d")
	r.Sees("There is no Trash mailbox in home: make one there", "Lunch on Friday")
}

func TestAllMessagesOfAMailboxAreSelectedAndActedOnAtOnce(t *testing.T) {
	r := newRig(t)
	for range 700 { // more than the rows in memory
		r.inbox("home", "Again")
	}
	r.start()
	r.Press("T", "* a") // they are one conversation
	r.Sees("700 selected of 700")
	r.Press("u")
	r.Sees("Marked 700 messages as read")
	r.Press("j", "x", "G", "V", "* a", "* a")
	r.SeesNot("selected")
	r.Press("g g", "x", "G", "V", "s")
	r.Sees("Starred 700 messages")
}
