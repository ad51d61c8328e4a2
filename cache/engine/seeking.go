package engine

import (
	"context"
	"maps"
	"slices"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// seekAfter is when a message that may have been sent is looked for, counted from the look before: Exchange files
// what it sent up to a quarter of an hour later.
var seekAfter = []time.Duration{0, time.Minute, 4 * time.Minute, 15 * time.Minute}

// sought is how far the search for a message is.
type sought struct {
	looks int
	next  time.Time
}

// toSeek are messages of the outbox that may have been sent and are to be looked for now. One that some recipients had
// got before lies in Sent whatever became of the last try: only a person can tell.
func (w *worker) toSeek(rows []cache.Outgoing) []cache.Outgoing {
	now := w.e.opt.Now()
	return slices.DeleteFunc(slices.Clone(rows), func(o cache.Outgoing) bool {
		s := w.sought[o.Key]
		return o.State != cache.Uncertain || s.looks == len(seekAfter) || s.next.After(now) || o.MessageID == "" || o.Copy != cache.NoCopy
	})
}

// forgetSought drops what is known of messages about which somebody decided.
func (w *worker) forgetSought(rows []cache.Outgoing) {
	maps.DeleteFunc(w.sought, func(key int64, _ sought) bool {
		return !slices.ContainsFunc(rows, func(o cache.Outgoing) bool { return o.Key == key && o.State == cache.Uncertain })
	})
}

// nextSeek is when the next of the messages that are looked for is due; zero: none is.
func (w *worker) nextSeek() (next time.Time) {
	for _, s := range w.sought {
		if s.looks < len(seekAfter) && (next.IsZero() || s.next.Before(next)) {
			next = s.next
		}
	}
	return next
}

// seekAfterNews makes a last look due where a copy may have turned up after all. A mailbox that was only looked at again
// is no news: to look in Sent leaves INBOX, and to come back is to look at that again.
func (w *worker) seekAfterNews(ctx context.Context, had cache.SyncState) {
	if len(w.sought) == 0 || had.Role != mail.Sent && had.Role != mail.Inbox {
		return
	}
	if has, err := w.e.store.SyncState(ctx, had.Key); err != nil || has.UIDNext == had.UIDNext && has.Held == had.Held {
		return
	}
	for key, s := range w.sought {
		w.sought[key] = sought{looks: min(s.looks, len(seekAfter)-1)}
	}
}

// seek looks for a message that may have been sent: in Sent, where many servers file what they took, and in INBOX when
// it went to oneself. Found means sent; not found means nothing, and the person still decides.
func (w *worker) seek(ctx context.Context, s *imap.Session) error {
	outbox, err := w.outbox(ctx)
	if err != nil {
		return err
	}
	rows := w.toSeek(outbox)
	if len(rows) == 0 {
		return nil
	}
	o := rows[0]
	w.show(State{Phase: Working, Text: "looking whether a message was sent"})
	found, err := w.wasSent(ctx, s, o)
	switch mail.KindOf(err) {
	case mail.Rejected, mail.Temporary, mail.Gone:
		found, err = false, nil
	}
	if err != nil {
		return err
	}
	if !found {
		looks := w.sought[o.Key].looks + 1
		w.sought[o.Key] = sought{looks, w.e.opt.Now().Add(seekAfter[min(looks, len(seekAfter)-1)])}
		return nil
	}
	delete(w.sought, o.Key)
	err = w.e.store.SetOutgoing(ctx, arrived(o))
	switch mail.KindOf(err) {
	case mail.Gone, mail.Rejected: // the person decided meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	w.e.say(w.account.Name, "“%s” was sent: it was found on the server.", o.Subject)
	w.e.box.post(mail.Event{Kind: mail.OutboxChanged, Account: o.Account})
	w.e.originalsChanged(ctx, o)
	w.e.leftByMail(ctx, o)
	return nil
}

// arrived is o as it stands once it is known that those got it for whom that was not known.
func arrived(o cache.Outgoing) cache.Outgoing {
	o.State, o.To, o.LastError, o.Copy = cache.Sent, nil, "", max(o.Copy, cache.CopyDue)
	if len(o.Refused) > 0 {
		o.State = cache.Failed
	}
	return o
}

// wasSent looks for a message where it would be if it was sent.
func (w *worker) wasSent(ctx context.Context, s *imap.Session, o cache.Outgoing) (bool, error) {
	roles := []mail.Role{mail.Sent}
	if slices.ContainsFunc(o.To, func(to string) bool {
		list := mail.ParseAddresses(to, nil)
		if len(list) != 1 {
			return false
		}
		_, own := w.account.Identity(list[0])
		return own
	}) {
		roles = append(roles, mail.Inbox)
	}
	for _, role := range roles {
		m, ok, err := w.e.store.MailboxFor(ctx, w.account.Name, role)
		if err != nil {
			return false, err
		}
		if !ok {
			continue
		}
		if _, err := s.Select(ctx, m.Name); err != nil {
			return false, err
		}
		there, err := s.FindMessageID(ctx, o.MessageID)
		if err != nil || len(there) > 0 {
			return len(there) > 0, err
		}
	}
	return false, nil
}
