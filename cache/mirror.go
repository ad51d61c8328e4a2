package cache

import (
	"context"
	"database/sql"
	"time"

	"posthorn/mail"
)

// Drafts are copied into the Drafts mailbox of their account, so that another device can go on with them. A draft
// counts how often it was changed (rev), and which of these the copy that the server has says (mirrored). A new copy is
// noted by its Message-ID before it is appended (awaited), and is known to be there once a synchronisation has brought
// it; only then the copy before it is wanted gone. So at every moment one copy is on the server, or may be, and a copy
// of which the answer was lost is found again by its Message-ID.
//
// A copy that vanishes was sent, thrown away or replaced on another device: the draft goes with it as long as it says
// what the copy said. One that was changed here since stays, and gets a copy of its own beside what the other made.

// Mirror is a draft whose copy on the server is to be made or replaced, or to be looked for.
type Mirror struct {
	Stored
	Rev     int64
	Awaited string // Message-ID of a copy that was or may have been appended; empty: none
	Ended   bool   // sent or thrown away: the copy that is awaited is to go when it turns up
}

const mirrorDue = " FROM draft WHERE account = ? AND mirror_at > 0 AND (ended = 1 OR rev > mirrored)"

// DueMirror is the first draft of an account that is to be copied to the server at now, less some; Key 0: there is none.
func (r *Reader) DueMirror(ctx context.Context, account string, now time.Time, except []int64) (Mirror, error) {
	found, err := collect(ctx, r.db, func(rows *sql.Rows) (m Mirror, err error) {
		m.Account = account
		err = rows.Scan(&m.Key, &m.Data, &m.Copy, &m.Rev, &m.Awaited, &m.Ended)
		return m, err
	}, "SELECT id, data, message_id, rev, awaited, ended"+mirrorDue+
		" AND mirror_at <= ? AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY mirror_at, id LIMIT 1", account, now.Unix(), list(except))
	if err != nil || len(found) == 0 {
		return Mirror{}, fail("read the drafts", err)
	}
	return found[0], nil
}

// NextMirror is when the next draft after now is to be copied; zero: there is none.
func (r *Reader) NextMirror(ctx context.Context, account string, now time.Time) (time.Time, error) {
	var at int64
	err := r.db.QueryRowContext(ctx, "SELECT ifnull(min(mirror_at), 0)"+mirrorDue+" AND mirror_at > ?", account, now.Unix()).Scan(&at)
	return fromUnix(at), fail("read the drafts", err)
}

// DraftOf is the draft that a message in the Drafts mailbox is a copy of; Key 0: there is none.
func (r *Reader) DraftOf(ctx context.Context, m mail.MessageKey) (Stored, error) {
	found, err := collect(ctx, r.db, scanDraft, "SELECT "+draftColumns+" FROM draft WHERE message_id = ? AND ended = 0", m)
	if err != nil || len(found) == 0 {
		return Stored{}, fail("read the drafts", err)
	}
	return found[0], nil
}

// Await notes the Message-ID under which a draft is about to be appended; false: it was changed or ended meanwhile.
func (s *Store) Await(ctx context.Context, m Mirror, id string) (still bool, err error) {
	err = s.write(ctx, full, "copy the draft to the server", func(t *transaction) error {
		n, err := t.exec("UPDATE draft SET awaited = ?, copied = rev WHERE id = ? AND rev = ? AND ended = 0", id, m.Key, m.Rev)
		still = n > 0
		return err
	})
	return still, err
}

// AskAgain lets a mailbox be synchronised though nothing told that it changed.
func (s *Store) AskAgain(ctx context.Context, box mail.MailboxKey) error {
	return s.write(ctx, normal, "look into a mailbox again", func(t *transaction) error {
		_, err := t.exec("UPDATE mailbox SET dirty = 1 WHERE id = ?", box)
		return err
	})
}

// NotThere notes that the copy that was awaited is not on the server.
func (s *Store) NotThere(ctx context.Context, m Mirror) error {
	return s.write(ctx, full, "copy the draft to the server", func(t *transaction) error {
		if _, err := t.exec("DELETE FROM draft WHERE id = ? AND awaited = ? AND ended = 1", m.Key, m.Awaited); err != nil {
			return err
		}
		_, err := t.exec("UPDATE draft SET awaited = '' WHERE id = ? AND awaited = ?", m.Key, m.Awaited)
		return err
	})
}

// MirrorLater puts the copy of a draft off.
func (s *Store) MirrorLater(ctx context.Context, key int64, at time.Time) error {
	return s.write(ctx, normal, "copy the draft to the server", func(t *transaction) error {
		_, err := t.exec("UPDATE draft SET mirror_at = ? WHERE id = ?", toUnix(at), key)
		return err
	})
}

// Linked is what a synchronisation of Drafts told about drafts.
type Linked struct {
	Known   []int64  // drafts whose copy is on the server now
	Gone    []string // drafts that ended with their copy, as JSON
	Parted  int      // drafts that were changed here and elsewhere, and are two now
	Touched []mail.MailboxKey
}

// LinkDrafts brings the drafts of an account in step with its Drafts mailbox, right after a synchronisation of it.
func (s *Store) LinkDrafts(ctx context.Context, account string, box mail.MailboxKey) (l Linked, err error) {
	var stale bool // this asks before each synchronisation of Drafts: nearly always for nothing
	if err := s.Reader.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM draft WHERE account = ? AND (awaited <> '' OR message_id <> 0))", account).Scan(&stale); err != nil || !stale {
		return l, fail("read the drafts", err)
	}
	err = s.write(ctx, full, "bring the drafts in step", func(t *transaction) error {
		if err := t.linkCopies(&l, account, box); err != nil {
			return err
		}
		if err := t.partCopies(&l, account, box); err != nil {
			return err
		}
		l.Touched = t.mailboxes()
		return nil
	})
	return l, err
}

