package cache

import (
	"context"
	"database/sql"

	"posthorn/mail"
)

// A message may leave its mailbox while something is wanted of it: another program moved it, or deleted it. What is wanted
// goes with it where that is certain: its row takes the place of the one message elsewhere in the account that is like it. Where
// there is none yet, the wishes wait for one to turn up until all mailboxes of the account were read. Where there are several,
// nobody can tell which is meant, and they are given up in so many words. A deletion does not follow: whoever moved the message
// may have saved it.

// Strayed is what became of wishes for messages that left their mailbox.
type Strayed struct {
	Followed []string // subjects of messages that were found elsewhere
	Awaited  []string // of those that are still to be found
	GivenUp  []string // of those whose wishes were given up, as nothing tells them from others
}

// straying is a message that left its mailbox, and of which something is wanted.
type straying struct {
	key       mail.MessageKey
	messageID string
	subject   string
	moves     bool // to move it is wanted
}

// stray lets wishes go with messages that are no longer in their mailbox. left are those that are to be forgotten.
func (t *transaction) stray(gone []mail.MessageKey) (left []mail.MessageKey, s Strayed, err error) {
	if len(gone) == 0 {
		return nil, s, nil
	}
	rows, err := collect(t.ctx, t, func(rows *sql.Rows) (m straying, err error) {
		err = rows.Scan(&m.key, &m.messageID, &m.subject, &m.moves)
		return m, err
	}, `SELECT m.id, m.message_id, m.subject, EXISTS (SELECT 1 FROM operation o WHERE o.message_id = m.id AND o.kind = 'move')
		FROM json_each(?) k CROSS JOIN message m ON m.id = k.value
		WHERE (EXISTS (SELECT 1 FROM operation o WHERE o.message_id = m.id) OR EXISTS (SELECT 1 FROM operation o WHERE o.source_id = m.id AND o.source_id <> 0))
			AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.message_id = m.id
				AND (o.kind IN ('expunge', 'copy') OR o.renumbered <> 0 OR o.copying NOT IN (0, m.mailbox_id)))`, list(gone))
	if err != nil || len(rows) == 0 {
		return gone, s, err
	}
	followed := map[mail.MessageKey]bool{}
	for _, m := range rows {
		twins, err := t.twins(m)
		if err != nil {
			return nil, s, err
		}
		switch {
		case len(twins) == 1:
			if _, err := t.exec("UPDATE operation SET copying = 0, uidnext = 0 WHERE message_id = ?", m.key); err != nil {
				return nil, s, err
			}
			if err := t.replace(m.key, twins[0]); err != nil {
				return nil, s, err
			}
			followed[m.key] = true
			s.Followed = append(s.Followed, m.subject)
		case len(twins) > 1 || m.messageID == "":
			s.GivenUp = append(s.GivenUp, m.subject)
		default:
			n, err := t.await(m.key)
			if err != nil {
				return nil, s, err
			}
			if n > 0 {
				s.Awaited = append(s.Awaited, m.subject)
			}
		}
	}
	for _, key := range gone {
		if !followed[key] {
			left = append(left, key)
		}
	}
	return left, s, nil
}

// twins are the messages of the account that a message may have become. What holds everything, as Gmail's All Mail does, has it
// once. One that was there when something was wanted of the message is another one, as a copy that we made is: nothing is wanted
// of it, only flags are where it is in All Mail. In the mailbox that it left, which is any where that is not known, it is again
// where it was moved away and back: a second one that came later came at another time. // RFC 9051 §6.4.7
func (t *transaction) twins(m straying) ([]mail.MessageKey, error) {
	if m.messageID == "" {
		return nil, nil
	}
	type twin struct {
		key mail.MessageKey
		all bool
	}
	found, err := collect(t.ctx, t, func(rows *sql.Rows) (n twin, err error) {
		err = rows.Scan(&n.key, &n.all)
		return n, err
	}, `SELECT n.id, b.role = 'all' FROM message m CROSS JOIN mailbox a ON a.id = m.mailbox_id
		CROSS JOIN message n ON n.thread_id = m.thread_id AND n.message_id = m.message_id AND n.size = m.size AND n.id <> m.id
			AND (m.uid > 0 AND n.mailbox_id <> m.mailbox_id OR n.uid > m.uid AND n.id > m.id AND n.internal_date = m.internal_date)
			AND n.uid > 0 AND n.flags & 8 = 0
		CROSS JOIN mailbox b ON b.id = n.mailbox_id AND b.account = a.account
		WHERE m.id = ?1 AND (b.role = 'all' AND NOT ?2 OR n.id > (SELECT ifnull(max(o.after), 0) FROM operation o WHERE o.message_id = m.id))
			AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.message_id = n.id AND (o.kind IN ('expunge', 'copy') OR o.renumbered <> 0))
		ORDER BY b.role <> 'all', n.id`, m.key, m.moves)
	if err != nil {
		return nil, err
	}
	if len(found) > 1 && found[0].all && !found[1].all {
		found = found[:1]
	}
	keys := make([]mail.MessageKey, len(found))
	for i, n := range found {
		keys[i] = n.key
	}
	return keys, nil
}

