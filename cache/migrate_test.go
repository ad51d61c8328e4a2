package cache

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// form is what a database looks like, whatever its SQL was written like: the columns of each table and index.
func form(t *testing.T, q querier) string {
	t.Helper()
	ask := func(query string, args ...any) []string {
		lines, err := collect(t.Context(), q, column[string], query, args...)
		if err != nil {
			t.Fatal(err)
		}
		return lines
	}
	var out []string
	for _, name := range ask("SELECT name FROM sqlite_schema WHERE type IN ('table', 'index') AND name NOT LIKE 'message_fts%' ORDER BY name") {
		columns := ask(`SELECT name || ' ' || type || ' ' || "notnull" || ' ' || ifnull(dflt_value, '-') || ' ' || pk FROM pragma_table_info(?)`, name)
		columns = append(columns, ask("SELECT ifnull(name, '?') FROM pragma_index_info(?)", name)...)
		columns = append(columns, ask(`SELECT "table" || ' ' || on_delete FROM pragma_foreign_key_list(?)`, name)...)
		slices.Sort(columns)
		out = append(out, name+": "+strings.Join(columns, ", "))
	}
	return strings.Join(out, "\n")
}

func TestOlderDatabasesBecomeWhatAFreshOneIs(t *testing.T) {
	want := form(t, newFixture(t).Reader.db)
	dumps, err := filepath.Glob("testdata/version*.sql")
	if err != nil || len(dumps) == 0 {
		t.Fatal("no dumps", err)
	}
	for _, path := range dumps {
		t.Run(path, func(t *testing.T) {
			dump, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			old, err := sql.Open("sqlite3", filepath.Join(dir, "mail.db"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := old.Exec(string(dump)); err != nil {
				t.Fatal(err)
			}
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			s, err := Open(t.Context(), dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if got := form(t, s.Reader.db); got != want {
				t.Errorf("it becomes\n%s\nwant\n%s", got, want)
			}
			groups, err := s.Wishes(t.Context())
			if err != nil || len(groups) != 1 || groups[0].To != "Archive" {
				t.Errorf("wishes: %+v, %v", groups, err)
			}
			if d, err := s.Message(t.Context(), 1); err != nil || d.Envelope.MessageID != "a@example.org" || d.Structure == nil || d.Structure.MediaType != "text/html" {
				t.Errorf("a message: %+v, %v", d, err)
			}
			if drafts, err := s.Drafts(t.Context()); err != nil || len(drafts) != 1 {
				t.Errorf("drafts: %v, %v", drafts, err)
			}
			out, err := s.Outbox(t.Context())
			var copies []Copy
			for _, o := range out {
				copies = append(copies, o.Copy)
			}
			if want := []Copy{NoCopy, CopyDue, CopyDue, NoCopy, CopyFiled}; err != nil || !slices.Equal(copies, want) || len(out[2].Refused) != 0 {
				t.Errorf("outbox: %+v, %v; copies %v, want %v", out, err, copies, want)
			}
			if u, err := s.Undo(t.Context()); err != nil || u.What != "moved 1 message" {
				t.Errorf("undone: %+v, %v", u, err)
			}
		})
	}
}
