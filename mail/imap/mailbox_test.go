package imap

import (
	"testing"

	"posthorn/mail"
)

func TestSelectForgivesWhatServersLeaveOutOrGarble(t *testing.T) {
	cases := map[string]struct {
		said string
		want mail.Selected
	}{
		"nothing but the count": {"S: * 3 EXISTS\nS: $ OK [READ-WRITE] done", mail.Selected{Exists: 3}},
		"numbers out of range":  {"S: * OK [UIDNEXT 99999999999] x\nS: * OK [UIDVALIDITY 0] x\nS: * 3 EXISTS\nS: $ OK", mail.Selected{Exists: 3}},
		"read only":             {"S: * OK [UIDVALIDITY 7] x\nS: * OK [UIDNEXT 4] x\nS: * 0 EXISTS\nS: $ OK [READ-ONLY] done", mail.Selected{UIDNext: 4, UIDValidity: 7, ReadOnly: true}},
		"unknown data": {`S: * VANISHED (EARLIER) 1:5
S: * 23 EXISTS
S: * GARBAGE (1 2 "3
S"\r\n"
S: * FLAGS (\Seen \ ])
S: * OK [PERMANENTFLAGS (\*
S: * OK [HIGHESTMODSEQ 715194045007] x
S: + what
S: * OK [UIDNEXT 5] {12}
S: $ ok [read-only]`, mail.Selected{Exists: 23, UIDNext: 5, HighestModSeq: 715194045007, ReadOnly: true}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := against(t, "CONDSTORE", "C: $ SELECT \"Caf&AOk-\" (CONDSTORE)\n"+c.said)
			got, err := s.Select(t.Context(), "Café")
			if err != nil || got != c.want {
				t.Errorf("Select = %+v, %v, want %+v", got, err, c.want)
			}
		})
	}
}

func TestWhatChangesWhileAMailboxIsOpenedIsNews(t *testing.T) {
	for name, c := range map[string]struct {
		said   string
		exists int
		news   bool
	}{
		"nothing":             {"S: * 3 EXISTS\nS: * 3 EXISTS\nS: $ OK", 3, false},
		"one goes":            {"S: * 3 EXISTS\nS: * OK [UIDNEXT 4] x\nS: * 2 EXPUNGE\nS: $ OK", 2, true},
		"one comes":           {"S: * 3 EXISTS\nS: * OK [UIDNEXT 4] x\nS: * 4 EXISTS\nS: $ OK", 4, true},
		"one goes, one comes": {"S: * 3 EXISTS\nS: * OK [UIDNEXT 4] x\nS: * 2 EXPUNGE\nS: * 3 EXISTS\nS: $ OK", 3, true},
		"the higher first":    {"S: * 3 EXISTS\nS: * 3 EXPUNGE\nS: * 2 EXPUNGE\nS: $ OK", 1, true}, // Exchange
		"the lower first":     {"S: * 3 EXISTS\nS: * 2 EXPUNGE\nS: * 2 EXPUNGE\nS: $ OK", 1, true},
		"in the one before":   {"S: * 2 EXPUNGE\nS: * OK [CLOSED] x\nS: * 3 EXISTS\nS: $ OK", 3, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := against(t, "", "C: $ SELECT INBOX\n"+c.said)
			got, err := s.Select(t.Context(), "INBOX")
			if news := s.told(); err != nil || got.Exists != c.exists || news != c.news {
				t.Errorf("%d exist, news %v, %v; want %d, %v", got.Exists, news, err, c.exists, c.news)
			}
		})
	}
}

func TestMoveBelievesOnlyUIDsThatFitTogether(t *testing.T) {
	for name, c := range map[string]struct {
		said  string
		known bool
	}{
		"COPYUID untagged":  {"S: * OK [COPYUID 9 3:4 11:12] x\nS: * 1 EXPUNGE\nS: $ OK", true},
		"COPYUID tagged":    {"S: $ OK [COPYUID 9 3,4 11:12] x", true},
		"Gmail's zero":      {"S: * OK [COPYUID 9 3:4 0] x\nS: $ OK", false},
		"none":              {"S: $ OK [COPYUID] x", false},
		"too many":          {"S: $ OK [COPYUID 9 1:4294967295 1:4294967295] x", false},
		"different lengths": {"S: $ OK [COPYUID 9 3:4 11] x", false},
		"fewer of both":     {"S: $ OK [COPYUID 9 3 11] x", true},
		"Gmail's star":      {"S: $ OK [COPYUID 1 1:* 11:12] x", false},
		"validity of 0":     {"S: $ OK [COPYUID 0 3:4 11:12] x", false},
		"two arguments":     {"S: $ OK [COPYUID 9 11:12] x", false},
		"swapped":           {"S: $ OK [COPYUID 9 11:12 3:4] x", false},
		"partly others":     {"S: $ OK [COPYUID 9 3,7 11:12] x", false},
		"one twice":         {"S: $ OK [COPYUID 9 3:4 11,11] x", false},
		"backwards":         {"S: $ OK [COPYUID 9 3:4 12:11] x", false},
		"out of range":      {"S: $ OK [COPYUID 9 3:4 4294967296,1] x", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := against(t, "MOVE", "C: $ UID MOVE 3:4 \"Archive\"\n"+c.said)
			m, err := s.Move(t.Context(), mail.NewUIDSet(3, 4), "Archive")
			if err != nil || m.Known != c.known || m.Known && (m.Pairs[3] != 11 || m.Pairs[4] != 12 && name != "fewer of both" || m.Validity != 9) {
				t.Errorf("Move = %+v, %v", m, err)
			}
		})
	}
}

