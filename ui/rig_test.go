package ui_test

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/mail/auth"
	"posthorn/mail/body"
	"posthorn/mail/mailtest"
	"posthorn/ui"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// rig is Anna at her terminal: two accounts on servers, an engine, and the whole UI on a driver.
type rig struct {
	*uitest.Driver
	t        *testing.T
	servers  servers
	smtp     *mailtest.Submission
	fault    mailtest.Fault
	dial     func(ctx context.Context, network, addr string) (net.Conn, error) // by way of fault, but for what is set
	accounts []mail.Account
	password string        // what posthorn knows at the start; empty: nothing
	grace    time.Duration // how long sending can be taken back
	config   screen.Config
	preset   string // of keys
	dir      string // of the database
	w, h     int
	sent     time.Time // when the mail delivered last arrived

	store  *cache.Store
	engine *engine.Engine
	end    context.CancelFunc
}

// newRig is Anna's mail on servers in this process.
func newRig(t *testing.T) *rig { return newRigOn(t, inProcess(t)) }

func newRigOn(t *testing.T, s servers) *rig {
	t.Helper()
	r := &rig{t: t, servers: s, password: "secret", dir: t.TempDir(), w: 120, h: 30, sent: time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC),
		config: screen.Config{Theme: "mono", MarkReadAfter: time.Second, EditHeader: true, Scratch: t.TempDir(), Downloads: t.TempDir()}}
	r.dial = r.fault.Dial
	smtp, err := mailtest.NewSubmission(mailtest.SubmissionOptions{Deliver: r.local})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { smtp.Close() })
	r.smtp = smtp
	for _, name := range []string{"home", "work"} {
		smtp.AddUser(name, "secret")
		a := s.account(name)
		a.Name, a.Address, a.DisplayName, a.SMTP = name, "anna@"+name+".example", "Anna Lindqvist", smtp.Endpoint(name)
		r.accounts = append(r.accounts, a)
	}
	r.accounts[0].Aliases = []string{"post@lindqvist.example"}
	t.Cleanup(r.stop)
	return r
}

// local delivers what was submitted to the accounts of this machine.
func (r *rig) local(_ string, to []string, raw []byte) error {
	for _, a := range r.accounts {
		if slices.Contains(to, a.Address) {
			r.servers.deliver(r.t, a.Name, "INBOX", raw, time.Now())
		}
	}
	return nil
}

// start opens posthorn and waits until everything has come to rest.
func (r *rig) start() {
	r.t.Helper()
	r.open()
	r.Driver.Settle = r.engine.Settle
	r.Start(r.app(), r.w, r.h)
}

// open opens the database and makes an engine and a driver that do not run yet.
func (r *rig) open() {
	r.t.Helper()
	store, err := cache.Open(context.Background(), r.dir, cache.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	secrets := auth.NewSecrets()
	for _, a := range r.accounts {
		if r.password != "" {
			secrets.Provide(a.Name, r.password)
		}
	}
	r.store = store
	r.engine = engine.New(store, r.accounts, engine.Options{Secrets: secrets, Dial: r.dial, Grace: r.grace, Patience: 20 * time.Second})
	r.Driver = uitest.NewDriver(r.t)
	r.Driver.Events = r.engine.Events()
}

// app is the UI on what open made.
func (r *rig) app() *ui.App {
	ctx, cancel := context.WithCancel(context.Background())
	r.end = cancel
	return ui.New(ctx, ui.Options{Store: r.store.Reader, Engine: r.engine, Events: r.Driver, Start: r.engine.Start,
		Config: r.config, Preset: r.preset, Now: r.Now, Timer: r.Timer})
}

// stop ends posthorn; the database checks itself.
func (r *rig) stop() {
	if r.store == nil {
		return
	}
	r.end()
	r.engine.Close()
	if err := r.store.Close(); err != nil {
		r.t.Error(err)
	}
	r.store = nil
}

// deliver puts a letter into a mailbox on the server, a minute after the one before.
func (r *rig) deliver(account, mailbox string, l post, flags ...string) {
	r.t.Helper()
	r.sent = r.sent.Add(time.Minute)
	r.servers.deliver(r.t, account, mailbox, l.bytes(r.sent), r.sent, flags...)
}

// inbox fills an INBOX with plain letters from Ben with these subjects, the last one newest.
func (r *rig) inbox(account string, subjects ...string) {
	r.t.Helper()
	for _, s := range subjects {
		r.deliver(account, "INBOX", post{subject: s})
	}
}

// onServer fails unless the mailbox on the server holds exactly these: "subject \Flag …", oldest first.
func (r *rig) onServer(account, mailbox string, want ...string) {
	r.t.Helper()
	var got []string
	for _, m := range r.servers.messages(r.t, account, mailbox) {
		got = append(got, m.String())
	}
	if !slices.Equal(got, want) {
		r.t.Errorf("%s of %s on the server holds %q, want %q", mailbox, account, got, want)
	}
}

// rows are the lines of the list from where the first of the texts stands, in order; it fails when one is missing.
func (r *rig) inOrder(texts ...string) {
	r.t.Helper()
	rest := r.Screen()
	for _, text := range texts {
		_, after, ok := strings.Cut(rest, text)
		if !ok {
			r.t.Errorf("%q is not on screen after what should come before it (%q):\n%s", text, texts, r.Screen())
			return
		}
		rest = after
	}
}

// lineWith is the line on screen that has a text, or empty.
func (r *rig) lineWith(text string) string {
	for _, l := range r.Lines() {
		if strings.Contains(l, text) {
			return l
		}
	}
	return ""
}

// post is a message to Anna at home, but for what is set.
type post struct {
	from, to, subject, text string
	header                  []string // further lines
	kind                    string   // Content-Type; empty: plain text
}

func (l post) bytes(date time.Time) []byte {
	set := func(s *string, standard string) {
		if *s == "" {
			*s = standard
		}
	}
	set(&l.from, "Ben Okafor <ben@friends.example>")
	set(&l.to, "anna@home.example")
	set(&l.text, "Dear Anna, this is the text of "+l.subject+".")
	set(&l.kind, "text/plain; charset=utf-8")
	head := append([]string{
		"From: " + l.from, "To: " + l.to, "Subject: " + l.subject, "Date: " + date.Format(time.RFC1123Z),
		"Message-ID: <" + id(l.subject) + ">", "MIME-Version: 1.0", "Content-Type: " + l.kind,
	}, l.header...)
	return []byte(strings.ReplaceAll(strings.Join(head, "\n")+"\n\n"+l.text+"\n", "\n", "\r\n"))
}

// id is the Message-ID of the letter with a subject.
func id(subject string) string { return strings.ReplaceAll(subject, " ", ".") + "@friends.example" }

// stored is a message as it lies on a server.
type stored struct {
	raw   []byte
	flags []string
}

func (s stored) header(name string) string {
	return body.DecodeWords(body.ParseHeader(s.raw).Get(name))
}

// String is the subject and the flags, but \Recent.
func (s stored) String() string {
	flags := slices.DeleteFunc(slices.Clone(s.flags), func(f string) bool { return f == `\Recent` })
	slices.Sort(flags)
	return strings.TrimSpace(fmt.Sprint(s.header("Subject"), " ", strings.Join(flags, " ")))
}
