package cache

import (
	"context"
	"maps"
	"slices"
	"strings"

	"posthorn/mail"
)

// newcomer is a fetched header made ready for its row, outside the transaction.
type newcomer struct {
	mail.Header
	key         mail.MessageKey
	thread      int64
	ids         []string // that tell its conversation
	refs        []ref    // the same as keys
	from, to    string   // for the list row
	envelope    string
	structure   string
	attachments int
}

// Arrivals are headers that a server told of a mailbox, made ready for their rows while other rows are written, flags it
// told later, and what they teach about how far the mailbox is known.
type Arrivals struct {
	Marks   Marks
	list    []newcomer
	flags   []mail.FlagUpdate
	highest mail.UID
	text    strings.Builder // what stands in the rows, together: one allocation instead of thousands
	json    []byte          // room
}

// NewArrivals has room for n headers.
func NewArrivals(n int) *Arrivals { return &Arrivals{list: make([]newcomer, 0, n)} }

// Reset makes room for others, once these are stored.
func (a *Arrivals) Reset() {
	clear(a.list)
	a.Marks, a.list, a.flags, a.highest = Marks{}, a.list[:0], a.flags[:0], 0
}

// Put appends a header.
func (a *Arrivals) Put(h *mail.Header) {
	a.list, a.highest = append(a.list, newcomer{Header: *h}), max(a.highest, h.UID)
	n, e := &a.list[len(a.list)-1], &h.Envelope
	n.ids, n.from, n.to = identifiers(e), e.FromText(), e.ToText()
	a.json = e.AppendJSON(a.json[:0])
	n.envelope = a.keep(a.json)
	if h.Structure != nil {
		a.json = h.Structure.AppendJSON(a.json[:0])
		n.structure, n.attachments = a.keep(a.json), h.Structure.AttachmentCount()
	}
}

// PutFlags appends flags of a message that is held, or whose header was put before.
func (a *Arrivals) PutFlags(u mail.FlagUpdate) { a.flags = append(a.flags, u) }

func (a *Arrivals) keep(text []byte) string {
	if a.text.Cap()-a.text.Len() < len(text) {
		a.text = strings.Builder{}
		a.text.Grow(max(len(text), min(700*cap(a.list), 64<<10)))
	}
	start := a.text.Len()
	a.text.Write(text)
	return a.text.String()[start:]
}

// Headers is how many headers there are.
func (a *Arrivals) Headers() int { return len(a.list) }

// answers are those that are new here and answer others.
func (a *Arrivals) answers() (keys []mail.MessageKey) {
	for i := range a.list {
		if n := &a.list[i]; len(n.Envelope.References)+len(n.Envelope.InReplyTo) > 0 {
			keys = append(keys, n.key)
		}
	}
	return keys
}

// Len is how many headers there are; the flags of four messages count as one, as they are as much to write.
func (a *Arrivals) Len() int { return len(a.list) + len(a.flags)/4 }

// newcomers are the headers, to be reordered and left out.
func (a *Arrivals) newcomers() []*newcomer {
	list := make([]*newcomer, len(a.list))
	for i := range a.list {
		list[i] = &a.list[i]
	}
	return list
}

// Add stores headers that the server told of a mailbox. A UID that is known gets its flags renewed. A message that we
// moved here without being told its UID is recognised by Message-ID and size, and keeps its key. added are the keys of
// messages that were not known before.
func (s *Store) Add(ctx context.Context, key mail.MailboxKey, headers []mail.Header, marks Marks) (added []mail.MessageKey, err error) {
	a := NewArrivals(len(headers))
	a.Marks = marks
	for i := range headers {
		a.Put(&headers[i])
	}
	return s.AddAll(ctx, key, a, func() *Arrivals { return nil })
}

// mostAdded is how many headers one transaction takes before it looks for no more.
const mostAdded = 6000

// AddAll stores what arrived, and what more tells as long as that is not nil and nobody else waits to write: the pages of
// the identifiers, which lie anywhere, are then written once for many headers. Once more is called, or AddAll returns, what
// was given before may be Reset.
func (s *Store) AddAll(ctx context.Context, key mail.MailboxKey, a *Arrivals, more func() *Arrivals) (added []mail.MessageKey, err error) {
	err = s.write(ctx, normal, "store headers", func(t *transaction) error {
		for n := a.Len(); ; n += a.Len() {
			keys, err := t.arrive(key, a)
			if err != nil {
				return err
			}
			added = append(added, keys...)
			if n >= mostAdded || s.waiting.Load() > 0 {
				return nil
			}
			if a = more(); a == nil {
				return nil
			}
		}
	})
	return added, err
}

func (t *transaction) arrive(key mail.MailboxKey, a *Arrivals) (added []mail.MessageKey, err error) {
	next, awaited, err := t.expecting(key)
	if err != nil {
		return nil, err
	}
	if err := t.setMarks(key, a.Marks); err != nil {
		return nil, err
	}
	if added, err = t.add(key, a.newcomers()); err != nil {
		return nil, err
	}
	if awaited {
		if added, err = t.land(key, added); err != nil {
			return nil, err
		}
	}
	if _, err := t.tellFlags(key, a.flags); err != nil {
		return nil, err
	}
	if awaited {
		if err := t.resumeWishes(key); err != nil {
			return nil, err
		}
	}
	if a.highest < next {
		return added, nil // nothing came: these were there before
	}
	return added, t.hush(key, next, a.answers())
}

func (t *transaction) add(key mail.MailboxKey, list []*newcomer) (added []mail.MessageKey, err error) {
	if len(list) == 0 {
		return nil, nil
	}
	fresh, err := t.unknown(key, list)
	if err != nil {
		return nil, err
	}
	if fresh, err = t.recognise(key, fresh); err != nil || len(fresh) == 0 {
		return nil, err
	}
	return t.insert(key, fresh)
}

