package engine

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/auth"
	"posthorn/mail/compose"
	"posthorn/mail/mailtest"
)

// patience bounds every wait of these tests; none of them needs a fraction of it.
const patience = 60 * time.Second

// rig is a user's mail on servers in this process, and an engine on it.
type rig struct {
	t          *testing.T
	user       *mailtest.User
	work       *mailtest.User // of the other account, where there is one
	smtp       *mailtest.Submission
	fault      *mailtest.Fault
	odd        *mailtest.Odd // changes what the servers say; nil: nothing does
	account    mail.Account
	more       []mail.Account // beside it
	grace      time.Duration
	offline    time.Duration
	poll       time.Duration // 0: as people have it
	silence    time.Duration // how long a server may say nothing; 0: long
	clock      clock
	kept       int  // wishes that wait for the person to decide
	renumbered bool // mailboxes were, while nobody was there
	dir        string
	store      *cache.Store

	committed func() // after every commit
	e         *Engine
}

// clock is the machine's, put forward.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *clock) forward(d time.Duration) { c.ahead.Add(int64(d)) }

func newRig(t *testing.T, without ...imap.Cap) *rig {
	t.Helper()
	server, err := mailtest.NewServer(without...)
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
	r := &rig{t: t, smtp: smtp, fault: &mailtest.Fault{}, dir: t.TempDir(), user: server.AddUser("anna", "secret")}
	for name, role := range map[string]mail.Role{"Archive": mail.Archive, "Trash": mail.Trash, "Sent": mail.Sent} {
		r.user.Create(name, role)
	}
	r.account = r.user.Account("home", "anna@example.org", smtp.Endpoint("anna"))
	return r
}

// open opens the database and makes an engine that does not run yet.
func (r *rig) open() {
	r.t.Helper()
	store, err := cache.Open(r.t.Context(), r.dir, cache.Options{Now: r.clock.now, Committed: r.committed})
	if err != nil {
		r.t.Fatal(err)
	}
	accounts, secrets := append([]mail.Account{r.account}, r.more...), auth.NewSecrets()
	for _, a := range accounts {
		secrets.Provide(a.Name, "secret")
	}
	r.store = store
	dial := r.fault.Dial
	if r.odd != nil {
		r.odd.Under = r.fault.Dial
		dial = r.odd.Dial
	}
	r.e = New(store, accounts, Options{Now: r.clock.now, Grace: r.grace, Offline: r.offline, Poll: r.poll, Secrets: secrets, Dial: dial, Patience: cmp.Or(r.silence, 10*time.Second)})
	closed := false
	r.t.Cleanup(func() {
		if !closed && r.store == store {
			closed = true
			r.close()
		}
	})
}

// start opens and runs, and waits until all is synchronised.
func (r *rig) start() {
	r.t.Helper()
	r.open()
	r.e.Start(context.WithoutCancel(r.t.Context()))
	r.until("connected", r.connected)
	r.settle()
}

// connected tells whether all accounts are, with nothing to do.
func (r *rig) connected() bool {
	return !slices.ContainsFunc(r.e.States(), func(s State) bool { return s.Phase != Idle })
}

// close ends the engine and the database, which checks itself.
func (r *rig) close() {
	r.t.Helper()
	if r.store == nil {
		return
	}
	r.e.Close()
	if err := r.store.Close(); err != nil {
		r.t.Error(err)
	}
	r.store = nil
}

func (r *rig) settle() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	if err := r.e.Settle(ctx); err != nil {
		r.t.Fatalf("the engine did not settle: %v %+v", err, r.e.Log())
	}
}

// until waits for events until cond holds.
func (r *rig) until(what string, cond func() bool) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	for !cond() {
		if r.e.Events().Wait(ctx) == nil {
			waits, _ := r.store.Wishes(r.t.Context())
			r.t.Fatalf("waiting until %s: waits %+v, %+v %+v", what, waits, r.e.States(), r.e.Log())
		}
	}
}

func (r *rig) mailbox(name string) mail.Mailbox {
	r.t.Helper()
	return r.mailboxOf(r.account.Name, name)
}

