package cache

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"posthorn/mail"
)

// OutState is how far an outgoing message is. The values are stored: never rename one.
type OutState string

// The states, in the order of a message that goes well.
const (
	Queued    OutState = "queued"   // waits for NotBefore
	Sending   OutState = "sending"  // committed before MAIL FROM: the server cannot have taken it
	DotSent   OutState = "dot-sent" // committed before the final dot: the server may have taken it
	Sent      OutState = "sent"     // all recipients accepted
	Filed     OutState = "filed"    // and a copy is in Sent
	Failed    OutState = "failed"   // refused for good for those in To
	Uncertain OutState = "unknown"  // the answer to the final dot never came; a person decides
)

// transitions are the states that may follow each. From dot-sent nothing leads back to queued by itself but a clear
// answer of the server; what a person decides goes through Requeue.
var transitions = map[OutState][]OutState{
	Queued:    {Queued, Sending, Sent, Failed},
	Sending:   {Sending, DotSent, Queued, Failed},
	DotSent:   {DotSent, Sent, Uncertain, Queued, Failed},
	Uncertain: {Uncertain, Sent, Queued, Failed},
	Sent:      {Sent, Filed},
	Failed:    {Failed, Queued, Sent},
	Filed:     {Filed},
}

// Outgoing is a message on its way. Its bytes are made once and are the same on every try.
type Outgoing struct {
	Key                int64
	Account            string
	State              OutState
	Bytes              []byte
	From               string
	To                 []string // still to be accepted
	MessageID, Subject string
	Draft              string          // JSON, to give back
	Original           mail.MessageKey // answered or forwarded; 0: none
	Mark               mail.Flags      // which Original gets once this is sent
	NotBefore, Created time.Time
	Attempts           int
	LastError          string
}

const outgoingColumns = `id, account, state, sender, recipients, message_id, subject, draft, original, mark, not_before, created_at, attempts, last_error`

func scanOutgoing(rows *sql.Rows, more ...any) (Outgoing, error) {
	var o Outgoing
	var to string
	var notBefore, created int64
	if err := rows.Scan(append([]any{&o.Key, &o.Account, &o.State, &o.From, &to, &o.MessageID, &o.Subject, &o.Draft, &o.Original,
		&o.Mark, &notBefore, &created, &o.Attempts, &o.LastError}, more...)...); err != nil {
		return o, err
	}
	o.NotBefore, o.Created = fromUnix(notBefore), fromUnix(created)
	return o, json.Unmarshal([]byte(to), &o.To)
}

// Outbox lists outgoing mail that is not filed, the oldest first, without Bytes.
func (r *Reader) Outbox(ctx context.Context) ([]Outgoing, error) {
	found, err := collect(ctx, r.db, func(rows *sql.Rows) (Outgoing, error) { return scanOutgoing(rows) },
		"SELECT "+outgoingColumns+" FROM outbox WHERE state <> 'filed' ORDER BY id")
	return found, fail("read the outbox", err)
}

// Outgoing is one outgoing message with its bytes; an error of Kind Gone where it is not there.
func (r *Reader) Outgoing(ctx context.Context, key int64) (Outgoing, error) {
	found, err := outgoing(ctx, r.db, key)
	return found, fail("read the outbox", err)
}

func outgoing(ctx context.Context, q querier, key int64) (Outgoing, error) {
	found, err := collect(ctx, q, func(rows *sql.Rows) (Outgoing, error) {
		var raw []byte
		o, err := scanOutgoing(rows, &raw)
		o.Bytes = raw
		return o, err
	}, "SELECT "+outgoingColumns+", bytes FROM outbox WHERE id = ?", key)
	if err != nil {
		return Outgoing{}, err
	}
	if len(found) == 0 {
		return Outgoing{}, gone("read the outbox", "the message is not in the outbox any more: it was sent, taken back or deleted")
	}
	return found[0], nil
}

