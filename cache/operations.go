package cache

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"posthorn/mail"
)

// Operation is a stored wish, with what is needed to tell the server.
type Operation struct {
	Message   mail.MessageKey // of a copy: the row that is to become it
	Account   string          // of the server that has the message, or what is to be copied
	Mailbox   mail.MailboxKey // where that is; 0: it is gone
	UID       mail.UID        // and its UID there
	Kind      mail.ChangeKind
	Change    mail.Change
	Rev       int64 // Done, Later and Refuse act on this revision only: a newer wish stays
	NotBefore time.Time
	Attempts  int
	LastError string
	MessageID string // to look for the message where it may have been moved to
	Size      int64
	Transfer
}

// want is a wish as its row holds it. Equal wishes are equal values.
type want struct {
	kind       mail.ChangeKind
	mask, want mail.Flags
	add, del   mail.Keywords
	target     mail.MailboxKey
	tried      string // mailbox keys, each with a space before and behind
	notBefore  int64
}

func wantOf(c mail.Change) want {
	switch c := c.(type) {
	case mail.FlagChange:
		return want{kind: mail.KindFlags, mask: c.Mask, want: c.Want & c.Mask, add: c.Add, del: c.Del.Without(c.Add)}
	case mail.Move:
		return want{kind: mail.KindMove, target: c.To}
	case mail.Copy:
		return want{kind: mail.KindCopy, target: c.To}
	default:
		return want{kind: mail.KindExpunge}
	}
}

func (w want) change() mail.Change {
	switch w.kind {
	case mail.KindFlags:
		return mail.FlagChange{Mask: w.mask, Want: w.want, Add: w.add, Del: w.del}
	case mail.KindMove:
		return mail.Move{To: w.target}
	case mail.KindCopy:
		return mail.Copy{To: w.target}
	default:
		return mail.Expunge{}
	}
}

