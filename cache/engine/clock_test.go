package engine

import (
	"strings"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
)

func TestAJumpOfTheClockIsNoticed(t *testing.T) {
	start := time.Date(2026, 3, 29, 1, 59, 0, 0, time.UTC)
	for name, c := range map[string]struct{ wall, steady, want time.Duration }{
		"time passes":           {clockLook, clockLook, 0},
		"late by a little":      {clockLook + 3*time.Second, clockLook, 0},
		"the machine slept":     {8 * time.Hour, clockLook, 8*time.Hour - clockLook},
		"ten years forward":     {87600 * time.Hour, 0, 87600 * time.Hour},
		"ten years back":        {-87600 * time.Hour, clockLook, -87600*time.Hour - clockLook},
		"an hour back":          {-time.Hour, 0, -time.Hour},
		"we were not scheduled": {time.Hour, time.Hour, 0},
	} {
		w := clockwatch{start, start}
		if got := w.jumped(start.Add(c.wall), start.Add(c.steady)); got != c.want {
			t.Errorf("%s: jumped by %v, want %v", name, got, c.want)
		}
		if got := w.jumped(start.Add(c.wall+clockLook), start.Add(c.steady+clockLook)); got != 0 {
			t.Errorf("%s: jumped again by %v", name, got)
		}
	}
}

const tenYears = 10 * 365 * 24 * time.Hour

// jump sets the clock of the machine, and lets the engine notice it.
func (r *rig) jump(by time.Duration) {
	r.t.Helper()
	r.clock.forward(by)
	r.e.clockJumped(r.t.Context(), by)
	r.settle()
}

func TestWhatWaitsOutlivesAClockThatJumps(t *testing.T) {
	for name, by := range map[string]time.Duration{"an hour back": -time.Hour, "ten years back": -tenYears, "ten years forward": tenYears} {
		t.Run(name, func(t *testing.T) {
			r := newGraceRig(t)
			r.grace = 10 * time.Minute
			r.deliver("Trash", 1, 1)
			r.deliver("INBOX", 2, 2)
			r.user.Create("Doomed", mail.NoRole)
			r.start()
			r.errand(cache.DeleteMailbox, "Doomed", "", 0)
			if _, err := r.e.Send(t.Context(), draft(r, "tom@example.org", "Hasty")); err != nil {
				t.Fatal(err)
			}
			r.do("deleted for good", mail.Targeted{Message: r.list("Trash")[0].Key, Change: mail.Expunge{}})
			r.jump(by)
			sent, left := len(r.smtp.Accepted()), r.onServer("Trash")
			if by < 0 && (sent != 0 || left != "1" || !strings.Contains(r.names(), "Doomed")) {
				t.Errorf("the grace period ended by itself: %d sent, Trash %q, mailboxes %s", sent, left, r.names())
			}
			r.clock.forward(11 * time.Minute)
			r.e.Refresh("")
			r.settle()
			if sent, left := len(r.smtp.Accepted()), r.onServer("Trash"); sent != 1 || left != "" || strings.Contains(r.names(), "Doomed") {
				t.Errorf("%d sent, Trash %q, mailboxes %s", sent, left, r.names())
			}
			r.fault.CutAt(0, false)
			r.do("read", flag(r.list("INBOX")[0], mail.Seen, true))
			r.settle()
			if got := r.onServer("INBOX"); got != `2\Seen` {
				t.Errorf("INBOX %q", got)
			}
			if n := len(r.fault.Commands()); n > 20 {
				t.Errorf("%d commands for one change: %v", n, r.fault.Commands())
			}
		})
	}
}

func TestRestsAreBoundedWhateverTheClockSays(t *testing.T) {
	r := newGraceRig(t)
	r.deliver("Trash", 1, 1)
	r.start()
	r.do("deleted for good", mail.Targeted{Message: r.list("Trash")[0].Key, Change: mail.Expunge{}})
	w := r.e.workers["home"]
	for _, by := range []time.Duration{0, tenYears, -2 * tenYears} {
		r.clock.forward(by)
		if d := w.restFor(t.Context()); d < 10*time.Millisecond || d > 5*time.Minute {
			t.Errorf("%v away the rest is %v", by, d)
		}
	}
}

// A rest ends when the next of what waits for its time is due, whatever that is.
func TestARestEndsWhenSomethingIsDue(t *testing.T) {
	for name, c := range map[string]struct {
		within time.Duration
		wait   func(r *rig)
	}{
		"a deletion": {20 * time.Second, func(r *rig) {
			r.do("deleted for good", mail.Targeted{Message: r.list("Trash")[0].Key, Change: mail.Expunge{}})
		}},
		"a mailbox": {20 * time.Second, func(r *rig) { r.errand(cache.DeleteMailbox, "Doomed", "", 0) }},
		"a draft": {mirrorPause, func(r *rig) {
			_, err := r.e.SaveDraft(r.t.Context(), draft(r, "ben@example.org", "Hello"))
			r.must(err)
		}},
		"what may have been sent": {seekAfter[1], func(r *rig) { r.uncertain("ben@example.org", true) }},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if c.within == 20*time.Second {
				r.grace = c.within
			}
			r.deliver("Trash", 1, 1)
			r.user.Create("Doomed", mail.NoRole)
			r.start()
			w := r.e.workers["home"]
			if d := w.restFor(t.Context()); d <= 2*time.Minute {
				t.Errorf("with nothing to do the rest is %v", d)
			}
			c.wait(r)
			r.settle()
			if d := w.restFor(t.Context()); d > c.within+time.Second {
				t.Errorf("the rest is %v, want at most %v", d, c.within)
			}
		})
	}
}

func TestAMachineThatWakesUpTriesAtOnce(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 1)
	r.start()
	r.fault.Down(true)
	r.until("offline", func() bool { return r.e.States()[0].Phase == Offline && !r.e.States()[0].Retry.IsZero() })
	r.fault.Down(false)
	r.deliver("INBOX", 2, 2)
	r.e.clockJumped(t.Context(), 8*time.Hour)
	r.until("connected", func() bool { return r.e.States()[0].Phase == Idle })
	r.settle()
	if got := r.subjects("INBOX"); got != "2 1" {
		t.Errorf("list %q", got)
	}
}

// The connections of before are still there and say nothing any more: no router knows them now.
func TestAMachineThatWakesUpDoesNotWaitForItsOldConnections(t *testing.T) {
	r := newRig(t)
	r.silence = 3 * patience
	r.deliver("INBOX", 1, 1)
	r.start()
	r.fault.Stall()
	r.deliver("INBOX", 2, 2)
	r.e.clockJumped(t.Context(), 8*time.Hour)
	r.until("the new mail is there", func() bool { return r.subjects("INBOX") == "2 1" })
}

func TestNoDeadConnectionHoldsTheEndUp(t *testing.T) {
	r := newRig(t)
	r.silence = 3 * patience
	r.deliver("INBOX", 1, 1)
	r.start()
	r.fault.Stall()
	ended := make(chan struct{})
	go func() { r.e.Close(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("it waits for a server that says nothing")
		r.fault.Drop()
		<-ended
	}
}
