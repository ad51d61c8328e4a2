package cache

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"posthorn/mail"
)

// TryErrand records that the server is about to be told: from now on it is looked whether that was done before it is told
// again. still is false where the errand was given up meanwhile.
func (s *Store) TryErrand(ctx context.Context, id int64) (still bool, err error) {
	err = s.write(ctx, full, "note what the server is told", func(t *transaction) error {
		n, err := t.exec("UPDATE errand SET tried = 1 WHERE id = ?", id)
		still = n == 1
		return err
	})
	return still, err
}

// UntryErrand records that the server did not do what it was told, as it said so.
func (s *Store) UntryErrand(ctx context.Context, id int64) error {
	return s.write(ctx, normal, "note what the server refused", func(t *transaction) error {
		_, err := t.exec("UPDATE errand SET tried = 0 WHERE id = ?", id)
		return err
	})
}

// LaterErrand puts an errand off.
func (s *Store) LaterErrand(ctx context.Context, id int64, until time.Time, why string) error {
	return s.write(ctx, normal, "put the change of a mailbox off", func(t *transaction) error {
		_, err := t.exec("UPDATE errand SET not_before = ?, attempts = attempts + 1, last_error = ? WHERE id = ?", toUnix(until), why, id)
		return err
	})
}

// RetryErrand is a person's word to do an errand now, whatever it waits for.
func (s *Store) RetryErrand(ctx context.Context, id int64) error {
	return s.write(ctx, normal, "try again", func(t *transaction) error {
		_, err := t.exec("UPDATE errand SET not_before = 0 WHERE id = ?", id)
		return err
	})
}

// ErrandDone records that the server did what was wanted of a mailbox. kept tells of a deletion that the name stays, for
// what is below it. ended are the wishes that were about messages elsewhere and ended with the mailbox.
func (s *Store) ErrandDone(ctx context.Context, e Errand, kept bool) (ended int, touched []mail.MailboxKey, err error) {
	err = s.write(ctx, normal, "record what became of a mailbox", func(t *transaction) error {
		if _, err := t.exec("DELETE FROM errand WHERE id = ?", e.ID); err != nil {
			return err
		}
		switch e.Kind {
		case CreateMailbox:
			_, err = t.exec("UPDATE mailbox SET dirty = 1, subscribed = 1 WHERE id = ?", e.Mailbox) // a list in between may not have had that yet
		case RenameMailbox:
			err = t.rename(e.Mailbox, e.Name)
		case SubscribeMailbox, UnsubscribeMailbox:
			_, err = t.exec("UPDATE mailbox SET subscribed = ? WHERE id = ?", e.Kind == SubscribeMailbox, e.Mailbox)
		case DeleteMailbox:
			if ended, err = t.endWishesInto(e.Mailbox); err != nil {
				return err
			}
			err = t.emptied(e.Mailbox, kept)
		}
		touched = t.mailboxes()
		return err
	})
	return ended, touched, err
}

// emptied forgets a mailbox that the server deleted, or what was in it where its name stays.
func (t *transaction) emptied(key mail.MailboxKey, kept bool) error {
	if !kept {
		return t.forgetMailbox(key)
	}
	keys, err := collect(t.ctx, t, column[mail.MessageKey], "SELECT id FROM message WHERE mailbox_id = ?", key)
	if err != nil {
		return err
	}
	if err := t.forget(keys); err != nil {
		return err
	}
	_, err = t.exec(`UPDATE mailbox SET noselect = 1, subscribed = 0, uidvalidity = 0, uidnext = 0, calm_uidnext = 0, highestmodseq = 0, backfill_uid = 0,
		dirty = 1, status_total = 0, status_unseen = 0 WHERE id = ?`, key)
	return err
}

// named is a mailbox by the name that the server has said.
type named struct {
	key                      mail.MailboxKey
	account, name, delimiter string
	validity                 mail.UIDValidity
	made                     bool // it is there, or was
}

// namesBeside are all mailboxes of the account of one, and that one.
func (t *transaction) namesBeside(key mail.MailboxKey) (one named, all []named, err error) {
	all, err = collect(t.ctx, t, func(rows *sql.Rows) (n named, err error) {
		err = rows.Scan(&n.key, &n.account, &n.name, &n.delimiter, &n.validity, &n.made)
		return n, err
	}, "SELECT id, account, name, delimiter, uidvalidity, "+isThere+" FROM mailbox WHERE account = (SELECT account FROM mailbox WHERE id = ?) ORDER BY id", key)
	i := slices.IndexFunc(all, func(n named) bool { return n.key == key })
	if err == nil && i < 0 {
		return one, nil, gone("rename a mailbox", "it does not exist any more")
	}
	if err != nil {
		return one, nil, err
	}
	return all[i], all, nil
}

// rename gives a mailbox another name, with all below it. A row that a list has made for the new name already goes:
// nothing was fetched for it that is not fetched again.
func (t *transaction) rename(key mail.MailboxKey, name string) error {
	from, all, err := t.namesBeside(key)
	if err != nil {
		return err
	}
	at := make(map[string]mail.MailboxKey, len(all))
	for _, n := range all {
		at[n.name] = n.key
	}
	for _, n := range all {
		to := mail.Renamed(n.name, from.name, name, from.delimiter)
		if to == n.name {
			continue
		}
		if twin := at[to]; twin != 0 && twin != n.key {
			if err := t.replaceMailbox(n.key, twin); err != nil {
				return err
			}
		}
		if _, err := t.exec("UPDATE mailbox SET name = ?, dirty = 1 WHERE id = ?", to, n.key); err != nil {
			return err
		}
	}
	return nil
}

// replaceMailbox lets a mailbox take the place of another row for it: wishes to go there go here.
func (t *transaction) replaceMailbox(key, twin mail.MailboxKey) error {
	moved, err := collect(t.ctx, t, column[mail.MessageKey], "UPDATE operation SET target_id = ? WHERE kind = 'move' AND target_id = ? RETURNING message_id", key, twin)
	if err != nil {
		return err
	}
	if err := t.reshow(moved); err != nil {
		return err
	}
	_, err = t.removeMailbox(twin)
	return err
}

// Subscribed are the mailboxes that are renamed by an errand and that the user subscribed to: new names by old ones.
func (r *Reader) Subscribed(ctx context.Context, e Errand) (map[string]string, error) {
	list, err := r.known(ctx, e.Account)
	if err != nil {
		return nil, fail("read the mailboxes", err)
	}
	names := map[string]string{}
	for _, m := range list {
		if to := mail.Renamed(m.Name, e.Said, e.Name, m.Delimiter); to != m.Name && m.Subscribed {
			names[m.Name] = to
		}
	}
	return names, nil
}
