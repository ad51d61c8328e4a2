package smtp

import (
	"fmt"
	"strings"
	"testing"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// conversation is a transcript up to and including a login without password, with what the server offers.
func conversation(offer, rest string) string {
	var b strings.Builder
	b.WriteString("S: 220 ready\nC: EHLO [127.0.0.1]\n")
	for line := range strings.FieldsFuncSeq(offer, func(r rune) bool { return r == ',' }) {
		fmt.Fprintf(&b, "S: 250-%s\n", line)
	}
	return b.String() + "S: 250 HELP\n" + rest
}

// transfer is a whole transaction that the server likes.
func transfer(mailFrom, dataLines, answer string) string {
	return "C: " + mailFrom + "\nS: 250 ok\nC: RCPT TO:<ben@example.org>\nS: 250 ok\nC: DATA\nS: 354 go on\n" + dataLines + "C: .\nS: " + answer + "\n"
}

const (
	quit  = "C: QUIT\nS: 221 bye\nX:\n"
	lines = "C: From: anna@example.org\nC: To: ben@example.org\nC: Subject: hello\nC: \nC: How are you?\n"
)

func TestExtensionsAreUsedWhereOfferedInAnyCase(t *testing.T) {
	utf8 := strings.Replace(letter, "hello", "héllo", 1)
	eight := strings.Replace(letter, "you?", "yöu?", 1)
	for name, c := range map[string]struct{ offer, msg, want string }{
		"none":                  {"server", letter, "MAIL FROM:<anna@example.org>"},
		"size":                  {"server,SIZE 1000", letter, fmt.Sprintf("MAIL FROM:<anna@example.org> SIZE=%d", len(letter))},
		"size without a limit":  {"server,SIZE", letter, fmt.Sprintf("MAIL FROM:<anna@example.org> SIZE=%d", len(letter))},
		"size 0 is no limit":    {"server,SIZE 0", letter, fmt.Sprintf("MAIL FROM:<anna@example.org> SIZE=%d", len(letter))},
		"lower case":            {"server,size 1000,8bitmime", letter, fmt.Sprintf("MAIL FROM:<anna@example.org> BODY=8BITMIME SIZE=%d", len(letter))},
		"8-bit text":            {"server,8BITMIME", eight, "MAIL FROM:<anna@example.org> BODY=8BITMIME"},
		"8-bit header":          {"server,8BITMIME,SMTPUTF8", utf8, "MAIL FROM:<anna@example.org> BODY=8BITMIME SMTPUTF8"},
		"UTF8 only when needed": {"server,8BITMIME,SMTPUTF8", letter, "MAIL FROM:<anna@example.org> BODY=8BITMIME"},
	} {
		data := strings.NewReplacer("C: Subject: hello", "C: Subject: …", "C: How are you?", "C: How are …").Replace(lines)
		s, a := script(t, conversation(c.offer, transfer(c.want, data, "250 ok")+quit))
		out, err := Send(t.Context(), a, "", Options{Dial: s.Dial}, anna, []string{"ben@example.org"}, []byte(c.msg), proceed)
		if err != nil || len(out.Accepted) != 1 {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatTheServerCannotCarryIsRefusedInWordsBeforeAnythingIsSent(t *testing.T) {
	for name, c := range map[string]struct{ offer, to, msg, want string }{
		"too big":            {"server,SIZE 2048", "ben@example.org", letter + strings.Repeat("x\r\n", 1000), "the message has 3 KiB, the server takes 2 KiB"},
		"address in Unicode": {"server,8BITMIME", "bén@example.org", letter, "plain ASCII letters"},
		"header in Unicode":  {"server,8BITMIME", "ben@example.org", strings.Replace(letter, "hello", "héllo", 1), "plain ASCII letters"},
		"8-bit text":         {"server,SMTPUTF8", "ben@example.org", strings.Replace(letter, "you?", "yöu?", 1), "only 7-bit"},
	} {
		s, a := script(t, conversation(c.offer, "X:\n"))
		stages := 0
		_, err := Send(t.Context(), a, "", Options{Dial: s.Dial}, anna, []string{c.to}, []byte(c.msg), func(Stage, []Refusal) error { stages++; return nil })
		if mail.KindOf(err) != mail.Rejected || !strings.Contains(err.Error(), c.want) || stages > 0 {
			t.Errorf("%s: %v, %d stages", name, err, stages)
		}
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestServerWithoutEHLOStillTakesMail(t *testing.T) {
	s, a := script(t, "S: 220 ready\nC: EHLO [127.0.0.1]\nS: 502 what\nC: HELO [127.0.0.1]\nS: 250 hello\n"+
		transfer("MAIL FROM:<anna@example.org>", lines, "250 ok")+quit)
	if out, err := Send(t.Context(), a, "", Options{Dial: s.Dial}, anna, []string{"ben@example.org"}, []byte(letter), proceed); err != nil || len(out.Accepted) != 1 {
		t.Errorf("%+v, %v", out, err)
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}

func TestLoginFallsBackToLOGIN(t *testing.T) {
	s, a := script(t, conversation("server,AUTH CRAM-MD5 LOGIN", "C: AUTH LOGIN\nS: 334 VXNlciBOYW1lAA==\nC: YW5uYUBleGFtcGxlLm9yZw==\nS: 334 UGFzc3dvcmQA\nC: Q05SWVNFQ1JFVA==\nS: 235 ok\n"+
		transfer("MAIL FROM:<anna@example.org>", lines, "250 ok")+quit))
	if out, err := send(t, a, Options{Dial: s.Dial}, "ben@example.org"); err != nil || len(out.Accepted) != 1 {
		t.Errorf("%+v, %v", out, err)
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}

func TestServerThatKnowsNoPasswordsIsSaid(t *testing.T) {
	s, a := script(t, conversation("server,AUTH GSSAPI XOAUTH2", "X:\n"))
	if _, err := send(t, a, Options{Dial: s.Dial}, "ben@example.org"); mail.KindOf(err) != mail.Auth || !strings.Contains(err.Error(), "only GSSAPI, XOAUTH2") {
		t.Errorf("%v", err)
	}
}

func TestAnswerToTheMessageIsJudgedByItsFirstDigit(t *testing.T) {
	for answer, want := range map[string]struct {
		kind     mail.Kind
		accepted int
		unknown  bool
	}{
		"250 queued":       {mail.Unknown, 1, false},
		"251 will forward": {mail.Unknown, 1, false},
		"200 fine":         {mail.Unknown, 1, false},
		"421 going down":   {mail.Temporary, 0, false},
		"451 greylisted":   {mail.Temporary, 0, false},
		"552 too big":      {mail.Rejected, 0, false},
		"450 4.1.2 <ben@example.org>: Domain not found":              {mail.Temporary, 0, false},
		"554 5.7.1 Open https://mail.example.org/unlock?a=1 to send": {mail.Rejected, 0, false},
		"354 go on":           {mail.Offline, 0, true},
		"999 what":            {mail.Offline, 0, true},
		"a line of no answer": {mail.Offline, 0, true},
	} {
		s, a := script(t, conversation("server", transfer("MAIL FROM:<anna@example.org>", lines, answer)+map[bool]string{true: "H:\n", false: quit}[want.unknown]))
		out, err := Send(t.Context(), a, "", Options{Dial: s.Dial}, anna, []string{"ben@example.org"}, []byte(letter), proceed)
		if mail.KindOf(err) != want.kind || len(out.Accepted) != want.accepted || out.Unknown != want.unknown {
			t.Errorf("%q: %+v, %v", answer, out, err)
		}
		if err != nil && !out.Unknown && !strings.Contains(err.Error(), strings.TrimLeft(answer, "0123456789. ")) {
			t.Errorf("%q: the person sees only %v", answer, err)
		}
		if err := s.Check(); err != nil {
			t.Errorf("%q: %v", answer, err)
		}
	}
}

func TestServerThatDoesNotSayGoodbyeDoesNotHoldTheResultBack(t *testing.T) {
	s, a := script(t, conversation("server", transfer("MAIL FROM:<anna@example.org>", lines, "250 ok")+"C: QUIT\nH:\n"))
	out, err := Send(t.Context(), a, "", Options{Dial: s.Dial}, anna, []string{"ben@example.org"}, []byte(letter), proceed)
	if err != nil || len(out.Accepted) != 1 {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestAnswerThatMakesNoSenseBeforeTheDotIsTriedAgain(t *testing.T) {
	s, a := script(t, conversation("server", "C: MAIL FROM:<anna@example.org>\nS: 354 go on\nH:\n"))
	out, err := Send(t.Context(), a, "", Options{Dial: s.Dial}, anna, []string{"ben@example.org"}, []byte(letter), proceed)
	if mail.KindOf(err) != mail.Protocol || out.Unknown {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestAnswerWithoutEndIsCutOff(t *testing.T) {
	s, a := script(t, "S: 220 ready\nC: EHLO [127.0.0.1]\n"+strings.Repeat("S: 250-"+strings.Repeat("x", 900)+"\n", 100)+"H:\n")
	_, err := send(t, a, Options{Dial: s.Dial}, "ben@example.org")
	if mail.KindOf(err) != mail.Offline || !strings.Contains(err.Error(), "does not end") {
		t.Errorf("%v", err)
	}
}

func TestOneRecipientTooManyIsTriedAgainAlone(t *testing.T) {
	for to, want := range map[string]mail.Kind{"ben@example.org cy@example.org": mail.Temporary, "cy@example.org": mail.Rejected} {
		s, a := server(t, mailtest.SubmissionOptions{})
		s.Make(mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 552, Only: []string{"cy@example.org"}})
		out, err := Send(t.Context(), a, secret, Options{}, anna, strings.Fields(to), []byte(letter), proceed)
		if err != nil || len(out.Refused) != 1 || out.Refused[0].Kind != want {
			t.Errorf("to %s: %+v, %v; want %v", to, out, err, want)
		}
	}
}
