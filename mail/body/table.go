package body

import (
	"sort"
	"strings"
)

// table is data in rows and columns.
type table struct {
	rows    []tableRow
	columns int
	heads   int  // how many of the first rows are headings
	single  bool // a row by itself, which may belong to the table above
}

type tableRow []cell

// cell is one field of a table; its lines are cut at \n.
type cell struct {
	text   string
	runs   []run
	column int
	span   int // columns it takes
	right  bool
}

const columnGap = 2

// layout draws the table within a width: columns as wide as their content where that fits, else narrower with
// wrapped cells, else one line for each cell.
func (t *table) layout(o Options, width int) [][]Span {
	widths := t.widths(o, width)
	if widths == nil {
		return t.records(o, width)
	}
	right := t.numeric()
	var out [][]Span
	for i, row := range t.rows {
		out = append(out, t.row(o, row, widths, right, i < t.heads)...)
		if i+1 == t.heads && i+1 < len(t.rows) {
			var rule []string
			for _, w := range widths {
				rule = append(rule, strings.Repeat("─", w))
			}
			out = append(out, []Span{{Text: strings.Join(rule, strings.Repeat(" ", columnGap)), Style: Dim}})
		}
	}
	return out
}

// widths shares the width among the columns; nil where they do not fit.
func (t *table) widths(o Options, width int) []int {
	natural, least := make([]int, t.columns), make([]int, t.columns)
	for _, row := range t.rows {
		for _, c := range row {
			if c.span > 1 {
				continue
			}
			natural[c.column] = max(natural[c.column], c.natural(o))
			least[c.column] = max(least[c.column], min(c.longestWord(o), 12))
		}
	}
	for _, row := range t.rows {
		for _, c := range row {
			last := min(c.column+c.span, t.columns) - 1
			natural[last] += max(0, c.natural(o)-spanWidth(natural, c.column, c.span))
			least[last] += max(0, min(c.longestWord(o), 12)-spanWidth(least, c.column, c.span))
		}
	}
	room := width - columnGap*(t.columns-1)
	sum, need := 0, 0
	for i := range natural {
		sum += natural[i]
		need += least[i]
	}
	switch {
	case sum <= room:
		return natural
	case need > room:
		return nil
	}
	out := share(natural, least, room)
	for i := range out {
		if natural[i] > 4*out[i] && out[i] < 24 { // a tower of words
			return nil
		}
	}
	return out
}

// share gives each column what it needs up to a level that is the same for all, so that only the wide ones give way.
func share(natural, least []int, room int) []int {
	out := make([]int, len(natural))
	level := sort.Search(room, func(level int) bool { // the first that is too much
		sum := 0
		for i := range natural {
			sum += max(least[i], min(natural[i], level))
		}
		return sum > room
	}) - 1
	for i := range natural {
		out[i] = max(least[i], min(natural[i], level))
		room -= out[i]
	}
	for i := range out { // what is left of rounding
		if room > 0 && out[i] < natural[i] {
			out[i]++
			room--
		}
	}
	return out
}

// natural is how wide a cell would like to be.
func (c *cell) natural(o Options) int {
	widest, at := 0, 0
	reserve := reservations(c.runs)
	for line := range strings.SplitSeq(c.text, "\n") {
		at += len(line)
		widest = max(widest, o.columns(line)+reserved(&reserve, at))
		at++
	}
	return widest
}

func (c *cell) longestWord(o Options) int {
	longest := 0
	reserve := reservations(c.runs)
	for at := 0; at < len(c.text); {
		t := nextToken(c.text, at)
		longest = max(longest, o.columns(c.text[t.word:t.end])+reserved(&reserve, t.end))
		at = t.end
	}
	return longest
}

// row draws the lines of one row.
func (t *table) row(o Options, row tableRow, widths []int, right []bool, head bool) [][]Span {
	drawn := make([][]cellLine, len(row))
	height := 0
	for i := range row {
		drawn[i] = row[i].lines(o, spanWidth(widths, row[i].column, row[i].span), head)
		height = max(height, len(drawn[i]))
	}
	out := make([][]Span, height)
	for k := range out {
		at := 0 // the column on the screen
		for i, c := range row {
			if k >= len(drawn[i]) || drawn[i][k].width == 0 {
				continue
			}
			line, start := drawn[i][k], spanWidth(widths, 0, c.column)
			if c.column > 0 {
				start += columnGap
			}
			if c.right || right[c.column] && c.span == 1 {
				start += spanWidth(widths, c.column, c.span) - line.width
			}
			if start > at {
				out[k] = append(out[k], Span{Text: strings.Repeat(" ", start-at)})
			}
			out[k] = append(out[k], line.spans...)
			at = max(start, at) + line.width
		}
	}
	return out
}

