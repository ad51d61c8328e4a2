package imap

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

// as opens a session with a script as if it were a provider's host.
func as(t *testing.T, host, caps, transcript string) *Session {
	t.Helper()
	s := against(t, caps, transcript)
	s.caps.quirks(mail.Account{IMAP: mail.Endpoint{Host: host}, SMTP: mail.Endpoint{Host: host}})
	return s
}

func TestProvidersAreKnownByTheirHosts(t *testing.T) {
	for _, c := range []struct {
		caps, imap, smtp string
		want             Caps
	}{
		{"X-GM-EXT-1", "imap.gmail.com", "smtp.gmail.com", Caps{Gmail: true, FilesSent: true}},
		{"X-GM-EXT-1", "localhost", "localhost", Caps{Gmail: true, FilesSent: true}},
		{"X-GM-EXT-1", "imap.gmail.com", "email-smtp.example", Caps{Gmail: true}},
		{"", "Outlook.Office365.com", "smtp.office365.com", Caps{FilesSent: true, RenamesSent: true}},
		{"", "imap-mail.outlook.com", "mail.example", Caps{RenamesSent: true}},
		{"", "imappro.zoho.com", "smtppro.zoho.com", Caps{FilesSent: true}},
		{"", "imap.163.com", "smtp.163.com", Caps{FilesSent: true}},
		{"", "imap.mail.yahoo.com", "smtp.mail.yahoo.com", Caps{Limit: 1000}},
		{"MESSAGELIMIT=300", "imap.aol.com", "smtp.aol.com", Caps{Limit: 300}},
		{"", "imap.mail.me.com", "smtp.mail.me.com", Caps{}},
		{"", "notgmail.com", "notgmail.com", Caps{}},
	} {
		got := parseCaps(c.caps)
		got.quirks(mail.Account{IMAP: mail.Endpoint{Host: c.imap}, SMTP: mail.Endpoint{Host: c.smtp}})
		if got.FilesSent != c.want.FilesSent || got.RenamesSent != c.want.RenamesSent || got.Limit != c.want.Limit || got.Gmail != c.want.Gmail {
			t.Errorf("%s and %s with %q: %+v", c.imap, c.smtp, c.caps, got)
		}
	}
}

