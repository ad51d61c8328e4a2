package cache

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// salvaged counts what a damaged database still gave.
type salvaged struct{ drafts, outgoing, wishes, lost int }

func (n salvaged) String() string {
	text := fmt.Sprintf("drafts %d, outbox %d, changes waiting for the server %d", n.drafts, n.outgoing, n.wishes)
	if n.lost > 0 {
		text += fmt.Sprintf("; not readable %d", n.lost)
	}
	return text
}

// row is one row of any table, in the order of the columns asked for.
type row []any

// salvage copies drafts, outgoing mail, wishes and choices from the damaged database at path, as far as they can be read. Keys
// given out there are not given out again, so that what a draft refers to is gone rather than another message.
func (s *Store) salvage(ctx context.Context, path string) (n salvaged, err error) {
	old, err := readers(path, "")
	if err != nil {
		return n, err
	}
	defer old.Close()
	if !readable(ctx, old, path) {
		mended, discardMended, err := s.mend(path)
		if err != nil {
			return n, err
		}
		defer discardMended()
		if old, err = readers(mended, ""); err != nil {
			return n, err
		}
		defer old.Close()
	}
	found := wreck{ctx, old}
	drafts, lost1 := found.rows("draft", "id", "id", "account", "data", "updated_at")
	columns := []string{"id", "account", "state", "bytes", "sender", "recipients", "message_id", "subject",
		"draft", "original", "mark", "not_before", "created_at", "attempts", "last_error"}
	copies := false // known to the version of before this one
	found.each("SELECT 1 FROM pragma_table_info('outbox') WHERE name = 'copy'", 1, func(row) { copies = true })
	if copies {
		columns = append(columns, "refused", "copy")
	}
	outgoing, lost2 := found.rows("outbox", "id", columns...)
	wishes, lost3 := found.wishes()
	boxes, errands, lost4 := found.errands()
	kept, _ := found.salvaged()
	choices, _ := found.rows("choice", "name", "name", "value")
	attached, _ := found.rows("kept", "message_id", "message_id", "section", "content")
	n.lost = lost1 + lost2 + lost3 + lost4
	keys, _ := found.rows("sqlite_sequence", "rowid", "name", "seq")
	err = s.write(ctx, full, "keep what the damaged database had", func(t *transaction) error {
		keep := func(table string, rows []row, columns string) (kept int) {
			for _, r := range rows {
				values := "?" + strings.Repeat(",?", len(r)-1)
				if _, err := t.exec("INSERT INTO "+table+" ("+columns+") VALUES ("+values+")", r...); err != nil {
					n.lost++
					continue
				}
				kept++
			}
			return kept
		}
		n.drafts = keep("draft", drafts, "id, account, data, updated_at")
		if _, err := t.exec("DELETE FROM draft WHERE data = ''"); err != nil { // sent or thrown away
			return err
		}
		if _, err := t.exec("UPDATE draft SET mirror_at = ?", t.now); err != nil {
			return err
		}
		n.outgoing = keep("outbox", outgoing, strings.Join(columns, ", "))
		if !copies {
			if _, err := t.exec(guessCopies); err != nil {
				return err
			}
		}
		n.wishes = keep("salvaged", append(kept, wishes...), salvagedColumns)
		keep("mailbox", boxes, errandBoxes)
		n.wishes += keep("errand", errands, errandRows)
		keep("choice", choices, "name, value")
		keep("kept", attached, "message_id, section, content")
		return t.reserveKeys(keys)
	})
	return n, err
}

const (
	errandBoxes = "id, account, name, delimiter, noselect, subscribed"
	errandRows  = "id, account, mailbox_id, kind, name, messages, uidvalidity, uidnext, tried, not_before, attempts, last_error, wished_at"
)

const salvagedColumns = "account, mailbox, uidvalidity, uid, message_id, size, kind, mask, want, add_keywords, del_keywords, target, not_before, to_account, wished_at, strayed, received"

// readable tells whether SQLite can read the first page. An empty file is not opened: SQLite would remove its log.
func readable(ctx context.Context, db *sql.DB, path string) bool {
	if file, err := os.Stat(path); err != nil || file.Size() == 0 {
		return false
	}
	v, err := versionOf(ctx, db)
	return err == nil && v.tables > 0
}

// unknownKey is above all keys that a database can have given out, where it can no longer tell them.
const unknownKey = int64(1) << 40

// reserveKeys makes the tables go on counting where the damaged ones stopped.
func (t *transaction) reserveKeys(known []row) error {
	for _, table := range []string{"mailbox", "message", "draft", "outbox"} {
		last := unknownKey
		if i := slices.IndexFunc(known, func(r row) bool { return r[0] == table }); i >= 0 {
			if seq, ok := known[i][1].(int64); ok {
				last = seq
			}
		}
		if _, err := t.exec("DELETE FROM sqlite_sequence WHERE name = ?", table); err != nil {
			return err
		}
		if _, err := t.exec("INSERT INTO sqlite_sequence (name, seq) VALUES (?, max(?, (SELECT ifnull(max(id), 0) FROM "+table+")))", table, last); err != nil {
			return err
		}
	}
	return nil
}

// mend copies a database whose first page is unreadable and gives the copy the first page of this one: both were laid
// out by the same schema. The damaged file itself is not changed.
func (s *Store) mend(path string) (copied string, discardIt func() error, err error) {
	copied = path + ".mended"
	discardIt = func() error { return discard(copied) }
	if err := discardIt(); err != nil {
		return "", nil, err
	}
	for _, suffix := range []string{"", "-wal"} {
		if err := duplicate(path+suffix, copied+suffix); err != nil && !os.IsNotExist(err) {
			return "", nil, err
		}
	}
	first, err := s.firstPage()
	if err != nil {
		return "", nil, err
	}
	file, err := os.OpenFile(copied, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", nil, err
	}
	defer file.Close()
	_, err = file.WriteAt(first, 0)
	return copied, discardIt, err
}

