package cache

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"posthorn/mail"
)

// SyncState is how far a mailbox is synchronised.
type SyncState struct {
	Key           mail.MailboxKey
	Account, Name string
	Role          mail.Role
	UIDValidity   mail.UIDValidity // 0: never synchronised
	UIDNext       mail.UID         // every UID in [Backfill, UIDNext) is known
	HighestModSeq mail.ModSeq      // as SELECT gave it; 0: no CONDSTORE
	Backfill      mail.UID         // lowest UID whose header is held; 1: complete; 0: never synchronised
	Held          int              // messages the server has here as far as we know, their UIDs known
	Dirty         bool             // something changed on the server
}

// Marks are stored in the same transaction as the rows they describe, so that a crash can only cause a repeated fetch.
// What is nil stays as it is.
type Marks struct {
	UIDNext       *mail.UID
	HighestModSeq *mail.ModSeq
	Backfill      *mail.UID
}

const syncStateColumns = `id, account, name, role, uidvalidity, uidnext, highestmodseq, backfill_uid, held, dirty`

func scanSyncState(rows *sql.Rows) (SyncState, error) {
	var s SyncState
	err := rows.Scan(&s.Key, &s.Account, &s.Name, &s.Role, &s.UIDValidity, &s.UIDNext, &s.HighestModSeq, &s.Backfill,
		&s.Held, &s.Dirty)
	return s, err
}

// SyncState is the state of one mailbox; an error of Kind Gone where it is not there.
func (r *Reader) SyncState(ctx context.Context, key mail.MailboxKey) (SyncState, error) {
	found, err := collect(ctx, r.db, scanSyncState, "SELECT "+syncStateColumns+" FROM mailbox WHERE id = ?", key)
	if err != nil {
		return SyncState{}, fail("read a mailbox", err)
	}
	if len(found) == 0 {
		return SyncState{}, gone("synchronise a mailbox", "it does not exist any more")
	}
	return found[0], nil
}

// SyncStates are the states of all mailboxes of an account that hold messages, by name.
func (r *Reader) SyncStates(ctx context.Context, account string) ([]SyncState, error) {
	found, err := collect(ctx, r.db, scanSyncState, "SELECT "+syncStateColumns+
		" FROM mailbox WHERE account = ? AND noselect = 0 AND "+isThere+" ORDER BY name", account)
	return found, fail("read the mailboxes", err)
}

// Pending are mailboxes of an account that have something to be fetched, at most limit of them, those never seen before
// last; and in any case those of also and INBOX. Those of skip are left out.
func (r *Reader) Pending(ctx context.Context, account string, also, skip []mail.MailboxKey, limit int) ([]SyncState, error) {
	found, err := collect(ctx, r.db, scanSyncState, "SELECT "+syncStateColumns+` FROM mailbox
		WHERE account = ?1 AND noselect = 0 AND `+isThere+` AND id NOT IN (SELECT value FROM json_each(?3))
			AND (dirty OR backfill_uid <> 1 OR role = 'inbox' OR id IN (SELECT value FROM json_each(?2)))
		ORDER BY id IN (SELECT value FROM json_each(?2)) DESC, role <> 'inbox', backfill_uid = 0, name LIMIT ?4`,
		account, list(also), list(skip), limit+len(also)+1)
	return found, fail("read the mailboxes", err)
}

// Said is where the server has a message as far as we know; uid 0: moved there by us, its new UID not yet known. Of a copy
// that is not made yet it is where its source is.
func (r *Reader) Said(ctx context.Context, key mail.MessageKey) (mailbox mail.MailboxKey, uid mail.UID, err error) {
	err = r.db.QueryRowContext(ctx, "SELECT mailbox_id, uid FROM message WHERE id = "+contentOf, key).Scan(&mailbox, &uid)
	return mailbox, uid, fail("find the message on the server", err)
}

// UIDs are the UIDs of a mailbox that are held, from lo to hi.
func (r *Reader) UIDs(ctx context.Context, key mail.MailboxKey, lo, hi mail.UID) (mail.UIDSet, error) {
	var text sql.NullString // one row instead of one per UID: a tenth of the time
	err := r.db.QueryRowContext(ctx, "SELECT group_concat(uid ORDER BY uid) FROM message WHERE mailbox_id = ? AND "+inRange,
		key, lo, hi).Scan(&text)
	if err != nil {
		return nil, fail("read the UIDs of a mailbox", err)
	}
	var set mail.UIDSet
	for word := range strings.SplitSeq(text.String, ",") {
		if n, err := strconv.ParseUint(word, 10, 32); err == nil {
			set = set.Append(mail.UIDRange{Lo: mail.UID(n), Hi: mail.UID(n)})
		}
	}
	return set, nil
}

