package cache

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"posthorn/mail"
)

// maxUndo is how many actions can be undone.
const maxUndo = 100

// inverse is a change that leads back, for all messages it is the same for, as it is stored. An expunge stands for
// itself: it is undone by dropping the wish while its grace period lasts. So does a copy: undone, it is not made or goes.
type inverse struct {
	Kind     mail.ChangeKind   `json:"kind"`
	Mask     mail.Flags        `json:"mask,omitempty"`
	Want     mail.Flags        `json:"want,omitempty"`
	Add      mail.Keywords     `json:"add,omitempty"`
	Del      mail.Keywords     `json:"del,omitempty"`
	To       mail.MailboxKey   `json:"to,omitempty"`
	Messages []mail.MessageKey `json:"messages"`
	Errand   *Errand           `json:"errand,omitempty"`  // what was wanted of a mailbox itself: it stands for itself, as an expunge does
	Draft    *Stored           `json:"draft,omitempty"`   // that was thrown away
	Sources  []mail.MessageKey `json:"sources,omitempty"` // copy: what Messages are copies of; without Messages: what is to be copied again
}

// inverses groups what leads back by outcome.
func inverses(rows map[mail.MessageKey]*wanted) []inverse {
	groups := map[want][]mail.MessageKey{}
	for key, row := range rows {
		for kind, change := range row.undo {
			w := want{kind: kind}
			if change != nil {
				w = wantOf(change)
			}
			groups[w] = append(groups[w], key)
		}
	}
	out := make([]inverse, 0, len(groups))
	for w, keys := range groups {
		slices.Sort(keys)
		out = append(out, inverse{Kind: w.kind, Mask: w.mask, Want: w.want, Add: w.add, Del: w.del, To: w.target, Messages: keys})
	}
	return out
}

// entry is a row of the undo table: an action, or one that was undone.
type entry struct {
	what     string
	changes  []inverse // lead back, or forward again where the action was undone
	outgoing int64     // message that was sent; 0: the action was a wish
	until    int64     // end of the grace period; 0: there is none
	undone   bool      // waits to be done again
}

// pushAction puts what the user did on top of what can be undone. Nothing that was undone before can be redone then.
func (t *transaction) pushAction(e entry) error {
	if _, err := t.exec("DELETE FROM undo WHERE undone = 1"); err != nil {
		return err
	}
	return t.push(e)
}

func (t *transaction) push(e entry) error {
	text, err := json.Marshal(e.changes)
	if err != nil {
		return err
	}
	if _, err := t.exec("INSERT INTO undo (what, inverse, outgoing, until, undone, done_at) VALUES (?, ?, ?, ?, ?, ?)",
		e.what, string(text), e.outgoing, e.until, e.undone, t.now); err != nil {
		return err
	}
	_, err = t.exec("DELETE FROM undo WHERE id NOT IN (SELECT id FROM undo ORDER BY id DESC LIMIT ?)", maxUndo)
	return err
}

// pop takes the newest entry that was undone, or was not; false: there is none.
func (t *transaction) pop(undone bool) (e entry, found bool, err error) {
	var text string
	err = t.QueryRowContext(t.ctx, `DELETE FROM undo WHERE id = (SELECT max(id) FROM undo WHERE undone = ?)
		RETURNING what, inverse, outgoing, until, undone`, undone).Scan(&e.what, &text, &e.outgoing, &e.until, &e.undone)
	if err == sql.ErrNoRows {
		return e, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &e.changes)
	}
	return e, err == nil, err
}

// rewrite changes the actions for which a condition holds of the key ?1.
func (t *transaction) rewrite(condition string, key int64, change func(v *inverse)) error {
	type action struct {
		id   int64
		text string
	}
	actions, err := collect(t.ctx, t, func(rows *sql.Rows) (a action, err error) {
		err = rows.Scan(&a.id, &a.text)
		return a, err
	}, "SELECT id, inverse FROM undo WHERE "+condition, key)
	if err != nil {
		return err
	}
	for _, a := range actions {
		var changes []inverse
		if err := json.Unmarshal([]byte(a.text), &changes); err != nil {
			return err
		}
		for i := range changes {
			change(&changes[i])
		}
		text, err := json.Marshal(changes)
		if err != nil {
			return err
		}
		if _, err := t.exec("UPDATE undo SET inverse = ? WHERE id = ?", string(text), a.id); err != nil {
			return err
		}
	}
	return nil
}

// Undone is what Undo or Redo did.
type Undone struct {
	What     string // the action; empty: there was none
	Touched  []mail.MailboxKey
	Messages []mail.MessageKey // that were changed; those that came of copying are not among them
	Draft    int64             // the message whose sending was undone, or the draft that came back; 0: it was something else
	Account  string            // whose mailboxes themselves it was about; empty: it was about messages
}

