package cache

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"slices"
	"unicode/utf8"

	"posthorn/mail"
)

// maxJoined is how many of a message's references join it to others: the first names the conversation, the last are
// its nearest ancestors.
const maxJoined = 20

// ref is the key of an identifier in message_ref. Identifiers of different accounts are different.
type ref int64

func refOf(account, id string) ref {
	var room [200]byte // most are shorter
	sum := sha256.Sum256(append(append(append(room[:0], account...), 0), id...))
	return ref(binary.BigEndian.Uint64(sum[:]))
}

// identifiers are those that tell which conversation a message belongs to, its own first, each once.
func identifiers(e *mail.Envelope) []string {
	refs := e.References
	if len(refs) > maxJoined {
		refs = append(refs[:1:1], refs[len(refs)-maxJoined+1:]...)
	}
	replied := e.InReplyTo[:min(len(e.InReplyTo), maxJoined)]
	out := make([]string, 0, 1+len(replied)+len(refs))
	for _, group := range [][]string{{e.MessageID}, replied, refs} {
		for _, id := range group {
			if !utf8.ValidString(id) {
				id = string([]rune(id)) // as JSON writes it
			}
			if id != "" && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// nowOf is the conversation that an identifier r of message_ref is in.
const nowOf = "ifnull((SELECT into_id FROM joined WHERE thread_id = r.thread_id), r.thread_id)"

// threads finds the conversations of an account's messages: two are in one when an identifier connects them, in whatever
// order they came. It is a union-find: message_ref names a conversation, and joined, which is short and kept flat, the one
// that it is part of by now. An index of message_ref by conversation would be as much to write as all of it.
type threads struct {
	t      *transaction
	of     map[ref]int64   // conversation of an identifier
	fresh  []ref           // not yet stored: see storeRefs
	parent map[int64]int64 // conversations joined in this transaction
	joined []int64         // of these, those not yet stored
}

// threadsOf loads what is known of the identifiers of a batch, and gives each message its references.
func (t *transaction) threadsOf(mailbox mail.MailboxKey, batch []*newcomer) (*threads, error) {
	var account string
	if err := t.QueryRowContext(t.ctx, "SELECT account FROM mailbox WHERE id = ?", mailbox).Scan(&account); err != nil {
		return nil, err
	}
	th := t.threads[account]
	if th == nil {
		th = &threads{t: t, of: make(map[ref]int64, 2*len(batch)), parent: map[int64]int64{}}
		t.threads[account] = th
	}
	refs := make([]ref, 0, 2*len(batch))
	for i := range batch {
		batch[i].refs = make([]ref, 0, len(batch[i].ids))
		for _, id := range batch[i].ids {
			r := refOf(account, id)
			batch[i].refs = append(batch[i].refs, r)
			if _, ok := th.of[r]; !ok {
				refs = append(refs, r)
			}
		}
	}
	slices.Sort(refs) // in the order of the pages they are on
	return th, t.rows("SELECT r.id, "+nowOf+" FROM json_each(?) k CROSS JOIN message_ref r ON r.id = k.value", func(v []driver.Value) {
		th.of[ref(intOf(v[0]))] = intOf(v[1])
	}, list(refs))
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
func (th *threads) assign(refs []ref, fresh int64) int64 {
	thread := int64(0)
	for _, r := range refs {
		n, ok := th.of[r]
		if !ok {
			continue
		}
		switch n = th.root(n); {
		case thread == 0:
			thread = n
		case n != thread: // the older conversation keeps its number
			thread, n = min(thread, n), max(thread, n)
			th.parent[n] = thread
			th.joined = append(th.joined, n)
		}
	}
	if thread == 0 {
		thread = fresh
	}
	for _, r := range refs {
		if _, ok := th.of[r]; !ok {
			th.of[r] = thread
			th.fresh = append(th.fresh, r)
		}
	}
	return thread
}

// store writes which conversations the batch joined. They are shown as one from now on.
func (th *threads) store() error {
	t := th.t
	for _, old := range th.joined {
		into := th.root(old)
		if _, err := t.exec("UPDATE joined SET into_id = ? WHERE into_id = ?", into, old); err != nil {
			return err
		}
		if _, err := t.exec("INSERT INTO joined (thread_id, into_id) VALUES (?, ?)", old, into); err != nil {
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
	th.joined = th.joined[:0]
	return nil
}

// storeRefs writes the identifiers that became known: once in a transaction, in the order of the pages they go to, because
// they lie anywhere, and each of these pages is large.
func (t *transaction) storeRefs() error {
	for _, th := range t.threads {
		slices.Sort(th.fresh)
		err := bulk(t, "INSERT OR FAIL INTO message_ref (id, thread_id) VALUES", "", th.fresh, func(row []any, r ref) []any {
			return append(row, int64(r), th.root(th.of[r]))
		})
		if err != nil {
			return err
		}
		th.fresh = th.fresh[:0]
	}
	return nil
}

// threadOf is the conversation of an identifier, 0 for none.
func threadOf(ctx context.Context, q querier, account, id string) (thread int64, err error) {
	err = q.QueryRowContext(ctx, "SELECT "+nowOf+" FROM message_ref r WHERE r.id = ?", refOf(account, id)).Scan(&thread)
	if err == sql.ErrNoRows {
		return 0, nil
	}
	return thread, err
}