func TestGmailGivesTheRestOfAWindowAndTheMissingAreAskedOneByOneOnce(t *testing.T) {
	const no = "S: $ NO Some messages could not be FETCHed (Failure)\n"
	s := against(t, "X-GM-EXT-1", "C: $ UID FETCH 1:5 "+asking+"\n"+fetchLine(1, plain)+"\n"+fetchLine(3, plain)+"\n"+no+
		"C: $ UID FETCH 2,4:5 "+again+"\n"+no+
		"C: $ UID FETCH 5 "+asking+"\n"+fetchLine(5, plain)+"\nS: $ OK\n"+
		"C: $ UID FETCH 2,4 "+asking+"\n"+no+
		"C: $ UID FETCH 4 "+asking+"\n"+no+"C: $ UID FETCH 4 "+again+"\n"+no+
		"C: $ UID FETCH 2 "+asking+"\n"+no+"C: $ UID FETCH 2 "+again+"\n"+no+"C: $ NOOP\nS: $ OK")
	got := fetchAll(t, s, mail.NewUIDSet(1, 2, 3, 4, 5))
	if len(got) != 3 || got[2].UID != 5 || got[2].Structure == nil {
		t.Errorf("got %+v", got)
	}
	if _, err := s.Noop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestThrottledServersAreLeftAlone(t *testing.T) {
	s := against(t, "X-GM-EXT-1", "C: $ UID FETCH 1:4 "+asking+"\nS: $ NO [THROTTLED] later\nC: $ NOOP\nS: $ OK")
	err := s.Headers(t.Context(), mail.NewUIDSet(1, 2, 3, 4), func(mail.Header) error { return nil })
	if mail.KindOf(err) != mail.Temporary {
		t.Errorf("err = %v", err)
	}
	if _, err := s.Noop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestYahooRefusesLongRangesWithoutAWordAboutWhy(t *testing.T) {
	transcript := "C: $ UID FETCH 1:3000 …\nS: $ NO [SERVERBUG] UID FETCH Server error - Please try again later\n"
	for _, r := range []string{"1501:3000", "1:1500"} {
		transcript += "C: $ UID FETCH " + r + " …\n"
		lo, hi := 0, 0
		if _, err := fmt.Sscanf(r, "%d:%d", &lo, &hi); err != nil {
			t.Fatal(err)
		}
		for uid := hi; uid >= lo; uid-- { // in descending order, too
			transcript += fetchLine(uid, plain) + "\n"
		}
		transcript += "S: $ OK\n"
	}
	s := against(t, "", transcript+"C: $ UID STORE 1:1500 …\nS: $ OK\nC: $ UID STORE 1501:2000 …\nS: $ OK")
	if got := fetchAll(t, s, mail.UIDSet{{Lo: 1, Hi: 3000}}); len(got) != 3000 {
		t.Errorf("%d headers", len(got))
	}
	if err := s.StoreFlags(t.Context(), mail.UIDSet{{Lo: 1, Hi: 2000}}, true, mail.Seen, ""); err != nil {
		t.Error(err)
	}
}

// Yahoo offers CONDSTORE, has mailboxes without, and says BAD to a MODSEQ of 0 and where there is none. // RFC 7162 §3.1.2.2
func TestYahooIsNotAskedForAModSeqWhereThereIsNone(t *testing.T) {
	for name, says := range map[string]string{"NOMODSEQ": "S: * OK [NOMODSEQ] x\n", "0": "S: * OK [HIGHESTMODSEQ 0] x\n", "nothing": ""} {
		t.Run(name, func(t *testing.T) {
			s := as(t, "imap.mail.yahoo.com", "CONDSTORE", "C: $ SELECT INBOX (CONDSTORE)\nS: * 1 EXISTS\n"+says+"S: $ OK\n"+
				"C: $ UID FETCH 1 "+asking+"\n"+fetchLine(1, plain)+"\nS: $ OK\nC: $ UID FETCH 1 (UID FLAGS)\nS: * 1 FETCH (UID 1 FLAGS (\\Seen))\nS: $ OK")
			got, err := s.Select(t.Context(), "INBOX")
			if err != nil || got.HighestModSeq != 0 {
				t.Fatalf("%+v, %v", got, err)
			}
			if h := fetchAll(t, s, mail.NewUIDSet(1)); len(h) != 1 || h[0].ModSeq != 0 {
				t.Errorf("headers %+v", h)
			}
			seen := 0
			if err := s.Flags(t.Context(), mail.NewUIDSet(1), 0, func(mail.FlagUpdate) error { seen++; return nil }); err != nil || seen != 1 {
				t.Errorf("%d flags, %v", seen, err)
			}
		})
	}
}

func TestYahooIsAskedForNoMoreThanItTakes(t *testing.T) {
	s := as(t, "imap.mail.yahoo.com", "CONDSTORE", `C: $ UID STORE 5:1004 +FLAGS.SILENT (\Seen)
S: $ OK
C: $ UID STORE 1005:1500,1600:2103 +FLAGS.SILENT (\Seen)
S: $ OK
C: $ UID STORE 2104:2200 +FLAGS.SILENT (\Seen)
S: $ OK
C: $ UID SEARCH ALL
S: * SEARCH 9 8 7
S: $ OK
C: $ UID FETCH 7:9 (UID FLAGS) (CHANGEDSINCE 5)
S: * 2 FETCH (UID 8 FLAGS (\Seen) MODSEQ (6))
S: $ OK`)
	if err := s.StoreFlags(t.Context(), mail.UIDSet{{Lo: 5, Hi: 1500}, {Lo: 1600, Hi: 2200}}, true, mail.Seen, ""); err != nil {
		t.Error(err)
	}
	changed := 0
	if err := s.Flags(t.Context(), nil, 5, func(mail.FlagUpdate) error { changed++; return nil }); err != nil || changed != 1 {
		t.Errorf("%d changed, %v", changed, err)
	}
}

func TestLimitedFetchesGoOn(t *testing.T) {
	s := against(t, "", "C: $ UID FETCH 1:4 "+asking+"\n"+fetchLine(4, plain)+"\n"+fetchLine(3, plain)+"\nS: $ OK [MESSAGELIMIT 2 3] more\n"+
		"C: $ UID FETCH 1:2 "+asking+"\n"+fetchLine(2, plain)+"\n"+fetchLine(1, plain)+"\nS: $ OK")
	if got := fetchAll(t, s, mail.UIDSet{{Lo: 1, Hi: 4}}); len(got) != 4 {
		t.Errorf("got %+v", got)
	}
}

func TestSearchesThatLeaveMessagesOutAreNotBelieved(t *testing.T) {
	const open = "C: $ SELECT INBOX\nS: * 3 EXISTS\nS: $ OK\n"
	for name, c := range map[string]struct{ caps, said string }{
		"iCloud: ESEARCH of nothing": {"ESEARCH", "C: $ UID SEARCH RETURN (ALL) ALL\nS: * ESEARCH (TAG \"$\") UID\nS: $ OK\nC: $ UID SEARCH ALL\nS: * SEARCH 5 7 9\nS: $ OK"},
		"iCloud: no answer at all":   {"ESEARCH", "C: $ UID SEARCH RETURN (ALL) ALL\nS: $ OK SEARCH completed (took 2 ms)\nC: $ UID SEARCH ALL\nS: * SEARCH 5\nS: * SEARCH 7 9\nS: $ OK"},
		"ESEARCH refused":            {"ESEARCH", "C: $ UID SEARCH RETURN (ALL) ALL\nS: $ BAD RETURN\nC: $ UID SEARCH ALL\nS: * SEARCH 5 7 9\nS: $ OK"},
		"an index that lags behind":  {"", "C: $ UID SEARCH ALL\nS: * SEARCH 5 7\nS: $ OK\nC: $ UID SEARCH ALL\nS: * SEARCH 5 7\nS: $ OK\nC: $ UID FETCH 1:* (UID)\nS: * 1 FETCH (UID 5)\nS: * 2 FETCH (UID 7)\nS: * 3 FETCH (UID 9)\nS: $ OK"},
		"a bomb":                     {"ESEARCH", "C: $ UID SEARCH RETURN (ALL) ALL\nS: * ESEARCH (TAG \"$\") UID ALL 1:4294967295\nS: $ OK\nC: $ UID SEARCH ALL\nS: * SEARCH 9 7 5\nS: $ OK"},
		"SEARCH refused":             {"", "C: $ UID SEARCH ALL\nS: $ NO [SERVERBUG] x\nC: $ UID SEARCH ALL\nS: $ NO [SERVERBUG] x\nC: $ UID FETCH 1:* (UID)\nS: * 1 FETCH (UID 5)\nS: * 2 FETCH (UID 7)\nS: * 3 FETCH (UID 9)\nS: $ OK"},
		"Purelymail: without UID":    {"ESEARCH", "C: $ UID SEARCH RETURN (ALL) ALL\nS: * ESEARCH (TAG \"$\") ALL 5,7,9\nS: $ OK"},
	} {
		t.Run(name, func(t *testing.T) {
			s := against(t, c.caps, open+c.said)
			if _, err := s.Select(t.Context(), "INBOX"); err != nil {
				t.Fatal(err)
			}
			if got, err := s.UIDs(t.Context()); err != nil || got.String() != "5,7,9" {
				t.Errorf("UIDs = %v, %v", got, err)
			}
		})
	}
}

func TestICloudCannotSearchHeadersAndIsLookedThrough(t *testing.T) {
	s := against(t, "", "C: $ SELECT INBOX\nS: * 2 EXISTS\nS: $ OK\n"+`C: $ UID SEARCH HEADER Message-ID "<b@x>"
S: $ NO [UNAVAILABLE] Unexpected exception
C: $ UID SEARCH ALL
S: * SEARCH 5 7
S: $ OK
C: $ UID FETCH 5,7 …
S"* 1 FETCH (UID 5 BODY[HEADER.FIELDS (DATE)] {21}\r\nMessage-ID: <a@x>\r\n\r\n)\r\n"
S"* 2 FETCH (UID 7 BODY[HEADER.FIELDS (DATE)] {21}\r\nMessage-ID: <b@x>\r\n\r\n)\r\n"
S: $ OK`)
	if _, err := s.Select(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.FindMessageID(t.Context(), "b@x"); err != nil || got.String() != "7" {
		t.Errorf("found %v, %v", got, err)
	}
}

func TestOutlookIsSearchedForTheMessageIDItReplaced(t *testing.T) {
	s := as(t, "outlook.office365.com", "", `C: $ UID SEARCH OR HEADER Message-ID "<a@x>" HEADER X-Microsoft-Original-Message-ID "<a@x>"
S: * SEARCH 4
S: $ OK`)
	if got, err := s.FindMessageID(t.Context(), "a@x"); err != nil || got.String() != "4" {
		t.Errorf("found %v, %v", got, err)
	}
}

func TestOutlookThatIsNotConnectedIsAFailedConnection(t *testing.T) {
	for transcript, ask := range map[string]func(*Session) error{
		"C: $ LIST …":       func(s *Session) error { _, err := s.List(t.Context()); return err },
		"C: $ SELECT INBOX": func(s *Session) error { _, err := s.Select(t.Context(), "INBOX"); return err },
	} {
		s := against(t, "LIST-EXTENDED", transcript+"\nS: $ BAD User is authenticated but not connected.")
		var e *mail.Error
		if err := ask(s); !errors.As(err, &e) || e.Kind != mail.Offline || e.Said != "User is authenticated but not connected." {
			t.Errorf("%s: %+v", transcript, err)
		}
		if _, err := s.Noop(t.Context()); mail.KindOf(err) != mail.Offline {
			t.Errorf("the session lives on: %v", err)
		}
	}
}

func TestExchangeAnnouncesMoreThanItSends(t *testing.T) {
	for name, c := range map[string]struct {
		said, want string
		kind       mail.Kind
	}{
		"the rest of the line":  {`S"* 1 FETCH (UID 4 BODY[] {200}\r\nSubject: x\r\n\r\nHello (you)\r\n)\r\n"`, "Subject: x\r\n\r\nHello (you)\r\n", mail.Unknown},
		"nothing at all":        {`S"* 1 FETCH (UID 4 BODY[] {200}\r\n)\r\n"`, "", mail.Unknown},
		"not even the bracket":  {`S"* 1 FETCH (UID 4 BODY[] {200}\r\nHello\r\n"`, "", mail.Rejected},
		"not even the line end": {`S"* 1 FETCH (UID 4 BODY[] {200}\r\n"`, "", mail.Rejected},
	} {
		t.Run(name, func(t *testing.T) {
			s := against(t, "", "C: $ UID FETCH 4 (UID BODY.PEEK[])\n"+c.said+"\nS: $ OK done\nC: $ UID FETCH 5 (UID BODY.PEEK[])\n"+
				`S"* 2 FETCH (UID 5 BODY[] {5}\r\nWorld)\r\n"`+"\nS: $ OK done")
			if got, err := s.Part(t.Context(), 4, "", 0, 0); mail.KindOf(err) != c.kind || string(got) != c.want {
				t.Errorf("%q, %v", got, err)
			}
			if got, err := s.Part(t.Context(), 5, "", 0, 0); err != nil || string(got) != "World" {
				t.Errorf("the next: %q, %v", got, err)
			}
		})
	}
}

func TestExchangeTakesLeaveWithoutATag(t *testing.T) {
	s := against(t, "", "C: $ NOOP\nS: Server Unavailable. 15\nX:")
	_, err := s.Noop(t.Context())
	var e *mail.Error
	if !errors.As(err, &e) || e.Kind != mail.Offline || e.Said != "Server Unavailable. 15" {
		t.Errorf("err = %+v", err)
	}
}

func TestServersThatWantToKnowWhoComesAreToldBeforeTheFirstMailbox(t *testing.T) {
	sc := script(t, `S: * OK [CAPABILITY IMAP4rev1 XLIST ID AUTH=PLAIN] Coremail System IMap Server Ready(163com)
C: $ AUTHENTICATE PLAIN
S: +
C: …
S: $ OK AUTHENTICATE completed
C: $ CAPABILITY
S: * CAPABILITY IMAP4rev1 XLIST ID
S: $ OK
C: $ ID ("name" "posthorn"…)
S: * ID NIL
S: $ OK
C: $ SELECT INBOX
S: * 2 EXISTS
S: * OK [UIDVALIDITY 1] x
S: $ NO [ALERT] Unsafe Login. Please contact kefu@188.com for help`)
	s, err := Dial(t.Context(), local(mail.Insecure), "secret", Options{Dial: sc.Dial, Patience: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	var e *mail.Error
	if _, err := s.Select(t.Context(), "INBOX"); !errors.As(err, &e) || !strings.HasPrefix(e.Said, "Unsafe Login") {
		t.Errorf("err = %v", err)
	}
	if got := s.Alerts(); len(got) != 1 {
		t.Errorf("alerts %q", got)
	}
	s.Close()
	if err := sc.Check(); err != nil {
		t.Error(err)
	}
}

func TestBluemindPadsAndLabelsInItsOwnWay(t *testing.T) {
	s := against(t, "", "C: $ UID FETCH 4 (UID BODY.PEEK[1]<0.100>)\n"+`S"\x00\x00* 1 FETCH (UID 4 BODY[1]<0.100> {5}\r\nHello)\x00\x00\r\n\x00\x00"`+"\nS: $ OK")
	got, err := s.Part(t.Context(), 4, "1", 0, 100)
	if err != nil || string(got) != "Hello" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestHostileNamesAreNeitherCommandsNorControls(t *testing.T) {
	names := []string{`../../etc/passwd`, `/etc/passwd`, `\x1b]52;c;Q05SWQ==\x07`, `a\rb`, `&AAoADQ-`, `&IC4-gpj.exe`, `..`, `.`, `~/.ssh`, strings.Repeat("x", 999)}
	transcript := "C: $ LIST …\n"
	for _, n := range names {
		transcript += `S"* LIST () \"/\" \"` + n + `\"\r\n"` + "\n"
	}
	s := against(t, "", transcript+"S: $ OK\nC: $ LSUB …\nS: $ OK")
	got, err := s.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range got {
		if strings.ContainsAny(m.Name, "\r\n\x00") && !m.NoSelect {
			t.Errorf("%q could be put into a command", m.Name)
		}
		if line := mail.Line(m.Name); strings.ContainsAny(line, "\x1b\x07\r\n\u202e") {
			t.Errorf("%q shows as %q", m.Name, line)
		}
	}
	if len(got) < len(names)-1 {
		t.Errorf("%d of %d: %+v", len(got), len(names), got)
	}
}

func TestKeywordsWithoutNumberAreBounded(t *testing.T) {
	for n, want := range map[int]int{100_000: 2, 200_000: 1} { // the longer list is more than is kept of a line
		var list strings.Builder
		for i := range n {
			fmt.Fprintf(&list, "k%d ", i)
		}
		s := against(t, "", "C: $ UID FETCH 1:2 (UID FLAGS)\nS: * 1 FETCH (UID 1 FLAGS (\\Seen "+list.String()+"))\nS: * 2 FETCH (UID 2 FLAGS (\\Flagged))\nS: $ OK\nC: $ NOOP\nS: $ OK")
		var got []mail.FlagUpdate
		if err := s.Flags(t.Context(), mail.NewUIDSet(1, 2), 0, func(u mail.FlagUpdate) error { got = append(got, u); return nil }); err != nil {
			t.Fatal(err)
		}
		if len(got) != want || len(got[0].Keywords.List()) > 100 || got[want-1].Flags != mail.Flagged {
			t.Errorf("%d keywords: %d updates", n, len(got))
		}
		if news, err := s.Noop(t.Context()); news || err != nil {
			t.Errorf("news %v, %v", news, err)
		}
	}
}
