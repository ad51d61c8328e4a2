package body

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds on tables; past them they are read as what they hold, one thing after the other.
const (
	maxNested  = 20
	maxColumns = 40
	maxCells   = 20_000
)

// gridCell is a cell of an HTML table with what was read in it.
type gridCell struct {
	content      []paragraph
	column, span int
	head, right  bool
}

// table reads an HTML table: as data in columns where it is such, as layout otherwise, row by row.
func (r *htmlReader) table(n *html.Node, l look, b box) {
	if l.inTable++; l.inTable > r.nested {
		r.article.simplified = true
		r.paragraphs(false, func() { r.children(n, l) })
		return
	}
	if b.inline || strings.EqualFold(attr(n, "align"), "left") && attr(n, "width") != "100%" {
		l.inTable++ // what is in it is handed on twice
		r.small(n, l, b.inline)
		return
	}
	r.paragraphs(false, func() { r.content(n, l) })
}

// content reads what is in a table.
func (r *htmlReader) content(n *html.Node, l look) {
	l.indent = 0
	l.style &^= Bold // not handed down into tables by browsers of old, and layout is not emphasis
	rows := r.grid(n, l)
	t := dataTable(n, rows)
	if t == nil {
		r.flatten(rows)
		return
	}
	r.blank = true
	r.add(paragraph{table: t, kind: TableLine, quote: l.quote})
	r.blank = true
}

// small reads a table that others stand beside, as those of icons do: side by side where they hold one short line.
func (r *htmlReader) small(n *html.Node, l look, sure bool) {
	text, runs, first, space, wide := r.text.String(), r.runs, r.look, r.space, r.wide
	r.text.Reset()
	r.runs = nil
	content := r.collect(func() { r.content(n, l) })
	r.text.WriteString(text)
	r.runs, r.look, r.space, r.wide = runs, first, space, wide
	if !short(content, 24) || content[0].first != "" || !sure && content[0].runs[0].link == 0 {
		r.paragraphs(sure, func() {
			for _, p := range content {
				r.add(p)
			}
		})
		return
	}
	p := content[0]
	if r.text.Len() == 0 {
		r.look = l
	} else {
		r.append("   ", look{})
	}
	at := r.text.Len()
	r.text.WriteString(p.text)
	r.runs = append(r.runs, shift(p.runs, at, len(p.text))...)
	r.space, r.wide = true, true
}

// grid reads the rows of a table, and puts its captions before it.
func (r *htmlReader) grid(n *html.Node, l look) [][]gridCell {
	var rows [][]gridCell
	taken := map[int]int{} // columns that cells above reach down into: for how many rows
	cells := 0
	var walk func(*html.Node, look)
	walk = func(n *html.Node, l look) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode || dropped[c.DataAtom] || hasAttr(c, "hidden") {
				continue
			}
			inner, b := r.styled(c, l)
			switch {
			case b.hidden:
			case c.DataAtom == atom.Tbody || c.DataAtom == atom.Thead || c.DataAtom == atom.Tfoot:
				walk(c, inner)
			case c.DataAtom == atom.Tr && cells >= maxCells:
				r.article.simplified = true
				r.node(c, l)
				r.flush()
			case c.DataAtom == atom.Tr:
				row := r.gridRow(c, inner, taken)
				cells += len(row) + 1
				rows = append(rows, row)
			default:
				r.node(c, l)
				r.flush()
			}
		}
	}
	walk(n, l)
	return rows
}

func (r *htmlReader) gridRow(tr *html.Node, l look, taken map[int]int) []gridCell {
	var row []gridCell
	column := 0
	skip := func() {
		for column < maxColumns && taken[column] > 0 {
			taken[column]--
			column++
		}
	}
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || hasAttr(c, "hidden") {
			continue
		}
		inner, b := r.styled(c, l)
		if b.hidden {
			continue
		}
		skip()
		g := gridCell{column: column, span: bounded(attr(c, "colspan"), maxColumns), head: c.DataAtom == atom.Th}
		if down := bounded(attr(c, "rowspan"), 1000); down > 1 {
			for i := column; i < min(column+g.span, maxColumns); i++ {
				taken[i] = down - 1
			}
		}
		g.right = strings.EqualFold(attr(c, "align"), "right") || strings.Contains(strings.ReplaceAll(attr(c, "style"), " ", ""), "text-align:right")
		g.content = r.collect(func() {
			if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
				r.children(c, inner)
			} else {
				r.node(c, l)
			}
		})
		row = append(row, g)
		column += g.span
	}
	skip()
	return row
}

func bounded(s string, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return 1
	}
	return max(1, min(n, most))
}

