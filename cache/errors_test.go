package cache

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/mattn/go-sqlite3"

	"posthorn/mail"
)

// What SQLite says means nothing to a person: one sentence says what is the matter and what to do.
func TestErrorsOfTheDatabaseAreOneSentence(t *testing.T) {
	t.Cleanup(func() { corruptionSeen.Store(false) })
	for code, want := range map[sqlite3.ErrNo]string{
		sqlite3.ErrFull:     "store a change: the disk is full: make room and try again",
		sqlite3.ErrCorrupt:  "the database is damaged: quit and start posthorn again",
		sqlite3.ErrNotADB:   "the database is damaged: quit and start posthorn again",
		sqlite3.ErrReadonly: "see who owns posthorn's data folder",
		sqlite3.ErrCantOpen: "see who owns posthorn's data folder",
		sqlite3.ErrPerm:     "see who owns posthorn's data folder",
		sqlite3.ErrIoErr:    "the disk failed: see whether it is healthy",
		sqlite3.ErrBusy:     "another program holds the database: end that",
		sqlite3.ErrNomem:    "quit and start posthorn again",
	} {
		cause := sqlite3.Error{Code: code}
		err := fail("store a change", fmt.Errorf("wrapped: %w", cause))
		if got := err.Error(); !strings.Contains(got, want) || strings.Contains(got, "wrapped") || mail.KindOf(err) != mail.Damaged || !errors.Is(err, cause) {
			t.Errorf("%d: %q", code, got)
		}
		if known := code != sqlite3.ErrNomem; known == strings.Contains(err.Error(), cause.Error()) {
			t.Errorf("%d has the words of SQLite: %v", code, err)
		}
	}
}
