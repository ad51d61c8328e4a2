package smtp

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

func TestEveryStageCanFail(t *testing.T) {
	authority := mailtest.NewAuthority(t.TempDir())
	type want struct {
		kind    mail.Kind
		unknown bool
		kept    int
	}
	code := func(n int) mailtest.Trouble { return mailtest.Trouble{Code: n} }
	hang, shut, kept := mailtest.Trouble{Stall: true}, mailtest.Trouble{}, mailtest.Trouble{Kept: true}
	offline, temporary, rejected := want{kind: mail.Offline}, want{kind: mail.Temporary}, want{kind: mail.Rejected}
	for _, c := range []struct {
		stage    mailtest.Stage
		how      mailtest.Trouble
		starttls bool
		want     want
	}{
		{mailtest.AtConnect, code(421), false, temporary},
		{mailtest.AtConnect, code(554), false, rejected},
		{mailtest.AtConnect, shut, false, offline},
		{mailtest.AtConnect, hang, false, offline},
		{mailtest.AtEHLO, code(421), false, temporary},
		{mailtest.AtEHLO, code(550), false, rejected},
		{mailtest.AtEHLO, shut, false, offline},
		{mailtest.AtEHLO, hang, false, offline},
		{mailtest.AtConnect, code(554), true, temporary}, // nobody knows who said it
		{mailtest.AtEHLO, code(550), true, temporary},
		{mailtest.AtStartTLS, code(454), true, temporary},
		{mailtest.AtStartTLS, code(502), true, temporary},
		{mailtest.AtStartTLS, shut, true, offline},
		{mailtest.AtStartTLS, hang, true, offline},
		{mailtest.AtAuth, code(454), true, temporary},
		{mailtest.AtAuth, code(535), true, want{kind: mail.Auth}},
		{mailtest.AtAuth, shut, true, offline},
		{mailtest.AtAuth, hang, true, offline},
		{mailtest.AtMail, code(451), true, temporary},
		{mailtest.AtMail, code(550), true, rejected},
		{mailtest.AtMail, shut, true, offline},
		{mailtest.AtMail, hang, true, offline},
		{mailtest.AtRcpt, shut, true, offline},
		{mailtest.AtRcpt, hang, true, offline},
		{mailtest.AtData, code(451), false, temporary},
		{mailtest.AtData, code(554), false, rejected},
		{mailtest.AtData, shut, false, offline},
		{mailtest.AtData, hang, false, offline},
		{mailtest.AtDot, code(451), true, temporary},
		{mailtest.AtDot, code(554), true, rejected},
		{mailtest.AtDot, shut, true, want{mail.Offline, true, 0}},
		{mailtest.AtDot, kept, true, want{mail.Offline, true, 1}},
	} {
		name := fmt.Sprintf("%s %+v", c.stage, c.how)
		opt := mailtest.SubmissionOptions{}
		if c.starttls {
			opt.TLS = authority.Server()
		}
		s, a := server(t, opt)
		a.CAFile = authority.File
		c.how.Stage = c.stage
		s.Make(c.how)
		patience := defaultPatience
		if c.how.Stall {
			patience = time.Second / 2
		}
		dot := false
		out, err := Send(t.Context(), a, secret, Options{Patience: patience}, anna, []string{"ben@example.org"}, []byte(letter), func(st Stage, _ []Refusal) error {
			dot = dot || st == DotSent
			return nil
		})
		got := want{mail.KindOf(err), out.Unknown, len(s.Accepted())}
		if got != c.want || len(out.Accepted) > 0 || dot != (c.stage == mailtest.AtDot) {
			t.Errorf("%s: %+v, dot %t, %+v, %v", name, got, dot, out, err)
		}
		if (got.kind == mail.Rejected || got.kind == mail.Temporary && !strings.Contains(err.Error(), "before encryption")) &&
			!strings.Contains(err.Error(), "refused by the test at "+string(c.stage)) {
			t.Errorf("%s: the server's words are lost: %v", name, err)
		}
		s.Close()
	}
}

