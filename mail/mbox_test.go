package mail

import (
	"testing"
	"time"
)

func TestMboxQuotesWhatLooksLikeABeginning(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.FixedZone("", 3600))
	got := AppendMbox([]byte("before\n"), Address{Local: "ben", Domain: "example.org"}, at,
		[]byte("Subject: x\r\n\r\nFrom here on\r\n>From there\r\n> From quoted\r\nFromage\nlast"))
	want := "before\nFrom ben@example.org Wed Mar  4 04:06:07 2026\nSubject: x\n\n>From here on\n>>From there\n> From quoted\nFromage\nlast\n\n"
	if string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := AppendMbox(nil, Address{Local: "a b\nFrom x", Domain: "y"}, at, nil); string(got) != "From MAILER-DAEMON Wed Mar  4 04:06:07 2026\n\n" {
		t.Errorf("a sender with a line break gives %q", got)
	}
}
