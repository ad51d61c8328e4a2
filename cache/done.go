package cache

import (
	"context"
	"database/sql"

	"posthorn/mail"
)

// Done is a wish that the server has agreed to.
type Done struct {
	Operation
	NewUID mail.UID // of a move: the UID in the target; 0: not told
	Stays  bool     // of an expunge: the server can only mark it as \Deleted
}

// Done records that the server carried out wishes: what it has now is written as said, whatever is wanted by then, and
// a wish is dropped if it is still the revision that was carried out (see also dropDone).
func (s *Store) Done(ctx context.Context, done []Done) (touched []mail.MailboxKey, err error) {
	err = s.write(ctx, normal, "record what the server did", func(t *transaction) error {
		current, err := t.current(done)
		if err != nil {
			return err
		}
		if err := t.dropDone(current); err != nil {
			return err
		}
		var gone, changed []mail.MessageKey
		flags := map[mail.State][]mail.MessageKey{}
		for _, d := range current {
			switch c := d.Change.(type) {
			case mail.FlagChange:
				state := c.Apply(mail.State{Flags: d.flags, Keywords: d.keywords})
				flags[state] = append(flags[state], d.Message)
			case mail.Move:
				if err := t.arrived(d.Message, c.To, d.NewUID); err != nil {
					return err
				}
			case mail.Expunge:
				if d.Stays {
					state := mail.State{Flags: d.flags | mail.Deleted, Keywords: d.keywords}
					flags[state] = append(flags[state], d.Message)
				} else {
					gone = append(gone, d.Message)
				}
			}
			changed = append(changed, d.Message)
		}
		if err := t.sayFlags(saying, flags); err != nil {
			return err
		}
		if err := t.forget(gone); err != nil {
			return err
		}
		err = t.reshow(changed)
		touched = t.mailboxes()
		return err
	})
	return touched, err
}

// dropDone drops wishes that were carried out. A server agrees to move what is not there, too: where it does not tell the
// new UID, the wish stays until the target was synchronised, for another program may have been faster. It stays, too,
// where the copy that was found was made for a wish that it has replaced.
func (t *transaction) dropDone(done []carriedOut) error {
	var told []Operation
	for _, d := range done {
		if (d.Copying == 0 || d.Copying == wantOf(d.Change).target) && (d.Kind != mail.KindMove || d.NewUID != 0) {
			told = append(told, d.Operation)
		}
	}
	return t.drop(told)
}

// carriedOut is a wish the server agreed to, with the flags said so far.
type carriedOut struct {
	Done
	flags    mail.Flags
	keywords mail.Keywords
}

// current are those of done whose messages are still where the command reached them; the others were forgotten or
// renamed in the meantime, and what was said of them since is newer.
func (t *transaction) current(done []Done) ([]carriedOut, error) {
	byKey := make(map[mail.MessageKey][]Done, len(done))
	for _, d := range done {
		byKey[d.Message] = append(byKey[d.Message], d)
	}
	var out []carriedOut
	_, err := collect(t.ctx, t, func(rows *sql.Rows) (struct{}, error) {
		var key mail.MessageKey
		var mailbox mail.MailboxKey
		var uid mail.UID
		var c carriedOut
		err := rows.Scan(&key, &mailbox, &uid, &c.flags, &c.keywords)
		for _, d := range byKey[key] {
			if d.Mailbox == mailbox && d.UID == uid || d.Kind == mail.KindCopy && uid == 0 {
				out = append(out, carriedOut{d, c.flags, c.keywords})
			}
		}
		delete(byKey, key)
		return struct{}{}, err
	}, `SELECT m.id, m.mailbox_id, m.uid, m.flags, m.keywords FROM json_each(?) k CROSS JOIN message m ON m.id = k.value`,
		list(messagesOf(operationsOf(done))))
	return out, err
}

func operationsOf(done []Done) []Operation {
	ops := make([]Operation, len(done))
	for i, d := range done {
		ops[i] = d.Operation
	}
	return ops
}

// arrived writes that the server moved a message. Where a synchronisation has made a row for it already, the message
// takes that row's place.
func (t *transaction) arrived(key mail.MessageKey, target mail.MailboxKey, uid mail.UID) error {
	if uid > 0 {
		var twin mail.MessageKey
		var same bool
		err := t.QueryRowContext(t.ctx, `SELECT id, message_id = (SELECT message_id FROM message WHERE id = ?3) FROM message
			WHERE mailbox_id = ?1 AND uid = ?2 AND uid > 0 AND id <> ?3`, target, uid, key).Scan(&twin, &same)
		switch {
		case err == nil && same:
			return t.replace(key, twin)
		case err == nil: // the server told the UID of another message: the mailbox itself will tell
			uid = 0
		case err != sql.ErrNoRows:
			return err
		}
	}
	if err := t.place(key, target, uid); err != nil || uid == 0 {
		return err
	}
	_, err := t.exec("UPDATE operation SET tried = '' WHERE message_id = ? AND kind = 'move'", key)
	return err
}

// Settlement is what became of wishes when a mailbox was settled.
type Settlement struct {
	Ended int // wishes and messages that are no more
	Kept  int // wishes that stay here, as it is not certain which messages they are for: see renumbered.go
	Strayed
}

// Settled is called right after a mailbox was synchronised, with nothing in flight. It drops the moves to where the
// server has the message already, and looks elsewhere for messages that were expected here and did not come. The
// mailbox is no longer dirty: nothing else may say so. Where it was not, nothing is written: SQLite leaves pages alone that
// stay as they are.
func (s *Store) Settled(ctx context.Context, key mail.MailboxKey) (n Settlement, err error) {
	err = s.write(ctx, normal, "settle a mailbox", func(t *transaction) error {
		_, awaited, err := t.expecting(key)
		if err != nil {
			return err
		}
		if _, err := t.exec("UPDATE mailbox SET dirty = 0, calm_uidnext = iif("+isCalm+", uidnext, calm_uidnext) WHERE id = ?", key); err != nil || !awaited {
			return err
		}
		if err := t.resumeWishes(key); err != nil {
			return err
		}
		var complete bool
		if err := t.QueryRowContext(t.ctx, "SELECT backfill_uid = 1 FROM mailbox WHERE id = ?", key).Scan(&complete); err != nil {
			return err
		}
		if complete { // otherwise a header that is still to come may be the one
			if n.Kept, err = t.decide(key); err != nil {
				return err
			}
			ended, kept, strayed, err := t.unmatched(key)
			if n.Ended, n.Kept, n.Strayed = ended, n.Kept+kept, strayed; err != nil {
				return err
			}
		}
		keys, err := collect(t.ctx, t, column[mail.MessageKey], `SELECT o.message_id FROM operation o CROSS JOIN message m ON m.id = o.message_id
			WHERE o.kind = 'move' AND o.target_id = ?1 AND o.copying = 0 AND m.mailbox_id = ?1 AND m.uid > 0`, key)
		if err != nil || len(keys) == 0 {
			return err
		}
		n.Ended += len(keys)
		if _, err := t.exec("DELETE FROM operation WHERE kind = 'move' AND message_id IN (SELECT value FROM json_each(?))", list(keys)); err != nil {
			return err
		}
		return t.reshow(keys)
	})
	return n, err
}
