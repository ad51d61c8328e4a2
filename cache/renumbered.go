package cache

import (
	"context"
	"database/sql"
	"slices"

	"posthorn/mail"
)

// A mailbox is renumbered when the server gives its UIDs a new meaning: it says another UIDVALIDITY, or its UIDNEXT goes
// back. Rows, contents and wishes stay: the messages wait for their new UIDs and are recognised when their headers
// come (moved.go), so that a reader, a draft or undo that refers to one of them stays right. Wishes from before are not
// sent until the mailbox is complete, for only then is it certain which message they are for. Where it is not,
// nothing is done by itself: the wish stays, and the person decides.

// severalAlike is the value of operation.renumbered where the person has to decide.
const severalAlike = -1

// Reset notes that the UIDs of a mailbox no longer mean what they meant. // RFC 9051 §2.3.1.1
func (s *Store) Reset(ctx context.Context, key mail.MailboxKey, validity mail.UIDValidity) error {
	return s.write(ctx, normal, "read a mailbox anew", func(t *transaction) error {
		var before mail.UIDValidity
		var backfill mail.UID
		err := t.QueryRowContext(t.ctx, "SELECT uidvalidity, backfill_uid FROM mailbox WHERE id = ?", key).Scan(&before, &backfill)
		if err != nil {
			return err
		}
		if backfill > 0 || before != validity { // else the first synchronisation was interrupted: the UIDs are good
			if err := t.unname(key); err != nil {
				return err
			}
			if _, err := t.exec("UPDATE operation SET uidnext = 1 WHERE copying = ?", key); err != nil { // a copy that was tried may have any UID now
				return err
			}
		}
		_, err = t.exec(`UPDATE mailbox SET calm_uidnext = iif(backfill_uid = 0 AND uidvalidity IN (0, ?1), calm_uidnext, 0), uidvalidity = ?1, uidnext = 0, highestmodseq = 0,
			backfill_uid = 0, dirty = 1 WHERE id = ?2`, validity, key)
		return err
	})
}

// unname makes the messages said in a mailbox wait for their UIDs.
func (t *transaction) unname(key mail.MailboxKey) error {
	if _, err := t.exec(`UPDATE operation SET renumbered = ?1 WHERE renumbered = 0 AND (message_id, kind) IN
		(SELECT o.message_id, o.kind FROM `+carriers+` WHERE c.mailbox_id = ?1 AND (o.kind = 'copy' OR
			NOT EXISTS (SELECT 1 FROM operation k WHERE k.message_id = o.message_id AND k.kind = 'copy')))`, key); err != nil {
		return err
	}
	n, err := t.exec("UPDATE message SET uid = 0 WHERE mailbox_id = ? AND uid > 0", key)
	t.count(key).held -= n
	return err
}

// doubt keeps the wishes back for messages that were recognised before their mailbox is complete: another one like
// them may follow.
func (t *transaction) doubt(mailbox mail.MailboxKey, found []mail.MessageKey) error {
	if len(found) == 0 {
		return nil
	}
	_, err := t.exec(`UPDATE operation SET renumbered = ?1 WHERE renumbered = 0 AND (SELECT backfill_uid FROM mailbox WHERE id = ?1) <> 1
		AND iif(kind = 'copy', source_id, message_id) IN (SELECT value FROM json_each(?2))`, mailbox, list(found))
	return err
}

// double is a message that may be the one a wish is for.
type double struct {
	key    mail.MessageKey
	uid    mail.UID
	wishes string // all that is wanted of it; equal wishes are equal texts
	doubt  bool   // some of it is from before the mailbox was renumbered
	open   bool   // some of it is for the person to decide, as was found before
}

// decide tells which messages of a complete mailbox the wishes are for that were made before it was renumbered. That
// is certain where only one message is like the one they were made for, or where the same is wanted of all of them.
func (t *transaction) decide(mailbox mail.MailboxKey) (kept int, err error) {
	groups, err := t.doubles(mailbox)
	if err != nil {
		return 0, err
	}
	for _, g := range groups {
		slices.SortFunc(g, func(a, b double) int { return int(a.key - b.key) })
		here := slices.DeleteFunc(slices.Clone(g), func(d double) bool { return d.uid == 0 })
		gone := slices.DeleteFunc(slices.Clone(g), func(d double) bool { return d.uid > 0 })
		if len(here) == 0 {
			continue // see unmatched
		}
		if err := t.settleCopies(here[0], g); err != nil {
			return kept, err
		}
		if !slices.ContainsFunc(g, func(d double) bool { return d.wishes != g[0].wishes || d.open }) {
			err = t.settleDoubt(here, gone)
		} else {
			if slices.ContainsFunc(g, func(d double) bool { return d.doubt }) {
				kept++
			}
			err = t.leaveOpen(here, gone)
		}
		if err != nil {
			return kept, err
		}
	}
	return kept, nil
}

// settleCopies lets the copies be made that are wanted of messages that are alike: any of them will do.
func (t *transaction) settleCopies(of double, alike []double) error {
	for _, d := range alike {
		source := d.key
		if d.uid == 0 {
			source = of.key
		}
		if _, err := t.exec("UPDATE operation SET renumbered = 0, source_id = ? WHERE kind = 'copy' AND source_id = ?", source, d.key); err != nil {
			return err
		}
	}
	return nil
}

// settleDoubt lets the wishes for the messages that are here be sent.
func (t *transaction) settleDoubt(here, gone []double) error {
	if _, err := t.exec("UPDATE operation SET renumbered = 0 WHERE message_id IN (SELECT value FROM json_each(?))", list(keysOfDoubles(here))); err != nil {
		return err
	}
	return t.forget(keysOfDoubles(gone))
}

