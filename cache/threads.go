package cache

import (
	"database/sql"
	"encoding/json"
	"unicode/utf8"

	"posthorn/mail"
)

// maxJoined is how many of a message's references join it to others: the first names the conversation, the last are
// its nearest ancestors.
const maxJoined = 20

// identifiers are those that tell which conversation a message belongs to, its own first, each once.
func identifiers(e mail.Envelope) []string {
	refs := e.References
	if len(refs) > maxJoined {
		refs = append(refs[:1:1], refs[len(refs)-maxJoined+1:]...)
	}
	var out []string
	seen := map[string]bool{"": true}
	for _, group := range [][]string{{e.MessageID}, e.InReplyTo[:min(len(e.InReplyTo), maxJoined)], refs} {
		for _, id := range group {
			if !utf8.ValidString(id) {
				id = string([]rune(id)) // as JSON writes it
			}
			if !seen[id] {
				seen[id] = true
				out = append(out, id)
			}
		}
	}
	return out
}

// threads finds the conversations of a batch of messages: two are in one when an identifier connects them, in whatever
// order they came. It is a union-find, kept flat: message_ref names the conversation itself, and joining two
// rewrites the smaller one's rows.
type threads struct {
	t       *transaction
	account string
	of      map[string]int64 // identifier to conversation, as stored
	parent  map[int64]int64  // conversations joined in this batch
	fresh   map[string]bool  // identifiers not yet stored
}

// threadsOf loads what is known of the identifiers of a batch.
func (t *transaction) threadsOf(mailbox mail.MailboxKey, ids []string) (*threads, error) {
	th := &threads{t: t, of: make(map[string]int64, len(ids)), parent: map[int64]int64{}, fresh: map[string]bool{}}
	if err := t.QueryRowContext(t.ctx, "SELECT account FROM mailbox WHERE id = ?", mailbox).Scan(&th.account); err != nil {
		return nil, err
	}
	text, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	_, err = collect(t.ctx, t, func(rows *sql.Rows) (struct{}, error) {
		var id string
		var thread int64
		err := rows.Scan(&id, &thread)
		th.of[id] = thread
		return struct{}{}, err
	}, "SELECT r.message_id, r.thread_id FROM json_each(?) k CROSS JOIN message_ref r ON r.account = ? AND r.message_id = k.value",
		string(text), th.account)
	return th, err
}

// root is the conversation that n has become part of.
func (th *threads) root(n int64) int64 {
	for {
		up, ok := th.parent[n]
		if !ok {
			return n
		}
		n = up
	}
}

// assign gives a message its conversation; fresh is the number of a new one, used where nothing connects it.
func (th *threads) assign(ids []string, fresh int64) int64 {
	thread := int64(0)
	for _, id := range ids {
		n, ok := th.of[id]
		if !ok {
			continue
		}
		switch n = th.root(n); {
		case thread == 0:
			thread = n
		case n != thread: // the older conversation keeps its number
			thread, n = min(thread, n), max(thread, n)
			th.parent[n] = thread
		}
	}
	if thread == 0 {
		thread = fresh
	}
	for _, id := range ids {
		if _, ok := th.of[id]; !ok {
			th.of[id] = thread
			th.fresh[id] = true
		}
	}
	return thread
}

// store writes what the batch taught. Conversations that were joined are shown as one from now on.
func (th *threads) store() error {
	t := th.t
	for old := range th.parent {
		into := th.root(old)
		if _, err := t.exec("UPDATE message_ref SET thread_id = ? WHERE thread_id = ?", into, old); err != nil {
			return err
		}
		shown, err := collect(t.ctx, t, column[mail.MailboxKey],
			"UPDATE message SET thread_id = ? WHERE thread_id = ? RETURNING shown_mailbox_id", into, old)
		if err != nil {
			return err
		}
		for _, key := range shown {
			if key != 0 {
				t.stale[pair{key, old}], t.stale[pair{key, into}] = true, true
			}
		}
	}
	if len(th.fresh) == 0 {
		return nil
	}
	rows := make([][2]any, 0, len(th.fresh))
	for id := range th.fresh {
		rows = append(rows, [2]any{id, th.root(th.of[id])})
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO message_ref (account, message_id, thread_id) SELECT ?, value ->> 0, value ->> 1 FROM json_each(?) WHERE true "+
		"ON CONFLICT DO UPDATE SET thread_id = excluded.thread_id", th.account, string(text))
	return err
}
