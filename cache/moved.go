package cache

import (
	"database/sql"
	"encoding/json"
	"maps"
	"slices"

	"posthorn/mail"
)

// likeness is what a message is recognised by in another mailbox. INTERNALDATE, which a move keeps (RFC 6851 §3.2, RFC
// 9051 §6.4.7), stands in where there is no Message-ID.
type likeness struct {
	messageID string
	size      int64
	received  int64
}

func likenessOf(messageID string, size, received int64) likeness {
	if messageID != "" {
		received = 0
	}
	return likeness{messageID, size, received}
}

// waiting is a row with uid 0: a message that is in its mailbox, or may be, and whose UID there is not known.
type waiting struct {
	key mail.MessageKey
	likeness
	deleted bool // was marked as \Deleted
}

// waitingIn are the messages that wait in a mailbox for their UIDs, the oldest row first. Copies that are still to be made
// are not: they are not there.
func (t *transaction) waitingIn(mailbox mail.MailboxKey) ([]waiting, error) {
	return collect(t.ctx, t, scanWaiting, "SELECT id, message_id, size, internal_date, flags & 8 <> 0 FROM message WHERE mailbox_id = ? AND uid = 0 "+
		"AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.message_id = message.id AND o.kind = 'copy') ORDER BY id", mailbox)
}

func scanWaiting(rows *sql.Rows) (w waiting, err error) {
	var id string
	var size, received int64
	err = rows.Scan(&w.key, &id, &size, &received, &w.deleted)
	w.likeness = likenessOf(id, size, received)
	return w, err
}

// waitingFor are those of them that may be among newcomers.
func (t *transaction) waitingFor(mailbox mail.MailboxKey, list []*newcomer) ([]waiting, error) {
	var any bool
	err := t.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM message WHERE mailbox_id = ? AND uid = 0)", mailbox).Scan(&any)
	if err != nil || !any {
		return nil, err
	}
	type looks struct {
		ID   string
		Size int64
	}
	seen := map[looks]bool{}
	for _, n := range list {
		seen[looks{n.Envelope.MessageID, n.Size}] = true
	}
	text, err := json.Marshal(slices.Collect(maps.Keys(seen)))
	if err != nil {
		return nil, err
	}
	return collect(t.ctx, t, scanWaiting, `SELECT m.id, m.message_id, m.size, m.internal_date, m.flags & 8 <> 0 FROM json_each(?2) k CROSS JOIN message m
		ON m.mailbox_id = ?1 AND m.uid = 0 AND m.message_id = k.value ->> 'ID' AND m.size = k.value ->> 'Size'
		WHERE NOT EXISTS (SELECT 1 FROM operation o WHERE o.message_id = m.id AND o.kind = 'copy') ORDER BY m.id`, mailbox, string(text))
}

// recognise gives rows that wait in a mailbox the UIDs of newcomers that are the same message, and returns the others.
func (t *transaction) recognise(mailbox mail.MailboxKey, list []*newcomer) (fresh []*newcomer, err error) {
	rows, err := t.waitingFor(mailbox, list)
	if err != nil || len(rows) == 0 {
		return list, err
	}
	byLikeness := map[likeness][]waiting{}
	for _, w := range rows {
		byLikeness[w.likeness] = append(byLikeness[w.likeness], w)
	}
	// Of several that are alike, those that servers without UIDPLUS leave behind come last.
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *newcomer) int { return int(a.Flags&mail.Deleted) - int(b.Flags&mail.Deleted) })
	var found []mail.MessageKey
	for _, n := range list {
		like := likenessOf(n.Envelope.MessageID, n.Size, received(&n.Header))
		same := byLikeness[like]
		if len(same) == 0 {
			fresh = append(fresh, n)
			continue
		}
		i := max(0, slices.IndexFunc(same, func(w waiting) bool { return w.deleted == n.Flags.Has(mail.Deleted) }))
		key := same[i].key
		byLikeness[like] = slices.Delete(same, i, i+1)
		said, err := t.keeping(key, n)
		if err != nil {
			return nil, err
		}
		if _, err := t.exec("UPDATE message SET uid = ?, flags = ?, keywords = ? WHERE id = ?", n.UID, said.Flags, string(said.Keywords), key); err != nil {
			return nil, err
		}
		found = append(found, key)
	}
	t.count(mailbox).held += len(found)
	if err := t.doubt(mailbox, found); err != nil {
		return nil, err
	}
	return fresh, t.reshow(found)
}

// keeping is what a server says of a message, with what it cannot say of what is known of it.
func (t *transaction) keeping(key mail.MessageKey, n *newcomer) (mail.State, error) {
	said := mail.State{Flags: n.Flags, Keywords: n.Keywords}
	if !n.Permanent.Limited {
		return said, nil
	}
	var known mail.State
	err := t.QueryRowContext(t.ctx, "SELECT flags, keywords FROM message WHERE id = ?", key).Scan(&known.Flags, &known.Keywords)
	return n.Permanent.With(said, known), err
}