// collect runs f and returns what it added, instead of adding it.
func (r *htmlReader) collect(f func()) []paragraph {
	r.flush()
	a := r.article
	outer, blank, bullet := a.floor, r.blank, r.bullet
	a.floor, r.blank, r.bullet = len(a.paragraphs), false, ""
	f()
	r.flush()
	a.trim(a.floor)
	var content []paragraph
	if n := len(a.paragraphs) - a.floor; n > 0 {
		content = make([]paragraph, n)
		copy(content, a.paragraphs[a.floor:])
	}
	a.paragraphs = a.paragraphs[:a.floor]
	a.floor, r.blank, r.bullet = outer, blank, bullet
	return content
}

// dataTable makes a table of rows where they hold data; nil where they are layout.
func dataTable(n *html.Node, rows [][]gridCell) *table {
	if !holdsData(n, rows) {
		return nil
	}
	used := usedColumns(rows)
	if len(used) < 2 || len(used) > maxColumns {
		return nil
	}
	t := &table{columns: len(used)}
	for _, row := range rows {
		var cells tableRow
		head := true
		for _, g := range row {
			column, span := place(used, g.column, g.span)
			if span == 0 || len(g.content) == 0 {
				continue
			}
			c := flatCell(g.content)
			c.column, c.span, c.right = column, span, g.right
			cells = append(cells, c)
			head = head && g.head
		}
		if len(cells) == 0 {
			continue
		}
		if head && t.heads == len(t.rows) && len(cells) > 1 {
			t.heads++
		}
		t.rows = append(t.rows, cells)
	}
	if t.heads == 0 && len(t.rows) > 2 && t.rows[0].bold() && !t.rows[1].bold() {
		t.heads = 1
	}
	if t.heads == len(t.rows) {
		t.heads = 0
	}
	return t
}

// bold tells whether all of a row is set in bold, as headings are that are not called so.
func (row tableRow) bold() bool {
	for _, c := range row {
		for _, r := range c.runs {
			if r.style&Bold == 0 {
				return false
			}
		}
	}
	return len(row) > 1
}

// holdsData tells data from layout: by what its author says, and by cells that are plain and stand in rows of more
// than one.
func holdsData(n *html.Node, rows [][]gridCell) bool {
	heads, multiple, longest := 0, 0, 0
	counts := map[int]bool{}
	for _, row := range rows {
		filled, long := 0, 0
		for _, c := range row {
			if len(c.content) == 0 {
				continue
			}
			size, ok := plainCell(c.content)
			if !ok {
				return false
			}
			filled++
			if c.head {
				heads++
			}
			if longest = max(longest, size); size > 40 {
				long++
			}
		}
		if filled > 1 {
			multiple++
			counts[filled] = true
			if long > 1 && heads == 0 {
				return false
			}
		}
	}
	role := strings.ToLower(attr(n, "role"))
	border := attr(n, "border")
	switch {
	case multiple == 0:
		return false
	case role == "presentation" || role == "none":
		return multiple > 1 && len(counts) == 1 && longest <= 60
	case heads > 1 || role == "table" || role == "grid" || border != "" && border != "0":
		return longest <= 300
	}
	return multiple > 1 && longest <= 200
}

// plainCell is how long the text of a cell is; false where it is more than text.
func plainCell(list []paragraph) (size int, ok bool) {
	if len(list) > 8 {
		return 0, false
	}
	for _, p := range list {
		if p.table != nil || p.keep || p.first != "" || p.kind == Rule || p.kind == Heading && len(list) > 3 {
			return 0, false
		}
		size += utf8.RuneCountInString(p.text) + 1
	}
	return size, true
}

// flatCell makes one text of the paragraphs in a cell.
func flatCell(list []paragraph) cell {
	var c cell
	for _, p := range list {
		if p.kind == Blank {
			continue
		}
		if c.text != "" {
			c.text += "\n"
			c.runs = append(c.runs, run{end: len(c.text)})
		}
		c.runs = append(c.runs, shift(p.runs, len(c.text), len(p.text))...)
		c.text += p.text
	}
	return c
}

// usedColumns lists the columns in which anything begins, ascending.
func usedColumns(rows [][]gridCell) []int {
	var used []int
	for _, row := range rows {
		for _, c := range row {
			if len(c.content) > 0 {
				used = append(used, c.column)
			}
		}
	}
	slices.Sort(used)
	return slices.Compact(used)
}

// place is where a cell stands among the used columns and how many of them it takes.
func place(used []int, column, span int) (at, n int) {
	at = -1
	for i, u := range used {
		if u >= column && u < column+span {
			if at < 0 {
				at = i
			}
			n++
		}
	}
	return max(at, 0), n
}
