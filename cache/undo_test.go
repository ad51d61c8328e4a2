package cache

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

func (f *fixture) undo(want string) {
	f.t.Helper()
	if u, err := f.Undo(f.ctx); err != nil || u.What != want {
		f.t.Fatalf("undid %q (%v), want %q", u.What, err, want)
	}
}

func (f *fixture) redo(want string) {
	f.t.Helper()
	if u, err := f.Redo(f.ctx, f.now.Add(8*time.Second)); err != nil || u.What != want {
		f.t.Fatalf("did %q again (%v), want %q", u.What, err, want)
	}
}

func TestUndoLeadsBackToEachMessagesOwnState(t *testing.T) {
	f := newFixture(t)
	list := headers(1, 3)
	list[1].Flags = mail.Seen
	list[2].Keywords = mail.NewKeywords("work")
	keys := f.add(f.inbox, list...)
	f.wish("read", mail.FlagChange{Mask: mail.Seen, Want: mail.Seen, Add: "later", Del: "work"}, keys...)
	f.wish("archived 3 messages", mail.Move{To: f.archive}, keys...)
	f.undo("archived 3 messages")
	f.undo("read")
	f.undo("")
	for i, key := range keys {
		d := f.message(key)
		if d.Mailbox != f.inbox || d.Flags != list[i].Flags || d.Keywords != list[i].Keywords {
			t.Errorf("message %d is %+v", i, d.Message)
		}
	}
}

func TestUndoOutlivesARestart(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("flagged", flagged, key)
	f.reopen()
	f.undo("flagged")
	if f.message(key).Flags != 0 {
		t.Error("still flagged")
	}
}

func TestUndoAfterTheServerDidItIsANewWish(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("archived", mail.Move{To: f.archive}, key)
	f.do(f.Done(f.ctx, []Done{{Operation: f.due()[0], NewUID: 77}}))
	f.undo("archived")
	ops := f.due()
	if len(ops) != 1 || ops[0].Mailbox != f.archive || ops[0].UID != 77 || ops[0].Change != (mail.Move{To: f.inbox}) {
		t.Errorf("got %+v", ops)
	}
}

func TestUndoIsBounded(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	for i := range maxUndo + 20 {
		f.wish(fmt.Sprint(i), flagged, key)
	}
	for i := maxUndo + 19; i >= 20; i-- {
		f.undo(fmt.Sprint(i))
	}
	f.undo("")
}

func TestUndoPassesOverWhatIsNotAnAction(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("flagged", flagged, key)
	f.do(f.Wish(f.ctx, Wish{Changes: []mail.Targeted{{Message: key, Change: read}}, NoUndo: true}))
	f.undo("flagged")
	if got := f.message(key).Flags; got != mail.Seen {
		t.Errorf("flags %v", got)
	}
}

func TestAnExpungeIsUndoneWithinItsGracePeriodOnly(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 2)...)
	f.wishAt(f.now.Add(8*time.Second), "deleted", mail.Expunge{}, keys...)
	if got := f.shown(in(f.inbox)); len(got) != 0 {
		t.Errorf("still shown: %v", got)
	}
	f.undo("deleted")
	if got := f.shown(in(f.inbox)); len(got) != 2 {
		t.Errorf("shown after undo: %v", got)
	}
	f.wishAt(f.now.Add(8*time.Second), "deleted", mail.Expunge{}, keys...)
	f.now = f.now.Add(8 * time.Second)
	_, err := f.Undo(f.ctx)
	if mail.KindOf(err) != mail.Gone || !strings.Contains(err.Error(), "deleted") {
		t.Errorf("undo after the grace period: %v", err)
	}
	if ops := f.due(); len(ops) != 2 {
		t.Errorf("the wish that may be on its way was dropped: %v", ops)
	}
}

func TestAStrokeOfSeveralChangesIsUndoneWhole(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.do(f.Wish(f.ctx, Wish{What: "marked as junk", Changes: []mail.Targeted{
		{Message: key, Change: mail.FlagChange{Mask: mail.Junk, Want: mail.Junk}},
		{Message: key, Change: mail.FlagChange{Mask: mail.Junk | mail.Seen, Want: mail.Seen}},
		{Message: key, Change: mail.Move{To: f.archive}},
		{Message: key, Change: mail.Move{To: f.trash}},
	}}))
	if d := f.message(key); d.Flags != mail.Seen || d.Mailbox != f.trash {
		t.Errorf("got %+v", d.Message)
	}
	f.undo("marked as junk")
	if d := f.message(key); d.Flags != 0 || d.Mailbox != f.inbox {
		t.Errorf("after undo: %+v", d.Message)
	}
}

