package engine

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// watched is a rig whose server answers some commands oddly, and what ends once its account has both the connections it is
// to have at rest.
func watched(t *testing.T, odds ...func(name, line string) string) (*rig, <-chan struct{}) {
	var mu sync.Mutex
	idles, both := 0, make(chan struct{})
	r := odd(t, &mailtest.Odd{Command: func(name, line string) string {
		mu.Lock()
		defer mu.Unlock()
		if name == "IDLE" {
			if idles++; idles == 2 {
				close(both)
			}
		}
		for _, odd := range odds {
			if answer := odd(name, line); answer != "" {
				return answer
			}
		}
		return ""
	}})
	return r, both
}

func (r *rig) pause(on bool) {
	r.t.Helper()
	r.must(r.e.Pause(r.t.Context(), r.account.Name, on))
}

func (r *rig) paused() bool { return r.e.States()[0].Phase == Paused }

// everything asks for all that needs a server.
func (r *rig) everything() {
	r.t.Helper()
	m := r.list("INBOX")[0]
	r.do("starred", flag(m, mail.Flagged, true))
	r.post(r.account, "ben@example.org", 1)
	r.e.Open(m.Key, "")
	r.e.Focus(r.mailbox("Archive").Key)
	r.looksFor("anything")
	r.e.Refresh("")
	r.e.Wake()
	r.e.clockJumped(r.t.Context(), 8*time.Hour)
	r.settle()
}

func TestAPausedAccountHasNoConnectionAndItsWishesWait(t *testing.T) {
	r, both := watched(t)
	r.deliver("INBOX", 1, 1)
	r.start()
	<-both
	r.pause(true)
	r.until("it is paused", r.paused)
	r.settle()
	before := r.fault.Dialled()
	r.deliver("INBOX", 2, 2)
	r.everything()
	if got := r.fault.Dialled(); got != before {
		t.Errorf("%d connections were made while it was paused", got-before)
	}
	if _, f := r.found(); len(f.Unasked) != 1 || f.Unasked[0].Why != "paused" {
		t.Errorf("of the search it says %+v", f)
	}

	r.close() // and it is remembered
	r.fault = &mailtest.Fault{}
	r.open()
	r.e.Start(t.Context())
	r.until("it is paused", r.paused)
	r.everything()
	if got := r.fault.Dialled(); got != 0 {
		t.Errorf("%d connections were made by an account that was paused before", got)
	}
	r.sent(0)
	if got := r.onServer("INBOX") + "|" + r.subjects("INBOX"); got != "1 2|1" {
		t.Errorf("on the server and here: %q", got)
	}

	r.pause(false)
	r.until("it is connected", r.connected)
	r.settle()
	r.sent(2)
	if got := r.onServer("INBOX") + "|" + r.subjects("INBOX"); got != `1\Flagged 2|2 1` {
		t.Errorf("on the server and here: %q", got)
	}
	if on, err := r.store.Choice(t.Context(), PausedChoice("home")); on != "" || err != nil {
		t.Errorf("it is remembered as paused: %q %v", on, err)
	}
}

// What a server is being told of goes to its end: to break off would leave a doubt whether it was sent.
func TestAPauseLeavesWhatIsBeingSentToItsEnd(t *testing.T) {
	r := newRig(t)
	r.submission(mailtest.SubmissionOptions{Deliver: func(string, []string, []byte) error { return r.e.Pause(context.Background(), "home", true) }})
	r.start()
	r.post(r.account, "ben@example.org", 2)
	r.until("it is paused", r.paused)
	r.settle()
	r.sent(1)
	rows, err := r.store.Outbox(t.Context())
	r.must(err)
	var states []string
	for _, o := range rows {
		states = append(states, string(o.State))
	}
	if got := strings.Join(states, " "); got != string(cache.Sent)+" "+string(cache.Queued) {
		t.Errorf("the outbox has %q", got)
	}
	r.pause(false) // until the second is being sent, or after it
	r.until("it has gone out, and is paused again", func() bool { return len(r.smtp.Accepted()) == 2 && r.paused() })
}

func TestAPauseLeavesTheOtherAccountAlone(t *testing.T) {
	r, work := pair(t)
	r.start()
	r.pause(true)
	r.until("it is paused", r.paused)
	work.Append("INBOX", message("News", "Hello."), time.Now())
	r.e.Refresh("")
	r.until("the other has its news", func() bool { return r.shownIn("work", "INBOX") == "News" })
	if phase := r.e.States()[0].Phase; phase != Paused {
		t.Errorf("the paused one is in phase %d", phase)
	}
}

// A pause is no try: an account that waits for a password or a network says what it is, and is asked about again afterwards.
func TestAPausedAccountAsksForNoPassword(t *testing.T) {
	r := newRig(t)
	r.open()
	r.e.opt.Secrets.Provide("home", "wrong")
	r.e.Start(t.Context())
	asks := func() bool { return r.e.States()[0].Phase == NeedsLogin }
	r.until("it asks for the password", asks)
	r.pause(true)
	r.until("it is paused", r.paused)
	r.pause(false)
	r.until("it asks again", asks)
	r.pause(true)
	r.until("it is paused", r.paused)
	r.e.Login("home", "secret", false)
	r.settle()
	if !r.paused() {
		t.Errorf("a password ends the pause: %+v", r.e.States())
	}
	r.pause(false)
	r.until("it is connected", r.connected)
}

// What was looked for when the account was paused is looked for once it goes on, and not said to have failed.
func TestASearchUnderWayWaitsForItsAccountToBeResumed(t *testing.T) {
	held, asked := heldSearch()
	r := odd(t, &mailtest.Odd{Command: held})
	r.user.Append("INBOX", message("One", "the tickets are here"), time.Now())
	r.start()
	r.looksFor("tickets")
	<-asked
	r.pause(true)
	r.settle()
	if got, f := r.found(); got != "" || len(f.Unasked) != 1 || f.Unasked[0] != (Unasked{"home", "paused"}) {
		t.Errorf("paused: found %q, %+v", got, f)
	}
	r.pause(false)
	r.until("found", func() bool { got, f := r.found(); return got == "One" && len(f.Asking)+len(f.Unasked) == 0 })
}
