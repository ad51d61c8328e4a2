package uitest

import (
	"context"
	"strings"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/body"
)

// Mail is a database in a temporary directory, filled by tests as a synchronisation would fill it.
type Mail struct {
	*cache.Store
	t   testing.TB
	uid mail.UID
}

// NewMail is an empty database; it is checked and closed when the test ends.
func NewMail(t testing.TB) *Mail {
	t.Helper()
	s, err := cache.Open(context.Background(), t.TempDir(), cache.Options{Now: func() time.Time { return Now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Mail{Store: s, t: t}
}

// Mailboxes makes an account's mailboxes, those with a role known by their names.
func (m *Mail) Mailboxes(account string, names ...string) {
	m.t.Helper()
	var list []mail.Listed
	for _, n := range names {
		list = append(list, mail.Listed{Name: n, Delimiter: "/", Role: mail.GuessRole(n, "/"), Subscribed: true})
	}
	if _, err := m.SetMailboxes(context.Background(), account, list); err != nil {
		m.t.Fatal(err)
	}
}

// Box is the key of a mailbox.
func (m *Mail) Box(account, name string) mail.MailboxKey {
	m.t.Helper()
	list, err := m.Store.Mailboxes(context.Background())
	if err != nil {
		m.t.Fatal(err)
	}
	for _, b := range list {
		if b.Account == account && b.Name == name {
			return b.Key
		}
	}
	m.t.Fatalf("%s has no mailbox %s", account, name)
	return 0
}

// Deliver stores the header of a message that arrived when its Date says. Lines of raw may end in LF.
func (m *Mail) Deliver(account, mailbox, raw string, flags mail.Flags) mail.MessageKey {
	m.t.Helper()
	octets := []byte(crlf(raw))
	parsed := body.Parse(octets)
	e := body.Envelope(parsed.Header)
	m.uid++
	h := mail.Header{UID: m.uid, Flags: flags, Received: e.Date, Size: int64(len(octets)), Envelope: e, Structure: &parsed.Root}
	if h.Received.IsZero() {
		h.Received = Now
	}
	added, err := m.Add(context.Background(), m.Box(account, mailbox), []mail.Header{h}, cache.Marks{})
	if err != nil || len(added) != 1 {
		m.t.Fatalf("deliver: %v %v", added, err)
	}
	return added[0]
}

// Fetch stores sections of a message as if they had been fetched; none named: its text in all forms.
func (m *Mail) Fetch(key mail.MessageKey, raw string, sections ...string) {
	m.t.Helper()
	parsed := body.Parse([]byte(crlf(raw)))
	if len(sections) == 0 {
		for _, prefer := range []string{"text/plain", "text/html"} {
			for _, p := range parsed.Root.TextParts(prefer) {
				sections = append(sections, p.Section)
			}
		}
	}
	for _, s := range sections {
		content := parsed.Content(s)
		if s == "HEADER" {
			head, _, _ := strings.Cut(crlf(raw), "\r\n\r\n")
			content = []byte(head + "\r\n\r\n")
		}
		if err := m.PutContent(context.Background(), key, s, 0, content, true); err != nil {
			m.t.Fatal(err)
		}
	}
}

func crlf(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}
