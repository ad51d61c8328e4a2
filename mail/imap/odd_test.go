package imap

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// local is an account on a scripted server.
func local(security mail.Security) mail.Account {
	return mail.Account{Name: "test", Address: "anna@example.org", IMAP: mail.Endpoint{Host: "localhost", Port: 143, Security: security, User: "anna"}}
}

func script(t *testing.T, transcript string) *mailtest.Script {
	t.Helper()
	sc, err := mailtest.NewScript(transcript)
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

// against opens a session with a scripted server that has these capabilities; at the end of the test the transcript
// must have been followed.
func against(t *testing.T, caps, transcript string) *Session {
	t.Helper()
	sc := script(t, "S: * PREAUTH [CAPABILITY IMAP4rev1 "+caps+"] hello\n"+transcript)
	s, err := Dial(t.Context(), local(mail.Insecure), "secret", Options{Dial: sc.Dial, Patience: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		if err := sc.Check(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestRefusalsSayWhatToDoNext(t *testing.T) {
	for answer, want := range map[string]mail.Kind{
		"NO [TRYCREATE] no":             mail.Gone,
		"NO [NONEXISTENT] no":           mail.Gone,
		"no [overquota] full":           mail.Temporary,
		"NO [NOPERM] no":                mail.Rejected,
		"NO [CANNOT] no":                mail.Rejected,
		"NO [ALREADYEXISTS] no":         mail.Rejected,
		"NO [INUSE] no":                 mail.Temporary,
		"NO [LIMIT] no":                 mail.Temporary,
		"NO [UNAVAILABLE] no":           mail.Temporary,
		"NO mailbox selected READ-ONLY": mail.Temporary,
		"NO [SERVERBUG] no":             mail.Temporary,
		"NO [THROTTLED] no":             mail.Temporary,
		"NO System Error (Failure)":     mail.Temporary,
		"NO [EXPIRED] no":               mail.Auth,
		"NO plainly no":                 mail.Rejected,
		"NO":                            mail.Rejected,
		"BAD what":                      mail.Rejected, // it dislikes the name: see manage
	} {
		t.Run(answer, func(t *testing.T) {
			s := against(t, "", "C: $ CREATE \"x\"\nS: $ "+answer+"\nC: $ NOOP\nS: $ OK")
			err := s.Create(t.Context(), "x")
			var e *mail.Error
			if !errors.As(err, &e) || e.Kind != want || e.Op != "create x" {
				t.Errorf("err = %+v, want kind %v", err, want)
			}
			if _, err := s.Noop(t.Context()); err != nil {
				t.Errorf("the session did not survive: %v", err)
			}
		})
	}
}

func TestSilentServerIsOfflineAfterThePatience(t *testing.T) {
	t.Parallel()
	sc := script(t, "S: * PREAUTH [CAPABILITY IMAP4rev1] hello\nC: $ UID FETCH 1 …\nS: * 1 FETCH (UID 1\nH:")
	s, err := Dial(t.Context(), local(mail.Insecure), "", Options{Dial: sc.Dial, Patience: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Flags(t.Context(), mail.NewUIDSet(1), 0, func(mail.FlagUpdate) error { return nil })
	if mail.KindOf(err) != mail.Offline {
		t.Errorf("own command: %v", err)
	}
	if _, err := s.Noop(t.Context()); mail.KindOf(err) != mail.Offline {
		t.Errorf("after the end: %v", err)
	}
}

func TestSilenceDuringACommandOfTheLibraryIsOffline(t *testing.T) {
	t.Parallel()
	sc := script(t, "S: * PREAUTH [CAPABILITY IMAP4rev1] hello\nC: $ NOOP\nH:")
	s, err := Dial(t.Context(), local(mail.Insecure), "", Options{Dial: sc.Dial, Patience: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Noop(t.Context()); mail.KindOf(err) != mail.Offline {
		t.Errorf("err = %v", err)
	}
}

func TestByeIsOfflineAndItsTextIsKept(t *testing.T) {
	s := against(t, "", "C: $ NOOP\nS: * OK [ALERT] Quota at 99%\nS: * BYE Down for the night\nX:")
	_, err := s.Noop(t.Context())
	var e *mail.Error
	if !errors.As(err, &e) || e.Kind != mail.Offline || e.Said != "Down for the night" {
		t.Errorf("err = %+v", err)
	}
	if got := s.Alerts(); !slices.Equal(got, []string{"Quota at 99%", "Down for the night"}) {
		t.Errorf("alerts = %q", got)
	}
	if got := s.Alerts(); len(got) != 0 {
		t.Errorf("alerts twice: %q", got)
	}
}

func TestAnswerToNoCommandEndsTheConnection(t *testing.T) {
	for name, transcript := range map[string]string{
		"of the library": "C: $ NOOP\nS: T1 OK early\nH:",
		"of another tag": "C: $ NOOP\nS: A001 OK early\nH:",
	} {
		t.Run(name, func(t *testing.T) {
			s := against(t, "", transcript)
			if _, err := s.Noop(t.Context()); mail.KindOf(err) != mail.Protocol {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestNewsDuringAnyCommandEndTheNextIdleAtOnce(t *testing.T) {
	s := against(t, "IDLE", `C: $ SELECT INBOX
S: * 2 EXISTS
S: $ OK
C: $ UID FETCH 1 (UID FLAGS)
S: * 1 FETCH (UID 1 FLAGS ())
S: * 3 EXISTS
S: $ OK
C: $ UID STORE 1 +FLAGS.SILENT (\Seen)
S: * 1 FETCH (UID 1 FLAGS (\Seen))
S: $ OK
C: $ IDLE
S: + idling
S: * 3 EXISTS
S: * OK Still here
S: * 2 EXPUNGE
C: DONE
S: $ OK
C: $ IDLE
S: + idling
S: $ OK enough of it
C: $ NOOP
S: $ OK`)
	ctx := t.Context()
	if _, err := s.Select(ctx, "inbox"); err != nil {
		t.Fatal(err)
	}
	if err := s.Flags(ctx, mail.NewUIDSet(1), 0, func(mail.FlagUpdate) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if changed, err := s.Idle(ctx, time.Minute); !changed || err != nil {
		t.Errorf("after EXISTS during FETCH: %v, %v", changed, err)
	}
	if err := s.StoreFlags(ctx, mail.NewUIDSet(1), true, mail.Seen, ""); err != nil {
		t.Fatal(err)
	}
	if changed, err := s.Idle(ctx, time.Minute); !changed || err != nil {
		t.Errorf("EXPUNGE during IDLE: %v, %v", changed, err)
	}
	if _, st := s.Selected(); st.Exists != 2 {
		t.Errorf("exists = %d", st.Exists)
	}
	if changed, err := s.Idle(ctx, time.Minute); changed || err != nil {
		t.Errorf("IDLE ended by the server: %v, %v", changed, err)
	}
	if changed, err := s.Noop(ctx); changed || err != nil {
		t.Errorf("NOOP: %v, %v", changed, err)
	}
}

func TestIdleThatIsRefusedBecomesPolling(t *testing.T) {
	s := against(t, "IDLE", "C: $ IDLE\nS: $ BAD unknown\nC: $ NOOP\nS: * VANISHED 5\nS: $ OK")
	if changed, err := s.Idle(t.Context(), time.Minute); !changed || err != nil {
		t.Errorf("Idle = %v, %v", changed, err)
	}
}

func TestOutsideTextCannotBecomeACommand(t *testing.T) {
	s := against(t, "", `C: $ UID SEARCH HEADER Message-ID "<a\" UID 1:* \\Deleted@x>"
S: $ OK
C: $ UID SEARCH HEADER Message-ID {18}
S: + go on
C: <a@x
C: A9 DELETE x>
S: $ OK
C: $ APPEND "a\"b" (\Seen) " 1-Jan-2020 00:00:00 +0000" {12}
S: $ NO [OVERQUOTA] full
C: $ NOOP
S: $ OK`)
	ctx := t.Context()
	if _, err := s.FindMessageID(ctx, `a" UID 1:* \Deleted@x`); err != nil {
		t.Error(err)
	}
	if _, err := s.FindMessageID(ctx, "a@x\r\nA9 DELETE x"); err != nil {
		t.Error(err)
	}
	if err := s.Create(ctx, "x\r\nA9 DELETE INBOX"); mail.KindOf(err) != mail.Rejected {
		t.Errorf("a name with a line end: %v", err)
	}
	if _, err := s.FindMessageID(ctx, "a\x00@x"); mail.KindOf(err) != mail.Rejected {
		t.Errorf("NUL: %v", err)
	}
	if err := s.StoreFlags(ctx, mail.NewUIDSet(1), true, 0, "a)\x01"); mail.KindOf(err) != mail.Rejected {
		t.Errorf("keyword: %v", err)
	}
	if _, err := s.Part(ctx, 1, "1] BODY[", 0, 0); mail.KindOf(err) != mail.Rejected {
		t.Errorf("section: %v", err)
	}
	_, _, err := s.Append(ctx, `a"b`, mail.Seen, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), []byte("Subject: x\r\n"))
	if mail.KindOf(err) != mail.Temporary {
		t.Errorf("refused before the literal: %v", err)
	}
	if _, err := s.Noop(ctx); err != nil {
		t.Errorf("the session did not survive: %v", err)
	}
}

func TestEndlessAnswersEndTheConnection(t *testing.T) {
	client, server := net.Pipe()
	go func() {
		defer server.Close()
		io.WriteString(server, "* PREAUTH [CAPABILITY IMAP4rev1] hello\r\n")
		go io.Copy(io.Discard, server)
		for flood := strings.Repeat("* 1 RECENT\r\n", 10000); ; {
			if _, err := io.WriteString(server, flood); err != nil {
				return
			}
		}
	}()
	s, err := Dial(t.Context(), local(mail.Insecure), "", Options{Dial: func(context.Context, string, string) (net.Conn, error) { return client, nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Noop(t.Context()); mail.KindOf(err) != mail.Protocol {
		t.Errorf("err = %v", err)
	}
}

// hooked is a connection that tells when a word is written.
type hooked struct {
	net.Conn
	word string
	tell func()
}

func (h hooked) Write(p []byte) (int, error) {
	n, err := h.Conn.Write(p)
	if strings.Contains(string(p), h.word) {
		h.tell()
	}
	return n, err
}

// telling opens a session that calls tell when word has been written.
func telling(t *testing.T, transcript, word string, tell func()) *Session {
	t.Helper()
	sc := script(t, transcript)
	s, err := Dial(t.Context(), local(mail.Insecure), "", Options{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := sc.Dial(ctx, network, addr)
		return hooked{conn, word, tell}, err
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		if err := sc.Check(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestCancelledCommandEndsTheSession(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	s := telling(t, "S: * PREAUTH [CAPABILITY IMAP4rev1] hi\nC: $ NOOP\nH:", "NOOP", stop)
	if _, err := s.Noop(ctx); mail.KindOf(err) != mail.Canceled {
		t.Errorf("err = %v", err)
	}
	if err := s.Create(t.Context(), "x"); mail.KindOf(err) != mail.Offline {
		t.Errorf("the session lives on with a command open: %v", err)
	}
}

func TestCloseFromAnotherGoroutineEndsWhatRuns(t *testing.T) {
	var s *Session
	closed := make(chan error, 1)
	s = telling(t, "S: * PREAUTH [CAPABILITY IMAP4rev1 IDLE] hi\nC: $ IDLE\nS: + idling\nH:", "IDLE", func() {
		go func() { closed <- s.Close() }()
	})
	if _, err := s.Idle(t.Context(), time.Hour); mail.KindOf(err) != mail.Offline {
		t.Errorf("err = %v", err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestLiteralsAreNotBelievedBeforeTheyCome(t *testing.T) {
	for name, said := range map[string]string{
		"in LIST": "S: * LIST () \"/\" {4000000000}", "in nothing": "S: * X {999999999999999999}", "in STATUS": "S: * STATUS {2000000000}",
	} {
		t.Run(name, func(t *testing.T) {
			s := against(t, "LIST-EXTENDED", "C: $ LIST …\n"+said+"\nH:")
			if _, err := s.List(t.Context()); mail.KindOf(err) != mail.Protocol {
				t.Errorf("err = %v", err)
			}
		})
	}
}
