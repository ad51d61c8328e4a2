package body

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textReader makes paragraphs of a plain text.
type textReader struct {
	article *article
	base    int // quote levels that "Original Message" lines have opened
	hunks   [maxQuote + 1]hunk
}

// text adds a text that has passed the gate.
func (a *article) text(s string, flow flow) {
	if a.lazy && len(s) > longText {
		a.long(s, flow)
		return
	}
	if strings.Count(s, "\n") > maxLines {
		a.truncated = true
	}
	t := textReader{article: a}
	t.read(s, flow)
}

// read adds the paragraphs of a text.
func (t *textReader) read(s string, flow flow) {
	lines := splitQuoted(s)
	if flow.flowed {
		lines = joinFlowed(lines, flow.delsp)
	}
	a := t.article
	from := len(a.paragraphs)
	a.paragraphs = slices.Grow(a.paragraphs, len(lines))
	for len(lines) > 0 {
		lines = lines[t.next(lines):]
	}
	quoteOlder(a.paragraphs[from:], true)
	dimAttributions(a.paragraphs[from:])
}

// next adds what lines begin with and returns how many it took.
func (t *textReader) next(lines []quotedLine) int {
	first := lines[0]
	if n := signatureLength(lines); n > 0 && !t.hunks[first.quote].open() {
		for _, l := range lines[:n] {
			t.add(paragraph{text: expandTabs(l.text), kind: Signature, quote: l.quote})
		}
		return n
	}
	if t.hunks[first.quote].open() || diffBegins(lines) {
		if n := t.hunks[first.quote].patch(lines, func(i int, kind LineKind) { t.keep(lines[i], kind) }); n > 0 {
			if first.quote == 0 && n < len(lines) { // what nobody quotes is whole
				t.hunks[0] = hunk{}
			}
			return n
		}
	}
	if strings.TrimSpace(first.text) == "" {
		t.add(paragraph{kind: Blank, quote: first.quote})
		return 1
	}
	if originalMessage().MatchString(first.text) && t.base+first.quote < maxQuote {
		t.add(paragraph{text: strings.TrimSpace(first.text), quote: first.quote, runs: []run{{end: len(first.text), style: Dim}}})
		t.base++
		return 1
	}
	n := 1
	for n < len(lines) && lines[n].quote == first.quote && strings.TrimSpace(lines[n].text) != "" && !t.ends(lines[n:]) {
		n++
	}
	t.block(lines[:n])
	return n
}

// ends tells whether a block of text ends before lines.
func (t *textReader) ends(lines []quotedLine) bool {
	s := lines[0].text
	switch s[0] {
	case '-', '_':
		return signatureLength(lines) > 0 || diffBegins(lines) || originalMessage().MatchString(s)
	case 'd', 'I', '@':
		return diffBegins(lines)
	}
	return false
}

// add finds the links and emphases of a paragraph and adds it.
func (t *textReader) add(p paragraph) {
	p.quote += t.base
	p.text = strings.TrimRight(p.text, " ")
	if p.runs == nil && p.text != "" {
		p.runs = t.article.inline(p.text, p.kind == Normal && !p.keep)
	}
	t.article.add(p)
}

// keep adds a line as it is.
func (t *textReader) keep(l quotedLine, kind LineKind) {
	if kind == Blank {
		t.article.add(paragraph{kind: Blank, quote: l.quote + t.base})
		return
	}
	t.article.paragraphs = append(t.article.paragraphs, paragraph{
		text: strings.TrimRight(expandTabs(l.text), " "), kind: kind, quote: l.quote + t.base, keep: true,
	})
}

var (
	listItem  = pattern(`^ *(?:[-*+•·–‣◦o]|\(?(?:\d{1,3}|[a-z])[.)]|\[\d{1,3}\]:?) +`)
	ruleLine  = pattern(`^ *(?:-{3,}|={3,}|_{3,}|\*{3,}|~{3,}|#{3,}|─{3,}|(?:[-*_=] ){3,}[-*_=]?)$`)
	labelLine = pattern(`^\S[^:]{0,24}: `)
)

// bullet is the mark that s begins with as an item of a list, with the blanks around; empty where it is none.
func bullet(s string) string {
	t := strings.TrimLeft(s, " ")
	if len(t) < 2 || t[0] >= 'a' && t[0] <= 'z' && strings.IndexByte(".) ", t[1]) < 0 || t[0] >= 'A' && t[0] <= 'Z' {
		return ""
	}
	return listItem().FindString(s)
}

// isRule tells whether s is a line across.
func isRule(s string) bool {
	t := strings.TrimLeft(s, " ")
	return len(t) > 2 && strings.IndexByte("-=_*~#\xe2", t[0]) >= 0 && ruleLine().MatchString(s)
}

// block adds lines of one quote level without a blank one among them.
func (t *textReader) block(lines []quotedLine) {
	text := make([]string, 0, len(lines))
	for _, l := range lines {
		text = append(text, strings.TrimRight(expandTabs(l.text), " "))
	}
	text = mendLinks(text)
	quote := lines[0].quote
	if drawn(text) {
		for _, s := range text {
			t.add(paragraph{text: s, kind: Pre, quote: quote, keep: true})
		}
		return
	}
	for len(text) > 0 {
		n := 1
		for n < len(text) && bullet(text[n]) == "" && !isRule(text[n]) && !isRule(text[0]) {
			n++
		}
		t.item(text[:n], quote)
		text = text[n:]
	}
}

