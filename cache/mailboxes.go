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

// Mailboxes lists all mailboxes as they are to be (see Errand) by account, then by role in the order a person looks for them, then by name.
func (r *Reader) Mailboxes(ctx context.Context) ([]mail.Mailbox, error) {
	all, err := shownMailboxes(ctx, r.db)
	if err != nil {
		return nil, fail("read the mailboxes", err)
	}
	return sorted(all), nil
}

// sorted puts mailboxes in the order of a list.
func sorted(all []mail.Mailbox) []mail.Mailbox {
	type keyed struct {
		mail.Mailbox
		rank  int
		lower string
	}
	keys := make([]keyed, len(all))
	for i, m := range all {
		keys[i] = keyed{m, roleRank(m.Role), strings.ToLower(m.Name)}
	}
	slices.SortFunc(keys, func(a, b keyed) int {
		return cmp.Or(strings.Compare(a.Account, b.Account), cmp.Compare(a.rank, b.rank),
			strings.Compare(a.lower, b.lower), strings.Compare(a.Name, b.Name))
	})
	for i, k := range keys {
		all[i] = k.Mailbox
	}
	return all
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
	var wanted bool
	if err := r.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM errand)").Scan(&wanted); err != nil {
		return mail.Mailbox{}, fail("read a mailbox", err)
	}
	if len(found) > 0 && wanted {
		all, err := shownMailboxes(ctx, r.db)
		if err != nil {
			return mail.Mailbox{}, fail("read a mailbox", err)
		}
		found = slices.DeleteFunc(all, func(m mail.Mailbox) bool { return m.Key != key })
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

// forgetUnlisted forgets a mailbox that the server no longer lists, unless wishes are about it, or for itself.
func (t *transaction) forgetUnlisted(key mail.MailboxKey) (bool, error) {
	wished, err := t.wished(key)
	if err != nil || wished {
		return false, err
	}
	return true, t.forgetMailbox(key)
}

// wished tells whether something is wanted that a mailbox has part in.
func (t *transaction) wished(key mail.MailboxKey) (wished bool, err error) {
	err = t.QueryRowContext(t.ctx, `SELECT EXISTS (SELECT 1 FROM errand WHERE mailbox_id = ?1) OR EXISTS (SELECT 1 FROM operation o JOIN message m ON m.id = o.message_id
		WHERE m.mailbox_id = ?1 OR o.target_id = ?1 OR o.copying = ?1 OR o.renumbered = ?1 OR instr(o.tried, ' ' || ?1 || ' '))`, key).Scan(&wished)
	return wished, err
}
