package outside

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/mail/auth"
	"posthorn/mail/mailtest"
)

// desk is a shell before two servers of this process.
type desk struct {
	t       *testing.T
	smtp    *mailtest.Submission
	user    *mailtest.User
	setup   Setup
	out     bytes.Buffer
	said    bytes.Buffer
	message string
}

const hello = "To: ben@okafor.example\nBcc: mira@harbour.example\nSubject: Low tide\n\nAt 14:20 — bring boots.\n"

func newDesk(t *testing.T) *desk {
	t.Helper()
	server, err := mailtest.NewServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	smtp, err := mailtest.NewSubmission(mailtest.SubmissionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { smtp.Close() })
	smtp.AddUser("anna", "secret")
	d := &desk{t: t, smtp: smtp, user: server.AddUser("anna", "secret"), message: hello}
	d.user.Create("Sent", mail.Sent)
	secrets := auth.NewSecrets()
	secrets.Provide("home", "secret")
	a := d.user.Account("home", "anna@example.org", smtp.Endpoint("anna"))
	other := a
	other.Name, other.Address = "work", "anna@work.example"
	secrets.Provide("work", "secret")
	d.setup = Setup{Accounts: []mail.Account{a, other}, Dir: t.TempDir(), Engine: engine.Options{Secrets: secrets},
		Password: func(ctx context.Context, a mail.Account) error {
			_, err := secrets.Password(ctx, a)
			return err
		}}
	return d
}

func (d *desk) send(args ...string) int {
	d.t.Helper()
	d.out.Reset()
	d.said.Reset()
	return Send(d.t.Context(), Shell{Args: args, Stdin: strings.NewReader(d.message), Stdout: &d.out, Stderr: &d.said,
		Load: func() (Setup, error) { return d.setup, nil }})
}

