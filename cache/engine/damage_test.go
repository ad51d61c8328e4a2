package engine

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"posthorn/mail"
)

// write runs a statement on the database beside the engine.
func (r *rig) write(statement string) {
	r.t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(r.dir, "mail.db")+"?_busy_timeout=5000")
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		r.t.Fatal(err)
	}
}

func TestMailThatCannotBeStoredRestsTheAccountAndLosesNoWish(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 2)
	r.start()
	r.write("CREATE TRIGGER full BEFORE INSERT ON message BEGIN SELECT RAISE(FAIL, 'no room'); END")
	r.deliver("INBOX", 3, 3) // told by IDLE; Refresh would ask for another try, perhaps after the first has failed
	r.until("it is said", func() bool {
		return strings.Contains(r.e.States()[0].Text, "mail cannot be stored: the database failed (no room)")
	})
	if r.e.States()[0].Retry.IsZero() {
		t.Error("it is never tried again")
	}
	if got := r.subjects("INBOX"); got != "2 1" {
		t.Errorf("the list shows %q", got)
	}
	r.do("read", mail.Targeted{Message: r.list("INBOX")[0].Key, Change: mail.FlagChange{Mask: mail.Seen, Want: mail.Seen}})
	before := r.logins()
	r.settle()
	if again := r.logins(); again != before {
		t.Errorf("%d logins while it rests", again-before)
	}
	if wishes, _, err := r.store.Waiting(t.Context()); err != nil || wishes != 1 {
		t.Errorf("%d wishes wait, %v", wishes, err)
	}
	r.write("DROP TRIGGER full")
	r.e.Refresh("")
	r.until("all is there", func() bool { return r.subjects("INBOX") == "3 2 1" })
	r.settle()
	if wishes, _, err := r.store.Waiting(t.Context()); err != nil || wishes != 0 {
		t.Errorf("%d wishes wait, %v", wishes, err)
	}
}
