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