// Undo takes the newest action back: what leads back becomes a wish, merged with what is still pending; a message that
// waits to be sent, and that nobody has, is a draft again. An action that can no longer be undone is dropped, and the error says so.
func (s *Store) Undo(ctx context.Context) (Undone, error) {
	return s.step(ctx, "undo", false, time.Time{}, "can no longer be undone: it is done for good")
}

// Redo does the action again that was undone last, unless another one came after it. notBefore is the end of the grace
// period where it cannot be inverted.
func (s *Store) Redo(ctx context.Context, notBefore time.Time) (Undone, error) {
	return s.step(ctx, "redo", true, notBefore, "can no longer be done again: the messages are gone")
}

// step goes one step through the actions, back or forward.
func (s *Store) step(ctx context.Context, op string, undone bool, notBefore time.Time, tooLate string) (u Undone, err error) {
	done := true
	err = s.write(ctx, full, op, func(t *transaction) error {
		e, found, err := t.pop(undone)
		if err != nil || !found {
			return err
		}
		u.What = e.what
		if e.outgoing != 0 {
			if u.Draft, err = t.takeBackUnsent(e.outgoing); err != nil || len(e.changes) == 0 {
				done = u.Draft != 0
				return err
			}
			if u.Draft != 0 { // both are taken back
				_, _, err = t.lead(e, 0)
				u.Touched = t.mailboxes()
				return err
			}
			u.What = filedWhat(e.changes)
			e.what = u.What
		}
		if len(e.changes) == 1 && e.changes[0].Draft != nil {
			d := e.changes[0].Draft
			u.Draft, err = t.saveDraft(Saved{Account: d.Account, Data: d.Data, MirrorAt: fromUnix(t.now)})
			return err
		}
		opposite := entry{what: e.what, undone: !undone}
		if undone && slices.ContainsFunc(e.changes, func(v inverse) bool {
			return v.Kind == mail.KindExpunge || v.Errand != nil && v.Errand.Kind == DeleteMailbox
		}) {
			opposite.until = toUnix(notBefore)
		}
		if opposite.changes, done, err = t.lead(e, opposite.until); err != nil {
			return err
		}
		if len(e.changes) == 1 && e.changes[0].Errand != nil {
			u.Account = e.changes[0].Errand.Account
		}
		u.Touched = t.mailboxes()
		for _, v := range e.changes {
			if v.Kind != mail.KindCopy {
				u.Messages = append(u.Messages, v.Messages...)
			}
		}
		if len(opposite.changes) == 0 {
			return nil
		}
		return t.push(opposite)
	})
	if err == nil && !done {
		err = gone(op, u.What+" "+tooLate)
	}
	if err != nil {
		return Undone{}, err
	}
	return u, nil
}

// lead makes the changes of an entry wishes and returns what leads the other way; done is false where not one message
// could be reached.
func (t *transaction) lead(e entry, notBefore int64) (opposite []inverse, done bool, err error) {
	var changes []mail.Targeted
	for _, v := range e.changes {
		if v.Errand != nil {
			return t.stepErrand(*v.Errand, e.undone, notBefore)
		}
		if v.Kind == mail.KindExpunge && !e.undone {
			kept, err := t.keep(v.Messages)
			if err != nil {
				return nil, false, err
			}
			if len(kept) > 0 {
				opposite = append(opposite, inverse{Kind: mail.KindExpunge, Messages: kept})
			}
			continue
		}
		if v.Kind == mail.KindCopy && !e.undone {
			again, err := t.takeBack(v)
			if err != nil {
				return nil, false, err
			}
			if len(again.Sources) > 0 {
				opposite = append(opposite, again)
			}
			continue
		}
		if v.Kind == mail.KindMove || v.Kind == mail.KindCopy {
			var exists bool
			if err := t.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM mailbox WHERE id = ? AND "+holdsMail+")", v.To).Scan(&exists); err != nil {
				return nil, false, err
			}
			if !exists {
				continue
			}
		}
		change := want{kind: v.Kind, mask: v.Mask, want: v.Want, add: v.Add, del: v.Del, target: v.To}.change()
		for _, key := range append(v.Messages, v.Sources...) {
			changes = append(changes, mail.Targeted{Message: key, Change: change})
		}
	}
	reached, err := t.wish(changes, notBefore)
	done = len(opposite) > 0 || len(reached.messages) > 0
	return append(opposite, reached.inverses()...), done, err
}

// keep drops the expunge wishes of messages whose grace period has not passed: later ones may be on their way.
func (t *transaction) keep(keys []mail.MessageKey) ([]mail.MessageKey, error) {
	kept, err := collect(t.ctx, t, column[mail.MessageKey], `DELETE FROM operation WHERE kind = 'expunge' AND not_before > ?
		AND message_id IN (SELECT value FROM json_each(?)) RETURNING message_id`, t.now, list(keys))
	if err != nil || len(kept) == 0 {
		return nil, err
	}
	return kept, t.reshow(kept)
}