func (r *rig) mailboxOf(account, name string) mail.Mailbox {
	r.t.Helper()
	all, err := r.store.Mailboxes(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	for _, m := range all {
		if m.Account == account && m.Name == name {
			return m
		}
	}
	r.t.Fatalf("no mailbox %s among %v", name, all)
	return mail.Mailbox{}
}

// list is what the list of a mailbox shows, newest first.
func (r *rig) list(name string) []mail.Message {
	r.t.Helper()
	return r.listOf(r.mailbox(name).Key)
}

func (r *rig) listOf(key mail.MailboxKey) []mail.Message {
	r.t.Helper()
	w, err := r.store.Window(r.t.Context(), cache.View{Mailboxes: []mail.MailboxKey{key}}, cache.Position{}, 0, 20000)
	if err != nil {
		r.t.Fatal(err)
	}
	return w.Messages
}

func (r *rig) subjects(name string) string {
	var out []string
	for _, m := range r.list(name) {
		out = append(out, m.Subject)
	}
	return strings.Join(out, " ")
}

// deliver puts n messages with the subjects 1 to n into a mailbox, a minute apart.
func (r *rig) deliver(mailbox string, from, to int) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := from; i <= to; i++ {
		r.user.Append(mailbox, message(fmt.Sprint(i), "Hello, this is the text."), start.Add(time.Duration(i)*time.Minute))
	}
}

func message(subject, text string) []byte {
	return fmt.Appendf(nil, "From: Ben <ben@example.org>\r\nTo: anna@example.org\r\nSubject: %s\r\nMessage-ID: <%s@example.org>\r\n"+
		"Date: Thu, 1 Jan 2026 10:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", subject, strings.ReplaceAll(subject, " ", "."), text)
}

func (r *rig) do(what string, changes ...mail.Targeted) {
	r.t.Helper()
	if err := r.e.Do(r.t.Context(), what, changes...); err != nil {
		r.t.Fatal(err)
	}
}

func flag(m mail.Message, f mail.Flags, on bool) mail.Targeted {
	c := mail.FlagChange{Mask: f}
	if on {
		c.Want = f
	}
	return mail.Targeted{Message: m.Key, Change: c}
}

// onServer is the subjects and flags in a mailbox on the server.
func (r *rig) onServer(mailbox string) string { return subjects(r.user, mailbox) }

func subjects(u *mailtest.User, mailbox string) string {
	var out []string
	for _, m := range u.Messages(mailbox) {
		_, rest, _ := bytes.Cut(m.Raw, []byte("Subject: "))
		subject, _, _ := bytes.Cut(rest, []byte("\r\n"))
		out = append(out, string(subject)+strings.Join(m.Flags, ""))
	}
	return strings.Join(out, " ")
}

func TestFirstSyncBringsTheNewestThenTheRest(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 750)
	r.start()
	got := r.list("INBOX")
	if len(got) != 750 || got[0].Subject != "750" || got[749].Subject != "1" {
		t.Fatalf("%d messages", len(got))
	}
	if m := r.mailbox("INBOX"); m.Total != 750 || m.Unseen != 750 || m.Role != mail.Inbox || !m.Synced {
		t.Errorf("mailbox %+v", m)
	}
	if behind, err := r.store.Learn(t.Context(), 1); behind || err != nil {
		t.Errorf("contacts and full text lack messages: %v %v", behind, err)
	}
	if r.mailbox("Sent").Role != mail.Sent || r.mailbox("Trash").Role != mail.Trash {
		t.Error("special use is lost")
	}
}

func TestNewMailIsPushed(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 2)
	r.start()
	r.deliver("INBOX", 3, 3)
	r.until("the new message is here", func() bool { return r.subjects("INBOX") == "3 2 1" })
}

func TestSecondStartShowsTheCacheWithoutANetwork(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 3)
	r.start()
	r.close()
	r.fault.Down(true)
	r.open()
	if got := r.subjects("INBOX"); got != "3 2 1" {
		t.Errorf("list %q", got)
	}
	r.e.Start(context.WithoutCancel(t.Context()))
	r.until("it says that it is offline", func() bool {
		s := r.e.States()[0]
		return s.Phase == Offline && !s.Retry.IsZero() && strings.Contains(s.Text, "no connection")
	})
}

