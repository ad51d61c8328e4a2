package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// shuffle gives all messages of a mailbox the UIDs of others, as a server may that restores a backup.
func (r *rig) shuffle(mailbox string) {
	list := r.user.Messages(mailbox)
	slices.Reverse(list)
	r.user.Delete(mailbox)
	r.user.Create(mailbox, mail.NoRole)
	for _, m := range list {
		r.user.Append(mailbox, m.Raw, m.Date)
	}
}

var validity = regexp.MustCompile(`UIDVALIDITY \d+`)

// unsure are servers whose UIDs nobody can rely on.
var unsure = map[string]func(name, said string) string{
	"no UIDVALIDITY": func(_, said string) string {
		if strings.HasPrefix(said, "* OK [UIDVALIDITY") {
			return ""
		}
		return strings.Replace(validity.ReplaceAllString(said, ""), " )", ")", 1)
	},
	"UIDNOTSTICKY": neverTheSame(), // RFC 4315 §2: another UIDVALIDITY each time
}

// neverTheSame gives a mailbox another UIDVALIDITY each time it is selected.
func neverTheSame() func(name, said string) string {
	n := 100000
	return func(_, said string) string {
		if strings.HasPrefix(said, "* OK [UIDVALIDITY") {
			n++
			return fmt.Sprintf("* NO [UIDNOTSTICKY] Non-persistent UIDs\r\n* OK [UIDVALIDITY %d] x\r\n", n)
		}
		return said
	}
}

func TestWishesReachTheirMessagesWhereUIDsAreUnsure(t *testing.T) {
	for name, response := range unsure {
		t.Run(name, func(t *testing.T) {
			r, work := pair(t)
			r.odd = &mailtest.Odd{Response: response}
			r.user.Create("Old", mail.NoRole)
			start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			for i := 1; i <= 8; i++ {
				r.user.Append("Old", message(fmt.Sprint(i), "Hello, this is the text."), start)
			}
			r.start()
			r.close()
			r.shuffle("Old")
			r.open()
			m := r.bySubject("Old")
			r.do("deleted", mail.Targeted{Message: m["1"].Key, Change: mail.Expunge{}})
			r.do("starred", flag(m["2"], mail.Flagged, true))
			r.do("archived", to(mail.Move{To: r.mailbox("Archive").Key}, m["3"])...)
			r.do("copied", to(mail.Copy{To: r.mailbox("Trash").Key}, m["4"])...)
			r.do("moved over", to(mail.Move{To: r.mailboxOf("work", "Archive").Key}, m["5"])...)
			r.e.Start(t.Context())
			r.calm()
			for got, want := range map[string]string{
				sorted(r.onServer("Old")): `2\Flagged 4 6 7 8`, r.onServer("Archive") + " archived": "3 archived", r.onServer("Trash") + " copied": "4 copied",
				subjects(work, "Archive") + " over": "5 over",
			} {
				if got != want {
					t.Errorf("%q, want %q", got, want)
				}
			}
		})
	}
}

// TestWhatGoesToAnotherAccountIsWhatWasMeant: each of several messages is fetched by itself, and the first one shows that
// the UIDs of the others are those of other messages by now.
func TestWhatGoesToAnotherAccountIsWhatWasMeant(t *testing.T) {
	r, work := pair(t)
	r.user.Create("Old", mail.NoRole)
	for i := 1; i <= 6; i++ {
		r.user.Append("Old", message(fmt.Sprint(i), fmt.Sprintf("The text of %d.", i)), time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC))
	}
	r.start()
	r.close()
	r.shuffle("Old")
	r.open()
	m := r.bySubject("Old")
	r.do("moved over", to(mail.Move{To: r.mailboxOf("work", "Archive").Key}, m["1"], m["2"], m["3"])...)
	r.e.Start(t.Context())
	r.calm()
	if got := sorted(subjects(work, "Archive")); got != "1 2 3" {
		t.Errorf("arrived: %q", got)
	}
	for _, m := range work.Messages("Archive") {
		if n, text := numberAfter(m.Raw, "Subject: "), numberAfter(m.Raw, "The text of "); n != text || n == 0 {
			t.Errorf("arrived: %q", m.Raw)
		}
	}
	if got := sorted(r.onServer("Old")); got != "4 5 6" {
		t.Errorf("left: %q", got)
	}
}

func numberAfter(raw []byte, word string) (n int) {
	_, _ = fmt.Sscanf(after(string(raw), word), "%d", &n)
	return n
}

// TestCopiesThatAreMadeOneByOneAreOfWhatWasMeant: without UIDPLUS each is looked for in its target, which is selected then.
func TestCopiesThatAreMadeOneByOneAreOfWhatWasMeant(t *testing.T) {
	r := newRig(t, imap.CapUIDPlus)
	r.odd = &mailtest.Odd{Command: func(name, line string) string {
		if name == "UID COPY" && strings.ContainsAny(line, ":,") {
			return "$ NO One of them cannot be copied\r\n"
		}
		return ""
	}}
	r.deliver("INBOX", 1, 3)
	r.user.Append("Archive", message("one", "x"), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	r.user.Append("Archive", message("two", "x"), time.Date(2026, 1, 1, 0, 1, 0, 0, time.UTC))
	r.user.Append("Archive", message("three", "x"), time.Date(2026, 1, 1, 0, 2, 0, 0, time.UTC))
	r.start()
	r.do("copied", to(mail.Copy{To: r.mailbox("Archive").Key}, r.list("INBOX")...)...)
	r.calm()
	if got := sorted(r.onServer("Archive")); got != "1 2 3 one three two" {
		t.Errorf("on the server: %q", got)
	}
	r.agrees(r.user, "home", "Archive")
}
