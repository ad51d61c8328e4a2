package ui_test

import (
	"bytes"
	"strings"
	"testing"
)

// TestLinear reads, stars, files and answers by what is written in lines, without a single escape sequence.
func TestLinear(t *testing.T) {
	r := newRig(t)
	r.config.Linear = true
	r.inbox("home", "Lunch on Friday")
	r.inbox("home", "Tickets to \x1b[7mLund ★")
	r.open()
	r.Driver.Settle = r.engine.Settle
	var out bytes.Buffer
	r.Start(r.app().Linearly(&out), r.w, r.h)
	r.Press("g", "1")
	said := func(want ...string) {
		t.Helper()
		text := out.String()
		if strings.ContainsAny(text, "\x1b\u2500\u2502") {
			t.Errorf("not plain: %q", text)
		}
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%q was not said in %q", w, text)
			}
		}
		out.Reset()
	}
	said("\r\nhome · Inbox", "\r\n> unread, ", "Lund", "\r\nunread, ", "Lunch on Friday")
	r.Press("j")
	said("\r\n> unread, ", "Lunch on Friday")
	r.Press("s")
	said("\r\n> unread, starred, ", "Lunch on Friday")
	r.Press("enter")
	said("\r\nLunch on Friday", "\r\nFrom ")
	r.Press("q")
	if strings.Contains(out.String(), "Tickets") {
		t.Error("what is known is told again")
	}
	said("\r\nhome · Inbox", "\r\n> unread, starred, ")
	r.Press("tab")
	said("\r\nAccount home, connected", "\r\n> Inbox")
	r.Press("tab", "r")
	said("\r\n")
	r.Type("Gladly")
	said("Gladly")
}
