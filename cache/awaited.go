package cache

import (
	"database/sql"
	"slices"

	"posthorn/mail"
)

// What is wanted of a message that is not known just now waits in the table salvaged. Undo, which knows the message by the key
// that it had, changes what waits there. Once the message is found, the actions are led on to the key that it has then.

// awaitedOf adds messages that are not known just now to those that changes are about. What waits for a copy is not among them:
// see takeBackAwaited.
func (t *transaction) awaitedOf(keys []mail.MessageKey, found map[mail.MessageKey]*wanted) error {
	awaited := map[mail.MessageKey]*wanted{}
	_, err := collect(t.ctx, t, func(rows *sql.Rows) (struct{}, error) {
		row := wanted{awaited: true, wants: map[mail.ChangeKind]want{}, undo: map[mail.ChangeKind]mail.Change{}}
		var w want
		err := rows.Scan(&row.key, &row.said.Mailbox, &row.said.Flags, &row.said.Keywords, &w.kind, &w.mask, &w.want, &w.add, &w.del, &w.target)
		if found[row.key] != nil {
			return struct{}{}, err
		}
		row.shown = row.said
		if awaited[row.key] == nil {
			awaited[row.key] = &row
		}
		known := awaited[row.key]
		known.wants[w.kind], known.shown = w, w.change().Apply(known.shown)
		return struct{}{}, err
	}, `SELECT s.message_key, ifnull(b.id, 0), s.flags, s.keywords, s.kind, s.mask, s.want, s.add_keywords, s.del_keywords, ifnull(t.id, 0)
		FROM salvaged s LEFT JOIN mailbox b ON b.account = s.account AND b.name = s.mailbox
			LEFT JOIN mailbox t ON t.account = ifnull(nullif(s.to_account, ''), s.account) AND t.name = s.target
		WHERE s.message_key <> 0 AND s.kind <> 'copy' AND s.message_key IN (SELECT value FROM json_each(?)) ORDER BY s.id`, list(keys))
	for key, row := range awaited {
		found[key] = row
	}
	return err
}

// storeAwaited writes what is wanted now of a message that is not known.
func (t *transaction) storeAwaited(row *wanted) error {
	for kind := range row.undo {
		w := row.wants[kind]
		if _, err := t.exec(`INSERT INTO salvaged (`+salvagedColumns+`, message_key, flags, keywords, after)
			SELECT s.account, s.mailbox, s.uidvalidity, s.uid, s.message_id, s.size, ?, ?, ?, ?, ?, ifnull(b.name, ''), ?, ifnull(b.account, ''), ?,
				s.strayed, s.received, s.message_key, s.flags, s.keywords, s.after
			FROM salvaged s LEFT JOIN mailbox b ON b.id = ? WHERE s.message_key = ? ORDER BY s.id LIMIT 1`,
			kind, w.mask, w.want, w.add, w.del, w.notBefore, t.now, w.target, row.key); err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM salvaged WHERE message_key = ?1 AND kind = ?2 AND id < (SELECT max(id) FROM salvaged WHERE message_key = ?1 AND kind = ?2)",
			row.key, kind); err != nil {
			return err
		}
	}
	return nil
}

// takeBackAwaited undoes copies of messages that are not known just now: they are not made. It returns their keys.
func (t *transaction) takeBackAwaited(copies []mail.MessageKey) ([]mail.MessageKey, error) {
	return collect(t.ctx, t, column[mail.MessageKey], "DELETE FROM salvaged WHERE kind = 'copy' AND message_key <> 0 "+
		"AND message_key IN (SELECT value FROM json_each(?)) RETURNING message_key", list(copies))
}

// leadOn lets actions that know a message, or the copy of one, by an earlier key go by the one that it has now. source is
// what a copy is made of.
func (t *transaction) leadOn(from, to, source mail.MessageKey) error {
	if from == 0 || from == to {
		return nil
	}
	if _, err := t.exec("UPDATE salvaged SET message_key = ? WHERE message_key = ?", to, from); err != nil {
		return err
	}
	return t.rewrite(`EXISTS (SELECT 1 FROM json_each(inverse) e, json_each(e.value, '$.messages') k WHERE k.value = ?1)
		OR EXISTS (SELECT 1 FROM json_each(inverse) e, json_each(e.value, '$.sources') k WHERE k.value = ?1)`, int64(from), func(v *inverse) {
		if i := slices.Index(v.Messages, from); i >= 0 {
			if v.Messages[i] = to; i < len(v.Sources) {
				v.Sources[i] = source
			}
		}
		if i := slices.Index(v.Sources, from); i >= 0 {
			v.Sources[i] = to
		}
	})
}