// leaveOpen leaves it to the person which of several messages wishes are for. Those for one that is gone go over to
// one that is here, where they can be seen.
func (t *transaction) leaveOpen(here, gone []double) error {
	for _, d := range gone {
		if d.wishes == "" {
			continue
		}
		if err := t.inherit(here[0].key, d.key); err != nil {
			return err
		}
		if err := t.forget([]mail.MessageKey{d.key}); err != nil {
			return err
		}
		if _, err := t.exec("UPDATE operation SET renumbered = ? WHERE message_id = ?", severalAlike, here[0].key); err != nil {
			return err
		}
	}
	_, err := t.exec("UPDATE operation SET renumbered = ? WHERE renumbered > 0 AND message_id IN (SELECT value FROM json_each(?))",
		severalAlike, list(keysOfDoubles(here)))
	return err
}

func keysOfDoubles(list []double) []mail.MessageKey {
	keys := make([]mail.MessageKey, len(list))
	for i, d := range list {
		keys[i] = d.key
	}
	return keys
}

// doubles are the messages of a mailbox that a wish from before it was renumbered may be for, by what they are like.
func (t *transaction) doubles(mailbox mail.MailboxKey) (map[likeness][]double, error) {
	var threads []int64 // the same identifier, so the same conversation
	var dates []int64
	groups := map[likeness][]double{}
	_, err := collect(t.ctx, t, func(rows *sql.Rows) (struct{}, error) {
		var id string
		var size, received, thread int64
		err := rows.Scan(&id, &size, &received, &thread)
		groups[likenessOf(id, size, received)] = nil
		if id == "" {
			dates = append(dates, received)
		} else {
			threads = append(threads, thread)
		}
		return struct{}{}, err
	}, "SELECT DISTINCT c.message_id, c.size, c.internal_date, c.thread_id FROM "+carriers+" WHERE o.renumbered <> 0 AND c.mailbox_id = ?", mailbox)
	if err != nil || len(groups) == 0 {
		return nil, err
	}
	take := func(rows *sql.Rows) (struct{}, error) {
		var d double
		var id string
		var size, received int64
		err := rows.Scan(&d.key, &d.uid, &id, &size, &received, &d.wishes, &d.doubt, &d.open)
		like := likenessOf(id, size, received)
		if _, asked := groups[like]; asked {
			groups[like] = append(groups[like], d)
		}
		return struct{}{}, err
	}
	const columns = `SELECT m.id, m.uid, m.message_id, m.size, m.internal_date, (SELECT ifnull(group_concat(concat_ws('|', o.kind, o.mask, o.want,
			o.add_keywords, o.del_keywords, o.target_id), '; ' ORDER BY o.kind), '') FROM operation o WHERE o.message_id = m.id),
		EXISTS (SELECT 1 FROM operation o WHERE o.message_id = m.id AND o.renumbered > 0),
		EXISTS (SELECT 1 FROM operation o WHERE o.message_id = m.id AND o.renumbered < 0) FROM `
	const inMailbox = " WHERE m.mailbox_id = ?2 AND (m.flags & 8 = 0 OR m.id IN (SELECT message_id FROM operation))" + // nobody meant what was not shown
		" AND NOT EXISTS (SELECT 1 FROM operation k WHERE k.message_id = m.id AND k.kind = 'copy')" // it is not there yet
	slices.Sort(threads)
	if _, err := collect(t.ctx, t, take, columns+"json_each(?1) k CROSS JOIN message m ON m.thread_id = k.value"+
		inMailbox+" AND m.message_id <> ''", list(slices.Compact(threads)), mailbox); err != nil || len(dates) == 0 {
		return groups, err
	}
	for _, state := range []string{"m.uid > 0", "m.uid = 0"} { // each has an index
		if _, err := collect(t.ctx, t, take, columns+"message m"+inMailbox+" AND "+state+
			" AND m.message_id = '' AND m.internal_date IN (SELECT value FROM json_each(?1))", list(dates), mailbox); err != nil {
			return groups, err
		}
	}
	return groups, nil
}

// keepBack keeps the wishes of messages that are not in their renumbered mailbox, for when they turn up there: a server
// that restores a mailbox may need its time.
func (t *transaction) keepBack(gone []mail.MessageKey) (kept int, err error) {
	kept, err = t.exec(`INSERT INTO salvaged (`+salvagedColumns+`, message_key, flags, keywords)
		SELECT f.account, f.name, f.uidvalidity, 0, c.message_id, c.size, o.kind, o.mask, o.want, o.add_keywords, o.del_keywords,
			ifnull(t.name, ''), o.not_before, ifnull(t.account, ''), o.wished_at, 0, c.internal_date, o.message_id, c.flags, c.keywords
		FROM `+carriers+` CROSS JOIN mailbox f ON f.id = iif(o.renumbered > 0, o.renumbered, c.mailbox_id)
		WHERE o.renumbered <> 0 AND c.id IN (SELECT value FROM json_each(?))`, list(gone))
	if err != nil || kept == 0 {
		return kept, err
	}
	copies, err := collect(t.ctx, t, column[mail.MessageKey], `SELECT message_id FROM operation WHERE kind = 'copy' AND renumbered <> 0
		AND source_id IN (SELECT value FROM json_each(?))`, list(gone))
	if err != nil {
		return kept, err
	}
	return kept, t.forget(copies) // the copy is wanted again when its source is there
}
