package cache

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"posthorn/mail"
)

// Held is what is here of a message, and where the rest is.
type Held struct {
	Message   mail.MessageKey
	Mailbox   mail.MailboxKey // where the server has it
	UID       mail.UID        // and its UID there; 0: not known
	Size      int64
	MessageID string           // of its envelope; may be empty
	Structure *mail.Part       // nil: not known yet
	Sections  map[string]int64 // octets that are here of each section; -1: all
}

// Wanted lists mail of an account that is worth keeping for a time without network, the newest first: unread or
// starred, received since a time. What lies in Trash or Junk is not, and All Mail only has what lies elsewhere too.
func (r *Reader) Wanted(ctx context.Context, account string, since time.Time, limit int) ([]mail.MessageKey, error) {
	found, err := collect(ctx, r.db, func(rows *sql.Rows) (mail.MessageKey, error) {
		var key mail.MessageKey
		var received int64
		return key, rows.Scan(&key, &received)
	}, wantedQuery, account, since.Unix(), account, since.Unix(), limit)
	return found, fail("look for mail to keep", err)
}

const wantedQuery = wantedFrom + " AND m.shown_flags & 1 = 0 UNION " + wantedFrom + " AND m.shown_flags & 4 <> 0 ORDER BY 2 DESC, 1 DESC LIMIT ?"

const wantedFrom = `SELECT m.id, m.internal_date FROM mailbox b CROSS JOIN message m ON m.shown_mailbox_id = b.id
	CROSS JOIN mailbox s ON s.id = m.mailbox_id AND s.account = b.account
	WHERE b.account = ? AND b.role NOT IN ('trash', 'junk', 'all') AND m.internal_date >= ?`

// Held tells what is here of messages, in their order; those that are gone are left out.
func (r *Reader) Held(ctx context.Context, keys []mail.MessageKey) ([]Held, error) {
	var out []Held
	_, err := collect(ctx, r.db, func(rows *sql.Rows) (struct{}, error) {
		var h Held
		var structure string
		var section sql.NullString
		var octets int64
		var complete bool
		if err := rows.Scan(&h.Message, &h.Mailbox, &h.UID, &h.Size, &h.MessageID, &structure, &section, &octets, &complete); err != nil {
			return struct{}{}, err
		}
		if n := len(out); n == 0 || out[n-1].Message != h.Message {
			h.Sections = map[string]int64{}
			if structure != "" {
				if err := json.Unmarshal([]byte(structure), &h.Structure); err != nil {
					return struct{}{}, err
				}
			}
			out = append(out, h)
		}
		if complete {
			octets = -1
		}
		if section.Valid {
			out[len(out)-1].Sections[section.String] = octets
		}
		return struct{}{}, nil
	}, `SELECT m.id, m.mailbox_id, m.uid, m.size, m.message_id, d.structure, p.section, ifnull(sum(length(p.content)), 0), ifnull(max(p.complete), 0)
		FROM json_each(?) k CROSS JOIN message m ON m.id = k.value CROSS JOIN description d ON d.message_id = m.id
			LEFT JOIN part_content p ON p.message_id = m.id
		GROUP BY k.key, p.section ORDER BY k.key`, list(keys))
	return out, fail("look for what is here of messages", err)
}
