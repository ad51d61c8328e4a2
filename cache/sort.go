package cache

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"posthorn/mail"
)

// SortKey is what a list is sorted by.
type SortKey string

// The keys. Within equal ones the newest message is first.
const (
	ByDate      SortKey = ""          // the newest first
	BySender    SortKey = "sender"    // from A to Z
	ByRecipient SortKey = "recipient" // from A to Z
	BySubject   SortKey = "subject"   // from A to Z, without "Re:" and the like
	BySize      SortKey = "size"      // the largest first
	ByUnread    SortKey = "unread"    // those first
	ByStarred   SortKey = "starred"   // those first
)

// Sort is the order of a list; Reverse is that order from its end. The zero Sort is by date, the newest first.
type Sort struct {
	By      SortKey
	Reverse bool
}

// sortKeys are the keys but the date: as an expression that grows down the list, and its value for a message.
var sortKeys = map[SortKey]struct {
	column string
	text   func(m mail.Message) string // nil: number
	number func(m mail.Message) int64
}{
	BySender:    {"m.from_text COLLATE NOCASE", func(m mail.Message) string { return m.From }, nil},
	ByRecipient: {"m.to_text COLLATE NOCASE", func(m mail.Message) string { return m.To }, nil},
	BySubject:   {"iif(m.subject GLOB '*[:[(]*', base_subject(m.subject), m.subject) COLLATE NOCASE", baseSubject, nil},
	BySize:      {"-m.size", nil, func(m mail.Message) int64 { return -m.Size }},
	ByUnread:    {"m.shown_flags & 1", nil, func(m mail.Message) int64 { return int64(m.Flags & mail.Seen) }},
	ByStarred:   {"-(m.shown_flags & 4)", nil, func(m mail.Message) int64 { return -int64(m.Flags & mail.Flagged) }},
}

// baseSubject is the subject without what marks answers, which costs a call only where there may be such marks.
func baseSubject(m mail.Message) string {
	if !strings.ContainsAny(m.Subject, ":[(") {
		return m.Subject
	}
	return mail.BaseSubject(m.Subject)
}

// At is the position of a message in a list sorted so.
func (o Sort) At(m mail.Message) Position {
	p := At(m)
	if k, ok := sortKeys[o.By]; ok && k.text != nil {
		p.Text = k.text(m)
	} else if ok {
		p.Number = k.number(m)
	}
	return p
}

// args are the values of a position, as columns has them.
func (o Sort) args(p Position) []any {
	k, ok := sortKeys[o.By]
	switch {
	case !ok:
		return []any{p.Received, p.Key}
	case k.text != nil:
		return []any{p.Text, -p.Received, -p.Key}
	}
	return []any{p.Number, -p.Received, -p.Key}
}

// columns are what a source is sorted by; down tells whether they grow down the list.
func (o Sort) columns(s source) (names []string, down bool) {
	k, ok := sortKeys[o.By]
	if !ok {
		return []string{s.date, s.id}, o.Reverse
	}
	return []string{k.column, "-" + s.date, "-" + s.id}, !o.Reverse
}

// compare tells which of two messages stands first.
func (o Sort) compare(a, b mail.Message) int {
	p, q := o.At(a), o.At(b)
	n := cmp.Or(bytes.Compare(nocase(p.Text), nocase(q.Text)), cmp.Compare(p.Number, q.Number), b.Received.Compare(a.Received), cmp.Compare(b.Key, a.Key))
	if o.Reverse {
		return -n
	}
	return n
}

// nocase is s as NOCASE compares it.
func nocase(s string) []byte {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return b
}

// beside is the condition for what stands before or behind a position, that itself included; everything does at an end of
// the list.
func (o Sort) beside(s source, p Position, behind bool) condition {
	if p == (Position{}) || p.End {
		return condition{text: "1"}
	}
	names, down := o.columns(s)
	sign := map[bool]string{true: ">=", false: "<"}[behind]
	if !down {
		sign = map[bool]string{true: "<=", false: ">"}[behind]
	}
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(names)), ", ")
	return condition{fmt.Sprintf("(%s) %s (%s)", strings.Join(names, ", "), sign, marks), o.args(p)}
}

// from is the query for what stands before a position or behind it, nearest first.
func (o Sort) from(s source, p Position, behind bool, limit int) (string, []any) {
	names, down := o.columns(s)
	order := ""
	if down != behind {
		order = " DESC"
	}
	c := o.beside(s, p, behind)
	return fmt.Sprintf("SELECT %s %s AND %s ORDER BY %s LIMIT ?", listColumns, s.from, c.text, strings.Join(names, order+", ")+order),
		append(slices.Concat(s.args, c.args), limit)
}
