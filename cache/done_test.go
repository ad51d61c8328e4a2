package cache

import (
	"slices"
	"testing"
	"time"

	"posthorn/mail"
)

// answer is the server's agreement to everything that is due; next is the UID it gives to the first moved message, 0
// for a server that does not tell.
func (f *fixture) answer(next mail.UID) []Done {
	f.t.Helper()
	var done []Done
	for _, op := range f.due() {
		d := Done{Operation: op}
		if op.Kind == mail.KindMove && next > 0 {
			d.NewUID = next
			next++
		}
		done = append(done, d)
	}
	return done
}

func (f *fixture) said(key mail.MessageKey) (mail.MailboxKey, mail.UID) {
	f.t.Helper()
	box, uid, err := f.Said(f.ctx, key)
	f.ok(err)
	return box, uid
}

func TestAFulfilledWishIsSaid(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 3)...)
	f.wish("", mail.FlagChange{Mask: mail.Seen, Want: mail.Seen, Add: "work"}, keys[0])
	f.wish("", mail.Expunge{}, keys[1])
	f.do(f.Done(f.ctx, f.answer(0)))
	if ops := f.due(); len(ops) != 0 {
		t.Errorf("still due: %+v", ops)
	}
	if d := f.message(keys[0]); d.Flags != mail.Seen || d.Keywords != "work" {
		t.Errorf("got %+v", d.Message)
	}
	if _, err := f.Message(f.ctx, keys[1]); mail.KindOf(err) != mail.Gone {
		t.Errorf("the expunged message: %v", err)
	}
}

func TestAnAnswerDoesNotTakeANewerWishAway(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("", flagged, key)
	answer := f.answer(0)
	f.wish("", mail.FlagChange{Mask: mail.Flagged}, key)
	f.do(f.Done(f.ctx, answer))
	if f.message(key).Flags != 0 {
		t.Error("the newer wish is not shown")
	}
	if ops := f.due(); len(ops) != 1 || ops[0].Change != (mail.FlagChange{Mask: mail.Flagged}) {
		t.Errorf("due %+v", ops)
	}
}

func TestARevisionIsNeverUsedTwice(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wishAt(f.now.Add(time.Second), "deleted", mail.Expunge{}, key)
	f.undo("deleted")
	f.wish("", mail.Expunge{}, key)
	first := f.due()
	f.do(f.Refuse(f.ctx, []Operation{{Message: key, Kind: mail.KindExpunge, Rev: first[0].Rev - 1}}, "old news"))
	if ops := f.due(); len(ops) != 1 {
		t.Errorf("an answer to a wish that was taken back dropped a new one: %+v", ops)
	}
}

func TestAMovedMessageKeepsItsKeyAndContent(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 2)...)
	f.ok(f.PutContent(f.ctx, keys[0], "1", 0, []byte("text"), true))
	f.wish("", mail.Move{To: f.archive}, keys...)
	f.do(f.Done(f.ctx, f.answer(50)))
	if box, uid := f.said(keys[0]); box != f.archive || uid != 50 {
		t.Errorf("said %d/%d", box, uid)
	}
	f.add(f.archive, header(50), header(51)) // as the next synchronisation tells it
	if got := f.shown(in(f.archive)); !slices.Equal(got, []mail.MessageKey{keys[1], keys[0]}) {
		t.Errorf("shown %v, want the same rows", got)
	}
	if raw, complete, err := f.Content(f.ctx, keys[0], "1"); string(raw) != "text" || !complete || err != nil {
		t.Errorf("content %q %v %v", raw, complete, err)
	}
}

func TestAMoveWithoutCOPYUIDIsRecognisedBySizeAndMessageID(t *testing.T) {
	f := newFixture(t)
	list := headers(1, 3)
	list[2].Envelope.MessageID = "" // INTERNALDATE must do
	keys := f.add(f.inbox, list...)
	f.wish("", flagged, keys[1])
	f.wish("", mail.Move{To: f.archive}, keys...)
	var moves []Done
	for _, d := range f.answer(0) {
		if d.Kind == mail.KindMove {
			moves = append(moves, d)
		}
	}
	f.do(f.Done(f.ctx, moves))
	if st, err := f.SyncState(f.ctx, f.archive); err != nil || !st.Dirty {
		t.Errorf("the target is not to be synchronised: %+v %v", st, err)
	}
	if ops := f.due(); len(ops) != 0 {
		t.Errorf("a wish without UID is due: %+v", ops)
	}
	stranger, moved := header(60), slices.Clone(list)
	stranger.Envelope.MessageID, stranger.Size = "1@example.org", 5
	for i := range moved {
		moved[i].UID = mail.UID(61 + i)
	}
	added := f.add(f.archive, append(moved, stranger)...)
	if len(added) != 1 {
		t.Errorf("added %v, want only the stranger", added)
	}
	for i, key := range keys {
		if box, uid := f.said(key); box != f.archive || uid != mail.UID(61+i) {
			t.Errorf("message %d is said in %d/%d", i, box, uid)
		}
	}
	if ops := f.due(); len(ops) != 1 || ops[0].UID != 62 || ops[0].Kind != mail.KindFlags {
		t.Errorf("due %+v, want the flag under the new UID", ops)
	}
}

