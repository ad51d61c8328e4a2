package body

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"posthorn/mail"
)

// Bounds on tables from files.
const (
	maxRows     = 2000
	maxCellText = 500
)

// viewCSV shows comma or tab separated values as a table. // RFC 4180
func viewCSV(a *article, p mail.Part, data []byte, _ Options) {
	p.MediaType = "text/plain"
	s := Text(p, data[:min(len(data), maxText)])
	r := csv.NewReader(strings.NewReader(strings.ReplaceAll(s, "\r", "\n")))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = separator(s), true, -1, true
	t := &table{}
	more := false
	for {
		record, err := r.Read()
		if err != nil {
			break
		}
		if more = len(t.rows) == maxRows; more {
			break
		}
		var row tableRow
		for i, field := range record[:min(len(record), maxColumns)] {
			if field = cut(mail.Line(field), maxCellText); field != "" {
				row = append(row, cell{text: field, column: i, span: 1})
				t.columns = max(t.columns, i+1)
			}
		}
		if len(row) > 0 {
			t.rows = append(t.rows, row)
		}
	}
	if len(t.rows) == 0 {
		a.note("There is nothing in this table.")
		return
	}
	if len(t.rows) > 1 && headings(t.rows[0], t.columns) {
		t.heads = 1
	}
	a.add(paragraph{table: t, kind: TableLine})
	if more || len(data) > maxText {
		a.note(fmt.Sprintf("The table goes on behind its row %d; save it to see all of it.", maxRows))
	}
}

// separator is the character that the first lines are cut by most evenly.
func separator(s string) rune {
	lines := bytes.SplitN([]byte(cut(s, 16<<10)), []byte("\n"), 11)
	best, most := ',', 0
	for _, c := range []rune{'\t', ';', '|', ','} { // in this order: commas are also in numbers
		least := -1
		for i, line := range lines {
			if n := bytes.Count(line, []byte(string(c))); (least < 0 || n < least) && (len(line) > 0 && i < 10) {
				least = n
			}
		}
		if least > most {
			best, most = c, least
		}
	}
	return best
}

// headings tells whether a row names its columns: every one, and none by a number.
func headings(row tableRow, columns int) bool {
	for _, c := range row {
		if number().MatchString(c.text) {
			return false
		}
	}
	return len(row) == columns
}
