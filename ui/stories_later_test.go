package ui_test

import (
	"testing"
	"time"
)

// compose writes a message to Ben as an account and leaves it open.
func (r *rig) compose(subject string) {
	r.t.Helper()
	r.Press("c")
	r.Type("ben@friends.example")
	r.Press("tab", "tab", "tab")
	r.Type(subject)
	r.Press("tab")
	r.Type("Hello Ben.")
}

// accepted fails unless so many messages went out.
func (r *rig) accepted(n int) {
	r.t.Helper()
	if got := len(r.smtp.Accepted()); got != n {
		r.t.Errorf("%d messages went out, want %d", got, n)
	}
}

// tomorrow is nine o'clock then.
func (r *rig) tomorrow() time.Time {
	y, m, d := r.Now().Date()
	return time.Date(y, m, d+1, 9, 0, 0, 0, r.Now().Location())
}

func TestSendingAtAGivenTime(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One")
	r.startWithGrace()
	r.compose("Good morning")
	r.Press("alt+s")
	r.Sees("Send when?", "tomorrow 9:00")
	r.Type("tomorow 9")
	r.Press("enter")
	r.Sees("Send when?", "“tomorow” is no time", "↑")
	for range 9 {
		r.Press("backspace")
	}
	r.Type("tomorrow 9:00")
	r.Sees("Goes out tomorrow at", "as long as posthorn runs then.")
	r.Press("enter")
	r.SeesNot("Send when?")
	r.Sees("Goes out tomorrow at", "as long as posthorn runs then.")
	r.Advance(10 * time.Second)
	r.Sees("1 message goes out tomorrow at", "as long as posthorn runs then.")
	r.Press("g o")
	r.Sees("Good morning", "Goes out tomorrow at", "r sends it now")
	r.Press("q")
	r.Advance(r.tomorrow().Sub(r.Now()) - 30*time.Second)
	r.Sees("Sends “Good morning” in")
	r.accepted(0)
	r.Advance(time.Minute)
	r.Press("ctrl+r")
	r.accepted(1)
	r.SeesNot("goes out", "Sends")
}

func TestWhatIsToBeSentLaterIsTakenBackEditedAndSentNow(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One")
	r.startWithGrace()
	r.compose("Good morning")
	r.Press("alt+s")
	r.Type("in 2d")
	r.Press("enter")
	r.Advance(time.Hour)
	r.Press("z")
	r.Sees("Good morning", "Hello Ben.", "Taken back: nothing was sent.")
	r.Press("alt+s")
	r.Sees("Goes out ") // the time it had is offered again
	r.Press("enter")
	r.Press("g o", "e")
	r.Sees("Hello Ben.")
	r.Press("alt+s", "enter")
	r.Press("g o", "r", "q")
	r.Press("ctrl+r")
	r.accepted(1)
	r.Advance(48 * time.Hour)
	r.Press("ctrl+r")
	r.accepted(1)
}

func TestADraftThatHadATimeIsSentAtOnceByTheKeyForThat(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One")
	r.startWithGrace()
	r.compose("Good morning")
	r.Press("alt+s")
	r.Type("tomorrow 9:00")
	r.Press("enter", "z", "ctrl+s")
	r.Sees("Sends “Good morning” in 8 s")
	r.Advance(10 * time.Second)
	r.Press("ctrl+r")
	r.accepted(1)
}

func TestMailOfSeveralAccountsGoesOutAtItsTimes(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One")
	r.inbox("work", "Two")
	r.startWithGrace()
	for _, account := range []string{"g 1", "g 2"} {
		r.Press(account)
		for _, in := range []string{"in 2h", "in 3h"} {
			r.compose(account + " " + in)
			r.Press("alt+s")
			r.Type(in)
			r.Press("enter")
		}
	}
	r.Advance(10 * time.Second)
	r.Sees("4 messages go out later, the first ")
	r.accepted(0)
	r.Advance(2 * time.Hour)
	r.Press("ctrl+r")
	r.accepted(2)
	r.Advance(time.Hour)
	r.Press("ctrl+r")
	r.accepted(4)
	from := map[string]int{}
	for _, m := range r.smtp.Accepted() {
		from[m.From]++
	}
	if from["anna@home.example"] != 2 || from["anna@work.example"] != 2 {
		t.Errorf("went out through %v", from)
	}
}
