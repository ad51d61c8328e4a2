package engine

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/mail/mailtest"
)

// odd is a rig whose server speaks oddly.
func odd(t *testing.T, o *mailtest.Odd, without ...imap.Cap) *rig {
	t.Helper()
	r := newRig(t, without...)
	r.odd = o
	return r
}

// times is how often a command was sent.
func (r *rig) times(name string) int {
	n := 0
	for _, c := range r.fault.Commands() {
		if c == name {
			n++
		}
	}
	return n
}

// once answers the first command of that name, and lets the others pass.
func once(name, answer string) func(string, string) string {
	done := false
	return func(command, _ string) string {
		if done || command != name {
			return ""
		}
		done = true
		return answer
	}
}

// said tells whether the log has a text.
func (r *rig) said(text string) bool {
	return slices.ContainsFunc(r.e.Log(), func(e Entry) bool { return strings.Contains(e.Text, text) })
}

func TestNoSayingOfAServerGivesAMessageAWrongUID(t *testing.T) {
	for name, change := range map[string]func(validity, from, to string) string{
		"none":                 func(v, from, to string) string { return "" },
		"Gmail's zero":         func(v, from, to string) string { return v + " " + from + " 0" },
		"a star":               func(v, from, to string) string { return v + " 1:* " + to },
		"swapped":              func(v, from, to string) string { return v + " " + to + " " + from },
		"fewer":                func(v, from, to string) string { return v + " " + from + " 1" },
		"the other validity":   func(v, from, to string) string { return "1" + v + " " + from + " " + to },
		"of another message":   func(v, from, to string) string { return v + " 2 1" },
		"the right ones twice": func(v, from, to string) string { return v + " " + from + "," + from + " " + to + "," + to },
	} {
		t.Run(name, func(t *testing.T) {
			r := odd(t, &mailtest.Odd{Response: func(_, said string) string {
				before, rest, ok := strings.Cut(said, "COPYUID ")
				args, after, _ := strings.Cut(rest, "]")
				f := strings.Fields(args)
				if !ok || len(f) != 3 {
					return said
				}
				if args = change(f[0], f[1], f[2]); args == "" {
					return before + "OVERQUOTA]" + after
				}
				return before + "COPYUID " + args + "]" + after
			}})
			r.deliver("INBOX", 1, 4)
			r.deliver("Archive", 8, 9)
			r.start()
			m := r.list("INBOX")
			to := mail.Move{To: r.mailbox("Archive").Key}
			r.do("archived 2 messages", mail.Targeted{Message: m[1].Key, Change: to}, mail.Targeted{Message: m[2].Key, Change: to})
			r.settle()
			r.do("starred 1 message", flag(m[2], mail.Flagged, true))
			r.settle()
			r.e.Refresh("")
			r.settle()
			if got := r.onServer("INBOX") + "|" + r.onServer("Archive"); got != `1 4|8 9 2\Flagged 3` {
				t.Errorf("on the server: %s", got)
			}
			a := r.list("Archive")
			if r.subjects("Archive") != "9 8 3 2" || a[2].Key != m[1].Key || a[3].Key != m[2].Key || !a[3].Flags.Has(mail.Flagged) {
				t.Errorf("shown: %+v", a)
			}
		})
	}
}

func TestGmailFilesWhatItSends(t *testing.T) {
	r := odd(t, &mailtest.Odd{Response: onGmail})
	r.start()
	if _, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello")); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if n := r.times("APPEND"); n != 0 {
		t.Errorf("%d copies of ours", n)
	}
	if outbox, err := r.store.Outbox(t.Context()); len(outbox) > 0 || err != nil || len(r.smtp.Accepted()) != 1 {
		t.Errorf("outbox %v, %v", outbox, err)
	}
}

func TestWhatHoldsEverythingComesLast(t *testing.T) {
	s := snapshot{fresh: map[mail.MailboxKey]bool{}, mailboxes: []cache.SyncState{
		{Key: 1, Name: "[Gmail]/All Mail", Role: mail.All}, {Key: 2, Name: "INBOX", Role: mail.Inbox}, {Key: 3, Name: "[Gmail]/Sent Mail", Role: mail.Sent}}}
	for _, want := range []mail.MailboxKey{2, 3, 1} {
		j := nextJob(s)
		if j.kind != jobSync || j.mailbox.Key != want {
			t.Errorf("next is %+v, want mailbox %d", j, want)
		}
		s.fresh[want] = true
	}
}

