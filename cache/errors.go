package cache

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"posthorn/mail"
)

// ErrLocked means that another posthorn has the database open.
var ErrLocked = errors.New("another posthorn is using this data")

// locked says who holds the lock, as far as the lock file tells.
func locked(op, holder string) error {
	who := ""
	if _, err := strconv.Atoi(holder); err == nil {
		who = " (process " + holder + ")"
	}
	return &mail.Error{Op: op, Kind: mail.Temporary,
		Err: fmt.Errorf("%w%s: work there or quit it first, or look at the mail with posthorn -read-only", ErrLocked, who)}
}

// cannotOpen tells whether SQLite had no way to open its files, which says nothing of what is in them.
func cannotOpen(err error) bool {
	var lite sqlite3.Error
	return errors.As(err, &lite) && (lite.Code == sqlite3.ErrCantOpen || lite.Code == sqlite3.ErrReadonly)
}

// fail makes err a *mail.Error that says what was being done and, where that is known, what to do about it.
func fail(op string, err error) error {
	var known *mail.Error
	var lite sqlite3.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &mail.Error{Op: op, Kind: mail.Canceled, Err: err}
	case errors.Is(err, sql.ErrNoRows):
		return &mail.Error{Op: op, Kind: mail.Gone, Err: errors.New("it is not in the database any more")}
	case errors.As(err, &lite):
		return &mail.Error{Op: op, Kind: mail.Damaged, Said: advise(lite), Err: err}
	}
	return &mail.Error{Op: op, Kind: mail.Damaged, Said: adviseOnFile(err), Err: err}
}

// corruptionSeen is set once SQLite called a file corrupt: the next start then reads every page.
var corruptionSeen atomic.Bool

// advise is what a person can do about an error of SQLite, in place of its words.
func advise(err sqlite3.Error) string {
	switch err.Code {
	case sqlite3.ErrFull:
		return "the disk is full: make room and try again"
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		corruptionSeen.Store(true)
		return "the database is damaged: quit and start posthorn again, which keeps drafts, unsent mail and changes, and fetches the rest anew"
	case sqlite3.ErrReadonly, sqlite3.ErrPerm, sqlite3.ErrCantOpen:
		return "the database cannot be opened for writing: " + ownership
	case sqlite3.ErrIoErr:
		return "the disk failed: see whether it is healthy and not full"
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return "another program holds the database: end that and try again"
	}
	return "the database failed (" + err.Error() + "): quit and start posthorn again"
}

const ownership = "see who owns posthorn's data folder and whether it may be written"

// adviseOnFile is advise for what the system refuses; empty: there is none.
func adviseOnFile(err error) string {
	switch {
	case errors.Is(err, os.ErrPermission), errors.Is(err, syscall.EROFS):
		return mail.Reason(err) + ": " + ownership + ", or look at the mail with posthorn -read-only"
	}
	return ""
}

// gone is the error for a row that another action took away.
func gone(op, what string) error {
	return &mail.Error{Op: op, Kind: mail.Gone, Err: errors.New(what)}
}

// refused is the error for what must not be done.
func refused(op, why string) error {
	return &mail.Error{Op: op, Kind: mail.Rejected, Err: errors.New(why)}
}
