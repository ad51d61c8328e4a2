package engine

import (
	"context"
	"math"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// compare finds what vanished above the back-fill mark.
func (w *worker) compare(ctx context.Context, s *imap.Session, have cache.SyncState, lo mail.UID) error {
	all, err := s.UIDs(ctx)
	if err != nil {
		return err
	}
	w.compared[have.Key] = all
	departed, err := w.e.store.Vanished(ctx, have.Key, mail.UIDSet{{Lo: lo, Hi: math.MaxUint32}}, all, cache.Marks{})
	if err != nil {
		return err
	}
	w.strayed(ctx, have.Name, departed.Strayed)
	return w.fill(ctx, s, have, all.Within(lo, math.MaxUint32))
}

// fill fetches the headers of messages that should be held and are not, because the server did not give them when they
// were asked for: each once a session.
func (w *worker) fill(ctx context.Context, s *imap.Session, have cache.SyncState, all mail.UIDSet) error {
	now, err := w.e.store.SyncState(ctx, have.Key)
	if err != nil || now.UIDNext <= 1 {
		return err
	}
	held, err := w.e.store.UIDs(ctx, have.Key, 1, math.MaxUint32)
	if err != nil {
		return err
	}
	missing := all.Within(1, now.UIDNext-1).Without(held).Without(w.missing[have.Key])
	if len(missing) == 0 {
		return nil
	}
	w.missing[have.Key] = mail.Normalise(append(missing, w.missing[have.Key]...))
	return w.fetch(ctx, s, have, missing)
}

// countCheck finds what vanished from a mailbox that is completely held: UIDs never return and new ones were fetched
// just now, so equal counts mean equal sets.
func (w *worker) countCheck(ctx context.Context, s *imap.Session, have cache.SyncState, got mail.Selected) error {
	now, err := w.e.store.SyncState(ctx, have.Key)
	if err != nil || now.Backfill != 1 || now.Held == got.Exists {
		return err
	}
	return w.compare(ctx, s, have, 1)
}
