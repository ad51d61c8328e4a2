package cache

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"time"

	"posthorn/mail"
)

// OpenReadOnly opens the database in dir for looking only. It takes no lock and changes nothing, so another posthorn may
// be at work there. A database of another version is refused: bringing it up to date would be writing.
func OpenReadOnly(ctx context.Context, dir string) (*Reader, func() error, error) {
	path, err := filepath.Abs(filepath.Join(dir, "mail.db"))
	if err != nil {
		return nil, nil, fail("open the data folder", err)
	}
	if _, err := os.Stat(path); err != nil {
		return nil, nil, fail("open "+path, err)
	}
	r, err := openReader(ctx, path, "")
	if mail.KindOf(err) == mail.Damaged && cannotOpen(err) && !exists(path+"-wal") {
		r, err = openReader(ctx, path, "&immutable=1") // a folder that may not be written has no place for SQLite's own lock
	}
	if err != nil {
		return nil, nil, err
	}
	return r, r.db.Close, nil
}

func openReader(ctx context.Context, path, option string) (*Reader, error) {
	db, err := readers(path, option)
	if err != nil {
		return nil, fail("open "+path, err)
	}
	r := &Reader{db: db, people: acquaintances{foreign: true}}
	if err := r.current(ctx); err != nil {
		db.Close()
		return nil, fail("open "+path, err)
	}
	return r, nil
}

// readers is a pool of connections that cannot write.
func readers(path, option string) (*sql.DB, error) {
	db, err := sql.Open(searching(), location(path)+"?mode=ro&_mutex=no&_query_only=on&_busy_timeout=5000&_cache_size=-2048&_stmt_cache_size=64"+option)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(readConnections)
	db.SetMaxIdleConns(readConnections)
	return db, nil
}

// current refuses a database that only a writer could bring to our version.
func (r *Reader) current(ctx context.Context) error {
	v, err := versionOf(ctx, r.db)
	if err == nil {
		err = v.refuse(len(migrations) + 1)
	}
	if err == nil && v.number < len(migrations)+1 {
		err = &mail.Error{Op: "open the database", Kind: mail.Temporary,
			Err: errors.New("it was written by an older posthorn: start once without -read-only, that brings it up to date")}
	}
	if err == nil {
		_, err = r.Mailboxes(ctx)
	}
	return err
}

// Watch calls changed whenever another program has written, looking every so often, until ctx ends.
func (r *Reader) Watch(ctx context.Context, every time.Duration, changed func()) {
	conn, err := r.db.Conn(ctx) // data_version compares what one connection saw with what it sees now
	if err != nil {
		return
	}
	defer conn.Close()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for last := -1; ; {
		var now int
		if err := conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&now); err == nil {
			if last >= 0 && now != last {
				changed()
			}
			last = now
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
