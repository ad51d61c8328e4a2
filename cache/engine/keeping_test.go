package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
	"posthorn/mail/mailtest"
)

func leaf(section string, size int64) mail.Part {
	return mail.Part{Section: section, MediaType: "text/plain", Size: size}
}

func TestNextPiece(t *testing.T) {
	text := func(key mail.MessageKey, size int64) cache.Held {
		p := leaf("1", size)
		return cache.Held{Message: key, Mailbox: 1, UID: mail.UID(key), Structure: &p, Sections: map[string]int64{}}
	}
	having := func(h cache.Held, section string, octets int64) cache.Held {
		h.Sections[section] = octets
		return h
	}
	at := func(h cache.Held, mailbox mail.MailboxKey, uid mail.UID) cache.Held {
		h.Mailbox, h.UID = mailbox, uid
		return h
	}
	multi := func(key mail.MessageKey, sizes ...int64) cache.Held {
		h := text(key, 0)
		root := mail.Part{MediaType: "multipart/mixed"}
		for i, n := range sizes {
			root.Children = append(root.Children, leaf(fmt.Sprint(i+1), n))
		}
		h.Structure = &root
		return h
	}
	whole := func(key mail.MessageKey, size int64) cache.Held {
		h := text(key, 0)
		h.Structure, h.Size = nil, size
		return h
	}
	const small, large, huge = 1000, partRange + 1, maxKeptPart + 1
	for _, c := range []struct {
		name string
		held []cache.Held
		want string // messages, sections, offset
		done string
	}{
		{"nothing", nil, "[] [] 0", "[]"},
		{"all is here", []cache.Held{having(text(1, small), "1", -1)}, "[] [] 0", "[1]"},
		{"several in one command", []cache.Held{text(3, small), having(text(2, small), "1", -1), text(1, small)}, "[3 1] [1] 0", "[2]"},
		{"one mailbox a command", []cache.Held{text(3, small), at(text(2, small), 2, 9), text(1, small)}, "[3 1] [1] 0", "[]"},
		{"the same sections in a command", []cache.Held{multi(3, small, small), text(2, small), multi(1, small, small)}, "[3 1] [1 2] 0", "[]"},
		{"as much as one piece may be", []cache.Held{text(3, partRange-small), text(2, 2*small), text(1, small)}, "[3 1] [1] 0", "[]"},
		{"part by part where together they are too much", []cache.Held{multi(3, partRange, small), text(2, small)}, "[3] [1] 0", "[]"},
		{"a large part by ranges", []cache.Held{having(text(3, large), "1", partRange)}, "[3] [1] 262144", "[]"},
		{"a huge part is left out", []cache.Held{multi(3, small, huge), text(2, huge)}, "[3] [1] 0", "[2]"},
		{"a UID that is not known yet", []cache.Held{at(text(3, small), 1, 0), text(2, small)}, "[2] [1] 0", "[]"},
		{"a message without structure as a whole", []cache.Held{whole(3, small), text(2, small)}, "[3] [] 0", "[]"},
		{"but not a large one", []cache.Held{whole(3, large)}, "[] [] 0", "[3]"},
		{"one that failed before goes alone", []cache.Held{text(9, small), text(2, small)}, "[9] [1] 0", "[]"},
		{"and with no others", []cache.Held{text(2, small), text(9, small), text(1, small)}, "[2 1] [1] 0", "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, done := nextPiece(c.held, map[mail.MessageKey]int{9: 1})
			if got := fmt.Sprint(keysOf(p.messages), p.sections, p.offset); got != c.want || fmt.Sprint(keysOf(done)) != c.done {
				t.Errorf("%s, done %v; want %s, done %s", got, keysOf(done), c.want, c.done)
			}
		})
	}
}

func keysOf(held []cache.Held) []mail.MessageKey {
	out := []mail.MessageKey{}
	for _, h := range held {
		out = append(out, h.Message)
	}
	return out
}

