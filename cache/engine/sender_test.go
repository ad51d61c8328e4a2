package engine

import (
	"context"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail/mailtest"
)

// waiting is a rig whose sender does not run, with one message in the outbox.
func waiting(t *testing.T, until time.Duration, attempts int) (*rig, *sender) {
	t.Helper()
	r := newRig(t)
	r.grace = until
	r.open()
	key, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello"))
	r.must(err)
	o, err := r.store.Outgoing(t.Context(), key)
	r.must(err)
	for range attempts {
		o.Attempts++
		r.must(r.store.SetOutgoing(t.Context(), o))
	}
	return r, r.e.senders["home"]
}

// nothingBefore is how long a sender would wait that has nothing to send now.
func nothingBefore(t *testing.T, s *sender) time.Duration {
	t.Helper()
	o, wait, err := s.next(t.Context())
	if err != nil || o.Key != 0 {
		t.Errorf("%q is sent at once, %v", o.Subject, err)
	}
	return wait
}

// The clock of the test moves on with that of the machine, and what is stored has whole seconds.
func TestTheOutboxIsLookedAtWhenSomethingIsDueAndNowAndThen(t *testing.T) {
	for until, want := range map[time.Duration]time.Duration{8 * time.Second: 9 * time.Second, 50 * time.Second: 51 * time.Second, 24 * time.Hour: lookAgain} {
		_, s := waiting(t, until, 0)
		if wait := nothingBefore(t, s); wait > want || wait <= 0 {
			t.Errorf("due in %v it is looked at in %v, want at most %v", until, wait, want)
		}
	}
}

// What a server has refused for now is tried again as soon as the machine wakes up or the person asks, once. What waits for its
// first time is not.
func TestHasteIsForWhatWasTriedAndDoesNotLast(t *testing.T) {
	for _, why := range []haste{unhurried, woken, byPerson} {
		for _, attempts := range []int{0, 1} {
			r, s := waiting(t, time.Hour, attempts)
			s.refresh(why)
			o, _, err := s.next(t.Context())
			if hurried := why != unhurried && attempts > 0; (o.Key != 0) != hurried || err != nil {
				t.Errorf("haste %d after %d tries: hurried %v, %v", why, attempts, o.Key != 0, err)
			}
			if o.Key != 0 {
				o.NotBefore = r.clock.now().Add(time.Hour)
				r.must(r.store.SetOutgoing(t.Context(), o))
			}
			nothingBefore(t, s)
		}
	}
}

func TestAPauseWhileASenderWaitsForItsConnectionKeepsItFromTheServer(t *testing.T) {
	r, s := waiting(t, 0, 0)
	w := r.e.workers["home"]
	done, err := w.spare.forSending(t.Context(), func() {})
	r.must(err)
	o, _, err := s.next(t.Context())
	r.must(err)
	ended := make(chan error)
	go func() { ended <- s.send(context.WithoutCancel(t.Context()), o) }()
	w.lines.pause(true)
	done()
	r.must(<-ended)
	if o := r.outgoing(o.Key, cache.Queued); o.Attempts != 0 || r.smtp.Logins() != 0 {
		t.Errorf("%d attempts, %d logins", o.Attempts, r.smtp.Logins())
	}
	if wait := nothingBefore(t, s); wait <= 0 {
		t.Errorf("while it is paused it is looked at in %v", wait)
	}
}

// Who refused for now while others accepted is likely to greylist: it is asked later than a server that took nothing.
func TestWhoRefusedForNowIsAskedAgainLaterThanAServerThatTookNothing(t *testing.T) {
	for to, steps := range map[string]int{"cy@example.org": 1, "ben@example.org, cy@example.org": 5} {
		r := newRig(t)
		r.start()
		r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 451, Only: []string{"cy@example.org"}})
		before := r.clock.now()
		o := r.outgoing(r.send(to), cache.Queued)
		after := r.clock.now()
		if o.NotBefore.Before(before.Add(backoff(steps, 0))) || o.NotBefore.After(after.Add(backoff(steps, 1)+time.Second)) {
			t.Errorf("to %s again in %v", to, o.NotBefore.Sub(before))
		}
	}
}
