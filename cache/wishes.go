package cache

import (
	"context"
	"database/sql"
	"time"

	"posthorn/mail"
)

// Wish is what the user wants: it is on disk and shown when Store.Wish returns.
type Wish struct {
	Changes   []mail.Targeted
	What      string    // for undo, in the past tense: "archived 3 messages"
	NotBefore time.Time // the server is not told earlier: the grace period of what cannot be inverted; zero: at once
	NoUndo    bool      // undo passes over it
}

// Wish stores what the user wants, merged with what was wanted before, and how to undo it. Messages that are gone are
// passed over. touched are the mailboxes that show something else now.
func (s *Store) Wish(ctx context.Context, w Wish) (touched []mail.MailboxKey, err error) {
	err = s.write(ctx, full, "store a change", func(t *transaction) error {
		if err := t.findAmong(w.Changes); err != nil {
			return err
		}
		rows, err := t.wish(w.Changes, toUnix(w.NotBefore))
		if err != nil {
			return err
		}
		if undo := rows.inverses(); !w.NoUndo && len(undo) > 0 {
			err = t.pushAction(entry{what: w.What, changes: undo, until: toUnix(w.NotBefore)})
		}
		touched = t.mailboxes()
		return err
	})
	return touched, err
}

// wanted is one message while wishes are added to it.
type wanted struct {
	facts
	wants map[mail.ChangeKind]want
	undo  map[mail.ChangeKind]mail.Change // leads back to before; nil value: only the grace period does

	awaited bool // it is not known just now: see awaited.go
}

// wished is what a stroke changed.
type wished struct {
	messages map[mail.MessageKey]*wanted // that are there, with what leads back
	copies   []inverse                   // takes the copies back that were made of them
}

func (w wished) inverses() []inverse { return append(inverses(w.messages), w.copies...) }

// wish adds changes in their order, and makes the rows of wanted copies after that.
func (t *transaction) wish(changes []mail.Targeted, notBefore int64) (wished, error) {
	rows, err := t.wantedOf(changes)
	if err != nil {
		return wished{}, err
	}
	known := map[mail.MailboxKey]bool{}
	changed := map[want][]mail.MessageKey{}
	copies := map[mail.MailboxKey][]mail.MessageKey{}
	var moved, beyond []mail.MessageKey // beyond: those that would have to be there for that
	for _, c := range changes {
		row := rows[c.Message]
		if row == nil {
			continue
		}
		if row.awaited && c.Change.Kind() != mail.KindFlags && c.Change.Kind() != mail.KindMove {
			beyond = append(beyond, c.Message)
			continue
		}
		if to := wantOf(c.Change).target; to != 0 || c.Change.Kind() == mail.KindMove {
			if err := t.checkTarget(to, known); err != nil {
				return wished{}, err
			}
		}
		if copied, ok := c.Change.(mail.Copy); ok {
			copies[copied.To] = append(copies[copied.To], c.Message)
			continue
		}
		if c.Change.Kind() == mail.KindMove && !row.awaited {
			moved = append(moved, c.Message)
		}
		row.add(c.Change, notBefore)
	}
	if err := t.supersede(moved); err != nil {
		return wished{}, err
	}
	for _, key := range beyond {
		if row := rows[key]; row != nil && len(row.undo) == 0 {
			delete(rows, key)
		}
	}
	var keys []mail.MessageKey
	for key, row := range rows {
		if row.awaited {
			if err := t.storeAwaited(row); err != nil {
				return wished{}, err
			}
			continue
		}
		for kind := range row.undo {
			changed[row.wants[kind]] = append(changed[row.wants[kind]], key)
		}
		if len(row.undo) > 0 {
			keys = append(keys, key)
		}
	}
	w := wished{messages: rows}
	if err := t.storeWants(changed); err != nil {
		return w, err
	}
	if err := t.awaitReturns(rows); err != nil {
		return w, err
	}
	if err := t.reshow(keys); err != nil {
		return w, err
	}
	for to, sources := range copies {
		made, err := t.makeCopies(to, sources)
		if err != nil {
			return w, err
		}
		w.copies = append(w.copies, made)
	}
	return w, nil
}

// awaitReturns asks for a synchronisation of the mailboxes that messages were moved back to before the server answered:
// only that tells whether they ever left (Settled).
func (t *transaction) awaitReturns(rows map[mail.MessageKey]*wanted) error {
	asked := map[mail.MailboxKey]bool{}
	for _, row := range rows {
		if _, changed := row.undo[mail.KindMove]; !changed || row.awaited || row.wants[mail.KindMove].target != row.said.Mailbox || asked[row.said.Mailbox] {
			continue
		}
		asked[row.said.Mailbox] = true
		if _, err := t.exec("UPDATE mailbox SET dirty = 1 WHERE id = ?", row.said.Mailbox); err != nil {
			return err
		}
	}
	return nil
}

