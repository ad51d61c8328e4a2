package ui_test

import (
	"strings"
	"testing"
	"time"
)

// everywherePaused fails unless the sidebar and the status line say that home is paused.
func (r *rig) everywherePaused() {
	r.t.Helper()
	r.Advance(time.Minute) // what was said last is gone
	r.Sees("Paused: home", "home ‖ paused", "home ‖  work ")
	r.SeesNot("work ‖")
}

func TestAnAccountIsPausedAndResumed(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One")
	r.start()
	r.Press("tab", "p")
	r.Sees("Which account? Go to a mailbox of it first.")
	r.Press("tab", ":") // and from anywhere: the account of the message
	r.Type("pause the account")
	r.Press("enter")
	r.Sees("home is paused: nothing is fetched or sent. p in the sidebar resumes it.")
	r.Press("g i")
	r.inbox("home", "Two")
	r.inbox("work", "Plans")
	r.Press("ctrl+r")
	r.Sees("Looking for new mail. Not of what is paused: home.")
	r.Press("s") // a wish
	r.everywherePaused()
	r.SeesNot("Two")
	r.write("Hello")
	r.Press("g o")
	r.Sees("Waits: the account home is paused.")
	r.inOrder("Hello", "Waits: the account home is paused.", "starred", "Waits: the account home is paused.")
	r.Press("q", "g p")
	r.inOrder("home", "Paused", "work", "Connected")
	r.Press("q")
	r.accepted(0)
	r.onServer("home", "INBOX", "One", "Two")

	r.again() // it is remembered
	r.everywherePaused()
	r.Press("g 2")
	r.Sees("Plans") // the other account goes on
	r.Press("g 1")
	r.SeesNot("Two")
	r.Press("tab", "p")
	r.Sees("home is resumed: looking for new mail.")
	r.Until("what waited is done", func() bool {
		return len(r.smtp.Accepted()) == 1 && strings.Contains(r.Screen(), "home ●") && strings.Contains(r.Screen(), "Two")
	})
	r.SeesNot("paused", "Paused", "‖")
	r.onServer("home", "INBOX", `One \Flagged`, "Two")
}

// What counts down says that it waits for more than its time.
func TestWhatIsSentByAPausedAccountSaysSo(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One")
	r.startWithGrace()
	r.Press("g i", "tab", "p", "tab")
	r.write("Hello")
	r.Sees("Sends “Hello” in 8 s, once home is resumed · z takes it back")
	r.Press("z")
	r.Sees("Taken back: nothing was sent.")
}
