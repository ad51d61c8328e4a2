package cache

import (
	"fmt"
	"slices"
	"testing"

	"posthorn/mail"
)

func TestARehearsalLeavesNothing(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 3)...)
	f.wish("starred", mail.FlagChange{Mask: mail.Flagged, Want: mail.Flagged}, keys[0])
	before := f.rows()
	f.ok(f.Rehearse(f.ctx, f.inbox))
	after := f.rows()
	for table, rows := range before {
		if !slices.Equal(rows, after[table]) {
			t.Errorf("%s was\n%v\nis\n%v", table, rows, after[table])
		}
	}
	if got := f.add(f.inbox, headers(4, 4)...); len(got) != 1 || got[0] != keys[2]+1 {
		t.Errorf("what comes then gets the keys %v after %v", got, keys)
	}
}

// rows is everything there is, by table.
func (f *fixture) rows() map[string][]string {
	f.t.Helper()
	out := map[string][]string{}
	tables, err := collect(f.ctx, f.conn, column[string], "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")
	f.ok(err)
	for _, table := range tables {
		rows, err := f.conn.QueryContext(f.ctx, "SELECT * FROM "+table)
		f.ok(err)
		columns, err := rows.Columns()
		f.ok(err)
		values, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		out[table] = []string{}
		for rows.Next() {
			f.ok(rows.Scan(to...))
			out[table] = append(out[table], fmt.Sprint(values...))
		}
		f.ok(rows.Err())
		rows.Close()
	}
	if len(out["message"]) == 0 {
		f.t.Fatal("no messages are seen")
	}
	return out
}
