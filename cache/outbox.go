package cache

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
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
	Failed    OutState = "failed"   // refused for good: as a whole, or for those in Refused
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

// Copy is how far the copy of a message is that belongs into Sent: whether all have the message or only some is another
// matter. The values are stored: never renumber one.
type Copy int

// The steps; none leads back.
const (
	NoCopy    Copy = iota // nobody has the message yet
	CopyDue               // somebody has it, and its copy is to be filed
	CopyFiled             // its copy is in Sent, or needs none
)

// Refusal is a recipient the server refused for good, and in which words.
type Refusal struct {
	Address string `json:"address"`
	Said    string `json:"said"`
}

// Outgoing is a message on its way. Its bytes are made once and are the same on every try.
type Outgoing struct {
	Key                int64
	Account            string
	State              OutState
	Bytes              []byte
	From               string
	To                 []string // still to be accepted
	Refused            []Refusal
	Copy               Copy
	MessageID, Subject string
	Draft              string            // JSON, to give back
	Original           mail.MessageKey   // answered or forwarded; 0: none
	Mark               mail.Flags        // which Original gets once this is sent
	Forwarded          []mail.MessageKey // whole messages that go along: they get mail.Forwarded
	NotBefore, Created time.Time
	Attempts           int
	LastError          string
	Filed              []mail.Targeted // moves to Archive, made as this is put into the outbox. It is not kept
}

// Left are those who have not got the message: it is still to be tried for them, or they were refused.
func (o Outgoing) Left() []string {
	left := slices.Clone(o.To)
	for _, r := range o.Refused {
		left = append(left, r.Address)
	}
	return left
}

const outgoingColumns = `id, account, state, sender, recipients, refused, copy, message_id, subject, draft, original, mark, forwarded, not_before, created_at, attempts, last_error`

func scanOutgoing(rows *sql.Rows, more ...any) (Outgoing, error) {
	var o Outgoing
	var to, refused, forwarded string
	var notBefore, created int64
	if err := rows.Scan(append([]any{&o.Key, &o.Account, &o.State, &o.From, &to, &refused, &o.Copy, &o.MessageID, &o.Subject, &o.Draft, &o.Original,
		&o.Mark, &forwarded, &notBefore, &created, &o.Attempts, &o.LastError}, more...)...); err != nil {
		return o, err
	}
	o.NotBefore, o.Created = fromUnix(notBefore), fromUnix(created)
	return o, errors.Join(json.Unmarshal([]byte(to), &o.To), json.Unmarshal([]byte(refused), &o.Refused),
		json.Unmarshal([]byte(forwarded), &o.Forwarded))
}