// mayHaveMoved sorts messages that are no longer where the server said. One with a move wish may have been moved by a
// command whose answer was lost, for this wish or an earlier one that it replaced; it stays and takes the place of
// the row that a synchronisation of the target made for it, or waits there for one. The others are returned: they
// are gone.
func (t *transaction) mayHaveMoved(lost []mail.MessageKey) (gone []mail.MessageKey, err error) {
	type candidate struct {
		waiting
		said mail.MailboxKey
		wish want
	}
	rows, err := collect(t.ctx, t, func(rows *sql.Rows) (candidate, error) {
		c := candidate{wish: want{kind: mail.KindMove}}
		var id string
		var size, received int64
		err := rows.Scan(&c.key, &c.said, &id, &size, &received, &c.wish.target, &c.wish.tried)
		c.likeness = likenessOf(id, size, received)
		return c, err
	}, `SELECT m.id, m.mailbox_id, m.message_id, m.size, m.internal_date, o.target_id, o.tried FROM json_each(?) k
		CROSS JOIN message m ON m.id = k.value CROSS JOIN operation o ON o.message_id = m.id AND o.kind = 'move'`, list(lost))
	if err != nil || len(rows) == 0 {
		return lost, err
	}
	kept := map[mail.MessageKey]bool{}
	for _, c := range rows {
		targets, err := collect(t.ctx, t, column[mail.MailboxKey], `SELECT b.id FROM json_each(?) k CROSS JOIN mailbox b ON b.id = k.value
			WHERE b.account = (SELECT account FROM mailbox WHERE id = ?) ORDER BY k.key`, list(c.wish.attempted(c.said)), c.said)
		if err != nil {
			return nil, err
		}
		if len(targets) == 0 {
			continue
		}
		kept[c.key] = true
		if err := t.follow(c.key, c.likeness, targets); err != nil {
			return nil, err
		}
	}
	for _, key := range lost {
		if !kept[key] {
			gone = append(gone, key)
		}
	}
	return gone, nil
}

// follow puts a message where it may be: in place of its twin in one of targets, else waiting in the first of them, with
// the others to be tried after that.
func (t *transaction) follow(key mail.MessageKey, like likeness, targets []mail.MailboxKey) error {
	if found, err := t.join(key, like, targets[0]); err != nil || found {
		return err
	}
	if err := t.place(key, targets[0], 0); err != nil {
		return err
	}
	if _, err := t.exec("UPDATE operation SET tried = ? WHERE message_id = ? AND kind = 'move'", triedText(targets[1:]), key); err != nil {
		return err
	}
	return t.reshow([]mail.MessageKey{key})
}

