package cache

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

// readAll synchronises the mailboxes that are not known yet: there is nothing in them.
func (f *fixture) readAll() {
	f.t.Helper()
	for _, box := range []mail.MailboxKey{f.archive, f.sent, f.trash} {
		f.add(box)
	}
}

// A message that another program moved away and back has another UID in the mailbox where it was. A second delivery is like it, but
// came at another time, and nothing is wanted of it.
func TestWishesFollowAMessageThatWasMovedAwayAndBack(t *testing.T) {
	for later, follows := range map[time.Duration]bool{0: true, time.Minute: false} {
		f := newFixture(t)
		first, again := header(1), header(1)
		again.UID, again.Received = 2, first.Received.Add(later)
		key := f.add(f.inbox, first)[0]
		f.readAll()
		f.wish("starred", mail.FlagChange{Mask: mail.Flagged, Want: mail.Flagged}, key)
		f.do(f.Add(f.ctx, f.inbox, []mail.Header{again}, Marks{}))
		d, err := f.Vanished(f.ctx, f.inbox, mail.NewUIDSet(1), nil, Marks{})
		f.ok(err)
		if slices.Equal(d.Followed, []string{first.Envelope.Subject}) != follows || (len(d.Awaited) == 0) != follows {
			t.Errorf("%v later: %+v", later, d.Strayed)
		}
		if ops := f.due(); (len(ops) == 1 && ops[0].UID == 2) != follows {
			t.Errorf("%v later there is to do: %+v", later, ops)
		}
		f.check()
	}
}

// A copy that we make may be in its mailbox before it is recognised as that: nothing that is wanted of its source, which another
// program deletes, is wanted of it then.
func TestACopyIsNotTakenForItsSource(t *testing.T) {
	for _, first := range []string{"the copy is seen", "the source is gone"} {
		f := newFixture(t)
		key := f.add(f.inbox, header(1))[0]
		f.wish("copied", mail.Copy{To: f.trash}, key)
		f.do(f.Trying(f.ctx, f.due(), f.trash, 1))
		f.wish("starred", flagged, key)
		gone := func() {
			d, err := f.Vanished(f.ctx, f.inbox, mail.NewUIDSet(1), nil, Marks{})
			f.ok(err)
			if len(d.Followed) > 0 || len(d.Awaited) != 1 {
				t.Errorf("%s first: %+v", first, d.Strayed)
			}
		}
		if first == "the source is gone" {
			gone()
		}
		f.do(f.Add(f.ctx, f.trash, []mail.Header{header(1)}, Marks{}))
		if first == "the copy is seen" {
			gone()
		}
		for _, o := range f.due() {
			if o.Kind == mail.KindFlags {
				t.Errorf("%s first, there is to do: %+v", first, o)
			}
		}
		f.check()
	}
}

// toldOf is what a mailbox with much in it has told when something is wanted of a message: of its newest ones only, or of none.
var toldOf = map[string]func(f *fixture){
	"the newest are known": func(f *fixture) {
		f.ok(f.Reset(f.ctx, f.archive, 7))
		next, mark := mail.UID(51), mail.UID(50)
		newest := header(9)
		newest.UID = 50
		f.do(f.Add(f.ctx, f.archive, []mail.Header{newest}, Marks{UIDNext: &next, Backfill: &mark}))
		f.do(f.Settled(f.ctx, f.archive))
	},
	"none is known": func(f *fixture) {
		f.do(f.SetStatus(f.ctx, f.archive, mail.Status{UIDValidity: 7, UIDNext: 51, Messages: 30}))
		f.ok(f.Reset(f.ctx, f.archive, 7))
	},
}