func TestListReadsOddMailboxes(t *testing.T) {
	s := against(t, "LIST-EXTENDED SPECIAL-USE LIST-STATUS", `C: $ LIST "" "*" RETURN (SUBSCRIBED SPECIAL-USE STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY))
S: * LIST (\Subscribed) "/" inbox
S: * STATUS Inbox (MESSAGES 3 UIDNEXT 99999999999 X-ODD (1 2) UNSEEN 1)
S: * LIST (\sent \HasNoChildren) "/" "Gesendete Objekte"
S: * LIST (\Noselect) "//" Alle
S"* LIST () nil \"Caf\xe9\"\r\n"
S: * LIST () "/" &Jjo-!
S: * LIST () "/" "A &- B" ("OLDNAME" ("x"))
S"* LIST () \"/\" {9}\r\nx\r\nA DELE\r\n"
S: * LIST (\Trash) "/"
S: * LIST () "/" "Gesendete Objekte"
S: $ OK`)
	got, err := s.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []mail.Listed{
		{Name: "INBOX", Delimiter: "/", Role: mail.Inbox, Subscribed: true, Status: &mail.Status{Messages: 3, Unseen: 1}},
		{Name: "Gesendete Objekte", Delimiter: "/", Role: mail.Sent},
		{Name: "Alle", NoSelect: true},
		{Name: "Caf\uFFFD", NoSelect: true},
		{Name: "☺!", Delimiter: "/"},
		{Name: "A & B", Delimiter: "/"},
		{Name: "x\r\nA DELE", Delimiter: "/", NoSelect: true},
	}
	if len(got) != len(want) {
		t.Fatalf("List = %+v", got)
	}
	for i, w := range want {
		g := got[i]
		if (g.Status == nil) != (w.Status == nil) || g.Status != nil && *g.Status != *w.Status {
			t.Errorf("status of %q = %+v", g.Name, g.Status)
		}
		g.Status, w.Status = nil, nil
		if g != w {
			t.Errorf("listed %+v, want %+v", g, w)
		}
	}
}

func TestListFallsBackWhenOptionsAreRefused(t *testing.T) {
	s := against(t, "LIST-EXTENDED", `C: $ LIST "" "*" RETURN (SUBSCRIBED)
S: $ BAD no such thing
C: $ LIST "" "*"
S: * LIST () "." a
S: * LIST () "." b
S: $ OK
C: $ LSUB "" "*"
S: * LSUB () "." b
S: * LSUB () "." gone
S: $ NO not all`)
	got, err := s.List(t.Context())
	if err != nil || len(got) != 2 || got[0].Subscribed || !got[1].Subscribed {
		t.Errorf("List = %+v, %v", got, err)
	}
}

func TestSearchAnswersOfAllKindsAreRead(t *testing.T) {
	for name, c := range map[string]struct{ caps, asked, said, want string }{
		"plain":              {"", "UID SEARCH ALL", "S: * SEARCH 5 3 4 99999999999 0 x 9 (MODSEQ 12)", "3:5,9"},
		"plain, empty":       {"", "UID SEARCH ALL", "S: * SEARCH", ""},
		"extended":           {"ESEARCH", "UID SEARCH RETURN (ALL) ALL", `S: * ESEARCH (TAG "$") UID ALL 1:4294967295`, "1:4294967295"},
		"without UID":        {"ESEARCH", "UID SEARCH RETURN (ALL) ALL", `S: * ESEARCH (TAG "$") ALL 3,9:7 COUNT 4`, "3,7:9"},
		"without anything":   {"ESEARCH", "UID SEARCH RETURN (ALL) ALL", `S: * ESEARCH`, ""},
		"plain for extended": {"ESEARCH", "UID SEARCH RETURN (ALL) ALL", `S: * SEARCH 1 2`, "1:2"},
	} {
		t.Run(name, func(t *testing.T) {
			s := against(t, c.caps, "C: $ "+c.asked+"\n"+c.said+"\nS: $ OK")
			got, err := s.UIDs(t.Context())
			if err != nil || got.String() != c.want {
				t.Errorf("UIDs = %v, %v", got, err)
			}
		})
	}
}