// join puts a message in the place of its twin in a mailbox: a row for the same message that a synchronisation made
// before anybody knew that it had been moved there. What is marked as \Deleted is left over from an earlier move.
func (t *transaction) join(key mail.MessageKey, like likeness, mailbox mail.MailboxKey) (found bool, err error) {
	var twin mail.MessageKey
	same := "thread_id = (SELECT thread_id FROM message WHERE id = ?1) AND message_id = ?4" // the same identifier, so the same conversation
	if like.messageID == "" {
		same = "message_id = '' AND internal_date = ?5"
	}
	err = t.QueryRowContext(t.ctx, "SELECT id FROM message WHERE mailbox_id = ?2 AND uid > 0 AND size = ?3 AND id <> ?1 AND flags & 8 = 0 AND "+same+
		" AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.message_id = message.id AND (o.kind = 'expunge' OR o.renumbered <> 0)) ORDER BY uid DESC LIMIT 1",
		key, mailbox, like.size, like.messageID, like.received).Scan(&twin)
	if err == sql.ErrNoRows {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, t.replace(key, twin)
}

// joinChanged is join for a message that still waits in a complete mailbox, where the server changes the size of what it
// moves, as by a header that it adds. Its twin came after it and has the same Message-ID and INTERNALDATE, and neither has a
// second one. Where that is not enough, for something is to be deleted or the mailbox was renumbered, it finds nothing.
func (t *transaction) joinChanged(key mail.MessageKey) (found bool, err error) {
	twins, err := collect(t.ctx, t, column[mail.MessageKey], `SELECT n.id FROM message m CROSS JOIN message n ON n.thread_id = m.thread_id AND n.id <> m.id
			AND n.mailbox_id = m.mailbox_id AND n.message_id = m.message_id AND n.internal_date = m.internal_date AND n.flags & 8 = 0
		WHERE m.id = ?1 AND m.message_id <> '' AND NOT EXISTS (SELECT 1 FROM operation o
			WHERE o.message_id IN (m.id, n.id) AND (o.kind IN ('expunge', 'copy') OR o.renumbered <> 0))`, key)
	if err != nil || len(twins) != 1 || twins[0] < key {
		return false, err
	}
	var there bool
	if err := t.QueryRowContext(t.ctx, "SELECT uid > 0 FROM message WHERE id = ?", twins[0]).Scan(&there); err != nil || !there {
		return false, err
	}
	return true, t.replace(key, twins[0])
}

// place writes where the server has a message; uid 0: not told. Its mailbox is to be synchronised then, and also where a
// move to it is still wanted, or it was in doubt which message wishes are for: only Settled drops the one and ends the other.
func (t *transaction) place(key mail.MessageKey, mailbox mail.MailboxKey, uid mail.UID) error {
	var from mail.MailboxKey
	var had mail.UID
	if err := t.QueryRowContext(t.ctx, "SELECT mailbox_id, uid FROM message WHERE id = ?", key).Scan(&from, &had); err != nil {
		return err
	}
	if had > 0 {
		t.count(from).held--
	}
	if uid > 0 {
		t.count(mailbox).held++
	}
	if _, err := t.exec(`UPDATE mailbox SET dirty = 1 WHERE id = ?1 AND (?2 = 0 OR EXISTS
		(SELECT 1 FROM operation WHERE (message_id = ?3 OR source_id = ?3 AND source_id <> 0) AND (kind = 'move' AND target_id = ?1 OR renumbered <> 0)))`, mailbox, uid, key); err != nil {
		return err
	}
	_, err := t.exec("UPDATE message SET mailbox_id = ?, uid = ? WHERE id = ?", mailbox, uid, key)
	return err
}

// replace puts a message in the place of its twin, a row that was made for it before it was recognised. What was
// wanted of either is wanted of the one that stays.
func (t *transaction) replace(key, twin mail.MessageKey) error {
	var where mail.MailboxKey
	var uid mail.UID
	var flags mail.Flags
	var keywords string
	if err := t.QueryRowContext(t.ctx, "SELECT mailbox_id, uid, flags, keywords FROM message WHERE id = ?", twin).
		Scan(&where, &uid, &flags, &keywords); err != nil {
		return err
	}
	if err := t.inherit(key, twin); err != nil {
		return err
	}
	if err := t.forget([]mail.MessageKey{twin}); err != nil {
		return err
	}
	if err := t.place(key, where, uid); err != nil {
		return err
	}
	if _, err := t.exec("UPDATE message SET flags = ?, keywords = ? WHERE id = ?", flags, keywords, key); err != nil {
		return err
	}
	if _, err := t.exec("UPDATE operation SET tried = '' WHERE message_id = ? AND kind = 'move'", key); err != nil {
		return err
	}
	return t.reshow([]mail.MessageKey{key})
}

// inherit adds the wishes of a twin to those of the message that takes its place, in the order in which they were made.
func (t *transaction) inherit(key, twin mail.MessageKey) error {
	wants, err := collect(t.ctx, t, func(rows *sql.Rows) (w want, err error) {
		err = rows.Scan(&w.kind, &w.mask, &w.want, &w.add, &w.del, &w.target, &w.notBefore)
		return w, err
	}, `SELECT kind, mask, want, add_keywords, del_keywords, target_id, not_before FROM operation o WHERE message_id IN (?1, ?2)
		AND EXISTS (SELECT 1 FROM operation WHERE message_id = ?2 AND kind = o.kind) ORDER BY rev`, key, twin)
	if err != nil {
		return err
	}
	for _, w := range wants {
		if _, err := t.wish([]mail.Targeted{{Message: key, Change: w.change()}}, w.notBefore); err != nil {
			return err
		}
	}
	return nil
}

// unmatched deals with messages that still wait in a mailbox after all of it was synchronised. They have a twin there
// already, or they are not there: then they are looked for in the next mailbox they may have been moved to, and gone
// where there is none. Wishes for them are kept where nobody knows whether they will come.
func (t *transaction) unmatched(mailbox mail.MailboxKey) (ended, kept int, strayed Strayed, err error) {
	rows, err := t.waitingIn(mailbox)
	if err != nil || len(rows) == 0 {
		return 0, 0, strayed, err
	}
	var lost []mail.MessageKey
	for _, w := range rows {
		found, err := t.join(w.key, w.likeness, mailbox)
		if err == nil && !found {
			found, err = t.joinChanged(w.key)
		}
		if err != nil {
			return 0, 0, strayed, err
		}
		if !found {
			lost = append(lost, w.key)
		}
	}
	gone, err := t.mayHaveMoved(lost)
	if err != nil {
		return 0, 0, strayed, err
	}
	if kept, err = t.keepBack(gone); err != nil {
		return 0, 0, strayed, err
	}
	if gone, strayed, err = t.stray(gone); err != nil {
		return 0, 0, strayed, err
	}
	return len(gone), kept, strayed, t.forget(gone)
}