func TestAMoveThatChangesTheSizeIsRecognisedWhereThatIsCertain(t *testing.T) {
	grown := func(n int, uid mail.UID) mail.Header {
		h := header(n)
		h.UID, h.Size = uid, h.Size+50
		return h
	}
	later := func(h mail.Header) mail.Header {
		h.Received = h.Received.Add(time.Hour)
		return h
	}
	for name, c := range map[string]struct {
		before, after []mail.Header // in the target
		more          mail.Change   // wanted of the message, too
		found         bool
	}{
		"one":                 {nil, []mail.Header{grown(1, 9)}, read, true},
		"one of two":          {nil, []mail.Header{grown(1, 9), grown(1, 10)}, read, false},
		"there before":        {[]mail.Header{grown(1, 5)}, []mail.Header{grown(1, 5)}, read, false},
		"another date":        {nil, []mail.Header{later(grown(1, 9))}, read, false},
		"another message":     {nil, []mail.Header{grown(2, 9)}, read, false},
		"something to delete": {nil, []mail.Header{grown(1, 9)}, mail.Expunge{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.add(f.archive, c.before...)
			key := f.add(f.inbox, headers(1, 1)...)[0]
			f.wish("archived", mail.Move{To: f.archive}, key)
			moves := f.due()
			f.do(f.Done(f.ctx, []Done{{Operation: moves[0]}}))
			f.wish("", c.more, key)
			f.add(f.archive, c.after...)
			if _, err := f.Message(f.ctx, key); (err == nil) != c.found {
				t.Fatalf("found %v, want %v", err == nil, c.found)
			}
			if ops := f.due(); c.found != (len(ops) == 1) || c.found && (ops[0].UID != 9 || ops[0].Kind != mail.KindFlags) {
				t.Errorf("due %+v", ops)
			}
			f.check()
		})
	}
}

func TestAnExpectedMessageThatDidNotComeIsForgottenAfterASynchronisation(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.add(f.archive, header(11))
	f.wish("", mail.Move{To: f.archive}, key)
	f.do(f.Done(f.ctx, f.answer(0)))
	partly := mail.UID(5)
	f.do(f.Add(f.ctx, f.archive, nil, Marks{Backfill: &partly}))
	f.do(f.Settled(f.ctx, f.archive))
	f.message(key) // an older window may still hold it
	whole := mail.UID(1)
	f.do(f.Add(f.ctx, f.archive, nil, Marks{Backfill: &whole}))
	f.do(f.Settled(f.ctx, f.archive))
	if _, err := f.Message(f.ctx, key); mail.KindOf(err) != mail.Gone {
		t.Errorf("got %v, want Gone", err)
	}
}

func TestAMoveWhoseAnswerWasLostIsFollowed(t *testing.T) {
	for _, c := range []struct {
		name        string
		undone      bool // the person moved it back before the program noticed
		targetFirst bool // the target is synchronised before the source
	}{{"source first", false, false}, {"target first", false, true}, {"undone", true, false}, {"undone, target first", true, true}} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			key := f.add(f.inbox, header(1))[0]
			f.add(f.archive, header(11))
			f.wish("archived", mail.Move{To: f.archive}, key)
			f.wish("", flagged, key)
			f.reopen() // the server moved it, the answer never came
			if c.undone {
				f.do(f.Wish(f.ctx, Wish{Changes: []mail.Targeted{{Message: key, Change: mail.Move{To: f.inbox}}}}))
			}
			there := header(1)
			there.UID = 12
			source := func() {
				f.do(f.Vanished(f.ctx, f.inbox, everything(), nil, Marks{}))
				f.do(f.Settled(f.ctx, f.inbox))
			}
			target := func() {
				f.add(f.archive, there)
				f.do(f.Settled(f.ctx, f.archive))
			}
			if c.targetFirst {
				target()
				source()
				f.do(f.Settled(f.ctx, f.archive))
			} else {
				source()
				target()
			}
			if box, uid := f.said(key); box != f.archive || uid != 12 {
				t.Fatalf("said in %d/%d", box, uid)
			}
			var moves []mail.Change
			for _, op := range f.due() {
				if op.Kind == mail.KindMove {
					moves = append(moves, op.Change)
				}
			}
			switch {
			case !f.message(key).Flags.Has(mail.Flagged):
				t.Error("the wish for a flag was lost")
			case c.undone && !slices.Equal(moves, []mail.Change{mail.Move{To: f.inbox}}):
				t.Errorf("due %v, want the way back", moves)
			case !c.undone && len(moves) != 0:
				t.Errorf("due %v, want nothing", moves)
			}
		})
	}
}

