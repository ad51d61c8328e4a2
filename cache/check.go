package cache

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"posthorn/mail"
)

// invariants are conditions that hold between transactions; each query returns a row for every violation.
var invariants = []struct{ what, query string }{
	{"a mailbox's counts differ from its messages", `SELECT b.id, b.held || ' ' || b.total || ' ' || b.unseen FROM mailbox b
		WHERE b.held <> (SELECT count(*) FROM message m WHERE m.mailbox_id = b.id AND m.uid > 0)
			OR b.total <> (SELECT count(*) FROM message m WHERE m.shown_mailbox_id = b.id)
			OR b.unseen <> (SELECT count(*) FROM message m WHERE m.shown_mailbox_id = b.id AND m.shown_flags & 1 = 0)`},
	{"a message is shown in a mailbox that does not exist", `SELECT m.id, m.shown_mailbox_id FROM message m
		WHERE m.shown_mailbox_id <> 0 AND m.shown_mailbox_id NOT IN (SELECT id FROM mailbox)`},
	{"a message is not in the full text", `SELECT id, subject FROM message WHERE id <= (SELECT last FROM learned) AND id NOT IN (SELECT id FROM message_fts_docsize)`},
	{"the full text has a message that is gone", `SELECT id, '' FROM message_fts_docsize WHERE id NOT IN (SELECT id FROM message)`},
	{"a message has no description", `SELECT id, subject FROM message WHERE id NOT IN (SELECT message_id FROM description)`},
	{"a description is of no message", `SELECT message_id, '' FROM description WHERE message_id NOT IN (SELECT id FROM message)`},
	{"a message has no conversation", `SELECT id, subject FROM message WHERE thread_id = 0`},
	{"a conversation is part of one that is part of another", `SELECT thread_id, into_id FROM joined WHERE into_id IN (SELECT thread_id FROM joined)`},
	{"a conversation differs from its messages", `SELECT mailbox_id, thread_id FROM
		(SELECT mailbox_id, thread_id, latest, latest_id, total, unseen FROM conversation
		EXCEPT SELECT shown_mailbox_id, thread_id, max(internal_date), (SELECT n.id FROM message n WHERE n.thread_id = m.thread_id
			AND n.shown_mailbox_id = m.shown_mailbox_id ORDER BY n.internal_date DESC, n.id DESC LIMIT 1), count(*), sum(shown_flags & 1 = 0)
			FROM message m WHERE shown_mailbox_id <> 0 GROUP BY 1, 2)`},
	{"messages have no conversation row", `SELECT DISTINCT shown_mailbox_id, thread_id FROM message WHERE shown_mailbox_id <> 0
		AND (shown_mailbox_id, thread_id) NOT IN (SELECT mailbox_id, thread_id FROM conversation)`},
	{"a move or a copy leads nowhere", `SELECT message_id, target_id FROM operation
		WHERE (kind IN ('move', 'copy')) <> (target_id <> 0) OR target_id <> 0 AND target_id NOT IN (SELECT id FROM mailbox)`},
	{"a mailbox that is to be made holds messages of the server", `SELECT e.mailbox_id, e.name FROM errand e JOIN message m ON m.mailbox_id = e.mailbox_id
		WHERE e.kind = 'create' AND m.uid > 0`},
	{"a copy that is to be made is no row without a UID in its target, or copies itself", `SELECT o.message_id, o.source_id FROM operation o
		JOIN message m ON m.id = o.message_id WHERE (o.kind = 'copy') <> (o.source_id <> 0)
			OR o.kind = 'copy' AND (m.uid <> 0 OR m.mailbox_id <> o.target_id OR o.source_id = o.message_id)`},
	{"a copy was tried nowhere, or by a wish that needs none", `SELECT message_id, copying FROM operation WHERE (copying <> 0) <> (uidnext > 0)
		OR copying <> 0 AND (kind NOT IN ('move', 'copy') OR copying NOT IN (SELECT id FROM mailbox))`},
	{"a wish for flags contradicts itself or wants nothing", `SELECT message_id, mask || ' ' || want FROM operation
		WHERE kind = 'flags' AND (want & ~mask <> 0 OR mask = 0 AND add_keywords = '' AND del_keywords = '')`},
	{"a wish has a revision that was never given out", `SELECT message_id, rev FROM operation WHERE rev < 1 OR rev > (SELECT last FROM revision)`},
	{"there is not one row of learned", `SELECT count(*), '' FROM learned HAVING count(*) <> 1`},
	{"a wish is kept back for a mailbox that does not exist", `SELECT message_id, renumbered FROM operation
		WHERE renumbered < -1 OR renumbered > 0 AND renumbered NOT IN (SELECT id FROM mailbox)`},
	{"there is not one row of revision", `SELECT count(*), '' FROM revision HAVING count(*) <> 1`},
	{"the pieces of a part leave a gap or overlap", `SELECT message_id, section FROM (SELECT message_id, section, start,
		lag(start + length(content), 1, 0) OVER w AS before, lag(complete, 1, 0) OVER w AS ended FROM part_content
		WINDOW w AS (PARTITION BY message_id, section ORDER BY start)) WHERE start <> before OR ended`},
	{"undo goes back too far", fmt.Sprintf(`SELECT count(*), '' FROM undo HAVING count(*) > %d`, maxUndo)},
	{"what undo leads back to cannot be read", `SELECT id, inverse FROM undo WHERE NOT json_valid(inverse)`},
	{"the recipients of an outgoing message cannot be read", `SELECT id, recipients FROM outbox WHERE NOT json_valid(recipients) OR NOT json_valid(refused)`},
	{"a message is sent, and its copy is not to be filed", `SELECT id, state FROM outbox WHERE state = 'sent' AND copy = 0`},
	{"a message is still to go to somebody who was refused", `SELECT o.id, r.value FROM outbox o,
		json_each(iif(json_valid(o.recipients), o.recipients, '[]')) r, json_each(iif(json_valid(o.refused), o.refused, '[]')) n
		WHERE r.value = n.value ->> 'address'`},
	{"a row refers to nothing", `SELECT ifnull(rowid, 0), "table" || ' ' || parent FROM pragma_foreign_key_check`},
	// The full text is opened first: a check alone believes what this connection read of its index before another merged it.
	{"the file is damaged", `SELECT 0, quick_check FROM (SELECT count(*) FROM message_fts WHERE rowid = 0) CROSS JOIN pragma_quick_check WHERE quick_check <> 'ok'`},
}

