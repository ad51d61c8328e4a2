package cache

import (
	"context"
	"errors"
	"strconv"

	"posthorn/mail"
)

// rehearsed is how many headers a rehearsal stores: more than are learned at once, and so many that bulk needs a statement of
// each of its lengths.
const rehearsed = atOnce + 1

var errRehearsed = errors.New("rehearsed")

// Rehearse plays storing news in a mailbox, with headers and flags that do not exist, and takes it all back: SQLite plans each
// statement when it is first asked. While a server is logged in to there is time for that; while it sends there is none. Nothing
// depends on it, whatever the error.
func (s *Store) Rehearse(ctx context.Context, key mail.MailboxKey) error {
	a := NewArrivals(rehearsed)
	next := mail.UID(1)
	a.Marks.UIDNext = &next
	for i := range rehearsed {
		id, uid := "rehearsal."+strconv.Itoa(i), mail.UID(1<<31+i)
		a.Put(&mail.Header{UID: uid, Envelope: mail.Envelope{MessageID: id, References: []string{id + ".answered"}}})
		a.PutFlags(mail.FlagUpdate{UID: uid, Flags: mail.Seen})
	}
	err := s.write(ctx, normal, "rehearse", func(t *transaction) error {
		if _, err := t.arrive(key, a); err != nil {
			return err
		}
		if err := t.flush(); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		return nil
	}
	return err
}
