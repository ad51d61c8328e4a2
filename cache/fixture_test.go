package cache

import (
	"context"
	"fmt"
	"testing"
	"time"

	"posthorn/mail"
)

// noon is when tests happen unless they say otherwise.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// fixture is a store in a temporary directory with one account, "home", and the clock it goes by.
type fixture struct {
	*Store
	t   testing.TB
	ctx context.Context
	now time.Time
	dir string

	inbox, archive, sent, trash mail.MailboxKey
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{t: t, ctx: context.Background(), now: noon, dir: t.TempDir()}
	f.open()
	t.Cleanup(func() {
		if f.Store != nil {
			f.close()
		}
	})
	f.setUp()
	return f
}

// setUp makes the mailboxes.
func (f *fixture) setUp() {
	f.t.Helper()
	f.do(f.SetMailboxes(f.ctx, "home", []mail.Listed{
		{Name: "INBOX", Delimiter: "/", Role: mail.Inbox}, {Name: "Archive", Delimiter: "/", Role: mail.Archive},
		{Name: "Sent", Delimiter: "/", Role: mail.Sent}, {Name: "Trash", Delimiter: "/", Role: mail.Trash},
	}))
	f.inbox, f.archive, f.sent, f.trash = f.role(mail.Inbox), f.role(mail.Archive), f.role(mail.Sent), f.role(mail.Trash)
}

func (f *fixture) open() {
	f.t.Helper()
	s, err := Open(f.ctx, f.dir, Options{Now: func() time.Time { return f.now }})
	if err != nil {
		f.t.Fatal(err)
	}
	f.Store = s
}

// close closes the store, which checks every invariant.
func (f *fixture) close() {
	f.t.Helper()
	if err := f.Store.Close(); err != nil {
		f.t.Error(err)
	}
	f.Store = nil
}

func (f *fixture) reopen() {
	f.t.Helper()
	f.close()
	f.open()
}

// check is what close does first, for a test that wants to know at which step an invariant broke.
func (f *fixture) check() {
	f.t.Helper()
	if err := f.Check(f.ctx); err != nil {
		f.t.Fatal(err)
	}
}

// do fails the test for the error of a call whose result is of no interest.
func (f *fixture) do(result any, err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatalf("%v (with %v)", err, result)
	}
}

func (f *fixture) ok(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) role(r mail.Role) mail.MailboxKey {
	f.t.Helper()
	m, ok, err := f.MailboxFor(f.ctx, "home", r)
	if err != nil || !ok {
		f.t.Fatalf("no mailbox for %s: %v", r, err)
	}
	return m.Key
}

// header is message n of a mailbox: an hour newer than message n-1, unseen.
func header(n int) mail.Header {
	at := noon.Add(time.Duration(n) * time.Hour)
	return mail.Header{
		UID: mail.UID(n), Received: at, Size: int64(1000 + n),
		Envelope: mail.Envelope{
			Date: at, Subject: fmt.Sprintf("Message %d", n), MessageID: fmt.Sprintf("%d@example.org", n),
			From: []mail.Address{{Name: "Anna Berg", Local: "anna", Domain: "example.org"}},
			To:   []mail.Address{{Local: "me", Domain: "example.org"}},
		},
	}
}

func headers(from, to int) []mail.Header {
	var out []mail.Header
	for n := from; n <= to; n++ {
		out = append(out, header(n))
	}
	return out
}

// add stores headers and completes the mailbox, as a synchronisation does.
func (f *fixture) add(box mail.MailboxKey, headers ...mail.Header) []mail.MessageKey {
	f.t.Helper()
	next, first := mail.UID(1), mail.UID(1)
	for _, h := range headers {
		next = max(next, h.UID+1)
	}
	keys, err := f.Add(f.ctx, box, headers, Marks{UIDNext: &next, Backfill: &first})
	if err != nil {
		f.t.Fatal(err)
	}
	f.do(f.Settled(f.ctx, box))
	return keys
}

func (f *fixture) wish(what string, change mail.Change, keys ...mail.MessageKey) {
	f.t.Helper()
	f.wishAt(time.Time{}, what, change, keys...)
}

func (f *fixture) wishAt(notBefore time.Time, what string, change mail.Change, keys ...mail.MessageKey) {
	f.t.Helper()
	w := Wish{What: what, NotBefore: notBefore}
	for _, k := range keys {
		w.Changes = append(w.Changes, mail.Targeted{Message: k, Change: change})
	}
	f.do(f.Wish(f.ctx, w))
}

func (f *fixture) due() []Operation {
	f.t.Helper()
	ops, err := f.Due(f.ctx, "home", f.now, 1000)
	if err != nil {
		f.t.Fatal(err)
	}
	return ops
}

func (f *fixture) message(key mail.MessageKey) Detail {
	f.t.Helper()
	d, err := f.Message(f.ctx, key)
	if err != nil {
		f.t.Fatal(err)
	}
	return d
}

// shown are the keys of a view, newest first.
func (f *fixture) shown(v View) []mail.MessageKey {
	f.t.Helper()
	w, err := f.Window(f.ctx, v, Position{}, 0, 1000)
	if err != nil {
		f.t.Fatal(err)
	}
	return keysOf(w.Messages)
}

func keysOf(list []mail.Message) []mail.MessageKey {
	out := make([]mail.MessageKey, len(list))
	for i, m := range list {
		out[i] = m.Key
	}
	return out
}

func in(boxes ...mail.MailboxKey) View { return View{Mailboxes: boxes} }

var (
	read    = mail.FlagChange{Mask: mail.Seen, Want: mail.Seen}
	unread  = mail.FlagChange{Mask: mail.Seen}
	flagged = mail.FlagChange{Mask: mail.Flagged, Want: mail.Flagged}
)
