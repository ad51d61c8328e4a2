package cache

import (
	"context"
	"database/sql"
	"encoding/json"

	"posthorn/mail"
)

// resumeWishes makes salvaged wishes of a mailbox wishes again, as soon as their messages and targets are known: by UID and
// Message-ID, or where UIDs changed their meaning by Message-ID and size, once the mailbox is complete and only one
// message has them. One whose message is gone from the server goes too.
func (t *transaction) resumeWishes(mailbox mail.MailboxKey) error {
	refs, err := t.salvagedIn(mailbox)
	if err != nil || refs == "" {
		return err
	}
	if err := t.storeRefs(); err != nil { // they are asked for below
		return err
	}
	type match struct {
		id      int64
		message mail.MessageKey
		known   mail.MessageKey // what it was, or the copy that was to be made
		want
		notBefore int64
	}
	found, err := collect(t.ctx, t, func(rows *sql.Rows) (m match, err error) {
		err = rows.Scan(&m.id, &m.message, &m.known, &m.kind, &m.mask, &m.want.want, &m.add, &m.del, &m.target, &m.notBefore)
		return m, err
	}, resumable, mailbox, refs)
	if err != nil {
		return err
	}
	for _, m := range found {
		if _, err := t.exec("DELETE FROM salvaged WHERE id = ?", m.id); err != nil {
			return err
		}
		w, err := t.wish([]mail.Targeted{{Message: m.message, Change: m.change()}}, m.notBefore)
		if err != nil {
			return err
		}
		became := m.message
		for _, c := range w.copies {
			became = c.Messages[0]
		}
		if err := t.leadOn(m.known, became, m.message); err != nil {
			return err
		}
	}
	_, err = t.exec(`DELETE FROM salvaged WHERE id IN (SELECT s.id FROM mailbox b CROSS JOIN salvaged s ON s.account = b.account AND s.mailbox = b.name
		WHERE b.id = ? AND b.backfill_uid = 1 AND b.dirty = 0 AND s.strayed = 0 AND s.uidvalidity = b.uidvalidity AND s.uid > 0 AND s.uid < b.uidnext
			AND NOT EXISTS (SELECT 1 FROM message m WHERE m.mailbox_id = b.id AND m.uid = s.uid))`, mailbox)
	return err
}

// resumeTargets is resumeWishes for messages, of any account, that are to go to an account whose mailboxes became known.
func (s *Store) resumeTargets(ctx context.Context, account string) error {
	waiting, err := collect(ctx, s.Reader.db, column[mail.MailboxKey], `SELECT DISTINCT b.id FROM salvaged s CROSS JOIN mailbox b
		ON b.account = s.account AND b.name = s.mailbox CROSS JOIN mailbox c ON c.account = s.to_account AND c.name = s.target AND c.noselect = 0
		WHERE s.to_account = ?`, account)
	for _, key := range waiting {
		if err := s.write(ctx, normal, "take up what was kept back", func(t *transaction) error { return t.resumeWishes(key) }); err != nil {
			return err
		}
	}
	return err
}

// salvagedIn are the keys of the salvaged wishes of a mailbox, each with the identifier that tells the conversation of
// its message, as JSON; empty: there are none.
func (t *transaction) salvagedIn(mailbox mail.MailboxKey) (string, error) {
	pairs, err := collect(t.ctx, t, func(rows *sql.Rows) ([2]int64, error) {
		var id int64
		var account, messageID string
		err := rows.Scan(&id, &account, &messageID)
		return [2]int64{id, int64(refOf(account, messageID))}, err
	}, "SELECT s.id, s.account, s.message_id FROM mailbox b CROSS JOIN salvaged s ON s.account = b.account AND s.mailbox = b.name WHERE b.id = ? AND s.strayed = 0", mailbox)
	if err != nil || len(pairs) == 0 {
		return "", err
	}
	text, err := json.Marshal(pairs)
	return string(text), err
}

const resumable = `SELECT f.id, f.message, f.message_key, f.kind, f.mask, f.want, f.add_keywords, f.del_keywords, ifnull(c.id, 0), f.not_before
	FROM (SELECT s.*, m.id AS message FROM mailbox b CROSS JOIN salvaged s ON s.account = b.account AND s.mailbox = b.name
			CROSS JOIN message m ON m.mailbox_id = b.id AND m.uid = s.uid AND m.message_id = s.message_id
		WHERE b.id = ?1 AND s.strayed = 0 AND s.uidvalidity = b.uidvalidity AND s.uid > 0 AND m.uid > 0
		UNION ALL SELECT s.*, min(m.id) FROM mailbox b CROSS JOIN json_each(?2) k CROSS JOIN salvaged s ON s.id = k.value ->> 0
			CROSS JOIN message_ref r ON r.id = k.value ->> 1 CROSS JOIN message m ON m.thread_id = ` + nowOf + `
				AND m.mailbox_id = b.id AND m.message_id = s.message_id AND m.size = s.size AND m.uid > 0
		WHERE b.id = ?1 AND b.backfill_uid = 1 AND s.message_id <> '' AND (s.uidvalidity <> b.uidvalidity OR s.uid = 0)
		GROUP BY s.id HAVING count(*) = 1) f
	LEFT JOIN mailbox c ON c.account = ifnull(nullif(f.to_account, ''), f.account) AND c.name = f.target AND c.noselect = 0
	WHERE f.kind NOT IN ('move', 'copy') OR c.id IS NOT NULL ORDER BY f.id`
