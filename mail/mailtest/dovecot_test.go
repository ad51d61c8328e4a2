package mailtest_test

import (
	"fmt"
	"net"
	"net/textproto"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/imap"
	"posthorn/mail/mailtest"
)

func TestDovecotServesItsUsersWithAndWithoutTLS(t *testing.T) {
	d := mailtest.Dovecot(t, "anna", "ben")
	for _, security := range []mail.Security{mail.TLS, mail.StartTLS, mail.Insecure} {
		s, err := imap.Dial(t.Context(), d.Account("anna", security), "secret", imap.Options{})
		if err != nil {
			t.Fatalf("%s: %v", security, err)
		}
		list, err := s.List(t.Context())
		roles := map[mail.Role]bool{}
		for _, l := range list {
			roles[l.Role] = true
		}
		for _, want := range []mail.Role{mail.Inbox, mail.Drafts, mail.Sent, mail.Archive, mail.Junked, mail.Trash} {
			if !roles[want] {
				t.Errorf("%s: no %s mailbox in %v, %v", security, want, list, err)
			}
		}
		check(t, s.Close())
	}
	_, err := imap.Dial(t.Context(), d.Account("ben", mail.TLS), "wrong", imap.Options{})
	if mail.KindOf(err) != mail.Auth {
		t.Errorf("a wrong password: %v", err)
	}
}

func TestDovecotTakesMailOverLMTP(t *testing.T) {
	d := mailtest.Dovecot(t, "anna")
	conn, err := net.Dial("unix", d.LMTP)
	check(t, err)
	c := textproto.NewConn(conn)
	defer c.Close()
	say := func(code int, format string, args ...any) {
		t.Helper()
		if format != "" {
			check(t, c.PrintfLine(format, args...))
		}
		if _, _, err := c.ReadResponse(code); err != nil {
			t.Fatalf("%s: %v", format, err)
		}
	}
	say(220, "")
	say(250, "LHLO test")
	say(250, "MAIL FROM:<ben@work.example>")
	say(250, "RCPT TO:<anna@home.example>")
	say(354, "DATA")
	w := c.DotWriter()
	_, err = fmt.Fprint(w, letter)
	check(t, err)
	check(t, w.Close())
	say(250, "")
	s, err := imap.Dial(t.Context(), d.Account("anna", mail.TLS), "secret", imap.Options{})
	check(t, err)
	defer s.Close()
	if st, err := s.Select(t.Context(), "INBOX"); err != nil || st.Exists != 1 || st.HighestModSeq == 0 {
		t.Errorf("INBOX = %+v, %v", st, err)
	}
}

func TestDovecotOnAPipeNeedsNoLogin(t *testing.T) {
	d := mailtest.Dovecot(t, "anna")
	a := d.Account("anna", mail.Insecure)
	s, err := imap.Dial(t.Context(), a, "", imap.Options{Dial: d.Pipe("anna")})
	check(t, err)
	_, uid, err := s.Append(t.Context(), "INBOX", mail.Seen, time.Now(), []byte(letter))
	if err != nil || uid != 1 {
		t.Errorf("Append = %d, %v", uid, err)
	}
	check(t, s.Close())
}
