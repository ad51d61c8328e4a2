package imap

import (
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

// At whatever stage a server falls silent, the wait ends by itself, and the person hears that there is no connection.
func TestSilenceAtEveryStageIsOffline(t *testing.T) {
	t.Parallel()
	const hello = "S: * OK [CAPABILITY IMAP4rev1 IDLE] hello\n"
	for name, c := range map[string]struct {
		security   mail.Security
		transcript string
		then       func(*Session) error
	}{
		"greeting":           {mail.Insecure, "", nil},
		"half a greeting":    {mail.Insecure, `S"* OK hel"`, nil},
		"before STARTTLS":    {mail.StartTLS, "", nil},
		"answer to STARTTLS": {mail.StartTLS, hello + "C: $ STARTTLS", nil},
		"TLS of STARTTLS":    {mail.StartTLS, hello + "C: $ STARTTLS\nS: $ OK begin", nil},
		"TLS":                {mail.TLS, "", nil},
		"capabilities":       {mail.Insecure, "S: * OK hello\nC: $ CAPABILITY", nil},
		"login":              {mail.Insecure, hello + "C: $ LOGIN …", nil},
		"select": {mail.Insecure, "S: * PREAUTH [CAPABILITY IMAP4rev1] hello\nC: $ SELECT …", func(s *Session) error {
			_, err := s.Select(t.Context(), "INBOX")
			return err
		}},
		"start of IDLE": {mail.Insecure, "S: * PREAUTH [CAPABILITY IMAP4rev1 IDLE] hello\nC: $ IDLE", func(s *Session) error {
			_, err := s.Idle(t.Context(), time.Millisecond)
			return err
		}},
		"end of IDLE": {mail.Insecure, "S: * PREAUTH [CAPABILITY IMAP4rev1 IDLE] hello\nC: $ IDLE\nS: + idling\nC: DONE", func(s *Session) error {
			_, err := s.Idle(t.Context(), time.Millisecond)
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sc := script(t, c.transcript+"\nH:")
			s, err := Dial(t.Context(), local(c.security), "secret", Options{Dial: sc.Dial, Patience: time.Second})
			if c.then != nil {
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				err = c.then(s)
			}
			if mail.KindOf(err) != mail.Offline || strings.Contains(err.Error(), "EOF") {
				t.Errorf("err = %v", err)
			}
		})
	}
}