func TestSilenceAfterTheDotEndsOnlyWithItsContext(t *testing.T) {
	for _, kept := range []bool{true, false} {
		ctx, cancel := context.WithCancel(t.Context())
		s, a := server(t, mailtest.SubmissionOptions{Deliver: func(string, []string, []byte) error { cancel(); return nil }})
		s.Make(mailtest.Trouble{Stage: mailtest.AtDot, Stall: true, Kept: kept})
		out, err := Send(ctx, a, secret, Options{}, anna, []string{"ben@example.org"}, []byte(letter), func(st Stage, _ []Refusal) error {
			if st == DotSent && !kept {
				time.AfterFunc(100*time.Millisecond, cancel)
			}
			return nil
		})
		if !out.Unknown || mail.KindOf(err) != mail.Offline || len(out.Accepted) > 0 {
			t.Errorf("kept %t: %+v, %v", kept, out, err)
		}
		s.Close()
	}
}

func TestCancelBeforeTheDotTakesNothing(t *testing.T) {
	for _, stage := range []mailtest.Stage{mailtest.AtConnect, mailtest.AtEHLO, mailtest.AtAuth, mailtest.AtMail, mailtest.AtRcpt, mailtest.AtData} {
		ctx, cancel := context.WithCancel(t.Context())
		s, a := server(t, mailtest.SubmissionOptions{})
		s.Make(mailtest.Trouble{Stage: stage, Stall: true})
		time.AfterFunc(50*time.Millisecond, cancel)
		out, err := Send(ctx, a, secret, Options{}, anna, []string{"ben@example.org"}, []byte(letter), proceed)
		if mail.KindOf(err) != mail.Canceled || out.Unknown || len(s.Accepted()) > 0 {
			t.Errorf("%s: %+v, %v", stage, out, err)
		}
		s.Close()
	}
}

// deaf is a server that says yes to everything and reads nothing after DATA.
func deaf(context.Context, string, string) (net.Conn, error) {
	client, conn := net.Pipe()
	go func() {
		c := textproto.NewConn(conn)
		say := "220 ready"
		for {
			if c.PrintfLine("%s", say) != nil || strings.HasPrefix(say, "354") {
				return
			}
			line, err := c.ReadLine()
			if err != nil {
				return
			}
			if say = "250 ok"; line == "DATA" {
				say = "354 go on"
			}
		}
	}()
	return client, nil
}

func TestMessageThatNobodyReadsEndsWithPatienceOrContext(t *testing.T) {
	a := mail.Account{SMTP: mail.Endpoint{Host: "127.0.0.1", Security: mail.Insecure}}
	msg := []byte(letter + strings.Repeat("x", 1<<20))
	out, err := Send(t.Context(), a, "", Options{Dial: deaf, Patience: 200 * time.Millisecond}, anna, []string{"ben@example.org"}, msg, proceed)
	if mail.KindOf(err) != mail.Offline || out.Unknown {
		t.Errorf("patience: %+v, %v", out, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	out, err = Send(ctx, a, "", Options{Dial: deaf}, anna, []string{"ben@example.org"}, msg, proceed)
	if mail.KindOf(err) != mail.Canceled || out.Unknown {
		t.Errorf("context: %+v, %v", out, err)
	}
}

func TestNoNetworkIsOffline(t *testing.T) {
	opt := Options{Dial: func(context.Context, string, string) (net.Conn, error) { return nil, io.EOF }}
	a := mail.Account{SMTP: mail.Endpoint{Host: "smtp.example.org", Security: mail.TLS}}
	if _, err := send(t, a, opt, "ben@example.org"); mail.KindOf(err) != mail.Offline || !strings.Contains(err.Error(), "smtp.example.org") {
		t.Errorf("%v", err)
	}
}