func TestOutlookIsKnownByItsHostAndFilesWhatItSends(t *testing.T) {
	ca := mailtest.NewAuthority(t.TempDir())
	r := odd(t, nil)
	const imapHost, smtpHost = "outlook.office365.com", "smtp.office365.com"
	certificate := ca.Certificate(func(c *x509.Certificate) { c.DNSNames = []string{imapHost, smtpHost} })
	r.odd = &mailtest.Odd{TLS: &tls.Config{Certificates: []tls.Certificate{certificate}}, Route: map[string]string{
		imapHost + ":993": r.account.IMAP.Address(), smtpHost + ":465": r.account.SMTP.Address()}}
	r.account.CAFile = ca.File
	r.account.IMAP = mail.Endpoint{Host: imapHost, Port: 993, Security: mail.TLS, User: r.account.IMAP.User}
	r.account.SMTP = mail.Endpoint{Host: smtpHost, Port: 465, Security: mail.TLS, User: r.account.SMTP.User}
	r.start()
	if _, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello")); err != nil {
		t.Fatal(err)
	}
	r.settle()
	outbox, err := r.store.Outbox(t.Context())
	if n := r.times("APPEND"); n != 0 || len(outbox) > 0 || err != nil || len(r.smtp.Accepted()) != 1 {
		t.Errorf("%d copies of ours, outbox %v, %v", n, outbox, err)
	}
}

func TestRefusalsForNowKeepTheWish(t *testing.T) {
	for _, answer := range []string{
		"$ NO [THROTTLED] too fast\r\n", "$ NO System Error (Failure)\r\n", "$ NO mailbox selected READ-ONLY\r\n", // Gmail, Gmail, Zimbra
		"$ NO [SERVERBUG] STORE Server error\r\n", "$ NO [INUSE] try again\r\n", "$ NO [LIMIT] try again\r\n", "$ NO [UNAVAILABLE] x\r\n",
		"$ BAD User is authenticated but not connected.\r\n", "* BYE restarting\r\n" + mailtest.HangUp,
		"Server Unavailable. 15\r\n" + mailtest.HangUp,
	} {
		t.Run(answer, func(t *testing.T) {
			r := odd(t, &mailtest.Odd{Command: once("UID STORE", answer)})
			r.deliver("INBOX", 1, 2)
			r.start()
			r.do("read 1 message", flag(r.list("INBOX")[0], mail.Seen, true))
			r.until("it was refused", func() bool { return r.said(words(answer)) })
			r.settle()
			if !r.list("INBOX")[0].Flags.Has(mail.Seen) {
				t.Error("it is not shown any more")
			}
			r.clock.forward(10 * time.Minute)
			r.e.Refresh("")
			r.until("the server has it", func() bool { return strings.Contains(r.onServer("INBOX"), `2\Seen`) })
			r.calm()
		})
	}
}

// words are what a server says for people.
func words(answer string) string {
	answer = strings.TrimSpace(strings.TrimSuffix(answer, mailtest.HangUp))
	for _, prefix := range []string{"$ NO ", "$ BAD ", "* BYE "} {
		answer = strings.TrimPrefix(answer, prefix)
	}
	if _, text, ok := strings.Cut(answer, "] "); ok {
		return text
	}
	return answer
}

func TestMessagesThatCannotBeFetchedHideNoOtherAndComeLater(t *testing.T) {
	var good atomic.Bool
	dropped := false
	r := odd(t, &mailtest.Odd{Response: func(name, said string) string {
		switch {
		case good.Load() || name != "UID FETCH":
			return said
		case strings.HasPrefix(said, "* ") && strings.Contains(said, "(UID 7 "):
			dropped = true
			return ""
		case dropped && !strings.HasPrefix(said, "* "):
			dropped = false
			return "$ NO Some messages could not be FETCHed (Failure)\r\n"
		}
		return said
	}})
	r.deliver("INBOX", 1, 30)
	r.start()
	if got := len(r.list("INBOX")); got != 29 {
		t.Errorf("%d of 30 shown", got)
	}
	before := r.times("UID FETCH")
	for range 3 {
		r.e.Refresh("")
		r.settle()
	}
	if n := r.times("UID FETCH") - before; n > 4 {
		t.Errorf("%d more times asked for it", n)
	}
	r.close()
	good.Store(true)
	r.start()
	r.e.Refresh("")
	r.settle()
	if got := len(r.list("INBOX")); got != 30 {
		t.Errorf("%d of 30 shown after the server recovered", got)
	}
}

