package search

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"posthorn/mail"
)

// now is a Sunday in another time zone than UTC.
var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 3600))

// shape writes a query with all its brackets.
func shape(q Query) string {
	list := func(sep string) string {
		parts := make([]string, len(q.Parts))
		for i, p := range q.Parts {
			parts[i] = shape(p)
		}
		return "(" + strings.Join(parts, sep) + ")"
	}
	switch q.Kind {
	case All:
		return list(" ")
	case Any:
		return list(" | ")
	case Not:
		return "-" + shape(q.Parts[0])
	}
	t := q.Term
	s := t.Value
	if t.Whole {
		s = `"` + s + `"`
	}
	switch t.Field {
	case Anywhere:
		return s
	case Is:
		return fmt.Sprintf("is:%s=%d,%v", s, t.Flag, t.Unset)
	case Before, After:
		return fmt.Sprintf("%s:%s", t.Field, t.Time.Format("2006-01-02T15:04Z07"))
	case Larger, Smaller:
		return fmt.Sprintf("%s:%d", t.Field, t.Size)
	}
	return string(t.Field) + ":" + s
}

func TestQueriesAreRead(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "()",
		"  ":                                 "()",
		"invoice":                            "invoice",
		"invoice march":                      "(invoice march)",
		"invoice AND march":                  "(invoice march)",
		`"invoice march"`:                    `"invoice march"`,
		`"not closed`:                        "not closed",
		`""`:                                 "()",
		"a1 OR b1 c1":                        "(a1 | (b1 c1))",
		"(a1 OR b1) c1":                      "((a1 | b1) c1)",
		"a1 | b1 | c1":                       "(a1 | b1 | c1)",
		"-a1 b1":                             "(-a1 b1)",
		"NOT a1":                             "-a1",
		"--a1":                               "--a1",
		"-(a1 OR from:b1)":                   "-(a1 | from:b1)",
		"e-mail":                             "e-mail",
		"or not and":                         "(or not and)",
		"from:anna subject:\"two words\"":    `(from:anna subject:"two words")`,
		"FROM:Anna":                          "from:Anna",
		"sender:anna newer:2026":             "(from:anna after:2026-01-01T00:00+01)",
		"re: hello http://a.example 12:30":   "(re: hello http://a.example 12:30)",
		"is:unread is:Starred":               fmt.Sprintf("(is:unread=%d,true is:starred=%d,false)", mail.Seen, mail.Flagged),
		"has:attachments":                    "has:attachment",
		"before:2026-02-03 after:2025-12":    "(before:2026-02-03T00:00+01 after:2025-12-01T00:00+01)",
		"after:today before:yesterday":       "(after:2026-03-01T00:00+01 before:2026-02-28T00:00+01)",
		"after:7d after:2w after:1m":         "(after:2026-02-22T00:00+01 after:2026-02-15T00:00+01 after:2026-02-01T00:00+01)",
		"after:1y after:3h":                  "(after:2025-03-01T00:00+01 after:2026-03-01T09:00+01)",
		"larger:5M smaller:10k larger:1.5mb": "(larger:5242880 smaller:10240 larger:1572864)",
		"in:archive account:home list:go":    "(in:archive account:home list:go)",
		"会议 from:张":                          "(会议 from:张)",
	} {
		q, err := Parse(text, now)
		if got := shape(q); got != want || err != nil {
			t.Errorf("%q is read as %s (%v), want %s", text, got, err, want)
		}
	}
}