// TestUnchangedMailboxesCostNoHeaders: this server has no CONDSTORE, so INBOX has its flags asked for.
func TestUnchangedMailboxesCostNoHeaders(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 30)
	r.deliver("Archive", 1, 30)
	r.start()
	r.close()
	r.fault.CutAt(0, false)
	r.start()
	got := slices.DeleteFunc(r.fault.Commands(), func(c string) bool { return c != "UID SEARCH" && c != "UID FETCH" })
	if !slices.Equal(got, []string{"UID FETCH"}) {
		t.Errorf("it asks for messages with %v", got)
	}
}

func TestWhatChangedElsewhereIsSeen(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 4)
	r.start()
	uid := r.user.Messages("INBOX")[1].UID
	r.user.SetFlags("INBOX", uid, true, imap.FlagFlagged)
	r.user.Expunge("INBOX", r.user.Messages("INBOX")[0].UID)
	r.until("both changes are seen", func() bool {
		l := r.list("INBOX")
		return len(l) == 3 && l[2].Flags.Has(mail.Flagged)
	})
	r.settle()
}

func TestWishesReachTheServerAndUndoTakesThemBack(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 3)
	r.start()
	m := r.list("INBOX")
	r.do("marked 2 messages as read", flag(m[0], mail.Seen, true), flag(m[1], mail.Seen, true))
	r.do("archived 1 message", mail.Targeted{Message: m[2].Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
	if got := r.subjects("INBOX"); got != "3 2" {
		t.Errorf("not at once: %q", got)
	}
	r.settle()
	if got := r.onServer("INBOX"); got != `2\Seen 3\Seen` {
		t.Errorf("INBOX on the server: %q", got)
	}
	if got := r.onServer("Archive"); got != "1" {
		t.Errorf("Archive on the server: %q", got)
	}
	if a := r.list("Archive"); len(a) != 1 || a[0].Key != m[2].Key {
		t.Errorf("the message lost its key by the move: %v", a)
	}
	for _, want := range []string{"archived 1 message", "marked 2 messages as read", ""} {
		u, err := r.e.Undo(t.Context())
		if err != nil || u.What != want {
			t.Errorf("undid %q (%v), want %q", u.What, err, want)
		}
	}
	r.settle()
	if got := r.onServer("INBOX"); got != "2 3 1" {
		t.Errorf("INBOX on the server after undo: %q", got)
	}
	if got := r.subjects("INBOX"); got != "3 2 1" {
		t.Errorf("INBOX after undo: %q", got)
	}
}

func TestWishesMadeOfflineAreSentLater(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 2)
	r.start()
	r.fault.Down(true)
	r.until("offline", func() bool { return r.e.States()[0].Phase == Offline })
	m := r.list("INBOX")
	r.do("starred 1 message", flag(m[0], mail.Flagged, true))
	r.do("deleted 1 message", mail.Targeted{Message: m[1].Key, Change: mail.Move{To: r.mailbox("Trash").Key}})
	if got := r.subjects("INBOX"); got != "2" {
		t.Errorf("offline list %q", got)
	}
	r.fault.Down(false)
	r.e.Refresh("")
	r.until("connected again", func() bool { return r.e.States()[0].Phase == Idle })
	r.settle()
	if got := r.onServer("INBOX") + "|" + r.onServer("Trash"); got != `2\Flagged|1` {
		t.Errorf("on the server: %q", got)
	}
}

func TestExpungeFromTrash(t *testing.T) {
	r := newRig(t)
	r.deliver("Trash", 1, 2)
	r.start()
	r.do("deleted 1 message for good", mail.Targeted{Message: r.list("Trash")[0].Key, Change: mail.Expunge{}})
	r.settle()
	if got := r.onServer("Trash") + "|" + r.subjects("Trash"); got != "1|1" {
		t.Errorf("left: %q", got)
	}
}