// spanWidth is how wide n columns are, from one on, with the gaps between them.
func spanWidth(widths []int, column, n int) int {
	w := 0
	for i := column; i < min(column+n, len(widths)); i++ {
		if i > column {
			w += columnGap
		}
		w += widths[i]
	}
	return w
}

// cellLine is one line of a cell.
type cellLine struct {
	spans []Span
	width int // with the room kept free for the numbers of links
}

// lines wraps a cell.
func (c *cell) lines(o Options, width int, head bool) []cellLine {
	var out []cellLine
	all := reservations(c.runs)
	at := 0
	for line := range strings.SplitSeq(c.text, "\n") {
		base := at
		var reserve []reservation
		for _, r := range all {
			if r.at > base && r.at <= base+len(line) {
				reserve = append(reserve, reservation{r.at - base, r.columns})
			}
		}
		o.wrap(line, width, 0, 0, reserve, func(start, end int) {
			l := cellLine{spans: appendSpans(nil, c.text, c.runs, base+start, base+end), width: o.columns(line[start:end])}
			for i := range l.spans {
				if head {
					l.spans[i].Style |= Bold
				}
				if l.spans[i].End {
					l.width += LinkColumns(l.spans[i].Link)
				}
			}
			out = append(out, l)
		})
		at += len(line) + 1
	}
	return out
}

var number = pattern(`^[-+−~]?\s?(?:[€$£¥₹]|[A-Z]{2,3}\$?|kr\.?|Fr\.|zł)?\s?[-+−]?\d[\d.,' ]*(?:[-–]|\s?(?:[%€$£¥₹×x]|[A-Z]{3}|kr\.?|zł|Kč|[kKMG]i?B|[kK]?[gmlW]|h|min|s|pcs?|St\.?))?$`)

// numeric tells which columns hold nothing but numbers, which are set at the right.
func (t *table) numeric() []bool {
	out := make([]bool, t.columns)
	for i := range out {
		n := 0
		out[i] = t.columns > 1
		for _, row := range t.rows[t.heads:] {
			for _, c := range row {
				if c.column != i || c.span > 1 || c.text == "" {
					continue
				}
				if n++; !number().MatchString(c.text) {
					out[i] = false
				}
			}
		}
		out[i] = out[i] && n > 0
	}
	return out
}

// records draws the table as a list where there is no room for its columns: each row one cell below the other,
// behind the heading of its column.
func (t *table) records(o Options, width int) [][]Span {
	var out [][]Span
	for i, row := range t.rows[t.heads:] {
		if i > 0 && t.columns > 2 {
			out = append(out, nil)
		}
		for _, c := range row {
			if c.text == "" {
				continue
			}
			label := t.label(c)
			indent := 0
			if label != "" {
				label += ": "
				indent = 2
			}
			runs := []run{{end: len(label), style: Bold}}
			runs = append(runs, shift(c.runs, len(label), len(c.text))...)
			text := label + strings.ReplaceAll(c.text, "\n", " ")
			before := ""
			o.wrap(text, width, 0, indent, reservations(runs), func(start, end int) {
				spans := appendSpans(nil, text, runs, start, end)
				if before != "" {
					spans = append([]Span{{Text: before}}, spans...)
				}
				out = append(out, spans)
				before = strings.Repeat(" ", indent)
			})
		}
	}
	return out
}

// label is the heading of a cell's column.
func (t *table) label(c cell) string {
	if t.heads == 0 {
		return ""
	}
	for _, h := range t.rows[t.heads-1] {
		if h.column == c.column {
			return strings.TrimSuffix(strings.ReplaceAll(h.text, "\n", " "), ":")
		}
	}
	return ""
}

// shift moves the looks of a text of the given length to behind n other bytes.
func shift(runs []run, n, length int) []run {
	out := make([]run, 0, len(runs)+1)
	end := 0
	for _, r := range runs {
		r.end += n
		end = r.end
		out = append(out, r)
	}
	if end < n+length {
		out = append(out, run{end: n + length})
	}
	return out
}
