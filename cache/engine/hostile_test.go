package engine

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

func TestAFarewellIsShownAndWorkGoesOn(t *testing.T) {
	for _, at := range []string{"AUTHENTICATE", "LIST", "UID FETCH", "UID SEARCH"} {
		t.Run(at, func(t *testing.T) {
			r := odd(t, &mailtest.Odd{Command: once(at, "* BYE Down for a minute\r\n"+mailtest.HangUp)})
			r.deliver("INBOX", 1, 3)
			r.open()
			r.e.Start(t.Context())
			r.until("the words are there", func() bool { return r.said("Down for a minute") })
			r.calm()
			if got := r.subjects("INBOX"); got != "3 2 1" {
				t.Errorf("shown: %s", got)
			}
		})
	}
}

func TestFewerConnectionsWhereTheServerWantsFewer(t *testing.T) {
	for name, answer := range map[string]string{
		"Dovecot": "$ NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded\r\n",
		"BYE":     "* BYE Too many connections\r\n" + mailtest.HangUp,
	} {
		t.Run(name, func(t *testing.T) {
			logins := 0
			r := odd(t, &mailtest.Odd{Command: func(command, _ string) string {
				if command != "LOGIN" && command != "AUTHENTICATE" {
					return ""
				}
				if logins++; logins > 1 {
					return answer
				}
				return ""
			}})
			r.deliver("INBOX", 1, 1)
			r.start()
			r.e.Focus(r.mailbox("Archive").Key)
			r.until("it is told", func() bool { return r.said("wants fewer connections") })
			r.settle()
			r.deliver("INBOX", 2, 2)
			r.until("mail is noticed on the one connection", func() bool { return r.subjects("INBOX") == "2 1" })
			if logins != 2 {
				t.Errorf("%d logins", logins)
			}
		})
	}
}

func TestAnAnswerToNoCommandEndsTheConnectionOnly(t *testing.T) {
	done := false
	r := odd(t, &mailtest.Odd{Response: func(name, said string) string {
		if done || name != "UID FETCH" {
			return said
		}
		done = true
		return "A001 OK early\r\n" + said
	}})
	r.deliver("INBOX", 1, 3)
	r.open()
	r.e.Start(t.Context())
	r.until("it is told", func() bool { return r.said("was not sent") })
	r.calm()
	if got := r.subjects("INBOX"); got != "3 2 1" {
		t.Errorf("shown: %s", got)
	}
}

func TestAMessageThatEndsEveryConnectionIsGivenUp(t *testing.T) {
	r := odd(t, &mailtest.Odd{Command: func(_, line string) string {
		if strings.Contains(line, "UID FETCH 1 (UID BODY.PEEK[1") {
			return "* 1 FETCH (UID 1 BODY[1] {999}\r\n" + mailtest.HangUp
		}
		return ""
	}})
	r.deliver("INBOX", 1, 2)
	r.start()
	m := r.list("INBOX")
	r.e.Open(m[1].Key)
	r.until("it is given up", func() bool {
		if s := r.e.States()[0]; s.Phase == Offline && !s.Retry.IsZero() {
			r.e.Refresh("")
		}
		return r.e.Problem(m[1].Key) != ""
	})
	r.e.Open(m[0].Key)
	r.calm()
	if _, complete, err := r.store.Content(t.Context(), m[0].Key, "1"); !complete || err != nil {
		t.Errorf("the other message: %v, %v", complete, err)
	}
}

// News by the thousand at every IDLE, about which nothing changed: what the person wants is done all the same, and mail comes.
func TestAFloodOfNewsHoldsNobodyUp(t *testing.T) {
	flood := strings.Repeat("* 3 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* 0 RECENT\r\n", 2000)
	r := odd(t, &mailtest.Odd{Response: func(name, said string) string {
		if name == "IDLE" && said[0] == '+' {
			return said + flood
		}
		return said
	}})
	r.deliver("INBOX", 1, 3)
	r.start()
	for n := range 3 {
		m := r.list("INBOX")
		r.do("read", flag(m[1], mail.Seen, true))
		r.do("archived", mail.Targeted{Message: m[2].Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
		r.e.Open(m[0].Key)
		r.calm()
		if _, complete, err := r.store.Content(t.Context(), m[0].Key, "1"); err != nil || !complete {
			t.Errorf("the text is not here: %v", err)
		}
		r.deliver("INBOX", 4+n, 4+n)
		r.e.Refresh("")
		r.until("new mail is here", func() bool { return len(r.list("INBOX")) == 3 })
	}
	if got := r.onServer("INBOX") + "|" + r.onServer("Archive"); got != `4\Seen 5 6|1 2\Seen 3\Seen` {
		t.Errorf("on the server: %s", got)
	}
}

func TestHostileFolderNamesAreRowsAndNothingElse(t *testing.T) {
	names := []string{"../../etc/passwd", "/etc/cron.d/x", "..", "\x1b]0;x\x07", "a\u202egpj.exe", "$(touch CNRY)", strings.Repeat("x", 900)}
	r := odd(t, &mailtest.Odd{
		Command: func(name, line string) string {
			for _, n := range names {
				if strings.Contains(line, n) {
					return "$ NO [NONEXISTENT] no\r\n"
				}
			}
			return ""
		},
		Response: func(name, said string) string {
			if name != "LIST" || strings.HasPrefix(said, "* ") {
				return said
			}
			out := ""
			for _, n := range names {
				out += fmt.Sprintf("* LIST () \"/\" {%d}\r\n%s\r\n", len(n), n)
			}
			return out + "* LIST () \"/\" {10}\r\nx\r\nA DELETE\r\n" + said
		},
	})
	r.deliver("INBOX", 1, 1)
	r.start()
	all, err := r.store.Mailboxes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, m := range all {
		if strings.ContainsAny(mail.Line(m.Name), "\x1b\x07\r\n\u202e") {
			t.Errorf("%q shows as %q", m.Name, mail.Line(m.Name))
		}
		if slices.Contains(names, m.Name) {
			found++
		}
		if strings.Contains(m.Name, "\n") && !m.NoSelect {
			t.Errorf("%q could be opened", m.Name)
		}
	}
	if found < len(names)-1 {
		t.Errorf("%d of %d names are there: %v", found, len(names), all)
	}
	files, err := os.ReadDir(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.IsDir() || strings.Contains(f.Name(), "passwd") {
			t.Errorf("there is a %s", f.Name())
		}
	}
	if got := r.subjects("INBOX"); got != "1" {
		t.Errorf("INBOX shows %q", got)
	}
}