// firstPage is the first page of this database, without the number of pages: SQLite then goes by the file's size.
func (s *Store) firstPage() ([]byte, error) {
	if _, err := s.conn.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return nil, err
	}
	var path string
	var size int
	if err := s.conn.QueryRowContext(context.Background(), "SELECT file, page_size FROM pragma_database_list, pragma_page_size WHERE name = 'main'").Scan(&path, &size); err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	page := make([]byte, size)
	if _, err := io.ReadFull(file, page); err != nil {
		return nil, err
	}
	clear(page[28:40]) // SQLite file format 1.3.7: size in pages and freelist
	return page, nil
}

func duplicate(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// wreck is a damaged database that is read row by row.
type wreck struct {
	ctx context.Context
	db  *sql.DB
}

// maxProbes bounds how many keys are tried one by one between two damaged pages.
const maxProbes = 10000

// rows reads what can be read of a table: from its start up to the damage, from its end down to it, and key by key in
// between. lost is 1 where something stood that could not be read.
func (w wreck) rows(table, key string, columns ...string) (found []row, lost int) {
	query := "SELECT " + key + ", " + strings.Join(columns, ", ") + " FROM " + table
	upTo, below := int64(0), int64(0)
	seen := map[string]bool{}
	take := func(r row) {
		if id := fmt.Sprint(r...); !seen[id] {
			seen[id] = true
			found = append(found, r[1:])
		}
	}
	read := func(more string, last *int64) error {
		return w.each(query+more, len(columns)+1, func(r row) {
			take(r)
			if n, ok := r[0].(int64); ok {
				*last = n
			}
		})
	}
	if read(" ORDER BY "+key, &upTo) == nil {
		return found, 0
	}
	read(" ORDER BY "+key+" DESC", &below)
	for id := upTo + 1; id < below && id <= upTo+maxProbes; id++ {
		w.each(fmt.Sprintf("%s WHERE %s = %d", query, key, id), len(columns)+1, take)
	}
	return found, 1
}

// each calls f with the rows of a query up to the first that cannot be read.
func (w wreck) each(query string, width int, f func(row)) error {
	rows, err := w.db.QueryContext(w.ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r, at := make(row, width), make([]any, width)
		for i := range r {
			at[i] = &r[i]
		}
		if err := rows.Scan(at...); err != nil {
			return err
		}
		f(r)
	}
	return rows.Err()
}

// wishes are the rows of operation with what the server knows their message by; of a copy, the message to be copied.
func (w wreck) wishes() (found []row, lost int) {
	message := "iif(kind = 'copy', source_id, message_id)"
	if w.each("SELECT source_id FROM operation LIMIT 1", 1, func(row) {}) != nil { // of before there were copies, or damaged there
		message = "message_id"
	}
	operations, lost := w.rows("operation", "message_id", message, "kind", "mask", "want", "add_keywords", "del_keywords", "target_id", "not_before", "wished_at")
	mailboxes, lostBoxes := w.rows("mailbox", "id", "id", "account", "name", "uidvalidity")
	boxes := map[any]row{int64(0): {int64(0), "", "", int64(0)}}
	for _, b := range mailboxes {
		boxes[b[0]] = b
	}
	for _, o := range operations {
		var said row
		w.each(fmt.Sprintf("SELECT mailbox_id, uid, message_id, size, internal_date FROM message WHERE id = %d", o[0]), 5, func(r row) { said = r })
		target, box := boxes[o[6]], row(nil)
		if said != nil {
			box = boxes[said[0]]
		}
		if box == nil || target == nil {
			lost++
			continue
		}
		found = append(found, row{box[1], box[2], box[3], said[1], said[2], said[3], o[1], o[2], o[3], o[4], o[5], target[2], o[7], target[1], o[8], 0, said[4]})
	}
	return found, lost + lostBoxes
}

// salvaged are wishes that waited for their messages already. Undo is not kept, so nothing knows these by their keys.
func (w wreck) salvaged() (found []row, lost int) {
	columns := strings.Split(salvagedColumns, ", ")
	for i, c := range columns {
		if w.each("SELECT "+c+" FROM salvaged LIMIT 1", 1, func(row) {}) != nil { // of before there was such a column
			columns[i] = "0"
		}
	}
	return w.rows("salvaged", "id", columns...)
}

// errands are what is wanted of mailboxes themselves, with the rows of these: all else of a mailbox the server tells again.
func (w wreck) errands() (boxes, errands []row, lost int) {
	if known := 0; w.each("SELECT 1 FROM sqlite_schema WHERE name = 'errand'", 1, func(row) { known++ }) == nil && known == 0 {
		return nil, nil, 0 // of before there were any
	}
	columns := strings.Split(errandRows, ", ")
	if w.each("SELECT uidnext FROM errand LIMIT 1", 1, func(row) {}) != nil { // of before these were noted, or damaged there
		columns[6], columns[7] = "0", "0"
	}
	found, lost := w.rows("errand", "id", columns...)
	seen := map[any]bool{}
	for _, e := range found {
		whole := seen[e[2]]
		if !whole {
			w.each(fmt.Sprintf("SELECT %s FROM mailbox WHERE id = %d", errandBoxes, e[2]), 6, func(r row) { boxes, whole = append(boxes, r), true })
		}
		if !whole {
			lost++
			continue
		}
		seen[e[2]] = true
		errands = append(errands, e)
	}
	return boxes, errands, lost
}
