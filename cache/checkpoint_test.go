package cache

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"testing"

	"posthorn/mail"
)

// logged stores so many MiB, and is how large the log is then.
func (f *fixture) logged(key mail.MessageKey, from, to int) int64 {
	f.t.Helper()
	for n := from; n < to; n++ {
		f.ok(f.PutContent(f.ctx, key, "1", int64(n)<<20, bytes.Repeat([]byte{byte(n)}, 1<<20), false))
	}
	info, err := os.Stat(f.path() + "-wal")
	f.do(info, err)
	return info.Size()
}

// log is how many pages the log has, and how many of them the file has too.
func (f *fixture) log() (pages, moved int) {
	f.t.Helper()
	db, err := sql.Open("sqlite3", location(f.path()))
	f.do(db, err)
	defer db.Close()
	var busy int
	f.ok(db.QueryRow("PRAGMA wal_checkpoint(NOOP)").Scan(&busy, &pages, &moved))
	return pages, moved
}

// TestTheLogIsMovedBesideTheWriter: what the writer did not move yet is in the file all the same, but for the last.
func TestTheLogIsMovedBesideTheWriter(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, mail.Header{UID: 1})[0]
	done := f.Fill(f.ctx)
	f.logged(key, 0, calmLog*pageSize>>20+10)
	before, _ := f.log()
	done()
	f.beside.ended.Wait()
	pages, moved := f.log()
	if pages < calmLog || pages != before || moved == 0 || pages-moved >= calmLog {
		t.Errorf("of %d pages %d are in the file", pages, moved)
	}
}

// TestTheLogStaysBounded: it begins anew while a mailbox is filled, and takes less room on the disk afterwards. Two mailboxes
// are filled here, and one of them ends first.
func TestTheLogStaysBounded(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, mail.Header{UID: 1})[0]
	done, other := f.Fill(context.Background()), f.Fill(context.Background())
	done()
	const due = fillLog * pageSize // then a checkpoint is due, which one that runs beside the writer holds up for a while
	if size := f.logged(key, 0, 4*due>>20); size < 2*calmLog*pageSize || size > 3*due {
		t.Errorf("the log has %d octets while a mailbox is filled", size)
	}
	other()
	f.beside.ended.Wait()
	if size := f.logged(key, 4*due>>20, 4*due>>20+4*calmLog*pageSize>>20); size > 2*calmLog*pageSize {
		t.Errorf("the log has %d octets afterwards", size)
	}
}

// TestAStoreClosesWhileAMailboxIsFilled: the log is in the file then, and who filled it may still say that it is done.
func TestAStoreClosesWhileAMailboxIsFilled(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, mail.Header{UID: 1})[0]
	done := f.Fill(f.ctx)
	f.logged(key, 0, 2)
	f.close()
	done()
	if _, err := os.Stat(f.path() + "-wal"); !os.IsNotExist(err) {
		t.Errorf("the log is still there: %v", err)
	}
	f.open()
	f.check()
}
