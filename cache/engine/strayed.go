package engine

import (
	"context"
	"fmt"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// A server agrees to what is wanted of UIDs that are gone. So where a mailbox is not as it was, it is asked which of the messages
// it still has: wishes for the others go where these went, and do not count as done.

// gone are the UIDs of wishes that the selected mailbox does not have any more.
func (w *worker) gone(ctx context.Context, s *imap.Session, ops []cache.Operation) (mail.UIDSet, error) {
	have, err := w.e.store.SyncState(ctx, ops[0].Mailbox)
	if err != nil {
		return nil, err
	}
	if _, got := s.Selected(); got.Exists == have.Held && got.UIDNext == have.UIDNext && have.Backfill == 1 {
		return nil, nil // UIDs never return // RFC 9051 §2.3.1.1
	}
	var there []mail.UID
	err = s.Flags(ctx, setOf(ops), 0, func(u mail.FlagUpdate) error {
		there = append(there, u.UID)
		return nil
	})
	missing := setOf(ops).Without(mail.NewUIDSet(there...))
	if err != nil || len(missing) == 0 {
		return nil, err
	}
	all, err := s.UIDs(ctx) // what a server leaves out of one answer need not be gone
	return missing.Without(all), err
}

// partWith takes leave of messages that are gone from a mailbox, with what is wanted of them.
func (w *worker) partWith(ctx context.Context, ops []cache.Operation, gone mail.UIDSet) error {
	have, err := w.e.store.SyncState(ctx, ops[0].Mailbox)
	if err != nil {
		return err
	}
	departed, err := w.e.store.Vanished(ctx, have.Key, gone, nil, cache.Marks{})
	if err != nil {
		return err
	}
	w.strayed(ctx, have.Name, departed.Strayed)
	w.changedIn(have)
	return nil
}

// strayed says what became of wishes whose messages left a mailbox, and lets those that are not found be looked for.
func (w *worker) strayed(ctx context.Context, from string, st cache.Strayed) {
	if len(st.Followed) > 0 {
		w.e.say(w.account.Name, "Another program moved %s from %s: what was wanted follows.", named(st.Followed), from)
		w.e.rouse(ctx)
	}
	if len(st.Awaited) > 0 {
		w.e.say(w.account.Name, "Another program moved or deleted %s in %s: what was wanted waits until that is found.", named(st.Awaited), from)
		w.mu.Lock()
		w.relist = true
		w.mu.Unlock()
	}
	if len(st.GivenUp) > 0 {
		w.e.trouble(w.account.Name, "Another program moved or deleted %s in %s, and nothing tells for certain where that is now: what was wanted is given up.", named(st.GivenUp), from)
	}
	if len(st.Followed)+len(st.Awaited)+len(st.GivenUp) > 0 {
		w.e.box.post(mail.Event{Kind: mail.OutboxChanged, Account: w.account.Name})
	}
}

// named is one message by its subject, or how many there are.
func named(subjects []string) string {
	if len(subjects) == 1 {
		return "“" + subjects[0] + "”"
	}
	return fmt.Sprintf("%d messages", len(subjects))
}

// findStrayed lets what is wanted of messages that left their mailboxes go to where they are now: everything was asked about
// since.
func (w *worker) findStrayed(ctx context.Context) error {
	found, err := w.e.store.FindStrayed(ctx, w.account.Name)
	if err != nil || found.Followed+found.Several+found.Missing == 0 {
		return err
	}
	if found.Several > 0 {
		w.e.trouble(w.account.Name, "Given up, as several messages on the server are like the one that is meant: %s.", changes(found.Several))
	}
	if found.Missing > 0 {
		w.e.trouble(w.account.Name, "Given up, as no folder on the server has the message any more: %s.", changes(found.Missing))
	}
	w.e.box.post(mail.Event{Kind: mail.OutboxChanged, Account: w.account.Name})
	w.e.changed(ctx, found.Touched)
	return nil
}