func TestMistakesAreNamedAtTheirColumn(t *testing.T) {
	for text, want := range map[string]struct {
		column int
		soft   bool
		text   string
	}{
		"a1 from:":                    {8, true, "Say what is looked for"},
		"is:unred":                    {3, false, "is: is one of unread"},
		"is:unr":                      {3, true, "is: is one of"},
		"été is:red":                  {7, false, "is: is one of"},
		"a1 OR":                       {3, true, "behind OR"},
		"OR a1":                       {0, false, "before OR"},
		"a1 (b1":                      {3, true, "is not closed"},
		"a1 b1)":                      {5, false, "closes nothing"},
		"after:tomorrow":              {6, true, "is no day"},
		"larger:big":                  {7, true, "is no size"},
		"larger:-1":                   {7, true, "is no size"},
		"form:anna":                   {0, false, "did you mean from:"},
		"x1 subjet:anna":              {3, false, "did you mean subject:"},
		"befroe:2026":                 {0, false, "did you mean before:"},
		"a1 !!!":                      {3, true, "no letter"},
		"NOT":                         {0, true, "behind NOT"},
		"has:wings":                   {4, false, "has: is one of"},
		strings.Repeat("(", 30) + "a": {21, false, "too many brackets"},
		strings.Repeat("a1 ", 70):     {180, false, "more words"},
	} {
		_, err := Parse(text, now)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q has no mistake", text)
			continue
		}
		if e.Column != want.column || e.Soft != want.soft || !strings.Contains(e.Text, want.text) {
			t.Errorf("%q: %+v, want %+v", text, *e, want)
		}
	}
}

func TestWhatIsRightBeforeAMistakeIsLookedFor(t *testing.T) {
	q, err := Parse("invoice from:", now)
	if got := shape(q); got != "invoice" || err == nil {
		t.Errorf("%s, %v", got, err)
	}
}

func TestHitsAreFoundWithoutAccentsAndCase(t *testing.T) {
	for _, c := range []struct {
		text, term string
		whole      bool
		want       string // the hits, each behind a bar
	}{
		{"Invoice for March", "invoice", false, "|Invoice"},
		{"Invoices, invoiced", "invoice", false, "|Invoices|invoiced"},
		{"Invoices", "invoice", true, ""},
		{"Grüße aus Köln", "gruss koln", false, ""},
		{"Grüße aus Köln", "koln", false, "|Köln"},
		{"GRÜSSE", "grüße", false, "|GRÜSSE"},
		{"Straße", "strasse", false, "|Straße"},
		{"cafe\u0301 au lait", "café au", false, "|cafe\u0301 au"},
		{"ΟΔΟΣ Καφές", "καφες", false, "|Καφές"},
		{"ΟΔΟΣ", "οδος", true, "|ΟΔΟΣ"},
		{"第三季度会议纪要", "会议", false, "|会议"},
		{"第三季度会议纪要", "议会", false, ""},
		{"회의 일정", "회의", false, "|회의"},
		{"ＡＢＣ corp", "abc", false, "|ＡＢＣ"},
		{"anna@home.example", "anna@home", false, "|anna@home"},
		{"Łódź", "lodz", false, "|Łódź"},
		{"a bc", "a", false, "|a"},
		{"abc", "a", false, ""},
		{"", "a", false, ""},
		{"a", "", false, ""},
	} {
		got := ""
		for _, h := range Hits(c.text, c.term, c.whole) {
			got += "|" + c.text[h[0]:h[1]]
		}
		if got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.term, c.text, got, c.want)
		}
	}
}

func TestFoldKeepsWhatIsASCII(t *testing.T) {
	for text, want := range map[string]string{"Plain Text": "Plain Text", "Köln": "Koln", "会议A": " 会  议 A", "Ærø": "aero", "が": " が ", "й": "и"} {
		if got := Fold(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"from:anna OR (is:unread -\"x y\")", "((", "-", "larger:1e9g", "before:99999-1", "会议 OR", "a\x00\xffb:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Parse(text, now)
		var e *Error
		if errors.As(err, &e) && (e.Column < 0 || e.Column > utf8.RuneCountInString(text)) {
			t.Errorf("column %d of %q", e.Column, text)
		}
		n := 0
		q.Walk(func(t Term, _ bool) { n++ })
		if n > maxTerms {
			t.Errorf("%d terms", n)
		}
		for _, h := range Hits(text, "a", false) {
			if h[0] < 0 || h[1] > len(text) || h[0] >= h[1] {
				t.Errorf("hit %v of %q", h, text)
			}
		}
	})
}
