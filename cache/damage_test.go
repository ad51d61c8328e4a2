package cache

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"posthorn/mail"
)

// precious is what only the database has: two drafts, a message of the outbox, wishes for three messages.
func precious(t *testing.T) (f *fixture, keys []mail.MessageKey) {
	t.Helper()
	return preciousWith(t, pageSize)
}

// preciousWith is precious in a file with pages of another size.
func preciousWith(t *testing.T, page int) (f *fixture, keys []mail.MessageKey) {
	t.Helper()
	f = newFixture(t)
	if page != pageSize {
		f.close()
		f.ok(discard(f.path()))
		f.ok(layOut(f.ctx, f.path(), page))
		f.open()
		f.setUp()
	}
	var got int
	if f.ok(f.conn.QueryRowContext(f.ctx, "PRAGMA page_size").Scan(&got)); got != page {
		t.Fatalf("pages of %d", got)
	}
	keys = f.add(f.inbox, headers(1, 200)...)
	f.do(f.SaveDraft(f.ctx, Saved{Account: "home", Data: "first " + strings.Repeat("words ", 2000)}))
	f.do(f.SaveDraft(f.ctx, Saved{Account: "home", Data: "second"}))
	f.queue(Outgoing{Account: "home", From: "me@example.org", To: []string{"anna@example.org"}, Bytes: []byte("Subject: x\r\n\r\nx"),
		MessageID: "out@example.org", Subject: "x", Draft: "{}"}, 0)
	f.wish("read", read, keys[0])
	f.wish("archived", mail.Move{To: f.archive}, keys[1])
	f.wish("deleted", mail.Expunge{}, keys[2])
	f.ok(f.PutContent(f.ctx, keys[0], "1", 0, bytes.Repeat([]byte("text "), 4000), true))
	return f, keys
}

func (f *fixture) path() string { return filepath.Join(f.dir, "mail.db") }

// left is what a reopened store still has of precious.
func (f *fixture) left() (drafts, outgoing, wishes int) {
	f.t.Helper()
	list, err := f.Drafts(f.ctx)
	f.ok(err)
	out, err := f.Outbox(f.ctx)
	f.ok(err)
	f.ok(f.conn.QueryRowContext(f.ctx, "SELECT (SELECT count(*) FROM operation) + (SELECT count(*) FROM salvaged)").Scan(&wishes))
	return len(list), len(out), wishes
}

func TestOfADamagedFileDraftsOutboxAndWishesAreKept(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(raw []byte, page int) []byte
		kept bool
	}{
		"header overwritten":      {func(raw []byte, page int) []byte { return append(bytes.Repeat([]byte("x"), 100), raw[100:]...) }, true},
		"first page zeroed":       {func(raw []byte, page int) []byte { return append(make([]byte, page), raw[page:]...) }, true},
		"last page cut off":       {func(raw []byte, page int) []byte { return raw[:len(raw)-page] }, true},
		"all zero":                {func(raw []byte, page int) []byte { return make([]byte, len(raw)) }, false},
		"not a database":          {func([]byte, int) []byte { return []byte(strings.Repeat("not a database at all ", 500)) }, false},
		"cut to its first pages":  {func(raw []byte, page int) []byte { return raw[:3*page] }, false},
		"shorter than one header": {func(raw []byte, page int) []byte { return raw[:50] }, false},
	} {
		for _, page := range []int{pageSize, 4096} { // the second is that of older files
			t.Run(fmt.Sprint(name, ", pages of ", page), func(t *testing.T) {
				f, _ := preciousWith(t, page)
				f.close()
				raw, err := os.ReadFile(f.path())
				f.ok(err)
				harmed := c.harm(bytes.Clone(raw), page)
				f.ok(os.WriteFile(f.path(), harmed, 0o600))
				f.open()
				drafts, outgoing, wishes := f.left()
				if kept := drafts == 2 && outgoing == 1 && wishes == 3; kept != c.kept {
					t.Errorf("%d drafts, %d outgoing, %d wishes are left: %s", drafts, outgoing, wishes, f.Recovered())
				}
				aside := f.path() + ".damaged-2026-03-01"
				if !strings.Contains(f.Recovered(), aside) {
					t.Errorf("said %q", f.Recovered())
				}
				if got, err := os.ReadFile(aside); err != nil || !bytes.Equal(got, harmed) {
					t.Errorf("the damaged file was not kept as it was: %v", err)
				}
				for _, pattern := range []string{"*.mended*", "*.rebuilt*"} {
					if rest, _ := filepath.Glob(filepath.Join(f.dir, pattern)); rest != nil {
						t.Errorf("left behind: %v", rest)
					}
				}
				f.reopen()
				if f.Recovered() != "" {
					t.Errorf("the next start said %q", f.Recovered())
				}
			})
		}
	}
}