func TestASearchThatLeavesMessagesOutDeletesNothing(t *testing.T) {
	r := odd(t, &mailtest.Odd{Response: func(name, said string) string {
		switch {
		case strings.HasPrefix(said, "* ESEARCH"):
			return "* ESEARCH (TAG \"x\") UID\r\n"
		case strings.HasPrefix(said, "* SEARCH"):
			return "* SEARCH 1\r\n"
		}
		return said
	}})
	r.deliver("INBOX", 1, 5)
	r.start()
	r.user.Expunge("INBOX", r.user.Messages("INBOX")[2].UID)
	r.until("what vanished is gone", func() bool { return len(r.list("INBOX")) == 4 })
	r.settle()
	if got := r.subjects("INBOX"); got != "5 4 2 1" {
		t.Errorf("shown: %s", got)
	}
}

func TestServersThatSayTooLittleOrTheWrongThingWork(t *testing.T) {
	for name, response := range map[string]func(name, said string) string{
		"163.com: no UIDNEXT": func(_, said string) string {
			if strings.Contains(said, "[UIDNEXT") {
				return ""
			}
			return said
		},
		"163.com: STATUS is wrong": func(_, said string) string {
			if rest, ok := strings.CutPrefix(said, "* STATUS "); ok {
				mailbox, _, _ := strings.Cut(rest, " (")
				return "* STATUS " + mailbox + " (MESSAGES 3 UNSEEN 0 UIDNEXT 0 UIDVALIDITY 1)\r\n"
			}
			return said
		},
		"Zoho: LIST-STATUS without STATUS": func(name, said string) string {
			if name == "LIST" && strings.HasPrefix(said, "* STATUS") {
				return ""
			}
			return said
		},
		"Purelymail: ESEARCH without UID": func(_, said string) string { return strings.Replace(said, ") UID ALL", ") ALL", 1) },
		"Courier: STATUS refused": func(name, said string) string {
			switch {
			case strings.HasPrefix(said, "* STATUS"):
				return ""
			case name == "STATUS" && !strings.HasPrefix(said, "* "):
				return "$ NO Unable to open this mailbox.\r\n"
			}
			return said
		},
		"chatter": func(name, said string) string {
			if name != "" && (strings.HasPrefix(said, "* LIST") || strings.Contains(said, " OK ")) {
				return "* X-UNKNOWN (1 \"2\r\n\r\n* OK [X-CODE (] fine\r\n* 99999999999 EXISTS\r\n* 4 RECENT\r\n" + said
			}
			return said
		},
	} {
		for _, without := range [][]imap.Cap{nil, {imap.CapMove}} {
			t.Run(fmt.Sprint(name, without), func(t *testing.T) {
				r := odd(t, &mailtest.Odd{Response: response}, without...)
				r.deliver("INBOX", 1, 5)
				r.deliver("Trash", 8, 9)
				r.start()
				everyErrand(r, false)
			})
		}
	}
}

func TestAnAppendThatStoresNothingIsNotRepeated(t *testing.T) {
	appends := 0
	r := odd(t, &mailtest.Odd{Command: func(name, _ string) string { // Proton Bridge, of a message it knows
		if name != "APPEND" {
			return ""
		}
		appends++
		return "$ OK [APPENDUID 1 99] APPEND\r\n"
	}})
	r.start()
	if _, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello")); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.e.Refresh("")
	r.settle()
	if outbox, err := r.store.Outbox(t.Context()); appends != 1 || len(outbox) > 0 || err != nil {
		t.Errorf("%d times, outbox %v, %v", appends, outbox, err)
	}
}

