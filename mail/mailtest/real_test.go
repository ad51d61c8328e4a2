package mailtest_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/mail/imap"
	"posthorn/mail/mailtest"
	"posthorn/mail/smtp"
)

const realLetter = "Date: Mon, 23 Nov 2026 12:00:00 +0000\r\nFrom: anna@posthorn.example\r\nTo: ben@posthorn.example\r\n" +
	"Subject: real\r\nMessage-ID: <real@posthorn.example>\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n" +
	"\r\n.dot\r\n..\r\ngrüße\r\n.\r\n"

func submit(t *testing.T, a mail.Account, password, msg string, to ...string) (smtp.Outcome, error) {
	t.Helper()
	return smtp.Send(t.Context(), a, password, smtp.Options{}, a.Address, to, []byte(msg), func(smtp.Stage, []smtp.Refusal) error { return nil })
}

// arrived waits until the INBOX of an account holds n messages, and returns the last one.
func arrived(t *testing.T, a mail.Account, n int) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	s, err := imap.Dial(ctx, a, "secret", imap.Options{})
	check(t, err)
	defer s.Close()
	for {
		_, err := s.Select(ctx, "INBOX")
		check(t, err)
		set, err := s.UIDs(ctx)
		check(t, err)
		if set.Len() >= n {
			raw, err := s.Part(ctx, set.Max(), "", 0, 0)
			check(t, err)
			return string(raw)
		}
		if _, err := s.Idle(ctx, time.Minute); err != nil || ctx.Err() != nil {
			t.Fatalf("%d messages, not %d: %v, %v", set.Len(), n, err, ctx.Err())
		}
	}
}

func TestMailGoesFromOneRealAccountToTheOther(t *testing.T) {
	accounts, passwords := mailtest.RealServers(t, "anna", "ben")
	anna, ben := accounts[0], accounts[1]
	out, err := submit(t, anna, passwords[anna.Name], realLetter, ben.Address)
	if err != nil || !slices.Equal(out.Accepted, []string{ben.Address}) {
		t.Fatalf("%+v, %v", out, err)
	}
	if got := arrived(t, ben, 1); !strings.HasSuffix(got, "\r\n"+realLetter) || !strings.Contains(got, "with ESMTPSA") {
		t.Errorf("ben has %q", got)
	}
	if _, err := submit(t, ben, passwords[ben.Name], realLetter, anna.Address); err != nil {
		t.Errorf("back: %v", err)
	}
	if got := arrived(t, anna, 1); !strings.HasSuffix(got, "\r\n"+realLetter) {
		t.Errorf("anna has %q", got)
	}
}

func TestPostfixAsAServerOfItsOwn(t *testing.T) {
	d := mailtest.Dovecot(t, "anna", "ben")
	p := mailtest.Postfix(t, d, "anna", "ben", "jürgen")
	anna, ben := d.Account("anna", mail.TLS), d.Account("ben", mail.TLS)
	anna.SMTP = p.Endpoint("anna", mail.TLS)

	t.Run("takes mail over TLS and refuses unknown users one by one", func(t *testing.T) {
		out, err := submit(t, anna, "secret", realLetter, ben.Address, "nobody@posthorn.example")
		if err != nil || !slices.Equal(out.Accepted, []string{ben.Address}) || len(out.Refused) != 1 {
			t.Fatalf("%+v, %v", out, err)
		}
		if r := out.Refused[0]; r.Address != "nobody@posthorn.example" || r.Kind != mail.Rejected || !strings.Contains(r.Said, "User unknown") {
			t.Errorf("%+v", r)
		}
		if got := arrived(t, ben, 1); !strings.HasSuffix(got, realLetter) {
			t.Errorf("ben has %q", got)
		}
	})
	t.Run("refuses a wrong password", func(t *testing.T) {
		if _, err := submit(t, anna, "wrong", realLetter, ben.Address); mail.KindOf(err) != mail.Auth {
			t.Errorf("%v", err)
		}
	})
	t.Run("is not believed without its authority", func(t *testing.T) {
		stranger := anna
		stranger.CAFile = ""
		if _, err := submit(t, stranger, "secret", realLetter, ben.Address); mail.KindOf(err) != mail.Offline || !strings.Contains(err.Error(), "ca_file") {
			t.Errorf("%v", err)
		}
	})
	t.Run("says before how much it takes", func(t *testing.T) {
		big := realLetter + strings.Repeat(strings.Repeat("x", 70)+"\r\n", 200_000)
		if _, err := submit(t, anna, "secret", big, ben.Address); mail.KindOf(err) != mail.Rejected || !strings.Contains(err.Error(), "KiB at most") {
			t.Errorf("%v", err)
		}
	})
	international := strings.Replace(realLetter, "To: ben@", "To: jürgen@", 1)
	t.Run("takes letters beyond ASCII in addresses and headers", func(t *testing.T) { // RFC 6531 §3.2
		if out, err := submit(t, anna, "secret", international, "jürgen@posthorn.example"); err != nil || len(out.Accepted) != 1 {
			t.Errorf("%+v, %v", out, err)
		}
	})
	t.Run("takes text as it reads", func(t *testing.T) { // RFC 6152 §3
		d := compose.Draft{From: mail.Address{Local: "anna", Domain: "posthorn.example"}, To: "ben@posthorn.example", Subject: "Grüße", Body: "grüße\n"}
		built, err := compose.Build(d, compose.Environment{Transfer: compose.EightBit})
		check(t, err)
		if out, err := submit(t, anna, "secret", string(built.Bytes), ben.Address); err != nil || len(out.Accepted) != 1 {
			t.Errorf("%+v, %v", out, err)
		}
		if got := arrived(t, ben, 2); !strings.HasSuffix(got, "\r\n\r\ngrüße\r\n") {
			t.Errorf("ben has %q", got)
		}
	})
	t.Run("does not get what it cannot carry", func(t *testing.T) {
		old := anna
		old.SMTP.Port = p.OldPort
		for letter, why := range map[string]string{international: "plain ASCII letters", realLetter: "only 7-bit"} {
			if out, err := submit(t, old, "secret", letter, ben.Address); mail.KindOf(err) != mail.Rejected || !strings.Contains(err.Error(), why) || len(out.Accepted) > 0 {
				t.Errorf("%s: %+v, %v", why, out, err)
			}
		}
		d := compose.Draft{From: mail.Address{Local: "anna", Domain: "posthorn.example"}, To: "Jürgen <ben@posthorn.example>", Subject: "Grüße", Body: "grüße\n"}
		built, err := compose.Build(d, compose.Environment{})
		check(t, err)
		if out, err := submit(t, old, "secret", string(built.Bytes), ben.Address); err != nil || len(out.Accepted) != 1 {
			t.Errorf("what we build: %+v, %v", out, err)
		}
		if got := arrived(t, ben, 3); !strings.HasSuffix(got, "\r\n\r\ngr=C3=BC=C3=9Fe\r\n") {
			t.Errorf("ben has %q", got)
		}
	})
	t.Run("lets nothing leave the machine", func(t *testing.T) {
		out, err := submit(t, anna, "secret", realLetter, "cy@example.org")
		if err != nil || len(out.Accepted) > 0 || len(out.Refused) != 1 || !strings.Contains(out.Refused[0].Said, "nothing leaves this machine") {
			t.Errorf("%+v, %v", out, err)
		}
	})
}