func TestTheOutboxOfADamagedFileOfAnOlderVersionIsKept(t *testing.T) {
	f, _ := precious(t)
	f.do(f.conn.ExecContext(f.ctx, "UPDATE outbox SET state = 'failed', attempts = 1; ALTER TABLE outbox DROP COLUMN refused; ALTER TABLE outbox DROP COLUMN copy"))
	f.checked = false
	f.close()
	raw, err := os.ReadFile(f.path())
	f.ok(err)
	f.ok(os.WriteFile(f.path(), raw[:len(raw)-2*pageSize], 0o600))
	f.open()
	if f.Recovered() == "" {
		t.Fatal("no damage was found")
	}
	if out, err := f.Outbox(f.ctx); err != nil || len(out) != 1 || out[0].Copy != CopyDue || out[0].Subject != "x" {
		t.Errorf("%+v, %v: %s", out, err, f.Recovered())
	}
}

func TestSalvagedWishesAreWishesAgainOnceTheirMessagesAreKnown(t *testing.T) {
	for name, c := range map[string]struct {
		validity mail.UIDValidity
		offset   int
	}{"same UIDs": {7, 0}, "other UIDs": {8, 1000}} {
		t.Run(name, func(t *testing.T) {
			f, _ := precious(t)
			f.do(f.conn.ExecContext(f.ctx, "UPDATE mailbox SET uidvalidity = 7"))
			f.close()
			raw, err := os.ReadFile(f.path())
			f.ok(err)
			f.ok(os.WriteFile(f.path(), append(make([]byte, pageSize), raw[pageSize:]...), 0o600))
			f.open()
			f.do(f.SetMailboxes(f.ctx, "home", []mail.Listed{{Name: "INBOX", Role: mail.Inbox}, {Name: "Archive", Role: mail.Archive}}))
			f.inbox, f.archive = f.role(mail.Inbox), f.role(mail.Archive)
			f.ok(f.Reset(f.ctx, f.inbox, c.validity))
			list := headers(1, 200)
			for i := range list {
				list[i].UID += mail.UID(c.offset)
			}
			next, first := mail.UID(c.offset+201), mail.UID(1)
			keys, err := f.Add(f.ctx, f.inbox, list, Marks{UIDNext: &next, Backfill: &first}) // in the transaction that stores them
			f.ok(err)
			if !f.message(keys[0]).Flags.Has(mail.Seen) {
				t.Error("the first is not read")
			}
			if got := f.shown(in(f.archive)); len(got) != 1 || got[0] != keys[1] {
				t.Errorf("the archive shows %v, want %v", got, keys[1])
			}
			if got := len(f.shown(in(f.inbox))); got != 198 {
				t.Errorf("the inbox shows %d", got)
			}
			var waiting int
			f.ok(f.conn.QueryRowContext(f.ctx, "SELECT count(*) FROM salvaged").Scan(&waiting))
			if waiting != 0 || len(f.due()) != 3 {
				t.Errorf("%d wait, %d are due", waiting, len(f.due()))
			}
		})
	}
}