// Check tests every invariant and reports those that are broken. It reads the whole database.
func (r *Reader) Check(ctx context.Context) error {
	var errs []error
	for _, v := range invariants {
		found, err := collect(ctx, r.db, func(rows *sql.Rows) (string, error) {
			var key int64
			var more string
			err := rows.Scan(&key, &more)
			return fmt.Sprintf("%d (%s)", key, more), err
		}, v.query+" LIMIT 5")
		if err != nil {
			return fail("check that "+v.what, err)
		}
		for _, f := range found {
			errs = append(errs, fmt.Errorf("check: %s: %s", v.what, f))
		}
	}
	err := r.checkMessages(ctx)
	return errors.Join(append(errs, err)...)
}

// checkMessages tests what SQL cannot: that shown is said overlaid with wishes, and that no connection between messages
// was missed.
func (r *Reader) checkMessages(ctx context.Context) error {
	keys, err := collect(ctx, r.db, column[mail.MessageKey], "SELECT id FROM message")
	if err != nil {
		return fail("check the messages", err)
	}
	facts, err := factsOf(ctx, r.db, keys)
	if err != nil {
		return fail("check the messages", err)
	}
	var errs []error
	for _, f := range facts {
		if state := f.derive(); state != f.shown {
			errs = append(errs, fmt.Errorf("check: message %d is shown as %v, but said %v with wishes %v is %v", f.key, f.shown, f.said, f.wishes, state))
		}
	}
	return errors.Join(append(errs, r.checkThreads(ctx))...)
}

func (r *Reader) checkThreads(ctx context.Context) error {
	threads := map[ref]int64{}
	_, err := collect(ctx, r.db, func(rows *sql.Rows) (struct{}, error) {
		var id ref
		var thread int64
		err := rows.Scan(&id, &thread)
		threads[id] = thread
		return struct{}{}, err
	}, "SELECT r.id, "+nowOf+" FROM message_ref r")
	if err != nil {
		return fail("check the conversations", err)
	}
	wrong, err := collect(ctx, r.db, func(rows *sql.Rows) (error, error) {
		var key mail.MessageKey
		var account, envelope string
		var thread int64
		if err := rows.Scan(&key, &account, &thread, &envelope); err != nil {
			return nil, err
		}
		var e mail.Envelope
		if err := json.Unmarshal([]byte(envelope), &e); err != nil {
			return nil, err
		}
		for _, id := range identifiers(&e) {
			if other := threads[refOf(account, id)]; other != thread {
				return fmt.Errorf("check: message %d is in conversation %d, but its identifier %q is in %d", key, thread, id, other), nil
			}
		}
		return nil, nil
	}, "SELECT m.id, b.account, m.thread_id, d.envelope FROM message m JOIN description d ON d.message_id = m.id JOIN mailbox b ON b.id = m.mailbox_id")
	return errors.Join(append(wrong, fail("check the conversations", err))...)
}
