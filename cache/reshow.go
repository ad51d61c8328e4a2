package cache

import (
	"context"
	"database/sql"
	"encoding/json"

	"posthorn/mail"
)

// facts are what of a message its shown values are derived from, and those values as they are stored.
type facts struct {
	key    mail.MessageKey
	said   mail.State
	shown  mail.State
	thread int64
	wishes []mail.Change
}

// derive is said overlaid with what is wanted. An expunge comes last: nothing brings the message back into view. What is
// marked as \Deleted, by whomever, is on its way out and is not shown either: servers without UIDPLUS keep it so until
// somebody expunges the mailbox.
func (f facts) derive() mail.State {
	state := f.said
	for _, kind := range []mail.ChangeKind{mail.KindFlags, mail.KindMove, mail.KindExpunge} {
		for _, c := range f.wishes {
			if c.Kind() == kind {
				state = c.Apply(state)
			}
		}
	}
	return visible(state)
}

// visible is the state to show.
func visible(state mail.State) mail.State {
	if state.Flags.Has(mail.Deleted) {
		state.Mailbox = 0
	}
	return state
}

// factsOf reads the facts of messages.
func factsOf(ctx context.Context, q querier, keys []mail.MessageKey) (map[mail.MessageKey]*facts, error) {
	found := make(map[mail.MessageKey]*facts, len(keys))
	_, err := collect(ctx, q, func(rows *sql.Rows) (struct{}, error) {
		var f facts
		var w want
		var kind sql.NullString
		err := rows.Scan(&f.key, &f.said.Mailbox, &f.said.Flags, &f.said.Keywords, &f.shown.Mailbox, &f.shown.Flags,
			&f.shown.Keywords, &f.thread, &kind, &w.mask, &w.want, &w.add, &w.del, &w.target)
		known := found[f.key]
		if known == nil {
			known = &f
			found[f.key] = known
		}
		if kind.Valid {
			w.kind = mail.ChangeKind(kind.String)
			known.wishes = append(known.wishes, w.change())
		}
		return struct{}{}, err
	}, `SELECT m.id, m.mailbox_id, m.flags, m.keywords, m.shown_mailbox_id, m.shown_flags, m.shown_keywords, m.thread_id,
			o.kind, ifnull(o.mask, 0), ifnull(o.want, 0), ifnull(o.add_keywords, ''), ifnull(o.del_keywords, ''), ifnull(o.target_id, 0)
		FROM json_each(?) k CROSS JOIN message m ON m.id = k.value LEFT JOIN operation o ON o.message_id = m.id`, list(keys))
	return found, err
}

// reshow derives what is shown of messages whose said or wanted values changed, and notes what that means for
// counts and conversations. It is the only function that writes shown_*, but where nothing is wanted of a message: what is new
// here, and what only has other flags, is shown as said.
func (t *transaction) reshow(keys []mail.MessageKey) error {
	if len(keys) == 0 {
		return nil
	}
	found, err := factsOf(t.ctx, t, keys)
	if err != nil {
		return err
	}
	moved, stayed := map[mail.State][]mail.MessageKey{}, map[mail.State][]mail.MessageKey{}
	for _, f := range found {
		state := f.derive()
		if state == f.shown {
			continue
		}
		if state.Mailbox == f.shown.Mailbox {
			stayed[state] = append(stayed[state], f.key)
		} else {
			moved[state] = append(moved[state], f.key)
		}
		t.restate(f.shown, state, f.thread)
	}
	for state, keys := range stayed { // to write the mailbox too would write four indexes anew
		if _, err := t.exec("UPDATE message SET shown_flags = ?, shown_keywords = ? WHERE id IN (SELECT value FROM json_each(?))",
			state.Flags, state.Keywords, list(keys)); err != nil {
			return err
		}
	}
	for state, keys := range moved {
		if _, err := t.exec("UPDATE message SET shown_mailbox_id = ?, shown_flags = ?, shown_keywords = ? "+
			"WHERE id IN (SELECT value FROM json_each(?))", state.Mailbox, state.Flags, state.Keywords, list(keys)); err != nil {
			return err
		}
	}
	return nil
}

// restate notes that a message is shown otherwise than before.
func (t *transaction) restate(before, state mail.State, thread int64) {
	if state.Mailbox == before.Mailbox && (state.Flags^before.Flags)&mail.Seen == 0 { // neither counts nor conversations tell more
		t.touch(state.Mailbox)
		return
	}
	t.leave(before, thread)
	t.enter(state, thread)
}

// enter notes that a message is shown with state from now on.
func (t *transaction) enter(state mail.State, thread int64) { t.shows(state, thread, 1) }

// leave notes that a message is no longer shown with state.
func (t *transaction) leave(state mail.State, thread int64) { t.shows(state, thread, -1) }

func (t *transaction) shows(state mail.State, thread int64, n int) {
	if state.Mailbox != 0 {
		t.tally(state, n)
		t.stale[pair{state.Mailbox, thread}] = true
	}
}

// tally notes that n messages more are shown with state.
func (t *transaction) tally(state mail.State, n int) {
	c := t.count(state.Mailbox)
	c.total += n
	if state.Flags&mail.Seen == 0 {
		c.unseen += n
	}
	t.touch(state.Mailbox)
}

// touch notes that a mailbox shows something else.
func (t *transaction) touch(mailbox mail.MailboxKey) {
	if mailbox != 0 {
		t.touched[mailbox] = true
	}
}

// flush writes the derived columns and rows that the transaction made stale.
func (t *transaction) flush() error {
	if err := t.storeRefs(); err != nil {
		return err
	}
	for key, c := range t.counts {
		if *c == (counts{}) {
			continue
		}
		if _, err := t.exec("UPDATE mailbox SET held = held + ?, total = total + ?, unseen = unseen + ? WHERE id = ?",
			c.held, c.total, c.unseen, key); err != nil {
			return err
		}
	}
	if len(t.stale) == 0 {
		return nil
	}
	pairs := make([][2]int64, 0, len(t.stale))
	for p := range t.stale {
		pairs = append(pairs, [2]int64{int64(p.mailbox), p.thread})
	}
	text, err := json.Marshal(pairs)
	if err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM conversation WHERE (mailbox_id, thread_id) IN
		(SELECT value ->> 0, value ->> 1 FROM json_each(?))`, string(text)); err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO conversation (mailbox_id, thread_id, latest, latest_id, total, unseen)
		SELECT m.shown_mailbox_id, m.thread_id, max(m.internal_date),
			(SELECT n.id FROM message n WHERE n.thread_id = m.thread_id AND n.shown_mailbox_id = m.shown_mailbox_id
				ORDER BY n.internal_date DESC, n.id DESC LIMIT 1),
			count(*), sum(m.shown_flags & 1 = 0)
		FROM json_each(?) p CROSS JOIN message m ON m.thread_id = p.value ->> 1 AND m.shown_mailbox_id = p.value ->> 0
		GROUP BY m.shown_mailbox_id, m.thread_id`, string(text))
	return err
}