// kept is what is left in the outbox.
func (d *desk) kept() []cache.Outgoing {
	d.t.Helper()
	store, err := cache.Open(d.t.Context(), d.setup.Dir, cache.Options{})
	if err != nil {
		d.t.Fatal(err)
	}
	defer store.Close()
	rows, err := store.Outbox(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return rows
}

func TestAMessageIsSentAndFiled(t *testing.T) {
	d := newDesk(t)
	if code := d.send(); code != OK || d.said.Len() > 0 || d.out.Len() > 0 {
		t.Fatalf("exit code %d, said %q", code, d.said.String())
	}
	got := d.smtp.Accepted()
	if len(got) != 1 || !slices.Equal(got[0].To, []string{"ben@okafor.example", "mira@harbour.example"}) || got[0].From != "anna@example.org" {
		t.Fatalf("accepted %v", got)
	}
	raw := string(got[0].Raw)
	for _, want := range []string{"From: anna@example.org\r\n", "To: ben@okafor.example\r\n", "Subject: Low tide\r\n", "Message-ID: <", "MIME-Version: 1.0\r\n", "At 14:20 =E2=80=94 bring boots.\r\n"} {
		if !strings.Contains(raw, want) {
			t.Errorf("no %q in:\n%s", want, raw)
		}
	}
	if strings.Contains(raw, "mira") {
		t.Errorf("Bcc left:\n%s", raw)
	}
	if sent := d.user.Messages("Sent"); len(sent) != 1 || string(sent[0].Raw) != raw {
		t.Errorf("%d copies in Sent", len(sent))
	}
	if left := d.kept(); len(left) != 0 {
		t.Errorf("left in the outbox: %v", left)
	}
}

func TestTheAccountIsTheOneNamedOrTheAuthors(t *testing.T) {
	d := newDesk(t)
	d.message = "From: Anna <anna@work.example>\n" + hello
	if code := d.send("-n"); code != OK || !strings.Contains(d.said.String(), "through work from anna@work.example to ben@okafor.example, mira@harbour.example") {
		t.Errorf("exit code %d, said %q", code, d.said.String())
	}
	if code := d.send("-n", "-account", "home"); code != OK || !strings.Contains(d.said.String(), "through home") {
		t.Errorf("exit code %d, said %q", code, d.said.String())
	}
	if !strings.Contains(d.out.String(), "\r\nFrom: Anna <anna@work.example>\r\nTo: ben@okafor.example\r\n") {
		t.Errorf("printed %q", d.out.String())
	}
	if n := len(d.smtp.Accepted()); n != 0 {
		t.Errorf("a dry run sent %d messages", n)
	}
	if _, err := os.Stat(filepath.Join(d.setup.Dir, "mail.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a dry run made a database: %v", err)
	}
}

func TestFilesGoAlong(t *testing.T) {
	d := newDesk(t)
	path := filepath.Join(t.TempDir(), "tides.csv")
	if err := os.WriteFile(path, []byte("14:20,0.4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := d.send("-attach", path, "-attach", path, "-n"); code != OK {
		t.Fatalf("exit code %d, said %q", code, d.said.String())
	}
	if n := strings.Count(d.out.String(), "Content-Disposition: attachment; filename=tides.csv\r\n"); n != 2 {
		t.Errorf("%d files in:\n%s", n, d.out.String())
	}
}

func TestWhatIsWrongIsSaidAndCoded(t *testing.T) {
	for name, c := range map[string]struct {
		message string
		args    []string
		code    int
		said    string
	}{
		"no header":      {"Hello Ben,\n\nhow are you?", nil, BadMessage, `line 1: "Hello Ben," is no header field`},
		"nothing":        {"", nil, BadMessage, "the message is empty"},
		"no recipient":   {"Subject: x\n\ny", nil, BadMessage, "there is no recipient"},
		"no address":     {"To: ben\n\ny", nil, BadMessage, `To: "ben" is not an address`},
		"two subjects":   {"To: a@b.example\nSubject: x\nSubject: y\n\ny", nil, BadMessage, "there are 2 subject fields"},
		"not UTF-8":      {"To: a@b.example\n\n\xff\n", nil, BadMessage, "the text is not UTF-8"},
		"NUL":            {"To: a@b.example\n\n\x00\n", nil, BadMessage, "NUL"},
		"Resent":         {"To: a@b.example\nResent-To: c@d.example\n\nx\n", nil, BadMessage, "Resent-"},
		"no account":     {hello, []string{"-account", "club"}, BadConfig, `there is no account "club": there are home, work`},
		"no file":        {hello, []string{"-attach", "/nowhere/at/all"}, NoInput, "there is no such file"},
		"unknown option": {hello, []string{"-f"}, Usage, "posthorn send -help"},
		"argument":       {hello, []string{"ben@okafor.example"}, Usage, "unexpected argument"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.message = c.message
			code := d.send(c.args...)
			if code != c.code || !strings.Contains(d.said.String(), c.said) || strings.Count(d.said.String(), "\n") != 1 {
				t.Errorf("exit code %d, want %d; said %q, want %q", code, c.code, d.said.String(), c.said)
			}
			if n := len(d.smtp.Accepted()); n != 0 {
				t.Errorf("%d were sent", n)
			}
		})
	}
}

func TestWhatTheServerSaysBecomesAnExitCode(t *testing.T) {
	for name, c := range map[string]struct {
		trouble mailtest.Trouble
		code    int
		left    int // in the outbox
		sent    int
	}{
		"refused":          {mailtest.Trouble{Stage: mailtest.AtDot, Code: 550}, Refused, 0, 0},
		"no recipient":     {mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 550}, Refused, 0, 0},
		"one of two":       {mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 550, Only: []string{"mira@harbour.example"}}, SomeOnly, 0, 1},
		"one of two later": {mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 450, Only: []string{"mira@harbour.example"}}, SomeOnly, 0, 1},
		"not now":          {mailtest.Trouble{Stage: mailtest.AtMail, Code: 450}, TryAgain, 0, 0},
		"no connection":    {mailtest.Trouble{Stage: mailtest.AtConnect}, TryAgain, 0, 0},
		"no answer":        {mailtest.Trouble{Stage: mailtest.AtDot, Kept: true}, Unsure, 1, 1},
		"password":         {mailtest.Trouble{Stage: mailtest.AtAuth, Code: 535}, TryAgain, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.smtp.Make(c.trouble)
			code := d.send()
			if code != c.code || strings.Count(d.said.String(), "\n") != 1 {
				t.Errorf("exit code %d, want %d; said %q", code, c.code, d.said.String())
			}
			if left := d.kept(); len(left) != c.left {
				t.Errorf("%d left in the outbox, want %d: %v", len(left), c.left, left)
			}
			if n := len(d.smtp.Accepted()); n != c.sent {
				t.Errorf("%d were sent, want %d", n, c.sent)
			}
		})
	}
}

