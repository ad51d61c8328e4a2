package cache

import (
	"slices"
	"testing"

	"posthorn/mail"
)

// only is the one message that a mailbox shows.
func (f *fixture) only(box mail.MailboxKey) mail.MessageKey {
	f.t.Helper()
	keys := f.shown(in(box))
	if len(keys) != 1 {
		f.t.Fatalf("mailbox %d shows %v", box, keys)
	}
	return keys[0]
}

// copied is message n as it lies in another mailbox.
func copied(n int, uid mail.UID) mail.Header {
	h := header(n)
	h.UID = uid
	return h
}

func TestACopyIsShownAtOnceAndUndoneBeforeItIsMade(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("", flagged, key)
	f.wish("copied 1 message", mail.Copy{To: f.archive}, key)
	copy := f.message(f.only(f.archive))
	if copy.Key == key || copy.Subject != "Message 1" || copy.Flags != mail.Flagged || f.only(f.inbox) != key {
		t.Errorf("shown %+v", copy.Message)
	}
	f.undo("copied 1 message")
	if got := f.shown(in(f.archive)); len(got) != 0 {
		t.Errorf("still shown: %v", got)
	}
	if ops := f.due(); len(ops) != 1 || ops[0].Kind != mail.KindFlags {
		t.Errorf("due: %+v", ops)
	}
	f.redo("copied 1 message")
	if again := f.message(f.only(f.archive)); again.Flags != mail.Flagged {
		t.Errorf("shown again as %+v", again.Message)
	}
}

func TestACopyThatIsMadeIsUndoneByItsRemoval(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("copied 1 message", mail.Copy{To: f.archive}, key)
	ops := f.due()
	f.do(f.Trying(f.ctx, ops, f.archive, 7))
	f.do(f.Copied(f.ctx, []Done{{Operation: ops[0], NewUID: 7}}))
	f.add(f.archive, copied(1, 7))
	copy := f.only(f.archive)
	f.undo("copied 1 message")
	if got := f.shown(in(f.archive)); len(got) != 0 {
		t.Errorf("still shown: %v", got)
	}
	ops = f.due()
	if len(ops) != 1 || ops[0].Kind != mail.KindExpunge || ops[0].Message != copy || ops[0].UID != 7 || ops[0].Mailbox != f.archive {
		t.Fatalf("due: %+v", ops)
	}
	f.do(f.Done(f.ctx, []Done{{Operation: ops[0]}}))
	if f.only(f.inbox) != key {
		t.Error("what was copied is gone")
	}
}

func TestACopyWhoseAnswerWasLostIsNeverShownTwice(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("", mail.Copy{To: f.archive}, key)
	copy := f.only(f.archive)
	f.wish("", flagged, copy)
	f.do(f.Trying(f.ctx, f.due(), f.archive, 7))
	f.add(f.archive, copied(2, 6), copied(1, 7)) // before anybody looked for it
	if got := f.shown(in(f.archive)); len(got) != 2 || !slices.Contains(got, copy) {
		t.Errorf("shown: %v", got)
	}
	if d := f.message(copy); d.Flags != mail.Flagged {
		t.Errorf("the star is lost: %+v", d.Message)
	}
	if ops := f.due(); len(ops) != 1 || ops[0].Kind != mail.KindFlags || ops[0].UID != 7 {
		t.Errorf("due: %+v", ops)
	}
}

func TestAMoveByCopyWhoseAnswerWasLostIsNeverShownTwice(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("", mail.Move{To: f.archive}, key)
	f.do(f.Trying(f.ctx, f.due(), f.archive, 7))
	f.add(f.archive, copied(1, 7))
	if f.only(f.archive) != key || len(f.shown(in(f.inbox))) != 0 {
		t.Errorf("shown: %v and %v", f.shown(in(f.archive)), f.shown(in(f.inbox)))
	}
	if ops := f.due(); len(ops) != 1 || ops[0].Kind != mail.KindExpunge || ops[0].UID != 1 || ops[0].Mailbox != f.inbox {
		t.Errorf("due: %+v", ops)
	}
}

func TestWhatOnlyResemblesACopyIsNotTakenForIt(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("", mail.Copy{To: f.archive}, key)
	copy := f.only(f.archive)
	f.do(f.Trying(f.ctx, f.due(), f.archive, 7))
	older, other := copied(1, 6), copied(1, 8) // there before; as a mailing list sends it
	other.Size += 100
	f.add(f.archive, older, other)
	if got := f.shown(in(f.archive)); len(got) != 3 || !slices.Contains(got, copy) {
		t.Errorf("shown: %v", got)
	}
	if ops := f.due(); len(ops) != 1 || ops[0].Step != StepLook {
		t.Errorf("due: %+v", ops)
	}
}

func TestASourceIsNotRemovedBeforeItIsCopied(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("", mail.Copy{To: f.archive}, key)
	f.wish("", mail.Expunge{}, key)
	ops := f.due()
	if len(ops) != 1 || ops[0].Kind != mail.KindCopy {
		t.Fatalf("due: %+v", ops)
	}
	f.do(f.Trying(f.ctx, ops, f.archive, 1))
	f.do(f.Copied(f.ctx, []Done{{Operation: ops[0], NewUID: 1}}))
	if ops = f.due(); len(ops) != 1 || ops[0].Kind != mail.KindExpunge || ops[0].Message != key {
		t.Errorf("due: %+v", ops)
	}
}