// lists are To and Refused as they are stored.
func (o Outgoing) lists() (to, refused string, err error) {
	a, err1 := json.Marshal(slices.Concat([]string{}, o.To))
	b, err2 := json.Marshal(slices.Concat([]Refusal{}, o.Refused))
	return string(a), string(b), errors.Join(err1, err2)
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

func outgoing(ctx context.Context, q querier, key int64) (o Outgoing, err error) {
	var raw []byte
	if o, err = oneOutgoing(ctx, q, key, ", bytes", &raw); err == nil {
		o.Bytes = raw
	}
	return o, err
}

// oneOutgoing is a message, and other columns of its row.
func oneOutgoing(ctx context.Context, q querier, key int64, columns string, more ...any) (Outgoing, error) {
	found, err := collect(ctx, q, func(rows *sql.Rows) (Outgoing, error) { return scanOutgoing(rows, more...) },
		"SELECT "+outgoingColumns+columns+" FROM outbox WHERE id = ?", key)
	if err != nil {
		return Outgoing{}, err
	}
	if len(found) == 0 {
		return Outgoing{}, gone("read the outbox", "the message is not in the outbox any more: it was sent, taken back or deleted")
	}
	return found[0], nil
}

// Queue puts a message into the outbox in place of its draft; draft 0: there is none. A draft that is not there was
// sent already: sending it twice is refused. Until NotBefore it can be undone, and with it that Original was filed.
func (s *Store) Queue(ctx context.Context, o Outgoing, draft int64) (key int64, touched []mail.MailboxKey, err error) {
	const op = "put the message into the outbox"
	to, _, err := o.lists()
	if err != nil {
		return 0, nil, fail(op, err)
	}
	err = s.write(ctx, full, op, func(t *transaction) error {
		if draft != 0 {
			_, there, err := t.endDraft(draft)
			if err != nil {
				return err
			}
			if !there {
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
		forwarded, err := json.Marshal(slices.Concat([]mail.MessageKey{}, o.Forwarded))
		if err != nil {
			return err
		}
		err = t.QueryRowContext(t.ctx, `INSERT INTO outbox (account, state, bytes, sender, recipients, message_id, subject, draft, original, mark, forwarded,
				not_before, created_at) VALUES (?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			o.Account, o.Bytes, o.From, to, o.MessageID, o.Subject, o.Draft, o.Original, o.Mark, string(forwarded), toUnix(o.NotBefore), created).Scan(&key)
		if err != nil {
			return err
		}
		done := entry{what: "sent “" + o.Subject + "”", outgoing: key, until: toUnix(o.NotBefore)}
		if len(o.Filed) > 0 {
			filed, err := t.wish(o.Filed, 0)
			if err != nil {
				return err
			}
			done.changes, touched = filed.inverses(), t.mailboxes()
		}
		if o.NotBefore.IsZero() {
			if len(done.changes) == 0 {
				return nil
			}
			done = entry{what: filedWhat(done.changes), changes: done.changes}
		}
		return t.pushAction(done)
	})
	return key, touched, err
}

// filedWhat is what is undone of a message that was sent and filed what it answers, once it is on its way.
func filedWhat(back []inverse) string {
	n := 0
	for _, v := range back {
		n += len(v.Messages)
	}
	if n == 1 {
		return "archived 1 message"
	}
	return fmt.Sprintf("archived %d messages", n)
}

// SetOutgoing stores how far a message is: State, To, Refused, Copy, NotBefore, Attempts and LastError; nothing else of it
// ever changes. A state that cannot follow the stored one is refused, and so is a message that was taken back: whoever
// is about to send it must not. When somebody has the message, the wish to mark the original is stored too.
func (s *Store) SetOutgoing(ctx context.Context, o Outgoing) error {
	const op = "store how far the message is"
	to, refusedFor, err := o.lists()
	if err != nil {
		return fail(op, err)
	}
	if o.State == Sent {
		o.Copy = max(o.Copy, CopyDue)
	}
	return s.write(ctx, full, op, func(t *transaction) error {
		had, err := oneOutgoing(t.ctx, t, o.Key, "")
		if err != nil {
			return err
		}
		if !slices.Contains(transitions[had.State], o.State) {
			return refused(op, "the message is "+string(had.State)+" and cannot become "+string(o.State))
		}
		if _, err := t.exec("UPDATE outbox SET state = ?, recipients = ?, refused = ?, copy = max(copy, ?), not_before = ?, attempts = ?, last_error = ? WHERE id = ?",
			o.State, to, refusedFor, o.Copy, toUnix(o.NotBefore), o.Attempts, o.LastError, o.Key); err != nil {
			return err
		}
		if had.Copy != NoCopy || o.Copy == NoCopy {
			return nil
		}
		return t.markOriginals(had)
	})
}

// markOriginals wants the flags set that an answer or a forwarded copy leaves on its originals.
func (t *transaction) markOriginals(o Outgoing) error {
	var marks []mail.Targeted
	if o.Original != 0 && o.Mark != 0 {
		marks = append(marks, mail.Targeted{Message: o.Original, Change: mail.FlagChange{Mask: o.Mark, Want: o.Mark}})
	}
	for _, key := range o.Forwarded {
		marks = append(marks, mail.Targeted{Message: key, Change: mail.FlagChange{Mask: mail.Forwarded, Want: mail.Forwarded}})
	}
	if len(marks) == 0 {
		return nil
	}
	_, err := t.wish(marks, 0)
	return err
}

// idle is a message that is not in the hands of a sender: a person may decide about it.
func (t *transaction) idle(op string, key int64) (Outgoing, error) {
	o, err := oneOutgoing(t.ctx, t, key, "")
	switch {
	case err != nil:
		return o, err
	case o.State == Sending || o.State == DotSent:
		return o, refused(op, "the message is being sent: wait for the server's answer")
	case o.State == Sent || o.State == Filed:
		return o, refused(op, "the message is sent already")
	}
	return o, nil
}

// Requeue is a person's word to send a message of the outbox again, or now: where nothing more was to be done by itself
// it is sent also to those who were refused. One that is in the hands of a sender is left alone, whatever was known when
// the person decided.
func (s *Store) Requeue(ctx context.Context, key int64) error {
	const op = "send again"
	return s.write(ctx, full, op, func(t *transaction) error {
		o, err := t.idle(op, key)
		if err != nil {
			return err
		}
		if o.State != Queued {
			o.To, o.Refused = o.Left(), nil
		}
		to, refusedFor, err := o.lists()
		if err == nil {
			_, err = t.exec("UPDATE outbox SET state = 'queued', not_before = ?, recipients = ?, refused = ? WHERE id = ?", t.now, to, refusedFor, key)
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

// FiledOutgoing notes that the copy of a message is in Sent, which has to be synchronised for that. A message that all
// have is done with, and leaves the outbox; waited: another program handed it over, and it stays for that to see.
func (s *Store) FiledOutgoing(ctx context.Context, key int64, sent mail.MailboxKey, waited bool) error {
	const op = "store that the copy is filed"
	return s.write(ctx, full, op, func(t *transaction) error {
		if _, err := t.exec("UPDATE mailbox SET dirty = 1 WHERE id = ?", sent); err != nil {
			return err
		}
		done := "DELETE FROM outbox WHERE id = ? AND state = 'sent'"
		if waited {
			done = "UPDATE outbox SET state = 'filed' WHERE id = ? AND state = 'sent'"
		}
		if _, err := t.exec(done, key); err != nil {
			return err
		}
		_, err := t.exec("UPDATE outbox SET copy = ? WHERE id = ?", CopyFiled, key)
		return err
	})
}

// takeOut takes a message out of the outbox; what some have stays until its copy is filed.
func (t *transaction) takeOut(o Outgoing) error {
	query := "DELETE FROM outbox WHERE id = ?"
	if o.Copy == CopyDue {
		query = "UPDATE outbox SET state = 'sent', recipients = '[]', refused = '[]', last_error = '' WHERE id = ?"
	}
	_, err := t.exec(query, o.Key)
	return err
}

// GiveBack makes an outgoing message a draft again, unless it is sent or being sent. The draft is what the caller made of
// o, and is to go to nobody who has the message; empty: there is to be none. Where the row tells otherwise by now, nothing is
// done. What some have stays until its copy is filed.
func (s *Store) GiveBack(ctx context.Context, o Outgoing, data string) (draft int64, err error) {
	const op = "take the message back"
	err = s.write(ctx, full, op, func(t *transaction) error {
		had, err := t.idle(op, o.Key)
		if err != nil {
			return err
		}
		if !slices.Equal(had.Left(), o.Left()) || had.Copy == NoCopy != (o.Copy == NoCopy) {
			return refused(op, "the server has answered meanwhile: look how it stands, and try again")
		}
		if _, err := t.exec("DELETE FROM undo WHERE outgoing = ?", o.Key); err != nil {
			return err
		}
		if err := t.takeOut(had); err != nil || data == "" {
			return err
		}
		draft, err = t.saveDraft(Saved{Account: o.Account, Data: data, MirrorAt: fromUnix(t.now)})
		return err
	})
	return draft, err
}

// takeBackUnsent makes a message a draft again that waits to be sent, for the first time or after tries that gave it to
// nobody; draft is 0 otherwise.
func (t *transaction) takeBackUnsent(key int64) (draft int64, err error) {
	var account, data string
	err = t.QueryRowContext(t.ctx, "DELETE FROM outbox WHERE id = ? AND state = 'queued' AND copy = 0 RETURNING account, draft", key).
		Scan(&account, &data)
	if err == sql.ErrNoRows {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return t.saveDraft(Saved{Account: account, Data: data, MirrorAt: fromUnix(t.now)})
}
