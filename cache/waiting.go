package cache

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"posthorn/mail"
)

// Doubt is what a wish waits for when its mailbox was renumbered, or the database was damaged.
type Doubt int

const (
	Certain      Doubt = iota
	NotRead            // until the mailbox is read again
	SeveralAlike       // for the person: more than one message may be meant
	NotThere           // for its message, which is not in the mailbox
)

// WishGroup is wishes that have not reached the server and that one command can fulfil: of one mailbox, kind and outcome;
// or one for a mailbox itself.
type WishGroup struct {
	Account   string
	Mailbox   mail.MailboxKey // where the server has the messages; 0: NotThere
	From      string          // its name
	Change    mail.Change
	To        string // of a move or copy: the name of its target
	ToAccount string // and its account
	Messages  int
	Since     time.Time // when the oldest of them was wanted
	NotBefore time.Time // when the first of them may be sent; zero or past: at once
	Attempts  int       // how often one was put off, at most
	LastError string    // why
	Doubt     Doubt
	Missing   string // NotThere: name of the mailbox that it waits for; empty: it waits for the message
	Errand    Errand // ID 0: it is for messages
}

// Wishes lists what has not reached the servers, the oldest first.
func (r *Reader) Wishes(ctx context.Context) ([]WishGroup, error) {
	groups, err := collect(ctx, r.db, func(rows *sql.Rows) (WishGroup, error) {
		var g WishGroup
		var w want
		var since, notBefore, order int64
		err := rows.Scan(&g.Account, &g.Mailbox, &g.From, &w.kind, &w.mask, &w.want, &w.add, &w.del, &w.target, &g.To, &g.ToAccount,
			&g.Messages, &since, &notBefore, &g.Attempts, &g.LastError, &g.Doubt, &g.Missing, &order)
		g.Change, g.Since, g.NotBefore = w.change(), fromUnix(since), fromUnix(notBefore)
		return g, err
	}, `SELECT b.account, b.id, b.name, o.kind, o.mask, o.want, o.add_keywords, o.del_keywords, o.target_id, ifnull(t.name, ''), ifnull(t.account, ''),
			count(*), min(o.wished_at), min(o.not_before), max(o.attempts), max(o.last_error), `+doubtOf+` AS doubt, '', min(o.rev)
		FROM operation o CROSS JOIN mailbox b ON b.id = `+whereFrom+` LEFT JOIN mailbox t ON t.id = o.target_id
		GROUP BY b.id, o.kind, o.mask, o.want, o.add_keywords, o.del_keywords, o.target_id, doubt
		UNION ALL SELECT account, 0, mailbox, kind, mask, want, add_keywords, del_keywords, 0, target, to_account, count(*), min(wished_at), 0, 0, '', 3, `+missing+`, min(id)
		FROM salvaged s GROUP BY account, mailbox, kind, mask, want, add_keywords, del_keywords, target, to_account
		ORDER BY 13, 19, 2`)
	if err != nil {
		return nil, fail("read the changes that wait", err)
	}
	errands, err := errandsOf(ctx, r.db, "")
	for _, e := range errands {
		groups = append(groups, WishGroup{Account: e.Account, Mailbox: e.Mailbox, From: e.Said, Since: e.Since, NotBefore: e.NotBefore,
			Attempts: e.Attempts, LastError: e.LastError, Errand: e})
	}
	slices.SortStableFunc(groups, func(a, b WishGroup) int { return a.Since.Compare(b.Since) })
	return groups, fail("read the changes that wait", err)
}

// missing is the mailbox that a salvaged wish s waits for; empty: both are there, or nobody has listed them yet.
const missing = `CASE WHEN s.strayed = 1 OR NOT EXISTS (SELECT 1 FROM mailbox WHERE account = s.account AND role = 'inbox') THEN ''
	WHEN NOT EXISTS (SELECT 1 FROM mailbox WHERE account = s.account AND name = s.mailbox AND noselect = 0) THEN s.mailbox
	WHEN s.target <> '' AND NOT EXISTS (SELECT 1 FROM mailbox WHERE account = ifnull(nullif(s.to_account, ''), s.account) AND name = s.target AND noselect = 0)
		THEN s.target ELSE '' END`

// whereFrom is the mailbox that a wish o is listed under: where its message is, or what is to be copied.
const whereFrom = "ifnull((SELECT mailbox_id FROM message WHERE id = o.source_id), (SELECT mailbox_id FROM message WHERE id = o.message_id))"

// doubtOf is the Doubt of a row of operation.
const doubtOf = "CASE WHEN renumbered = 0 THEN 0 WHEN renumbered > 0 THEN 1 ELSE 2 END"

const inGroup = " " + doubtOf + ` = ? AND kind = ? AND mask = ? AND want = ? AND add_keywords = ? AND del_keywords = ? AND target_id = ? AND ` + whereFrom + ` = ?`

func (g WishGroup) args() []any {
	w := wantOf(g.Change)
	return []any{g.Doubt, w.kind, w.mask, w.want, w.add, w.del, w.target, g.Mailbox}
}

// inSalvaged is inGroup for wishes that are NotThere.
const inSalvaged = " account = ? AND mailbox = ? AND kind = ? AND mask = ? AND want = ? AND add_keywords = ? AND del_keywords = ? AND target = ? AND to_account = ?"

// RetryWishes is a person's word to send the wishes of a group now, whatever they wait for: those that may be for one of
// several messages go to the one that shows them. What a message must be found for first goes on waiting.
func (s *Store) RetryWishes(ctx context.Context, g WishGroup) error {
	return s.write(ctx, normal, "try again", func(t *transaction) error {
		_, err := t.exec("UPDATE operation AS o SET not_before = 0, renumbered = max(renumbered, 0) WHERE"+inGroup, g.args()...)
		return err
	})
}

// DropWishes is a person's word to give up the wishes of a group: what the server said is shown again. One that is on
// its way meanwhile may come true nevertheless.
func (s *Store) DropWishes(ctx context.Context, g WishGroup) (touched []mail.MailboxKey, err error) {
	err = s.write(ctx, full, "give changes up", func(t *transaction) error {
		if g.Doubt == NotThere {
			w := wantOf(g.Change)
			_, err := t.exec("DELETE FROM salvaged WHERE"+inSalvaged, g.Account, g.From, w.kind, w.mask, w.want, w.add, w.del, g.To, g.ToAccount)
			return err
		}
		keys, err := collect(t.ctx, t, column[mail.MessageKey], "DELETE FROM operation AS o WHERE"+inGroup+" RETURNING message_id", g.args()...)
		if err != nil {
			return err
		}
		if g.Change.Kind() == mail.KindCopy {
			err = t.forget(keys)
		} else {
			err = t.reshow(keys)
		}
		touched = t.mailboxes()
		return err
	})
	return touched, err
}
