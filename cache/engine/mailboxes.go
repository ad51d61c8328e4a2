package engine

import (
	"context"
	"slices"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// list brings the mailbox list up to date and notes which mailboxes changed.
func (w *worker) list(ctx context.Context, s *imap.Session) error {
	if w.heard == nil {
		w.hear(ctx, s)
	}
	listed, err := w.heard.listed, w.heard.err
	w.heard = nil
	if err != nil {
		return err
	}
	if err := w.askUntold(ctx, s, listed); err != nil {
		return err
	}
	resolveRoles(listed, w.account.Mailboxes)
	followed, err := w.follow(ctx, s, listed)
	if err != nil {
		return err
	}
	if err := w.keepBack(ctx, listed); err != nil {
		return err
	}
	changed, err := w.e.store.SetMailboxes(ctx, w.account.Name, listed)
	if err != nil {
		return err
	}
	if err := w.compareStatuses(ctx, listed); err != nil {
		return err
	}
	w.listed = w.e.opt.Now()
	clear(w.parked)
	if changed || followed {
		w.e.box.post(mail.Event{Kind: mail.MailboxesChanged, Account: w.account.Name}, mail.Event{Kind: mail.OutboxChanged, Account: w.account.Name})
	}
	return nil
}

// heard is the answer to LIST.
type heard struct {
	listed []mail.Listed
	err    error
}

// hear asks for the mailbox list.
func (w *worker) hear(ctx context.Context, s *imap.Session) {
	w.show(State{Phase: Working, Text: "listing mailboxes"})
	w.mu.Lock()
	w.relist = false // before the server is asked: who wants it from now on wants a newer one; after an error it is asked for anyway
	w.mu.Unlock()
	listed, err := s.List(ctx)
	w.heard = &heard{listed, err}
}

// untoldAtOnce is how many mailboxes are asked about whose status the list should have told.
const untoldAtOnce = 20

// askUntold asks about mailboxes whose status the list did not tell, though it told that of others: something is wrong with
// them, or they are none and only hold others, which Dovecot lists like any mailbox. // RFC 5819 §2
func (w *worker) askUntold(ctx context.Context, s *imap.Session, listed []mail.Listed) error {
	if !s.Caps().ListStatus || !slices.ContainsFunc(listed, func(l mail.Listed) bool { return l.Status != nil }) {
		return nil
	}
	for i, asked := 0, 0; i < len(listed) && asked < untoldAtOnce; i++ {
		l := &listed[i]
		if l.NoSelect || l.Status != nil {
			continue
		}
		asked++
		st, err := s.Status(ctx, l.Name)
		switch mail.KindOf(err) {
		case mail.Gone:
			l.NoSelect, l.Role = true, mail.NoRole
			continue
		case mail.Rejected, mail.Temporary:
			continue
		}
		if err != nil {
			return err
		}
		l.Status = &st
	}
	return nil
}

// compareStatuses notes which mailboxes are as they were, where the list said it; the others are to be asked about.
// The selected mailbox is asked about too: its STATUS is as good as any here, as nothing of it is in flight.
func (w *worker) compareStatuses(ctx context.Context, listed []mail.Listed) error {
	states, err := w.e.store.SyncStates(ctx, w.account.Name)
	if err != nil {
		return err
	}
	told := make(map[string]bool, len(listed))
	for _, l := range listed {
		told[l.Name] = l.Status != nil
	}
	waits := make(map[mail.MailboxKey]bool, len(w.unasked))
	for _, key := range w.unasked {
		waits[key] = true
	}
	for _, have := range states {
		switch {
		case have.Dirty:
			delete(w.fresh, have.Key)
		case told[have.Name]:
			w.unchanged(have)
		case !waits[have.Key]:
			w.unasked = append(w.unasked, have.Key)
		}
	}
	return nil
}

// statusesAtOnce is how many mailboxes one job asks about, where the list does not say how they stand.
const statusesAtOnce = 20

// statuses asks about some of the mailboxes that the list did not tell of, until there is something else to do.
func (w *worker) statuses(ctx context.Context, s *imap.Session) error {
	w.show(State{Phase: Working, Text: "looking for changes"})
	news, changed := w.bell.strokes(), false
	for n := 0; n < statusesAtOnce && len(w.unasked) > 0 && w.bell.strokes() == news; n++ {
		key := w.unasked[0]
		w.unasked = w.unasked[1:]
		have, err := w.e.store.SyncState(ctx, key)
		if mail.KindOf(err) == mail.Gone {
			continue
		}
		if err != nil {
			return err
		}
		dirty, err := w.status(ctx, s, have)
		if err != nil {
			return err
		}
		changed = changed || dirty
	}
	if changed {
		w.e.box.post(mail.Event{Kind: mail.MailboxesChanged, Account: w.account.Name})
	}
	return nil
}

func (w *worker) status(ctx context.Context, s *imap.Session, have cache.SyncState) (dirty bool, err error) {
	st, err := s.Status(ctx, have.Name)
	if kind := mail.KindOf(err); kind == mail.Rejected || kind == mail.Temporary {
		st, err = mail.Status{}, nil // it differs from whatever is held: opening the mailbox will tell
	}
	if err != nil {
		return false, w.lost(have, err)
	}
	if dirty, err = w.e.store.SetStatus(ctx, have.Key, st); err != nil {
		return false, err
	}
	if dirty {
		delete(w.fresh, have.Key)
	} else {
		w.unchanged(have)
	}
	return dirty, nil
}

// unchanged notes that a mailbox is as it was by what STATUS says. Without CONDSTORE that tells nothing of flags: they are
// asked for when the mailbox is opened, and in INBOX in each session.
func (w *worker) unchanged(have cache.SyncState) {
	if have.HighestModSeq > 0 || have.Role != mail.Inbox {
		w.fresh[have.Key] = true
	}
}

// resolveRoles gives each role to at most one mailbox: the configured one, else the one whose special use the server
// names, else the one whose name says it. // RFC 6154 §2
func resolveRoles(listed []mail.Listed, configured map[mail.Role]string) {
	taken := map[mail.Role]bool{}
	for role, name := range configured {
		for i := range listed {
			switch {
			case listed[i].Name == name:
				listed[i].Role = role
				taken[role] = true
			case listed[i].Role == role:
				listed[i].Role = mail.NoRole
			}
		}
	}
	for i := range listed {
		role := listed[i].Role
		if role == mail.NoRole || configured[role] == listed[i].Name {
			continue
		}
		if taken[role] {
			listed[i].Role = mail.NoRole
		}
		taken[role] = true
	}
	for i := range listed {
		if l := &listed[i]; l.Role == mail.NoRole && !l.NoSelect {
			if role := mail.GuessRole(l.Name, l.Delimiter); role != mail.NoRole && !taken[role] {
				l.Role = role
				taken[role] = true
			}
		}
	}
}
