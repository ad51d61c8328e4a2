package cache

import (
	"context"
	"database/sql"
	"time"

	"posthorn/mail"
)

// Stored is a draft as it is kept: Data is opaque here.
type Stored struct {
	Key           int64
	Account, Data string
	Updated       time.Time
	Copy          mail.MessageKey // that the Drafts mailbox of the account has; 0: none
}

const draftColumns = "id, account, data, updated_at, message_id"

func scanDraft(rows *sql.Rows) (Stored, error) {
	var d Stored
	var updated int64
	err := rows.Scan(&d.Key, &d.Account, &d.Data, &updated, &d.Copy)
	d.Updated = fromUnix(updated)
	return d, err
}

// Drafts lists what is being written, the last touched first.
func (r *Reader) Drafts(ctx context.Context) ([]Stored, error) {
	found, err := collect(ctx, r.db, scanDraft, "SELECT "+draftColumns+" FROM draft WHERE ended = 0 ORDER BY updated_at DESC, id DESC")
	return found, fail("read the drafts", err)
}

// Draft is one draft; an error of Kind Gone where it is not there.
func (r *Reader) Draft(ctx context.Context, key int64) (Stored, error) {
	found, err := collect(ctx, r.db, scanDraft, "SELECT "+draftColumns+" FROM draft WHERE id = ? AND ended = 0", key)
	if err != nil {
		return Stored{}, fail("read the draft", err)
	}
	if len(found) == 0 {
		return Stored{}, gone("open the draft", "it was sent or deleted")
	}
	return found[0], nil
}

// Saved is a draft to be stored.
type Saved struct {
	Key           int64 // 0: a new one
	Account, Data string
	Source        mail.MessageKey // with Key 0: the message in Drafts that it goes on with; 0: none
	MirrorAt      time.Time       // when the server gets a copy if nothing else is saved until then; zero: never
}

// SaveDraft stores a draft and returns its key. One that was deleted elsewhere while it was being written comes back:
// what a person writes is never lost.
func (s *Store) SaveDraft(ctx context.Context, d Saved) (key int64, err error) {
	err = s.write(ctx, full, "save the draft", func(t *transaction) (err error) {
		key, err = t.saveDraft(d)
		return err
	})
	return key, err
}

func (t *transaction) saveDraft(d Saved) (key int64, err error) {
	id := sql.NullInt64{Int64: d.Key, Valid: d.Key != 0}
	err = t.QueryRowContext(t.ctx, `INSERT INTO draft (id, account, data, updated_at, mirror_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET rev = rev + (data <> excluded.data OR ended), mirror_at = excluded.mirror_at, ended = 0,
			account = excluded.account, data = excluded.data, updated_at = excluded.updated_at RETURNING id`,
		id, d.Account, d.Data, t.now, toUnix(d.MirrorAt)).Scan(&key)
	if err == nil && d.Key == 0 && d.Source != 0 {
		_, err = t.exec("UPDATE draft SET message_id = ?1 WHERE id = ?2 AND NOT EXISTS (SELECT 1 FROM draft WHERE message_id = ?1 AND ended = 0)", d.Source, key)
	}
	return key, err
}

// DeleteDraft throws a draft away, with its copy on the server; undo brings it back.
func (s *Store) DeleteDraft(ctx context.Context, key int64, what string) (touched []mail.MailboxKey, err error) {
	err = s.write(ctx, full, "delete the draft", func(t *transaction) error {
		d, there, err := t.endDraft(key)
		if err != nil || !there {
			return err
		}
		touched = t.mailboxes()
		return t.pushAction(entry{what: what, changes: []inverse{{Kind: keptDraft, Draft: &d}}})
	})
	return touched, err
}

// keptDraft is the kind of an inverse that is a draft.
const keptDraft mail.ChangeKind = "draft"
