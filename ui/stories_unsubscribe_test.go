package ui_test

import (
	"strings"
	"testing"
	"time"
)

// Leaving a list by mail is mail like any other: it is asked about, can be taken back, and goes out once.
func TestLeavingAMailingListByMail(t *testing.T) {
	r := newRig(t)
	r.grace = 50 * time.Second
	r.deliver("home", "INBOX", post{from: "The Tide <news@tide.example>", to: "post@lindqvist.example", subject: "Tide news",
		header: []string{"List-Unsubscribe: <mailto:leave@home.example?subject=9f3a>"}})
	r.start()
	r.Press("enter")
	r.Sees("U unsubscribe")
	r.Press("U")
	r.Sees("Unsubscribe from The Tide by mail to", "leave@home.example?", "From: post@lindqvist.example", "Subject: 9f3a")
	r.Press("n")
	r.SeesNot("by mail to")
	r.Press("U", "y")
	r.Sees("Sends “9f3a” in", "z takes it back")
	r.Press("z")
	r.SeesNot("Sends “9f3a”")
	if sent := r.smtp.Accepted(); len(sent) != 0 {
		t.Fatalf("sent %q", sent)
	}
	r.Sees("leave@home.example") // the draft, to be changed or sent after all
	r.Press("ctrl+x")
}

func TestAListThatIsLeftByMailHearsOfItOnce(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "INBOX", post{from: "The Tide <news@tide.example>", subject: "Tide news", header: []string{"List-Unsubscribe: <mailto:leave@tide.example>"}})
	r.start()
	r.Press("enter", "U", "y")
	r.Until("it is sent", func() bool { return len(r.smtp.Accepted()) > 0 })
	r.Until("it is remembered", func() bool { return strings.Contains(r.Screen(), "by mail to leave@tide.example to unsubscribe you") })
	r.Press("g o")
	sent := r.smtp.Accepted()
	if len(sent) != 1 || strings.Join(sent[0].To, " ") != "leave@tide.example" || sent[0].From != "anna@home.example" || !strings.Contains(string(sent[0].Raw), "Subject: unsubscribe\r\n") {
		t.Errorf("sent %q", sent)
	}
}
