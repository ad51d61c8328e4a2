package cache

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"posthorn/mail"
)

// durability is the value of PRAGMA synchronous.
type durability string

const (
	normal durability = "NORMAL" // what a server can tell again may be lost with the power, never torn
	full   durability = "FULL"   // what a person did is on the disk when the call returns
)

// querier is what reading needs: the pool of a Reader, or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// transaction is one write transaction with what it owes to the derived tables at its end.
type transaction struct {
	*sql.Tx
	conn    *sql.Conn       // what it runs on
	ctx     context.Context // not cancelled half-way: what is begun is ended
	now     int64
	counts  map[mail.MailboxKey]*counts
	stale   map[pair]bool            // rows of conversation to be derived again
	touched map[mail.MailboxKey]bool // mailboxes that show something else now
	threads map[string]*threads      // of each account, as far as they were looked at
	met     bool                     // contacts are others now

	values []any               // room of bulk
	named  []driver.NamedValue // the same
}

// counts are differences to the derived columns of a mailbox.
type counts struct{ held, total, unseen int }

// pair is the key of a conversation row.
type pair struct {
	mailbox mail.MailboxKey
	thread  int64
}

// write runs f in a transaction. op says what is being done, for errors.
func (s *Store) write(ctx context.Context, d durability, op string, f func(*transaction) error) error {
	s.waiting.Add(1)
	s.mu.Lock()
	s.waiting.Add(-1)
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return fail(op, err)
	}
	ctx = context.WithoutCancel(ctx)
	if s.synced != d {
		if _, err := s.conn.ExecContext(ctx, "PRAGMA synchronous = "+string(d)); err != nil {
			return fail(op, err)
		}
		s.synced = d
	}
	tx, err := s.conn.BeginTx(ctx, nil)
	if err != nil {
		return fail(op, err)
	}
	defer tx.Rollback()
	t := &transaction{Tx: tx, conn: s.conn, ctx: ctx, now: s.now().Unix(), counts: map[mail.MailboxKey]*counts{},
		stale: map[pair]bool{}, touched: map[mail.MailboxKey]bool{}, threads: map[string]*threads{}}
	if err := f(t); err != nil {
		return fail(op, err)
	}
	if err := t.flush(); err != nil {
		return fail(op, err)
	}
	if err := tx.Commit(); err != nil {
		return fail(op, err)
	}
	s.beside.commit()
	if t.met {
		s.people.learned.Add(1)
	}
	if s.committed != nil {
		s.committed()
	}
	return nil
}

// exec runs a statement and tells how many rows it changed.
func (t *transaction) exec(query string, args ...any) (int, error) {
	res, err := t.ExecContext(t.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// each runs a statement once for every element.
func each[T any](t *transaction, query string, list []T, args func(T) []any) error {
	if len(list) == 0 {
		return nil
	}
	stmt, err := t.PrepareContext(t.ctx, query)
	if err != nil {
		return err
	}
	defer stmt.Close()
	for _, x := range list {
		if _, err := stmt.ExecContext(t.ctx, args(x)...); err != nil {
			return err
		}
	}
	return nil
}

// bulkRows is how many rows one INSERT carries: the way into SQLite costs as much as a small row, and each statement copies the
// pages it goes to, to be undone alone. More than these save no more, and cost memory. What is left over goes in by fewer
// and at last one by one: a statement for each number there may be would be planned anew nearly every time, and kept.
const bulkRows = 64

// bulk inserts a row for every element. insert is the statement up to VALUES, conflict what stands behind the rows. INSERT OR
// FAIL is for rows that go to pages anywhere: SQLite keeps no copies of them to undo the statement alone, and an error ends
// the whole transaction anyway.
// args appends the values of a row: strings and int64, because they go to the driver as they are, past the copies and
// checks of database/sql.
func bulk[T any](t *transaction, insert, conflict string, list []T, args func(row []any, x T) []any) error {
	return t.conn.Raw(func(c any) error {
		for rest := list; len(rest) > 0; {
			n := bulkRows
			for n > len(rest) {
				n /= 8
			}
			chunk := rest[:n]
			rest = rest[n:]
			values, named := t.values[:0], t.named[:0]
			for _, x := range chunk {
				values = args(values, x)
			}
			for i, v := range values {
				named = append(named, driver.NamedValue{Ordinal: i + 1, Value: v})
			}
			t.values, t.named = values, named
			row := " (?" + strings.Repeat(",?", len(values)/len(chunk)-1) + ")"
			query := insert + row + strings.Repeat(","+row, len(chunk)-1) + conflict
			// The driver hands the values of a query over all at once, those of Exec one by one.
			rows, err := c.(driver.QueryerContext).QueryContext(t.ctx, query, named)
			if err != nil {
				return err
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		return nil
	})
}

// rows gives row each row of a query as it comes from the driver, past the copies and checks of database/sql: for thousands
// of rows. args are int64 and string, values too: see intOf and textOf.
func (t *transaction) rows(query string, row func(v []driver.Value), args ...any) error {
	return t.conn.Raw(func(c any) error {
		named := make([]driver.NamedValue, len(args))
		for i, v := range args {
			named[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
		}
		rows, err := c.(driver.QueryerContext).QueryContext(t.ctx, query, named)
		if err != nil {
			return err
		}
		v := make([]driver.Value, len(rows.Columns()))
		for err = rows.Next(v); err == nil; err = rows.Next(v) {
			row(v)
		}
		if err == io.EOF {
			err = nil
		}
		return cmp.Or(err, rows.Close())
	})
}

// intOf is an integer, 0 where a damaged file holds something else.
func intOf(v driver.Value) int64 {
	n, _ := v.(int64)
	return n
}

// textOf is the same for strings.
func textOf(v driver.Value) string {
	s, _ := v.(string)
	return s
}

// collect reads all rows of a query.
func collect[T any](ctx context.Context, q querier, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		x, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// column scans rows of one value.
func column[T any](rows *sql.Rows) (x T, err error) {
	err = rows.Scan(&x)
	return x, err
}

// list is the JSON form of integers, for json_each: one statement for many rows.
func list[T ~int64 | ~uint32](keys []T) string {
	out := make([]byte, 1, 2+8*len(keys))
	out[0] = '['
	for i, k := range keys {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, int64(k), 10)
	}
	return string(append(out, ']'))
}

// mailboxes are those that show something else now.
func (t *transaction) mailboxes() []mail.MailboxKey { return slices.Sorted(maps.Keys(t.touched)) }

func (t *transaction) count(key mail.MailboxKey) *counts {
	c := t.counts[key]
	if c == nil {
		c = &counts{}
		t.counts[key] = c
	}
	return c
}
