package index

import (
	"slices"

	"posthorn/cache"
	"posthorn/ui/screen"
)

// columns is all that the places of things in a row depend on, besides the configuration.
type columns struct {
	width   int
	account bool // a mark in the account's hue: the view shows several accounts
	roomy   bool // two lines a row: the sender above, the text below
	size    bool // the rows are sorted by it
}

// named are the columns of rows: those that are wished, and in front of the date what a row says nothing without: its
// size where it stands there for that, its account where no hue tells which.
func (x *Index) named(c columns) screen.Columns {
	named := x.env.Config.Columns
	if len(named) == 0 {
		named = screen.UsualColumns
	}
	for _, more := range []struct {
		column screen.Column
		wanted bool
	}{{screen.Size, c.size}, {screen.Account, c.account && !x.env.Theme.Hued()}} {
		if !more.wanted || slices.Contains(named, more.column) {
			continue
		}
		at := slices.Index(named, screen.Date)
		if at < 0 {
			at = len(named)
		}
		named = slices.Insert(slices.Clone(named), at, more.column)
	}
	return named
}

// sized tells whether the rows are sorted by size.
func (x *Index) sized() bool { return x.view.Sort.By == cache.BySize }

// cell is one column of a row and its width. Labels, subject and preview are one, called the subject.
type cell struct {
	column screen.Column
	width  int
}

// marks is what a row has at its edges: cursor bar, unread, flag, the spaces behind them, and one at the right.
const marks = 6

// room is how wide a row is at least that has a column.
var room = map[screen.Column]int{screen.Date: 30, screen.Size: 60, screen.Account: 36}

// arrange divides w among the columns that are named, in their order: a third for the sender, the rest for the text; of
// two lines the first is the sender's, and the text has the second. What takes the rest ends with the mark of attachments.
func arrange(w int, named screen.Columns, roomy bool) []cell {
	var cells []cell
	taken := marks
	rest := screen.Subject
	if roomy {
		rest = screen.From
		cells = append(cells, cell{column: rest})
	}
	for _, c := range named {
		if c == screen.Labels || c == screen.Preview {
			c = screen.Subject
		}
		there := slices.ContainsFunc(cells, func(had cell) bool { return had.column == c })
		if there || roomy && c == screen.Subject || w < room[c] {
			continue
		}
		cells = append(cells, cell{c, fixed(c, w, roomy)})
		taken += fixed(c, w, roomy)
	}
	for i := range cells {
		taken += gap(cells, i, rest)
	}
	for i := range cells {
		if c := &cells[i]; c.column == screen.From && !roomy {
			left := w - taken - 1
			c.width = max(6, min(left*3/10, 26))
			if w < room[screen.Date] {
				c.width = min(10, max(0, left/2))
			}
			taken += c.width
		}
	}
	for i := range cells {
		if cells[i].column == rest {
			cells[i].width = max(0, w-taken)
		}
	}
	return cells
}

// fixed is how wide a column is whatever the others are; 0: that depends on them.
func fixed(c screen.Column, w int, roomy bool) int {
	switch {
	case c == screen.Size:
		return 6
	case c == screen.Account && w < 70:
		return 4
	case c == screen.Account:
		return 8
	case c != screen.Date:
		return 0
	case roomy:
		return min(10, max(0, w-20))
	case w >= 84:
		return 10
	case w >= 50:
		return 6
	}
	return 5
}

// gap is how many spaces part a cell from the one before: one where that ends with the mark of attachments.
func gap(cells []cell, i int, rest screen.Column) int {
	switch {
	case i == 0:
		return 0
	case cells[i-1].column == rest:
		return 1
	}
	return 2
}
