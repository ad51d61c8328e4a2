package smtp

import (
	"crypto/x509"
	"strings"
	"testing"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

func TestWithoutEncryptionNothingIsSent(t *testing.T) {
	hello := "S: 220 ready\nC: EHLO [127.0.0.1]\n"
	asked := hello + "S: 250-server\nS: 250 STARTTLS\nC: STARTTLS\n"
	for name, c := range map[string]struct {
		transcript, want string
	}{
		"not offered":                {hello + "S: 250-server\nS: 250-AUTH PLAIN LOGIN\nS: 250 SIZE\nX:\n", "offers no encryption"},
		"offered in the greeting":    {hello + "S: 250-STARTTLS\nS: 250 SIZE\nX:\n", "offers no encryption"},
		"part of a word":             {hello + "S: 250-server\nS: 250 XSTARTTLS\nX:\n", "offers no encryption"},
		"HELO only":                  {hello + "S: 502 what\nX:\n", "code 502 before encryption"},
		"refused":                    {asked + "S: 502 what\nX:\n", "code 502 before encryption"},
		"refused for now":            {asked + "S: 454 no\nX:\n", "code 454 before encryption"},
		"go on, as for a message":    {asked + "S: 354 go on\nX:\n", "code 354 before encryption"},
		"an answer behind the 220":   {asked + `S"220 go\r\n250-server\r\n250 AUTH PLAIN\r\n"` + "\nX:\n", "put data into the connection"},
		"half a line behind the 220": {asked + `S"220 go\r\n2"` + "\nX:\n", "put data into the connection"},
		"no TLS behind the 220":      {asked + "S: 220 go\nH:\n", ""},
	} {
		s, a := script(t, c.transcript)
		a.SMTP.Security = mail.StartTLS
		patience := defaultPatience
		if c.want == "" {
			patience /= 60
		}
		stages := 0
		out, err := Send(t.Context(), a, secret, Options{Dial: s.Dial, Patience: patience}, anna, []string{"ben@example.org"}, []byte(letter),
			func(Stage, []Refusal) error { stages++; return nil })
		if err == nil || !strings.Contains(err.Error(), c.want) || out.Unknown || len(out.Accepted) > 0 || stages > 0 {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
		if kind := mail.KindOf(err); kind != mail.Protocol && kind != mail.Temporary && kind != mail.Offline {
			t.Errorf("%s: %v is not tried again", name, err)
		}
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWordsFromBeforeEncryptionAreNotShown(t *testing.T) {
	for _, transcript := range []string{
		"S: 554 call 555-CNRY to unlock your account\nX:\n",
		"S: 220 ready\nC: EHLO [127.0.0.1]\nS: 550 call 555-CNRY\nX:\n",
		"S: 220 ready\nC: EHLO [127.0.0.1]\nS: 250-server\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 call 555-CNRY\nX:\n",
	} {
		s, a := script(t, transcript)
		a.SMTP.Security = mail.StartTLS
		if _, err := send(t, a, Options{Dial: s.Dial}, "ben@example.org"); err == nil || strings.Contains(err.Error(), "CNRY") {
			t.Errorf("%v", err)
		}
	}
}

func TestExtensionsFromBeforeEncryptionAreForgotten(t *testing.T) {
	authority := mailtest.NewAuthority(t.TempDir())
	s, a := script(t, "S: 220 ready\nC: EHLO [127.0.0.1]\nS: 250-server\nS: 250-SIZE 10\nS: 250-AUTH LOGIN\nS: 250 starttls\nC: STARTTLS\nS: 220 go\nT:\n"+
		"C: EHLO [127.0.0.1]\nS: 250-server\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AGFubmFAZXhhbXBsZS5vcmcAQ05SWVNFQ1JFVA==\nS: 235 ok\n"+
		transfer("MAIL FROM:<anna@example.org>", lines, "250 ok")+quit)
	s.TLS = authority.Server()
	a.CAFile, a.SMTP.Security = authority.File, mail.StartTLS
	if out, err := send(t, a, Options{Dial: s.Dial}, "ben@example.org"); err != nil || len(out.Accepted) != 1 {
		t.Errorf("%+v, %v", out, err)
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}

func TestPasswordIsNotShownToAServerWithoutAGoodCertificate(t *testing.T) {
	authority := mailtest.NewAuthority(t.TempDir())
	cfg := authority.Server()
	cfg.Certificates[0] = authority.Certificate(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = []string{"other.example.org"}, nil })
	for _, implicit := range []bool{true, false} {
		s, a := server(t, mailtest.SubmissionOptions{TLS: cfg, Implicit: implicit})
		a.CAFile = authority.File
		_, err := send(t, a, Options{}, "ben@example.org")
		if mail.KindOf(err) != mail.Offline || !strings.Contains(err.Error(), "for another host") || s.Logins() > 0 {
			t.Errorf("implicit %t: %v, %d logins", implicit, err, s.Logins())
		}
	}
}

func TestServerWithTLSThatOffersNoLoginIsSaid(t *testing.T) {
	authority := mailtest.NewAuthority(t.TempDir())
	s, a := script(t, "S: 220 ready\nC: EHLO [127.0.0.1]\nS: 250-server\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nT:\nC: EHLO [127.0.0.1]\nS: 250 server\nX:\n")
	s.TLS = authority.Server()
	a.CAFile, a.SMTP.Security = authority.File, mail.StartTLS
	if _, err := send(t, a, Options{Dial: s.Dial}, "ben@example.org"); mail.KindOf(err) != mail.Rejected || !strings.Contains(err.Error(), "offers no login on this port") {
		t.Errorf("%v", err)
	}
}
