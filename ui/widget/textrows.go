package widget

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"posthorn/ui/theme"
	"posthorn/ui/width"
)

// realTab is how far apart tab stops are where the text has tabs of its own.
const realTab = 8

// charAt is the character of s at offset i, and its columns when it stands at column.
func charAt(s string, i, column int) (size, columns int) {
	if s[i] == '\t' {
		return 1, realTab - column%realTab
	}
	c, n := width.First(s[i:])
	return max(1, len(c)), n
}

// wrap tells where the rows of s start when at most w columns fit into one, less indent in all but the first. A row
// ends behind spaces, which may hang over the edge, or before or behind a wide character, or where a word is longer
// than the row. It goes on from rows, whose last is a start already, until done says that the rest is known.
func wrap(s string, w, indent int, rows []int, done func(start int) bool) []int {
	start := rows[len(rows)-1]
	column, brk := 0, start
	if len(rows) > 1 {
		w -= indent
	}
	for i := start; i < len(s); {
		size, n := charAt(s, i, column)
		if s[i] == ' ' || s[i] == '\t' {
			i, column = i+size, column+n
			brk = i
			continue
		}
		wide := n == 2 && ideograph(s[i:])
		if wide {
			brk = i
		}
		if column+n > w && i > start {
			if start = i; brk > rows[len(rows)-1] {
				start = brk
			}
			if len(rows) == 1 {
				w -= indent
			}
			if rows = append(rows, start); done(start) {
				return rows
			}
			i, column = start, 0
			continue
		}
		i, column = i+size, column+n
		if wide {
			brk = i
		}
	}
	return rows
}

// rewrap is wrap after the text between from and to became n bytes: only the rows around it are made anew, and those
// behind it move along. A row begins where it does because of the text up to its end, so those that end a row before
// the change are right still.
func rewrap(s string, w, indent int, rows []int, from, to, n int) []int {
	keep := max(1, sort.SearchInts(rows, from+1)-2)
	tail := slices.Clone(rows[sort.SearchInts(rows, to+1):])
	behind, known := to-from-n, 0
	out := wrap(s, w, indent, rows[:keep:keep], func(start int) bool {
		old := start + behind
		for known < len(tail) && tail[known] < old {
			known++
		}
		return start >= from+n && known < len(tail) && tail[known] == old
	})
	if known < len(tail) && out[len(out)-1] == tail[known]-behind {
		for _, old := range tail[known+1:] {
			out = append(out, old-behind)
		}
	}
	return out
}

// ideograph tells whether s starts with a character beside which a line may end, as those of two columns from Hangul
// on are; conjuncts of Indic scripts are wide, too, and belong into their word.
func ideograph(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r >= 0x1100
}

// columnsOf is the width of s at the start of a row.
func columnsOf(s string) int {
	column := 0
	for i := 0; i < len(s); {
		size, n := charAt(s, i, column)
		i, column = i+size, column+n
	}
	return column
}

// rows are the offsets at which the rows of a paragraph start. The last column is left to the cursor.
func (t *Text) rows(line int) []int {
	p := &t.lines[line]
	if p.rows == nil || p.w != t.w {
		p.rows, p.w = wrap(p.text, max(1, t.w-1), t.indent(line, 1), []int{0}, func(int) bool { return false }), t.w
	}
	return p.rows
}

// Rewrap forgets where rows start: characters have another width now.
func (t *Text) Rewrap() {
	for i := range t.lines {
		t.lines[i].rows = nil
	}
}

// indent is how far a row is indented: a quoted paragraph shows its marks on every row.
func (t *Text) indent(line, row int) int {
	if row == 0 {
		return 0
	}
	if n := len(quotePrefix(t.lines[line].text)); n <= t.w/3 {
		return n
	}
	return 0
}

// rowOf is the row of a paragraph that offset at is on.
func (t *Text) rowOf(p place) int {
	rows := t.rows(p.line)
	return sort.SearchInts(rows, p.at+1) - 1
}

// columns is the width of a paragraph's text between two offsets of one row.
func (t *Text) columns(line, from, to int) int { return columnsOf(t.lines[line].text[from:to]) }

// rowStart is where Home goes: the start of the row, from there the start of the paragraph.
func (t *Text) rowStart() place {
	start := t.rows(t.at.line)[t.rowOf(t.at)]
	if t.at.at == start {
		start = 0
	}
	return place{t.at.line, start}
}

// rowEnd is where End goes: the end of the row, from there the end of the paragraph.
func (t *Text) rowEnd() place {
	end := t.lastOfRow(t.at.line, t.rowOf(t.at))
	if t.at.at == end {
		end = len(t.line())
	}
	return place{t.at.line, end}
}

// lastOfRow is the last offset that is still on the row.
func (t *Text) lastOfRow(line, row int) int {
	rows := t.rows(line)
	if row+1 < len(rows) {
		return max(rows[row], prevChar(t.lines[line].text, rows[row+1]))
	}
	return len(t.lines[line].text)
}

