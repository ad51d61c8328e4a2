package body

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// short tells whether a cell or row is one short line.
func short(list []paragraph, most int) bool {
	return len(list) == 1 && list[0].table == nil && (list[0].kind == Normal || list[0].kind == Signature) && !list[0].keep && utf8.RuneCountInString(list[0].text) <= most
}

// flatten adds rows one after the other. Cells that are short stand side by side, others one below the other; rows
// that are one short line follow each other closely, others with an empty line between.
func (r *htmlReader) flatten(rows [][]gridCell) {
	close := false
	for _, row := range rows {
		row = slices.DeleteFunc(row, func(c gridCell) bool { return len(c.content) == 0 })
		if len(row) == 0 {
			continue
		}
		line, one := paragraph{}, true
		switch {
		case priced(row) || stacked(row):
			line = paragraph{table: rowTable(row), kind: TableLine, quote: row[0].content[0].quote}
		case len(row) > 1 && sideBySide(row):
			line = joinCells(row)
		default:
			line, one = row[0].content[0], len(row) == 1 && len(row[0].content) == 1
		}
		now := one && short([]paragraph{line}, 60) && !line.alone()
		r.blank = r.blank || !(now && close)
		close = now
		if one {
			r.add(line)
			continue
		}
		for i, c := range row {
			r.blank = r.blank || i > 0
			for k := range c.content {
				r.add(c.content[k])
			}
		}
	}
	r.blank = r.blank || !close
}

// priced tells whether a row is a thing and what it costs.
func priced(row []gridCell) bool {
	if len(row) < 2 || len(row) > 4 {
		return false
	}
	for i, c := range row {
		size, ok := plainCell(c.content)
		if !ok || size > 160 || len(c.content) > 5 || c.content[0].quote != row[0].content[0].quote {
			return false
		}
		if last := i == len(row)-1; last && (len(c.content) > 1 || !number().MatchString(c.content[0].text)) {
			return false
		}
	}
	return true
}

// stacked tells whether the cells of a row are as many short lines each, as figures with what they count below.
func stacked(row []gridCell) bool {
	sum := 0
	for _, c := range row {
		widest, lines := 0, 0
		for _, p := range c.content {
			if p.kind == Blank {
				continue
			}
			if p.kind != Normal && p.kind != Heading || p.keep || p.table != nil || p.first != "" || p.quote > 0 {
				return false
			}
			widest = max(widest, utf8.RuneCountInString(p.text))
			lines++
		}
		if lines < 2 || lines > 4 || lines != linesOf(row[0].content) || widest > 30 {
			return false
		}
		sum += widest + 3
	}
	return len(row) > 1 && len(row) <= 5 && sum <= 75
}

// linesOf is how many paragraphs are not empty.
func linesOf(list []paragraph) int {
	n := 0
	for _, p := range list {
		if p.kind != Blank {
			n++
		}
	}
	return n
}

// rowTable is a table of one row.
func rowTable(row []gridCell) *table {
	t := &table{columns: len(row), single: priced(row)}
	cells := make(tableRow, len(row))
	for i, g := range row {
		cells[i] = flatCell(g.content)
		cells[i].column, cells[i].span = i, 1
		cells[i].right = t.single && i == len(row)-1
	}
	t.rows = []tableRow{cells}
	return t
}

// sideBySide tells whether the cells of a row make up one line.
func sideBySide(row []gridCell) bool {
	n := 0
	for _, c := range row {
		if !short(c.content, 40) || c.content[0].first != "" {
			return false
		}
		n += utf8.RuneCountInString(c.content[0].text) + 3
	}
	return n <= 72
}

// joinCells makes one paragraph of a row.
func joinCells(row []gridCell) paragraph {
	p := row[0].content[0]
	for i, c := range row[1:] {
		next := c.content[0]
		gap := "   "
		if mark(row[i].content[0].text) || mark(next.text) {
			gap = " "
		}
		runs := shift(p.runs, 0, len(p.text))
		runs = append(runs, run{end: len(p.text) + len(gap)})
		p.runs = append(runs, shift(next.runs, len(p.text)+len(gap), len(next.text))...)
		p.text += gap + next.text
	}
	return p
}

// mark tells whether the text of a cell is a bullet or a separator.
func mark(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n == len(s) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}