func TestSentIsMadeBelowINBOXWhereItMayNotBeBesideIt(t *testing.T) {
	r := odd(t, &mailtest.Odd{Command: func(name, line string) string { // Cyrus
		if name == "CREATE" && !strings.Contains(line, "INBOX") {
			return "$ NO [NOPERM] Permission denied\r\n"
		}
		return ""
	}})
	r.user.Delete("Sent")
	r.start()
	if _, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello")); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if got := r.onServer("INBOX/Sent"); got != `Hello\Seen` {
		t.Errorf("INBOX/Sent: %q", got)
	}
}

func TestASentMailboxThatIsNeverListedIsNotMadeForEver(t *testing.T) {
	creates := 0
	r := odd(t, &mailtest.Odd{Command: func(name, _ string) string {
		if name != "CREATE" {
			return ""
		}
		creates++
		return "$ OK made\r\n"
	}})
	r.user.Delete("Sent")
	r.start()
	if _, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello")); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if creates != 1 || !r.said("could not be filed") {
		t.Errorf("made %d times: %+v", creates, r.e.Log())
	}
}

func TestARefreshWhileTheMailboxesAreListedAsksAgain(t *testing.T) {
	var meanwhile atomic.Pointer[func()]
	r := odd(t, &mailtest.Odd{Response: func(name, said string) string {
		if name == "LIST" && !strings.HasPrefix(said, "* ") {
			if f := meanwhile.Swap(nil); f != nil {
				(*f)()
			}
		}
		return said
	}})
	r.deliver("Archive", 1, 2)
	r.start()
	f := func() { // the server has said how Archive stood
		r.user.Expunge("Archive", r.user.Messages("Archive")[0].UID)
		r.e.Refresh("")
	}
	meanwhile.Store(&f)
	r.e.Refresh("")
	r.settle()
	if got := r.subjects("Archive"); got != "2" || meanwhile.Load() != nil {
		t.Errorf("shown: %s", got)
	}
}

// TestAnUpdateOfProtonBridgeLosesNothing: all mailboxes have another UIDVALIDITY after it, and messages other UIDs, while
// something is wanted of them, and again before that is undone.
func TestAnUpdateOfProtonBridgeLosesNothing(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 4)
	r.deliver("Archive", 8, 9)
	r.start()
	update := func() {
		r.user.Renumber("INBOX")
		r.user.Renumber("Archive")
	}
	m := r.list("INBOX")
	r.e.Open(m[0].Key)
	r.settle()
	fetched := r.times("UID FETCH")
	r.away(func() {
		r.do("starred", flag(m[0], mail.Flagged, true))
		r.do("archived", mail.Targeted{Message: m[1].Key, Change: archive(r)})
		update()
	})
	if got := sorted(r.onServer("INBOX")) + "|" + sorted(r.onServer("Archive")); got != `1 2 4\Flagged|3 8 9` {
		t.Errorf("on the server: %s", got)
	}
	if fetched == r.times("UID FETCH") {
		t.Error("nothing was read again")
	}
	if l := r.list("INBOX"); len(l) != 3 || l[0].Key != m[0].Key || l[1].Key != m[2].Key || r.list("Archive")[2].Key != m[1].Key {
		t.Errorf("INBOX has the keys %v, it had %v", l, m)
	}
	if _, complete, err := r.store.Content(t.Context(), m[0].Key, "1"); !complete || err != nil {
		t.Errorf("what was read is to be fetched again: %v", err)
	}
	r.away(func() {
		update()
		r.undo()
		r.undo()
	})
	if got := sorted(r.onServer("INBOX")) + "|" + sorted(r.onServer("Archive")); got != `1 2 3 4|8 9` || r.unseen("INBOX") != 4 {
		t.Errorf("undone, on the server: %s, %d unread", got, r.unseen("INBOX"))
	}
}

