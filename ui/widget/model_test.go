package widget

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/theme"
	"posthorn/ui/width"
)

// model is the editor as one would write it without a thought for speed: one string, and everything computed anew.
type model struct {
	text string
	at   int
	w    int
	goal int
	mark int // the other end of the selection; -1: none
}

// selection is what is selected; at the cursor where nothing is.
func (m *model) selection() (from, to int) {
	if m.mark < 0 {
		return m.at, m.at
	}
	return min(m.at, m.mark), max(m.at, m.mark)
}

// chars are the offsets of the characters of s, and its length.
func chars(s string) []int {
	var out []int
	for i := 0; i < len(s); {
		out = append(out, i)
		c, _ := width.First(s[i:])
		i += len(c)
	}
	return append(out, len(s))
}

func (m *model) step(n int) int {
	all := chars(m.text)
	for k, i := range all {
		if i == m.at {
			return all[max(0, min(k+n, len(all)-1))]
		}
	}
	return m.at
}

type span struct{ from, to, indent int } // of a row; to is the start of the next row or the end of the paragraph

// layout lists the rows of the whole text.
func (m *model) layout() []span {
	var out []span
	base := 0
	for _, p := range strings.Split(m.text, "\n") {
		start := 0
		for {
			indent := 0
			if start > 0 && len(quotePrefix(p)) <= m.w/3 {
				indent = len(quotePrefix(p))
			}
			next := m.rowEnd(p, start, indent)
			out = append(out, span{base + start, base + next, indent})
			if start = next; start == len(p) {
				break
			}
		}
		base += len(p) + 1
	}
	return out
}

// rowEnd is where the row of p that begins at start ends: at the last place where it may before it gets too wide.
func (m *model) rowEnd(p string, start, indent int) int {
	breaks, all := []int{}, chars(p[start:])
	for k := 0; k+1 < len(all); k++ {
		i, j := start+all[k], start+all[k+1]
		space := p[i] == ' '
		wide := width.Of(p[i:j]) == 2 && !strings.HasPrefix(p[i:j], "स")
		if wide && i > start {
			breaks = append(breaks, i)
		}
		if !space && i > start && width.Of(p[start:j]) > m.w-1-indent {
			if len(breaks) > 0 {
				return breaks[len(breaks)-1]
			}
			return i
		}
		if space || wide {
			breaks = append(breaks, j)
		}
	}
	return len(p)
}

func (m *model) row() int {
	for i, r := range m.layout() {
		if m.at >= r.from && (m.at < r.to || m.at == r.to && m.last(i) == r.to) {
			return i
		}
	}
	panic("the cursor is on no row")
}

// last is the last offset of the cursor on a row.
func (m *model) last(row int) int {
	r := m.layout()[row]
	if r.to == len(m.text) || m.text[r.to] == '\n' {
		return r.to
	}
	all := chars(m.text[r.from:r.to])
	return r.from + all[max(0, len(all)-2)]
}

func (m *model) vertical(n int) {
	rows, row := m.layout(), m.row()
	if m.goal < 0 {
		m.goal = rows[row].indent + width.Of(m.text[rows[row].from:m.at])
	}
	to := max(0, min(row+n, len(rows)-1))
	if to == row {
		return
	}
	best := rows[to].from
	for _, i := range chars(m.text[rows[to].from:m.last(to)]) {
		if rows[to].indent+width.Of(m.text[rows[to].from:rows[to].from+i]) <= m.goal {
			best = rows[to].from + i
		}
	}
	m.at = best
}

// do is one key for the model.
func (m *model) do(key string, text string) {
	goal := m.goal
	m.goal = -1
	replace := func(from, to int, s string) { m.text, m.at = m.text[:from]+s+m.text[to:], from+len(s) }
	from, to := m.selection()
	key, selecting := strings.CutPrefix(key, "shift+")
	switch {
	case selecting && m.mark < 0:
		m.mark = m.at
	case !selecting:
		m.mark = -1
	}
	if from < to && !selecting {
		switch key {
		case "backspace", "delete":
			replace(from, to, "")
			return
		case "left":
			m.at = from
			return
		case "right":
			m.at = to
			return
		}
	}
	switch key {
	case "type":
		replace(from, to, text)
	case "backspace":
		replace(m.step(-1), m.at, "")
	case "delete":
		at := m.at
		replace(at, m.step(1), "")
	case "left":
		m.at = m.step(-1)
	case "right":
		m.at = m.step(1)
	case "up":
		m.goal = goal
		m.vertical(-1)
	case "down":
		m.goal = goal
		m.vertical(1)
	case "home":
		if r := m.layout()[m.row()]; m.at != r.from {
			m.at = r.from
		} else {
			m.at = strings.LastIndexByte(m.text[:m.at], '\n') + 1
		}
	case "end":
		if last := m.last(m.row()); m.at != last {
			m.at = last
		} else if i := strings.IndexByte(m.text[m.at:], '\n'); i >= 0 {
			m.at += i
		} else {
			m.at = len(m.text)
		}
	case "kill":
		end := len(m.text)
		if i := strings.IndexByte(m.text[m.at:], '\n'); i == 0 {
			end = m.at + 1
		} else if i > 0 {
			end = m.at + i
		}
		replace(m.at, end, "")
	}
}

