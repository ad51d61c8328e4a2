package pager

import (
	"fmt"
	"strings"
	"testing"

	"posthorn/mail"
	"posthorn/ui/uitest"
)

func checked(n int, from, result string) string {
	return fmt.Sprintf("Authentication-Results: mx.example.org; dmarc=%s header.from=harbour.example\nFrom: %s\nTo: anna@example.org\n"+
		"Subject: Dinner %d\nMessage-ID: <d%d@x.example>\nContent-Type: text/plain\n\nHello\n", result, from, n, n)
}

func TestTheSenderIsJudgedByTheOwnServerAndByWhoIsKnown(t *testing.T) {
	env, eng, _ := uitest.Env()
	m := uitest.NewMail(t)
	m.Mailboxes("home", "INBOX")
	env.Store = m.Reader
	eng.Has = []mail.Account{{Name: "home", Address: "anna@example.org", IMAP: mail.Endpoint{Host: "imap.example.org"}}}
	env.Config.MarkReadAfter = -1
	show := func(n int, from, result string) string {
		raw := checked(n, from, result)
		key := m.Deliver("home", "INBOX", raw, 0)
		m.Fetch(key, raw)
		p, cmd := New(env, key, 80)
		uitest.Run(cmd)
		return text(p, 80, 24)
	}
	for n := range 12 { // what the server puts on all mail is believed
		m.Deliver("home", "INBOX", checked(100+n, "Mira Okafor <mira@harbour.example>", "pass"), 0)
	}
	if got := show(1, "Mira Okafor <mira@harbour.example>", "pass"); !strings.Contains(got, "Checked verified by mx.example.org: DMARC pass") || strings.Contains(got, "! ") {
		t.Errorf("honest mail:\n%s", got)
	}
	if got := show(2, "Mira Okafor <mira@harbour.example>", "fail"); !strings.Contains(got, "Checked failed by mx.example.org") {
		t.Errorf("forged mail:\n%s", got)
	}
	if got := show(3, `"mira@harbour.example" <x@evil.example>`, "pass"); !strings.Contains(got, "! ") || strings.Contains(got, "Checked verified") {
		t.Errorf("a name that is an address:\n%s", got)
	}
}
