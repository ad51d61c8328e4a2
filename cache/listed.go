package cache

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"posthorn/mail"
)

// listedAtOnce is how many listed mailboxes one transaction stores: a wish waits for no more than these.
const listedAtOnce = 500

// known is a mailbox as it is stored.
type known struct {
	mail.Mailbox
	sync SyncState
}

// SetMailboxes makes the mailboxes of an account those that the server listed. A mailbox that is not listed is
// forgotten with its messages, unless wishes are about it that cannot be kept back (see KeepBack). An empty list is not believed, as no account is without INBOX. changed tells whether a list of mailboxes
// on screen is out of date.
func (s *Store) SetMailboxes(ctx context.Context, account string, list []mail.Listed) (changed bool, err error) {
	const op = "store the mailboxes"
	if len(list) == 0 {
		return false, nil
	}
	list = distinct(list)
	unlisted := map[string]known{}
	had, err := s.known(ctx, account)
	if err != nil {
		return false, fail(op, err)
	}
	for _, m := range had {
		unlisted[m.Name] = m
	}
	changing, err := s.changing(ctx, account)
	if err != nil {
		return false, fail(op, err)
	}
	for some := range slices.Chunk(list, listedAtOnce) {
		err := s.write(ctx, normal, op, func(t *transaction) error {
			for _, l := range some {
				if unlisted[l.Name].Key == 0 && changing.comes(l.Name) {
					continue
				}
				different, err := t.setMailbox(account, l, unlisted[l.Name])
				if err != nil {
					return err
				}
				delete(unlisted, l.Name)
				changed = changed || different
			}
			return nil
		})
		if err != nil {
			return changed, err
		}
	}
	for _, m := range unlisted {
		if changing.leaves(m.Name) { // until that is known to be done
			continue
		}
		err := s.write(ctx, normal, op, func(t *transaction) error {
			forgotten, err := t.forgetUnlisted(m.Key)
			changed = changed || forgotten
			return err
		})
		if err != nil {
			return changed, err
		}
	}
	return changed, fail(op, s.resumeTargets(ctx, account))
}

// distinct is a list with each name once, INBOX in the one spelling that we use. // RFC 9051 §5.1
func distinct(list []mail.Listed) []mail.Listed {
	seen := make(map[string]bool, len(list))
	var out []mail.Listed
	for _, l := range list {
		if strings.EqualFold(l.Name, "INBOX") {
			l.Name = "INBOX"
		}
		if !seen[l.Name] {
			seen[l.Name] = true
			out = append(out, l)
		}
	}
	return out
}

// known reads what is stored of the mailboxes of an account.
func (r *Reader) known(ctx context.Context, account string) ([]known, error) {
	return collect(ctx, r.db, func(rows *sql.Rows) (k known, err error) {
		err = rows.Scan(&k.Key, &k.Account, &k.Name, &k.Delimiter, &k.Role, &k.NoSelect, &k.Subscribed, &k.Total, &k.Unseen, &k.Synced,
			&k.sync.UIDValidity, &k.sync.UIDNext, &k.sync.HighestModSeq, &k.sync.Backfill, &k.sync.Held, &k.sync.Dirty)
		k.sync.Key, k.sync.Account, k.sync.Name = k.Key, k.Account, k.Name
		return k, err
	}, "SELECT "+mailboxColumns+", uidvalidity, uidnext, highestmodseq, backfill_uid, held, dirty FROM mailbox WHERE account = ?", account)
}

// beginEmpty makes a new mailbox one that is synchronised, as nothing is in it. Where something waits for messages it is
// synchronised as any other: that settles what waits.
func (t *transaction) beginEmpty(key mail.MailboxKey, st mail.Status) error {
	_, err := t.exec(`UPDATE mailbox SET uidvalidity = ?2, uidnext = ?3, calm_uidnext = ?3, highestmodseq = ?4, backfill_uid = 1, dirty = 0
		WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM operation) AND NOT EXISTS (SELECT 1 FROM salvaged)
			AND NOT EXISTS (SELECT 1 FROM draft WHERE awaited <> '' OR message_id <> 0)`, key, st.UIDValidity, st.UIDNext, st.HighestModSeq)
	return err
}

// setMailbox writes one listed mailbox; had is what is known of it, with Key 0 where it is new.
func (t *transaction) setMailbox(account string, l mail.Listed, had known) (changed bool, err error) {
	if had.Key == 0 {
		if err := t.QueryRowContext(t.ctx, `INSERT INTO mailbox (account, name, delimiter, role, noselect, subscribed)
			VALUES (?, ?, ?, ?, ?, ?) RETURNING id`, account, l.Name, l.Delimiter, l.Role, l.NoSelect, l.Subscribed).Scan(&had.sync.Key); err != nil {
			return false, err
		}
		if st := l.Status; st != nil && st.Messages == 0 && st.UIDValidity > 0 && st.UIDNext > 0 {
			return true, t.beginEmpty(had.sync.Key, *st)
		}
		changed = true
	} else if had.Delimiter != l.Delimiter || had.Role != l.Role || had.NoSelect != l.NoSelect || had.Subscribed != l.Subscribed {
		if _, err := t.exec("UPDATE mailbox SET delimiter = ?, role = ?, noselect = ?, subscribed = ? WHERE id = ?",
			l.Delimiter, l.Role, l.NoSelect, l.Subscribed, had.Key); err != nil {
			return false, err
		}
		changed = true
	}
	if l.Status == nil {
		return changed, nil
	}
	counted := !had.Synced && (had.Total != l.Status.Messages || had.Unseen != l.Status.Unseen)
	_, err = t.sayStatus(had.sync, *l.Status)
	return changed || counted, err
}
