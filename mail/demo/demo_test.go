package demo

import (
	"bytes"
	"context"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/mail/imap"
	"posthorn/mail/smtp"
)

// world is a running demo whose time the test turns.
type world struct {
	*Servers
	t     *testing.T
	waits chan pause // what the demo waits for
}

// pause is one wait, until end is closed.
type pause struct {
	time.Duration
	end chan struct{}
}

func begin(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, waits: make(chan pause)}
	s, err := start(t.Context(), clock{now: func() time.Time { return noon }, wait: w.wait})
	if err != nil {
		t.Fatal(err)
	}
	w.Servers = s
	t.Cleanup(func() { s.Close() })
	return w
}

func (w *world) wait(ctx context.Context, d time.Duration) bool {
	p := pause{d, make(chan struct{})}
	select {
	case <-ctx.Done():
		return false
	case w.waits <- p:
	}
	select {
	case <-ctx.Done():
		return false
	case <-p.end:
		return true
	}
}

// next lets the demo's next wait end, and tells how long it was.
func (w *world) next() time.Duration {
	p := <-w.waits
	close(p.end)
	return p.Duration
}

func (w *world) open(account string) *imap.Session {
	w.t.Helper()
	a, ok := w.account(map[string]string{"home": addresses[0].address, "work": addresses[1].address}[account])
	if !ok {
		w.t.Fatalf("no account %s", account)
	}
	s, err := imap.Dial(w.t.Context(), a, w.Passwords()[account], imap.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { s.Close() })
	return s
}

// heads are all headers of a mailbox, by UID.
func heads(t *testing.T, s *imap.Session, mailbox string) []mail.Header {
	t.Helper()
	if _, err := s.Select(t.Context(), mailbox); err != nil {
		t.Fatal(err)
	}
	uids, err := s.UIDs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []mail.Header
	err = s.Headers(t.Context(), uids, func(h mail.Header) error { out = append(out, h); return nil })
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(out, func(a, b mail.Header) int { return int(a.UID) - int(b.UID) })
	return out
}