func TestUIDValidityChangeRebuildsTheMailbox(t *testing.T) {
	r := newRig(t)
	r.user.Create("Lists", mail.NoRole)
	r.deliver("Lists", 1, 3)
	r.start()
	r.user.Delete("Lists")
	r.user.Create("Lists", mail.NoRole)
	r.deliver("Lists", 7, 8)
	r.e.Refresh("")
	r.until("the new mail is there", func() bool { return r.subjects("Lists") == "8 7" })
	r.settle()
}

func TestOpeningFetchesTheTextOnly(t *testing.T) {
	r := newRig(t)
	big := strings.Repeat(strings.Repeat("QUJD", 19)+"\r\n", 8000)
	r.user.Append("INBOX", []byte("From: ben@example.org\r\nSubject: files\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+
		"--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\n"+
		"Content-Disposition: attachment; filename=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"+big+"--b--\r\n"), time.Time{})
	r.start()
	m := r.list("INBOX")[0]
	if m.Attachments != 1 {
		t.Errorf("%d attachments", m.Attachments)
	}
	r.e.Open(m.Key)
	r.settle()
	if raw, complete, err := r.store.Content(t.Context(), m.Key, "1"); err != nil || !complete || !strings.Contains(string(raw), "See the file.") {
		t.Errorf("text %q, complete %v, %v", raw, complete, err)
	}
	if _, complete, _ := r.store.Content(t.Context(), m.Key, "2"); complete {
		t.Error("the attachment was fetched unasked")
	}
	if got := r.list("INBOX")[0].Preview; got != "See the file." {
		t.Errorf("preview %q", got)
	}
	r.e.Open(m.Key, "2")
	r.settle()
	if raw, complete, _ := r.store.Content(t.Context(), m.Key, "2"); !complete || string(raw) != strings.TrimSuffix(big, "\r\n") && string(raw) != big {
		t.Errorf("attachment of %d octets, complete %v, want %d", len(raw), complete, len(big))
	}
}

func TestWhatNobodyWaitsForIsNotFetched(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 2)
	r.start()
	left, kept := r.list("INBOX")[0], r.list("INBOX")[1]
	r.fault.Down(true)
	r.until("offline", func() bool { return r.e.States()[0].Phase == Offline })
	r.e.Open(left.Key)
	r.e.Open(kept.Key)
	r.e.Leave(left.Key)
	r.fault.Down(false)
	r.e.Refresh("")
	r.until("the other text is here", func() bool { _, complete, _ := r.store.Content(t.Context(), kept.Key, "1"); return complete })
	r.settle()
	if _, complete, _ := r.store.Content(t.Context(), left.Key, "1"); complete {
		t.Error("the text of the message that was left was fetched")
	}
}

func TestWrongPasswordAsksAndDoesNotHammer(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 1)
	r.open()
	r.e.opt.Secrets.Provide("home", "wrong")
	r.e.Start(context.WithoutCancel(t.Context()))
	r.until("it asks", func() bool { return r.e.States()[0].Phase == NeedsLogin })
	r.settle()
	before := len(r.fault.Commands())
	r.e.Open(1)
	r.e.Focus(1)
	r.settle()
	if n := len(r.fault.Commands()); n != before {
		t.Errorf("%d commands were sent while the password is wrong", n-before)
	}
	r.e.Login("home", "secret", false)
	r.until("connected", func() bool { return r.e.States()[0].Phase == Idle })
	r.settle()
	if got := r.subjects("INBOX"); got != "1" {
		t.Errorf("list %q", got)
	}
}

// A password that a command, a variable or the keyring gives is as wrong the second time. Coming back to the window
// must not tell it to the server again: accounts are locked by that.
func TestAWrongPasswordOfACommandIsTriedOnceAndThenWhenThePersonAsks(t *testing.T) {
	r := newRig(t)
	r.account.PasswordCommand = []string{"echo", "wrong"}
	r.open()
	r.e.opt.Secrets.Reject("home") // what the rig provides
	r.e.Start(context.WithoutCancel(t.Context()))
	r.until("it asks", func() bool { return r.e.States()[0].Phase == NeedsLogin })
	r.settle()
	before := r.logins()
	for range 3 {
		r.e.Wake()
		r.e.clockJumped(t.Context(), time.Hour)
		r.settle()
	}
	if n := r.logins() - before; n != 0 {
		t.Errorf("%d logins when the person came back", n)
	}
	r.e.Refresh("")
	r.until("it was tried", func() bool { return r.logins() > before })
	r.until("it asks again", func() bool { return r.e.States()[0].Phase == NeedsLogin })
	r.settle()
	if n := r.logins() - before; n != 1 {
		t.Errorf("%d logins when the person asked once", n)
	}
}

