package cache

import (
	"database/sql"
	"encoding/json"

	"posthorn/mail"
)

// A copy that is wanted is a message row at once: in its mailbox with uid 0, with the flags and the header of its source,
// and with a wish of kind copy that says that the server must still make it. Whatever is wanted of it meanwhile waits
// for that. What is read of it is read of its source (contentOf).

// contentOf is whose content is read and fetched for the message ?1: of a copy that is not made yet, its source's.
const contentOf = "ifnull((SELECT source_id FROM operation WHERE message_id = ?1 AND kind = 'copy'), ?1)"

// makeCopies makes the rows of wanted copies, and returns what takes them back. Sources that are gone are passed over.
func (t *transaction) makeCopies(to mail.MailboxKey, sources []mail.MessageKey) (inverse, error) {
	made := inverse{Kind: mail.KindCopy, To: to}
	last, err := t.lastKey()
	if err != nil {
		return made, err
	}
	if _, err := t.exec(`INSERT INTO message (id, mailbox_id, uid, flags, keywords, shown_mailbox_id, shown_flags, shown_keywords,
			internal_date, date, size, message_id, subject, from_text, to_text, list_id, attachments, preview, thread_id)
		SELECT ?1 + 1 + k.key, ?2, 0, m.flags & ~8, m.keywords, ?2, m.flags & ~8, m.keywords, m.internal_date, m.date, m.size, m.message_id, m.subject,
			m.from_text, m.to_text, m.list_id, m.attachments, m.preview, m.thread_id
		FROM json_each(?3) k CROSS JOIN message m ON m.id = k.value ORDER BY k.key`, last, to, list(sources)); err != nil {
		return made, err
	}
	if _, err := t.exec(`INSERT INTO description (message_id, envelope, structure) SELECT ?1 + 1 + k.key, d.envelope, d.structure
		FROM json_each(?2) k CROSS JOIN description d ON d.message_id = k.value ORDER BY k.key`, last, list(sources)); err != nil {
		return made, err
	}
	if err := t.introduce(to, last, sources); err != nil {
		return made, err
	}
	if _, err := t.exec("UPDATE revision SET last = last + 1"); err != nil {
		return made, err
	}
	_, err = collect(t.ctx, t, func(rows *sql.Rows) (struct{}, error) {
		var key, source mail.MessageKey
		err := rows.Scan(&key, &source)
		made.Messages, made.Sources = append(made.Messages, key), append(made.Sources, source)
		return struct{}{}, err
	}, `INSERT INTO operation (message_id, kind, target_id, source_id, rev, wished_at)
		SELECT m.id, 'copy', ?2, k.value, (SELECT last FROM revision), ?3 FROM json_each(?4) k CROSS JOIN message m ON m.id = ?1 + 1 + k.key
		RETURNING message_id, source_id`, last, to, t.now, list(sources))
	if err != nil {
		return made, err
	}
	// the source has its flags already as they are shown, and the copy is made of what the server has
	if _, err := t.exec(`INSERT INTO operation (message_id, kind, mask, want, add_keywords, del_keywords, rev, wished_at)
		SELECT c.message_id, o.kind, o.mask, o.want, o.add_keywords, o.del_keywords, (SELECT last FROM revision), ?2
		FROM json_each(?1) k CROSS JOIN operation c ON c.message_id = k.value AND c.kind = 'copy'
			CROSS JOIN operation o ON o.message_id = c.source_id AND o.kind = 'flags'`, list(made.Messages), t.now); err != nil {
		return made, err
	}
	return made, t.reshow(made.Messages)
}