func TestRedoGoesForwardStepByStepAlsoAfterARestart(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 2)...)
	f.wish("flagged", flagged, keys...)
	f.wish("read", read, keys[0])
	f.wish("archived", mail.Move{To: f.archive}, keys...)
	for range 2 {
		f.undo("archived")
		f.undo("read")
		f.undo("flagged")
		f.undo("")
		f.reopen()
		f.redo("flagged")
		f.redo("read")
		f.redo("archived")
		f.redo("")
	}
	for i, want := range []mail.Flags{mail.Flagged | mail.Seen, mail.Flagged} {
		if d := f.message(keys[i]); d.Mailbox != f.archive || d.Flags != want {
			t.Errorf("message %d is %+v", i, d.Message)
		}
	}
	if ops := f.due(); len(ops) != 2 || ops[0].Kind != mail.KindMove {
		t.Errorf("redone changes wait: %v", ops)
	}
}

func TestANewActionLeavesNothingToRedo(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("flagged", flagged, key)
	f.undo("flagged")
	f.do(f.Wish(f.ctx, Wish{Changes: []mail.Targeted{{Message: key, Change: read}}, NoUndo: true}))
	f.redo("flagged") // what posthorn does by itself is no action
	f.undo("flagged")
	f.wish("archived", mail.Move{To: f.archive}, key)
	f.redo("")
	f.undo("archived")
	f.undo("")
}

func TestARedoneDeletionWaitsOutItsGracePeriodAgain(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wishAt(f.now.Add(8*time.Second), "deleted", mail.Expunge{}, key)
	f.undo("deleted")
	f.redo("deleted")
	if ops := f.due(); len(ops) != 0 || len(f.shown(in(f.inbox))) != 0 {
		t.Errorf("due at once: %v, shown: %v", ops, f.shown(in(f.inbox)))
	}
	f.undo("deleted")
	if len(f.shown(in(f.inbox))) != 1 {
		t.Error("the deletion was not taken back again")
	}
}

func (f *fixture) send(subject string) int64 {
	f.t.Helper()
	key, _, err := f.Queue(f.ctx, Outgoing{Account: "home", Subject: subject, Draft: subject, NotBefore: f.now.Add(8 * time.Second)}, 0)
	f.ok(err)
	return key
}

func TestSendingStandsInOneOrderWithWishes(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("flagged", flagged, key)
	f.send("Hello")
	f.wish("read", read, key)
	f.undo("read")
	u, err := f.Undo(f.ctx)
	if err != nil || u.What != "sent “Hello”" || u.Draft == 0 {
		t.Fatalf("undid %+v: %v", u, err)
	}
	if d, err := f.Draft(f.ctx, u.Draft); err != nil || d.Data != "Hello" {
		t.Errorf("the draft is %+v: %v", d, err)
	}
	if out, err := f.Outbox(f.ctx); err != nil || len(out) != 0 {
		t.Errorf("still in the outbox: %v %v", out, err)
	}
	f.undo("flagged")
	f.redo("flagged")
	f.redo("read")
}

func TestSendingEmptiesWhatCouldBeRedone(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("flagged", flagged, key)
	f.undo("flagged")
	f.send("Hello")
	f.redo("")
}

func TestWhatIsBeingSentCannotBeUndone(t *testing.T) {
	f := newFixture(t)
	key := f.send("Hello")
	f.ok(f.SetOutgoing(f.ctx, Outgoing{Key: key, State: Sending}))
	if _, err := f.Undo(f.ctx); mail.KindOf(err) != mail.Gone || !strings.Contains(err.Error(), "Hello") {
		t.Errorf("undo: %v", err)
	}
	if _, err := f.Outgoing(f.ctx, key); err != nil {
		t.Error(err)
	}
	f.undo("")
}

func TestWhatWasTakenBackByHandIsNotUndoneAgain(t *testing.T) {
	f := newFixture(t)
	f.do(f.GiveBack(f.ctx, f.outgoing(f.send("Hello")), "{}"))
	f.undo("")
}

func (f *fixture) countdown() Countdown {
	f.t.Helper()
	c, err := f.Countdown(f.ctx, f.now)
	f.ok(err)
	return c
}

func TestCountdownIsTheNewestThatUndoCanStillReach(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 3)...)
	if c := f.countdown(); c != (Countdown{}) {
		t.Errorf("nothing was done: %+v", c)
	}
	out := f.send("Hello")
	until := f.now.Add(8 * time.Second)
	if c := f.countdown(); c.Outgoing != out || c.Subject != "Hello" || c.Until.Unix() != until.Unix() || !c.Newest {
		t.Errorf("after sending: %+v", c)
	}
	f.now = f.now.Add(2 * time.Second)
	f.wishAt(f.now.Add(8*time.Second), "deleted", mail.Expunge{}, keys[:2]...)
	if c := f.countdown(); c.Outgoing != 0 || c.Messages != 2 || !c.Newest {
		t.Errorf("after deleting: %+v", c)
	}
	f.wish("flagged", flagged, keys[2])
	if c := f.countdown(); c.Messages != 2 || c.Newest {
		t.Errorf("after something else: %+v", c)
	}
	f.undo("flagged")
	f.undo("deleted")
	if c := f.countdown(); c.Outgoing != out || !c.Newest {
		t.Errorf("the deletion was undone: %+v", c)
	}
	f.now = until
	if c := f.countdown(); c != (Countdown{}) {
		t.Errorf("the time is over: %+v", c)
	}
}

