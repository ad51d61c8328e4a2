package cache

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

func (f *fixture) undo(want string) {
	f.t.Helper()
	what, _, err := f.Undo(f.ctx)
	if err != nil || what != want {
		f.t.Fatalf("undid %q (%v), want %q", what, err, want)
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
	_, _, err := f.Undo(f.ctx)
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
