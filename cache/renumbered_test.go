package cache

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"posthorn/mail"
)

// renumber makes the server say a mailbox anew: other UIDs, above a hundred.
func (f *fixture) renumber(box mail.MailboxKey, validity mail.UIDValidity, list ...mail.Header) {
	f.t.Helper()
	f.ok(f.Reset(f.ctx, box, validity))
	for i := range list {
		list[i].UID += 100
	}
	f.add(box, list...)
	f.do(f.Settled(f.ctx, box))
}

// groups are the wishes that wait.
func (f *fixture) groups() []WishGroup {
	f.t.Helper()
	list, err := f.Wishes(f.ctx)
	f.ok(err)
	return list
}

func TestARenumberedMailboxKeepsRowsContentsAndWishes(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 3)...)
	f.ok(f.PutContent(f.ctx, keys[0], "1", 0, []byte("text"), true))
	f.wish("", read, keys[0])
	f.wish("archived", mail.Move{To: f.archive}, keys[1])
	f.wish("", mail.Expunge{}, keys[2])
	f.ok(f.Reset(f.ctx, f.inbox, 8))
	if ops := f.due(); len(ops) != 0 {
		t.Fatalf("sent by UID: %+v", ops)
	}
	next, mark, first := mail.UID(104), mail.UID(103), mail.UID(1)
	list := headers(1, 3)
	for i := range list {
		list[i].UID += 100
	}
	f.do(f.Add(f.ctx, f.inbox, list[2:], Marks{UIDNext: &next, Backfill: &mark}))
	f.do(f.Settled(f.ctx, f.inbox))
	if ops := f.due(); len(ops) != 0 {
		t.Fatalf("sent before the mailbox is complete: %+v", ops)
	}
	f.do(f.Add(f.ctx, f.inbox, list[:2], Marks{Backfill: &first}))
	if n, err := f.Settled(f.ctx, f.inbox); err != nil || n.Kept != 0 {
		t.Errorf("kept %+v %v", n, err)
	}
	ops := f.due()
	if len(ops) != 3 || ops[0].UID != 101 || ops[1].UID != 102 || ops[2].UID != 103 {
		t.Errorf("due %+v", ops)
	}
	if raw, complete, err := f.Content(f.ctx, keys[0], "1"); err != nil || !complete || string(raw) != "text" {
		t.Errorf("the content is %q, %v, %v", raw, complete, err)
	}
	if _, err := f.Undo(f.ctx); mail.KindOf(err) != mail.Gone { // of the deletion, which had no grace period
		t.Errorf("undid with %v", err)
	}
	f.do(f.Undo(f.ctx))
	if got := f.shown(in(f.inbox)); !slices.Contains(got, keys[1]) {
		t.Errorf("shown after undo: %v", got)
	}
}

