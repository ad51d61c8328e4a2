package cache

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"slices"
	"time"

	"posthorn/mail"
)

// said is what a row holds of the server's word.
type said struct {
	key    mail.MessageKey
	state  mail.State
	thread int64
	wished bool // something is wanted of it: what is shown may be something else
}

// inRange is true from one UID to another. That these are above 0 makes message_by_uid of use, and stands last: SQLite begins
// to read at the first lower bound it finds.
const inRange = "uid >= ? AND uid <= ? AND uid > 0"

// heldOf finds the rows for the UIDs of updates. It may find more.
func (t *transaction) heldOf(key mail.MailboxKey, updates []mail.FlagUpdate) (map[mail.UID]said, error) {
	if len(updates) == 0 {
		return nil, nil
	}
	uids := make([]mail.UID, len(updates))
	for i, u := range updates {
		uids[i] = u.UID
	}
	held := map[mail.UID]said{}
	scan := func(v []driver.Value) {
		state := mail.State{Mailbox: key, Flags: mail.Flags(intOf(v[2])), Keywords: mail.Keywords(textOf(v[3]))}
		held[mail.UID(intOf(v[0]))] = said{key: mail.MessageKey(intOf(v[1])), state: state, thread: intOf(v[4]), wished: intOf(v[5]) != 0}
	}
	const columns = `SELECT m.uid, m.id, m.flags, m.keywords, m.thread_id,
		EXISTS (SELECT 1 FROM operation WHERE message_id = m.id) FROM `
	var err error
	if lo, hi := slices.Min(uids), slices.Max(uids); int(hi-lo) < 2*len(uids) { // headers come in runs: one look instead of many
		err = t.rows(columns+"message m WHERE m.mailbox_id = ? AND "+inRange, scan, int64(key), int64(lo), int64(hi))
	} else {
		err = t.rows(columns+`json_each(?) k CROSS JOIN message m ON m.mailbox_id = ? AND m.uid = k.value AND m.uid > 0`, scan, list(uids), int64(key))
	}
	return held, err
}

// SetFlags stores the flags that the server told; changed is how many messages they are news for.
func (s *Store) SetFlags(ctx context.Context, key mail.MailboxKey, updates []mail.FlagUpdate, marks Marks) (changed int, err error) {
	err = s.write(ctx, normal, "store flags", func(t *transaction) error {
		if err := t.setMarks(key, marks); err != nil {
			return err
		}
		changed, err = t.tellFlags(key, updates)
		return err
	})
	return changed, err
}

func (t *transaction) tellFlags(key mail.MailboxKey, updates []mail.FlagUpdate) (changed int, err error) {
	held, err := t.heldOf(key, updates)
	if err != nil || len(held) == 0 {
		return 0, err
	}
	return t.setFlags(held, updates)
}

func (t *transaction) setFlags(held map[mail.UID]said, updates []mail.FlagUpdate) (changed int, err error) {
	last := make(map[mail.UID]mail.State, len(updates)) // a UID told twice counts with its last flags
	for _, u := range updates {
		state := held[u.UID].state
		told := u.Permanent.With(mail.State{Flags: u.Flags, Keywords: u.Keywords}, state)
		state.Flags, state.Keywords = told.Flags, told.Keywords
		last[u.UID] = state
	}
	plain, marked, groups := map[mail.State][]mail.MessageKey{}, map[mail.State][]mail.MessageKey{}, map[mail.State][]mail.MessageKey{}
	var keys []mail.MessageKey
	for uid, state := range last {
		row, ok := held[uid]
		switch {
		case !ok || row.state == state:
		case row.wished || (row.state.Flags | state.Flags).Has(mail.Deleted):
			groups[state] = append(groups[state], row.key)
			keys = append(keys, row.key)
		case row.state.Flags == state.Flags:
			marked[state] = append(marked[state], row.key)
			changed++
		default:
			plain[state] = append(plain[state], row.key)
			t.restate(row.state, state, row.thread)
			changed++
		}
	}
	if err := t.sayFlags(saying, groups); err != nil {
		return 0, err
	}
	if err := t.sayFlags(sayingShowing, plain); err != nil {
		return 0, err
	}
	if err := t.sayFlags(marking, marked); err != nil {
		return 0, err
	}
	return changed + len(keys), t.reshow(keys)
}

// The columns that flags and keywords are written to: of a message of which nothing is wanted it is shown what the server said.
const (
	saying        = "flags = ?1, keywords = ?2"
	sayingShowing = saying + ", shown_flags = ?1, shown_keywords = ?2"
	marking       = "keywords = ?2, shown_keywords = ?2" // no index needs to be written for these
)

// sayFlags writes flags and keywords as the server said them.
func (t *transaction) sayFlags(columns string, groups map[mail.State][]mail.MessageKey) error {
	for state, keys := range groups {
		if _, err := t.exec("UPDATE message SET "+columns+" WHERE id IN (SELECT value FROM json_each(?3))",
			state.Flags, string(state.Keywords), list(keys)); err != nil {
			return err
		}
	}
	return nil
}

// Departed is what became of messages that left a mailbox.
type Departed struct {
	Gone int // how many did
	Strayed
}

// Vanished forgets the messages that are held with UIDs in within, and that the server no longer has. One that we may
// have moved is kept: see mayHaveMoved; and so are wishes for one that another program moved: see stray.
func (s *Store) Vanished(ctx context.Context, key mail.MailboxKey, within, present mail.UIDSet, marks Marks) (d Departed, err error) {
	err = s.write(ctx, normal, "forget what vanished", func(t *transaction) error {
		if err := t.setMarks(key, marks); err != nil {
			return err
		}
		var lost []mail.MessageKey
		for _, r := range within {
			_, err := collect(t.ctx, t, func(rows *sql.Rows) (struct{}, error) {
				var id mail.MessageKey
				var uid mail.UID
				err := rows.Scan(&id, &uid)
				if !present.Contains(uid) {
					lost = append(lost, id)
				}
				return struct{}{}, err
			}, "SELECT id, uid FROM message WHERE mailbox_id = ? AND "+inRange, key, r.Lo, r.Hi)
			if err != nil {
				return err
			}
		}
		d.Gone = len(lost)
		lost, err := t.mayHaveMoved(lost)
		if err != nil {
			return err
		}
		if lost, d.Strayed, err = t.stray(lost); err != nil {
			return err
		}
		return t.forget(lost)
	})
	return d, err
}

// SetStructure stores the structure of a message, learnt from its bytes where the server could not tell it.
func (s *Store) SetStructure(ctx context.Context, key mail.MessageKey, p mail.Part) error {
	text := string(p.AppendJSON(nil))
	return s.write(ctx, normal, "store the structure of a message", func(t *transaction) error {
		return t.setStructure(key, text, p.AttachmentCount())
	})
}

func (t *transaction) setStructure(key mail.MessageKey, structure string, attachments int) error {
	if _, err := t.exec("UPDATE description SET structure = ? WHERE message_id = ?", structure, key); err != nil {
		return err
	}
	_, err := t.exec("UPDATE message SET attachments = ? WHERE id = ?", attachments, key)
	return err
}

// unixOf is the time of a header; the zero time is 0.
func unixOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}
