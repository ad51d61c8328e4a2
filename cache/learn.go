package cache

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"posthorn/mail"
)

// atOnce is how many new messages are learned in the transaction that stores them: new mail, and the first window of a
// mailbox. What comes in larger numbers waits until the engine has nothing better to do, because contacts and full text
// cost more than all the rest of a message.
const atOnce = 200

// lesson is what a message teaches: its addresses for completion, its words for the full text.
type lesson struct {
	key      mail.MessageKey
	role     mail.Role // of the mailbox it is in
	when     int64
	envelope mail.Envelope
	indexed  bool // its body was read before this, and its words with it
}

// lessonsAtOnce is how many messages are learned before it is looked whether somebody waits to write.
const lessonsAtOnce = 2 * bulkRows

// Learn takes up to n messages that came since the last one learned into contacts and full text, fewer where somebody else
// waits to write; more tells whether there are others. Which message that was stands in the same transaction.
func (s *Store) Learn(ctx context.Context, n int) (more bool, err error) {
	if behind, err := s.behind(ctx); err != nil || !behind {
		return false, err
	}
	err = s.write(ctx, normal, "learn from new mail", func(t *transaction) error {
		for left := n; left > 0; left -= lessonsAtOnce {
			if more, err = t.learnNext(min(left, lessonsAtOnce)); err != nil || !more || s.waiting.Load() > 0 {
				return err
			}
		}
		return nil
	})
	return more, err
}

// learnNext learns from the next n messages.
func (t *transaction) learnNext(n int) (more bool, err error) {
	lessons, err := collect(t.ctx, t, func(rows *sql.Rows) (l lesson, err error) {
		var text sql.RawBytes
		if err := rows.Scan(&l.key, &l.role, &l.when, &text, &l.indexed); err != nil {
			return l, err
		}
		return l, json.Unmarshal(text, &l.envelope)
	}, `SELECT m.id, b.role, m.internal_date, d.envelope, m.id IN (SELECT id FROM message_fts_docsize)
		FROM message m CROSS JOIN description d ON d.message_id = m.id CROSS JOIN mailbox b ON b.id = m.mailbox_id
		WHERE m.id > (SELECT last FROM learned) ORDER BY m.id LIMIT ?`, n)
	if err != nil {
		return false, err
	}
	if len(lessons) == n {
		return true, t.learn(lessons, lessons[n-1].key)
	}
	last, err := t.lastKey()
	if err != nil {
		return false, err
	}
	return false, t.learn(lessons, last)
}

// behind tells whether anything waits to be learned; it reads only.
func (s *Store) behind(ctx context.Context) (behind bool, err error) {
	err = s.Reader.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM message WHERE id > (SELECT last FROM learned))").Scan(&behind)
	return behind, fail("learn from new mail", err)
}

// lastKey is the highest key that was ever given to a message.
func (t *transaction) lastKey() (last mail.MessageKey, err error) {
	err = t.QueryRowContext(t.ctx, "SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'message'").Scan(&last)
	return last, err
}

// learnAtOnce learns from messages that were just stored, unless they are many or others wait before them.
func (t *transaction) learnAtOnce(mailbox mail.MailboxKey, list []*newcomer) error {
	if len(list) > atOnce {
		return nil
	}
	var role mail.Role
	var behind bool
	err := t.QueryRowContext(t.ctx, `SELECT role, EXISTS (SELECT 1 FROM message WHERE id > (SELECT last FROM learned) AND id < ?)
		FROM mailbox WHERE id = ?`, list[0].key, mailbox).Scan(&role, &behind)
	if err != nil || behind {
		return err
	}
	lessons := make([]lesson, len(list))
	for i, n := range list {
		lessons[i] = lesson{key: n.key, role: role, when: received(&n.Header), envelope: n.Envelope}
	}
	return t.learn(lessons, list[len(list)-1].key)
}

// learn writes what lessons teach, and takes them over; everything up to last is learned then.
func (t *transaction) learn(lessons []lesson, last mail.MessageKey) error {
	if err := t.meet(lessons); err != nil {
		return err
	}
	unindexed := slices.DeleteFunc(lessons, func(l lesson) bool { return l.indexed })
	err := bulk(t, "INSERT INTO message_fts (rowid, subject, sender, recipients) VALUES", "", unindexed, func(row []any, l lesson) []any {
		x := indexedOf(l.envelope)
		return append(row, int64(l.key), x.subject, x.sender, x.recipients)
	})
	if err != nil {
		return err
	}
	_, err = t.exec("UPDATE learned SET last = ?", last)
	return err
}
