package cache

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"posthorn/mail"
)

// Step is what a wish waits for next.
type Step string

// The steps, in the order in which they are taken where several are due.
const (
	StepLook   Step = "look"   // in the target, for a copy that was tried and whose answer is not recorded
	StepGone   Step = "gone"   // what was to be copied is not there any more
	StepSend   Step = "send"   // a command to the server that has the message
	StepAppend Step = "append" // the octets that were fetched, to the server of another account
	StepFetch  Step = "fetch"  // the octets, for that
)

const stepOf = `CASE WHEN o.copying <> 0 THEN 'look' WHEN c.id IS NULL THEN 'gone' WHEN t.id IS NULL OR t.account = b.account THEN 'send'
	WHEN o.fetched = 1 THEN 'append' ELSE 'fetch' END`

func stepRank(s Step) int {
	return slices.Index([]Step{StepLook, StepGone, StepSend, StepAppend, StepFetch}, s)
}

// maxAhead is how many messages are fetched before the other account has taken them.
const maxAhead = "16"

// Transfer is what of an Operation is needed to copy a message: with a command of the server, or by its octets to a
// server of another account.
type Transfer struct {
	Step      Step
	Source    mail.MessageKey // whose octets they are
	ToAccount string          // of the target; empty: there is no target
	Copying   mail.MailboxKey // where a copy was tried and the answer is not recorded; 0: nowhere
	UIDNext   mail.UID        // of that mailbox before: the copy is not below
	Received  time.Time       // what the copy is to have
	Flags     mail.Flags
	Keywords  mail.Keywords
	Subject   string
}

// names is the JSON form of strings, for json_each.
func names(list []string) string {
	text, _ := json.Marshal(list) // of strings it cannot fail
	return string(text)
}

// Trying records that the server is about to be told to copy into a mailbox whose UIDNEXT is next: from now on nothing
// is copied again before somebody looked there. It returns the wishes that still stand.
func (s *Store) Trying(ctx context.Context, ops []Operation, in mail.MailboxKey, next mail.UID) (wanted []Operation, err error) {
	err = s.write(ctx, full, "note what is being copied", func(t *transaction) error {
		still := map[mail.MessageKey]bool{}
		for g, keys := range byRevision(ops) {
			found, err := collect(t.ctx, t, column[mail.MessageKey], `UPDATE operation SET copying = ?, uidnext = ? WHERE kind = ? AND rev = ?
				AND copying = 0 AND message_id IN (SELECT value FROM json_each(?)) RETURNING message_id`, in, max(next, 1), g.kind, g.rev, list(keys))
			if err != nil {
				return err
			}
			for _, key := range found {
				still[key] = true
			}
		}
		for _, o := range ops {
			if still[o.Message] {
				o.Copying, o.UIDNext = in, max(next, 1)
				wanted = append(wanted, o)
			}
		}
		return nil
	})
	return wanted, err
}

// NotCopied records that what was tried is not in the mailbox it was tried for: the wishes are as before. A move that was
// taken back meanwhile waits for its own mailbox to be synchronised.
func (s *Store) NotCopied(ctx context.Context, ops []Operation) error {
	return s.write(ctx, normal, "note what was not copied", func(t *transaction) error {
		return t.notCopied(ops)
	})
}