// await keeps the wishes for a message until it turns up; n is how many these are.
func (t *transaction) await(key mail.MessageKey) (n int, err error) {
	n, err = t.exec(`INSERT INTO salvaged (`+salvagedColumns+`, message_key, flags, keywords)
		SELECT f.account, f.name, f.uidvalidity, m.uid, m.message_id, m.size, o.kind, o.mask, o.want, o.add_keywords, o.del_keywords,
			ifnull(t.name, ''), o.not_before, ifnull(t.account, ''), o.wished_at, 1, m.internal_date, o.message_id, m.flags, m.keywords
		FROM message m CROSS JOIN operation o ON o.message_id = m.id OR o.source_id = m.id AND o.source_id <> 0 AND o.copying = 0
		CROSS JOIN mailbox f ON f.id = m.mailbox_id LEFT JOIN mailbox t ON t.id = o.target_id
		WHERE m.id = ? ORDER BY o.rev`, key)
	if err != nil {
		return n, err
	}
	copies, err := collect(t.ctx, t, column[mail.MessageKey], "SELECT message_id FROM operation WHERE source_id = ? AND source_id <> 0 AND copying = 0", key)
	if err != nil {
		return n, err
	}
	return n, t.forget(copies) // a copy is wanted again when its source is found
}

// findStrayed looks for awaited messages among those that were not known before: their wishes are resumed there. See twins.
func (t *transaction) findStrayed(mailbox mail.MailboxKey, added []mail.MessageKey) error {
	if len(added) == 0 {
		return nil
	}
	var any bool
	err := t.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM salvaged INDEXED BY salvaged_strayed WHERE strayed = 1)").Scan(&any)
	if err != nil || !any {
		return err
	}
	_, err = t.exec(`UPDATE salvaged AS s SET mailbox = f.name, uidvalidity = f.uidvalidity, uid = f.uid, strayed = 0 FROM
		(SELECT w.id, b.name, b.uidvalidity, min(m.uid) AS uid FROM mailbox b CROSS JOIN json_each(?2) k CROSS JOIN message m ON m.id = k.value
			CROSS JOIN salvaged w INDEXED BY salvaged_strayed ON w.message_id = m.message_id AND w.strayed = 1 AND w.account = b.account AND w.size = m.size
				AND (w.uid > 0 AND w.mailbox <> b.name OR m.internal_date = w.received AND (m.uid > w.uid OR w.uidvalidity <> b.uidvalidity))
			WHERE b.id = ?1 AND m.uid > 0 AND m.flags & 8 = 0 GROUP BY w.id HAVING count(*) = 1) f WHERE s.id = f.id`, mailbox, list(added))
	return err
}

// EndStrayed gives up what is wanted of messages that did not turn up, once no mailbox of their account has anything that is not
// known. It is called after the server was asked about all of them.
func (s *Store) EndStrayed(ctx context.Context, account string) (ended int, err error) {
	const op = "give up changes to messages that are gone"
	const over = ` salvaged WHERE strayed = 1 AND account = ?1 AND EXISTS (SELECT 1 FROM mailbox WHERE account = ?1 AND role = 'inbox') AND NOT EXISTS
		(SELECT 1 FROM mailbox WHERE account = ?1 AND noselect = 0 AND ` + isThere + ` AND (dirty OR backfill_uid <> 1))`
	var any bool
	if err := s.Reader.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM"+over+")", account).Scan(&any); err != nil || !any {
		return 0, fail(op, err)
	}
	err = s.write(ctx, full, op, func(t *transaction) error {
		ended, err = t.exec("DELETE FROM"+over, account)
		return err
	})
	return ended, err
}
