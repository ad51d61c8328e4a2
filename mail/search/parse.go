package search

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Bounds on what one query may ask.
const (
	maxTerms = 60
	maxDepth = 20
)

// Parse reads a query. Words beside each other must all be found; OR and a bar mean one of two, a minus and NOT the
// opposite, brackets group. now is what spans like 7d count from, in the time zone that days are meant in. The error
// is an *Error; what stands before the mistake is in the Query nevertheless.
func Parse(text string, now time.Time) (Query, error) {
	p := parser{text: []rune(text), now: now}
	q := p.either(0)
	if p.err == nil && p.peek() == ')' {
		p.fail(p.at, "This bracket closes nothing: take it away, or put it in quotes.")
	}
	if p.err != nil {
		return q, p.err
	}
	return q, nil
}

type parser struct {
	text  []rune
	at    int
	terms int
	now   time.Time
	err   *Error
}

func (p *parser) fail(column int, format string, args ...any) {
	if p.err == nil {
		p.err = wrong(column, format, args...)
	}
}

// soft is fail for what more typing may mend.
func (p *parser) soft(column int, format string, args ...any) {
	if p.err == nil {
		p.fail(column, format, args...)
		p.err.Soft = true
	}
}

// peek is the next character that is no space; 0 at the end.
func (p *parser) peek() rune {
	for p.at < len(p.text) && unicode.IsSpace(p.text[p.at]) {
		p.at++
	}
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

// word tells whether the next word is one of these, as it stands, and goes behind it then.
func (p *parser) word(words ...string) bool {
	p.peek()
	end := p.at
	for end < len(p.text) && !unicode.IsSpace(p.text[end]) && !strings.ContainsRune("()\"", p.text[end]) {
		end++
	}
	if !slices.Contains(words, string(p.text[p.at:end])) {
		return false
	}
	p.at = end
	return true
}

// either is what stands between ORs.
func (p *parser) either(depth int) Query {
	parts := []Query{p.both(depth)}
	for p.err == nil {
		column := p.at
		if !p.word("OR", "|") {
			break
		}
		if next := p.both(depth); !next.Empty() {
			parts = append(parts, next)
		} else {
			p.soft(column, "Something must stand behind OR.")
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	if parts[0].Empty() {
		p.fail(0, "Something must stand before OR.")
	}
	return Query{Kind: Any, Parts: parts}
}

// both is what must all be found.
func (p *parser) both(depth int) Query {
	var parts []Query
	for p.err == nil {
		c, start := p.peek(), p.at
		if c == 0 || c == ')' {
			break
		}
		if p.word("OR", "|") {
			p.at = start
			break
		}
		if p.word("AND") {
			continue
		}
		if q, ok := p.part(depth); ok {
			parts = append(parts, q)
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return Query{Kind: All, Parts: parts}
}

// part is a term, a group or the opposite of either.
func (p *parser) part(depth int) (Query, bool) {
	start := p.at
	if depth > maxDepth {
		p.fail(start, "These are too many brackets within each other.")
		return Query{}, false
	}
	if p.text[p.at] == '-' && p.at+1 < len(p.text) && !unicode.IsSpace(p.text[p.at+1]) {
		p.at++
		return p.opposite(depth)
	}
	if p.word("NOT") {
		if p.peek() == 0 {
			p.soft(start, "Something must stand behind NOT.")
			return Query{}, false
		}
		return p.opposite(depth)
	}
	if p.text[p.at] == '(' {
		p.at++
		q := p.either(depth + 1)
		if p.err == nil && p.peek() != ')' {
			p.soft(start, "This bracket is not closed: add a ) behind the last word of the group.")
		}
		p.at++
		return q, !q.Empty()
	}
	return p.term()
}

func (p *parser) opposite(depth int) (Query, bool) {
	if p.peek() == ')' {
		p.fail(p.at, "Something must stand before this bracket.")
		return Query{}, false
	}
	q, ok := p.part(depth + 1)
	return Query{Kind: Not, Parts: []Query{q}}, ok
}

// term is a word, something in quotes, or an operator with either.
func (p *parser) term() (Query, bool) {
	start := p.at
	if p.terms++; p.terms > maxTerms {
		p.fail(start, "These are more words than one search can have.")
		return Query{}, false
	}
	t := Term{}
	name, value := p.operator()
	if field, ok := fieldNamed(name); ok {
		t.Field, p.at = field, value
	} else if near := nearest(name); near != "" {
		p.fail(start, "There is no %s: – did you mean %s:? Text with a colon goes into quotes.", name, near)
		return Query{}, false
	}
	value = p.at
	t.Value, t.Whole = p.value()
	if strings.TrimSpace(t.Value) == "" {
		if t.Field != Anywhere {
			p.soft(value, "%s", p.missing(t.Field))
		}
		return Query{}, false
	}
	if err := t.understand(p.now); err != nil {
		err.Column += value
		if p.err == nil {
			p.err = err
		}
		return Query{}, false
	}
	return Query{Kind: Leaf, Term: t}, true
}

func (p *parser) missing(f Field) string {
	i := slices.IndexFunc(Operators, func(op Operator) bool { return op.Field == f })
	op := Operators[i]
	if op.Values != nil {
		return "Say what " + string(f) + ": is to be: " + strings.Join(op.Values, ", ") + "."
	}
	return "Say what is looked for: " + string(f) + ": takes " + op.Help + "."
}

// operator is the name before a colon, in lower case, and where its value begins; no name: there is none.
func (p *parser) operator() (name string, value int) {
	for i := p.at; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == ':' && i > p.at:
			return strings.ToLower(string(p.text[p.at:i])), i + 1
		case !unicode.IsLetter(c):
			return "", 0
		}
	}
	return "", 0
}

// value is a word up to a space or bracket, or what stands in quotes; quotes that are not closed reach to the end.
func (p *parser) value() (text string, quoted bool) {
	start := p.at
	if p.at < len(p.text) && p.text[p.at] == '"' {
		p.at++
		for p.at < len(p.text) && p.text[p.at] != '"' {
			p.at++
		}
		text, closed := string(p.text[start+1:p.at]), p.at < len(p.text)
		if closed {
			p.at++
		}
		return text, closed
	}
	for p.at < len(p.text) && !unicode.IsSpace(p.text[p.at]) && !strings.ContainsRune("()\"", p.text[p.at]) {
		p.at++
	}
	return string(p.text[start:p.at]), false
}

// nearest is the operator that a name was probably meant to be: one with two letters swapped, or one wrong, missing or
// too many.
func nearest(name string) Field {
	if len(name) < 4 || name == "form" {
		if name == "form" {
			return From
		}
		return ""
	}
	for _, op := range Operators {
		if near(name, string(op.Field)) {
			return op.Field
		}
	}
	return ""
}

func near(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	a, b = a[i:], b[i:]
	switch {
	case len(a) == len(b) && len(a) > 0:
		return a[1:] == b[1:] || len(a) > 1 && a[0] == b[1] && a[1] == b[0] && a[2:] == b[2:]
	case len(a) == len(b)+1:
		return a[1:] == b
	case len(b) == len(a)+1:
		return b[1:] == a
	}
	return false
}
