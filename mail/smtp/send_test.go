package smtp

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

const (
	anna   = "anna@example.org"
	secret = "CNRYSECRET"
	letter = "From: anna@example.org\r\nTo: ben@example.org\r\nSubject: hello\r\n\r\nHow are you?\r\n"
)

// server starts a submission server that knows anna.
func server(t *testing.T, opt mailtest.SubmissionOptions) (*mailtest.Submission, mail.Account) {
	t.Helper()
	s, err := mailtest.NewSubmission(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.AddUser(anna, secret)
	return s, mail.Account{Name: "home", Address: anna, SMTP: s.Endpoint(anna)}
}

// script is a server that knows one conversation; it is checked at the end.
func script(t *testing.T, transcript string) (*mailtest.Script, mail.Account) {
	t.Helper()
	s, err := mailtest.NewScript(transcript)
	if err != nil {
		t.Fatal(err)
	}
	return s, mail.Account{Name: "home", Address: anna,
		SMTP: mail.Endpoint{Host: "127.0.0.1", Port: 25, Security: mail.Insecure, User: anna}}
}

// wire keeps what a client says, and how long it is ready to wait.
type wire struct {
	mu    sync.Mutex
	said  bytes.Buffer
	waits []time.Duration // how far ahead each deadline was set
}

func (w *wire) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
	return &wireConn{c, w}, err
}

func (w *wire) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said.String()
}

type wireConn struct {
	net.Conn
	wire *wire
}

func (c *wireConn) Write(p []byte) (int, error) {
	c.wire.mu.Lock()
	c.wire.said.Write(p)
	c.wire.mu.Unlock()
	return c.Conn.Write(p)
}

func (c *wireConn) SetDeadline(at time.Time) error {
	if !at.IsZero() {
		c.wire.mu.Lock()
		c.wire.waits = append(c.wire.waits, time.Until(at))
		c.wire.mu.Unlock()
	}
	return c.Conn.SetDeadline(at)
}

func proceed(Stage, []Refusal) error { return nil }

func send(t *testing.T, a mail.Account, opt Options, to ...string) (Outcome, error) {
	t.Helper()
	return Send(t.Context(), a, secret, opt, anna, to, []byte(letter), proceed)
}

