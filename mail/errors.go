package mail

import (
	"errors"
	"fmt"
)

// Kind sorts errors by what to do next.
type Kind int

// The kinds, by growing blast radius.
const (
	Unknown   Kind = iota
	Gone           // the UID or mailbox no longer exists: drop the wish, synchronise the mailbox again
	Rejected       // the server said no for good: drop the wish, tell the user
	Temporary      // the server said not now: keep, try later
	Offline        // no connection, or it ended: back off
	Auth           // user or password refused: ask the user, never hammer
	Protocol       // the server's answer made no sense: log, reconnect
	Canceled       // we are shutting down
	Damaged        // the database or the file system failed
)

var kindNames = map[Kind]string{
	Unknown: "failed", Gone: "no longer there", Rejected: "refused by the server", Temporary: "not possible right now",
	Offline: "no connection", Auth: "login refused", Protocol: "unexpected answer", Canceled: "cancelled", Damaged: "local data",
}

func (k Kind) String() string { return kindNames[k] }

// Error is an error with the operation that failed and what to do about it. Its text is for people: see Reason.
type Error struct {
	Op   string // what was being done, in a person's words: "move to Archive"
	Kind Kind
	Said string // the server's own words, not yet made safe for the terminal; may be empty
	Err  error  // the cause; may be nil
}

func (e *Error) Error() string {
	switch {
	case e.Kind == Damaged && (e.Said != "" || e.Err != nil): // the cause names what is damaged
		return fmt.Sprintf("%s: %s", e.Op, Reason(e))
	case e.Said != "" || e.Err != nil:
		return fmt.Sprintf("%s: %s: %s", e.Op, e.Kind, Reason(e))
	}
	return fmt.Sprintf("%s: %s", e.Op, e.Kind)
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the first Error in err's chain.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Unknown
}