func TestAWishIsKeptBackWhereSeveralMessagesAreAlike(t *testing.T) {
	again := func(uid mail.UID) mail.Header { h := header(1); h.UID = uid; return h }
	leftover := func(uid mail.UID) mail.Header { h := again(uid); h.Flags = mail.Deleted; return h }
	nameless := func(uid mail.UID) mail.Header { h := header(1); h.UID, h.Envelope.MessageID = uid, ""; return h }
	for name, c := range map[string]struct {
		before, after []mail.Header
		wished        int // of how many of them
		kept          bool
	}{
		"one then two":                     {[]mail.Header{again(1)}, []mail.Header{again(1), again(2)}, 1, true},
		"two then two":                     {[]mail.Header{again(1), again(2)}, []mail.Header{again(1), again(2)}, 1, true},
		"two then one":                     {[]mail.Header{again(1), again(2)}, []mail.Header{again(1)}, 1, true},
		"two alike, both wanted":           {[]mail.Header{again(1), again(2)}, []mail.Header{again(1), again(2)}, 2, false},
		"two alike, both wanted, one left": {[]mail.Header{again(1), again(2)}, []mail.Header{again(1)}, 2, false},
		"one beside one left behind":       {[]mail.Header{again(1)}, []mail.Header{leftover(1), again(2)}, 1, false},
		"one without a Message-ID":         {[]mail.Header{nameless(1)}, []mail.Header{nameless(1), again(2)}, 1, false},
		"two without a Message-ID":         {[]mail.Header{nameless(1)}, []mail.Header{nameless(1), nameless(2)}, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			for which := range c.before {
				f := newFixture(t)
				keys := f.add(f.inbox, c.before...)
				wished := keys[which : which+1]
				if c.wished == len(keys) {
					wished = keys
				}
				f.wish("", mail.Expunge{}, wished...)
				f.renumber(f.inbox, 8, slices.Clone(c.after)...)
				if due := len(f.due()); c.kept == (due > 0) {
					t.Errorf("%d are due", due)
				}
				if !c.kept {
					continue
				}
				f.check()
				// the one that is left is not taken for it later, either
				f.do(f.Vanished(f.ctx, f.inbox, everything(), mail.NewUIDSet(101), Marks{}))
				f.do(f.Settled(f.ctx, f.inbox))
				if due := f.due(); len(due) != 0 {
					t.Errorf("after another one vanished: %+v", due)
				}
			}
		})
	}
}

// A message was moved and the answer lost, and where it was is renumbered without it. It is known where it went, and what is wanted
// since, a copy before it goes on, is told to the server there: that mailbox need not change first.
func TestWhatIsWantedOfAMessageThatLeftARenumberedMailboxIsToldWhereItIs(t *testing.T) {
	f := newFixture(t)
	f.readAll()
	key := f.add(f.inbox, header(1))[0]
	f.wish("archived", mail.Move{To: f.archive}, key)
	f.comes(f.archive, header(1), 5, 0)
	f.do(f.Settled(f.ctx, f.archive))
	f.wish("copied", mail.Copy{To: f.sent}, key)
	f.wish("thrown away", mail.Move{To: f.trash}, key)
	f.renumber(f.inbox, 8, headers(2, 3)...)
	for _, box := range []mail.MailboxKey{f.inbox, f.trash, f.archive} { // it may have gone to Trash, too
		have, err := f.SyncState(f.ctx, box)
		f.ok(err)
		if have.Dirty {
			f.do(f.Settled(f.ctx, box))
		}
	}
	if got, want := f.wanted(), fmt.Sprintf("%d/5 {To:%d}", f.archive, f.sent); got != want {
		t.Errorf("to do is %q, want %q; waiting %+v", got, want, f.groups())
	}
}

func TestThePersonSendsOrGivesUpWhatWasKeptBack(t *testing.T) {
	for _, send := range []bool{true, false} {
		f := newFixture(t)
		key := f.add(f.inbox, header(1))[0]
		f.wish("", flagged, key)
		twin := header(1)
		twin.UID = 2
		f.renumber(f.inbox, 8, header(1), twin)
		g := f.groups()
		if len(g) != 1 || g[0].Doubt != SeveralAlike || g[0].Messages != 1 {
			t.Fatalf("waiting %+v", g)
		}
		if send {
			f.ok(f.RetryWishes(f.ctx, g[0]))
			if ops := f.due(); len(ops) != 1 || ops[0].UID != 101 {
				t.Errorf("due %+v", ops)
			}
			continue
		}
		f.do(f.DropWishes(f.ctx, g[0]))
		if n, _, err := f.Waiting(f.ctx); n != 0 || err != nil || f.message(key).Flags != 0 {
			t.Errorf("%d wait, %v", n, err)
		}
	}
}

