package cache

import (
	"slices"
	"testing"
	"time"

	"posthorn/mail"
)

// partly queues a message to three: one has it, one is to be asked again, and one was refused for good.
func (f *fixture) partly(copied Copy) Outgoing {
	f.t.Helper()
	key := f.queue(Outgoing{Account: "home", Draft: "{}", To: []string{"has@example.org", "later@example.org", "never@example.org"}, Bytes: []byte("x"),
		NotBefore: f.now.Add(time.Second), Subject: "x"}, 0)
	o := f.outgoing(key)
	for _, o.State = range []OutState{Sending, DotSent} {
		f.ok(f.SetOutgoing(f.ctx, o))
	}
	o.State, o.To, o.Refused = Queued, []string{"later@example.org"}, []Refusal{{Address: "never@example.org", Said: "550 no"}}
	o.Copy, o.Attempts, o.NotBefore = copied, 1, f.now.Add(time.Hour)
	f.ok(f.SetOutgoing(f.ctx, o))
	return f.outgoing(key)
}

func TestACopyThatIsFiledStaysFiled(t *testing.T) {
	f := newFixture(t)
	f.add(f.sent)
	o := f.partly(CopyDue)
	f.ok(f.FiledOutgoing(f.ctx, o.Key, f.sent, false))
	if have, err := f.SyncState(f.ctx, f.sent); err != nil || !have.Dirty {
		t.Errorf("Sent is not looked at: %+v, %v", have, err)
	}
	o.State = Sending // what the sender knows is older
	f.ok(f.SetOutgoing(f.ctx, o))
	if got := f.outgoing(o.Key); got.Copy != CopyFiled || !slices.Equal(got.To, []string{"later@example.org"}) {
		t.Errorf("copy %d, still to %v", got.Copy, got.To)
	}
}

// To try again what is to be tried again is no word about those who were refused for good; to send again what failed is.
func TestWhoWasRefusedIsAskedAgainWhereThePersonSaysSo(t *testing.T) {
	f := newFixture(t)
	o := f.partly(CopyDue)
	f.ok(f.Requeue(f.ctx, o.Key))
	if got := f.outgoing(o.Key); !slices.Equal(got.To, []string{"later@example.org"}) || len(got.Refused) != 1 || got.NotBefore.After(f.now) {
		t.Errorf("tried again: %+v", got)
	}
	o.State, o.To = Failed, nil
	f.ok(f.SetOutgoing(f.ctx, o))
	f.ok(f.Requeue(f.ctx, o.Key))
	if got := f.outgoing(o.Key); !slices.Equal(got.To, []string{"never@example.org"}) || len(got.Refused) != 0 || got.State != Queued {
		t.Errorf("sent again: %+v", got)
	}
}

func TestTheBytesOfWhatAServerHasSeenNeverChange(t *testing.T) {
	f := newFixture(t)
	o := f.partly(NoCopy)
	if err := f.RequeueUnsent(f.ctx, o.Key, []byte("y")); mail.KindOf(err) != mail.Rejected {
		t.Errorf("changed: %v", err)
	}
	if got := f.outgoing(o.Key); string(got.Bytes) != "x" {
		t.Errorf("it is %q", got.Bytes)
	}
}

// Whoever makes a draft of a message leaves out who has it, as far as was known then.
func TestADraftIsNotMadeOfWhatIsKnownNoMore(t *testing.T) {
	for name, older := range map[string]func(o *Outgoing){
		"others had it":            func(o *Outgoing) { o.To = append(o.To, "has@example.org") },
		"nobody had it":            func(o *Outgoing) { o.Copy = NoCopy },
		"another was refused more": func(o *Outgoing) { o.Refused = nil },
	} {
		f := newFixture(t)
		o := f.partly(CopyDue)
		older(&o)
		if _, err := f.GiveBack(f.ctx, o, "{}"); mail.KindOf(err) != mail.Rejected {
			t.Errorf("%s: %v", name, err)
		}
		if list, err := f.Drafts(f.ctx); err != nil || len(list) != 0 || f.outgoing(o.Key).State != Queued {
			t.Errorf("%s: drafts %+v, %v", name, list, err)
		}
		f.close()
	}
}

func TestWhatSomeHaveIsGivenBackWithItsCopyStillToBeFiled(t *testing.T) {
	f := newFixture(t)
	o := f.partly(CopyDue)
	if u, err := f.Undo(f.ctx); mail.KindOf(err) != mail.Gone {
		t.Errorf("undone: %+v, %v", u, err)
	}
	f.do(f.GiveBack(f.ctx, o, "{}"))
	if got := f.outgoing(o.Key); got.State != Sent || len(got.Left()) != 0 || got.Copy != CopyDue {
		t.Errorf("to be filed: %+v", got)
	}
	f.ok(f.FiledOutgoing(f.ctx, o.Key, f.sent, false))
	if _, err := f.Outgoing(f.ctx, o.Key); mail.KindOf(err) != mail.Gone {
		t.Errorf("the outbox still has it: %v", err)
	}
}
