package cache

import (
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

func (f *fixture) queue(o Outgoing, draft int64) int64 {
	f.t.Helper()
	key, _, err := f.Queue(f.ctx, o, draft)
	f.ok(err)
	return key
}

func (f *fixture) outgoing(key int64) Outgoing {
	f.t.Helper()
	o, err := f.Outgoing(f.ctx, key)
	f.ok(err)
	return o
}

func TestQueueingTakesTheDraftsPlace(t *testing.T) {
	f := newFixture(t)
	draft, err := f.SaveDraft(f.ctx, Saved{Account: "home", Data: "{}"})
	f.ok(err)
	o := Outgoing{Account: "home", Bytes: []byte("Subject: x\r\n\r\nhello"), From: "me@example.org", To: []string{"a@example.org", "b@example.org"},
		MessageID: "id@example.org", Subject: "x", Draft: `{"a":1}`, NotBefore: f.now.Add(5 * time.Second), Created: f.now}
	key := f.queue(o, draft)
	if list, err := f.Drafts(f.ctx); err != nil || len(list) != 0 {
		t.Errorf("the draft stayed: %v %v", list, err)
	}
	got := f.outgoing(key)
	if got.State != Queued || string(got.Bytes) != string(o.Bytes) || !slices.Equal(got.To, o.To) || got.From != o.From || got.Draft != o.Draft ||
		!got.NotBefore.Equal(o.NotBefore) || !got.Created.Equal(o.Created) {
		t.Errorf("got %+v", got)
	}
	list, err := f.Outbox(f.ctx)
	if err != nil || len(list) != 1 || list[0].Bytes != nil || list[0].Subject != "x" {
		t.Errorf("outbox %+v %v", list, err)
	}
	if _, n, err := f.Waiting(f.ctx); err != nil || n != 1 {
		t.Errorf("%d wait (%v)", n, err)
	}
}

func TestADraftIsNotSentTwice(t *testing.T) {
	f := newFixture(t)
	draft, err := f.SaveDraft(f.ctx, Saved{Account: "home", Data: "{}"})
	f.ok(err)
	f.queue(Outgoing{Account: "home"}, draft)
	if _, _, err := f.Queue(f.ctx, Outgoing{Account: "home"}, draft); mail.KindOf(err) != mail.Gone {
		t.Errorf("sending the draft again: %v", err)
	}
	if list, err := f.Outbox(f.ctx); err != nil || len(list) != 1 {
		t.Errorf("outbox %+v %v", list, err)
	}
}

func TestSentMarksTheOriginalOnce(t *testing.T) {
	f := newFixture(t)
	original := f.add(f.inbox, header(1))[0]
	key := f.queue(Outgoing{Account: "home", Original: original, Mark: mail.Answered, To: []string{"a@example.org"}}, 0)
	for _, state := range []OutState{Sending, DotSent, Sent} {
		o := f.outgoing(key)
		o.State = state
		f.ok(f.SetOutgoing(f.ctx, o))
		if got := f.message(original).Flags.Has(mail.Answered); got != (state == Sent) {
			t.Errorf("answered is %v when the answer is %s", got, state)
		}
	}
	ops := f.due()
	if len(ops) != 1 || ops[0].Change != (mail.FlagChange{Mask: mail.Answered, Want: mail.Answered}) {
		t.Fatalf("due %+v", ops)
	}
	o := f.outgoing(key)
	f.ok(f.SetOutgoing(f.ctx, o))
	if again := f.due(); again[0].Rev != ops[0].Rev {
		t.Error("marked twice")
	}
	if _, n, err := f.Waiting(f.ctx); err != nil || n != 0 {
		t.Errorf("%d wait (%v) though it is sent", n, err)
	}
	f.undo("") // it is no action of the person
}

func TestEachMessageThatWentAlongIsMarkedForwarded(t *testing.T) {
	f := newFixture(t)
	answered, first, second := f.add(f.inbox, header(1))[0], f.add(f.inbox, header(2))[0], f.add(f.inbox, header(3))[0]
	key := f.queue(Outgoing{Account: "home", Original: answered, Mark: mail.Answered, Forwarded: []mail.MessageKey{first, 999, second}}, 0)
	o := f.outgoing(key)
	for _, o.State = range []OutState{Sending, DotSent, Sent} {
		f.ok(f.SetOutgoing(f.ctx, o))
	}
	if a, b, c := f.message(answered).Flags, f.message(first).Flags, f.message(second).Flags; !a.Has(mail.Answered) || a.Has(mail.Forwarded) ||
		!b.Has(mail.Forwarded) || !c.Has(mail.Forwarded) || b.Has(mail.Answered) {
		t.Errorf("flags %v, %v, %v", a, b, c)
	}
	if n := len(f.due()); n != 3 {
		t.Errorf("%d wishes", n)
	}
}

func TestAnOriginalThatIsGoneDoesNotHoldUpSent(t *testing.T) {
	f := newFixture(t)
	key := f.queue(Outgoing{Account: "home", Original: 999, Mark: mail.Answered}, 0)
	o := f.outgoing(key)
	for _, o.State = range []OutState{Sending, DotSent, Sent, Filed} {
		f.ok(f.SetOutgoing(f.ctx, o))
	}
	if list, err := f.Outbox(f.ctx); err != nil || len(list) != 0 {
		t.Errorf("outbox %+v %v", list, err)
	}
}

func TestOnlyTheStepsThatCanFollowAreStored(t *testing.T) {
	allowed := map[OutState]string{
		Queued: "queued sending sent failed", Sending: "queued sending dot-sent failed",
		DotSent: "queued dot-sent sent failed unknown", Uncertain: "queued sent failed unknown",
		Sent: "sent filed", Failed: "queued sent failed", Filed: "filed",
	}
	all := []OutState{Queued, Sending, DotSent, Sent, Filed, Failed, Uncertain}
	f := newFixture(t)
	key := f.queue(Outgoing{Account: "home"}, 0)
	for _, from := range all {
		for _, to := range all {
			_, err := f.conn.ExecContext(f.ctx, "UPDATE outbox SET state = ?", from)
			f.ok(err)
			o := f.outgoing(key)
			o.State = to
			err = f.SetOutgoing(f.ctx, o)
			want := slices.Contains(strings.Fields(allowed[from]), string(to))
			if (err == nil) != want || err != nil && mail.KindOf(err) != mail.Rejected {
				t.Errorf("%s to %s: %v", from, to, err)
			}
		}
	}
}

func TestAMessageThatWasTakenBackIsNotSent(t *testing.T) {
	f := newFixture(t)
	key := f.queue(Outgoing{Account: "home", Draft: `{"s":"x"}`}, 0)
	o := f.outgoing(key)
	draft, err := f.GiveBack(f.ctx, o, o.Draft)
	f.ok(err)
	o.State = Sending
	if err := f.SetOutgoing(f.ctx, o); mail.KindOf(err) != mail.Gone {
		t.Errorf("the sender was not stopped: %v", err)
	}
	if d, err := f.Draft(f.ctx, draft); err != nil || d.Data != `{"s":"x"}` || d.Account != "home" {
		t.Errorf("got %+v %v", d, err)
	}
}

func TestAMessageInTheHandsOfTheSenderIsLeftAlone(t *testing.T) {
	f := newFixture(t)
	key := f.queue(Outgoing{Account: "home"}, 0)
	for _, state := range []OutState{Sending, DotSent} {
		o := f.outgoing(key)
		o.State = state
		f.ok(f.SetOutgoing(f.ctx, o))
		if _, err := f.GiveBack(f.ctx, f.outgoing(key), "{}"); mail.KindOf(err) != mail.Rejected {
			t.Errorf("given back while %s: %v", state, err)
		}
		if err := f.Requeue(f.ctx, key); mail.KindOf(err) != mail.Rejected {
			t.Errorf("sent again while %s: %v", state, err)
		}
	}
	o := f.outgoing(key)
	o.State = Uncertain
	f.ok(f.SetOutgoing(f.ctx, o))
	f.ok(f.Requeue(f.ctx, key))
	if got := f.outgoing(key); got.State != Queued || got.NotBefore.After(f.now) {
		t.Errorf("got %+v", got)
	}
}

func TestWhatIsSentIsNotGivenBackOrSentAgain(t *testing.T) {
	f := newFixture(t)
	key := f.queue(Outgoing{Account: "home"}, 0)
	o := f.outgoing(key)
	o.State = Sent
	f.ok(f.SetOutgoing(f.ctx, o))
	if _, err := f.GiveBack(f.ctx, f.outgoing(key), "{}"); mail.KindOf(err) != mail.Rejected {
		t.Errorf("given back: %v", err)
	}
	if err := f.Requeue(f.ctx, key); mail.KindOf(err) != mail.Rejected {
		t.Errorf("sent again: %v", err)
	}
	if got := f.outgoing(key); got.State != Sent {
		t.Errorf("got %+v", got)
	}
}