func TestAWishWaitsForAMessageThatIsNotThereYet(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 2)...)
	f.wish("", read, keys[0])
	f.wish("", mail.Move{To: f.archive}, keys[1])
	f.now = f.now.Add(time.Hour)
	f.renumber(f.inbox, 8) // empty: the server is not done yet
	f.add(f.archive)
	f.do(f.Settled(f.ctx, f.archive)) // the moved one is not there either
	g := f.groups()
	if len(g) != 2 || g[0].Doubt != NotThere || g[0].From != "INBOX" || !g[0].Since.Equal(noon) || g[1].To != "Archive" {
		t.Fatalf("waiting %+v", g)
	}
	if n, _, err := f.Waiting(f.ctx); n != 2 || err != nil {
		t.Errorf("%d wait %v", n, err)
	}
	next := mail.UID(300)
	list := headers(1, 2)
	list[0].UID, list[1].UID = 201, 202
	f.do(f.Add(f.ctx, f.inbox, list, Marks{UIDNext: &next}))
	if ops := f.due(); len(ops) != 2 || ops[0].UID != 201 || ops[1].UID != 202 || len(f.groups()) != 2 {
		t.Errorf("due once they turned up: %+v", ops)
	}
}

func TestWhatWaitsForItsMessageCanBeGivenUp(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 3)...)
	f.wish("", read, keys...)
	f.wish("", flagged, f.add(f.archive, header(7))...)
	f.renumber(f.inbox, 8)
	f.renumber(f.archive, 8)
	g := f.groups()
	if len(g) != 2 || g[0].Messages+g[1].Messages != 4 {
		t.Fatalf("waiting %+v", g)
	}
	f.ok(f.RetryWishes(f.ctx, g[0]))
	f.do(f.DropWishes(f.ctx, g[0]))
	if left := f.groups(); len(left) != 1 || left[0] != g[1] {
		t.Errorf("left %+v", left)
	}
}

func TestAMailboxRenumberedTwiceInBetweenSettlesOnce(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 2)...)
	f.wish("", read, keys[0])
	f.ok(f.Reset(f.ctx, f.inbox, 8))
	h := header(1)
	h.UID = 50
	f.do(f.Add(f.ctx, f.inbox, []mail.Header{h}, Marks{}))
	f.wish("", flagged, keys[0]) // what is wanted meanwhile waits too
	if ops := f.due(); len(ops) != 0 {
		t.Errorf("due %+v", ops)
	}
	f.renumber(f.inbox, 9, headers(1, 2)...)
	ops := f.due()
	if len(ops) != 1 || ops[0].UID != 101 || ops[0].Change != mail.Change(mail.FlagChange{Mask: mail.Seen | mail.Flagged, Want: mail.Seen | mail.Flagged}) {
		t.Errorf("due %+v", ops)
	}
	if got := f.shown(in(f.inbox)); len(got) != 2 {
		t.Errorf("shown %v", got)
	}
}

func TestAMoveDoneBeforeTheMailboxWasRenumberedIsFoundInItsTarget(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("", mail.Move{To: f.archive}, key)
	f.wish("", read, key)
	f.renumber(f.inbox, 8) // the server had moved it; the answer was lost
	f.add(f.archive, header(5), header(1))
	f.do(f.Settled(f.ctx, f.archive))
	if ops := f.due(); len(ops) != 1 || ops[0].Mailbox != f.archive || ops[0].Kind != mail.KindFlags || ops[0].Message != key {
		t.Errorf("due %+v", ops)
	}
	if g := f.groups(); len(g) != 1 {
		t.Errorf("waiting %+v", g)
	}
}

func TestAMailboxWithWhatIsMarkedAsDeletedIsRenumbered(t *testing.T) {
	f := newFixture(t)
	deleted := header(1)
	deleted.Flags = mail.Deleted
	gone := header(3)
	gone.Flags = mail.Deleted
	keys := f.add(f.inbox, deleted, header(2), gone)
	f.renumber(f.inbox, 8, deleted, header(2))
	if got := f.shown(in(f.inbox)); !slices.Equal(got, keys[1:2]) {
		t.Errorf("shown %v, had %v", got, keys)
	}
}