func TestMessageArrivesByteForByte(t *testing.T) {
	authority := mailtest.NewAuthority(t.TempDir())
	for name, opt := range map[string]mailtest.SubmissionOptions{
		"on this machine": {},
		"STARTTLS":        {TLS: authority.Server()},
		"TLS":             {TLS: authority.Server(), Implicit: true},
	} {
		s, a := server(t, opt)
		a.CAFile = authority.File
		var stages []Stage
		out, err := Send(t.Context(), a, secret, Options{}, anna, []string{"ben@example.org", "cy@example.org"}, []byte(letter),
			func(st Stage, _ []Refusal) error { stages = append(stages, st); return nil })
		if err != nil || !slices.Equal(out.Accepted, []string{"ben@example.org", "cy@example.org"}) || len(out.Refused) > 0 || out.Unknown || out.Said == "" {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
		if !slices.Equal(stages, []Stage{Sending, DotSent}) {
			t.Errorf("%s: stages %v", name, stages)
		}
		got := s.Accepted()
		if len(got) != 1 || got[0].From != anna || !slices.Equal(got[0].To, out.Accepted) || string(got[0].Raw) != letter {
			t.Errorf("%s: the server has %+v", name, got)
		}
	}
}

func TestDotIsWrittenOnlyAfterItsStage(t *testing.T) {
	for name, msg := range map[string]string{
		"small":              letter,
		"larger than buffer": letter + strings.Repeat(strings.Repeat("x", 70)+"\r\n", 2000),
		"exactly a buffer":   letter + strings.Repeat("x", 1000) + "\r\n" + strings.Repeat("x", 1500) + "\r\n" + strings.Repeat("x", 4096-2500-6-len(letter)) + "\r\n",
		"ends with dots":     letter + ".\r\n..\r\n",
		"no last line end":   letter + "the end",
		"empty":              "",
	} {
		s, a := server(t, mailtest.SubmissionOptions{})
		var w wire
		before := map[Stage]string{}
		_, err := Send(t.Context(), a, secret, Options{Dial: w.dial}, anna, []string{"ben@example.org"}, []byte(msg), func(st Stage, _ []Refusal) error {
			before[st] = w.String()
			if len(s.Accepted()) > 0 {
				t.Errorf("%s: accepted at stage %d", name, st)
			}
			return nil
		})
		if err != nil || len(s.Accepted()) != 1 {
			t.Fatalf("%s: %v", name, err)
		}
		if strings.Contains(before[Sending], "MAIL FROM") {
			t.Errorf("%s: MAIL FROM before its stage", name)
		}
		_, body, _ := strings.Cut(before[DotSent], "DATA\r\n")
		if want := strings.TrimSuffix(string(stuffed(canonical([]byte(msg)))), "\r\n"); body != want {
			t.Errorf("%s: before the dot the wire has %d bytes, not %d", name, len(body), len(want))
		}
		if rest := strings.TrimPrefix(w.String(), before[DotSent]); rest != "\r\n.\r\nQUIT\r\n" {
			t.Errorf("%s: after the stage the wire has %q", name, rest)
		}
	}
}

func TestStageCanStopTheSubmission(t *testing.T) {
	full := errors.New("disk full")
	for _, at := range []Stage{Sending, DotSent} {
		s, a := server(t, mailtest.SubmissionOptions{})
		var w wire
		out, err := Send(t.Context(), a, secret, Options{Dial: w.dial}, anna, []string{"ben@example.org"}, []byte(letter), func(st Stage, _ []Refusal) error {
			if st == at {
				return full
			}
			return nil
		})
		if !errors.Is(err, full) || out.Unknown || len(out.Accepted) > 0 || len(s.Accepted()) > 0 {
			t.Errorf("stage %d: %+v, %v", at, out, err)
		}
		if strings.Contains(w.String(), "\r\n.\r\n") || at == Sending && strings.Contains(w.String(), "MAIL") {
			t.Errorf("stage %d: the wire has %q", at, w.String())
		}
	}
}

func TestRecipientsAreRefusedOneByOne(t *testing.T) {
	for name, c := range map[string]struct {
		code int
		kind mail.Kind
	}{"for good": {550, mail.Rejected}, "for now": {451, mail.Temporary}} {
		s, a := server(t, mailtest.SubmissionOptions{})
		s.Make(mailtest.Trouble{Stage: mailtest.AtRcpt, Code: c.code, Only: []string{"cy@example.org"}})
		out, err := send(t, a, Options{}, "ben@example.org", "cy@example.org", "dot@example.org")
		if err != nil || !slices.Equal(out.Accepted, []string{"ben@example.org", "dot@example.org"}) {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
		if len(out.Refused) != 1 || out.Refused[0].Address != "cy@example.org" || out.Refused[0].Kind != c.kind ||
			!strings.Contains(out.Refused[0].Said, "refused by the test") {
			t.Errorf("%s: refused %+v", name, out.Refused)
		}
		if got := s.Accepted(); len(got) != 1 || !slices.Equal(got[0].To, out.Accepted) {
			t.Errorf("%s: the server has %+v", name, got)
		}
	}
}

func TestAllRecipientsRefusedSendsNothing(t *testing.T) {
	s, a := server(t, mailtest.SubmissionOptions{})
	s.Make(mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 550})
	var w wire
	out, err := send(t, a, Options{Dial: w.dial}, "ben@example.org", "cy@example.org")
	if err != nil || len(out.Accepted) > 0 || len(out.Refused) != 2 || out.Unknown || strings.Contains(w.String(), "DATA") {
		t.Errorf("%+v, %v, wire %q", out, err, w.String())
	}
}

func TestAddressesCannotHoldCommands(t *testing.T) {
	for _, bad := range []string{"", "a@x>\r\nRCPT TO:<e@x", "a\n@x", "a\r@x", "a\x00@x", "a<b@x", "a\x1b@x"} {
		dialled := false
		opt := Options{Dial: func(context.Context, string, string) (net.Conn, error) {
			dialled = true
			return nil, io.EOF
		}}
		for _, c := range []struct{ from, to string }{{anna, bad}, {bad, anna}} {
			_, err := Send(t.Context(), mail.Account{}, secret, opt, c.from, []string{c.to}, []byte(letter), proceed)
			if mail.KindOf(err) != mail.Rejected || dialled {
				t.Errorf("%q: %v, connected %t", bad, err, dialled)
			}
		}
	}
}

func TestWhatWeTellOfOurselves(t *testing.T) {
	_, a := server(t, mailtest.SubmissionOptions{})
	var w wire
	var log bytes.Buffer
	opt := Options{Dial: w.dial, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if _, err := send(t, a, opt, "ben@example.org"); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(w.String(), "EHLO [127.0.0.1]\r\n") {
		t.Errorf("the wire begins with %.40q", w.String())
	}
	if host, err := os.Hostname(); err == nil && host != "localhost" && strings.Contains(w.String(), host) {
		t.Errorf("the host name %q is in %q", host, w.String())
	}
	plain := base64.StdEncoding.EncodeToString([]byte("\x00" + anna + "\x00" + secret))
	if !strings.Contains(w.String(), plain) {
		t.Fatal("the login is not where this test looks")
	}
	for _, word := range []string{secret, plain, "hello", "How are you"} {
		if strings.Contains(log.String(), word) {
			t.Errorf("the log holds %q: %s", word, log.String())
		}
	}
	if log.Len() == 0 {
		t.Error("nothing was logged")
	}
}

func TestAnswerToTheMessageHasTenMinutesAndOthersOurPatience(t *testing.T) {
	_, a := server(t, mailtest.SubmissionOptions{})
	var w wire
	before := 0
	_, err := Send(t.Context(), a, secret, Options{Dial: w.dial}, anna, []string{"ben@example.org"}, []byte(letter), func(st Stage, _ []Refusal) error {
		if st == DotSent {
			before = len(w.waits)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, wait := range w.waits {
		if long := wait > defaultPatience; long != (i == before) {
			t.Errorf("wait %d of %d, %d before the dot: %v", i, len(w.waits), before, wait)
		}
	}
	if afterDot != 10*time.Minute || len(w.waits) <= before {
		t.Errorf("%v after the dot, waits %v", afterDot, w.waits)
	}
}

func TestUnprotectedConnectionsStayOnThisMachine(t *testing.T) {
	a := mail.Account{SMTP: mail.Endpoint{Host: "smtp.example.org", Port: 587, Security: mail.Insecure, User: anna}}
	opt := Options{Dial: func(context.Context, string, string) (net.Conn, error) {
		t.Error("connected")
		return nil, io.EOF
	}}
	if _, err := send(t, a, opt, "ben@example.org"); mail.KindOf(err) != mail.Protocol || !strings.Contains(err.Error(), "not be encrypted") {
		t.Errorf("%v", err)
	}
}