// introduce makes the rows after last, copies of sources, known to conversations and counts. The full text learns them
// like any other message.
func (t *transaction) introduce(to mail.MailboxKey, last mail.MessageKey, sources []mail.MessageKey) error {
	var foreign []*newcomer // from other accounts, where the conversation has another number
	_, err := collect(t.ctx, t, func(rows *sql.Rows) (struct{}, error) {
		n := newcomer{}
		var own bool
		if err := rows.Scan(&n.key, &n.Flags, &n.thread, &n.envelope, &own); err != nil {
			return struct{}{}, err
		}
		if own {
			t.enter(mail.State{Mailbox: to, Flags: n.Flags}, n.thread)
			return struct{}{}, nil
		}
		foreign = append(foreign, &n)
		return struct{}{}, json.Unmarshal([]byte(n.envelope), &n.Envelope)
	}, `SELECT m.id, m.flags, m.thread_id, iif(b.account = c.account, '', d.envelope), b.account = c.account
		FROM mailbox c CROSS JOIN json_each(?3) k CROSS JOIN message m ON m.id = ?1 + 1 + k.key CROSS JOIN description d ON d.message_id = m.id
			CROSS JOIN message s ON s.id = k.value
			CROSS JOIN mailbox b ON b.id = s.mailbox_id WHERE c.id = ?2 ORDER BY k.key`, last, to, list(sources))
	if err != nil || len(foreign) == 0 {
		return err
	}
	for _, n := range foreign {
		n.ids = identifiers(&n.Envelope)
	}
	th, err := t.threadsOf(to, foreign)
	if err != nil {
		return err
	}
	for _, n := range foreign {
		n.thread = th.assign(n.refs, int64(n.key))
	}
	if err := th.store(); err != nil {
		return err
	}
	for _, n := range foreign {
		n.thread = th.root(n.thread)
		t.enter(mail.State{Mailbox: to, Flags: n.Flags}, n.thread)
	}
	return each(t, "UPDATE message SET thread_id = ? WHERE id = ?", foreign, func(n *newcomer) []any { return []any{n.thread, n.key} })
}

// unmake forgets the rows of copies that are no longer wanted. One that is on its way is found by the next synchronisation.
func (t *transaction) unmake(ops []Operation) error {
	var keys []mail.MessageKey
	for g, messages := range byRevision(ops) {
		if g.kind != mail.KindCopy {
			continue
		}
		still, err := collect(t.ctx, t, column[mail.MessageKey], `SELECT message_id FROM operation WHERE kind = 'copy' AND rev = ?
			AND message_id IN (SELECT value FROM json_each(?))`, g.rev, list(messages))
		if err != nil {
			return err
		}
		keys = append(keys, still...)
	}
	return t.forget(keys)
}

// takeBack undoes copies: those nobody has begun to make are gone, the others are to be expunged. It returns what makes
// them again.
func (t *transaction) takeBack(v inverse) (again inverse, err error) {
	again = inverse{Kind: mail.KindCopy, To: v.To}
	sourceOf := map[mail.MessageKey]mail.MessageKey{}
	for i, key := range v.Messages {
		sourceOf[key] = v.Sources[i]
	}
	var unmade []mail.MessageKey
	var made []mail.Targeted
	_, err = collect(t.ctx, t, func(rows *sql.Rows) (struct{}, error) {
		var key mail.MessageKey
		var waits bool
		err := rows.Scan(&key, &waits)
		if waits {
			unmade = append(unmade, key)
		} else {
			made = append(made, mail.Targeted{Message: key, Change: mail.Expunge{}})
		}
		again.Sources = append(again.Sources, sourceOf[key])
		return struct{}{}, err
	}, `SELECT m.id, EXISTS (SELECT 1 FROM operation o WHERE o.message_id = m.id AND o.kind = 'copy' AND o.copying = 0)
		FROM json_each(?) k CROSS JOIN message m ON m.id = k.value`, list(v.Messages))
	if err != nil {
		return again, err
	}
	if err := t.forget(unmade); err != nil {
		return again, err
	}
	awaited, err := t.takeBackAwaited(v.Messages)
	if err != nil {
		return again, err
	}
	for _, key := range awaited {
		again.Sources = append(again.Sources, sourceOf[key])
	}
	_, err = t.wish(made, 0)
	return again, err
}
