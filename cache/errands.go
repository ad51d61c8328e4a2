package cache

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"posthorn/mail"
)

// ErrandKind is what is wanted of a mailbox itself.
type ErrandKind string

// The kinds of Errand.
const (
	CreateMailbox      ErrandKind = "create"
	RenameMailbox      ErrandKind = "rename" // with all below it
	DeleteMailbox      ErrandKind = "delete" // with all that is in it, but not what is below it
	SubscribeMailbox   ErrandKind = "subscribe"
	UnsubscribeMailbox ErrandKind = "unsubscribe"
)

// Errand is a wish about a mailbox itself. It is shown at once and stays until the server has agreed, or refused.
type Errand struct {
	ID           int64            `json:"id"`
	Account      string           `json:"account"`
	Mailbox      mail.MailboxKey  `json:"mailbox"` // of one that is to be made: the row that waits for it
	Kind         ErrandKind       `json:"kind"`
	Name         string           `json:"name"`                   // the full name wanted, or the one it had
	From         string           `json:"from,omitempty"`         // rename: what was shown before
	Messages     int              `json:"messages,omitempty"`     // delete: how many may go with it
	Unsubscribed bool             `json:"unsubscribed,omitempty"` // delete: the user was not subscribed to it
	UIDValidity  mail.UIDValidity `json:"-"`                      // delete: as it was when that was wished; 0: not known
	UIDNext      mail.UID         `json:"-"`                      // delete: at most what it has as long as no other messages came; 0: not known
	Said         string           `json:"-"`                      // what the server calls it now
	Delimiter    string           `json:"-"`                      // divides its name
	Tried        bool             `json:"-"`                      // the server may have done it
	Since        time.Time        `json:"-"`
	NotBefore    time.Time        `json:"-"`
	Attempts     int              `json:"-"`
	LastError    string           `json:"-"`
}

const errandColumns = `e.id, e.account, e.mailbox_id, e.kind, e.name, e.messages, e.uidvalidity, e.uidnext, b.name, b.delimiter,
	e.tried, e.wished_at, e.not_before, e.attempts, e.last_error
	FROM errand e JOIN mailbox b ON b.id = e.mailbox_id`

func scanErrand(rows *sql.Rows) (e Errand, err error) {
	var since, notBefore int64
	err = rows.Scan(&e.ID, &e.Account, &e.Mailbox, &e.Kind, &e.Name, &e.Messages, &e.UIDValidity, &e.UIDNext, &e.Said, &e.Delimiter,
		&e.Tried, &since, &notBefore, &e.Attempts, &e.LastError)
	e.Since, e.NotBefore = fromUnix(since), fromUnix(notBefore)
	return e, err
}

// errandsOf are all errands, or those of an account, in the order in which they were wished.
func errandsOf(ctx context.Context, q querier, account string) ([]Errand, error) {
	return collect(ctx, q, scanErrand, "SELECT "+errandColumns+" WHERE ?1 IN ('', e.account) ORDER BY e.id", account)
}

// holdsMail is what a mailbox must be for messages to go there; isThere, that the server has it.
const (
	holdsMail = "noselect = 0 AND id NOT IN (SELECT mailbox_id FROM errand WHERE kind = 'delete')"
	isThere   = "id NOT IN (SELECT mailbox_id FROM errand WHERE kind = 'create')"
)

// DueErrand is the next errand of an account that may be done now; ID 0: there is none. One waits for those before it that
// concern the same mailbox or one above or below it, and a deletion for messages that are to be moved or copied out.
func (r *Reader) DueErrand(ctx context.Context, account string, now time.Time) (Errand, error) {
	all, err := errandsOf(ctx, r.db, account)
	if err != nil {
		return Errand{}, fail("read what is wanted of mailboxes", err)
	}
	for i, e := range all {
		if e.NotBefore.After(now) || slices.ContainsFunc(all[:i], e.concerns) {
			continue
		}
		if e.Kind == DeleteMailbox {
			var leaving bool
			if err := r.db.QueryRowContext(ctx, leavingQuery, e.Mailbox).Scan(&leaving); err != nil {
				return Errand{}, fail("read what is wanted of mailboxes", err)
			}
			if leaving {
				continue
			}
		}
		return e, nil
	}
	return Errand{}, nil
}