// linkCopies takes the copies that turned up, and wants those before them gone.
func (t *transaction) linkCopies(l *Linked, account string, box mail.MailboxKey) error {
	type copied struct {
		draft        int64
		before, copy mail.MessageKey
		adopted      bool
		ended        bool
	}
	found, err := collect(t.ctx, t, func(rows *sql.Rows) (c copied, err error) {
		err = rows.Scan(&c.draft, &c.before, &c.copy, &c.adopted, &c.ended)
		return c, err
	}, `SELECT d.id, d.message_id, max(m.id), d.mirrored = 0, d.ended FROM draft d CROSS JOIN message m INDEXED BY message_by_uid ON m.message_id = d.awaited
		WHERE d.account = ? AND d.awaited <> '' AND m.mailbox_id = ? AND m.uid > 0 GROUP BY d.id`, account, box)
	if err != nil {
		return err
	}
	for _, c := range found {
		if _, err := t.exec("UPDATE draft SET message_id = ?, mirrored = copied, awaited = '' WHERE id = ?", c.copy, c.draft); err != nil {
			return err
		}
		l.Known = append(l.Known, c.draft)
		if c.before != 0 && c.before != c.copy {
			if err := t.removeCopy(c.before, c.adopted, account); err != nil {
				return err
			}
		}
		if !c.ended {
			continue
		}
		if err := t.removeCopy(c.copy, false, account); err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM draft WHERE id = ?", c.draft); err != nil {
			return err
		}
	}
	return nil
}

// removeCopy wants a copy gone that still lies in Drafts. What another program wrote goes into the trash where there is
// one: it may hold what a draft of ours cannot.
func (t *transaction) removeCopy(copy mail.MessageKey, adopted bool, account string) error {
	var change mail.Change = mail.Expunge{}
	if adopted {
		var trash mail.MailboxKey
		if err := t.QueryRowContext(t.ctx, "SELECT ifnull(min(id), 0) FROM mailbox WHERE account = ? AND role = 'trash' AND "+holdsMail, account).Scan(&trash); err != nil {
			return err
		}
		if trash != 0 {
			change = mail.Move{To: trash}
		}
	}
	var lies bool
	if err := t.QueryRowContext(t.ctx, `SELECT EXISTS (SELECT 1 FROM message m JOIN mailbox b ON b.id = m.mailbox_id
		WHERE m.id = ? AND b.role = 'drafts' AND m.shown_mailbox_id = m.mailbox_id)`, copy).Scan(&lies); err != nil || !lies {
		return err
	}
	_, err := t.wish([]mail.Targeted{{Message: copy, Change: change}}, 0)
	return err
}

// partCopies takes leave of copies that are no longer in Drafts.
func (t *transaction) partCopies(l *Linked, account string, box mail.MailboxKey) (err error) {
	const lost = ` WHERE account = ? AND ended = 0 AND awaited = '' AND message_id <> 0
		AND NOT EXISTS (SELECT 1 FROM message m WHERE m.id = draft.message_id AND m.mailbox_id = ?)`
	if l.Gone, err = collect(t.ctx, t, column[string], "DELETE FROM draft"+lost+" AND rev = mirrored RETURNING data", account, box); err != nil {
		return err
	}
	l.Parted, err = t.exec("UPDATE draft SET message_id = 0, mirrored = 0"+lost, account, box)
	return err
}

// endDraft takes a draft away with its copies on the server; false: it is not there.
func (t *transaction) endDraft(key int64) (d Stored, there bool, err error) {
	found, err := collect(t.ctx, t, scanDraft, "SELECT "+draftColumns+" FROM draft WHERE id = ? AND ended = 0", key)
	if err != nil || len(found) == 0 {
		return d, false, err
	}
	if d = found[0]; d.Copy != 0 {
		if err := t.removeCopy(d.Copy, false, d.Account); err != nil {
			return d, true, err
		}
	}
	if _, err = t.exec("DELETE FROM draft WHERE id = ? AND awaited = ''", key); err != nil {
		return d, true, err
	}
	_, err = t.exec("UPDATE draft SET ended = 1, data = '', message_id = 0, mirror_at = ? WHERE id = ?", t.now, key)
	return d, true, err
}

// unlinkDrafts lets drafts be copied anew whose copies lie in a mailbox that is forgotten.
func (t *transaction) unlinkDrafts(box mail.MailboxKey) error {
	_, err := t.exec("UPDATE draft SET message_id = 0, mirrored = 0 WHERE message_id IN (SELECT id FROM message WHERE mailbox_id = ?)", box)
	return err
}

// Keep stores what an attachment holds that is part of a message, decoded: the message may go while a draft has it.
func (s *Store) Keep(ctx context.Context, m mail.MessageKey, section string, content []byte) error {
	return s.write(ctx, full, "keep an attachment", func(t *transaction) error {
		_, err := t.exec("INSERT OR IGNORE INTO kept (message_id, section, content) VALUES (?, ?, ?)", m, section, content)
		return err
	})
}

// Kept is what Keep stored; nil: nothing.
func (r *Reader) Kept(ctx context.Context, m mail.MessageKey, section string) (content []byte, err error) {
	err = r.db.QueryRowContext(ctx, "SELECT content FROM kept WHERE message_id = ? AND section = ?", m, section).Scan(&content)
	if err == sql.ErrNoRows {
		return nil, nil
	}
	return content, fail("read an attachment", err)
}