// item adds a paragraph or list item: as one where its lines were broken by a program, line by line where by hand.
func (t *textReader) item(text []string, quote int) {
	hang := len(text[0]) - len(strings.TrimLeft(text[0], " "))
	if m := bullet(text[0]); m != "" {
		hang = utf8.RuneCountInString(m)
	}
	switch {
	case isRule(text[0]):
		t.rule(text[0], quote)
		text = text[1:]
	case filled(text):
		for i := 1; i < len(text); i++ {
			text[i] = strings.TrimLeft(text[i], " ")
		}
		t.add(paragraph{text: strings.Join(text, "\n"), soft: true, quote: quote, hang: hang})
		return
	}
	for i, s := range text {
		if i > 0 {
			hang = len(s) - len(strings.TrimLeft(s, " "))
		}
		t.add(paragraph{text: s, quote: quote, hang: hang})
	}
}

// rule adds a line across that its author drew; it is cut to the width, never wrapped.
func (t *textReader) rule(s string, quote int) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "─") { // one byte for each column, so that it can be cut anywhere
		s = strings.Repeat("-", utf8.RuneCountInString(s))
	}
	t.article.add(paragraph{text: s, kind: Rule, quote: quote + t.base})
}

// filled tells whether lines were broken by a program at a fixed width: no first word of a line would have found
// room on the line before.
func filled(text []string) bool {
	if len(text) < 2 {
		return false
	}
	widest, labels := 0, 0
	for _, s := range text {
		if at := strings.LastIndexByte(s, ' '); at >= 0 && strings.TrimSpace(s[:at]) != "" {
			if t := s; strings.Contains(s[at:], "://") { // a link may have been too long for its line
				widest = max(widest, utf8.RuneCountInString(t[:at]))
			} else {
				widest = max(widest, utf8.RuneCountInString(t))
			}
		}
		if strings.IndexByte(s, ':') > 0 && labelLine().MatchString(s) {
			labels++
		}
	}
	if widest < 50 || labels > 1 && labels*2 >= len(text) {
		return false
	}
	for i, s := range text[:len(text)-1] {
		next, _, _ := strings.Cut(strings.TrimLeft(text[i+1], " "), " ")
		if utf8.RuneCountInString(s)+1+utf8.RuneCountInString(next) <= widest {
			return false
		}
	}
	return true
}

// drawn tells whether lines are a drawing, a table or code, whose columns must stay where they are.
func drawn(text []string) bool {
	if len(text) < 2 {
		return len(text) == 1 && strings.HasPrefix(text[0], "    ") && !strings.Contains(strings.TrimSpace(text[0]), "  ") && codeLike(text[0])
	}
	gaps, bars, indented, marks, letters := 0, 0, 0, 0, 0
	for _, s := range text {
		inner := strings.TrimLeft(s, " ")
		if strings.Contains(inner, "   ") {
			gaps++
		}
		if strings.HasPrefix(inner, "|") || strings.HasPrefix(inner, "+-") || strings.Contains(inner, " | ") {
			bars++
		}
		if len(s)-len(inner) >= 4 {
			indented++
		}
		for _, r := range inner {
			switch {
			case r >= 0x2500 && r <= 0x259f: // box drawing and blocks
				marks += 8
			case r == ' ':
			case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
				letters++
			case r < 0x80:
				marks++
			}
		}
	}
	half := (len(text) + 1) / 2
	switch {
	case gaps >= 2 && gaps >= half, bars >= 2 && bars >= half, marks > letters && !ruled(text):
		return true
	}
	return indented == len(text) && !filled(text)
}

// ruled tells whether a block's marks come from a line drawn under or over a heading.
func ruled(text []string) bool {
	for _, s := range text {
		if isRule(s) {
			return true
		}
	}
	return false
}

func codeLike(s string) bool { return strings.ContainsAny(s, "{}();=$<>|\\/_`") }

// mendLinks joins lines in the middle of a link in angle brackets that a program has broken.
func mendLinks(text []string) []string {
	out := text[:0]
	for _, s := range text {
		if n := len(out); n > 0 {
			open := strings.LastIndex(out[n-1], "<http")
			if open >= 0 && !strings.ContainsAny(out[n-1][open:], "> ") && len(out[n-1]) < 2000 {
				if end := strings.IndexAny(s, "> "); end > 0 && s[end] == '>' || end < 0 && len(s) > 60 {
					out[n-1] += s
					continue
				}
			}
		}
		out = append(out, s)
	}
	return out
}

// expandTabs puts spaces in the place of tabs, to the next column divisible by eight.
func expandTabs(s string) string {
	if strings.IndexByte(s, '\t') < 0 {
		return s
	}
	var b strings.Builder
	col := 0
	for _, r := range s {
		if r != '\t' {
			b.WriteRune(r)
			col++
			continue
		}
		for n := 8 - col%8; n > 0; n-- {
			b.WriteByte(' ')
			col++
		}
	}
	return b.String()
}
