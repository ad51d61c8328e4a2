package cache

import (
	"testing"
	"time"

	"posthorn/mail"
)

// TestAMoveToWhereTheMessageTurnsOutToBeEnds: two lost answers and an undo, and the message is found in a mailbox that was
// synchronised before.
func TestAMoveToWhereTheMessageTurnsOutToBeEnds(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("archived", mail.Move{To: f.archive}, key) // done, the answer is lost
	f.wish("deleted", mail.Move{To: f.trash}, key)
	f.do(f.Vanished(f.ctx, f.inbox, everything(), nil, Marks{}))
	f.do(f.Settled(f.ctx, f.inbox))
	f.do(f.Undo(f.ctx))
	f.add(f.archive, header(1))
	f.add(f.trash)
	if box, uid := f.said(key); box != f.archive || uid != 1 {
		t.Fatalf("said in %d/%d", box, uid)
	}
	if st, err := f.SyncState(f.ctx, f.archive); err != nil || !st.Dirty {
		t.Errorf("nothing settles the wish: dirty %v, %v", st.Dirty, err)
	}
	f.add(f.archive)
	if wishes, _, err := f.Waiting(f.ctx); err != nil || wishes != 0 {
		t.Errorf("%d wishes wait for ever (%v)", wishes, err)
	}
}

// TestANewerMoveToTheSamePlaceEnds: wanted again while the answer was under way.
func TestANewerMoveToTheSamePlaceEnds(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.add(f.archive)
	f.wish("archived", mail.Move{To: f.archive}, key)
	ops := f.due()
	f.wish("archived", mail.Move{To: f.archive}, key)
	f.do(f.Done(f.ctx, []Done{{Operation: ops[0], NewUID: 7}}))
	next := mail.UID(8)
	f.do(f.Add(f.ctx, f.archive, nil, Marks{UIDNext: &next})) // and here the connection ends
	if st, err := f.SyncState(f.ctx, f.archive); err != nil || !st.Dirty {
		t.Errorf("nothing settles the wish: dirty %v, %v", st.Dirty, err)
	}
	f.do(f.Settled(f.ctx, f.archive))
	if wishes, _, err := f.Waiting(f.ctx); err != nil || wishes != 0 {
		t.Errorf("%d wishes wait for ever (%v)", wishes, err)
	}
}

// TestAFoundCopyDoesNotEndTheWishThatReplacedItsOwn: on a server without MOVE the answer to a COPY is lost, and the person
// wants the message back.
func TestAFoundCopyDoesNotEndTheWishThatReplacedItsOwn(t *testing.T) {
	for name, grown := range map[string]int64{"as it was": 0, "as a server that counts differently says": 10} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			key, h := f.add(f.inbox, header(1))[0], header(1)
			h.Size += grown
			f.wish("archived", mail.Move{To: f.archive}, key)
			f.do(f.Trying(f.ctx, f.due(), f.archive, 1))
			f.wish("back", mail.Move{To: f.inbox}, key)
			f.add(f.archive, h)
			if grown > 0 {
				found, missing, err := f.Found(f.ctx, f.archive, f.due())
				if err != nil || len(found) != 1 || len(missing) != 0 {
					t.Fatalf("found %v, missing %v, %v", found, missing, err)
				}
				f.do(f.Copied(f.ctx, found))
			}
			f.isBack(key)
		})
	}
}

// isBack demands that a message is in the archive for the server, and back in INBOX for the person.
func (f *fixture) isBack(key mail.MessageKey) {
	f.t.Helper()
	if m := f.message(key); m.Mailbox != f.inbox {
		f.t.Errorf("shown in %d", m.Mailbox)
	}
	if box, _ := f.said(key); box != f.archive {
		f.t.Errorf("said in %d", box)
	}
}

// TestAnOriginalDoesNotGoForWhatOnlyResemblesItsCopy: with what is marked as \Deleted the mail would be gone.
func TestAnOriginalDoesNotGoForWhatOnlyResemblesItsCopy(t *testing.T) {
	deleted, edition := header(1), header(1)
	deleted.Flags = mail.Deleted
	edition.Size, edition.Received = edition.Size+300, edition.Received.Add(time.Minute)
	for name, h := range map[string]mail.Header{"marked as deleted": deleted, "another edition": edition} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			key := f.add(f.inbox, header(1))[0]
			f.wish("archived", mail.Move{To: f.archive}, key)
			f.add(f.archive, h)
			f.do(f.Trying(f.ctx, f.due(), f.archive, 1))
			f.renumber(f.archive, 8, h)
			found, missing, err := f.Found(f.ctx, f.archive, f.due())
			if err != nil || len(found) != 0 || len(missing) != 1 {
				t.Errorf("found %v, missing %v, %v", found, missing, err)
			}
		})
	}
}

// TestACopyOfWhatWasRenumberedMeanwhileIsNotMadeAgain: the workers of two accounts do their parts of a move at the same time.
func TestACopyOfWhatWasRenumberedMeanwhileIsNotMadeAgain(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("archived", mail.Move{To: f.archive}, key)
	ops, err := f.Trying(f.ctx, f.due(), f.archive, 7)
	f.do(ops, err)
	again := header(1)
	again.UID = 5
	f.renumber(f.inbox, 8, again)
	f.do(f.Copied(f.ctx, []Done{{Operation: ops[0], NewUID: 7}}))
	if due := f.due(); len(due) != 1 || due[0].Step != StepLook || due[0].UID == 1 {
		t.Errorf("due: %+v", due)
	}
}

// TestWhatDidNotChangeIsNotWritten: each look at the server ends here, and mostly nothing changed.
func TestWhatDidNotChangeIsNotWritten(t *testing.T) {
	f := newFixture(t)
	f.add(f.inbox, header(1))
	reader, err := f.Reader.db.Conn(f.ctx)
	f.ok(err)
	defer reader.Close()
	written := func() (version int) {
		t.Helper()
		f.ok(reader.QueryRowContext(f.ctx, "PRAGMA data_version").Scan(&version)) // differs once another connection wrote
		return version
	}
	before := written()
	f.now = f.now.Add(time.Hour)
	f.do(f.Settled(f.ctx, f.inbox))
	if written() != before {
		t.Error("something is written though nothing changed")
	}
	f.do(f.SetStatus(f.ctx, f.inbox, mail.Status{Messages: 2, UIDNext: 3}))
	before = written()
	f.do(f.Settled(f.ctx, f.inbox))
	if st, err := f.SyncState(f.ctx, f.inbox); err != nil || st.Dirty || written() == before {
		t.Errorf("dirty %v, %v", st.Dirty, err)
	}
}
