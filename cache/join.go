package cache

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"posthorn/mail"
)

// Join opens the database in dir beside the posthorn that holds it, to put mail into its outbox or hand a link over, and to hear
// what becomes of that; nothing else may be written. It takes no lock. A database of another version is refused: bringing it up to
// date is for the one that holds it.
func Join(ctx context.Context, dir string) (*Store, error) {
	path, err := filepath.Abs(filepath.Join(dir, "mail.db"))
	if err != nil {
		return nil, fail("open the data folder", err)
	}
	r, err := openReader(ctx, path, "")
	if err != nil {
		return nil, err
	}
	s := &Store{Reader: r, now: time.Now}
	if err := s.connect(ctx, path); err != nil {
		return nil, errors.Join(fail("open "+path, err), s.shut())
	}
	return s, nil
}

// linkHanded begins the names of the choices that are links, before the time at which each was handed over.
const linkHanded = "link "

// HandLink leaves a link for the posthorn that holds the database to open, under a name by which Choice tells whether
// it was taken.
func (s *Store) HandLink(ctx context.Context, link string) (name string, err error) {
	name = fmt.Sprintf("%s%020d", linkHanded, s.now().UnixNano())
	return name, s.Choose(ctx, name, link)
}

// HandedLinks are the links that nobody has opened yet, the first handed over before the others, by their names.
func (r *Reader) HandedLinks(ctx context.Context) ([]Chosen, error) {
	found, err := r.Choices(ctx, linkHanded)
	for i := range found {
		found[i].Name = linkHanded + found[i].Name
	}
	return found, err
}

// Free tells whether no posthorn holds the database in dir.
func Free(dir string) (bool, error) {
	lock, err := private(dir)
	if errors.Is(err, ErrLocked) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, lock.Close()
}

// Seen counts what other programs have written; it changes with each of their writes, and with none of ours.
func (s *Store) Seen(ctx context.Context) (version int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version)
	return version, fail("look for news in the database", err)
}

// Withdraw takes a message out of the outbox that is not being sent, or done with; false: it is on its way, or not there.
func (s *Store) Withdraw(ctx context.Context, key int64) (done bool, err error) {
	err = s.write(ctx, full, "take the message back", func(t *transaction) error {
		o, err := oneOutgoing(t.ctx, t, key, "")
		if mail.KindOf(err) == mail.Gone {
			return nil
		}
		if done = o.State == Queued || o.State == Failed || o.State == Filed; err != nil || !done {
			return err
		}
		return t.takeOut(o)
	})
	return done, err
}

// forgotten is how long what another program handed over is kept for it to see that it was sent.
const forgotten = 24 * time.Hour

// DropFiled deletes sent mail that nobody asked about any more, and kept attachments that no draft has.
func (s *Store) DropFiled(ctx context.Context) error {
	return s.write(ctx, normal, "tidy the outbox", func(t *transaction) error {
		if _, err := t.exec("DELETE FROM outbox WHERE state = 'filed' AND created_at < ?", t.now-int64(forgotten/time.Second)); err != nil {
			return err
		}
		_, err := t.exec(`DELETE FROM kept WHERE message_id NOT IN (SELECT a.value ->> 'Message'
			FROM (SELECT data FROM draft UNION ALL SELECT draft FROM outbox UNION ALL SELECT e.value -> 'draft' ->> 'Data' FROM undo, json_each(undo.inverse) e) d,
				json_each(d.data, '$.Attachments') a WHERE json_valid(d.data) AND a.value ->> 'Message' IS NOT NULL)`)
		return err
	})
}
