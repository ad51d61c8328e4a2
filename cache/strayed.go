package cache

import (
	"context"
	"database/sql"
	"slices"

	"posthorn/mail"
)

// A message may leave its mailbox while something is wanted of it: another program moved it, or deleted it. What is wanted
// goes with it where that is certain: its row takes the place of the one message elsewhere in the account that is like it, once
// nothing is known to be unread there. Until then, and where there is none, the wishes wait for all mailboxes of the account to be
// read: which mailbox is read first decides nothing. Where there are several, nobody can tell which is meant, and they are given
// up in so many words. A deletion does not follow: whoever moved the message may have saved it.

// Strayed is what became of wishes for messages that left their mailbox.
type Strayed struct {
	Followed []string // subjects of messages that were found elsewhere
	Awaited  []string // of those that are still to be found
	GivenUp  []string // of those whose wishes were given up, as nothing tells them from others
}

// straying is a message that left its mailbox, and of which something is wanted.
type straying struct {
	key       mail.MessageKey // 0: its row is gone, and its wishes wait in the table salvaged
	account   string
	mailbox   string // that it left
	validity  mail.UIDValidity
	uid       mail.UID // 0: not known
	messageID string
	size      int64
	received  int64
	after     mail.MessageKey // rows up to it are other messages
	moves     bool            // to move it is wanted
	subject   string
}