const leavingQuery = `SELECT EXISTS (SELECT 1 FROM message m JOIN operation o ON o.message_id = m.id WHERE m.mailbox_id = ?1 AND o.kind = 'move' AND o.target_id <> ?1)
	OR EXISTS (SELECT 1 FROM operation o JOIN message m ON m.id = o.source_id WHERE o.kind = 'copy' AND o.source_id <> 0 AND m.mailbox_id = ?1)`

// concerns tells whether two errands must be done in their order. Any delimiter may divide names: one too many waits at
// most.
func (e Errand) concerns(other Errand) bool {
	related := func(a, b string) bool {
		short, long := a, b
		if len(a) > len(b) {
			short, long = b, a
		}
		return long[:len(short)] == short
	}
	for _, a := range []string{e.Name, e.Said} {
		for _, b := range []string{other.Name, other.Said} {
			if related(a, b) {
				return true
			}
		}
	}
	return e.Mailbox == other.Mailbox
}

// NextErrand is when the next errand of an account that cannot be done yet may be; zero: there is none.
func (r *Reader) NextErrand(ctx context.Context, account string, now time.Time) (time.Time, error) {
	var next int64
	err := r.db.QueryRowContext(ctx, "SELECT ifnull(min(not_before), 0) FROM errand WHERE account = ? AND not_before > ?", account, now.Unix()).Scan(&next)
	return fromUnix(next), fail("read what is wanted of mailboxes", err)
}

// overlay makes of mailboxes as the servers have them what is shown: as they will be when all errands are done.
func overlay(all []mail.Mailbox, errands []Errand) []mail.Mailbox {
	for _, e := range errands {
		at := slices.IndexFunc(all, func(m mail.Mailbox) bool { return m.Key == e.Mailbox })
		if at < 0 {
			continue
		}
		m := &all[at]
		switch e.Kind {
		case CreateMailbox:
			m.Pending = true
		case RenameMailbox:
			from := m.Name
			for i := range all {
				if all[i].Account == e.Account {
					all[i].Name = mail.Renamed(all[i].Name, from, e.Name, m.Delimiter)
				}
			}
			m.Pending = true
		case DeleteMailbox:
			if parent(all, *m) {
				m.NoSelect, m.Pending, m.Total, m.Unseen = true, true, 0, 0
			} else {
				all = slices.Delete(all, at, at+1)
			}
		case SubscribeMailbox, UnsubscribeMailbox:
			m.Subscribed = e.Kind == SubscribeMailbox
		}
	}
	return all
}

// parent tells whether there are mailboxes below one.
func parent(all []mail.Mailbox, m mail.Mailbox) bool {
	return slices.ContainsFunc(all, func(c mail.Mailbox) bool { return c.Account == m.Account && mail.Below(c.Name, m.Name, m.Delimiter) })
}

// shownMailboxes are the mailboxes as they are shown, in no order.
func shownMailboxes(ctx context.Context, q querier) ([]mail.Mailbox, error) {
	all, err := collect(ctx, q, scanMailbox, "SELECT "+mailboxColumns+" FROM mailbox")
	if err != nil {
		return nil, err
	}
	errands, err := errandsOf(ctx, q, "")
	return overlay(all, errands), err
}

// Holds is how many messages go with a mailbox that is deleted, as far as is known.
func (r *Reader) Holds(ctx context.Context, key mail.MailboxKey) (n int, err error) {
	err = r.db.QueryRowContext(ctx, "SELECT iif(backfill_uid = 1, total, max(total, status_total)) FROM mailbox WHERE id = ?", key).Scan(&n)
	return n, fail("count the messages of a mailbox", err)
}
