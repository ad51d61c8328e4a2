package cache

import (
	"context"
	"database/sql"
	"time"
)

// Stored is a draft as it is kept: Data is opaque here.
type Stored struct {
	Key           int64
	Account, Data string
	Updated       time.Time
}

func scanDraft(rows *sql.Rows) (Stored, error) {
	var d Stored
	var updated int64
	err := rows.Scan(&d.Key, &d.Account, &d.Data, &updated)
	d.Updated = fromUnix(updated)
	return d, err
}

// Drafts lists what is being written, the last touched first.
func (r *Reader) Drafts(ctx context.Context) ([]Stored, error) {
	found, err := collect(ctx, r.db, scanDraft, "SELECT id, account, data, updated_at FROM draft ORDER BY updated_at DESC, id DESC")
	return found, fail("read the drafts", err)
}

// Draft is one draft; an error of Kind Gone where it is not there.
func (r *Reader) Draft(ctx context.Context, key int64) (Stored, error) {
	found, err := collect(ctx, r.db, scanDraft, "SELECT id, account, data, updated_at FROM draft WHERE id = ?", key)
	if err != nil {
		return Stored{}, fail("read the draft", err)
	}
	if len(found) == 0 {
		return Stored{}, gone("open the draft", "it was sent or deleted")
	}
	return found[0], nil
}

// SaveDraft stores a draft and returns its key; key 0 makes a new one. One that was deleted elsewhere while it was
// being written comes back: what a person writes is never lost.
func (s *Store) SaveDraft(ctx context.Context, key int64, account, data string) (int64, error) {
	err := s.write(ctx, full, "save the draft", func(t *transaction) (err error) {
		key, err = t.saveDraft(key, account, data)
		return err
	})
	return key, err
}

func (t *transaction) saveDraft(key int64, account, data string) (int64, error) {
	id := sql.NullInt64{Int64: key, Valid: key != 0}
	err := t.QueryRowContext(t.ctx, `INSERT INTO draft (id, account, data, updated_at) VALUES (?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET account = excluded.account, data = excluded.data, updated_at = excluded.updated_at RETURNING id`,
		id, account, data, t.now).Scan(&key)
	return key, err
}

// DeleteDraft throws a draft away.
func (s *Store) DeleteDraft(ctx context.Context, key int64) error {
	return s.write(ctx, full, "delete the draft", func(t *transaction) error {
		_, err := t.exec("DELETE FROM draft WHERE id = ?", key)
		return err
	})
}