// SetStatus stores what STATUS said. dirty tells that it differs from what is held, and that the mailbox is to be
// synchronised.
func (s *Store) SetStatus(ctx context.Context, key mail.MailboxKey, st mail.Status) (dirty bool, err error) {
	err = s.write(ctx, normal, "store the state of a mailbox", func(t *transaction) error {
		dirty, err = t.setStatus(key, st)
		return err
	})
	return dirty, err
}

func (t *transaction) setStatus(key mail.MailboxKey, st mail.Status) (dirty bool, err error) {
	found, err := collect(t.ctx, t, scanSyncState, "SELECT "+syncStateColumns+" FROM mailbox WHERE id = ?", key)
	if err != nil {
		return false, err
	}
	if len(found) == 0 {
		return false, gone("store the state of a mailbox", "it does not exist any more")
	}
	return t.sayStatus(found[0], st)
}

// sayStatus writes what STATUS said of a mailbox that was read in this transaction.
func (t *transaction) sayStatus(have SyncState, st mail.Status) (dirty bool, err error) {
	if dirty, err = t.differs(have, st); err != nil {
		return false, err
	}
	_, err = t.exec("UPDATE mailbox SET status_total = ?1, status_unseen = ?2, dirty = max(dirty, ?3) WHERE id = ?4 AND "+
		"(status_total, status_unseen, dirty) <> (?1, ?2, max(dirty, ?3))", st.Messages, st.Unseen, dirty, have.Key)
	if err != nil || have.UIDValidity != 0 {
		return dirty, err
	}
	_, err = t.exec("UPDATE mailbox SET calm_uidnext = ?1 WHERE id = ?2 AND calm_uidnext <> ?1 AND "+isCalm, st.UIDNext, have.Key)
	return dirty, err
}

// differs tells whether the server has anything that is not held. Without CONDSTORE changed flags show in the number of
// unseen messages at best.
func (t *transaction) differs(have SyncState, st mail.Status) (bool, error) {
	switch {
	case have.Dirty, have.Backfill == 0, have.UIDValidity != st.UIDValidity, have.UIDNext != st.UIDNext,
		have.HighestModSeq != st.HighestModSeq, have.Backfill == 1 && have.Held != st.Messages:
		return true, nil
	case st.HighestModSeq > 0 || have.Backfill != 1:
		return false, nil
	}
	var unseen int
	err := t.QueryRowContext(t.ctx, "SELECT count(*) FROM message WHERE mailbox_id = ? AND uid > 0 AND flags & 1 = 0", have.Key).Scan(&unseen)
	return unseen != st.Unseen, err
}

// expecting is what is looked at before messages come: how far the mailbox was known, 0: not at all; and whether anything may
// wait for just these. That is rare, and to be asked once instead of for each thing that may: a wish, one that was kept back,
// a message here whose UID is not known.
func (t *transaction) expecting(key mail.MailboxKey) (next mail.UID, any bool, err error) {
	err = t.QueryRowContext(t.ctx, `SELECT ifnull(max(uidnext), 0), EXISTS (SELECT 1 FROM operation) OR EXISTS (SELECT 1 FROM salvaged)
		OR EXISTS (SELECT 1 FROM message WHERE mailbox_id = ?1 AND uid = 0) FROM mailbox WHERE id = ?1`, key).Scan(&next, &any)
	return next, any, err
}

// setMarks stores how far a mailbox is synchronised.
func (t *transaction) setMarks(key mail.MailboxKey, m Marks) error {
	if m == (Marks{}) {
		return nil
	}
	_, err := t.exec(`UPDATE mailbox SET uidnext = coalesce(?, uidnext), highestmodseq = coalesce(?, highestmodseq),
		backfill_uid = coalesce(?, backfill_uid) WHERE id = ?`,
		optional(m.UIDNext), optional(m.HighestModSeq), optional(m.Backfill), key)
	return err
}

// optional is the value behind p for SQL, NULL for nil.
func optional[T mail.UID | mail.ModSeq](p *T) any {
	if p == nil {
		return nil
	}
	return int64(*p)
}
