package widget

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"posthorn/mail"
	"posthorn/ui/theme"
	"posthorn/ui/width"
)

func press(code rune, mod tea.KeyMod) tea.KeyPressMsg { return tea.KeyPressMsg{Code: code, Mod: mod} }

func typeInto(t *Text, s string) {
	for _, r := range s {
		if r == '\n' {
			t.Type(press(tea.KeyEnter, 0))
		} else {
			t.Type(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
}

// offset is the cursor as an offset into the whole text.
func (t *Text) offset() int {
	n := t.at.at
	for _, l := range t.lines[:t.at.line] {
		n += len(l.text) + 1
	}
	return n
}

// model is the editor as one would write it without a thought for speed: one string, and everything computed anew.
type model struct {
	text string
	at   int
	w    int
	goal int
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
	switch key {
	case "type":
		replace(m.at, m.at, text)
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
}

// Whatever is typed, the editor says and points at what the model does, what it draws fits, and all of it can be
// undone and done again.
func TestTextIsWhatTheModelSays(t *testing.T) {
	pieces := []string{"a", "word ", "x", " ", "\n", "ö", "漢字", "مرحبا ", "שלום", "👍", "🇸🇪", "e\u0301", "नमस्ते ", "한국어", "longwordwithoutend", "- ", "\n> ", ">"}
	keys := []string{"backspace", "delete", "left", "right", "up", "down", "up", "down", "home", "end", "kill"}
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 1))
		w := 2 + r.IntN(24)
		m, e := &model{w: w, goal: -1}, NewText("")
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
			if e.Text() != m.text || e.offset() != m.at {
				t.Fatalf("seed %d, width %d, after %v:\n got %q at %d\nwant %q at %d", seed, w, log, e.Text(), e.offset(), m.text, m.at)
			}
			checkDrawing(t, e, w, 4)
		}
		for e.Undo() {
		}
		if e.Text() != "" {
			t.Fatalf("seed %d: undoing everything left %q", seed, e.Text())
		}
		for e.Redo() {
		}
		if e.Text() != m.text {
			t.Fatalf("seed %d: doing all again gave %q, want %q", seed, e.Text(), m.text)
		}
	}
}

func checkDrawing(t *testing.T, e *Text, w, h int) {
	t.Helper()
	lines, x, y := e.Draw(theme.Mono(), w, h)
	if len(lines) != h || x < 0 || x >= w || y < 0 || y >= h {
		t.Fatalf("%d lines, cursor %d,%d in %dx%d", len(lines), x, y, w, h)
	}
	for _, l := range lines {
		if width.Of(l) != w {
			t.Fatalf("line %q is %d columns, want %d", l, width.Of(l), w)
		}
	}
}

func drawn(e *Text, w, h int) string {
	lines, _, _ := e.Draw(theme.Mono(), w, h)
	for i := range lines {
		lines[i] = strings.TrimRight(ansi.Strip(lines[i]), " ")
	}
	return strings.Join(lines, "\n")
}

func TestTextWrapsAtSpacesAndWideCharacters(t *testing.T) {
	e := NewText("one two three four\n漢字漢字漢字\nunbreakableword\n\ttab")
	got := drawn(e, 10, 9)
	want := "one two\nthree\nfour\n漢字漢字\n漢字\nunbreakab\nleword\n\ntab"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if e.Text() != "one two three four\n漢字漢字漢字\nunbreakableword\n\ttab" {
		t.Errorf("drawing changed the text to %q", e.Text())
	}
}

func TestAWrappedQuoteShowsItsMarksOnEveryRow(t *testing.T) {
	e := NewText("> > one two three")
	if got, want := drawn(e, 13, 3), "> > one two\n> > three\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPastedControlsAreMadeVisible(t *testing.T) {
	e := NewText("")
	e.Paste("a\x1b]52;c;x\x07b\r\nc\rd\u202ee")
	if got, want := e.Text(), mail.Text("a\x1b]52;c;x\x07b\r\nc\rd\u202ee"); got != want || strings.ContainsAny(got, "\x1b\x07\r\u202e") {
		t.Errorf("pasted %q", got)
	}
}