func (t *transaction) notCopied(ops []Operation) error {
	if len(ops) == 0 {
		return nil
	}
	keys := list(messagesOf(ops))
	if _, err := t.exec(`UPDATE operation SET copying = 0, uidnext = 0 WHERE kind IN ('move', 'copy') AND copying <> 0
		AND message_id IN (SELECT value FROM json_each(?))`, keys); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE mailbox SET dirty = 1 WHERE id IN (SELECT m.mailbox_id FROM json_each(?) k CROSS JOIN message m ON m.id = k.value
		CROSS JOIN operation o ON o.message_id = m.id AND o.kind = 'move' AND o.target_id = m.mailbox_id)`, keys)
	return err
}

// Found looks among the messages of a mailbox for copies that were tried, once it was synchronised: by Message-ID and
// size, or by Message-ID and INTERNALDATE where the server counts differently, else by INTERNALDATE and size. Each is found
// once. The original may go for what is found: so it is nothing that is marked as \Deleted, nor another edition of the
// message, as the one that came by a mailing list is.
func (r *Reader) Found(ctx context.Context, in mail.MailboxKey, ops []Operation) (found []Done, missing []Operation, err error) {
	found, missing, err = findCopies(ctx, r.db, in, ops, false)
	return found, missing, fail("look for copies", err)
}

// findCopies is Found; exact tells that a size that differs is not to be forgiven.
func findCopies(ctx context.Context, q querier, in mail.MailboxKey, ops []Operation, exact bool) (found []Done, missing []Operation, err error) {
	if len(ops) == 0 {
		return nil, nil, nil
	}
	least := ops[0].UIDNext
	for _, o := range ops {
		least = min(least, o.UIDNext)
	}
	there := map[likeness][]mail.UID{}
	_, err = collect(ctx, q, func(rows *sql.Rows) (struct{}, error) {
		var uid mail.UID
		var id string
		var size, received int64
		err := rows.Scan(&uid, &id, &size, &received)
		like := likenessOf(id, size, received)
		there[like] = append(there[like], uid)
		if like = resized(id, received); id != "" {
			there[like] = append(there[like], uid)
		}
		return struct{}{}, err
	}, "SELECT uid, message_id, size, internal_date FROM message WHERE mailbox_id = ? AND uid >= ? AND uid > 0 AND flags & 8 = 0 ORDER BY uid", in, least)
	if err != nil {
		return nil, nil, err
	}
	taken := map[mail.UID]bool{}
	for _, o := range ops {
		candidates := there[likenessOf(o.MessageID, o.Size, o.Received.Unix())]
		if o.MessageID != "" && !exact {
			candidates = slices.Concat(candidates, there[resized(o.MessageID, o.Received.Unix())])
		}
		at := slices.IndexFunc(candidates, func(u mail.UID) bool { return u >= o.UIDNext && !taken[u] })
		if at < 0 {
			missing = append(missing, o)
			continue
		}
		taken[candidates[at]] = true
		found = append(found, Done{Operation: o, NewUID: candidates[at]})
	}
	return found, missing, nil
}

// resized is what a copy is recognised by whose size the server changed.
func resized(messageID string, received int64) likeness {
	return likeness{messageID: messageID, received: received}
}

// SetFetched records that all octets of what an operation is about are in part_content, or that they are not after all.
func (s *Store) SetFetched(ctx context.Context, o Operation, all bool) error {
	return s.write(ctx, normal, "note what was fetched", func(t *transaction) error {
		_, err := t.exec("UPDATE operation SET fetched = ? WHERE message_id = ? AND kind = ? AND rev = ?", all, o.Message, o.Kind, o.Rev)
		return err
	})
}

// Copied records that the server copied messages: for a wish to copy, the row that waited for it is that message. For a
// move that cannot be done in one step, the message is in the target from now on, and what is wanted is that the
// original goes. The row keeps its key and stands for the copy; a hidden row stands for the original, with a wish to
// expunge it. A crash after this cannot copy again.
func (s *Store) Copied(ctx context.Context, done []Done) (touched []mail.MailboxKey, err error) {
	err = s.write(ctx, full, "record what the server copied", func(t *transaction) error {
		err := t.recordCopied(done)
		touched = t.mailboxes()
		return err
	})
	return touched, err
}

func (t *transaction) recordCopied(done []Done) error {
	current, err := t.current(done)
	if err != nil {
		return err
	}
	landed := make([]Done, len(current)) // of others, which the worker of their account renumbered meanwhile, the copy is looked for
	for i, c := range current {
		landed[i] = c.Done
	}
	if err := t.notCopied(operationsOf(landed)); err != nil {
		return err
	}
	if err := t.dropDone(current); err != nil {
		return err
	}
	var changed []mail.MessageKey
	for _, d := range current {
		keys, err := t.copied(d)
		if err != nil {
			return err
		}
		changed = append(changed, keys...)
	}
	return t.reshow(changed)
}

// land records copies that were tried without an answer and are among the messages of a mailbox by now. It is done in the
// transaction that makes rows of them, added, so that nobody sees one twice until it is looked for. It returns which of these
// rows are left.
func (t *transaction) land(mailbox mail.MailboxKey, added []mail.MessageKey) (left []mail.MessageKey, err error) {
	ops, err := collect(t.ctx, t, scanOperation, "SELECT "+operationColumns+" FROM "+carriers+" WHERE o.copying = ? AND o.copying <> 0", mailbox)
	if err != nil {
		return nil, err
	}
	found, _, err := findCopies(t.ctx, t, mailbox, ops, true) // what only resembles it may be another one while not all is here
	if err != nil || len(found) == 0 {
		return added, err
	}
	if err := t.recordCopied(found); err != nil {
		return nil, err
	}
	return collect(t.ctx, t, column[mail.MessageKey], "SELECT m.id FROM json_each(?) k CROSS JOIN message m ON m.id = k.value", list(added))
}

// copied is Copied for one wish; it returns the rows that it changed.
func (t *transaction) copied(d carriedOut) ([]mail.MessageKey, error) {
	target := d.Copying
	if target == 0 {
		target = wantOf(d.Change).target
	}
	if err := t.arrived(d.Message, target, d.NewUID); err != nil || d.Kind == mail.KindCopy {
		return []mail.MessageKey{d.Message}, err
	}
	original, err := t.original(d)
	if err != nil || d.ToAccount == d.Account {
		return []mail.MessageKey{d.Message, original}, err
	}
	if _, err := t.exec("DELETE FROM part_content WHERE message_id = ? AND section = ''", d.Message); err != nil {
		return nil, err
	}
	return []mail.MessageKey{d.Message, original}, t.rethread(target, d.Message, int64(original))
}

// original makes the row for the message that a copy was made of, and the wish that it goes.
func (t *transaction) original(d carriedOut) (key mail.MessageKey, err error) {
	err = t.QueryRowContext(t.ctx, `INSERT INTO message (mailbox_id, uid, flags, keywords, shown_mailbox_id, shown_flags, shown_keywords,
			internal_date, date, size, message_id, subject, from_text, to_text, list_id, attachments, thread_id)
		SELECT ?, ?, flags, keywords, 0, flags, keywords, internal_date, date, size, message_id, subject, from_text, to_text, list_id,
			attachments, thread_id FROM message WHERE id = ? RETURNING id`, d.Mailbox, d.UID, d.Message).Scan(&key)
	if err != nil {
		return 0, err
	}
	if _, err := t.exec("INSERT INTO description (message_id, envelope, structure) SELECT ?, envelope, structure FROM description WHERE message_id = ?",
		key, d.Message); err != nil {
		return 0, err
	}
	if d.UID > 0 {
		t.count(d.Mailbox).held++
	}
	if _, err := t.exec(insertIndexed, key, "", "", "", ""); err != nil {
		return 0, err
	}
	return key, t.storeWants(map[want][]mail.MessageKey{{kind: mail.KindExpunge}: {key}})
}

// rethread gives a message that changed accounts its conversation there; fresh is the number of a new one.
func (t *transaction) rethread(mailbox mail.MailboxKey, key mail.MessageKey, fresh int64) error {
	var text string
	var shown mail.State
	var thread int64
	if err := t.QueryRowContext(t.ctx, `SELECT d.envelope, m.shown_mailbox_id, m.shown_flags, m.thread_id FROM message m
		CROSS JOIN description d ON d.message_id = m.id WHERE m.id = ?`, key).Scan(&text, &shown.Mailbox, &shown.Flags, &thread); err != nil {
		return err
	}
	var e mail.Envelope
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return err
	}
	one := []*newcomer{{ids: identifiers(&e)}}
	th, err := t.threadsOf(mailbox, one)
	if err != nil {
		return err
	}
	joined := th.assign(one[0].refs, fresh)
	if err := th.store(); err != nil {
		return err
	}
	joined = th.root(joined)
	t.leave(shown, thread)
	t.enter(shown, joined)
	_, err = t.exec("UPDATE message SET thread_id = ? WHERE id = ?", joined, key)
	return err
}
