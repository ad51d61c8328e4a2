package cache

import (
	"context"

	"posthorn/mail"
)

// Whole are all messages of conversations that are shown anywhere, each copy of them, but not those in Trash, Junk or
// Drafts.
func (r *Reader) Whole(ctx context.Context, threads []int64) ([]mail.Message, error) {
	found, err := collect(ctx, r.db, scanMessage, "SELECT "+listColumns+` FROM json_each(?) k CROSS JOIN message m INDEXED BY message_by_thread
		ON m.thread_id = k.value AND m.shown_mailbox_id <> 0 CROSS JOIN mailbox b ON b.id = m.shown_mailbox_id WHERE `+kept, list(threads))
	return found, fail("read the conversations", err)
}

// kept are the mailboxes b whose mail is neither thrown away nor unfinished.
const kept = "b.role NOT IN ('trash', 'junk', 'drafts')"

// hush does with answers that came into muted conversations what muting did with the others: they are muted and read, and
// from the inbox they go to the archive, where there is one. Came into means: it answers a muted message, directly or not.
// That it is in one conversation with such a message is not enough: anybody can join two by naming both, and would
// silence the one with the other. What was in the mailbox before, below UIDNEXT next, has not come; nor has anything that
// a first synchronisation brings.
func (t *transaction) hush(mailbox mail.MailboxKey, next mail.UID, answers []mail.MessageKey) error {
	if next == 0 || len(answers) == 0 {
		return nil
	}
	keys, err := collect(t.ctx, t, column[mail.MessageKey], `SELECT m.id FROM mailbox b CROSS JOIN json_each(?2) k
			CROSS JOIN message m ON m.id = k.value CROSS JOIN description d ON d.message_id = m.id
		WHERE b.id = ?1 AND m.uid >= ?3 AND m.shown_flags & ?4 = 0 AND `+kept+`
			AND EXISTS (SELECT 1 FROM message o WHERE o.thread_id = m.thread_id AND o.shown_flags & ?4 <> 0 AND o.message_id IN
				(SELECT value FROM json_each(d.envelope, '$.references') UNION ALL SELECT value FROM json_each(d.envelope, '$.in_reply_to')))`, mailbox, list(answers), next, int64(mail.Muted))
	if err != nil || len(keys) == 0 {
		return err
	}
	to, err := collect(t.ctx, t, column[mail.MailboxKey], `SELECT id FROM mailbox WHERE role IN ('archive', 'all') AND `+holdsMail+`
		AND account = (SELECT account FROM mailbox WHERE id = ? AND role = 'inbox') ORDER BY role = 'all', id LIMIT 1`, mailbox)
	if err != nil {
		return err
	}
	var changes []mail.Targeted
	for _, key := range keys {
		changes = append(changes, mail.Targeted{Message: key, Change: mail.FlagChange{Mask: mail.Muted | mail.Seen, Want: mail.Muted | mail.Seen}})
		for _, archive := range to {
			changes = append(changes, mail.Targeted{Message: key, Change: mail.Move{To: archive}})
		}
	}
	_, err = t.wish(changes, 0)
	return err
}