func TestARefusedPasswordForSendingIsNotRepeatedByItself(t *testing.T) {
	r := newRig(t)
	r.start()
	r.smtp.AddUser("anna", "another")
	key, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello"))
	if err != nil {
		t.Fatal(err)
	}
	r.settle()
	before := r.smtp.Logins()
	for range 3 {
		r.e.Wake()
		r.clock.forward(2 * time.Hour)
		r.e.clockJumped(t.Context(), 2*time.Hour)
		r.settle()
	}
	if n := r.smtp.Logins() - before; n != 0 || before != 1 {
		t.Errorf("%d logins, then %d more by themselves", before, n)
	}
	if o, err := r.store.Outgoing(t.Context(), key); err != nil || o.State != cache.Queued {
		t.Errorf("%q, %v", o.State, err)
	}
	r.smtp.AddUser("anna", "secret")
	r.e.Login("home", "secret", false)
	r.settle()
	if n := len(r.smtp.Accepted()); n != 1 {
		t.Errorf("%d sent once the password is right", n)
	}
}

// logins counts the tries to log in over IMAP.
func (r *rig) logins() (n int) {
	for _, c := range r.fault.Commands() {
		if c == "LOGIN" || c == "AUTHENTICATE" {
			n++
		}
	}
	return n
}

func draft(r *rig, to, subject string) compose.Draft {
	d := compose.New(r.account)
	d.To, d.Subject, d.Body = to, subject, "Hello Ben,\n\nall is well.\n"
	return d
}

func TestSentOnceFiledOnceAndTheOriginalMarked(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 1)
	r.start()
	d := draft(r, "ben@example.org", "Re: 1")
	d.Original, d.Mark = r.list("INBOX")[0].Key, mail.Answered
	key, err := r.e.SaveDraft(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	d.Key = key
	if _, err := r.e.Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	r.settle()
	got := r.smtp.Accepted()
	if len(got) != 1 || got[0].From != "anna@example.org" || !slices.Equal(got[0].To, []string{"ben@example.org"}) {
		t.Fatalf("accepted %v", got)
	}
	if limit, err := r.store.Choice(t.Context(), LimitOf("home")); err != nil || limit != fmt.Sprint(30<<20) {
		t.Errorf("the server is remembered to take %q, %v", limit, err)
	}
	if got := r.onServer("Sent") + "|" + r.subjects("Sent"); got != `Re: 1\Seen|Re: 1` {
		t.Errorf("Sent on the server and here: %q", got)
	}
	if got := r.onServer("INBOX"); got != `1\Answered` {
		t.Errorf("INBOX on the server: %q", got)
	}
	drafts, _ := r.store.Drafts(t.Context())
	outbox, _ := r.store.Outbox(t.Context())
	if len(drafts)+len(outbox) != 0 {
		t.Errorf("left over: %v %v", drafts, outbox)
	}
}

func TestRefusedMailIsADraftAgain(t *testing.T) {
	for _, stage := range []mailtest.Stage{mailtest.AtMail, mailtest.AtRcpt, mailtest.AtData, mailtest.AtDot} {
		t.Run(string(stage), func(t *testing.T) {
			r := newRig(t)
			r.start()
			r.smtp.Make(mailtest.Trouble{Stage: stage, Code: 550})
			if _, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello")); err != nil {
				t.Fatal(err)
			}
			r.settle()
			drafts, err := r.store.Drafts(t.Context())
			if err != nil || len(drafts) != 1 || !strings.Contains(drafts[0].Data, "all is well") {
				t.Errorf("drafts %v %v", drafts, err)
			}
			log := r.e.Log()
			if last := log[len(log)-1]; !last.Trouble || !strings.Contains(last.Text, "refused by the test at "+string(stage)) {
				t.Errorf("the log does not have the server's words: %+v", last)
			}
			if n := len(r.smtp.Accepted()); n != 0 {
				t.Errorf("%d accepted", n)
			}
		})
	}
}

