package cache

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"posthorn/mail"
)

// maxUndo is how many actions can be undone.
const maxUndo = 100

// inverse is a change that leads back, for all messages it is the same for, as it is stored. An expunge stands for
// itself: it is undone by dropping the wish while its grace period lasts.
type inverse struct {
	Kind     mail.ChangeKind   `json:"kind"`
	Mask     mail.Flags        `json:"mask,omitempty"`
	Want     mail.Flags        `json:"want,omitempty"`
	Add      mail.Keywords     `json:"add,omitempty"`
	Del      mail.Keywords     `json:"del,omitempty"`
	To       mail.MailboxKey   `json:"to,omitempty"`
	Messages []mail.MessageKey `json:"messages"`
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

func (t *transaction) pushUndo(what string, list []inverse) error {
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	if _, err := t.exec("INSERT INTO undo (what, inverse, done_at) VALUES (?, ?, ?)", what, string(text), t.now); err != nil {
		return err
	}
	_, err = t.exec("DELETE FROM undo WHERE id NOT IN (SELECT id FROM undo ORDER BY id DESC LIMIT ?)", maxUndo)
	return err
}

// Undo takes the newest action back: what leads back becomes a wish, merged with what is still pending. what is empty
// where there is nothing to undo. An action that can no longer be undone is dropped, and the error says so.
func (s *Store) Undo(ctx context.Context) (what string, touched []mail.MailboxKey, err error) {
	done := false
	err = s.write(ctx, full, "undo", func(t *transaction) error {
		var id int64
		var text string
		err := t.QueryRowContext(t.ctx, "SELECT id, what, inverse FROM undo ORDER BY id DESC LIMIT 1").Scan(&id, &what, &text)
		if err == sql.ErrNoRows {
			done = true
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM undo WHERE id = ?", id); err != nil {
			return err
		}
		var list []inverse
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			return err
		}
		done, err = t.takeBack(list)
		touched = t.mailboxes()
		return err
	})
	if err == nil && !done {
		return "", nil, gone("undo", "“"+what+"” can no longer be undone: the server has done it for good")
	}
	if err != nil {
		return "", nil, err
	}
	return what, touched, nil
}

// takeBack applies inverses; done is false where not one message could be reached.
func (t *transaction) takeBack(list []inverse) (done bool, err error) {
	var changes []mail.Targeted
	for _, v := range list {
		if v.Kind == mail.KindExpunge {
			n, err := t.keep(v.Messages)
			if err != nil {
				return false, err
			}
			done = done || n > 0
			continue
		}
		if v.Kind == mail.KindMove {
			var exists bool
			if err := t.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM mailbox WHERE id = ? AND noselect = 0)", v.To).Scan(&exists); err != nil {
				return false, err
			}
			if !exists {
				continue
			}
		}
		change := want{kind: v.Kind, mask: v.Mask, want: v.Want, add: v.Add, del: v.Del, target: v.To}.change()
		for _, key := range v.Messages {
			changes = append(changes, mail.Targeted{Message: key, Change: change})
		}
	}
	reached, err := t.wish(changes, 0)
	return done || len(reached) > 0, err
}

// keep drops the expunge wishes of messages whose grace period has not passed: later ones may be on their way.
func (t *transaction) keep(keys []mail.MessageKey) (int, error) {
	kept, err := collect(t.ctx, t, column[mail.MessageKey], `DELETE FROM operation WHERE kind = 'expunge' AND not_before > ?
		AND message_id IN (SELECT value FROM json_each(?)) RETURNING message_id`, t.now, list(keys))
	if err != nil || len(kept) == 0 {
		return 0, err
	}
	return len(kept), t.reshow(kept)
}