// advance is the row n rows below one, above when n is negative, and how many rows are lacking for that.
func (t *Text) advance(line, row, n int) (atLine, atRow, left int) {
	for ; n < 0 && (line > 0 || row > 0); n++ {
		if row--; row < 0 {
			line--
			row = len(t.rows(line)) - 1
		}
	}
	for ; n > 0; n-- {
		switch {
		case row+1 < len(t.rows(line)):
			row++
		case line+1 < len(t.lines):
			line, row = line+1, 0
		default:
			return line, row, n
		}
	}
	return line, row, n
}

// moveRows moves the cursor n rows down, up when n is negative; false: it stands on the first row or the last.
func (t *Text) moveRows(n int) bool {
	line, row := t.at.line, t.rowOf(t.at)
	if t.goal < 0 {
		t.goal = t.indent(line, row) + t.columns(line, t.rows(line)[row], t.at.at)
	}
	line, row, left := t.advance(line, row, n)
	moved := left != n
	if moved {
		t.at = t.onRow(line, row, t.goal)
	}
	return moved
}

// onRow is the place on a row nearest to column from the left.
func (t *Text) onRow(line, row, column int) place {
	text, at, last := t.lines[line].text, t.rows(line)[row], t.lastOfRow(line, row)
	for c := t.indent(line, row); at < last; {
		size, n := charAt(text, at, c-t.indent(line, row))
		if c+n > column {
			break
		}
		at, c = at+size, c+n
	}
	return place{line, min(at, last)}
}

// top is the row at the top of the window; the text may have become shorter.
func (t *Text) top() (line, row int) {
	line = min(t.topLine, len(t.lines)-1)
	return line, min(t.topRow, len(t.rows(line))-1)
}

// follow moves the window so that the cursor is in it, unless the wheel took it away.
func (t *Text) follow() {
	t.topLine, t.topRow = t.top()
	if t.adrift {
		return
	}
	line, row := t.at.line, t.rowOf(t.at)
	if line < t.topLine || line == t.topLine && row < t.topRow {
		t.topLine, t.topRow = line, row
		return
	}
	line, row, _ = t.advance(line, row, 1-t.h) // the highest top that still shows the cursor
	if t.topLine < line || t.topLine == line && t.topRow < row {
		t.topLine, t.topRow = line, row
	}
}

// Draw is the part of the text around the cursor in h lines of w columns, and where the cursor is; y is negative when it
// is out of sight, which the wheel can do.
func (t *Text) Draw(th *theme.Theme, w, h int) (lines []string, x, y int) {
	t.w, t.h = w, max(1, h)
	t.follow()
	signature := t.signature()
	cursorRow := t.rowOf(t.at)
	y = -1
	line, row := t.topLine, t.topRow
	for len(lines) < h {
		if line >= len(t.lines) {
			lines = append(lines, strings.Repeat(" ", max(0, w)))
			continue
		}
		text, rows := t.lines[line].text, t.rows(line)
		end := len(text)
		if row+1 < len(rows) {
			end = rows[row+1]
		}
		if line == t.at.line && row == cursorRow {
			x, y = min(t.indent(line, row)+t.columns(line, rows[row], t.at.at), max(0, w-1)), len(lines)
		}
		style := th.Text
		if level := quoteLevel(text); level > 0 {
			style = th.Quote[(level-1)%len(th.Quote)]
		} else if line >= signature {
			style = th.Signature
		}
		indent := t.indent(line, row)
		drawn := t.paint(th, style, line, rows[row], end, w-indent)
		if indent > 0 {
			drawn = th.Faint.Render(text[:indent]) + drawn
		}
		lines = append(lines, drawn)
		if row++; row == len(rows) {
			line, row = line+1, 0
		}
	}
	return lines, x, y
}

// fill is text as it stands on a row from column on, and the column behind it: tabs become spaces, what hangs over the
// last of w columns is left out.
func fill(s string, column, w int) (string, int) {
	var b strings.Builder
	for i := 0; i < len(s); {
		size, n := charAt(s, i, column)
		if column+n > w {
			break
		}
		if s[i] == '\t' {
			b.WriteString(spaces(n))
		} else {
			b.WriteString(s[i : i+size])
		}
		i, column = i+size, column+n
	}
	return b.String(), column
}

func spaces(n int) string { return strings.Repeat(" ", max(0, n)) }

// longSignature is how far from the end a signature is looked for.
const longSignature = 100

// signature is the line at which the signature starts, or one past the last line. // RFC 3676 §4.3
func (t *Text) signature() int {
	for i := len(t.lines) - 1; i >= max(0, len(t.lines)-longSignature); i-- {
		if t.lines[i].text == "-- " {
			return i
		}
	}
	return len(t.lines)
}

// quotePrefix is the quote marks and spaces a line starts with.
func quotePrefix(line string) string {
	end := 0
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '>':
			end = i + 1
		case line[i] == ' ' && end > 0 && i == end:
		default:
			i = len(line)
		}
	}
	if end > 0 && end < len(line) && line[end] == ' ' {
		end++
	}
	return line[:end]
}

// quoteLevel is how often a line is quoted.
func quoteLevel(line string) int { return strings.Count(quotePrefix(line), ">") }