// attempted are the mailboxes in which the server may have put the message at the request of this wish or of those
// it replaced, other than the one it said last.
func (w want) attempted(said mail.MailboxKey) []mail.MailboxKey {
	var out []mail.MailboxKey
	for _, word := range append([]string{strconv.FormatInt(int64(w.target), 10)}, strings.Fields(w.tried)...) {
		n, _ := strconv.ParseInt(word, 10, 64)
		if k := mail.MailboxKey(n); k != 0 && k != said && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

func triedText(keys []mail.MailboxKey) string {
	var b strings.Builder
	for _, k := range keys {
		b.WriteByte(' ')
		b.WriteString(strconv.FormatInt(int64(k), 10))
		b.WriteByte(' ')
	}
	return b.String()
}

const operationColumns = `o.message_id, ifnull(b.account, ''), ifnull(c.mailbox_id, 0), ifnull(c.uid, 0), o.kind, o.mask, o.want, o.add_keywords,
	o.del_keywords, o.target_id, o.rev, o.not_before, o.attempts, o.last_error, m.message_id, m.size, ` + stepOf + `, ifnull(c.id, 0), t.account,
	o.copying, o.uidnext, m.internal_date, m.flags, m.keywords, m.subject`

// carriers are wishes o with the message c that the server has: that of the wish, or what is to be copied. b is where it
// is, and t where it is to go.
const carriers = `operation o CROSS JOIN message m ON m.id = o.message_id
	LEFT JOIN message c ON c.id = iif(o.kind = 'copy', o.source_id, o.message_id) LEFT JOIN mailbox b ON b.id = c.mailbox_id
	LEFT JOIN mailbox t ON t.id = iif(o.copying <> 0, o.copying, o.target_id)`

func scanOperation(rows *sql.Rows) (Operation, error) {
	var o Operation
	var w want
	var notBefore, received int64
	var to sql.NullString
	err := rows.Scan(&o.Message, &o.Account, &o.Mailbox, &o.UID, &w.kind, &w.mask, &w.want, &w.add, &w.del,
		&w.target, &o.Rev, &notBefore, &o.Attempts, &o.LastError, &o.MessageID, &o.Size,
		&o.Step, &o.Source, &to, &o.Copying, &o.UIDNext, &received, &o.Flags, &o.Keywords, &o.Subject)
	o.Kind, o.Change, o.NotBefore, o.ToAccount, o.Received = w.kind, w.change(), fromUnix(notBefore), to.String, fromUnix(received)
	return o, err
}

// sendable are the wishes that a worker of the account ?1 can do something for, while those of the accounts in the list ?2
// are connected. A wish for a message whose UID is not known, or not for certain, waits, and so does a move to where the server has the message
// already, until that mailbox was synchronised (Settled), and one to where there is no mailbox yet. As long as a move is wanted, the other wishes for the message
// wait: the move may have happened in a command whose answer was lost, and a server answers OK to a STORE on a UID
// that is gone. Copies and moves of one message are sent in the order in which they were wished, and it is deleted after
// it was copied.
const sendable = carriers + `
	WHERE (o.renumbered = 0 OR c.id IS NULL) AND NOT EXISTS (SELECT 1 FROM errand e WHERE e.mailbox_id = o.target_id AND e.kind = 'create')
		AND (o.copying <> 0 AND t.account = ?1
		OR o.kind = 'copy' AND o.copying = 0 AND c.id IS NULL AND t.account = ?1
		OR o.copying = 0 AND c.uid > 0
			AND (o.kind IN ('move', 'copy') OR NOT EXISTS (SELECT 1 FROM operation v WHERE v.message_id = o.message_id AND v.kind = 'move'))
			AND (o.kind <> 'copy' OR NOT EXISTS (SELECT 1 FROM operation v WHERE v.message_id = o.source_id AND v.kind = 'move' AND v.rev < o.rev))
			AND (o.kind IN ('flags', 'copy') OR NOT EXISTS (SELECT 1 FROM operation k WHERE k.source_id = o.message_id AND k.source_id <> 0 AND (o.kind = 'expunge' OR k.rev < o.rev)))
			AND (b.account = ?1 AND (t.account IS NULL OR t.account = ?1) AND (o.kind = 'copy' OR o.target_id <> c.mailbox_id)
				OR b.account <> ?1 AND t.account = ?1 AND o.fetched = 1
				OR b.account = ?1 AND t.account <> ?1 AND o.fetched = 0 AND t.account IN (SELECT value FROM json_each(?2))
					AND (SELECT count(*) FROM operation f WHERE f.fetched = 1) < ` + maxAhead + `))`

// Due lists wishes of an account that may be sent now, at most limit: the oldest ones, ordered so that those which
// one command can fulfil (same step, mailbox, kind and outcome) stand together. Of one message there is either a move, or
// flags before an expunge. connected are the other accounts that what is fetched for them can be handed to.
func (r *Reader) Due(ctx context.Context, account string, now time.Time, limit int, connected ...string) ([]Operation, error) {
	if any, err := r.wished(ctx); err != nil || !any {
		return nil, err
	}
	ops, err := collect(ctx, r.db, scanOperation, dueQuery, account, names(connected), now.Unix(), limit)
	if err != nil {
		return nil, fail("read the changes to be sent", err)
	}
	slices.SortFunc(ops, compareOperations)
	return ops, nil
}

// wished tells whether there is any wish. Mostly there is none, and to ask that takes less time than to plan which may be sent.
func (r *Reader) wished(ctx context.Context) (any bool, err error) {
	err = r.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM operation)").Scan(&any)
	return any, fail("read the changes to be sent", err)
}

const dueQuery = "SELECT " + operationColumns + " FROM " + sendable + " AND o.not_before <= ?3 ORDER BY o.not_before, o.message_id LIMIT ?4"

func compareOperations(a, b Operation) int {
	v, w := wantOf(a.Change), wantOf(b.Change)
	return cmp.Or(cmp.Compare(stepRank(a.Step), stepRank(b.Step)), cmp.Compare(a.Copying, b.Copying), cmp.Compare(a.Mailbox, b.Mailbox), cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(v.target, w.target),
		cmp.Compare(v.mask, w.mask), cmp.Compare(v.want, w.want), cmp.Compare(v.add, w.add), cmp.Compare(v.del, w.del),
		cmp.Compare(a.UID, b.UID), cmp.Compare(a.Message, b.Message))
}

// rank is the order in which the wishes for one message are sent.
func rank(k mail.ChangeKind) int {
	return slices.Index([]mail.ChangeKind{mail.KindFlags, mail.KindCopy, mail.KindMove, mail.KindExpunge}, k)
}

// NextDue is when the next wish of an account may be sent: in the past where one is due, zero where there is none.
func (r *Reader) NextDue(ctx context.Context, account string, connected ...string) (time.Time, error) {
	if any, err := r.wished(ctx); err != nil || !any {
		return time.Time{}, err
	}
	var at int64
	err := r.db.QueryRowContext(ctx, nextDueQuery, account, names(connected)).Scan(&at)
	if err == sql.ErrNoRows {
		return time.Time{}, nil
	}
	return time.Unix(at, 0), fail("read the changes to be sent", err)
}

const nextDueQuery = "SELECT o.not_before FROM " + sendable + " ORDER BY o.not_before, o.message_id LIMIT 1"

// Waiting counts what has not reached a server: wishes, and mail that is not known to be sent.
func (r *Reader) Waiting(ctx context.Context) (wishes, outgoing int, err error) {
	err = r.db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM operation) + (SELECT count(*) FROM salvaged) + (SELECT count(*) FROM errand),
		(SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'filed'))`).Scan(&wishes, &outgoing)
	return wishes, outgoing, fail("count what waits", err)
}

// Later puts wishes off, unless something newer is wanted by now.
func (s *Store) Later(ctx context.Context, ops []Operation, notBefore time.Time, why string) error {
	return s.write(ctx, normal, "put changes off", func(t *transaction) error {
		return each(t, "UPDATE operation SET not_before = ?, attempts = attempts + 1, last_error = ? WHERE message_id = ? AND kind = ? AND rev = ?",
			ops, func(o Operation) []any { return []any{toUnix(notBefore), why, o.Message, o.Kind, o.Rev} })
	})
}

// revision is what wishes of one kind, made in one stroke, have in common.
type revision struct {
	kind mail.ChangeKind
	rev  int64
}

func byRevision(ops []Operation) map[revision][]mail.MessageKey {
	groups := map[revision][]mail.MessageKey{}
	for _, o := range ops {
		g := revision{o.Kind, o.Rev}
		groups[g] = append(groups[g], o.Message)
	}
	return groups
}

// drop deletes wishes, unless something newer is wanted by now.
func (t *transaction) drop(ops []Operation) error {
	for g, keys := range byRevision(ops) {
		if _, err := t.exec("DELETE FROM operation WHERE kind = ? AND rev = ? AND message_id IN (SELECT value FROM json_each(?))",
			g.kind, g.rev, list(keys)); err != nil {
			return err
		}
	}
	return nil
}

// Refuse drops wishes that the server will not fulfil, and shows what it said instead.
func (s *Store) Refuse(ctx context.Context, ops []Operation, why string) (touched []mail.MailboxKey, err error) {
	err = s.write(ctx, full, "take back what the server refused", func(t *transaction) error {
		if err := t.unmake(ops); err != nil {
			return err
		}
		if err := t.drop(ops); err != nil {
			return err
		}
		err := t.reshow(messagesOf(ops))
		touched = t.mailboxes()
		return err
	})
	return touched, err
}

func messagesOf(ops []Operation) []mail.MessageKey {
	keys := make([]mail.MessageKey, len(ops))
	for i, o := range ops {
		keys[i] = o.Message
	}
	return keys
}

// toUnix rounds up, so that nothing happens before its time. The zero time is 0.
func toUnix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	if t.Nanosecond() > 0 {
		return t.Unix() + 1
	}
	return t.Unix()
}

func fromUnix(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(n, 0)
}