var modelKeys = map[string]tea.KeyPressMsg{
	"backspace": press(tea.KeyBackspace, 0), "delete": press(tea.KeyDelete, 0), "left": press(tea.KeyLeft, 0),
	"right": press(tea.KeyRight, 0), "up": press(tea.KeyUp, 0), "down": press(tea.KeyDown, 0),
	"home": press(tea.KeyHome, 0), "end": press('e', tea.ModCtrl), "kill": press('k', tea.ModCtrl),
	"shift+left": press(tea.KeyLeft, tea.ModShift), "shift+right": press(tea.KeyRight, tea.ModShift), "shift+up": press(tea.KeyUp, tea.ModShift),
	"shift+down": press(tea.KeyDown, tea.ModShift), "shift+home": press(tea.KeyHome, tea.ModShift), "shift+end": press(tea.KeyEnd, tea.ModShift),
}

// Whatever is typed, the editor says and points at what the model does, what it draws fits, and all of it can be
// undone and done again.
func TestTextIsWhatTheModelSays(t *testing.T) {
	pieces := []string{"a", "word ", "x", " ", "\n", "ö", "漢字", "مرحبا ", "שלום", "👍", "🇸🇪", "e\u0301", "नमस्ते ", "한국어", "longwordwithoutend", "- ", "\n> ", ">"}
	keys := []string{"backspace", "delete", "left", "right", "up", "down", "up", "down", "home", "end", "kill",
		"shift+left", "shift+right", "shift+up", "shift+down", "shift+home", "shift+end"}
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 1))
		w := 2 + r.IntN(24)
		m, e := &model{w: w, goal: -1, mark: -1}, NewText("")
		e.Draw(theme.Mono(), w, 4)
		var log []string
		for range 120 {
			if r.IntN(2) == 0 {
				s := pieces[r.IntN(len(pieces))]
				log = append(log, fmt.Sprintf("%q", s))
				m.do("type", s)
				e.Paste(s)
			} else {
				key := keys[r.IntN(len(keys))]
				log = append(log, key)
				m.do(key, "")
				e.Type(modelKeys[key])
			}
			from, to := m.selection()
			if e.Selection() != m.text[from:to] {
				t.Fatalf("seed %d, width %d, after %v:\n%q is selected, want %q", seed, w, log, e.Selection(), m.text[from:to])
			}
			if e.Text() != m.text || e.At() != m.at {
				t.Fatalf("seed %d, width %d, after %v:\n got %q at %d\nwant %q at %d", seed, w, log, e.Text(), e.At(), m.text, m.at)
			}
			checkDrawing(t, e, w, 4)
			checkRows(t, e)
		}
		for e.Undo() {
			checkRows(t, e)
		}
		if e.Text() != "" {
			t.Fatalf("seed %d: undoing everything left %q", seed, e.Text())
		}
		for e.Redo() {
			checkRows(t, e)
		}
		if e.Text() != m.text {
			t.Fatalf("seed %d: doing all again gave %q, want %q", seed, e.Text(), m.text)
		}
	}
}

// checkRows fails where the rows that are known of a paragraph are not those that making them anew gives.
func checkRows(t *testing.T, e *Text) {
	t.Helper()
	for i, p := range e.lines {
		if p.rows == nil || p.w != e.w {
			continue
		}
		if want := wrap(p.text, max(1, e.w-1), e.indent(i, 1), []int{0}, func(int) bool { return false }); !slices.Equal(p.rows, want) {
			t.Fatalf("the rows of %q start at %v, want %v", p.text, p.rows, want)
		}
	}
}

// Rows made anew around a change are those that making all of them anew gives.
func TestRewrapIsWrap(t *testing.T) {
	pieces := []string{"a", "word ", "x", " ", "   ", "\t", "ö", "漢字", "👍", "🇸🇪", "\u0301", "नमस्ते ", "longwordwithoutend", "- "}
	never := func(int) bool { return false }
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		w, indent := 3+r.IntN(20), r.IntN(3)
		var s string
		for range r.IntN(200) {
			s += pieces[r.IntN(len(pieces))]
		}
		rows := wrap(s, w, indent, []int{0}, never)
		for range 40 {
			all := chars(s)
			i := r.IntN(len(all))
			from, to := all[i], all[min(i+r.IntN(4)*r.IntN(8), len(all)-1)]
			piece := strings.Repeat(pieces[r.IntN(len(pieces))], r.IntN(3))
			before := s
			s = s[:from] + piece + s[to:]
			rows = rewrap(s, w, indent, rows, from, to, len(piece))
			if want := wrap(s, w, indent, []int{0}, never); !slices.Equal(rows, want) {
				t.Fatalf("seed %d, width %d: %q from %d to %d became %q:\n got %v\nwant %v", seed, w, before, from, to, piece, rows, want)
			}
		}
	}
}
