package imap

import (
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/search"
)

func parsed(t *testing.T, text string) search.Query {
	t.Helper()
	q, err := search.Parse(text, time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestAQueryIsAskedInKeysThatFindNoLess(t *testing.T) {
	for text, want := range map[string]string{
		"invoice":                         `OR SUBJECT "invoice" OR FROM "invoice" OR TO "invoice" OR CC "invoice" BODY "invoice"`,
		`body:tickets is:unread`:          `BODY "tickets" UNSEEN`,
		`body:a OR body:b OR subject:c`:   `OR BODY "a" OR BODY "b" SUBJECT "c"`,
		`-(body:a from:b)`:                `NOT (BODY "a" FROM "b")`,
		`body:a (from:b cc:c OR -body:d)`: `BODY "a" OR (FROM "b" CC "c") NOT BODY "d"`,
		`body:a is:forwarded is:starred`:  `BODY "a" KEYWORD $Forwarded FLAGGED`,
		`body:a after:2026-03-01 before:2026-03-05 larger:5K -smaller:9`:     `BODY "a" SINCE 28-Feb-2026 BEFORE 7-Mar-2026 LARGER 5120 NOT SMALLER 9`,
		`body:a in:archive account:work filename:pdf has:attachment`:         `BODY "a"`,
		`body:a -in:archive -after:2026-01-01 -label:x is:junk -list:golang`: `BODY "a"`,
	} {
		s := against(t, "", "C: $ UID SEARCH "+want+"\nS: * SEARCH 3 1 2 9\nS: $ OK")
		got, err := s.Search(t.Context(), parsed(t, text))
		if err != nil || got.String() != "1:3,9" {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

func TestAQueryOfWhichNothingCanBeAskedFindsNothing(t *testing.T) {
	for _, text := range []string{"", "in:archive", "filename:pdf OR body:a", "has:attachment -label:x"} {
		s := against(t, "", "")
		if got, err := s.Search(t.Context(), parsed(t, text)); got != nil || err != nil {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func TestWordsBeyondASCIIAreAskedForInUTF8(t *testing.T) {
	for name, c := range map[string]struct{ caps, said string }{
		"at once":          {"LITERAL+", "C: $ UID SEARCH CHARSET UTF-8 BODY {6+}\nC: grüß\nS: * SEARCH 7\nS: $ OK"},
		"refused as such":  {"LITERAL+", "C: $ UID SEARCH CHARSET UTF-8 BODY {6+}\nC: grüß\nS: $ NO [BADCHARSET] no\nC: $ UID SEARCH BODY {6+}\nC: grüß\nS: * SEARCH 7\nS: $ OK"},
		"not understood":   {"LITERAL+", "C: $ UID SEARCH CHARSET UTF-8 BODY {6+}\nC: grüß\nS: $ BAD no\nC: $ UID SEARCH BODY {6+}\nC: grüß\nS: * SEARCH 7\nS: $ OK"},
		"after a question": {"", "C: $ UID SEARCH CHARSET UTF-8 BODY {6}\nS: + go on\nC: grüß\nS: * SEARCH 7\nS: $ OK"},
	} {
		t.Run(name, func(t *testing.T) {
			s := against(t, c.caps, c.said)
			if got, err := s.Search(t.Context(), parsed(t, "body:grüß")); err != nil || got.String() != "7" {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

func TestAServerThatCannotSearchForLettersSaysSo(t *testing.T) {
	s := against(t, "LITERAL+", "C: $ UID SEARCH CHARSET UTF-8 BODY {6+}\nC: grüß\nS: $ NO [BADCHARSET (US-ASCII)] no\nC: $ UID SEARCH BODY {6+}\nC: grüß\nS: $ NO no")
	if _, err := s.Search(t.Context(), parsed(t, "body:grüß")); mail.KindOf(err) != mail.Rejected {
		t.Error(err)
	}
}