// wantedOf reads the messages that changes are about, with what is wanted of them already.
func (t *transaction) wantedOf(changes []mail.Targeted) (map[mail.MessageKey]*wanted, error) {
	keys := make([]mail.MessageKey, len(changes))
	for i, c := range changes {
		keys[i] = c.Message
	}
	found := make(map[mail.MessageKey]*wanted, len(keys))
	_, err := collect(t.ctx, t, func(rows *sql.Rows) (struct{}, error) {
		var row wanted
		var w want
		var kind sql.NullString
		err := rows.Scan(&row.key, &row.said.Mailbox, &row.shown.Mailbox, &row.shown.Flags, &row.shown.Keywords,
			&kind, &w.mask, &w.want, &w.add, &w.del, &w.target, &w.tried)
		known := found[row.key]
		if known == nil {
			row.wants, row.undo = map[mail.ChangeKind]want{}, map[mail.ChangeKind]mail.Change{}
			known = &row
			found[row.key] = known
		}
		if kind.Valid {
			w.kind = mail.ChangeKind(kind.String)
			known.wants[w.kind] = w
		}
		return struct{}{}, err
	}, `SELECT m.id, m.mailbox_id, m.shown_mailbox_id, m.shown_flags, m.shown_keywords,
			o.kind, ifnull(o.mask, 0), ifnull(o.want, 0), ifnull(o.add_keywords, ''), ifnull(o.del_keywords, ''),
			ifnull(o.target_id, 0), ifnull(o.tried, '')
		FROM json_each(?) k CROSS JOIN message m ON m.id = k.value
			LEFT JOIN operation o ON o.message_id = m.id`, list(keys))
	if err != nil {
		return nil, err
	}
	return found, t.awaitedOf(keys, found)
}

// add makes change part of what is wanted of the message.
func (row *wanted) add(change mail.Change, notBefore int64) {
	w, kind := wantOf(change), change.Kind()
	earlier, pending := row.wants[kind]
	switch kind {
	case mail.KindFlags:
		if w.change().(mail.FlagChange).Empty() {
			return
		}
		if pending {
			w = wantOf(w.change().(mail.FlagChange).Merge(earlier.change().(mail.FlagChange)))
		}
	case mail.KindMove:
		if !pending && w.target == row.said.Mailbox && !row.awaited {
			return // nothing else was ever wanted, and it is there
		}
		if pending { // the earlier wish may be on its way: remember where the message may turn up
			w.tried = triedText(earlier.attempted(w.target))
		}
	}
	w.notBefore = notBefore
	row.wants[kind] = w
	inverse := change.Invert(row.shown)
	if before, ok := row.undo[kind]; ok { // changed twice in one stroke: lead back to before the first
		if f, ok := before.(mail.FlagChange); ok {
			inverse = f.Merge(inverse.(mail.FlagChange))
		} else {
			inverse = before
		}
	}
	row.undo[kind] = inverse
	row.shown = change.Apply(row.shown)
}

// checkTarget refuses a mailbox where no message can go. known remembers those where one can, for a stroke.
func (t *transaction) checkTarget(to mail.MailboxKey, known map[mail.MailboxKey]bool) error {
	if known[to] {
		return nil
	}
	var exists bool
	if err := t.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM mailbox WHERE id = ? AND "+holdsMail+")", to).Scan(&exists); err != nil {
		return err
	}
	if !exists {
		return refused("move", "the mailbox does not exist or cannot hold messages: choose another one")
	}
	known[to] = true
	return nil
}

// storeWants writes wishes. Each stroke has a revision of its own, so that the answer to an earlier wish cannot take
// this one away.
func (t *transaction) storeWants(changed map[want][]mail.MessageKey) error {
	if len(changed) == 0 {
		return nil
	}
	if _, err := t.exec("UPDATE revision SET last = last + 1"); err != nil {
		return err
	}
	last, err := t.lastKey()
	if err != nil {
		return err
	}
	for w, keys := range changed {
		if _, err := t.exec(`INSERT INTO operation (message_id, kind, mask, want, add_keywords, del_keywords, target_id, tried, rev, not_before, wished_at, after)
			SELECT k.value, ?, ?, ?, ?, ?, ?, ?, (SELECT last FROM revision), ?, ?, ? FROM json_each(?) k WHERE true
			ON CONFLICT DO UPDATE SET mask = excluded.mask, want = excluded.want, add_keywords = excluded.add_keywords,
				del_keywords = excluded.del_keywords, target_id = excluded.target_id, tried = excluded.tried, rev = excluded.rev,
				not_before = excluded.not_before, wished_at = excluded.wished_at, after = excluded.after, fetched = 0, attempts = 0, last_error = ''`,
			w.kind, w.mask, w.want, w.add, w.del, w.target, w.tried, w.notBefore, t.now, last, list(keys)); err != nil {
			return err
		}
	}
	return nil
}
