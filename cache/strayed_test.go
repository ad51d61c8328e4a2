package cache

import (
	"slices"
	"testing"
	"time"

	"posthorn/mail"
)

// A message that another program moved away and back has another UID in the mailbox where it was. A second delivery is like it, but
// came at another time, and nothing is wanted of it.
func TestWishesFollowAMessageThatWasMovedAwayAndBack(t *testing.T) {
	for later, follows := range map[time.Duration]bool{0: true, time.Minute: false} {
		f := newFixture(t)
		first, again := header(1), header(1)
		again.UID, again.Received = 2, first.Received.Add(later)
		key := f.add(f.inbox, first)[0]
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
