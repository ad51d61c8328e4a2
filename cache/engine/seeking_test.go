package engine

import (
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// uncertain sends a message whose answer never comes; kept: the server took it all the same.
func (r *rig) uncertain(to string, kept bool) cache.Outgoing {
	r.t.Helper()
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtDot, Kept: kept})
	key, err := r.e.Send(r.t.Context(), draft(r, to, "Hello"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.settle()
	r.smtp.Make(mailtest.Trouble{})
	o, err := r.store.Outgoing(r.t.Context(), key)
	if err != nil || o.State != cache.Uncertain {
		r.t.Fatalf("state %q, %v", o.State, err)
	}
	return o
}

// afterwards lets time pass and waits until what it brings is done.
func (r *rig) afterwards(d time.Duration) {
	r.t.Helper()
	r.clock.forward(d)
	r.e.Refresh("")
	r.settle()
}

// sentAfterAll checks that nothing is in the outbox and that one copy is in Sent, which the log tells.
func (r *rig) sentAfterAll(key int64) {
	r.t.Helper()
	if o, err := r.store.Outgoing(r.t.Context(), key); mail.KindOf(err) != mail.Gone {
		r.t.Errorf("the outbox still has it: %q, %v", o.State, err)
	}
	if n := len(r.user.Messages("Sent")); n != 1 {
		r.t.Errorf("%d copies in Sent", n)
	}
	said := ""
	for _, e := range r.e.Log() {
		said += e.Text + "\n"
	}
	if !strings.Contains(said, "“Hello” was sent: it was found on the server.") {
		r.t.Errorf("the log says\n%s", said)
	}
}

func TestWhatMayHaveBeenSentAndLiesInSentWasSent(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 1)
	r.start()
	o := r.uncertain("ben@example.org", true)
	if looks := r.e.workers["home"].sought[o.Key].looks; looks != 1 {
		t.Errorf("it was looked for %d times at once", looks)
	}
	r.user.Append("Sent", o.Bytes, time.Now()) // the server's own copy, a minute later
	r.afterwards(time.Minute)
	r.sentAfterAll(o.Key)
	if n := len(r.smtp.Accepted()); n != 1 {
		t.Errorf("sent %d times", n)
	}
}

func TestWhatMayHaveBeenSentIsFoundAQuarterOfAnHourLater(t *testing.T) {
	r := newRig(t)
	r.start()
	o := r.uncertain("ben@example.org", true)
	for _, d := range []time.Duration{time.Minute, 4 * time.Minute} {
		r.afterwards(d)
		if o, err := r.store.Outgoing(t.Context(), o.Key); err != nil || o.State != cache.Uncertain {
			t.Fatalf("after %v: %q, %v", d, o.State, err)
		}
	}
	r.user.Append("Sent", o.Bytes, time.Now())
	r.afterwards(15 * time.Minute)
	r.sentAfterAll(o.Key)
}

// It is looked for at once and three times more, and then no more by itself: the person is asked.
func TestWhatMayHaveBeenSentIsLookedForAFewTimes(t *testing.T) {
	r := newRig(t)
	r.start()
	r.uncertain("ben@example.org", true)
	for _, step := range []struct {
		after time.Duration
		looks int
	}{{0, 0}, {time.Minute, 1}, {time.Minute, 0}, {4 * time.Minute, 1}, {15 * time.Minute, 1}, {time.Hour, 0}, {time.Hour, 0}} {
		r.fault.CutAt(0, false)
		r.afterwards(step.after)
		looks := 0
		for _, c := range r.fault.Commands() {
			if c == "UID SEARCH" {
				looks++
			}
		}
		if looks != step.looks {
			t.Errorf("%v later it was looked for %d times, want %d", step.after, looks, step.looks)
		}
	}
}

func TestWhatMayHaveBeenSentToOneselfAndCameWasSent(t *testing.T) {
	r := newRig(t)
	r.start()
	o := r.uncertain("ben@example.org, Anna@Example.org", true)
	r.user.Append("INBOX", o.Bytes, time.Now())
	r.afterwards(time.Minute)
	r.sentAfterAll(o.Key) // filed by us
}

func TestMailFromOthersInInboxProvesNothing(t *testing.T) {
	r := newRig(t)
	r.start()
	o := r.uncertain("ben@example.org", true)
	r.user.Append("INBOX", o.Bytes, time.Now()) // somebody sent it back: it was not written to us
	r.afterwards(time.Minute)
	if o, err := r.store.Outgoing(t.Context(), o.Key); err != nil || o.State != cache.Uncertain {
		t.Errorf("%q, %v", o.State, err)
	}
}

func TestACopyOfAnEarlierPartialTryProvesNothing(t *testing.T) {
	r := newRig(t)
	r.start()
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 451, Only: []string{"cy@example.org"}})
	key, err := r.e.Send(t.Context(), draft(r, "ben@example.org, cy@example.org", "Hello"))
	if err != nil {
		t.Fatal(err)
	}
	r.settle()
	o, err := r.store.Outgoing(t.Context(), key)
	if err != nil || o.State != cache.Queued || len(o.To) != 1 {
		t.Fatalf("%+v, %v", o, err)
	}
	r.user.Append("Sent", o.Bytes, time.Now()) // filed by the server when Ben got it
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtDot})
	r.afterwards(time.Hour)
	r.afterwards(time.Hour)
	if o, err = r.store.Outgoing(t.Context(), key); err != nil || o.State != cache.Uncertain {
		t.Errorf("%q, %v", o.State, err)
	}
}