// onRealServer makes the rig's account one of a Dovecot; another client delivers there with put.
func onRealServer(t *testing.T, r *rig) (put func(mailbox string, raw []byte, date time.Time, f mail.Flags)) {
	t.Helper()
	server := mailtest.Dovecot(t, "anna")
	smtp := r.account.SMTP
	r.account = server.Account("anna", mail.Insecure)
	r.account.Name, r.account.SMTP = "home", smtp
	other, err := imap.Dial(t.Context(), r.account, "secret", imap.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	return func(mailbox string, raw []byte, date time.Time, f mail.Flags) {
		t.Helper()
		if _, _, err := other.Append(t.Context(), mailbox, f, date, raw); err != nil {
			t.Fatal(err)
		}
	}
}

// parcel has a text of its own, a picture shown in it, and a file of so many octets.
func parcel(subject string, file int) []byte {
	return fmt.Appendf(nil, "From: Ben <ben@example.org>\r\nSubject: %s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"+
		"--m\r\nContent-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: text/html\r\n\r\n<p>The text of %s.</p><img src=\"cid:p\">\r\n"+
		"--r\r\nContent-Type: image/gif\r\nContent-ID: <p>\r\nContent-Disposition: inline\r\n\r\nGIF89a\r\n--r--\r\n"+
		"--m\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n%s\r\n--m--\r\n",
		subject, subject, strings.Repeat(strings.Repeat("x", 70)+"\r\n", file/72))
}

// offline delivers mail of all kinds, lets it be kept, and cuts the network.
func offline(t *testing.T, r *rig, put func(mailbox string, raw []byte, date time.Time, f mail.Flags)) {
	now := time.Now()
	day := func(n int) time.Time { return now.AddDate(0, 0, -n) }
	for i := range 40 {
		put("INBOX", message(fmt.Sprintf("new%d", i), "Text of a new message."), day(1), 0)
	}
	put("INBOX", message("read", "Text"), day(1), mail.Seen)
	put("INBOX", message("starred", "Text"), day(29), mail.Seen|mail.Flagged)
	put("INBOX", message("old", "Text"), day(31), 0)
	put("Trash", message("trash", "Text"), day(1), 0)
	put("Archive", parcel("letter", 400<<10), day(2), 0)
	put("Archive", parcel("huge", 2<<20), day(2), 0)
	r.offline = 30 * 24 * time.Hour
	r.start()
	fetches := 0
	for _, c := range r.fault.Commands() {
		if c == "UID FETCH" {
			fetches++
		}
	}
	if fetches > 20 {
		t.Errorf("%d FETCH commands for 44 messages: %v", fetches, r.fault.Commands())
	}
	r.fault.Down(true)
	r.until("offline", func() bool { return r.e.States()[0].Phase == Offline })
}

func TestKeptMailIsReadWithoutANetwork(t *testing.T) {
	for _, server := range []string{"memory", "dovecot"} {
		t.Run(server, func(t *testing.T) {
			r := newRig(t)
			put := func(mailbox string, raw []byte, date time.Time, f mail.Flags) {
				var flags []mailtest.Flag
				for _, name := range f.Names() {
					flags = append(flags, mailtest.Flag(name))
				}
				r.user.Append(mailbox, raw, date, flags...)
			}
			if server == "dovecot" {
				put = onRealServer(t, r)
			}
			offline(t, r, put)
			for box, subjects := range map[string]map[string]string{
				"INBOX":   {"new0": "[1]", "new39": "[1]", "read": "[]", "starred": "[1]", "old": "[]"},
				"Trash":   {"trash": "[]"},
				"Archive": {"letter": "[1.1 1.2 2]", "huge": "[1.1 1.2]"},
			} {
				for _, m := range r.list(box) {
					want, asked := subjects[m.Subject]
					if !asked {
						continue
					}
					here := []string{}
					for _, section := range []string{"1", "1.1", "1.2", "2"} {
						if _, complete, err := r.store.Content(t.Context(), m.Key, section); err != nil || complete {
							here = append(here, section)
						}
					}
					if got := fmt.Sprint(here); got != want || (m.Preview != "") != (want != "[]") {
						t.Errorf("%s has %s and the preview %q, want %s", m.Subject, got, m.Preview, want)
					}
					if m.Subject != "read" && m.Subject != "starred" && m.Flags.Has(mail.Seen) {
						t.Errorf("%s was marked as read", m.Subject)
					}
				}
			}
			r.close()
			r.fault.Down(false)
			r.fault.CutAt(0, false)
			r.start()
			fetches, flags := 0, 0
			for _, c := range r.fault.Commands() {
				if c == "UID FETCH" {
					fetches++
				}
			}
			if server == "memory" {
				flags = 1 // of INBOX: this server has no CONDSTORE
			}
			if fetches > flags {
				t.Errorf("a second run fetches again: %v", r.fault.Commands())
			}
			for _, m := range r.list("INBOX") {
				if m.Flags.Has(mail.Seen) != (m.Subject == "read" || m.Subject == "starred") {
					t.Errorf("the server has %s as %v", m.Subject, m.Flags)
				}
			}
		})
	}
}

func TestKeepingSurvivesACutAtEveryCommand(t *testing.T) {
	play := func(n int) (kept, commands int) {
		r := newRig(t)
		for i := range 2 {
			r.user.Append("INBOX", parcel(fmt.Sprint(i), 400<<10), time.Now())
		}
		r.offline = time.Hour
		r.fault.CutAt(n, true)
		r.open()
		r.e.Start(context.WithoutCancel(t.Context()))
		r.calm()
		commands = len(r.fault.Commands())
		for _, m := range r.list("INBOX") {
			if raw, complete, err := r.store.Content(t.Context(), m.Key, "2"); err == nil && complete && len(raw) > 350<<10 {
				kept++
			}
		}
		r.close()
		return kept, commands
	}
	_, commands := play(0)
	for n := 1; n <= commands; n++ {
		if kept, _ := play(n); kept != 2 {
			t.Errorf("cut at command %d: %d of 2 are here", n, kept)
		}
	}
}

func TestWhatIsKeptIsNotAskedForAgain(t *testing.T) {
	r := newRig(t)
	r.user.Append("INBOX", message("1", "one"), time.Now())
	r.offline = time.Hour
	r.start()
	r.fault.CutAt(0, false)
	for range 3 {
		r.e.Refresh("")
		r.settle()
	}
	if slices.Contains(r.fault.Commands(), "UID FETCH") {
		t.Errorf("commands %v", r.fault.Commands())
	}
}

func TestAPartThatIsSomethingElseThanSaidIsNotKept(t *testing.T) {
	for _, size := range []string{"20", "400000"} {
		r := odd(t, described(`("TEXT" "PLAIN" NIL NIL NIL "BASE64" `+size+` 1)`))
		r.user.Append("INBOX", []byte("From: ben@example.org\r\nSubject: a\r\nContent-Type: text/html\r\n\r\n<p>Hello.\r\n"), time.Now())
		r.offline = time.Hour
		r.start()
		m := r.list("INBOX")[0]
		if raw, _, err := r.store.Content(t.Context(), m.Key, "1"); err != nil || raw != nil {
			t.Errorf("%s: kept %q, %v", size, raw, err)
		}
		r.e.Open(m.Key)
		r.settle()
		if d, err := r.store.Message(t.Context(), m.Key); err != nil || d.Structure.MediaType != "text/html" {
			t.Errorf("%s: opened as %+v, %v", size, d.Structure, err)
		}
	}
}

func TestWhatFailsIsNotAskedForForEver(t *testing.T) {
	one, two := []cache.Held{{Message: 1}}, []cache.Held{{Message: 1}, {Message: 2}}
	for _, c := range []struct {
		name  string
		held  []cache.Held
		kind  mail.Kind
		times int
		over  bool
		ends  bool // the session
	}{
		{"refused", one, mail.Rejected, 1, true, false},
		{"refused together: each is tried alone", two, mail.Rejected, 1, false, false},
		{"gone", one, mail.Gone, 1, true, false},
		{"garbled", one, mail.Protocol, 1, true, true},
		{"the connection was lost over it", one, mail.Offline, keepTries - 1, false, true},
		{"again and again", one, mail.Offline, keepTries, true, true},
		{"together, again and again", two, mail.Offline, keepTries, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.open()
			w := r.e.workers["home"]
			var err error
			for range c.times {
				err = w.kept(piece{messages: c.held}, &mail.Error{Op: "test", Kind: c.kind})
			}
			if w.keeping.over[1] != c.over || (err != nil) != c.ends || w.keeping.tries[1] != c.times {
				t.Errorf("over %v, tries %d, %v", w.keeping.over[1], w.keeping.tries[1], err)
			}
		})
	}
}

func TestAFullDiskEndsKeepingAndNothingElse(t *testing.T) {
	r := newRig(t)
	r.open()
	w := r.e.workers["home"]
	if err := w.kept(piece{messages: []cache.Held{{Message: 1}}}, &mail.Error{Op: "store", Kind: mail.Damaged, Err: errors.New("the disk is full")}); err != nil {
		t.Errorf("the session ends: %v", err)
	}
	look, err := w.look(t.Context())
	if log := r.e.Log(); err != nil || look.keep || len(log) != 1 || !strings.Contains(log[0].Text, "the disk is full") {
		t.Errorf("keep %v, log %v, %v", look.keep, r.e.Log(), err)
	}
}