// stray lets wishes go with messages that are no longer in their mailbox. left are those that are to be forgotten.
func (t *transaction) stray(gone []mail.MessageKey) (left []mail.MessageKey, s Strayed, err error) {
	if len(gone) == 0 {
		return nil, s, nil
	}
	rows, err := collect(t.ctx, t, func(rows *sql.Rows) (m straying, err error) {
		err = rows.Scan(&m.key, &m.account, &m.mailbox, &m.validity, &m.uid, &m.messageID, &m.size, &m.received, &m.subject, &m.after, &m.moves)
		return m, err
	}, `SELECT m.id, b.account, b.name, b.uidvalidity, m.uid, m.message_id, m.size, m.internal_date, m.subject,
			(SELECT ifnull(max(o.after), 0) FROM operation o WHERE o.message_id = m.id),
			EXISTS (SELECT 1 FROM operation o WHERE o.message_id = m.id AND o.kind = 'move')
		FROM json_each(?) k CROSS JOIN message m ON m.id = k.value CROSS JOIN mailbox b ON b.id = m.mailbox_id
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
		unread, err := t.unreadBeside(m)
		if err != nil {
			return nil, s, err
		}
		switch {
		case m.messageID == "" || len(twins) > 1 && !unread:
			s.GivenUp = append(s.GivenUp, m.subject)
		case len(twins) == 1 && !unread:
			if _, err := t.exec("UPDATE operation SET copying = 0, uidnext = 0 WHERE message_id = ?", m.key); err != nil {
				return nil, s, err
			}
			if err := t.replace(m.key, twins[0].key); err != nil {
				return nil, s, err
			}
			followed[m.key] = true
			s.Followed = append(s.Followed, m.subject)
		default:
			n, err := t.await(m)
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

// unreadBeside tells whether other mailboxes of the account have something that is not known: another message like it, perhaps.
func (t *transaction) unreadBeside(m straying) (unread bool, err error) {
	err = t.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM mailbox WHERE account = ? AND name <> ? AND noselect = 0 AND dirty AND "+isThere+")",
		m.account, m.mailbox).Scan(&unread)
	return unread, err
}

// isCalm is true while nothing is wanted of messages: see mailbox.calm_uidnext.
const isCalm = "NOT EXISTS (SELECT 1 FROM operation) AND NOT EXISTS (SELECT 1 FROM salvaged WHERE strayed = 1)"

// twin is a message that a strayed one may have become.
type twin struct {
	key     mail.MessageKey
	mailbox mail.MailboxKey
	all     bool
}

// twins are the messages of the account that a message may have become. What holds everything, as Gmail's All Mail does, has it
// once. One that was there when something was wanted of the message, whether that was known then or not, is another one, as a copy
// that we made is: nothing is wanted of it, only flags are where it is in All Mail. In the mailbox that it left, which is any where
// that is not known, it is again where it was moved away and back: a second one that came later came at another time. // RFC 9051 §6.4.7
func (t *transaction) twins(m straying) ([]twin, error) {
	if m.messageID == "" {
		return nil, nil
	}
	thread, err := threadOf(t.ctx, t, m.account, m.messageID) // the same identifier, so the same conversation
	if err != nil {
		return nil, err
	}
	found, err := collect(t.ctx, t, func(rows *sql.Rows) (n twin, err error) {
		err = rows.Scan(&n.key, &n.mailbox, &n.all)
		return n, err
	}, `SELECT n.id, b.id, b.role = 'all' FROM message n CROSS JOIN mailbox b ON b.id = n.mailbox_id AND b.account = ?2
		WHERE n.thread_id = ?1 AND n.message_id = ?3 AND n.size = ?4 AND n.id <> ?5 AND n.uid > 0 AND n.flags & 8 = 0
			AND (?6 > 0 AND b.name <> ?7 OR n.internal_date = ?8 AND n.id > ?5 AND (n.uid > ?6 OR b.uidvalidity <> ?9))
			AND (b.role = 'all' AND NOT ?10 OR n.id > ?11 AND n.uid >= b.calm_uidnext)
			AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.message_id = n.id AND (o.kind IN ('expunge', 'copy') OR o.renumbered <> 0))
		ORDER BY b.role <> 'all', n.id`, thread, m.account, m.messageID, m.size, m.key, m.uid, m.mailbox, m.received, m.validity, m.moves, m.after)
	if err != nil {
		return nil, err
	}
	if len(found) > 1 && found[0].all && !found[1].all {
		found = found[:1]
	}
	return found, nil
}

// await keeps the wishes for a message until it turns up; n is how many these are.
func (t *transaction) await(m straying) (n int, err error) {
	n, err = t.exec(`INSERT INTO salvaged (`+salvagedColumns+`, message_key, flags, keywords, after)
		SELECT f.account, f.name, f.uidvalidity, m.uid, m.message_id, m.size, o.kind, o.mask, o.want, o.add_keywords, o.del_keywords,
			ifnull(t.name, ''), o.not_before, ifnull(t.account, ''), o.wished_at, 1, m.internal_date, o.message_id, m.flags, m.keywords, max(m.id, ?2)
		FROM message m CROSS JOIN operation o ON o.message_id = m.id OR o.source_id = m.id AND o.source_id <> 0 AND o.copying = 0
		CROSS JOIN mailbox f ON f.id = m.mailbox_id LEFT JOIN mailbox t ON t.id = o.target_id
		WHERE m.id = ?1 ORDER BY o.rev`, m.key, m.after)
	if err != nil {
		return n, err
	}
	copies, err := collect(t.ctx, t, column[mail.MessageKey], "SELECT message_id FROM operation WHERE source_id = ? AND source_id <> 0 AND copying = 0", m.key)
	if err != nil {
		return n, err
	}
	return n, t.forget(copies) // a copy is wanted again when its source is found
}

// Found is what became of wishes that waited for their messages to turn up.
type Found struct {
	Followed int // messages that are there: the wishes are for them again
	Several  int // wishes that were given up, as nothing tells which of several messages is meant
	Missing  int // wishes that were given up, as there is no such message
	Touched  []mail.MailboxKey
}

// FindStrayed looks for the messages whose wishes wait, once everything was read that can be. Those for messages that did not
// turn up wait on while any mailbox of the account has something that is not known.
func (s *Store) FindStrayed(ctx context.Context, account string) (f Found, err error) {
	const op = "look for messages that were moved"
	var any bool
	if err := s.Reader.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM salvaged INDEXED BY salvaged_strayed WHERE strayed = 1 AND account = ?)", account).Scan(&any); err != nil || !any {
		return f, fail(op, err)
	}
	err = s.write(ctx, full, op, func(t *transaction) error {
		lost, err := t.awaitedIn(account)
		if err != nil {
			return err
		}
		read, err := t.allRead(account)
		if err != nil {
			return err
		}
		places := map[mail.MailboxKey]bool{}
		for _, m := range lost {
			if err := t.findAwaited(m, read, places, &f); err != nil {
				return err
			}
		}
		err = t.resumeAll(places)
		f.Touched = t.mailboxes()
		return err
	})
	return f, err
}

func (t *transaction) resumeAll(places map[mail.MailboxKey]bool) error {
	for box := range places {
		if err := t.resumeWishes(box); err != nil {
			return err
		}
	}
	return nil
}

// findAmong looks for awaited messages among those that somebody is about to change: what was wanted before goes first, so that the
// newest word counts.
func (t *transaction) findAmong(changes []mail.Targeted) error {
	accounts, err := collect(t.ctx, t, column[string], "SELECT DISTINCT account FROM salvaged INDEXED BY salvaged_strayed WHERE strayed = 1")
	if err != nil {
		return err
	}
	places := map[mail.MailboxKey]bool{}
	for _, account := range accounts {
		lost, err := t.awaitedIn(account)
		if err != nil {
			return err
		}
		for _, m := range lost {
			twins, err := t.twins(m)
			if err != nil {
				return err
			}
			if len(twins) != 1 || !slices.ContainsFunc(changes, func(c mail.Targeted) bool { return c.Message == twins[0].key }) {
				continue
			}
			if err := t.findAwaited(m, false, places, &Found{}); err != nil {
				return err
			}
		}
	}
	return t.resumeAll(places)
}

// awaitedIn are the messages of an account that are to turn up.
func (t *transaction) awaitedIn(account string) ([]straying, error) {
	return collect(t.ctx, t, func(rows *sql.Rows) (straying, error) {
		m := straying{account: account}
		return m, rows.Scan(&m.mailbox, &m.validity, &m.uid, &m.messageID, &m.size, &m.received, &m.after, &m.moves)
	}, `SELECT mailbox, uidvalidity, uid, message_id, size, received, max(after), max(kind = 'move') FROM salvaged INDEXED BY salvaged_strayed
		WHERE strayed = 1 AND account = ? GROUP BY mailbox, uidvalidity, uid, message_id, size, received ORDER BY min(id)`, account)
}

// allRead tells whether no mailbox of an account has anything that is not known.
func (t *transaction) allRead(account string) (read bool, err error) {
	err = t.QueryRowContext(t.ctx, `SELECT EXISTS (SELECT 1 FROM mailbox WHERE account = ?1 AND role = 'inbox')
		AND NOT EXISTS (SELECT 1 FROM mailbox WHERE account = ?1 AND noselect = 0 AND `+isThere+` AND (dirty OR backfill_uid <> 1))`, account).Scan(&read)
	return read, err
}

// findAwaited tells the wishes for one message where it is, or gives them up.
func (t *transaction) findAwaited(m straying, read bool, places map[mail.MailboxKey]bool, f *Found) error {
	const these = " WHERE strayed = 1 AND account = ?1 AND mailbox = ?2 AND uidvalidity = ?3 AND uid = ?4 AND message_id = ?5 AND size = ?6 AND received = ?7"
	args := []any{m.account, m.mailbox, m.validity, m.uid, m.messageID, m.size, m.received}
	twins, err := t.twins(m)
	switch {
	case err != nil || len(twins) == 0 && !read:
		return err
	case len(twins) == 1:
		f.Followed++
		places[twins[0].mailbox] = true
		_, err = t.exec(`UPDATE salvaged SET mailbox = n.box, uidvalidity = n.validity, uid = n.number, strayed = 0
			FROM (SELECT b.name AS box, b.uidvalidity AS validity, m.uid AS number FROM message m CROSS JOIN mailbox b ON b.id = m.mailbox_id WHERE m.id = ?8) n`+these, append(args, twins[0].key)...)
		return err
	}
	n, err := t.exec("DELETE FROM salvaged"+these, args...)
	if len(twins) > 1 {
		f.Several += n
	} else {
		f.Missing += n
	}
	return err
}
