package cache

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"posthorn/mail"
)

// private makes dir and the files of the database in it, for nobody but the user whatever the umask is, and takes
// the lock that keeps a second posthorn from synchronising into the same database.
func private(dir string) (lock *os.File, path string, err error) {
	op := "open the data folder " + dir
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, "", fail(op, err)
		}
		if err := os.Chmod(dir, 0o700); err != nil {
			return nil, "", fail(op, err)
		}
	}
	lock, err = privateFile(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, "", fail(op, err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, "", &mail.Error{Op: op, Kind: mail.Temporary, Err: ErrLocked}
		}
		return nil, "", fail(op, fmt.Errorf("lock: %w", err))
	}
	path = filepath.Join(dir, "mail.db")
	file, err := privateFile(path) // SQLite gives its other files the mode of this one
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		lock.Close()
		return nil, "", fail(op, err)
	}
	return lock, path, nil
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