func TestWhatIsWantedOfMailboxesIsSalvaged(t *testing.T) {
	f, _ := tree(t, "INBOX", "Old", "Old/Sub", "Gone", "Lists")
	keys := f.byName()
	for _, e := range []Errand{
		{Kind: RenameMailbox, Mailbox: keys["Old"], Name: "New"},
		{Kind: DeleteMailbox, Mailbox: keys["Gone"], Messages: 1},
		{Kind: CreateMailbox, Account: "home", Name: "Fresh"},
		{Kind: SubscribeMailbox, Mailbox: keys["Lists"]},
		{Kind: CreateMailbox, Account: "home", Name: "New/Fresher"},
	} {
		_, _, err := f.WishErrand(f.ctx, e, "", time.Time{})
		f.ok(err)
	}
	f.wish("moved", mail.Move{To: f.byName()["Fresh"]}, f.add(keys["INBOX"], header(2))...)
	f.ok(f.Reset(f.ctx, keys["INBOX"], 7))
	f.add(keys["INBOX"], headers(1, 2)...)
	describe := func() (out []string) {
		groups, err := f.Wishes(f.ctx)
		f.ok(err)
		for _, g := range groups {
			if g.Errand.ID != 0 {
				g.Errand.ID, g.Errand.Mailbox = 0, 0
				out = append(out, fmt.Sprintf("%+v", g.Errand))
			}
		}
		return out
	}
	names, before := f.names(), describe()
	f.close()
	raw, err := os.ReadFile(f.path())
	f.ok(err)
	f.ok(os.WriteFile(f.path(), append(make([]byte, pageSize), raw[pageSize:]...), 0o600))
	f.open()
	if !strings.Contains(f.Recovered(), "changes waiting for the server 6") {
		t.Errorf("said %q", f.Recovered())
	}
	if after := describe(); len(after) != 5 || !slices.Equal(after, before) {
		t.Errorf("wanted:\n%s\nbefore:\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
	}
	f.listWith("INBOX", "Old", "Old/Sub", "Gone", "Lists")
	if after := f.names(); !slices.Equal(after, names) {
		t.Errorf("shown: %v, before %v", after, names)
	}
	inbox := f.byName()["INBOX"]
	f.ok(f.Reset(f.ctx, inbox, 7))
	f.add(inbox, headers(1, 2)...)
	f.do(f.Settled(f.ctx, inbox))
	if got := f.shown(in(f.byName()["Fresh"])); len(got) != 1 {
		t.Errorf("the mailbox that is to be made shows %v", got)
	}
}

// TestNoDamageAnywhereIsMoreThanAnOutage flips and cuts bytes all over the file: posthorn starts every time, and says
// so where it lost something.
func TestNoDamageAnywhereIsMoreThanAnOutage(t *testing.T) {
	f, _ := precious(t)
	f.close()
	raw, err := os.ReadFile(f.path())
	f.ok(err)
	random := rand.New(rand.NewPCG(1, 2))
	silent := 0
	for n := range 60 {
		dir := t.TempDir()
		harmed := bytes.Clone(raw)
		switch at := random.IntN(len(raw)); n % 3 {
		case 0:
			harmed = harmed[:at]
		case 1:
			for i := at; i < min(at+64, len(raw)); i++ {
				harmed[i] ^= 0xff
			}
		default:
			clear(harmed[at&^(pageSize-1) : min(at&^(pageSize-1)+pageSize, len(raw))])
		}
		f.ok(os.WriteFile(filepath.Join(dir, "mail.db"), harmed, 0o600))
		f.ok(os.WriteFile(filepath.Join(dir, "lock"), []byte("1"), 0o600)) // did not end by itself
		s, err := Open(f.ctx, dir, Options{})
		if err != nil {
			t.Fatalf("damage %d: %v", n, err)
		}
		g := &fixture{Store: s, t: t, ctx: f.ctx}
		drafts, outgoing, wishes := g.left()
		if (drafts < 2 || outgoing < 1 || wishes < 3) && s.Recovered() == "" {
			silent++
		}
		if s.Recovered() == "" {
			s.checked = false // a flipped letter of a subject is no damage to SQLite
		}
		if err := s.Close(); err != nil {
			t.Errorf("damage %d: %v", n, err)
		}
	}
	if silent > 0 {
		t.Errorf("%d times something was lost and nothing said", silent)
	}
}

// crashed is a copy of the files of a store at work, as a killed process leaves them.
func (f *fixture) crashed() string {
	f.t.Helper()
	dir := f.t.TempDir()
	for _, name := range []string{"mail.db", "mail.db-wal", "lock"} {
		f.ok(duplicate(filepath.Join(f.dir, name), filepath.Join(dir, name)))
	}
	return dir
}

func TestACutOrScribbledLogLosesOnlyWhatStoodBehindTheDamage(t *testing.T) {
	f, _ := precious(t)
	dir := f.crashed()
	wal, err := os.ReadFile(filepath.Join(dir, "mail.db-wal"))
	f.ok(err)
	db, err := os.ReadFile(filepath.Join(dir, "mail.db"))
	f.ok(err)
	for i := range 12 {
		at := len(wal) * i / 12
		for _, log := range [][]byte{wal[:at], append(append(bytes.Clone(wal[:at]), 0x5a, 0x5a, 0x5a), wal[min(at+3, len(wal)):]...)} {
			dir := t.TempDir()
			f.ok(os.WriteFile(filepath.Join(dir, "mail.db"), db, 0o600))
			f.ok(os.WriteFile(filepath.Join(dir, "mail.db-wal"), log, 0o600))
			s, err := Open(f.ctx, dir, Options{})
			if err != nil {
				t.Fatalf("at %d: %v", at, err)
			}
			f.ok(s.Close()) // checks
		}
	}
}

func TestAnEmptiedFileDoesNotTakeItsLogWithIt(t *testing.T) {
	f, _ := precious(t)
	dir := f.crashed()
	f.ok(os.Truncate(filepath.Join(dir, "mail.db"), 0))
	s, err := Open(f.ctx, dir, Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	g := &fixture{Store: s, t: t, ctx: f.ctx}
	if drafts, outgoing, wishes := g.left(); drafts != 2 || outgoing != 1 || wishes != 3 {
		t.Errorf("%d drafts, %d outgoing, %d wishes: %s", drafts, outgoing, wishes, s.Recovered())
	}
	if info, err := os.Stat(filepath.Join(dir, "mail.db.damaged-2026-03-01-wal")); err != nil || info.Size() == 0 {
		t.Errorf("the log is gone: %v, %v", info, err)
	}
}

func TestARebuildThatWasInterruptedIsEnded(t *testing.T) {
	f, _ := precious(t)
	f.close()
	f.ok(os.Rename(f.path(), rebuiltPath(f.path()))) // the new one was ready, the damaged one already aside
	f.open()
	if drafts, outgoing, wishes := f.left(); drafts != 2 || outgoing != 1 || wishes != 3 {
		t.Errorf("%d drafts, %d outgoing, %d wishes", drafts, outgoing, wishes)
	}
}

func TestAFullDiskIsSaidAndLosesNothing(t *testing.T) {
	f, keys := precious(t)
	f.do(f.conn.ExecContext(f.ctx, "PRAGMA max_page_count = 1")) // SQLite makes it the present size
	_, err := f.Add(f.ctx, f.inbox, headers(201, 2000), Marks{})
	if mail.KindOf(err) != mail.Damaged || !strings.Contains(err.Error(), "disk is full") {
		t.Errorf("got %v", err)
	}
	if f.message(keys[0]).Subject != "Message 1" {
		t.Error("reading went wrong")
	}
	if drafts, outgoing, wishes := f.left(); drafts != 2 || outgoing != 1 || wishes != 3 {
		t.Errorf("%d drafts, %d outgoing, %d wishes", drafts, outgoing, wishes)
	}
	f.do(f.conn.ExecContext(f.ctx, "PRAGMA max_page_count = 1000000"))
	f.add(f.inbox, headers(201, 300)...)
}

// unprivileged lets this goroutine open only files that anybody may, where it is root's.
func unprivileged(t *testing.T) {
	if os.Getuid() != 0 {
		return
	}
	runtime.LockOSThread()
	if err := syscall.Setfsuid(65534); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setfsuid(0); err != nil {
			t.Error(err)
		}
		runtime.UnlockOSThread()
	})
}

