package engine

import (
	"context"
	"slices"

	"posthorn/mail"
	"posthorn/mail/imap"
)

// list brings the mailbox list up to date and notes which mailboxes changed.
func (w *worker) list(ctx context.Context, s *imap.Session) error {
	w.show(State{Phase: Working, Text: "listing mailboxes"})
	listed, err := s.List(ctx)
	if err != nil {
		return err
	}
	resolveRoles(listed, w.account.Mailboxes)
	changed, err := w.e.store.SetMailboxes(ctx, w.account.Name, listed)
	if err != nil {
		return err
	}
	if err := w.statuses(ctx, s, listed); err != nil {
		return err
	}
	w.mu.Lock()
	w.relist = false
	w.mu.Unlock()
	w.listed = w.e.opt.Now()
	clear(w.parked)
	if changed {
		w.e.box.post(mail.Event{Kind: mail.MailboxesChanged, Account: w.account.Name})
	}
	return nil
}

// statuses compares what STATUS says of each mailbox with what is held; those that differ are synchronised again.
// The selected mailbox is asked about too: its STATUS is as good as any here, as nothing of it is in flight.
func (w *worker) statuses(ctx context.Context, s *imap.Session, listed []mail.Listed) error {
	states, err := w.e.store.SyncStates(ctx, w.account.Name)
	if err != nil {
		return err
	}
	for _, have := range states {
		i := slices.IndexFunc(listed, func(l mail.Listed) bool { return l.Name == have.Name })
		if i < 0 {
			continue
		}
		st := listed[i].Status
		if st == nil {
			got, err := s.Status(ctx, have.Name)
			if err != nil {
				if err := w.lost(have, err); err != nil {
					return err
				}
				continue
			}
			st = &got
		}
		dirty, err := w.e.store.SetStatus(ctx, have.Key, *st)
		if err != nil {
			return err
		}
		if dirty {
			delete(w.fresh, have.Key)
		} else {
			w.fresh[have.Key] = true
		}
	}
	w.e.box.post(mail.Event{Kind: mail.MailboxesChanged, Account: w.account.Name})
	return nil
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