// A kept copy of a message that is deleted elsewhere may be read after something was wanted of that message: old mail of a
// mailbox comes last. Its UID tells that it was there before; what the message became has one that was not given out then.
func TestAKeptCopyThatIsReadLateGetsNothing(t *testing.T) {
	for told, tell := range toldOf {
		for uid, follows := range map[mail.UID]bool{20: false, 51: true} {
			for _, first := range []string{"the copy is seen", "the source is gone"} {
				for kind, changes := range map[string]func(*fixture) []mail.Change{"starred": toStar, "trash": func(f *fixture) []mail.Change {
					return []mail.Change{mail.Move{To: f.trash}}
				}} {
					f := newFixture(t)
					f.readAll()
					f.do(f.conn.ExecContext(f.ctx, "UPDATE mailbox SET uidvalidity = 0, uidnext = 0, backfill_uid = 0, dirty = 1, calm_uidnext = 0 WHERE id = ?", f.archive))
					key := f.add(f.inbox, header(1))[0]
					tell(f)
					f.wish(kind, changes(f)[0], key)
					gone := func() {
						f.do(f.Vanished(f.ctx, f.inbox, mail.NewUIDSet(1), nil, Marks{}))
						if kind == "trash" {
							f.do(f.Settled(f.ctx, f.trash)) // where it may have gone
						}
					}
					if first == "the source is gone" {
						gone()
					}
					f.comes(f.archive, header(1), uid, 0)
					if first == "the copy is seen" {
						gone()
					}
					f.do(f.FindStrayed(f.ctx, "home"))
					want := ""
					if follows {
						want = fmt.Sprintf("%d/%d %+v", f.archive, uid, changes(f)[0])
					}
					if got := f.wanted(); got != want {
						t.Errorf("%s, %s first, %s, copy with UID %d: to do is %q, want %q", told, first, kind, uid, got, want)
					}
					f.close()
				}
			}
		}
	}
}

// Another program leaves two messages that are like the one that is gone: in whichever order the mailboxes are read, neither gets
// what is wanted of it.
func TestOfTwoLikeMessagesNeitherGetsWhatIsWanted(t *testing.T) {
	for _, order := range []string{"gone, two", "two, gone", "one, gone, other"} {
		for kind, changes := range map[string]func(*fixture) []mail.Change{"starred": toStar, "archived": toArchive} {
			f := newFixture(t)
			f.readAll()
			key := f.add(f.inbox, header(1))[0]
			f.wish(kind, changes(f)[0], key)
			var told Strayed
			var found Found
			for step := range strings.SplitSeq(order, ", ") {
				switch step {
				case "gone":
					d, err := f.Vanished(f.ctx, f.inbox, mail.NewUIDSet(1), nil, Marks{})
					f.ok(err)
					settled, err := f.Settled(f.ctx, f.archive)
					f.ok(err)
					told = Strayed{GivenUp: append(d.GivenUp, settled.GivenUp...), Followed: append(d.Followed, settled.Followed...)}
				case "one":
					f.do(f.SetStatus(f.ctx, f.sent, mail.Status{UIDNext: 6, Messages: 1})) // both came, one of them is read
					f.comes(f.trash, header(1), 5, 0)
				case "other":
					f.comes(f.sent, header(1), 5, 0)
					f.do(f.Settled(f.ctx, f.sent))
				default:
					f.comes(f.trash, header(1), 5, 0)
					f.comes(f.sent, header(1), 5, 0)
				}
			}
			found, err := f.FindStrayed(f.ctx, "home")
			f.ok(err)
			if len(told.Followed)+found.Followed > 0 || len(told.GivenUp)+found.Several != 1 || f.wanted() != "" || len(f.strays()) > 0 {
				t.Errorf("%s, %s: %+v, %+v, to do is %q, awaited %+v", order, kind, told, found, f.wanted(), f.strays())
			}
			f.close()
		}
	}
}

