package engine

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// pair is a rig with a second account, work, on a server of its own, which is returned.
func pair(t *testing.T, without ...imap.Cap) (*rig, *mailtest.User) {
	t.Helper()
	r := newRig(t, without...)
	server, err := mailtest.NewServer(without...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	work := server.AddUser("anna", "secret")
	work.Create("Archive", mail.Archive)
	r.more = []mail.Account{work.Account("work", "anna@work.example", mail.Endpoint{})}
	return r, work
}

// lies is all that a mailbox holds: whole messages with their flags and dates, sorted.
func lies(u *mailtest.User, mailbox string) string {
	var out []string
	for _, m := range u.Messages(mailbox) {
		flags := slices.DeleteFunc(m.Flags, func(f string) bool { return f == `\Recent` })
		out = append(out, fmt.Sprintf("%s %s %q", flags, m.Date.UTC().Format(time.RFC3339), m.Raw))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// agrees demands that what is shown of a mailbox is what the server has.
func (r *rig) agrees(u *mailtest.User, account, mailbox string) {
	r.t.Helper()
	var shown, there []string
	for _, m := range r.listOf(r.mailboxOf(account, mailbox).Key) {
		shown = append(shown, m.Subject+flagNames(m.Flags))
	}
	for _, m := range u.Messages(mailbox) {
		subject, _, _ := strings.Cut(after(string(m.Raw), "Subject: "), "\r\n")
		flags := slices.DeleteFunc(m.Flags, func(f string) bool { return !strings.HasPrefix(f, `\`) || f == `\Recent` })
		if slices.Contains(flags, `\Deleted`) { // left behind where single messages cannot be expunged
			continue
		}
		there = append(there, subject+strings.Join(flags, ""))
	}
	slices.Sort(shown)
	slices.Sort(there)
	if !slices.Equal(shown, there) {
		r.t.Errorf("%s of %s: the server has %q, shown is %q", mailbox, account, there, shown)
	}
}

func to(c mail.Change, messages ...mail.Message) []mail.Targeted {
	out := make([]mail.Targeted, len(messages))
	for i, m := range messages {
		out[i] = mail.Targeted{Message: m.Key, Change: c}
	}
	return out
}

func TestCopiesSurviveACutAtEveryCommand(t *testing.T) {
	for name, without := range map[string][]imap.Cap{"all": nil, "no MOVE": {imap.CapMove}, "no UIDPLUS": {imap.CapUIDPlus}} {
		if without != nil && !mailtest.Thorough() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			everywhere(t, func(t *testing.T) *rig {
				r, work := pair(t, without...)
				r.work = work
				r.deliver("INBOX", 1, 5)
				work.Append("INBOX", message("there", "Hello"), time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC))
				return r
			}, func(r *rig) {
				m, there := r.list("INBOX"), r.listOf(r.mailboxOf("work", "INBOX").Key)
				r.do("starred", flag(m[1], mail.Flagged, true))
				r.do("copied", to(mail.Copy{To: r.mailbox("Archive").Key}, m[0], m[1])...)
				r.do("copied over", to(mail.Copy{To: r.mailboxOf("work", "Archive").Key}, m[1], m[2])...)
				r.do("moved over", to(mail.Move{To: r.mailboxOf("work", "Archive").Key}, m[3])...)
				r.do("and back", to(mail.Move{To: r.mailbox("Trash").Key}, there...)...)
			}, func(r *rig) string {
				work, out := r.work, ""
				for _, box := range []string{"INBOX", "Archive"} {
					r.agrees(work, "work", box)
					out += box + " of work:\n" + lies(work, box) + "\n"
				}
				for _, box := range []string{"INBOX", "Archive", "Trash"} {
					r.agrees(r.user, "home", box)
					out += box + ":\n" + lies(r.user, box) + "\n"
				}
				return out
			})
		})
	}
}

func TestWhatGoesToAnotherAccountArrivesToTheLastOctet(t *testing.T) {
	r, work := pair(t)
	large := message("large", strings.Repeat("A line of a large message, and 8 bits: \xc3\xa9\xff.\r\n", 3*partRange/48))
	date := time.Date(2019, 12, 31, 23, 59, 58, 0, time.FixedZone("", -5*3600))
	r.user.Append("INBOX", large, date, imap.FlagSeen, imap.FlagAnswered, "$Forwarded", "holiday")
	r.user.Append("INBOX", append(message("no end of line", ""), "."...), date)
	r.user.Append("INBOX", message("again", "x"), date, imap.FlagDraft)
	want := lies(r.user, "INBOX")
	r.start()
	archive := r.mailboxOf("work", "Archive").Key
	r.do("copied", to(mail.Copy{To: archive}, r.list("INBOX")...)...)
	r.settle()
	if got := lies(work, "Archive"); got != want {
		t.Errorf("arrived as\n%.400s\nwant\n%.400s", got, want)
	}
	r.do("moved", to(mail.Move{To: r.mailboxOf("work", "INBOX").Key}, r.list("INBOX")...)...)
	r.settle()
	if got := lies(work, "INBOX"); got != want || len(r.user.Messages("INBOX")) != 0 {
		t.Errorf("moved as\n%.400s\nwant\n%.400s", got, want)
	}
	if _, err := r.e.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if got := lies(r.user, "INBOX"); got != want || len(work.Messages("INBOX")) != 0 {
		t.Errorf("came back as\n%.400s\nwant\n%.400s", got, want)
	}
	if _, err := r.e.Redo(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if got := lies(work, "INBOX"); got != want || len(r.user.Messages("INBOX")) != 0 {
		t.Errorf("moved again as\n%.400s\nwant\n%.400s", got, want)
	}
}

func TestTenThousandAreCopiedInAHandfulOfCommands(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 10000)
	r.start()
	r.e.Refresh("")
	r.until("all headers are here", func() bool { return r.mailbox("INBOX").Total == 10000 })
	r.settle()
	before := r.times("UID COPY")
	r.do("copied 10,000 messages", to(mail.Copy{To: r.mailbox("Archive").Key}, r.list("INBOX")...)...)
	if n := len(r.list("Archive")); n != 10000 {
		t.Errorf("%d are shown at once", n)
	}
	r.settle()
	if n := r.times("UID COPY") - before; n > 10 {
		t.Errorf("%d commands", n)
	}
	if n := len(r.user.Messages("Archive")); n != 10000 {
		t.Errorf("%d arrived", n)
	}
	r.agrees(r.user, "home", "Archive")
	if _, err := r.e.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(r.list("Archive")); n != 0 {
		t.Errorf("%d are shown after undo", n)
	}
	r.settle()
	if n := len(r.user.Messages("Archive")); n != 0 {
		t.Errorf("%d stayed", n)
	}
	if n := len(r.user.Messages("INBOX")); n != 10000 {
		t.Errorf("%d are left of what was copied", n)
	}
}

func TestWhatIsCopiedAndMovedOfflineArrivesOnline(t *testing.T) {
	r, work := pair(t)
	r.deliver("INBOX", 1, 3)
	want := lies(r.user, "INBOX")
	r.start()
	r.fault.Down(true)
	r.until("offline", func() bool {
		return !slices.ContainsFunc(r.e.States(), func(s State) bool { return s.Phase != Offline })
	})
	r.do("copied", to(mail.Copy{To: r.mailboxOf("work", "Archive").Key}, r.list("INBOX")...)...)
	r.do("copied", to(mail.Copy{To: r.mailbox("Archive").Key}, r.list("INBOX")...)...)
	r.do("moved", to(mail.Move{To: r.mailboxOf("work", "INBOX").Key}, r.list("INBOX")...)...)
	for _, key := range []mail.MailboxKey{r.mailboxOf("work", "Archive").Key, r.mailbox("Archive").Key, r.mailboxOf("work", "INBOX").Key} {
		if n := len(r.listOf(key)); n != 3 {
			t.Errorf("%d are shown in mailbox %d", n, key)
		}
	}
	r.close() // and another day
	r.fault.Down(false)
	r.start()
	r.calm()
	for _, got := range []string{lies(work, "Archive"), lies(work, "INBOX"), lies(r.user, "Archive")} {
		if got != want {
			t.Errorf("arrived as\n%s\nwant\n%s", got, want)
		}
	}
	if n := len(r.user.Messages("INBOX")); n != 0 {
		t.Errorf("%d were left behind", n)
	}
}

func TestACopyThatIsRefusedKeepsTheSource(t *testing.T) {
	for name, c := range map[string]struct {
		command, answer string
		change          func(key mail.MailboxKey) mail.Change
		account, says   string
	}{
		"COPY": {"UID COPY", "$ NO That mailbox is read-only\r\n", func(k mail.MailboxKey) mail.Change { return mail.Copy{To: k} }, "home",
			"The copy of 2 messages to Archive was undone here: That mailbox is read-only."},
		"copied over": {"APPEND", "$ NO Message too big\r\n", func(k mail.MailboxKey) mail.Change { return mail.Copy{To: k} }, "work",
			"The copy of “1” to Archive of work was undone here: Message too big."},
		"moved over": {"APPEND", "$ NO [TOOBIG] Message too big\r\n", func(k mail.MailboxKey) mail.Change { return mail.Move{To: k} }, "work",
			"The move of “2” to Archive of work was undone here: Message too big."},
		"no target": {"APPEND", "$ NO [TRYCREATE] There is no such mailbox\r\n", func(k mail.MailboxKey) mail.Change { return mail.Move{To: k} }, "work",
			"The move of “1” to Archive of work was undone here: There is no such mailbox."},
	} {
		t.Run(name, func(t *testing.T) {
			r, work := pair(t)
			r.odd = &mailtest.Odd{Command: func(name, _ string) string {
				if name == c.command {
					return c.answer
				}
				return ""
			}}
			r.deliver("INBOX", 1, 2)
			want := lies(r.user, "INBOX")
			r.start()
			r.do("sent over", to(c.change(r.mailboxOf(c.account, "Archive").Key), r.list("INBOX")...)...)
			r.settle()
			r.e.Refresh("")
			r.calm()
			if got := lies(r.user, "INBOX"); got != want || r.subjects("INBOX") != "2 1" {
				t.Errorf("the source is now %s, shown is %q", got, r.subjects("INBOX"))
			}
			for u, account := range map[*mailtest.User]string{r.user: "home", work: "work"} {
				if n := len(u.Messages("Archive")) + len(r.listOf(r.mailboxOf(account, "Archive").Key)); n != 0 {
					t.Errorf("%d are in the target of %s, or shown there", n, account)
				}
			}
			if !r.said(c.says) {
				t.Errorf("not said %q: %+v", c.says, r.e.Log())
			}
		})
	}
}

func TestWhatIsOverQuotaWaitsWithItsSource(t *testing.T) {
	r, work := pair(t)
	var full atomic.Bool
	full.Store(true)
	r.odd = &mailtest.Odd{Command: func(name, _ string) string {
		if name == "APPEND" && full.Load() {
			return "$ NO [OVERQUOTA] The mailbox is full\r\n"
		}
		return ""
	}}
	r.deliver("INBOX", 1, 3)
	want := lies(r.user, "INBOX")
	r.start()
	r.do("moved", to(mail.Move{To: r.mailboxOf("work", "Archive").Key}, r.list("INBOX")...)...)
	r.until("it is put off", func() bool { return r.said("The mailbox is full") })
	r.settle()
	if got := lies(r.user, "INBOX"); got != want {
		t.Errorf("the source is now %s", got)
	}
	groups, err := r.store.Wishes(t.Context())
	if err != nil || len(groups) != 1 || groups[0].Messages != 3 || !strings.Contains(groups[0].LastError, "The mailbox is full") || groups[0].ToAccount != "work" {
		t.Fatalf("waits: %+v (%v)", groups, err)
	}
	full.Store(false)
	if err := r.e.Retry(t.Context(), groups[0]); err != nil {
		t.Fatal(err)
	}
	r.calm()
	if got := lies(work, "Archive"); got != want || len(r.user.Messages("INBOX")) != 0 {
		t.Errorf("arrived as\n%s\nwant\n%s", got, want)
	}
}

func TestATargetThatVanishedKeepsTheCopyBack(t *testing.T) {
	r, work := pair(t)
	work.Create("Old", mail.NoRole)
	r.user.Create("Old", mail.NoRole)
	r.deliver("INBOX", 1, 2)
	r.start()
	m := r.list("INBOX")
	r.fault.Down(true)
	r.until("offline", func() bool {
		return !slices.ContainsFunc(r.e.States(), func(s State) bool { return s.Phase != Offline })
	})
	r.do("moved", to(mail.Move{To: r.mailboxOf("work", "Old").Key}, m[0])...)
	r.do("copied", to(mail.Copy{To: r.mailboxOf("home", "Old").Key}, m[1])...)
	work.Delete("Old")
	r.user.Delete("Old")
	r.fault.Down(false)
	r.kept = 2
	r.e.Refresh("")
	r.calm()
	if got := r.onServer("INBOX"); got != "1 2" || r.subjects("INBOX") != "2 1" {
		t.Errorf("the source is %q, shown %q", got, r.subjects("INBOX"))
	}
	if got := r.wishes(); len(got) != 2 || got[0].Missing != "Old" || got[1].Missing != "Old" || !r.said("Old is not on the server any more. What was to go there stays") {
		t.Errorf("waiting %+v, log %+v", got, r.e.Log())
	}
	work.Create("Old", mail.NoRole)
	r.user.Create("Old", mail.NoRole)
	r.kept = 0
	r.e.Refresh("")
	r.calm()
	if got := r.onServer("INBOX") + "|" + r.onServer("Old") + "|" + subjects(work, "Old"); got != "1|1|2" {
		t.Errorf("when they are there again: %s", got)
	}
}

func TestWhatIsGoneBeforeItIsCopiedIsSaid(t *testing.T) {
	r, work := pair(t)
	r.deliver("INBOX", 1, 2)
	r.start()
	m := r.list("INBOX")
	r.fault.Down(true)
	r.until("offline", func() bool {
		return !slices.ContainsFunc(r.e.States(), func(s State) bool { return s.Phase != Offline })
	})
	r.do("copied", to(mail.Copy{To: r.mailboxOf("work", "Archive").Key}, m...)...)
	r.user.Expunge("INBOX", r.user.Messages("INBOX")[0].UID)
	r.fault.Down(false)
	r.e.Refresh("")
	r.calm()
	if got := lies(work, "Archive"); !bytes.Contains([]byte(got), []byte("Subject: 2")) || strings.Count(got, "\n") != 0 {
		t.Errorf("arrived: %s", got)
	}
	r.agrees(work, "work", "Archive")
	// INBOX is read first, or the copy is tried first.
	if !r.said("The copy of “1” to Archive of work was undone here: the message is not on the server any more.") &&
		!r.said("“1” was not copied: somebody deleted or moved it on the server before.") &&
		!r.said("Given up, as no folder on the server has the message any more: 1 change.") {
		t.Errorf("not said: %+v", r.e.Log())
	}
}

func TestALargeSetThatIsRefusedIsNotTriedMessageByMessage(t *testing.T) {
	r, sent := newRig(t), 0
	r.odd = &mailtest.Odd{Command: func(name, _ string) string {
		if name == "UID MOVE" {
			sent++
			return "$ NO Not allowed\r\n"
		}
		return ""
	}}
	r.deliver("INBOX", 1, 100)
	r.start()
	r.do("moved", to(mail.Move{To: r.mailbox("Archive").Key}, r.list("INBOX")...)...)
	r.settle()
	if sent != hopeless+1 {
		t.Errorf("%d commands", sent)
	}
	if n := len(r.list("INBOX")); n != 100 || !r.said("The move of 100 messages to Archive was undone here: Not allowed.") {
		t.Errorf("%d are shown, and it says %+v", n, r.e.Log())
	}
}