// The dilemma of a connection that ends between the final dot and the answer: nothing is sent twice, nothing is lost,
// and the person decides.
func TestThePersonDecidesWhatNobodyKnows(t *testing.T) {
	for name, kept := range map[string]bool{"the server took it": true, "the server did not": false} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.start()
			o := r.uncertain("ben@example.org", kept)
			had := len(r.smtp.Accepted())
			if want := map[bool]int{true: 1}[kept]; had != want {
				t.Fatalf("the server has %d, want %d", had, want)
			}
			for range 3 {
				r.close()
				r.start()
				r.afterwards(time.Hour)
			}
			if got, err := r.store.Outgoing(t.Context(), o.Key); err != nil || got.State != cache.Uncertain || string(got.Bytes) != string(o.Bytes) {
				t.Errorf("after three restarts: %q, %v", got.State, err)
			}
			if n := len(r.smtp.Accepted()); n != had {
				t.Errorf("after three restarts the server has %d", n)
			}
			if err := r.e.Resend(t.Context(), o.Key); err != nil {
				t.Fatal(err)
			}
			r.settle()
			if got := r.smtp.Accepted(); len(got) != had+1 || !strings.Contains(string(got[had].Raw), o.MessageID) {
				t.Errorf("after sending again the server has %d", len(got))
			}
			if n := len(r.user.Messages("Sent")); n != 1 {
				t.Errorf("%d copies in Sent", n)
			}
		})
	}
}

// outgoing is one message of the outbox, which must be in a state.
func (r *rig) outgoing(key int64, want cache.OutState) cache.Outgoing {
	r.t.Helper()
	o, err := r.store.Outgoing(r.t.Context(), key)
	if err != nil || o.State != want {
		r.t.Fatalf("the message is %q, want %q: %v %+v", o.State, want, err, r.e.Log())
	}
	return o
}

func TestAServerSilentAfterTheDotHoldsNothingUpAndGetsNothingTwice(t *testing.T) {
	r := newRig(t)
	taken := make(chan struct{})
	smtp, err := mailtest.NewSubmission(mailtest.SubmissionOptions{Deliver: func(string, []string, []byte) error { close(taken); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { smtp.Close() })
	smtp.AddUser("anna", "secret")
	r.smtp, r.account.SMTP = smtp, smtp.Endpoint("anna")
	r.start()
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtDot, Kept: true, Stall: true})
	key, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello"))
	if err != nil {
		t.Fatal(err)
	}
	<-taken
	r.deliver("INBOX", 1, 1)
	r.until("new mail comes in meanwhile", func() bool { return r.subjects("INBOX") == "1" })
	r.outgoing(key, cache.DotSent)
	r.close()
	r.start()
	r.outgoing(key, cache.Uncertain)
	r.sent(1)
}

func TestATemporaryRefusalOfAMessageIsBelieved(t *testing.T) {
	r := newRig(t)
	r.start()
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtDot, Kept: true, Code: 451, Times: 1})
	key, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello"))
	if err != nil {
		t.Fatal(err)
	}
	r.settle()
	o := r.outgoing(key, cache.Queued)
	r.sent(1)
	if !o.NotBefore.After(r.clock.now()) || !strings.Contains(o.LastError, "451") {
		t.Errorf("tried again at %v after %q", o.NotBefore, o.LastError)
	}
	r.afterwards(o.NotBefore.Sub(r.clock.now()) + time.Second)
	if got := r.smtp.Accepted(); len(got) != 2 || !slices.Equal(got[0].Raw, got[1].Raw) {
		t.Errorf("%d messages went out, not of the same bytes", len(got))
	}
}

func TestAServerThatCannotSearchLeavesTheQuestionOpen(t *testing.T) {
	r := odd(t, &mailtest.Odd{Command: func(name, _ string) string {
		if name == "UID SEARCH" {
			return "$ NO [CANNOT] no\r\n"
		}
		return ""
	}})
	r.start()
	o := r.uncertain("ben@example.org", true)
	r.afterwards(time.Hour)
	r.outgoing(o.Key, cache.Uncertain)
	if got := r.e.States()[0].Phase; got != Idle {
		t.Errorf("phase %v: %+v", got, r.e.Log())
	}
}

func TestNewsOfSentSettlesWhatIsLongUncertain(t *testing.T) {
	r := newRig(t)
	r.start()
	o := r.uncertain("ben@example.org", true)
	for range len(seekAfter) + 1 {
		r.afterwards(time.Hour)
	}
	r.user.Append("Sent", o.Bytes, time.Now())
	r.afterwards(time.Second)
	r.sentAfterAll(o.Key)
}
