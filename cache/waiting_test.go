package cache

import (
	"testing"
	"time"

	"posthorn/mail"
)

func (f *fixture) wishes() []WishGroup {
	f.t.Helper()
	groups, err := f.Wishes(f.ctx)
	f.ok(err)
	return groups
}

func TestWishesAreGroupedByWhatOneCommandCanDo(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 3)...)
	began := f.now
	f.wish("archived", mail.Move{To: f.archive}, keys[0])
	f.now = f.now.Add(time.Minute)
	f.wish("archived", mail.Move{To: f.archive}, keys[1])
	f.wish("flagged", flagged, keys...)
	f.do(nil, f.Later(f.ctx, f.due()[:1], f.now.Add(time.Hour), "try later"))
	groups := f.wishes()
	if len(groups) != 2 {
		t.Fatalf("got %+v", groups)
	}
	move, flags := groups[0], groups[1]
	if move.Messages != 2 || move.Change != (mail.Move{To: f.archive}) || move.To != "Archive" || move.From != "INBOX" || !move.Since.Equal(time.Unix(began.Unix(), 0)) {
		t.Errorf("the move: %+v", move)
	}
	if flags.Messages != 3 || flags.Change != mail.Change(flagged) || flags.Attempts != 1 || flags.LastError != "try later" {
		t.Errorf("the flags: %+v", flags)
	}
}

func TestARetriedGroupIsDueAtOnce(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 2)...)
	f.wish("flagged", flagged, keys...)
	f.do(nil, f.Later(f.ctx, f.due(), f.now.Add(time.Hour), "try later"))
	if n := len(f.due()); n != 0 {
		t.Fatalf("%d are due before", n)
	}
	f.do(nil, f.RetryWishes(f.ctx, f.wishes()[0]))
	if n := len(f.due()); n != 2 {
		t.Errorf("%d are due", n)
	}
}

func TestADroppedGroupShowsWhatTheServerSaid(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 2)...)
	f.wish("archived", mail.Move{To: f.archive}, keys...)
	f.wish("flagged", flagged, keys...)
	f.do(f.DropWishes(f.ctx, f.wishes()[0]))
	if n := len(f.shown(in(f.inbox))); n != 2 {
		t.Errorf("%d are shown where the server has them", n)
	}
	if groups := f.wishes(); len(groups) != 1 || groups[0].Change != mail.Change(flagged) || f.message(keys[0]).Flags != mail.Flagged {
		t.Errorf("what is left: %+v", groups)
	}
}