// shownStates is how all messages are shown.
func (f *fixture) shownStates(keys []mail.MessageKey) string {
	var out []string
	for _, key := range keys {
		d := f.message(key)
		out = append(out, fmt.Sprint(d.Mailbox, d.Flags, d.Keywords))
	}
	return strings.Join(out, "; ")
}

// serve lets the server do some of what is due.
func (f *fixture) serve(r *rand.Rand, uid *mail.UID) {
	ops := f.due()
	if len(ops) == 0 || r.IntN(2) == 0 {
		return
	}
	d := Done{Operation: ops[r.IntN(len(ops))]}
	if d.Kind == mail.KindMove {
		*uid++
		d.NewUID = *uid
	}
	f.do(f.Done(f.ctx, []Done{d}))
}

// something is a change that a message shows.
func (f *fixture) something(r *rand.Rand, key mail.MessageKey) mail.Change {
	d := f.message(key)
	switch r.IntN(3) {
	case 0:
		bit := mail.Seen << r.IntN(3)
		return mail.FlagChange{Mask: bit, Want: ^d.Flags & bit}
	case 1:
		if d.Keywords.Has("later") {
			return mail.FlagChange{Del: "later"}
		}
		return mail.FlagChange{Add: "later"}
	}
	boxes := slices.DeleteFunc([]mail.MailboxKey{f.inbox, f.archive, f.trash}, func(b mail.MailboxKey) bool { return b == d.Mailbox })
	return mail.Move{To: boxes[r.IntN(2)]}
}

func TestUndoAndRedoRetraceEveryStepWhateverTheServerHasDone(t *testing.T) {
	for seed := range uint64(10) {
		f, r, uid := newFixture(t), rand.New(rand.NewPCG(seed, 5)), mail.UID(100)
		keys := f.add(f.inbox, headers(1, 3)...)
		states := []string{f.shownStates(keys)}
		for i := range 10 {
			key := keys[r.IntN(3)]
			f.wish(fmt.Sprint(i), f.something(r, key), key)
			states = append(states, f.shownStates(keys))
			f.serve(r, &uid)
		}
		at := len(states) - 1
		for range 40 {
			if r.IntN(2) == 0 && at > 0 {
				at--
				f.undo(fmt.Sprint(at))
			} else if at < len(states)-1 {
				f.redo(fmt.Sprint(at))
				at++
			}
			f.serve(r, &uid)
			if got := f.shownStates(keys); got != states[at] {
				t.Fatalf("seed %d, step %d shows %s, want %s", seed, at, got, states[at])
			}
		}
	}
}

func TestWhatWasFiledWithAnAnswerComesBackWithIt(t *testing.T) {
	f := newFixture(t)
	var filed []mail.Targeted
	for _, key := range f.add(f.inbox, headers(1, 2)...) {
		filed = append(filed, mail.Targeted{Message: key, Change: mail.Move{To: f.archive}})
	}
	answer := func(notBefore time.Time) int64 {
		out, touched, err := f.Queue(f.ctx, Outgoing{Account: "home", Subject: "Hello", Draft: "Hello", NotBefore: notBefore, Original: filed[0].Message, Filed: filed}, 0)
		f.ok(err)
		if !slices.Contains(touched, f.inbox) || !slices.Contains(touched, f.archive) {
			t.Errorf("touched %v", touched)
		}
		if len(f.shown(in(f.inbox))) != 0 || len(f.shown(in(f.archive))) != 2 {
			t.Error("they are not in Archive")
		}
		return out
	}
	back := func() {
		t.Helper()
		if len(f.shown(in(f.inbox))) != 2 || len(f.shown(in(f.archive))) != 0 {
			t.Error("they did not come back")
		}
	}

	answer(f.now.Add(8 * time.Second))
	if u, err := f.Undo(f.ctx); err != nil || u.What != "sent “Hello”" || u.Draft == 0 || len(u.Touched) == 0 {
		t.Fatalf("undid %+v: %v", u, err)
	}
	back()
	f.redo("") // what was sent is a draft: it is sent anew, by hand

	// A message on its way stays on its way: only the filing is taken back, and can be done again.
	f.ok(f.SetOutgoing(f.ctx, Outgoing{Key: answer(f.now.Add(8 * time.Second)), State: Sending}))
	f.undo("archived 2 messages")
	back()
	f.redo("archived 2 messages")
	f.undo("archived 2 messages")

	answer(time.Time{}) // sent without grace
	f.undo("archived 2 messages")
	back()
}
