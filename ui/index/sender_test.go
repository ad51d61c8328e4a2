package index

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"posthorn/mail"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// spoofs are fields that have made mail programs show ceo@good.example for mail that is from evil.example.
var spoofs = []string{
	"=?utf-8?b?Y2VvQGdvb2QuZXhhbXBsZQ==?==?utf-8?q?=00?=@evil.example", "=?utf-8?b?Y2VvQGdvb2QuZXhhbXBsZQ==?==?utf-8?q?=00=0A?=@evil.example",
	"=?utf-8?q?ceo=40good.example=0A=00?=@evil.example", "=?utf-8?b?Y2VvQGdvb2QuZXhhbXBsZQ==?=@evil.example", "\"=?utf-8?b?Q0VPIDxjZW9AZ29vZC5leGFtcGxlPg==?=\" <m@evil.example>",
	"\"ceo@good.example\" <m@evil.example>", "ceo@good.example <m@evil.example>", "\"ceo@good.example" + strings.Repeat(" ", 300) + "\" <m@evil.example>",
	"\"" + strings.Repeat("ceo@good.example ", 40) + "\" <m@evil.example>", "ceo@good.example (m@evil.example) <m@evil.example>", "<\"ceo@good.example\"@evil.example>",
	"\"ceo@good.example\x00\" <m@evil.example>", "\"ceo@good.example\\\\\" <m@evil.example>", "\"ceo＠good.example\" <m@evil.example>", "(ceo@good.example) m@evil.example", "<ceo@good.example> <m@evil.example>",
	"ceo@good.example, m@evil.example", "m@evil.example, ceo@good.example", "good: ceo@good.example;, m@evil.example", "<ceo@good.example>m@evil.example", "ceo@good.example@evil.example",
	"\"ceo@good.example\u202e\" <m@evil.example>", "=?utf-8?q?ceo=40good=2Eexample=0D=0AX:_y?= <m@evil.example>", "ceo@good.example." + strings.Repeat("a", 60) + ".evil.example",
}

// Every From is told by where it is truly from, in the list at any width and in the header.
func TestTheTrueAddressStandsInTheList(t *testing.T) {
	env, _, _ := uitest.Env()
	m := uitest.NewMail(t)
	m.Mailboxes("home", "INBOX")
	env.Store = m.Reader
	for i, from := range spoofs {
		m.Deliver("home", "INBOX", fmt.Sprintf("From: %s\nTo: anna@example.org\nSubject: payment %d\nMessage-ID: <%d@x>\n\nx\n", from, i, i), 0)
	}
	x := New(env)
	box, err := m.Mailbox(t.Context(), m.Box("home", "INBOX"))
	if err != nil {
		t.Fatal(err)
	}
	uitest.Run(x.Show(View{Name: "Inbox", Mailboxes: []mail.Mailbox{box}}))
	for _, w := range []int{60, 80, 120, 200} {
		for _, line := range x.Draw(screen.Rect{W: w, H: len(spoofs)}).Lines {
			line = ansi.Strip(line)
			sender, _, _ := strings.Cut(line, "payment")
			if good, evil := strings.Index(sender, "good.ex"), strings.Index(sender, "evil.ex"); good >= 0 && evil < 0 && !strings.Contains(sender, "good.example (") { // an address in the wrong place stands behind
				t.Errorf("%d columns: %q", w, strings.TrimSpace(line))
			}
		}
	}
}