func TestAPausedAccountSendsNothing(t *testing.T) {
	d := newDesk(t)
	store, err := cache.Open(t.Context(), d.setup.Dir, cache.Options{})
	if err == nil {
		err = errors.Join(store.Choose(t.Context(), engine.PausedChoice("home"), "yes"), store.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	if code := d.send(); code != TryAgain || !strings.Contains(d.said.String(), "home is paused: resume it in posthorn") {
		t.Errorf("exit code %d, said %q", code, d.said.String())
	}
	if n, left := len(d.smtp.Accepted()), d.kept(); n != 0 || len(left) != 0 {
		t.Errorf("%d were sent, %v is left in the outbox", n, left)
	}
	if code := d.send("-account", "work"); code != OK {
		t.Errorf("through the other account: exit code %d, said %q", code, d.said.String())
	}
}

// What a script cannot be asked for, or what is not set up, is told before anything is kept.
func TestWithoutPasswordOrConfigurationNothingIsSent(t *testing.T) {
	d := newDesk(t)
	d.setup.Password = func(context.Context, mail.Account) error {
		return &mail.Error{Op: "get the password of home", Err: errors.New("the environment variable PW is not set")}
	}
	if code := d.send(); code != NoPassword || !strings.Contains(d.said.String(), "no password for home: the environment variable PW is not set: a script needs") {
		t.Errorf("exit code %d, said %q", code, d.said.String())
	}
	if left := d.kept(); len(left) != 0 || len(d.smtp.Accepted()) != 0 {
		t.Errorf("left in the outbox: %v", left)
	}
	code := Send(t.Context(), Shell{Stdin: strings.NewReader(hello), Stdout: &d.out, Stderr: &d.said,
		Load: func() (Setup, error) { return Setup{}, errors.New("config.toml: line 3: what is that?") }})
	if code != BadConfig || !strings.Contains(d.said.String(), "posthorn send: config.toml: line 3: what is that?\n") {
		t.Errorf("exit code %d, said %q", code, d.said.String())
	}
	d.setup.Dir = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(d.setup.Dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if code := d.send(); code != NoDatabase || strings.Count(d.said.String(), "\n") != 1 {
		t.Errorf("exit code %d, said %q", code, d.said.String())
	}
}

func TestThePosthornThatRunsSends(t *testing.T) {
	d := newDesk(t)
	store, err := cache.Open(t.Context(), d.setup.Dir, cache.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	eng := engine.New(store, d.setup.Accounts, d.setup.Engine)
	eng.Start(t.Context())
	defer eng.Close()
	d.setup.Password = func(context.Context, mail.Account) error { return errors.New("the one that runs knows it") }
	if code := d.send(); code != OK {
		t.Fatalf("exit code %d, said %q", code, d.said.String())
	}
	if err := eng.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, sent := len(d.smtp.Accepted()), len(d.user.Messages("Sent")); n != 1 || sent != 1 {
		t.Errorf("sent %d times, %d copies", n, sent)
	}

	d.smtp.Make(mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 550})
	if code := d.send(); code != Refused {
		t.Errorf("exit code %d, said %q", code, d.said.String())
	}
	if rows, err := store.Outbox(t.Context()); err != nil || len(rows) != 0 {
		t.Errorf("left in the outbox: %v, %v", rows, err)
	}
	if drafts, err := store.Drafts(t.Context()); err != nil || len(drafts) != 0 {
		t.Errorf("left as drafts: %v, %v", drafts, err)
	}
}

// Whoever holds the database may end before it sends: then the one who waits goes on.
func TestWhereThePosthornThatRunsEndsTheMessageIsSentAllTheSame(t *testing.T) {
	d := newDesk(t)
	store, err := cache.Open(t.Context(), d.setup.Dir, cache.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		for {
			rows, err := store.Outbox(t.Context())
			if err != nil || len(rows) > 0 {
				ended <- errors.Join(err, store.Close())
				return
			}
		}
	}()
	code := d.send()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if n := len(d.smtp.Accepted()); code != OK || n != 1 {
		t.Errorf("exit code %d, said %q, sent %d times", code, d.said.String(), n)
	}
}