// unknown renews the flags of messages whose UID is held and returns the others, each UID once. It takes list over.
func (t *transaction) unknown(key mail.MailboxKey, list []*newcomer) (fresh []*newcomer, err error) {
	updates := make([]mail.FlagUpdate, 0, len(list))
	for _, n := range list {
		updates = append(updates, mail.FlagUpdate{UID: n.UID, Flags: n.Flags, Keywords: n.Keywords, Permanent: n.Permanent})
	}
	held, err := t.heldOf(key, updates)
	if err != nil {
		return nil, err
	}
	known := updates[:0:0]
	told := map[mail.MessageKey]*newcomer{}
	fresh = list[:0]
	seen := make(map[mail.UID]bool, len(list))
	seen[0] = true
	for i, n := range list {
		row, ok := held[n.UID]
		switch {
		case ok:
			known = append(known, updates[i])
			if n.structure != "" {
				told[row.key] = n
			}
		case !seen[n.UID]:
			fresh = append(fresh, n)
		}
		seen[n.UID] = true
	}
	if err := t.addStructures(told); err != nil {
		return nil, err
	}
	_, err = t.setFlags(held, known)
	return fresh, err
}

// addStructures stores the structures of messages that had none.
func (t *transaction) addStructures(told map[mail.MessageKey]*newcomer) error {
	if len(told) == 0 {
		return nil
	}
	lacking, err := collect(t.ctx, t, column[mail.MessageKey], "SELECT message_id FROM description WHERE structure = '' AND message_id IN (SELECT value FROM json_each(?))",
		list(slices.Collect(maps.Keys(told))))
	if err != nil {
		return err
	}
	for _, key := range lacking {
		if err := t.setStructure(key, told[key].structure, told[key].attachments); err != nil {
			return err
		}
	}
	return nil
}

// insert makes rows for messages that are new here. They have no wishes, so they are shown as the server said.
func (t *transaction) insert(mailbox mail.MailboxKey, list []*newcomer) ([]mail.MessageKey, error) {
	last, err := t.lastKey()
	if err != nil {
		return nil, err
	}
	th, err := t.threadsOf(mailbox, list)
	if err != nil {
		return nil, err
	}
	keys := make([]mail.MessageKey, len(list))
	for i, n := range list {
		keys[i] = last + mail.MessageKey(i) + 1
		n.key, n.thread = keys[i], th.assign(n.refs, int64(keys[i]))
	}
	if err := th.store(); err != nil {
		return nil, err
	}
	for _, n := range list {
		n.thread = th.root(n.thread)
	}
	t.count(mailbox).held += len(list)
	if err := t.insertRows(mailbox, list); err != nil {
		return nil, err
	}
	if err := t.present(mailbox, list, int64(last)); err != nil {
		return nil, err
	}
	return keys, t.learnAtOnce(mailbox, list)
}

// present makes new messages known to counts and conversations. Those after last have no messages but these, so there is
// nothing to be read: most of a first synchronisation.
func (t *transaction) present(mailbox mail.MailboxKey, list []*newcomer, last int64) error {
	type conversation struct {
		latest        *newcomer
		total, unseen int64
	}
	fresh := map[int64]*conversation{}
	for _, n := range list {
		state := visible(mail.State{Mailbox: mailbox, Flags: n.Flags})
		if state.Mailbox == 0 || n.thread <= last {
			t.enter(state, n.thread)
			continue
		}
		t.tally(state, 1)
		c := fresh[n.thread]
		if c == nil {
			c = &conversation{latest: n}
			fresh[n.thread] = c
		}
		if received(&n.Header) >= received(&c.latest.Header) { // their keys rise
			c.latest = n
		}
		c.total++
		if !n.Flags.Has(mail.Seen) {
			c.unseen++
		}
	}
	return bulk(t, "INSERT OR FAIL INTO conversation (mailbox_id, thread_id, latest, latest_id, total, unseen) VALUES", "",
		slices.Sorted(maps.Keys(fresh)), func(row []any, thread int64) []any {
			c := fresh[thread]
			return append(row, int64(mailbox), thread, received(&c.latest.Header), int64(c.latest.key), c.total, c.unseen)
		})
}

func (t *transaction) insertRows(mailbox mail.MailboxKey, list []*newcomer) error {
	box := int64(mailbox)
	err := bulk(t, `INSERT INTO message (id, mailbox_id, uid, flags, keywords, shown_mailbox_id, shown_flags, shown_keywords,
			internal_date, date, size, message_id, subject, from_text, to_text, list_id, attachments, thread_id)
		SELECT column1, column2, column3, column4, column5, iif(column4 & 8, 0, column2), column4, column5, column6, column7, column8, column9, column10,
			column11, column12, column13, column14, column15 FROM (VALUES`, ")", list, func(row []any, n *newcomer) []any {
		e := &n.Envelope
		return append(row, int64(n.key), box, int64(n.UID), int64(n.Flags), string(n.Keywords), received(&n.Header), unixOf(e.Date), n.Size,
			e.MessageID, e.Subject, n.from, n.to, e.ListID, int64(n.attachments), n.thread)
	})
	if err != nil {
		return err
	}
	return bulk(t, "INSERT OR FAIL INTO description (message_id, envelope, structure) VALUES", "", list, func(row []any, n *newcomer) []any {
		return append(row, int64(n.key), n.envelope, n.structure)
	})
}

// received is where a message stands in the list: its Date where the server gives no INTERNALDATE.
func received(h *mail.Header) int64 {
	if h.Received.IsZero() {
		return unixOf(h.Envelope.Date)
	}
	return h.Received.Unix()
}
