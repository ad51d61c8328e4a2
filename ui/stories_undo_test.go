package ui_test

import (
	"context"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail/auth"
	"posthorn/ui/uitest"
)

// startWithGrace is start where sending and deleting for good can be taken back for 8 s of the driver's clock.
func (r *rig) startWithGrace() {
	r.t.Helper()
	r.openWithGrace()
	r.Start(r.app(), r.w, r.h)
}

// openWithGrace is open, likewise.
func (r *rig) openWithGrace() {
	r.t.Helper()
	r.Driver = uitest.NewDriver(r.t)
	store, err := cache.Open(context.Background(), r.dir, cache.Options{Now: r.Now})
	if err != nil {
		r.t.Fatal(err)
	}
	secrets := auth.NewSecrets()
	for _, a := range r.accounts {
		secrets.Provide(a.Name, r.password)
	}
	r.store = store
	r.engine = engine.New(store, r.accounts, engine.Options{Now: r.Now, Grace: 8 * time.Second, Secrets: secrets, Dial: r.fault.Dial, Patience: 20 * time.Second})
	r.Events, r.Settle = r.engine.Events(), r.engine.Settle
}

// write sends a message to Ben.
func (r *rig) write(subject string) {
	r.t.Helper()
	r.Press("c")
	r.Type("ben@friends.example")
	r.Press("tab", "tab", "tab")
	r.Type(subject)
	r.Press("tab")
	r.Type("Hello Ben.")
	r.Press("ctrl+s")
}

func TestSendingCountsDownAndIsTakenBack(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two")
	r.startWithGrace()
	r.write("Hasty words")
	r.Sees("Sends “Hasty words” in 8 s · z takes it back")
	r.Advance(2 * time.Second)
	r.Sees("Sends “Hasty words” in 6 s · z takes it back")
	r.Press("s")
	r.Sees("Starred 1 message · z undoes it")
	r.Advance(2 * time.Second)
	r.Press("z")
	r.Sees("Undone: starred 1 message.")
	r.Press("z")
	r.Sees("Hasty words", "Hello Ben.", "Taken back: nothing was sent.")
	r.Type("Dear ")
	r.Press("ctrl+s")
	r.Advance(10 * time.Second)
	r.Press("ctrl+r")
	if got := r.smtp.Accepted(); len(got) != 1 {
		t.Errorf("%d messages were sent", len(got))
	}
	r.SeesNot("Sends")
	r.Press("z")
	r.Sees("Undo: sent “Hasty words” can no longer be undone")
}

func TestDeletingForGoodCountsDownAndIsUndone(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "Trash", post{subject: "Old"})
	r.deliver("home", "Trash", post{subject: "Older"})
	r.startWithGrace()
	r.Press("g i", "g #", "* a")
	r.Resize(40, 12)
	r.Sees("2 selected")
	r.Press("d")
	r.Sees("z undoes it, 8 s · Deletes 2 messages")
	r.Resize(120, 36)
	r.Sees("Deletes 2 messages for good in 8 s · z undoes it", "No messages here.")
	r.Advance(3 * time.Second)
	r.Sees("Deletes 2 messages for good in 5 s · z undoes it")
	r.Press("z")
	r.SeesNot("Deletes")
	r.Sees("Undone: deleted 2 messages for good.", "Older")
	r.Press("ctrl+y")
	r.SeesNot("Older")
	r.Advance(9 * time.Second)
	r.Press("ctrl+r")
	r.SeesNot("Deletes")
	r.onServer("home", "Trash")
}

func TestDeletingForGoodAnywhereCountsDownAndSurvivesARestart(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two", "Three")
	r.startWithGrace()
	r.Press("D")
	r.Sees("Deletes 1 message for good in 8 s · z undoes it", "Two")
	r.SeesNot("Three")
	r.Press("z")
	r.Sees("Three")
	r.Press("* a", "D")
	r.Sees("No messages here.")
	r.stop()
	r.onServer("home", "INBOX", "One", "Two", "Three")
	r.startWithGrace()
	r.Sees("Deletes 3 messages for good in", "No messages here.")
	r.Press("z")
	r.Sees("Undone: deleted 3 messages for good.", "Two")
	r.Press("g g", "D")
	r.Advance(10 * time.Second)
	r.Press("ctrl+r")
	r.onServer("home", "INBOX", "One", "Two")
}

// While another message is written z is a letter, and there is another key.
func TestSendingIsTakenBackWhileAnotherMessageIsWritten(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One")
	r.startWithGrace()
	r.write("Hasty words")
	r.Press("c")
	r.Sees("Sends “Hasty words” in 8 s · alt+u takes it back")
	r.Press("z", "alt+u")
	r.Sees("Taken back: nothing was sent.", "Hasty words", "Hello Ben.")
	r.Press("esc")
	r.Sees("To  z", "The draft is kept.") // the other goes on
	r.Press("alt+u")
	r.Sees("Nothing that was done last is about to be sent.")
	r.accepted(0)
}

