package cache

import (
	"math"
	"slices"
	"testing"

	"posthorn/mail"
)

func everything() mail.UIDSet { return mail.UIDSet{{Lo: 1, Hi: math.MaxUint32}} }

func TestAddingAKnownUIDRenewsItsFlags(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 3)...)
	h := header(2)
	h.Flags = mail.Seen | mail.Flagged
	h.Structure = &mail.Part{Section: "1", MediaType: "text/plain"}
	added := f.add(f.inbox, h, header(4), header(4))
	if len(added) != 1 || slices.Contains(keys, added[0]) {
		t.Errorf("added %v beside %v", added, keys)
	}
	if d := f.message(keys[1]); d.Flags != h.Flags || d.Structure == nil {
		t.Errorf("got %+v %v", d.Message, d.Structure)
	}
}

func TestMarksAreStoredWithTheRows(t *testing.T) {
	f := newFixture(t)
	next, modseq, backfill := mail.UID(5), mail.ModSeq(1<<40), mail.UID(2)
	f.ok(f.Reset(f.ctx, f.inbox, 77))
	f.do(f.Add(f.ctx, f.inbox, headers(2, 4), Marks{UIDNext: &next, HighestModSeq: &modseq, Backfill: &backfill}))
	f.do(f.Settled(f.ctx, f.inbox))
	want := SyncState{Key: f.inbox, Account: "home", Name: "INBOX", Role: mail.Inbox, UIDValidity: 77, UIDNext: 5,
		HighestModSeq: 1 << 40, Backfill: 2, Held: 3}
	got, err := f.SyncState(f.ctx, f.inbox)
	if err != nil || got != want {
		t.Errorf("got  %+v (%v)\nwant %+v", got, err, want)
	}
	f.do(f.SetFlags(f.ctx, f.inbox, nil, Marks{}))
	if again, err := f.SyncState(f.ctx, f.inbox); err != nil || again != want {
		t.Errorf("empty marks changed it to %+v (%v)", again, err)
	}
	states, err := f.SyncStates(f.ctx, "home")
	if err != nil || len(states) != 4 || states[1] != want {
		t.Errorf("got %+v %v", states, err)
	}
}

func TestFlagsTheServerTellsDoNotOverwriteAWish(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 3)...)
	f.wish("", unread, keys[0])
	n, err := f.SetFlags(f.ctx, f.inbox, []mail.FlagUpdate{
		{UID: 1, Flags: mail.Seen | mail.Answered}, {UID: 2, Keywords: "work"}, {UID: 3}, {UID: 99, Flags: mail.Seen}}, Marks{})
	if err != nil || n != 2 {
		t.Errorf("%d changed (%v), want 2", n, err)
	}
	if got := f.message(keys[0]).Flags; got != mail.Answered {
		t.Errorf("shown %v: the touched bit is ours, the others the server's", got)
	}
	if got := f.message(keys[1]).Keywords; got != "work" {
		t.Errorf("keywords %q", got)
	}
}

// Of what nothing is wanted is shown as it was said, and counted so; what is marked as \Deleted, or no longer, goes and comes.
func TestFlagsTheServerTellsAreShownAndCounted(t *testing.T) {
	f := newFixture(t)
	f.add(f.inbox, headers(1, 4)...)
	for _, step := range []struct {
		flags         mail.Flags
		keywords      mail.Keywords
		changed       int
		total, unseen int
	}{
		{mail.Seen, "", 4, 4, 0},
		{mail.Seen, "work", 4, 4, 0},
		{mail.Seen, "work", 0, 4, 0},
		{mail.Flagged, "work", 4, 4, 4},
		{mail.Flagged | mail.Deleted, "work", 4, 0, 0},
		{mail.Seen | mail.Deleted, "", 4, 0, 0},
		{mail.Seen, "", 4, 4, 0},
	} {
		var updates []mail.FlagUpdate
		for uid := mail.UID(1); uid <= 4; uid++ {
			updates = append(updates, mail.FlagUpdate{UID: uid, Flags: step.flags, Keywords: step.keywords})
		}
		n, err := f.SetFlags(f.ctx, f.inbox, updates, Marks{})
		f.ok(err)
		f.check()
		if m, err := f.Mailbox(f.ctx, f.inbox); n != step.changed || m.Total != step.total || m.Unseen != step.unseen || err != nil {
			t.Errorf("%v %q: %d changed, %d of which %d unseen (%v), want %+v", step.flags, step.keywords, n, m.Total, m.Unseen, err, step)
		}
	}
}

func TestVanishedMessagesAreForgottenWithAllTheyHad(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 9)...)
	f.ok(f.PutContent(f.ctx, keys[3], "1", 0, []byte("text"), true))
	f.wish("", read, keys[3])
	d, err := f.Vanished(f.ctx, f.inbox, mail.UIDSet{{Lo: 3, Hi: 8}}, mail.NewUIDSet(1, 5, 6, 20), Marks{})
	if err != nil || d.Gone != 4 {
		t.Errorf("%d gone (%v), want 4", d.Gone, err)
	}
	uids, err := f.UIDs(f.ctx, f.inbox, 1, math.MaxUint32)
	if err != nil || uids.String() != "1:2,5:6,9" {
		t.Errorf("left %v (%v)", uids, err)
	}
	if uids, err := f.UIDs(f.ctx, f.inbox, 2, 5); err != nil || uids.String() != "2,5" {
		t.Errorf("from 2 to 5: %v (%v)", uids, err)
	}
	if raw, _, err := f.Content(f.ctx, keys[3], "1"); err != nil || raw != nil {
		t.Errorf("content stayed: %q %v", raw, err)
	}
	if n, _, err := f.Waiting(f.ctx); err != nil || n != 1 {
		t.Errorf("%d wishes wait for their message to turn up (%v)", n, err)
	}
}

func TestAnInterruptedFirstSynchronisationKeepsWhatItGot(t *testing.T) {
	f := newFixture(t)
	f.ok(f.Reset(f.ctx, f.inbox, 7))
	keys, err := f.Add(f.ctx, f.inbox, headers(1, 3), Marks{})
	f.ok(err)
	f.ok(f.Reset(f.ctx, f.inbox, 7))
	if got := f.shown(in(f.inbox)); len(got) != len(keys) {
		t.Errorf("shown %v", got)
	}
	f.ok(f.Reset(f.ctx, f.inbox, 8))
	if st, err := f.SyncState(f.ctx, f.inbox); err != nil || st.Held != 0 || len(f.shown(in(f.inbox))) != len(keys) {
		t.Errorf("after the UIDs changed their meaning: %+v (%v), shown %v", st, err, f.shown(in(f.inbox)))
	}
}

func TestStructureMayBeLearntLater(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.ok(f.SetStructure(f.ctx, key, mail.Part{Section: "1", MediaType: "application/pdf", Filename: "a.pdf", Disposition: "attachment"}))
	if d := f.message(key); d.Structure == nil || d.Structure.MediaType != "application/pdf" || d.Attachments != 1 {
		t.Errorf("got %+v %+v", d.Message, d.Structure)
	}
}
