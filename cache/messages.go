package cache

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"posthorn/mail"
)

// View says which messages a list shows: those of one mailbox, or of several as one list.
type View struct {
	Mailboxes       []mail.MailboxKey
	Unseen, Flagged bool // only those
}

// Position is a place in a list, which is sorted from the newest to the oldest. It stays valid whatever comes and
// goes around it. The zero Position is before the newest message.
type Position struct {
	Received int64 // Unix seconds
	Key      mail.MessageKey
}

// At is the position of a message.
func At(m mail.Message) Position {
	if m.Received.IsZero() {
		return Position{Key: m.Key}
	}
	return Position{m.Received.Unix(), m.Key}
}

// Window is a piece of a list.
type Window struct {
	Messages     []mail.Message // newest first
	Newer, Older bool           // there are more before the first, after the last
}

// Detail is a message with all that is known of its header.
type Detail struct {
	mail.Message
	Envelope  mail.Envelope
	Structure *mail.Part // nil: not known yet
}

const listColumns = `m.id, b.account, m.shown_mailbox_id, m.shown_flags, m.shown_keywords, m.internal_date, m.date, m.size,
	m.message_id, m.subject, m.from_text, m.to_text, m.list_id, m.attachments, m.preview, m.thread_id`

func scanMessage(rows *sql.Rows) (mail.Message, error) {
	var m mail.Message
	var received, date int64
	err := rows.Scan(&m.Key, &m.Account, &m.Mailbox, &m.Flags, &m.Keywords, &received, &date, &m.Size,
		&m.MessageID, &m.Subject, &m.From, &m.To, &m.ListID, &m.Attachments, &m.Preview, &m.Thread)
	m.Received, m.Date = fromUnix(received), fromUnix(date)
	return m, err
}

// shownIn is FROM and WHERE for the messages of one mailbox that a view shows. The index is named because the wrong
// one costs milliseconds, and nobody collects statistics that could tell the planner.
func (v View) shownIn() string {
	index, filter := "message_by_list", ""
	if v.Unseen {
		index, filter = "message_by_unseen", " AND m.shown_flags & 1 = 0"
	}
	if v.Flagged {
		index, filter = "message_by_flagged", filter+" AND m.shown_flags & 4 <> 0"
	}
	return "FROM message m INDEXED BY " + index + " CROSS JOIN mailbox b ON b.id = m.shown_mailbox_id WHERE m.shown_mailbox_id = ?" + filter
}

// newerQuery reads what stands before a position, nearest first; olderQuery what stands at it and after.
func (v View) newerQuery() string {
	return "SELECT " + listColumns + " " + v.shownIn() + " AND (m.internal_date, m.id) > (?, ?) ORDER BY m.internal_date, m.id LIMIT ?"
}

func (v View) olderQuery() string {
	return "SELECT " + listColumns + " " + v.shownIn() + " AND (m.internal_date, m.id) <= (?, ?) ORDER BY m.internal_date DESC, m.id DESC LIMIT ?"
}

// Window reads up to newer messages before around and up to older ones from there on, the one at around itself
// included where it is shown.
func (r *Reader) Window(ctx context.Context, v View, around Position, newer, older int) (Window, error) {
	if around == (Position{}) {
		around, newer = Position{math.MaxInt64, math.MaxInt64}, 0
	}
	var w Window
	after, err := r.merged(ctx, v, v.olderQuery(), around, older+1, 1)
	if err != nil {
		return w, err
	}
	if len(after) > older {
		after, w.Older = after[:older], true
	}
	if around.Key == math.MaxInt64 {
		w.Messages = after
		return w, nil
	}
	before, err := r.merged(ctx, v, v.newerQuery(), around, newer+1, -1)
	if err != nil {
		return w, err
	}
	if len(before) > newer {
		before, w.Newer = before[:newer], true
	}
	slices.Reverse(before)
	w.Messages = append(before, after...)
	return w, nil
}

// merged runs a query for each mailbox of the view and puts the results into one order: 1 newest first, -1 oldest first.
func (r *Reader) merged(ctx context.Context, v View, query string, around Position, limit, order int) ([]mail.Message, error) {
	var out []mail.Message
	for _, key := range v.Mailboxes {
		list, err := collect(ctx, r.db, scanMessage, query, key, around.Received, around.Key, limit)
		if err != nil {
			return nil, fail("read the messages", err)
		}
		out = append(out, list...)
	}
	if len(v.Mailboxes) > 1 {
		slices.SortFunc(out, func(a, b mail.Message) int {
			return order * cmp.Or(b.Received.Compare(a.Received), cmp.Compare(b.Key, a.Key))
		})
	}
	return out[:min(limit, len(out))], nil
}

