package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"
)

// A damaged database is read once more for what no server has (salvage.go). That goes into a new one, which takes its
// place; the damaged file is kept beside it. At every moment one of the two is whole: a crash in between is picked up
// by the next start.

// errDamaged is a database whose pages contradict each other.
var errDamaged = errors.New("the database is damaged")

func damaged(err error) bool {
	var lite sqlite3.Error
	return errors.Is(err, errDamaged) || errors.As(err, &lite) && (lite.Code == sqlite3.ErrNotADB || lite.Code == sqlite3.ErrCorrupt)
}

// patience is how long the check after a crash may hold up a start: SQLite survives crashes, this is for failing disks.
const patience = time.Second

// What the lock file says of the last run; the number of its process where it did not end by itself.
const (
	endedWell    = ""
	endedDamaged = "damaged" // SQLite called the file corrupt
)

// examine looks for damage, and whether the database is for this program at all, without changing anything: every page
// after a crash, what no server has always. It leaves open what reads, for what is opened next: the last connection
// that is closed moves the write-ahead log into the file.
func (s *Store) examine(ctx context.Context, path, last string) error {
	file, err := os.Stat(path)
	if err != nil {
		return nil // Open says it better
	}
	if file.Size() == 0 {
		if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
			return errDamaged // SQLite would throw the log away
		}
		return nil
	}
	r := s.Reader
	if r.db, err = readers(path, ""); err != nil {
		return err
	}
	v, err := versionOf(ctx, r.db)
	if err == nil && v.tables > 0 {
		err = v.refuse(len(migrations) + 1)
	}
	if err != nil && !cannotOpen(err) {
		return err
	}
	if _, err := r.Mailboxes(ctx); damaged(err) {
		return err
	}
	for _, table := range []string{"draft", "outbox", "operation"} {
		if err := r.sound(ctx, "'"+table+"'"); err != nil {
			return err
		}
	}
	switch last {
	case endedWell:
		return nil
	case endedDamaged:
		return r.sound(ctx, "1")
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return r.sound(ctx, "1")
}

// sound checks pages for damage; what else goes wrong is not its business.
func (r *Reader) sound(ctx context.Context, what string) error {
	lines, err := collect(ctx, r.db, column[string], "PRAGMA quick_check("+what+")")
	if damaged(err) {
		return err
	}
	if err == nil && (len(lines) != 1 || lines[0] != "ok") {
		return fmt.Errorf("%w: %s", errDamaged, strings.Join(lines, "; "))
	}
	return nil
}

func rebuiltPath(path string) string { return path + ".rebuilt" }

// rebuild puts a new database in the place of a damaged one, with all that only the damaged one had, and says in a
// sentence what became of it.
func (s *Store) rebuild(ctx context.Context, path string) (string, error) {
	fresh := rebuiltPath(path)
	if err := discard(fresh); err != nil {
		return "", err
	}
	f, err := privateFile(fresh)
	if err != nil {
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", err
	}
	if err := layOut(ctx, fresh, pageSizeOf(path)); err != nil {
		return "", err
	}
	b := &Store{Reader: &Reader{}, now: s.now}
	err = b.open(ctx, fresh)
	var kept salvaged
	if err == nil {
		kept, err = b.salvage(ctx, path)
	}
	if err = errors.Join(err, b.shut()); err != nil {
		return "", errors.Join(err, discard(fresh))
	}
	aside := s.aside(path)
	if err := replace(path, aside); err != nil {
		return "", err
	}
	return fmt.Sprintf("The database was damaged and mail is fetched again; kept: %v; the damaged file is now %s.", kept, aside), nil
}

// pageSizeOf guesses the size of a damaged database's pages without its first one: the rebuilt one has the same, so that
// each can have the other's first page. The second page maps pointers, and begins with that of page 3, the root of a
// table. // SQLite file format 1.8
func pageSizeOf(path string) int {
	const older = 4096
	file, err := os.Open(path)
	if err != nil {
		return pageSize
	}
	defer file.Close()
	var entry [5]byte
	if _, err := file.ReadAt(entry[:], older); err != nil || entry != [5]byte{1} {
		return pageSize
	}
	return older
}

// aside is the name a damaged file is kept under: no other file has it.
func (s *Store) aside(path string) string {
	name := path + ".damaged-" + s.now().Format("2006-01-02")
	for n := 2; exists(name) || exists(name+"-wal"); n++ {
		name = fmt.Sprintf("%s.damaged-%s.%d", path, s.now().Format("2006-01-02"), n)
	}
	return name
}

// replace puts the damaged file with its log aside and the rebuilt one in its place. Repeating it does no harm.
func replace(path, aside string) error {
	for _, move := range [][2]string{{path, aside}, {path + "-wal", aside + "-wal"}} {
		if err := os.Rename(move[0], move[1]); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := remove(path + "-shm"); err != nil {
		return err
	}
	if err := os.Rename(rebuiltPath(path), path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// resume ends what a crash left of a rebuild: the damaged file is gone from its place only when the new one was ready.
func (s *Store) resume(path string) error {
	switch {
	case !exists(rebuiltPath(path)):
		return nil
	case exists(path):
		return discard(rebuiltPath(path))
	}
	return replace(path, s.aside(path))
}

// discard removes a database.
func discard(path string) error {
	return errors.Join(remove(path), remove(path+"-wal"), remove(path+"-shm"), remove(path+"-journal"))
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