// arrived waits until something new is in the INBOX that s has open, and gives it.
func arrived(t *testing.T, s *imap.Session, before int) mail.Header {
	t.Helper()
	for {
		list := heads(t, s, "INBOX")
		if len(list) > before {
			return list[len(list)-1]
		}
		if _, err := s.Idle(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
	}
}

func text(t *testing.T, s *imap.Session, h mail.Header) string {
	t.Helper()
	raw, err := s.Part(t.Context(), h.UID, "", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func send(t *testing.T, a mail.Account, password string, to []string, head ...string) {
	t.Helper()
	raw := strings.Join(append(head, "From: "+a.Address, "To: "+strings.Join(to, ", ")), "\r\n") + "\r\n\r\nHello\r\n"
	out, err := smtp.Send(t.Context(), a, password, smtp.Options{}, a.Address, to, []byte(raw), func(smtp.Stage, []smtp.Refusal) error { return nil })
	if err != nil || len(out.Accepted) != len(to) {
		t.Fatalf("%+v, %v", out, err)
	}
}

func TestAccountsAreValidAndTheirMailboxesHaveRoles(t *testing.T) {
	w := begin(t)
	if len(w.Accounts()) != 2 {
		t.Fatalf("%d accounts", len(w.Accounts()))
	}
	for _, a := range w.Accounts() {
		if problems := a.Validate(); len(problems) > 0 {
			t.Errorf("%s: %v", a.Name, problems)
		}
		list, err := w.open(a.Name).List(t.Context())
		found := map[mail.Role]bool{}
		for _, l := range list {
			found[l.Role] = true
		}
		if err != nil || !found[mail.Inbox] || !found[mail.Drafts] || !found[mail.Sent] || !found[mail.Archive] || !found[mail.Junked] || !found[mail.Trash] {
			t.Errorf("%s: %+v, %v", a.Name, list, err)
		}
	}
}

func TestSampleMailLiesWhereTheManifestSaysAndCanBeRead(t *testing.T) {
	w := begin(t)
	want := map[string][]sample{}
	for _, s := range load(t) {
		if !s.arrives {
			want[s.account+" "+s.mailbox] = append(want[s.account+" "+s.mailbox], s)
		}
	}
	for place, list := range want {
		account, mailbox, _ := strings.Cut(place, " ")
		slices.SortFunc(list, func(a, b sample) int { return int(b.age - a.age) })
		s := w.open(account)
		got := heads(t, s, mailbox)
		if len(got) != len(list) {
			t.Errorf("%s: %d messages, want %d", place, len(got), len(list))
			continue
		}
		for i, h := range got {
			flags, keywords := mail.ParseFlags(list[i].flags)
			at := noon.Add(-list[i].age)
			if h.Flags != flags || h.Keywords != keywords || !h.Received.Equal(at) || !h.Envelope.Date.Equal(at) || h.Structure == nil {
				t.Errorf("%s: %+v", list[i].file, h)
				continue
			}
			sections(t, s, h, list[i])
		}
	}
}

// sections compares what the server gives of a message with what the message holds.
func sections(t *testing.T, s *imap.Session, h mail.Header, want sample) {
	whole := want.message(noon.Add(-want.age))
	m := body.Parse(whole)
	if got := text(t, s, h); got != string(whole) {
		t.Errorf("%s: the whole differs: %d octets, want %d", want.file, len(got), len(whole))
	}
	m.Root.Walk(func(p *mail.Part) bool {
		q := h.Structure.Find(p.Section)
		if p.Multipart() || p.Section == "" {
			return true
		}
		got, err := s.Part(t.Context(), h.UID, p.Section, 0, 0)
		if err != nil || q == nil || q.MediaType != p.MediaType || !bytes.Equal(bytes.TrimSpace(got), bytes.TrimSpace(m.Content(p.Section))) {
			t.Errorf("%s: section %s: %v, %d octets, want %d; %+v, want %+v", want.file, p.Section, err, len(got), len(m.Content(p.Section)), q, p)
		}
		return !p.Message()
	})
}

func TestNewMailArrivesSoonAndThenNowAndThen(t *testing.T) {
	w := begin(t)
	home, work := w.open("home"), w.open("work")
	before := map[*imap.Session]int{home: len(heads(t, home, "INBOX")), work: len(heads(t, work, "INBOX"))}
	first := true
	for _, s := range load(t) {
		if !s.arrives {
			continue
		}
		switch pause := w.next(); {
		case first && pause != 8*time.Second:
			t.Errorf("the first comes after %v", pause)
		case !first && (pause < time.Minute || pause > 2*time.Minute):
			t.Errorf("%s comes after %v", s.file, pause)
		}
		first = false
		session := home
		if s.account == "work" {
			session = work
		}
		h := arrived(t, session, before[session])
		before[session]++
		if h.Flags != 0 || !h.Envelope.Date.Equal(noon) || !h.Received.Equal(noon) {
			t.Errorf("%s: %+v", s.file, h)
		}
	}
}

func TestMailBetweenTheAccountsArrivesAndCanBeAnswered(t *testing.T) {
	w := begin(t)
	home, work := w.Accounts()[0], w.Accounts()[1]
	at := w.open("work")
	before := len(heads(t, at, "INBOX"))
	send(t, home, w.Passwords()["home"], []string{work.Address}, "Subject: to work", "Message-ID: <1@x.example>")
	if h := arrived(t, at, before); h.Envelope.Subject != "to work" || !strings.Contains(text(t, at, h), "Return-Path: <robin@home.example>\r\n") {
		t.Errorf("%+v", h)
	}
	back := w.open("home")
	before = len(heads(t, back, "INBOX"))
	send(t, work, w.Passwords()["work"], []string{home.Address}, "Subject: Re: to work", "In-Reply-To: <1@x.example>")
	if h := arrived(t, back, before); h.Envelope.Subject != "Re: to work" || !slices.Equal(h.Envelope.InReplyTo, []string{"1@x.example"}) {
		t.Errorf("%+v", h)
	}
}

// reaction lets what comes back from an address come.
func (w *world) reaction() {
	w.t.Helper()
	if d := w.next(); d != moment {
		w.t.Errorf("a reaction takes %v", d)
	}
}

func TestFriendsAnswerInTheThread(t *testing.T) {
	w := begin(t)
	<-w.waits // arriving mail waits for ever
	home := w.open("home")
	before := len(heads(t, home, "INBOX"))
	send(t, w.Accounts()[0], w.Passwords()["home"], []string{"Frida@tideline.example"}, "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Message-ID: <2@x.example>", "References: <1@x.example>")
	w.reaction()
	h := arrived(t, home, before)
	e := h.Envelope
	if e.Subject != "Re: Grüße" || e.FromText() != "Frida Ahlgren" || !slices.Equal(e.References, []string{"1@x.example", "2@x.example"}) || e.AutoSubmitted == "" {
		t.Errorf("%+v", e)
	}
	if !strings.Contains(text(t, home, h), "\r\nFrida\r\n") {
		t.Errorf("%s", text(t, home, h))
	}
}

func TestMailToNobodyComesBackAndNothingLeaves(t *testing.T) {
	for to, want := range map[string]string{
		"nobody@tideline.example": "550 5.1.1", "olle@brassband.example": "550 5.1.1", "anna@example.org": "does not leave this machine",
	} {
		t.Run(to, func(t *testing.T) {
			w := begin(t)
			<-w.waits
			work := w.open("work")
			before := len(heads(t, work, "INBOX"))
			send(t, w.Accounts()[1], w.Passwords()["work"], []string{to}, "Subject: lost", "Message-ID: <3@x.example>")
			w.reaction()
			h := arrived(t, work, before)
			report := h.Structure
			if report.MediaType != "multipart/report" || len(report.Children) != 3 || report.Children[1].MediaType != "message/delivery-status" {
				t.Errorf("%+v", report)
			}
			raw := text(t, work, h)
			for _, part := range []string{want, "Final-Recipient: rfc822; " + to + "\r\n", "Message-ID: <3@x.example>\r\n"} {
				if !strings.Contains(raw, part) {
					t.Errorf("no %q in\n%s", part, raw)
				}
			}
		})
	}
}

func TestListsAndProgramsAreSilent(t *testing.T) {
	p := newPost(load(t))
	me := mail.Address{Local: "robin", Domain: "home.example"}
	original := []byte("Subject: x\r\n\r\n")
	for _, to := range []string{"crew@lists.saltmarsh-sc.example", "build@ci.brightwater.example", "gauge@brightwater.example"} {
		if back := p.react(me, to, original, noon); back != nil {
			t.Errorf("%s says\n%s", to, back)
		}
	}
	if back := p.react(me, "nobody@x.example", []byte("Auto-Submitted: auto-replied\r\n\r\n"), noon); back != nil {
		t.Errorf("an automatic message is answered:\n%s", back)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	s, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := s.Accounts()[0]
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for _, e := range []mail.Endpoint{a.IMAP, a.SMTP} {
		if c, err := net.Dial("tcp", e.Address()); err == nil {
			c.Close()
			t.Errorf("%s still answers", e.Address())
		}
	}
}