// Count is how many messages a view shows, and how many of them nobody has read.
func (r *Reader) Count(ctx context.Context, v View) (total, unseen int, err error) {
	query := "SELECT total, unseen FROM mailbox WHERE id = ?"
	switch {
	case v.Flagged:
		query = "SELECT count(*), count(*) FILTER (WHERE m.shown_flags & 1 = 0) " + v.shownIn()
	case v.Unseen:
		query = "SELECT unseen, unseen FROM mailbox WHERE id = ?"
	}
	for _, key := range v.Mailboxes {
		var n, u int
		if err := r.db.QueryRowContext(ctx, query, key).Scan(&n, &u); err != nil && err != sql.ErrNoRows {
			return 0, 0, fail("count the messages", err)
		}
		total, unseen = total+n, unseen+u
	}
	return total, unseen, nil
}

// All are the messages that a view shows, the newest first of each mailbox.
func (r *Reader) All(ctx context.Context, v View) (all []mail.MessageKey, err error) {
	for _, key := range v.Mailboxes {
		keys, err := collect(ctx, r.db, column[mail.MessageKey], "SELECT m.id "+v.shownIn()+" ORDER BY m.internal_date DESC, m.id DESC", key)
		if err != nil {
			return nil, fail("read the messages", err)
		}
		all = append(all, keys...)
	}
	return all, nil
}

// Rank is how many messages of a view stand before a position.
func (r *Reader) Rank(ctx context.Context, v View, p Position) (int, error) {
	if p == (Position{}) {
		return 0, nil
	}
	total := 0
	for _, key := range v.Mailboxes {
		var n int
		if err := r.db.QueryRowContext(ctx, "SELECT count(*) "+v.shownIn()+" AND (m.internal_date, m.id) > (?, ?)",
			key, p.Received, p.Key).Scan(&n); err != nil {
			return 0, fail("count the messages", err)
		}
		total += n
	}
	return total, nil
}

const byKeys = " FROM json_each(?) k CROSS JOIN message m ON m.id = k.value CROSS JOIN mailbox b " +
	"ON b.id = ifnull(nullif(m.shown_mailbox_id, 0), m.mailbox_id)"

// Message is one message; an error of Kind Gone where it is not there.
func (r *Reader) Message(ctx context.Context, key mail.MessageKey) (Detail, error) {
	var d Detail
	var envelope, structure string
	found, err := r.Messages(ctx, []mail.MessageKey{key})
	if err != nil {
		return d, err
	}
	if len(found) == 0 {
		return d, gone("open the message", "it is not there any more: it was deleted or moved somewhere else")
	}
	d.Message = found[0]
	if err := r.db.QueryRowContext(ctx, "SELECT envelope, structure FROM message WHERE id = ?", key).Scan(&envelope, &structure); err != nil {
		return d, fail("open the message", err)
	}
	if err := json.Unmarshal([]byte(envelope), &d.Envelope); err != nil {
		return d, fail("open the message", fmt.Errorf("its stored header cannot be read: %w", err))
	}
	if structure == "" {
		return d, nil
	}
	if err := json.Unmarshal([]byte(structure), &d.Structure); err != nil {
		return d, fail("open the message", fmt.Errorf("its stored structure cannot be read: %w", err))
	}
	return d, nil
}

// Messages are those of keys that are there, in the order of keys.
func (r *Reader) Messages(ctx context.Context, keys []mail.MessageKey) ([]mail.Message, error) {
	found, err := collect(ctx, r.db, scanMessage, "SELECT "+listColumns+byKeys+" ORDER BY k.key", list(keys))
	return found, fail("read the messages", err)
}

// ByMessageID are the messages of an account with that Message-ID, newest first; those hidden are not among them.
func (r *Reader) ByMessageID(ctx context.Context, account, id string) ([]mail.Message, error) {
	if id == "" {
		return nil, nil
	}
	thread, err := threadOf(ctx, r.db, account, id)
	if err != nil || thread == 0 {
		return nil, fail("look for a Message-ID", err)
	}
	found, err := collect(ctx, r.db, scanMessage, "SELECT "+listColumns+` FROM message m CROSS JOIN mailbox b ON b.id = m.shown_mailbox_id
		WHERE m.thread_id = ? AND m.message_id = ? AND m.shown_mailbox_id <> 0 ORDER BY m.internal_date DESC, m.id DESC`, thread, id)
	return found, fail("look for a Message-ID", err)
}
