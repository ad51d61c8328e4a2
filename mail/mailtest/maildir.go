package mailtest

import (
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Letter is a message to be put into a maildir.
type Letter struct {
	Number int // in its maildir; no two have the same
	At     time.Time
	Seen   bool
	Raw    []byte
}

// Fill puts messages into a user's INBOX as a delivery agent does, without a word to the server.
func (d *DovecotServer) Fill(t testing.TB, user string, letters iter.Seq[Letter]) {
	t.Helper()
	dir := filepath.Join(d.Dir, "mail", user)
	must := func(err error) {
		if t.Helper(); err != nil {
			t.Fatal(err)
		}
	}
	for _, sub := range []string{"cur", "new", "tmp"} {
		must(os.MkdirAll(filepath.Join(dir, sub), 0o700))
	}
	owner, err := os.Stat(filepath.Dir(dir))
	must(err)
	give := func(path string) error { return nil }
	if of, ok := owner.Sys().(*syscall.Stat_t); ok && int(of.Uid) != os.Getuid() {
		give = func(path string) error { return os.Lchown(path, int(of.Uid), int(of.Gid)) }
	}
	must(filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		return give(path)
	}))
	for l := range letters {
		name := fmt.Sprintf("%d.M%dP1.filled:2,", l.At.Unix(), l.Number)
		if l.Seen {
			name += "S"
		}
		tmp := filepath.Join(dir, "tmp", name)
		must(os.WriteFile(tmp, l.Raw, 0o600))
		must(os.Chtimes(tmp, l.At, l.At))
		must(give(tmp))
		must(os.Rename(tmp, filepath.Join(dir, "cur", name)))
	}
}