func TestMailThatMayHaveBeenSentIsNotSentAgain(t *testing.T) {
	r := newRig(t)
	r.start()
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtDot, Kept: true})
	key, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello"))
	if err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.smtp.Make(mailtest.Trouble{})
	r.close()
	r.start()
	o, err := r.store.Outgoing(t.Context(), key)
	if err != nil || o.State != cache.Uncertain {
		t.Errorf("state %q %v", o.State, err)
	}
	if n := len(r.smtp.Accepted()); n != 1 {
		t.Errorf("%d accepted", n)
	}
	if err := r.e.Resend(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if n := len(r.smtp.Accepted()); n != 2 {
		t.Errorf("%d accepted after the person said to send again", n)
	}
}

func TestTemporaryRefusalWaitsInTheOutbox(t *testing.T) {
	r := newRig(t)
	r.start()
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 451})
	key, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello"))
	if err != nil {
		t.Fatal(err)
	}
	r.settle()
	o, err := r.store.Outgoing(t.Context(), key)
	if err != nil || o.State != cache.Queued || !strings.Contains(o.LastError, "451") || !o.NotBefore.After(time.Now()) {
		t.Errorf("%+v %v", o, err)
	}
	r.smtp.Make(mailtest.Trouble{})
	if err := r.e.Resend(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if n := len(r.smtp.Accepted()); n != 1 {
		t.Errorf("%d accepted", n)
	}
}

func TestAcceptedRecipientsNeverGetItAgain(t *testing.T) {
	r := newRig(t)
	r.start()
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 451, Only: []string{"cy@example.org"}, Times: 1})
	key, err := r.e.Send(t.Context(), draft(r, "ben@example.org, cy@example.org", "Hello"))
	if err != nil {
		t.Fatal(err)
	}
	r.settle()
	if err := r.e.Resend(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	r.settle()
	got := r.smtp.Accepted()
	if len(got) != 2 || !slices.Equal(got[0].To, []string{"ben@example.org"}) || !slices.Equal(got[1].To, []string{"cy@example.org"}) {
		t.Errorf("accepted %v", got)
	}
	if got := r.onServer("Sent"); got != `Hello\Seen` {
		t.Errorf("Sent on the server: %q", got)
	}
}

func TestPasswordRefusedBySubmissionIsAskedForAndThenTheMailGoes(t *testing.T) {
	r := newRig(t)
	r.start()
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtAuth, Code: 535})
	if _, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello")); err != nil {
		t.Fatal(err)
	}
	r.until("it asks", func() bool { return r.e.States()[0].Phase == NeedsLogin })
	r.settle()
	if n := r.smtp.Logins(); n != 1 {
		t.Errorf("%d logins were tried", n)
	}
	r.smtp.Make(mailtest.Trouble{})
	r.e.Login("home", "secret", false)
	r.until("it is sent", func() bool { return len(r.smtp.Accepted()) == 1 })
	r.settle()
	if got := r.e.States()[0].Phase; got != Idle {
		t.Errorf("phase %v", got)
	}
}

func TestADraftGivenBackLeavesOutWhoHasTheMessage(t *testing.T) {
	r := newRig(t)
	r.start()
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 550, Only: []string{"cy@example.org"}})
	d := draft(r, "ben@example.org", "Hello")
	d.Cc = "Cy <cy@example.org>"
	key, err := r.e.Send(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	r.settle()
	if o, err := r.store.Outgoing(t.Context(), key); err != nil || o.State != cache.Failed {
		t.Fatalf("%q %v", o.State, err)
	}
	back, err := r.e.GiveBack(t.Context(), key)
	if err != nil || back.To != "" || back.Cc != "Cy <cy@example.org>" {
		t.Errorf("to %q, cc %q, %v", back.To, back.Cc, err)
	}
	stored, err := r.store.Draft(t.Context(), back.Key)
	if err != nil || strings.Contains(stored.Data, "ben@example.org") {
		t.Errorf("stored as %s, %v", stored.Data, err)
	}
}
