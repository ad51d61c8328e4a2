package cache

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"posthorn/mail"
)

// acquainted are contacts the person wrote to, or heard of before the message at hand: that one is counted too.
const acquainted = "(written > 0 OR received > 1)"

// Acquainted tells whether the person has written to an address, or got mail from it more than once.
func (r *Reader) Acquainted(ctx context.Context, a mail.Address) (known bool, err error) {
	err = r.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM contact WHERE address = ? AND "+acquainted+")", strings.ToLower(a.Addr())).Scan(&known)
	return known, fail("read the contacts", err)
}

// Named are the acquaintances with a display name, whatever its case.
func (r *Reader) Named(ctx context.Context, name string) ([]mail.Address, error) {
	found, err := collect(ctx, r.db, func(rows *sql.Rows) (a mail.Address, err error) {
		err = rows.Scan(&a.Name, &a.Local, &a.Domain)
		return a, err
	}, "SELECT name, local, domain FROM contact WHERE name = ? COLLATE NOCASE AND "+acquainted+" LIMIT 20", name)
	return found, fail("read the contacts", err)
}

// AcquaintedDomains are the domains of all acquaintances.
func (r *Reader) AcquaintedDomains(ctx context.Context) ([]string, error) {
	found, err := collect(ctx, r.db, column[string], "SELECT DISTINCT lower(domain) FROM contact WHERE "+acquainted)
	return found, fail("read the contacts", err)
}

// AuthResults are the Authentication-Results of the newest n messages in the INBOX of an account, one list for each.
func (r *Reader) AuthResults(ctx context.Context, account string, n int) ([][]string, error) {
	found, err := collect(ctx, r.db, func(rows *sql.Rows) ([]string, error) {
		var text string
		var e mail.Envelope
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		err := json.Unmarshal([]byte(text), &e)
		return e.AuthResults, err
	}, `SELECT d.envelope FROM mailbox b CROSS JOIN message m INDEXED BY message_by_list ON m.shown_mailbox_id = b.id
			CROSS JOIN description d ON d.message_id = m.id
		WHERE b.account = ? AND b.role = 'inbox' ORDER BY m.internal_date DESC, m.id DESC LIMIT ?`, account, n)
	return found, fail("read the messages", err)
}
