package cache

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"posthorn/mail"
	"posthorn/mail/search"
)

// View says which messages a list shows: those of one mailbox, or of several as one list.
type View struct {
	Mailboxes       []mail.MailboxKey
	Unseen, Flagged bool // only those
	Sort            Sort
	Threads         bool // one row for each conversation: its newest message there; with Unseen those with an unread one

	Query *search.Query     // only what it finds, in Mailboxes, or where none are named anywhere; nil: everything
	Also  []mail.MessageKey // with a Query: found by a server
}

// Position is a place in a list. It stays valid whatever comes and goes around it. The zero Position is before the first
// message.
type Position struct {
	Received int64 // Unix seconds
	Key      mail.MessageKey
	Text     string // what the list is sorted by, if not by date
	Number   int64
	End      bool // behind the last message
}

// At is the position of a message in a list sorted by date.
func At(m mail.Message) Position {
	if m.Received.IsZero() {
		return Position{Key: m.Key}
	}
	return Position{Received: m.Received.Unix(), Key: m.Key}
}

// Window is a piece of a list.
type Window struct {
	Messages     []mail.Message // in the order of the list
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

// source is FROM and WHERE of a query for messages m in mailboxes b, with its arguments. What a view shows is what its
// sources have together; no message is in two.
type source struct {
	from     string
	args     []any
	date, id string // what rows are sorted by, as columns
}

// sources are those of a view.
func (r *Reader) sources(ctx context.Context, v View) ([]source, error) {
	if v.Query != nil {
		return r.found(ctx, v)
	}
	out := make([]source, len(v.Mailboxes))
	for i, key := range v.Mailboxes {
		if out[i] = messages(v.shownIn(), key); v.Threads {
			out[i] = v.threaded(key)
		}
	}
	return out, nil
}

// messages is a source that is sorted by the messages' own dates.
func messages(from string, args ...any) source { return source{from, args, "m.internal_date", "m.id"} }

// Window reads up to newer messages before around and up to older ones from there on, the one at around itself
// included where it is shown.
func (r *Reader) Window(ctx context.Context, v View, around Position, newer, older int) (Window, error) {
	if around == (Position{}) {
		newer = 0
	} else if around.End {
		older = 0
	}
	var w Window
	sources, err := r.sources(ctx, v)
	if err != nil {
		return w, fail("read the messages", err)
	}
	if !around.End {
		if w.Messages, w.Older, err = r.merged(ctx, v.Sort, sources, around, true, older); err != nil {
			return w, err
		}
	}
	if around == (Position{}) {
		return w, nil
	}
	before, more, err := r.merged(ctx, v.Sort, sources, around, false, newer)
	if err != nil {
		return w, err
	}
	slices.Reverse(before)
	w.Messages, w.Newer = append(before, w.Messages...), more
	return w, nil
}

// merged asks each source and puts the results into one order, nearest first; more tells whether there are more than limit.
func (r *Reader) merged(ctx context.Context, o Sort, sources []source, p Position, behind bool, limit int) (out []mail.Message, more bool, err error) {
	for _, s := range sources {
		query, args := o.from(s, p, behind, limit+1)
		list, err := collect(ctx, r.db, scanMessage, query, args...)
		if err != nil {
			return nil, false, fail("read the messages", err)
		}
		out = append(out, list...)
	}
	if len(sources) > 1 {
		slices.SortFunc(out, func(a, b mail.Message) int {
			if behind {
				return o.compare(a, b)
			}
			return o.compare(b, a)
		})
	}
	return out[:min(limit, len(out))], len(out) > limit, nil
}

// MostCounted is how many messages that a query finds are counted; Count tells one more where there are more.
const MostCounted = 1000

// Count is how many messages a view shows, and how many of them nobody has read.
func (r *Reader) Count(ctx context.Context, v View) (total, unseen int, err error) {
	sources, err := r.sources(ctx, v)
	if err != nil {
		return 0, 0, fail("count the messages", err)
	}
	for _, s := range sources {
		query := "SELECT total, unseen FROM mailbox WHERE id = ?" // messages, also where conversations are shown
		switch {
		case v.Query != nil:
			query = fmt.Sprintf("SELECT count(*), count(*) FILTER (WHERE f & 1 = 0) FROM (SELECT m.shown_flags AS f %s LIMIT %d)", s.from, MostCounted+1-total)
		case v.Flagged:
			query = "SELECT count(*), count(*) FILTER (WHERE m.shown_flags & 1 = 0) " + s.from
		case v.Unseen:
			query = "SELECT unseen, unseen FROM mailbox WHERE id = ?"
		}
		var n, u int
		if err := r.db.QueryRowContext(ctx, query, s.args...).Scan(&n, &u); err != nil && err != sql.ErrNoRows {
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
	sources, err := r.sources(ctx, v)
	if err != nil {
		return 0, fail("count the messages", err)
	}
	total := 0
	for _, s := range sources {
		var n int
		c := v.Sort.beside(s, p, false)
		if err := r.db.QueryRowContext(ctx, "SELECT count(*) "+s.from+" AND "+c.text, slices.Concat(s.args, c.args)...).Scan(&n); err != nil {
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
	if err := r.db.QueryRowContext(ctx, "SELECT envelope, structure FROM description WHERE message_id = ?", key).Scan(&envelope, &structure); err != nil {
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