// Queue puts a message into the outbox in place of its draft; draft 0: there is none. A draft that is not there was
// sent already: sending it twice is refused. Until NotBefore it can be undone.
func (s *Store) Queue(ctx context.Context, o Outgoing, draft int64) (key int64, err error) {
	const op = "put the message into the outbox"
	to, err := json.Marshal(o.To)
	if err != nil {
		return 0, fail(op, err)
	}
	err = s.write(ctx, full, op, func(t *transaction) error {
		if draft != 0 {
			n, err := t.exec("DELETE FROM draft WHERE id = ?", draft)
			if err != nil {
				return err
			}
			if n == 0 {
				return gone("send", "this draft was sent or deleted already: look into the outbox, or save it again to send it once more")
			}
		}
		created := toUnix(o.Created)
		if created == 0 {
			created = t.now
		}
		if o.Bytes == nil {
			o.Bytes = []byte{}
		}
		err := t.QueryRowContext(t.ctx, `INSERT INTO outbox (account, state, bytes, sender, recipients, message_id, subject, draft, original, mark,
				not_before, created_at) VALUES (?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			o.Account, o.Bytes, o.From, string(to), o.MessageID, o.Subject, o.Draft, o.Original, o.Mark, toUnix(o.NotBefore), created).Scan(&key)
		if err != nil || o.NotBefore.IsZero() {
			return err
		}
		return t.pushAction(entry{what: "sent “" + o.Subject + "”", outgoing: key, until: toUnix(o.NotBefore)})
	})
	return key, err
}

// SetOutgoing stores how far a message is: State, To, NotBefore, Attempts and LastError; nothing else of it ever
// changes. A state that cannot follow the stored one is refused, and so is a message that was taken back: whoever is
// about to send it must not. With Sent the wish to mark the original is stored too.
func (s *Store) SetOutgoing(ctx context.Context, o Outgoing) error {
	const op = "store how far the message is"
	to, err := json.Marshal(o.To)
	if err != nil {
		return fail(op, err)
	}
	return s.write(ctx, full, op, func(t *transaction) error {
		had, err := t.outgoingState(o.Key)
		if err != nil {
			return err
		}
		if !slices.Contains(transitions[had], o.State) {
			return refused(op, "the message is "+string(had)+" and cannot become "+string(o.State))
		}
		if _, err := t.exec("UPDATE outbox SET state = ?, recipients = ?, not_before = ?, attempts = ?, last_error = ? WHERE id = ?",
			o.State, string(to), toUnix(o.NotBefore), o.Attempts, o.LastError, o.Key); err != nil {
			return err
		}
		if o.State != Sent || had == Sent {
			return nil
		}
		return t.markOriginal(o.Key)
	})
}

// markOriginal wants the flags set that an answer or a forwarded copy leaves on its original.
func (t *transaction) markOriginal(key int64) error {
	var original mail.MessageKey
	var mark mail.Flags
	if err := t.QueryRowContext(t.ctx, "SELECT original, mark FROM outbox WHERE id = ?", key).Scan(&original, &mark); err != nil {
		return err
	}
	if original == 0 || mark == 0 {
		return nil
	}
	_, err := t.wish([]mail.Targeted{{Message: original, Change: mail.FlagChange{Mask: mark, Want: mark}}}, 0)
	return err
}

func (t *transaction) outgoingState(key int64) (OutState, error) {
	var state OutState
	err := t.QueryRowContext(t.ctx, "SELECT state FROM outbox WHERE id = ?", key).Scan(&state)
	if err == sql.ErrNoRows {
		return "", gone("read the outbox", "the message is not in the outbox any more: it was sent, taken back or deleted")
	}
	return state, err
}

// idle is the state of a message that is not in the hands of a sender: a person may decide about it.
func (t *transaction) idle(op string, key int64) error {
	state, err := t.outgoingState(key)
	if err != nil {
		return err
	}
	if state == Sending || state == DotSent {
		return refused(op, "the message is being sent: wait for the server's answer")
	}
	return nil
}

// Requeue is a person's word to send a message of the outbox again, or now. One that is in the hands of a sender is
// left alone, whatever was known when the person decided.
func (s *Store) Requeue(ctx context.Context, key int64) error {
	const op = "send again"
	return s.write(ctx, full, op, func(t *transaction) error {
		if err := t.idle(op, key); err != nil {
			return err
		}
		n, err := t.exec("UPDATE outbox SET state = 'queued', not_before = ? WHERE id = ? AND state IN ('queued', 'unknown', 'failed')", t.now, key)
		if err == nil && n == 0 {
			return refused(op, "the message is sent already")
		}
		return err
	})
}

// RequeueUnsent is Requeue for a message that no server has seen, with other bytes; where it has by now, it is refused.
func (s *Store) RequeueUnsent(ctx context.Context, key int64, bytes []byte) error {
	const op = "send now"
	return s.write(ctx, full, op, func(t *transaction) error {
		n, err := t.exec("UPDATE outbox SET bytes = ?, not_before = ? WHERE id = ? AND state = 'queued' AND attempts = 0", bytes, t.now, key)
		if err == nil && n == 0 {
			return refused(op, "the message is being sent already")
		}
		return err
	})
}

// Planned counts mail that waits for its time, and when the first of it is due.
func (r *Reader) Planned(ctx context.Context, now time.Time) (n int, next time.Time, err error) {
	var at int64
	err = r.db.QueryRowContext(ctx, "SELECT count(*), ifnull(min(not_before), 0) FROM outbox WHERE state = 'queued' AND attempts = 0 AND not_before > ?",
		now.Unix()).Scan(&n, &at)
	return n, fromUnix(at), fail("read the outbox", err)
}

// DeleteOutgoing takes a message out of the outbox for good, unless it is being sent.
func (s *Store) DeleteOutgoing(ctx context.Context, key int64) error {
	const op = "delete the outgoing message"
	return s.write(ctx, full, op, func(t *transaction) error {
		if err := t.idle(op, key); err != nil {
			return err
		}
		_, err := t.exec("DELETE FROM outbox WHERE id = ?", key)
		return err
	})
}

// GiveBack makes an outgoing message a draft again, unless it is sent or being sent.
func (s *Store) GiveBack(ctx context.Context, key int64) (draft int64, err error) {
	const op = "take the message back"
	err = s.write(ctx, full, op, func(t *transaction) error {
		state, err := t.outgoingState(key)
		if err != nil {
			return err
		}
		switch state {
		case Sending, DotSent:
			return refused(op, "the message is being sent: wait for the server's answer")
		case Sent, Filed:
			return refused(op, "the message is sent already")
		}
		if _, err := t.exec("DELETE FROM undo WHERE outgoing = ?", key); err != nil {
			return err
		}
		draft, err = t.giveBack(key)
		return err
	})
	return draft, err
}

// takeBackUnsent makes a message a draft again if nobody tried to send it yet; draft is 0 otherwise.
func (t *transaction) takeBackUnsent(key int64) (draft int64, err error) {
	var unsent bool
	if err := t.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM outbox WHERE id = ? AND state = 'queued' AND attempts = 0)", key).Scan(&unsent); err != nil || !unsent {
		return 0, err
	}
	return t.giveBack(key)
}

func (t *transaction) giveBack(key int64) (draft int64, err error) {
	var account, data string
	if err := t.QueryRowContext(t.ctx, "DELETE FROM outbox WHERE id = ? RETURNING account, draft", key).Scan(&account, &data); err != nil {
		return 0, err
	}
	return t.saveDraft(0, account, data)
}
