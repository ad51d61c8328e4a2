package engine

import (
	"context"
	"errors"
	"fmt"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// agreed refuses a deletion where other messages would go than the person knew of, or where the server does not tell how
// many. It is asked right before each try: IMAP has no command that deletes only what is as it was.
func (w *worker) agreed(ctx context.Context, s *imap.Session, e cache.Errand) error {
	if e.Kind != cache.DeleteMailbox {
		return nil
	}
	st, err := s.Status(ctx, e.Said)
	switch mail.KindOf(err) {
	case mail.Gone:
		moved, err := w.errandMoved(ctx, s, e)
		if moved && err == nil {
			err = errGivenUp
		}
		return err
	case mail.Rejected, mail.Protocol:
		return w.holdsNothing(ctx, s, e, err)
	}
	if err != nil {
		return err
	}
	const again = ": nothing was deleted, delete it again to say that you mean all of them"
	switch {
	case st.Messages > e.Messages:
		return refuseDeletion(e, fmt.Errorf("it holds more messages now, %d instead of %d"+again, st.Messages, e.Messages))
	case st.Messages > 0 && e.UIDValidity > 0 && st.UIDValidity > 0 && (st.UIDValidity != e.UIDValidity || e.UIDNext > 0 && st.UIDNext > e.UIDNext):
		return refuseDeletion(e, errors.New("it holds other messages now than when you deleted it"+again))
	}
	return nil
}

// holdsNothing lets a mailbox go whose STATUS the server does not tell because there is none: it only holds others.
func (w *worker) holdsNothing(ctx context.Context, s *imap.Session, e cache.Errand, why error) error {
	m, there, err := s.Find(ctx, e.Said)
	if err != nil {
		return err
	}
	if there && !m.NoSelect {
		return refuseDeletion(e, fmt.Errorf("nothing was deleted, as the server does not tell how many messages it holds: %s", mail.Reason(why)))
	}
	return nil
}

func refuseDeletion(e cache.Errand, why error) error {
	return &mail.Error{Op: "delete " + e.Said, Kind: mail.Rejected, Err: why}
}

// afterDeletion ends the subscription, and looks whether the name stays for what is below it.
func (w *worker) afterDeletion(ctx context.Context, s *imap.Session, e cache.Errand) (kept bool, err error) {
	all, err := w.e.store.Mailboxes(ctx)
	if err != nil {
		return false, err
	}
	for _, m := range all {
		if m.Key == e.Mailbox { // it is still shown, for others are below it
			if _, kept, err = s.Find(ctx, e.Said); err != nil {
				return false, err
			}
		}
	}
	return kept, w.subscribe(ctx, s, e.Said, false)
}
