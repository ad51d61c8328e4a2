package cache

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"posthorn/mail"
)

func TestASecondStoreOnTheSameFolderIsRefused(t *testing.T) {
	f := newFixture(t)
	_, err := Open(f.ctx, f.dir, Options{})
	if !errors.Is(err, ErrLocked) {
		t.Fatalf("got %v, want ErrLocked", err)
	}
	f.reopen() // the lock is free again after Close
}

func TestFilesAreForTheUserOnlyWhateverTheUmask(t *testing.T) {
	for _, mask := range []int{0, 0o777} {
		dir := filepath.Join(t.TempDir(), "data", "posthorn")
		old := syscall.Umask(0)
		if err := os.Mkdir(filepath.Dir(dir), 0o700); err != nil {
			t.Fatal(err)
		}
		syscall.Umask(mask)
		s, err := Open(context.Background(), dir, Options{})
		syscall.Umask(old)
		if err != nil {
			t.Fatalf("umask %o: %v", mask, err)
		}
		if _, err := s.SaveDraft(context.Background(), Saved{Account: "home", Data: "{}"}); err != nil {
			t.Fatal(err)
		}
		modes := map[string]os.FileMode{".": 0o700, "lock": 0o600, "mail.db": 0o600, "mail.db-wal": 0o600, "mail.db-shm": 0o600}
		for name, want := range modes {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode().Perm(); got != want {
				t.Errorf("umask %o: %s has mode %o, want %o", mask, name, got, want)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestAFolderNameMayHoldAnyCharacter(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a?b#c%20d e")
	s, err := Open(context.Background(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "mail.db")); err != nil {
		t.Error(err)
	}
}

// withFile runs statements on a closed store's file.
func withFile(t *testing.T, dir string, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(dir, "mail.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
}

func TestANewerFileIsRefusedInWords(t *testing.T) {
	f := newFixture(t)
	f.close()
	withFile(t, f.dir, "PRAGMA user_version = 99")
	_, err := Open(f.ctx, f.dir, Options{})
	if mail.KindOf(err) != mail.Damaged || !strings.Contains(err.Error(), "newer posthorn") {
		t.Errorf("got %v, want words about a newer posthorn", err)
	}
}

func TestAnotherProgramsDatabaseIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	withFile(t, dir, "CREATE TABLE recipes (name TEXT)")
	_, err := Open(context.Background(), dir, Options{})
	if mail.KindOf(err) != mail.Damaged || !strings.Contains(err.Error(), "another program") {
		t.Errorf("got %v, want words about another program", err)
	}
}

func TestMigrationsRunOnceAndInOrder(t *testing.T) {
	f := newFixture(t)
	f.do(f.SaveDraft(f.ctx, Saved{Account: "home", Data: "kept"}))
	f.do(f.conn.ExecContext(f.ctx, "PRAGMA user_version = 1"))
	steps := []string{"CREATE TABLE extra (a INTEGER)", "INSERT INTO extra VALUES (1)"}
	for range 2 {
		f.ok(migrate(f.ctx, f.conn, steps))
	}
	var rows, version, drafts int
	f.ok(f.conn.QueryRowContext(f.ctx, "SELECT (SELECT count(*) FROM extra), user_version, (SELECT count(*) FROM draft) FROM pragma_user_version").
		Scan(&rows, &version, &drafts))
	if rows != 1 || version != 3 || drafts != 1 {
		t.Errorf("%d rows, version %d, %d drafts; want 1, 3, 1", rows, version, drafts)
	}
	if err := migrate(f.ctx, f.conn, []string{"", "", "INSERT INTO nowhere VALUES (1)"}); err == nil || !strings.Contains(err.Error(), "from version 3 to 4") {
		t.Errorf("a failing step is reported as %v", err)
	}
	f.ok(f.conn.QueryRowContext(f.ctx, "SELECT user_version FROM pragma_user_version").Scan(&version))
	if version != 3 {
		t.Errorf("a failed step left version %d", version)
	}
}

func TestEveryColumnOfTheSchemaIsExplained(t *testing.T) {
	column := regexp.MustCompile(`^  ([a-z_]+)[ ,].*`)
	inTable, columns := false, 0
	for n, line := range strings.Split(schema, "\n") {
		switch {
		case strings.HasPrefix(line, "CREATE TABLE"), strings.HasPrefix(line, "CREATE VIRTUAL TABLE"):
			inTable = true
		case strings.HasPrefix(line, ")"):
			inTable = false
		case inTable && strings.HasPrefix(line, "  content = "): // options of the full text
		case inTable && column.MatchString(line):
			columns++
			if _, comment, ok := strings.Cut(line, "-- "); !ok || len(comment) < 5 {
				t.Errorf("schema.sql:%d: %s is not explained", n+1, column.FindStringSubmatch(line)[1])
			}
		}
	}
	f := newFixture(t)
	var want int
	f.ok(f.conn.QueryRowContext(f.ctx, `SELECT count(*) FROM sqlite_schema s, pragma_table_info(s.name)
		WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite_%' AND s.name NOT LIKE 'message_fts_%'`).Scan(&want))
	if columns != want {
		t.Errorf("%d columns were looked at, the database has %d", columns, want)
	}
}

func TestTablesAreStrict(t *testing.T) {
	f := newFixture(t)
	loose, err := collect(f.ctx, f.Reader.db, column[string], `SELECT name FROM pragma_table_list
		WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'message_fts%'`)
	if err != nil || len(loose) > 0 {
		t.Errorf("not strict: %v %v", loose, err)
	}
}

func TestTheReaderCannotWrite(t *testing.T) {
	f := newFixture(t)
	if _, err := f.Reader.db.Exec("DELETE FROM mailbox"); err == nil {
		t.Error("a reader deleted rows")
	}
}

func TestWhatAPersonDidIsWrittenThrough(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 1)...)
	level := func() (n int) {
		f.ok(f.conn.QueryRowContext(f.ctx, "PRAGMA synchronous").Scan(&n))
		return n
	}
	const normal, full = 1, 2
	if got := level(); got != normal {
		t.Errorf("synchronous is %d after headers, want %d", got, normal)
	}
	f.wish("read", read, keys...)
	if got := level(); got != full {
		t.Errorf("synchronous is %d after a wish, want %d", got, full)
	}
}

func TestACancelledContextWritesNothing(t *testing.T) {
	f := newFixture(t)
	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	if _, err := f.SaveDraft(ctx, Saved{Account: "home", Data: "x"}); mail.KindOf(err) != mail.Canceled {
		t.Errorf("got %v, want an error of kind Canceled", err)
	}
	if list, err := f.Drafts(f.ctx); err != nil || len(list) != 0 {
		t.Errorf("drafts %v %v", list, err)
	}
}

func TestANewFileHasLargePagesAndGivesSpaceBack(t *testing.T) {
	f := newFixture(t)
	var page, vacuum int
	f.ok(f.conn.QueryRowContext(f.ctx, "SELECT page_size, auto_vacuum FROM pragma_page_size, pragma_auto_vacuum").Scan(&page, &vacuum))
	if page != pageSize || vacuum != 2 {
		t.Errorf("pages of %d, auto_vacuum %d", page, vacuum)
	}
}

func TestFlagsThatArriveAreStoredAfterTheHeadersAndWithTheirMark(t *testing.T) {
	f := newFixture(t)
	_, err := f.Add(f.ctx, f.inbox, headers(1, 3), Marks{})
	f.ok(err)
	a := NewArrivals(1)
	a.Marks.HighestModSeq = new(mail.ModSeq(77))
	for n := range mail.UID(3) {
		a.PutFlags(mail.FlagUpdate{UID: 2 + n, Flags: mail.Flagged}) // 4 is new
	}
	h := header(4)
	a.Put(&h)
	added, err := f.AddAll(f.ctx, f.inbox, a, func() *Arrivals { return nil })
	if f.ok(err); len(added) != 1 {
		t.Fatalf("added %v", added)
	}
	got := ""
	for _, key := range f.shown(in(f.inbox)) {
		if m := f.message(key); m.Flags.Has(mail.Flagged) {
			got += m.Subject + ", "
		}
	}
	have, err := f.SyncState(f.ctx, f.inbox)
	if f.ok(err); got != "Message 4, Message 3, Message 2, " || have.HighestModSeq != 77 {
		t.Errorf("flagged are %s MODSEQ %d", got, have.HighestModSeq)
	}
}

func TestArrivalsAreFilledAgainInTheTransactionThatStoresThem(t *testing.T) {
	f := newFixture(t)
	a, first, second := NewArrivals(1), header(1), header(2)
	first.Structure = &mail.Part{Section: "1", MediaType: "text/plain"}
	a.Put(&first)
	a.PutFlags(mail.FlagUpdate{UID: 1, Flags: mail.Flagged})
	a.Marks.HighestModSeq = new(mail.ModSeq(77))
	refilled := false
	added, err := f.AddAll(f.ctx, f.inbox, a, func() *Arrivals {
		if refilled {
			return nil
		}
		refilled = true
		a.Reset()
		a.Put(&second)
		if a.Len() != 1 || len(a.flags) != 0 || a.Marks != (Marks{}) {
			t.Errorf("something is left: %d, %v, %+v", a.Len(), a.flags, a.Marks)
		}
		return a
	})
	if f.ok(err); len(added) != 2 {
		t.Fatalf("added %v", added)
	}
	for i, want := range []mail.Header{first, second} {
		m := f.message(added[i])
		if m.Subject != want.Envelope.Subject || m.Envelope.MessageID != want.Envelope.MessageID || (m.Structure != nil) != (i == 0) || m.Flags.Has(mail.Flagged) != (i == 0) {
			t.Errorf("message %d is %+v", i+1, m)
		}
	}
}

func TestArrivalsShareATransactionUntilSomebodyWaits(t *testing.T) {
	f := newFixture(t)
	commits := 0
	f.committed = func() { commits++ }
	of := func(lo, hi int) *Arrivals {
		a := NewArrivals(1)
		for _, h := range headers(lo, hi) {
			a.Put(&h)
		}
		return a
	}
	left := []*Arrivals{of(11, 20), of(21, 30)}
	added, err := f.AddAll(f.ctx, f.inbox, of(1, 10), func() *Arrivals {
		if len(left) == 0 {
			return nil
		}
		a := left[0]
		left = left[1:]
		return a
	})
	if f.ok(err); len(added) != 30 || commits != 1 {
		t.Errorf("%d messages in %d transactions", len(added), commits)
	}
	saved := make(chan error)
	asked := 0
	added, err = f.AddAll(f.ctx, f.inbox, of(31, 40), func() *Arrivals {
		if asked++; asked == 1 {
			go func() {
				_, err := f.SaveDraft(f.ctx, Saved{Account: "home", Data: "a draft"})
				saved <- err
			}()
			for f.waiting.Load() == 0 {
				runtime.Gosched()
			}
		}
		return of(41, 50)
	})
	if f.ok(err); len(added) != 20 || asked != 1 {
		t.Errorf("%d messages, asked for more %d times while a draft waited", len(added), asked)
	}
	f.ok(<-saved)
	if got := len(f.shown(in(f.inbox))); got != 50 {
		t.Errorf("the inbox shows %d", got)
	}
}
