package cache

import (
	"database/sql"

	"posthorn/mail"
)

// forget deletes messages: the only function that does, because it also clears the full text and descriptions, which no
// foreign key reaches, and notes what counts and conversations lose. Wishes and contents go with the row. What the messages
// told about conversations stays: it joins later ones.
func (t *transaction) forget(keys []mail.MessageKey) error {
	if len(keys) == 0 {
		return nil
	}
	text := list(keys)
	_, err := collect(t.ctx, t, func(rows *sql.Rows) (struct{}, error) {
		var said mail.MailboxKey
		var uid mail.UID
		var shown mail.State
		var thread int64
		err := rows.Scan(&said, &uid, &shown.Mailbox, &shown.Flags, &thread)
		if uid > 0 {
			t.count(said).held--
		}
		t.leave(shown, thread)
		return struct{}{}, err
	}, "SELECT mailbox_id, uid, shown_mailbox_id, shown_flags, thread_id FROM message WHERE id IN (SELECT value FROM json_each(?))", text)
	if err != nil {
		return err
	}
	for _, rows := range []string{"message_fts WHERE rowid", "description WHERE message_id", "message WHERE id"} {
		if _, err := t.exec("DELETE FROM "+rows+" IN (SELECT value FROM json_each(?))", text); err != nil {
			return err
		}
	}
	return nil
}

// forgetMailbox deletes a mailbox with its messages.
func (t *transaction) forgetMailbox(key mail.MailboxKey) error {
	if err := t.unlinkDrafts(key); err != nil {
		return err
	}
	keys, err := collect(t.ctx, t, column[mail.MessageKey], "SELECT id FROM message WHERE mailbox_id = ?", key)
	if err != nil {
		return err
	}
	if err := t.forget(keys); err != nil {
		return err
	}
	_, err = t.exec("DELETE FROM mailbox WHERE id = ?", key)
	return err
}
