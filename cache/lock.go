package cache

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// private makes dir, for nobody but the user whatever the umask is, and takes
// the lock that keeps a second posthorn from synchronising into the same database.
func private(dir string) (lock *os.File, err error) {
	op := "open the data folder " + dir
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fail(op, err)
		}
		if err := os.Chmod(dir, 0o700); err != nil {
			return nil, fail(op, err)
		}
	}
	lock, err = privateFile(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, fail(op, err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, locked(op, holder(dir))
		}
		return nil, fail(op, fmt.Errorf("lock: %w", err))
	}
	return lock, nil
}

// holder is what the lock file says: the number of the process that holds the lock, or what it left behind.
func holder(dir string) string {
	text, err := os.ReadFile(filepath.Join(dir, "lock"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// note writes into the lock file.
func note(lock *os.File, text string) error {
	if err := lock.Truncate(0); err != nil {
		return err
	}
	_, err := lock.WriteAt([]byte(text), 0)
	return err
}

func privateFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Chmod(0o600); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
