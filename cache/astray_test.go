package cache

import (
	"database/sql"
	"slices"

	"posthorn/mail"
)

// mayStray tells whether the other program may move a copy: nothing is wanted of it, or that can follow it for certain. A
// deletion does not follow, nor what is known by its date only, and what may be on its way already is nowhere for certain.
func (s *simulation) mayStray(c *theirs, wishes []want) bool {
	if len(wishes) == 0 {
		return true
	}
	isHere := func(o ours) bool { return o.n == c.n && o.uid == c.uid && o.said.Mailbox == c.state.Mailbox }
	return s.canMove && s.mayGo(wishes) && s.headerOf(c).Envelope.MessageID != "" && s.must[c.n].Mailbox != 0 &&
		!slices.ContainsFunc(wishes, func(w want) bool { return w.kind == mail.KindExpunge || w.tried != "" }) &&
		(len(s.awaitedOf(c.n)) > 0 || slices.ContainsFunc(s.rows(), isHere))
}

// mayGo tells whether a message may leave its mailbox: where one was renumbered, and it is not yet known which messages wishes are
// for, the person would have to decide.
func (s *simulation) mayGo(wishes []want) bool {
	var doubt bool
	s.ok(s.Reader.db.QueryRowContext(s.ctx, "SELECT EXISTS (SELECT 1 FROM operation WHERE renumbered <> 0)").Scan(&doubt))
	return len(wishes) == 0 || !doubt && !slices.ContainsFunc(s.boxes, s.isStale)
}

// mayRenumber tells whether a mailbox may be renumbered: everything in it can be recognised for certain then, and nothing is
// missing that something is wanted of, but for what we may have moved ourselves.
func (s *simulation) mayRenumber(box mail.MailboxKey) bool {
	if slices.ContainsFunc(s.in(box), func(c *theirs) bool { return len(s.of(c.n)) > 1 }) {
		return false
	}
	return !slices.ContainsFunc(s.rows(), func(o ours) bool {
		if len(o.wishes) == 0 {
			return false
		}
		_, moved := o.wants(mail.KindMove)
		return s.isAway(o) || o.said.Mailbox == box && o.uid > 0 && s.at(box, o.uid) == nil && (!moved || len(s.of(o.n)) != 1)
	})
}

// leadOn gives what an action knows the keys that undo knows it by, after it was found elsewhere.
func (s *simulation) leadOn(what string, rows []ours) {
	keys, err := collect(s.ctx, s.Reader.db, column[mail.MessageKey],
		"SELECT k.value FROM undo, json_each(inverse) e, json_each(e.value, '$.messages') k WHERE what = ?", what)
	s.ok(err)
	for i, l := range s.actions[what] {
		at := slices.IndexFunc(rows, func(o ours) bool { return o.n == l.n && slices.Contains(keys, o.key) })
		if at >= 0 && !slices.Contains(keys, l.key) {
			s.actions[what][i].key = rows[at].key
		}
	}
}

// awaited is a message that is not known here and looked for: undo reaches it. It is taken to be where it was last known to be, or
// is to go.
func (s *simulation) awaited(l led) (ours, bool) {
	o := ours{key: l.key, n: l.n, shown: s.must[l.n]}
	err := s.Reader.db.QueryRowContext(s.ctx, `SELECT b.id FROM salvaged s CROSS JOIN mailbox b ON b.account = s.account
		AND b.name = ifnull(nullif(s.target, ''), s.mailbox) WHERE s.message_key = ? ORDER BY s.kind DESC LIMIT 1`, l.key).Scan(&o.shown.Mailbox)
	if err != sql.ErrNoRows {
		s.ok(err)
	}
	return o, err == nil
}

// awaitedOf is what is wanted of a message that is looked for.
func (s *simulation) awaitedOf(n int) []want {
	list, err := collect(s.ctx, s.Reader.db, func(rows *sql.Rows) (w want, err error) {
		err = rows.Scan(&w.kind, &w.mask, &w.want, &w.add, &w.del, &w.target)
		return w, err
	}, `SELECT kind, mask, want, add_keywords, del_keywords, ifnull(b.id, 0) FROM salvaged s
		LEFT JOIN mailbox b ON b.account = s.account AND b.name = s.target WHERE s.message_id = ? ORDER BY s.id`, header(n).Envelope.MessageID)
	s.ok(err)
	return list
}
