package cache

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"posthorn/mail"
)

const mailboxColumns = `id, account, name, delimiter, role, noselect, subscribed,
	CASE WHEN backfill_uid = 0 THEN max(status_total, total) ELSE total END,
	CASE WHEN backfill_uid = 0 THEN max(status_unseen, unseen) ELSE unseen END, backfill_uid > 0`

func scanMailbox(rows *sql.Rows) (mail.Mailbox, error) {
	var m mail.Mailbox
	err := rows.Scan(&m.Key, &m.Account, &m.Name, &m.Delimiter, &m.Role, &m.NoSelect, &m.Subscribed, &m.Total, &m.Unseen, &m.Synced)
	return m, err
}

// Mailboxes lists all mailboxes by account, then by role in the order a person looks for them, then by name.
func (r *Reader) Mailboxes(ctx context.Context) ([]mail.Mailbox, error) {
	all, err := collect(ctx, r.db, scanMailbox, "SELECT "+mailboxColumns+" FROM mailbox")
	if err != nil {
		return nil, fail("read the mailboxes", err)
	}
	slices.SortFunc(all, func(a, b mail.Mailbox) int {
		return cmp.Or(strings.Compare(a.Account, b.Account), cmp.Compare(roleRank(a.Role), roleRank(b.Role)),
			strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Name, b.Name))
	})
	return all, nil
}

func roleRank(r mail.Role) int {
	if i := slices.Index(mail.Roles, r); i >= 0 {
		return i
	}
	return len(mail.Roles)
}

// Mailbox is one mailbox; an error of Kind Gone where it is not there.
func (r *Reader) Mailbox(ctx context.Context, key mail.MailboxKey) (mail.Mailbox, error) {
	found, err := collect(ctx, r.db, scanMailbox, "SELECT "+mailboxColumns+" FROM mailbox WHERE id = ?", key)
	if err != nil {
		return mail.Mailbox{}, fail("read a mailbox", err)
	}
	if len(found) == 0 {
		return mail.Mailbox{}, gone("open the mailbox", "it does not exist any more")
	}
	return found[0], nil
}

// MailboxFor is the mailbox of an account that has a role, if there is one.
func (r *Reader) MailboxFor(ctx context.Context, account string, role mail.Role) (mail.Mailbox, bool, error) {
	found, err := collect(ctx, r.db, scanMailbox, "SELECT "+mailboxColumns+
		" FROM mailbox WHERE account = ? AND role = ? AND noselect = 0 ORDER BY id LIMIT 1", account, role)
	if err != nil || len(found) == 0 {
		return mail.Mailbox{}, false, fail("read the mailboxes", err)
	}
	return found[0], true, nil
}

// SetMailboxes makes the mailboxes of an account those that the server listed. A mailbox that is not listed is
// forgotten with its messages, unless wishes are about it: those are told to the server first, which will refuse
// them. An empty list is not believed, as no account is without INBOX. changed tells whether a list of mailboxes
// on screen is out of date.
func (s *Store) SetMailboxes(ctx context.Context, account string, list []mail.Listed) (changed bool, err error) {
	err = s.write(ctx, normal, "store the mailboxes", func(t *transaction) error {
		had, err := collect(t.ctx, t, scanMailbox, "SELECT "+mailboxColumns+" FROM mailbox WHERE account = ?", account)
		if err != nil || len(list) == 0 {
			return err
		}
		unlisted := make(map[string]mail.Mailbox, len(had))
		for _, m := range had {
			unlisted[m.Name] = m
		}
		seen := map[string]bool{}
		for _, l := range list {
			if strings.EqualFold(l.Name, "INBOX") {
				l.Name = "INBOX" // RFC 9051 §5.1
			}
			if seen[l.Name] {
				continue
			}
			seen[l.Name] = true
			different, err := t.setMailbox(account, l, unlisted[l.Name])
			if err != nil {
				return err
			}
			delete(unlisted, l.Name)
			changed = changed || different
		}
		for _, m := range unlisted {
			forgotten, err := t.forgetUnlisted(m.Key)
			if err != nil {
				return err
			}
			changed = changed || forgotten
		}
		return nil
	})
	return changed, err
}

// setMailbox writes one listed mailbox; had is what is known of it, with Key 0 where it is new.
func (t *transaction) setMailbox(account string, l mail.Listed, had mail.Mailbox) (changed bool, err error) {
	if had.Key == 0 {
		if err := t.QueryRowContext(t.ctx, `INSERT INTO mailbox (account, name, delimiter, role, noselect, subscribed)
			VALUES (?, ?, ?, ?, ?, ?) RETURNING id`, account, l.Name, l.Delimiter, l.Role, l.NoSelect, l.Subscribed).Scan(&had.Key); err != nil {
			return false, err
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
	_, err = t.setStatus(had.Key, *l.Status)
	return changed || counted, err
}

// forgetUnlisted forgets a mailbox that the server no longer lists, unless wishes are about it.
func (t *transaction) forgetUnlisted(key mail.MailboxKey) (bool, error) {
	var wished bool
	err := t.QueryRowContext(t.ctx, `SELECT EXISTS (SELECT 1 FROM operation o JOIN message m ON m.id = o.message_id
		WHERE m.mailbox_id = ?1 OR o.target_id = ?1 OR instr(o.tried, ' ' || ?1 || ' '))`, key).Scan(&wished)
	if err != nil || wished {
		return false, err
	}
	return true, t.forgetMailbox(key)
}