func TestAFolderThatMayNotBeWrittenIsRefusedInWords(t *testing.T) {
	f, _ := precious(t)
	f.close()
	f.ok(os.Remove(filepath.Join(f.dir, "lock")))
	f.ok(os.Chmod(f.dir, 0o500))
	defer os.Chmod(f.dir, 0o700)
	unprivileged(t)
	for _, dir := range []string{f.dir, filepath.Join(f.dir, "new")} {
		_, err := Open(f.ctx, dir, Options{})
		if mail.KindOf(err) != mail.Damaged || !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "whether it may be written") {
			t.Errorf("got %v", err)
		}
	}
}

func TestAClockThatJumpsLosesNoWish(t *testing.T) {
	for _, years := range []int{-10, 10} {
		f, keys := precious(t)
		f.ok(f.Later(f.ctx, f.due()[:1], f.now.Add(5*time.Minute), "try later"))
		f.now = f.now.AddDate(years, 0, 0)
		f.reopen()
		f.wish("flagged", flagged, keys[3])
		f.check()
		if n := len(f.due()); n != 4 {
			t.Errorf("%d years: %d wishes are due, want 4", years, n)
		}
		f.do(f.Undo(f.ctx))
	}
}

func TestANewerFileIsNotTouched(t *testing.T) {
	f, _ := precious(t)
	f.close()
	withFile(t, f.dir, "PRAGMA user_version = 99")
	before, err := os.ReadFile(f.path())
	f.ok(err)
	if _, err := Open(context.Background(), f.dir, Options{}); err == nil {
		t.Fatal("it was opened")
	}
	after, err := os.ReadFile(f.path())
	if f.ok(err); !bytes.Equal(before, after) {
		t.Error("it was changed")
	}
}
