package pager

import (
	"fmt"
	"strings"
	"testing"

	"posthorn/mail"
	"posthorn/mail/trust"
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
	if got := show(1, "Mira Okafor <mira@harbour.example>", "pass"); !strings.Contains(got, "Checked verified by mx.example.org\n") && !strings.Contains(got, "Checked verified by mx.example.org ") || strings.Contains(got, "! ") {
		t.Errorf("honest mail:\n%s", got)
	}
	if got := show(2, "Mira Okafor <mira@harbour.example>", "fail"); !strings.Contains(got, "Checked failed by mx.example.org: DMARC fail") {
		t.Errorf("forged mail:\n%s", got)
	}
	if got := show(3, `"mira@harbour.example" <x@evil.example>`, "pass"); !strings.Contains(got, "! ") || strings.Contains(got, "Checked verified") {
		t.Errorf("a name that is an address:\n%s", got)
	}
}

// What others have fallen for stands in the header with where it is truly from, and with a warning, at any width.
func TestTheTrueAddressStandsInTheHeader(t *testing.T) {
	for _, from := range []string{
		"=?utf-8?b?Y2VvQGdvb2QuZXhhbXBsZQ==?==?utf-8?q?=00=0A?=@evil.example", "=?utf-8?q?ceo=40good.example=0A=00?=@evil.example",
		"\"=?utf-8?b?Q0VPIDxjZW9AZ29vZC5leGFtcGxlPg==?=\" <m@evil.example>", "\"ceo@good.example\" <m@evil.example>",
		"\"ceo@good.example" + strings.Repeat(" ", 300) + "\" <m@evil.example>", "\"" + strings.Repeat("ceo@good.example ", 40) + "\" <m@evil.example>",
		"<\"ceo@good.example\"@evil.example>", "(ceo@good.example) m@evil.example", "<ceo@good.example> <m@evil.example>", "ceo@good.example, m@evil.example",
		"good: ceo@good.example;, m@evil.example", "<ceo@good.example>m@evil.example", "ceo@good.example@evil.example", "\"ceo@good.example\u202e\" <m@evil.example>",
		"ceo@good.example\nSender: m@evil.example", "ceo@good.example\nReply-To: m@evil.example", "ceo@good.example\nFrom: m@evil.example",
		"=?utf-8?q?ceo=40good=2Eexample=0D=0AX:_y?= <m@evil.example>", "ceo <" + strings.Repeat("a", 200) + "@evil.example>",
	} {
		f := newFixture(t, "From: "+from+"\nTo: anna@example.org\nSubject: payment\nMessage-ID: <a@x>\n\nx\n")
		for _, w := range []int{40, 80, 120} {
			got := text(f.open(w), w, 24)
			if !strings.Contains(got, "evil.example") {
				t.Errorf("%d columns, %q:\n%s", w, from, got)
			}
			if !strings.Contains(got, "! ") && strings.Contains(got, "good.example") && !strings.Contains(got, "Sender") {
				t.Errorf("no warning of %q:\n%s", from, got)
			}
		}
	}
}

// TestWhyACheckFailedIsSaidWhole: what speaks against the sender is not cut off where it matters.
func TestWhyACheckFailedIsSaidWhole(t *testing.T) {
	for _, w := range []int{40, 80} {
		g := &page{how: reading{width: w}}
		c := credit{proof: trust.Authentication{Verdict: trust.Failed, By: "mx.home.example", Methods: []trust.Method{
			{Name: "spf", Result: "fail", Domain: "bulk-sender.test"}, {Name: "dmarc", Result: "fail", Domain: "northquay-verify.test"}}}}
		g.doubts(c, margin(textWidth(w)), textWidth(w))
		var lines []string
		for _, l := range g.lines {
			if n := widthOf(l); n > w {
				t.Errorf("%d columns in %d: %v", n, w, l)
			}
			line := ""
			for _, p := range l {
				line += p.text
			}
			lines = append(lines, strings.TrimSpace(line))
		}
		want := "Checked failed by mx.home.example: SPF fail (bulk-sender.test), DMARC fail (northquay-verify.test)"
		if w == 40 { // three lines and no more
			want = "Checked failed by mx.home.example: SPF fail (bulk-sender.test), DMARC fail…"
		}
		if got := strings.Join(strings.Fields(strings.Join(lines, " ")), " "); got != want {
			t.Errorf("%d columns:\n%s\nwant\n%s", w, got, want)
		}
	}
}