func TestAMessageMovedTwiceBeforeTheAnswerCameIsFoundInTheFirstTarget(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.add(f.archive, header(11))
	f.add(f.trash, header(21))
	f.wish("", mail.Move{To: f.archive}, key)
	f.wish("", mail.Move{To: f.trash}, key)
	f.do(f.Vanished(f.ctx, f.inbox, everything(), nil, Marks{}))
	f.do(f.Settled(f.ctx, f.trash)) // not there
	there := header(1)
	there.UID = 12
	f.add(f.archive, there)
	if box, uid := f.said(key); box != f.archive || uid != 12 {
		t.Fatalf("said in %d/%d", box, uid)
	}
	if ops := f.due(); len(ops) != 1 || ops[0].Change != (mail.Move{To: f.trash}) || ops[0].UID != 12 {
		t.Errorf("due %+v", ops)
	}
}

func TestAMessageDeletedElsewhereIsGoneOnceNoMailboxHasIt(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.add(f.archive, header(11))
	f.add(f.trash, header(21))
	f.wish("", mail.Move{To: f.archive}, key)
	f.wish("", mail.Move{To: f.trash}, key)
	f.do(f.Vanished(f.ctx, f.inbox, everything(), nil, Marks{}))
	for range 2 {
		for _, box := range []mail.MailboxKey{f.trash, f.archive, f.inbox} {
			f.do(f.Settled(f.ctx, box))
		}
	}
	if _, err := f.Message(f.ctx, key); mail.KindOf(err) != mail.Gone {
		t.Errorf("got %v, want Gone", err)
	}
}

func TestAMoveIntoAMailboxNeverSynchronisedIsRecognisedLater(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("", mail.Move{To: f.archive}, key)
	f.do(f.Done(f.ctx, f.answer(9)))
	f.ok(f.Reset(f.ctx, f.archive, 1234))
	there := header(1)
	there.UID = 10 // the UID told back then is of another UIDVALIDITY
	if added := f.add(f.archive, there); len(added) != 0 {
		t.Errorf("added %v", added)
	}
	if box, uid := f.said(key); box != f.archive || uid != 10 {
		t.Errorf("said in %d/%d", box, uid)
	}
}

func TestACopyForAMoveBecomesAWishToExpungeTheOriginal(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("", mail.Move{To: f.archive}, key)
	f.do(f.Copied(f.ctx, f.answer(12)))
	if box, uid := f.said(key); box != f.archive || uid != 12 {
		t.Errorf("said in %d/%d", box, uid)
	}
	if got := f.shown(in(f.inbox, f.archive)); !slices.Equal(got, []mail.MessageKey{key}) {
		t.Errorf("shown %v", got)
	}
	ops := f.due()
	if len(ops) != 1 || ops[0].Kind != mail.KindExpunge || ops[0].Mailbox != f.inbox || ops[0].UID != 1 {
		t.Fatalf("due %+v", ops)
	}
	f.reopen()
	f.do(f.Done(f.ctx, []Done{{Operation: ops[0]}}))
	if st, err := f.SyncState(f.ctx, f.inbox); err != nil || st.Held != 0 {
		t.Errorf("the original is still held: %+v %v", st, err)
	}
	f.message(key)
}

func TestAnAnswerAboutAMessageThatWasForgottenChangesNothing(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("", mail.Move{To: f.archive}, key)
	answer := f.answer(5)
	f.ok(f.Reset(f.ctx, f.inbox, 9))
	touched, err := f.Done(f.ctx, answer)
	if err != nil || len(touched) != 0 {
		t.Errorf("touched %v %v", touched, err)
	}
}

func TestARowMadeBeforeTheAnswerIsReplaced(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("", mail.Move{To: f.archive}, key)
	answer := f.answer(12)
	there := header(1)
	there.UID, there.Flags = 12, mail.Answered
	twin := f.add(f.archive, there)[0]
	f.wish("", flagged, twin)
	f.do(f.Done(f.ctx, answer))
	if got := f.shown(in(f.archive)); !slices.Equal(got, []mail.MessageKey{key}) {
		t.Errorf("shown %v, want only %d", got, key)
	}
	if got := f.message(key).Flags; got != mail.Answered|mail.Flagged {
		t.Errorf("flags %v: what was said and wanted of the other row is lost", got)
	}
}