func TestJoinersSurviveWhereTheyMeanSomething(t *testing.T) {
	e := NewText("")
	typeInto(e, "می")
	typeInto(e, "\u200c")
	typeInto(e, "خواهم a\u200cb")
	if got, want := e.Text(), "می\u200cخواهم ab"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestUndoTakesBackWordsNotLetters(t *testing.T) {
	e := NewText("")
	typeInto(e, "one two  three\nfour")
	for _, want := range []string{"one two  three\n", "one two  ", "one ", ""} {
		if !e.Undo() || e.Text() != want {
			t.Fatalf("after undo %q, want %q", e.Text(), want)
		}
	}
	if e.Undo() {
		t.Error("something was left to undo")
	}
	e.Redo()
	e.Redo()
	if e.Text() != "one two  " {
		t.Errorf("after two times redo %q", e.Text())
	}
	for range 5 {
		e.Type(press(tea.KeyBackspace, 0))
	}
	e.Undo()
	if e.Text() != "one two  " {
		t.Errorf("erased letters are one step, got %q", e.Text())
	}
}

func TestEnterInAQuoteMakesRoomForAnAnswer(t *testing.T) {
	e := NewText("> > one two")
	for range len("> > one") {
		e.Type(press(tea.KeyRight, 0))
	}
	e.Type(press(tea.KeyEnter, 0))
	typeInto(e, "yes")
	if got, want := e.Text(), "> > one\nyes\n> > two"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	e.Type(press(tea.KeyEnd, tea.ModCtrl))
	e.Type(press(tea.KeyEnter, 0))
	if got, want := e.Text(), "> > one\nyes\n> > two\n"; got != want {
		t.Errorf("at the end of a quote: %q, want %q", got, want)
	}
}

func TestKillsAddUpAndComeBack(t *testing.T) {
	e := NewText("one\ntwo\nthree")
	for range 4 {
		e.Type(press('k', tea.ModCtrl))
	}
	if e.Text() != "three" {
		t.Errorf("after kills %q", e.Text())
	}
	e.Type(press(tea.KeyEnd, 0))
	e.Type(press('y', tea.ModCtrl))
	if e.Text() != "threeone\ntwo\n" {
		t.Errorf("after yank %q", e.Text())
	}
	e.Type(press('w', tea.ModCtrl))
	if e.Text() != "threeone\n" {
		t.Errorf("after killing the word %q", e.Text())
	}
}

func TestQuotesAndSignatureHaveTheirOwnStyle(t *testing.T) {
	th := theme.New(true)
	e := NewText("hi\n> one\n>> two\n-- \nAnna")
	lines, _, _ := e.Draw(th, 10, 5)
	for i, style := range []string{th.Text.Render("x"), th.Quote[0].Render("x"), th.Quote[1].Render("x"), th.Signature.Render("x"), th.Signature.Render("x")} {
		prefix, _, _ := strings.Cut(style, "x")
		if !strings.HasPrefix(lines[i], prefix) || prefix == "" && strings.Contains(lines[i], "\x1b") {
			t.Errorf("line %d is %q, want it to begin with %q", i, lines[i], prefix)
		}
	}
}

func TestUpOnTheFirstRowIsLeftToOthers(t *testing.T) {
	e := NewText("one two three")
	e.Draw(theme.Mono(), 8, 4)
	e.Type(press(tea.KeyDown, 0))
	if _, taken := e.Type(press(tea.KeyUp, 0)); !taken {
		t.Error("up on the second row was not taken")
	}
	if _, taken := e.Type(press(tea.KeyUp, 0)); taken {
		t.Error("up on the first row was taken")
	}
}

func TestChangeIsOneStep(t *testing.T) {
	e := NewText("one\ntwo")
	e.Change("three")
	e.Undo()
	if e.Text() != "one\ntwo" {
		t.Errorf("got %q", e.Text())
	}
}

// A key in the middle of a mail of 2,000 lines, with the drawing that follows it.
func BenchmarkKeyIn2000Lines(b *testing.B) {
	line := "> The quick brown fox jumps over the lazy dog, again and again, until the line is long enough to wrap. 漢字 ö\n"
	e := NewText(strings.Repeat(line, 2000))
	th := theme.New(true)
	e.Draw(th, 100, 40)
	for range 1500 {
		e.Type(press(tea.KeyDown, 0))
	}
	key := tea.KeyPressMsg{Code: 'x', Text: "x"}
	b.ResetTimer()
	for range b.N {
		e.Type(key)
		e.Draw(th, 100, 40)
		e.Type(press(tea.KeyBackspace, 0))
		e.Draw(th, 100, 40)
	}
}

func BenchmarkPasteOfAMegabyte(b *testing.B) {
	text := strings.Repeat(strings.Repeat("word ", 20)+"\n", 10000)
	for range b.N {
		e := NewText("before\nafter")
		e.Paste(text)
		e.Draw(theme.Mono(), 80, 24)
	}
}
