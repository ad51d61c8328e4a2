package cache

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

func TestTheRefusalNamesTheProcessThatHoldsTheLock(t *testing.T) {
	f := newFixture(t)
	_, err := Open(f.ctx, f.dir, Options{})
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "process "+strconv.Itoa(os.Getpid())) || !strings.Contains(err.Error(), "-read-only") {
		t.Errorf("got %v", err)
	}
}

func TestALockLeftBehindIsNoLock(t *testing.T) {
	f := newFixture(t)
	f.close()
	f.ok(os.WriteFile(filepath.Join(f.dir, "lock"), []byte("1"), 0o600))
	f.open()
}

func (f *fixture) look() *Reader {
	f.t.Helper()
	r, end, err := OpenReadOnly(f.ctx, f.dir)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { f.ok(end()) })
	return r
}

func TestALookBesideTheWriterSeesWhatItWrites(t *testing.T) {
	f := newFixture(t)
	r := f.look()
	ctx, cancel := context.WithTimeout(f.ctx, time.Minute)
	defer cancel()
	written := make(chan struct{}, 1)
	started := false
	go r.Watch(ctx, time.Millisecond, func() { written <- struct{}{}; cancel() })
	for n := 1; ctx.Err() == nil; n++ { // the first write may come before Watch looked at all
		f.add(f.inbox, header(n))
		started = true
	}
	<-written
	total, _, err := r.Count(f.ctx, in(f.inbox))
	if err != nil || total == 0 || !started {
		t.Errorf("%d messages, %v", total, err)
	}
	if _, err := r.db.Exec("DELETE FROM message"); err == nil {
		t.Error("a look deleted rows")
	}
}

func TestALookNeedsNeitherAWriterNorAWritableFolder(t *testing.T) {
	f := newFixture(t)
	f.add(f.inbox, headers(1, 3)...)
	f.close()
	f.ok(os.Chmod(f.dir, 0o500))
	defer os.Chmod(f.dir, 0o700)
	if total, _, err := f.look().Count(f.ctx, in(f.inbox)); err != nil || total != 3 {
		t.Errorf("%d messages, %v", total, err)
	}
}

func TestALookAtAnotherVersionIsRefused(t *testing.T) {
	for version, word := range map[int]string{99: "newer", 0: "older"} {
		f := newFixture(t)
		f.close()
		withFile(t, f.dir, "PRAGMA user_version = "+strconv.Itoa(version))
		if _, _, err := OpenReadOnly(f.ctx, f.dir); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("version %d: %v", version, err)
		}
	}
	if _, _, err := OpenReadOnly(context.Background(), t.TempDir()); mail.KindOf(err) != mail.Damaged {
		t.Errorf("an empty folder: %v", err)
	}
}