// TestARefusalForGoodThatWasForNowLosesNothing: some servers say 550 5.5.0 while a filter of theirs is down.
func TestARefusalForGoodThatWasForNowLosesNothing(t *testing.T) {
	for _, stage := range []mailtest.Stage{mailtest.AtMail, mailtest.AtRcpt, mailtest.AtDot} {
		t.Run(string(stage), func(t *testing.T) {
			r := newRig(t)
			r.start()
			r.smtp.Make(mailtest.Trouble{Stage: stage, Code: 550, Times: 1})
			r.send("ben@example.org")
			r.settle()
			drafts, err := r.store.Drafts(t.Context())
			if err != nil || len(drafts) != 1 || len(r.smtp.Accepted()) != 0 || !r.said("550") && !r.said("refused by the test") {
				t.Fatalf("drafts %v, %v: %+v", drafts, err, r.e.Log())
			}
			d, err := compose.Unmarshal(drafts[0].Data)
			r.must(err)
			d.Key = drafts[0].Key
			_, err = r.e.Send(t.Context(), d)
			r.must(err)
			r.settle()
			r.sent(1)
			if drafts, err := r.store.Drafts(t.Context()); len(drafts) > 0 || !r.outboxIsEmpty() || err != nil {
				t.Errorf("left: %v, %v", drafts, err)
			}
		})
	}
}

// TestServersAreAskedForNewsAtAPoliteInterval: about mailboxes that nobody watches, where nothing else asks for it.
func TestServersAreAskedForNewsAtAPoliteInterval(t *testing.T) {
	r := newRig(t)
	r.open()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r.e.opt.Now = func() time.Time { return now }
	w := r.e.workers["home"]
	for ago, asks := range map[time.Duration]bool{0: false, time.Minute: false, 5*time.Minute - time.Second: false, 5 * time.Minute: true, 8 * time.Hour: true} {
		w.session, w.relist, w.listed = session{fresh: map[mail.MailboxKey]bool{}}, false, now.Add(-ago)
		look, err := w.look(t.Context())
		r.must(err)
		if rest := w.restFor(t.Context()); look.relist != asks || !asks && rest != 5*time.Minute-ago {
			t.Errorf("%v after the last time: asks %v, rests %v", ago, look.relist, rest)
		}
	}
}

// TestKeywordsThatAServerDoesNotKeepAreKeptHere: Exchange and hMailServer have the system flags only, and forget the others
// or refuse them.
func TestKeywordsThatAServerDoesNotKeepAreKeptHere(t *testing.T) {
	limited := regexp.MustCompile(`PERMANENTFLAGS \([^)]*\)`)
	r := odd(t, &mailtest.Odd{Response: func(_, said string) string {
		return limited.ReplaceAllLiteralString(said, `PERMANENTFLAGS (\Seen \Flagged \Deleted $Forwarded)`)
	}})
	r.deliver("INBOX", 1, 2)
	r.start()
	m := r.list("INBOX")[1]
	all := mail.FlagChange{Mask: mail.Muted | mail.Seen | mail.Forwarded, Want: mail.Muted | mail.Seen | mail.Forwarded, Add: "boat"}
	r.do("muted", mail.Targeted{Message: m.Key, Change: all})
	r.settle()
	if got := r.onServer("INBOX"); got != `1$Forwarded\Seen 2` && got != `1\Seen$Forwarded 2` {
		t.Errorf("on the server: %s", got)
	}
	kept := func(when, mailbox string, want mail.Flags, label mail.Keywords) {
		t.Helper()
		for _, one := range r.list(mailbox) {
			if one.Key == m.Key && one.Flags == want && one.Keywords == label {
				return
			}
		}
		t.Errorf("%s: %+v", when, r.list(mailbox))
	}
	uid := r.user.Messages("INBOX")[0].UID
	r.user.SetFlags("INBOX", uid, true, `\Flagged`)
	r.e.Refresh("")
	r.settle()
	kept("another program starred it", "INBOX", mail.Muted|mail.Seen|mail.Forwarded|mail.Flagged, "boat")
	r.do("archived", mail.Targeted{Message: m.Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
	r.settle()
	r.e.Refresh("")
	r.settle()
	kept("it was moved", "Archive", mail.Muted|mail.Seen|mail.Forwarded|mail.Flagged, "boat")
	r.do("muted no longer", mail.Targeted{Message: m.Key, Change: mail.FlagChange{Mask: mail.Muted, Del: "boat"}})
	r.settle()
	kept("muted no longer", "Archive", mail.Seen|mail.Forwarded|mail.Flagged, "")
}