// One that turns up is not taken before the others are read, unless they cannot be.
func TestOneOfTwoLikeMessagesIsNotTakenBeforeTheOtherIsRead(t *testing.T) {
	f := newFixture(t)
	f.readAll()
	key := f.add(f.inbox, header(1))[0]
	f.wish("starred", flagged, key)
	f.ok(f.AskAgain(f.ctx, f.sent))
	f.comes(f.trash, header(1), 5, 0)
	d, err := f.Vanished(f.ctx, f.inbox, mail.NewUIDSet(1), nil, Marks{})
	f.ok(err)
	if len(d.Awaited) != 1 || f.wanted() != "" {
		t.Errorf("%+v, to do is %q", d, f.wanted())
	}
	f.reopen()
	found, err := f.FindStrayed(f.ctx, "home")
	if got, want := f.wanted(), fmt.Sprintf("%d/5 %+v", f.trash, flagged); err != nil || found.Followed != 1 || got != want {
		t.Errorf("%+v, %v, to do is %q, want %q", found, err, got, want)
	}
}

// Whoever changes a message that turned up, before all is read and that is certain, has the last word about it.
func TestANewerWordAboutWhatTurnedUpCounts(t *testing.T) {
	for name, c := range map[string]struct {
		before, after mail.Change
		want          string // of what is to be told
	}{
		"starred, not starred":  {flagged, mail.FlagChange{Mask: mail.Flagged}, "%[1]d/5 {Mask:4 Want:0 Add: Del:}"},
		"starred, read":         {flagged, read, "%[1]d/5 {Mask:5 Want:5 Add: Del:}"},
		"archived, thrown away": {mail.Move{To: 2}, mail.Move{To: 4}, "%[1]d/5 {To:4}"},
	} {
		f, first := astray(t, func(*fixture) []mail.Change { return []mail.Change{c.before} })
		f.wish("again", c.after, f.comes(f.sent, first, 5, 0))
		f.do(f.FindStrayed(f.ctx, "home"))
		if got, want := f.wanted(), fmt.Sprintf(c.want, f.sent); got != want || f.archive != 2 || f.trash != 4 {
			t.Errorf("%s: to do is %q, want %q", name, got, want)
		}
		f.undo("again")
		f.undo("action 1")
		f.close()
	}
}

// Whoever moved a message that is to be deleted may have saved it: within the grace period, too.
func TestADeletionInItsGracePeriodDoesNotFollow(t *testing.T) {
	f := newFixture(t)
	f.readAll()
	key := f.add(f.inbox, header(1))[0]
	f.wishAt(f.now.Add(time.Hour), "deleted", mail.Expunge{}, key)
	f.do(f.Vanished(f.ctx, f.inbox, mail.NewUIDSet(1), nil, Marks{}))
	f.comes(f.trash, header(1), 5, 0)
	f.do(f.FindStrayed(f.ctx, "home"))
	f.now = f.now.Add(2 * time.Hour)
	if got := f.wanted(); got != "" || len(f.strays()) > 0 || len(f.shown(in(f.trash))) != 1 {
		t.Errorf("to do is %q, awaited %+v, shown %v", got, f.strays(), f.shown(in(f.trash)))
	}
}

// The UIDs of a renumbered mailbox say nothing about what was there before.
func TestWhatTurnsUpInARenumberedMailboxIsFound(t *testing.T) {
	f := newFixture(t)
	f.readAll()
	f.add(f.archive, headers(60, 70)...)
	key := f.add(f.inbox, header(1))[0]
	f.wish("starred", flagged, key)
	f.renumber(f.archive, 8)
	f.do(f.Vanished(f.ctx, f.inbox, mail.NewUIDSet(1), nil, Marks{}))
	f.turnsUp(f.archive, header(1), 5, 0)
	if got, want := f.wanted(), fmt.Sprintf("%d/5 %+v", f.archive, flagged); got != want {
		t.Errorf("to do is %q, want %q", got, want)
	}
}

// A message is copied first that is to be copied and then to be moved.
func TestACopyWaitsForNoLaterMove(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("copied", mail.Copy{To: f.archive}, key)
	f.wish("moved", mail.Move{To: f.trash}, key)
	if got, want := f.wanted(), fmt.Sprintf("%d/1 {To:%d}", f.inbox, f.archive); got != want {
		t.Errorf("to do is %q, want %q", got, want)
	}
}
