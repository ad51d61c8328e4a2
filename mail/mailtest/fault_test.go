package mailtest_test

import (
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"posthorn/mail/mailtest"

	"posthorn/mail"
)

// through is a client of u behind f that has INBOX open.
func through(t *testing.T, f *mailtest.Fault, u *mailtest.User) *imapclient.Client {
	t.Helper()
	conn := dial(t, f, u)
	c := imapclient.New(conn, nil)
	t.Cleanup(func() { c.Close() })
	check(t, c.Login("anna", "secret").Wait())
	_, err := c.Select("INBOX", nil).Wait()
	check(t, err)
	return c
}

func dial(t *testing.T, f *mailtest.Fault, u *mailtest.User) net.Conn {
	t.Helper()
	conn, err := f.Dial(t.Context(), "tcp", u.Account("a", "anna@home.example", mail.Endpoint{}).IMAP.Address())
	check(t, err)
	return conn
}

func flag(c *imapclient.Client) error {
	return c.Store(imap.UIDSetNum(1), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagFlagged}}, nil).Close()
}

func TestCutBeforeACommandKeepsItFromTheServerAndAfterOnlyItsAnswer(t *testing.T) {
	for name, test := range map[string]struct {
		after bool
		want  string
	}{"before": {false, ""}, "after": {true, `\Flagged`}} {
		t.Run(name, func(t *testing.T) {
			_, u := server(t)
			u.Append("INBOX", []byte(letter), time.Time{})
			f := &mailtest.Fault{}
			c := through(t, f, u)
			f.CutAt(2, test.after)
			check(t, c.Noop().Wait())
			if flag(c) == nil {
				t.Error("the command was answered")
			}
			<-c.Closed()
			if got := stored(u, "INBOX"); got != test.want {
				t.Errorf("flags on the server: %q, want %q", got, test.want)
			}
			if got := f.Commands(); !slices.Equal(got, []string{"NOOP", "UID STORE"}) {
				t.Errorf("commands = %v", got)
			}
			check(t, flag(through(t, f, u))) // once only
			if got := f.Changing(); !slices.Equal(got, []string{"UID STORE", "UID STORE"}) {
				t.Errorf("changing = %v", got)
			}
		})
	}
}

func TestCutsComeAgainUpToTheLast(t *testing.T) {
	_, u := server(t)
	f := &mailtest.Fault{}
	f.CutEvery(3, 3, 6, true) // NOOP is the third command of each connection
	var got []bool
	for range 3 {
		got = append(got, through(t, f, u).Noop().Wait() == nil)
	}
	if !slices.Equal(got, []bool{false, false, true}) {
		t.Errorf("answered: %v", got)
	}
}

func TestCutAfterAppendLosesTheAnswerAndNotTheMessage(t *testing.T) {
	_, u := server(t)
	f := &mailtest.Fault{}
	c := through(t, f, u)
	f.CutAt(1, true)
	a := c.Append("INBOX", int64(len(letter)), nil)
	_, err := a.Write([]byte(letter))
	check(t, err)
	check(t, a.Close())
	if _, err := a.Wait(); err == nil {
		t.Error("APPEND was answered")
	}
	if n := len(u.Messages("INBOX")); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
}

func TestCutAfterIdleIsWhenItHasBegun(t *testing.T) {
	_, u := server(t)
	f := &mailtest.Fault{}
	c := through(t, f, u)
	f.CutAt(1, true)
	if _, err := c.Idle(); err == nil {
		t.Error("IDLE began")
	}
	<-c.Closed()
}

func TestStalledConnectionIsSilentUntilItsDeadline(t *testing.T) {
	for name, after := range map[string]bool{"before": false, "after": true} {
		t.Run(name, func(t *testing.T) {
			s, _ := server(t)
			u := s.AddUser("ben", "secret")
			f := &mailtest.Fault{}
			conn := dial(t, f, u)
			buf := make([]byte, 1000)
			if _, err := conn.Read(buf); err != nil {
				t.Fatal(err)
			}
			f.StallAt(1, after)
			_, err := conn.Write([]byte("a LOGIN ben secret\r\n"))
			check(t, err)
			if after { // the server has done it
				for !slices.Contains(s.Commands(), "LOGIN") {
					check(t, conn.SetReadDeadline(time.Now().Add(time.Millisecond)))
					conn.Read(buf)
				}
			}
			check(t, conn.SetReadDeadline(time.Now().Add(20*time.Millisecond)))
			n, err := conn.Read(buf)
			if timeout := net.Error(nil); n > 0 || !errors.As(err, &timeout) || !timeout.Timeout() {
				t.Errorf("read %d octets, %v", n, err)
			}
			if got := slices.Contains(s.Commands(), "LOGIN"); got != after {
				t.Errorf("the server heard the command: %v", got)
			}
		})
	}
}

func TestNetworkGoesAndComesBack(t *testing.T) {
	_, u := server(t)
	f := &mailtest.Fault{}
	c := through(t, f, u)
	f.Down(true)
	<-c.Closed()
	if _, err := f.Dial(t.Context(), "tcp", u.Account("a", "", mail.Endpoint{}).IMAP.Address()); err == nil {
		t.Error("connected without a network")
	}
	f.Down(false)
	c = through(t, f, u)
	f.Drop()
	<-c.Closed()
	check(t, through(t, f, u).Noop().Wait())
}

func TestFaultsKnowSubmissionToo(t *testing.T) {
	for name, test := range map[string]struct {
		after bool
		want  int
	}{"before the dot": {false, 0}, "after the dot": {true, 1}} {
		t.Run(name, func(t *testing.T) {
			s, err := mailtest.NewSubmission(mailtest.SubmissionOptions{})
			check(t, err)
			t.Cleanup(func() { s.Close() })
			s.AddUser("anna", "secret")
			f := &mailtest.Fault{}
			conn, err := f.Dial(t.Context(), "tcp", s.Endpoint("anna").Address())
			check(t, err)
			c := smtp.NewClient(conn)
			check(t, c.Hello("test"))
			check(t, c.Auth(sasl.NewLoginClient("anna", "secret")))
			f.CutAt(4, test.after)
			err = c.SendMail("anna@home.example", []string{"ben@work.example"}, strings.NewReader(letter+"QUIT {5}\r\n"))
			if err == nil {
				t.Error("the message was answered")
			}
			if got := f.Commands(); !slices.Equal(got, []string{"MAIL", "RCPT", "DATA", "."}) {
				t.Errorf("commands = %v", got)
			}
			if got := len(s.Accepted()); got != test.want {
				t.Errorf("%d messages taken, want %d", got, test.want)
			}
		})
	}
}