// Wherever one has gone meanwhile, one key takes the message back.
func TestSendingIsTakenBackFromEveryScreen(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One")
	r.startWithGrace()
	r.write("Hasty words")
	for _, way := range [][]string{{}, {"enter"}, {"tab"}, {"g o"}, {"g l"}, {"g p"}, {"i"}, {"g t"}, {"?", "esc"}, {"/", "esc"}} {
		r.Press(way...)
		r.Sees("Sends “Hasty words” in 8 s · z takes it back")
		r.Press("z")
		r.Sees("Taken back: nothing was sent.", "Hello Ben.")
		r.Press("ctrl+s")
		if len(way) > 0 && way[0] != "tab" {
			r.Press("esc")
		}
		r.Press("g 1")
	}
	r.accepted(0)
}

func TestRedoDoesAgainWhatWasUndone(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two")
	r.start()
	r.Press("s", "a", "z", "z")
	r.Sees("Undone: starred 1 message. ctrl+y does it again.")
	r.stop()
	r.start()
	r.Press("ctrl+y")
	r.Sees("Done again: starred 1 message · z undoes it", "★")
	r.Press("ctrl+y")
	r.SeesNot("★")
	r.onServer("home", "INBOX", "One")
	r.onServer("home", "Archive", `Two \Flagged`)
	r.Press("ctrl+y")
	r.Sees("Nothing to do again.")
	r.Press("z", "z", "u", "ctrl+y") // something new came in between
	r.Sees("Nothing to do again.")
	r.onServer("home", "Archive")
}

func TestWhatWaitsIsShownAndGivenUp(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two", "Three")
	r.start()
	r.fault.Down(true)
	r.UntilSeen("No connection")
	r.Press("a", "a", "s")
	r.SeesNot("Two")
	r.Press("g o")
	r.Sees("Waiting", "Move 2 messages to Archive", "in INBOX of home", "Mark 1 message as starred", "Waits for the server.")
	r.Press("d")
	r.Sees("Given up: it is as the server has it.", "Mark 1 message as starred")
	r.SeesNot("Move 2 messages")
	r.Press("q")
	r.Sees("Three", "Two", "One")
	r.fault.Down(false)
	r.Press("g o", "r")
	r.Until("the star is on the server", func() bool { return r.servers.messages(t, "home", "INBOX")[0].String() == `One \Flagged` })
	r.onServer("home", "Archive")
}

func TestSendAndArchiveIsOneKeyAndOneUndo(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Boat", "Lunch on Friday")
	r.startWithGrace()
	r.Press("enter", "r")
	r.Type("Yes.")
	r.Press("alt+e")
	r.SeesNot("this is the text of Lunch on Friday") // the reader is closed
	r.onServer("home", "Archive", "Lunch on Friday")
	r.Press("z")
	r.Sees("Taken back: nothing was sent.", "Re: Lunch on Friday")
	r.onServer("home", "INBOX", "Boat", "Lunch on Friday")
	r.Press("alt+e")
	r.Advance(10 * time.Second)
	r.Press("ctrl+r")
	r.onServer("home", "Archive", `Lunch on Friday \Answered`)
	r.submitted()
}

// A conversation goes to Archive as a whole, own answers in Sent aside; what came after the answered message and nobody
// has read stays where it will be seen.
func TestSendAndArchiveArchivesTheConversation(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Boat", "Car")
	r.deliver("home", "Sent", post{from: "Anna Lindqvist <anna@home.example>", to: "ben@friends.example", subject: "Re: Boat", header: inReplyTo("Boat")}, `\Seen`)
	r.deliver("home", "INBOX", post{subject: "Re: Re: Boat", header: inReplyTo("Boat", "Re: Boat")})
	r.startWithGrace()
	r.Press("g i", "r")
	r.Sees("Re: Boat")
	r.deliver("home", "INBOX", post{subject: "Boat is gone", header: inReplyTo("Boat")})
	r.Type("Yes.")
	r.Press("alt+e")
	r.onServer("home", "Archive", "Boat", "Re: Re: Boat")
	r.onServer("home", "INBOX", "Car", "Boat is gone")
	r.onServer("home", "Sent", `Re: Boat \Seen`)
	r.Press("z")
	r.Sees("Taken back: nothing was sent.")
	r.Until("both are back", func() bool { return len(r.servers.messages(t, "home", "INBOX")) == 4 })
	r.onServer("home", "Archive")
}

// TestWhatAnUndoBringsBackIsSeen: the cursor goes to the nearest of it, but leaves no row that is of it, and
// stays where a message is read.
func TestWhatAnUndoBringsBackIsSeen(t *testing.T) {
	r := newRig(t)
	r.inbox("home", letters(60)...)
	r.start()
	r.Press("g i", "j", "d", "G")
	r.cursorOn("Letter 00")
	r.SeesNot("Letter 57")
	r.Press("z")
	r.cursorOn("Letter 58")
	r.Press("G", "k", "k", "x", "x", "x", "s", "g g", "z")
	r.cursorOn("Letter 02")
	r.Sees("Letter 00")
	r.SeesNot("★")
	r.Press("j", "ctrl+y") // on one of those it is about
	r.cursorOn("Letter 01")
	r.Sees("★")
	r.Press("g g", "enter", "s", "J", "z")
	r.Sees("Undone: starred 1 message", "the text of Letter 58")
	r.Press("q")
	r.cursorOn("Letter 58")
}
