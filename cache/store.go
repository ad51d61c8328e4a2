package cache

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "codeberg.org/emersion/go-sqlite3-fts5" // FTS5 without a build tag
)

// Options are what Open may be told; the zero value is right for the program.
type Options struct {
	Now   func() time.Time // nil: time.Now
	Check bool             // run Check in Close; tests always do

	Committed func() // called after every commit of mail, wishes and drafts: where a test ends the process; nil: nothing
}

// Reader reads. It is safe for use by many goroutines, and never waits for the writer.
type Reader struct {
	db     *sql.DB // read-only connections
	people acquaintances
}

// Store reads and writes. Only cache/engine and tests hold one. Its methods may be called from any goroutine; each
// that writes is one transaction.
type Store struct {
	*Reader
	db        *sql.DB // the writer's
	conn      *sql.Conn
	mu        sync.Mutex   // held during a write transaction
	waiting   atomic.Int32 // write transactions that wait for mu
	synced    durability   // what conn is set to
	beside    checkpoints
	path      string
	now       func() time.Time
	checked   bool
	committed func()
	lock      *os.File

	recovered string // what became of a damaged database
}

// readConnections is how many queries run at once: the list, the message and the sidebar on screen, and the engine.
const readConnections = 4

// location is a path as SQLite takes it.
func location(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }

// Open opens the database in dir, and makes both where they are missing. Only one Store may have a dir open: another
// one gets ErrLocked.
func Open(ctx context.Context, dir string, opt Options) (*Store, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fail("open the data folder", err)
	}
	lock, err := private(dir)
	if err != nil {
		return nil, err
	}
	last := holder(dir)
	if err := note(lock, strconv.Itoa(os.Getpid())); err != nil {
		lock.Close()
		return nil, fail("open the data folder "+dir, err)
	}
	path := filepath.Join(dir, "mail.db")
	s := &Store{Reader: &Reader{}, now: opt.Now, checked: opt.Check || testing.Testing(), committed: opt.Committed, lock: lock}
	if err := s.openOrRebuild(ctx, path, last); err != nil {
		s.shut()
		s.lock.Close()
		return nil, fail("open "+path, err)
	}
	return s, nil
}

// openOrRebuild opens the database, or the one that takes its place where it is damaged. last is what the lock file
// said of the last run.
func (s *Store) openOrRebuild(ctx context.Context, path, last string) error {
	if err := s.resume(path); err != nil {
		return err
	}
	err := s.examine(ctx, path, last)
	if err == nil {
		if err = s.open(ctx, path); !damaged(err) {
			return err
		}
	}
	if !damaged(err) {
		return err
	}
	if err := s.shut(); err != nil {
		return err
	}
	s.Reader.db, s.conn, s.db = nil, nil, nil
	if s.recovered, err = s.rebuild(ctx, path); err != nil {
		return err
	}
	return s.open(ctx, path)
}

// maxWait is longer than any pause or grace period: what waits longer was written while the clock was wrong. maxGrace
// is the longest grace period.
const (
	maxWait  = 2 * time.Hour
	maxGrace = time.Hour
)

// mistrustTheClock makes due what a clock that was set back meanwhile would keep for years.
func (s *Store) mistrustTheClock(ctx context.Context) error {
	return s.write(ctx, normal, "correct what waits", func(t *transaction) error { return t.advance(t.now+int64(maxWait/time.Second), 1<<40) })
}

// SetBack lets what waits wait no longer than it would have, though the clock was set back by so much.
func (s *Store) SetBack(ctx context.Context, by time.Duration) error {
	return s.write(ctx, normal, "correct what waits", func(t *transaction) error { return t.advance(t.now, int64(by/time.Second)) })
}

// advance puts what is not due before after forward by so many seconds. Mail to be sent at a chosen time, which was
// never tried, goes on waiting for it; one that was to wait for less than an hour cannot be told from one in its grace
// period.
func (t *transaction) advance(after, by int64) error {
	for _, query := range []string{
		"UPDATE operation SET not_before = max(?1, not_before - ?3) WHERE not_before > ?2",
		"UPDATE errand SET not_before = max(?1, not_before - ?3) WHERE not_before > ?2",
		"UPDATE undo SET until = max(?1, until - ?3) WHERE until > ?2 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = undo.outgoing AND not_before - created_at > ?4)",
		"UPDATE outbox SET not_before = max(?1, not_before - ?3) WHERE not_before > ?2 AND (attempts > 0 OR not_before - created_at <= ?4)",
	} {
		if _, err := t.exec(query, t.now, after, by, int64(maxGrace/time.Second)); err != nil {
			return err
		}
	}
	return nil
}

// Recovered says in a sentence what became of a damaged database when this one was opened; empty: nothing happened.
func (s *Store) Recovered() string { return s.recovered }

func (s *Store) open(ctx context.Context, path string) (err error) {
	file, err := privateFile(path) // SQLite gives its other files the mode of this one
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	if info.Size() == 0 {
		if err := layOut(ctx, path, pageSize); err != nil {
			return err
		}
	}
	if err := s.connect(ctx, path); err != nil {
		return err
	}
	if err := migrate(ctx, s.conn, migrations); err != nil {
		return err
	}
	if err := s.mistrustTheClock(ctx); err != nil {
		return err
	}
	if s.Reader.db == nil {
		if s.Reader.db, err = readers(path, ""); err != nil {
			return err
		}
	}
	_, err = s.Mailboxes(ctx) // a file cut short shows here rather than on screen
	return err
}

// pageSize is that of a new file: pages of 8 KiB hold forty messages or ten descriptions, and a tree of them is balanced half
// as often as one of SQLite's usual 4 KiB, which older files have.
const pageSize = 8192

// layOut makes an empty file a database without tables. What is chosen here can only be chosen now. It needs no rollback
// journal on the disk: there is nothing to roll back to.
func layOut(ctx context.Context, path string, pageSize int) error {
	db, err := sql.Open("sqlite3", location(path))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(ctx, fmt.Sprintf("PRAGMA journal_mode = MEMORY; PRAGMA page_size = %d; PRAGMA auto_vacuum = incremental; PRAGMA journal_mode = WAL", pageSize))
	return errors.Join(err, db.Close())
}

// connect opens the connection that writes.
func (s *Store) connect(ctx context.Context, path string) (err error) {
	s.db, err = sql.Open("sqlite3", location(path)+"?_journal_mode=WAL&_synchronous=NORMAL&_busy_timeout=5000"+
		"&_mutex=no&_foreign_keys=on&_txlock=immediate&_cache_size=-6144&_stmt_cache_size=100")
	if err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1)
	s.synced, s.path = "", path
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return err
	}
	s.limitLog(ctx, calmLog)
	_, err = s.conn.ExecContext(ctx, "PRAGMA temp_store = MEMORY")
	return err
}

// Close ends all work and gives the lock back.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if s.checked {
		err = s.Check(context.Background())
	}
	closed := s.shut()
	if s.lock == nil { // joined
		return closed
	}
	if closed != nil {
		return errors.Join(err, closed, s.lock.Close())
	}
	end := endedWell
	if corruptionSeen.Load() {
		end = endedDamaged
	}
	return errors.Join(err, note(s.lock, end), s.lock.Close())
}

// shut closes whatever is open. Closing the last connection moves the write-ahead log into the file.
func (s *Store) shut() error {
	var errs []error
	s.beside.end()
	s.beside.ended.Wait()
	if s.Reader.db != nil {
		errs = append(errs, s.Reader.db.Close())
	}
	if s.conn != nil {
		errs = append(errs, s.conn.Close())
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	return errors.Join(errs...)
}
