package cache

import (
	"context"
	"slices"

	"posthorn/mail"
)

// threaded is the source of the conversations that have messages in a mailbox, each as its newest message there.
func (v View) threaded(key mail.MailboxKey) source {
	filter := ""
	if v.Unseen {
		filter += " AND c.unseen > 0"
	}
	if v.Flagged {
		filter += " AND EXISTS (SELECT 1 FROM message f WHERE f.thread_id = c.thread_id AND f.shown_mailbox_id = c.mailbox_id AND f.shown_flags & 4 <> 0)"
	}
	return source{"FROM conversation c INDEXED BY conversation_by_list CROSS JOIN message m ON m.id = c.latest_id " +
		"CROSS JOIN mailbox b ON b.id = c.mailbox_id WHERE c.mailbox_id = ?" + filter, []any{key}, "c.latest", "c.latest_id"}
}

// MostMembers is how many messages of one conversation are read: the newest.
const MostMembers = 1000

// Conversations are the messages of conversations as a view shows them, the newest first: those in its mailboxes, and
// own answers and what was put away from the others of the account, but not what is in Trash, Junk or Drafts. A message
// that is in several mailboxes is there once, in that of the view.
func (r *Reader) Conversations(ctx context.Context, v View, threads []int64) (map[int64][]mail.Message, error) {
	boxes, err := shownMailboxes(ctx, r.db)
	if err != nil {
		return nil, fail("read the conversations", err)
	}
	away := map[mail.MailboxKey]bool{}
	for _, b := range boxes {
		away[b.Key] = b.Role == mail.Trash || b.Role == mail.Junked || b.Role == mail.Drafts
	}
	found, err := collect(ctx, r.db, scanMessage, "SELECT "+listColumns+` FROM json_each(?) k CROSS JOIN message m ON m.id IN
			(SELECT t.id FROM message t INDEXED BY message_by_thread WHERE t.thread_id = k.value AND t.shown_mailbox_id <> 0
				ORDER BY t.internal_date DESC, t.id DESC LIMIT ?)
		CROSS JOIN mailbox b ON b.id = m.shown_mailbox_id ORDER BY m.internal_date DESC, m.id DESC`, list(threads), MostMembers)
	if err != nil {
		return nil, fail("read the conversations", err)
	}
	type copy struct {
		thread int64
		id     string
	}
	here := map[copy]bool{} // what the view's own mailboxes have
	inView := func(m mail.Message) bool { return slices.Contains(v.Mailboxes, m.Mailbox) }
	for _, m := range found {
		if inView(m) && m.MessageID != "" {
			here[copy{m.Thread, m.MessageID}] = true
		}
	}
	out := map[int64][]mail.Message{}
	for _, m := range found {
		id := copy{m.Thread, m.MessageID}
		if !inView(m) {
			if away[m.Mailbox] || here[id] {
				continue
			}
			here[id] = m.MessageID != ""
		}
		out[m.Thread] = append(out[m.Thread], m)
	}
	return out, nil
}
