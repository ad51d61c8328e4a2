package imap

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

// asking is the command of Headers, and again the one without structures.
const (
	asking = "(UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (…)])"
	again  = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (…)])"
)

// fetchLine is one well-formed answer to Headers as a step of a transcript.
func fetchLine(uid int, structure string) string {
	header := fmt.Sprintf("Subject: number %d\\r\\n\\r\\n", uid)
	return fmt.Sprintf(`S"* %d FETCH (UID %d FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 100 BODYSTRUCTURE %s BODY[HEADER.FIELDS (DATE)] {%d}\r\n%s)\r\n"`,
		uid, uid, strings.ReplaceAll(strings.ReplaceAll(structure, `\`, `\\`), `"`, `\"`), len(header)-6+2, header)
}

const plain = `("TEXT" "PLAIN" ("CHARSET" "us-ascii") NIL NIL "7BIT" 12 1 NIL NIL NIL NIL)`

func fetchAll(t *testing.T, s *Session, set mail.UIDSet) []mail.Header {
	t.Helper()
	var got []mail.Header
	if err := s.Headers(t.Context(), set, func(h mail.Header) error { got = append(got, h); return nil }); err != nil {
		t.Fatal(err)
	}
	return got
}

// sketch is a structure in one line.
func sketch(p *mail.Part) string {
	if p == nil {
		return "nil"
	}
	out := p.Section + " " + p.MediaType
	if p.Filename != "" {
		out += " " + p.Filename
	}
	if p.Language != "" {
		out += " in " + p.Language
	}
	for i := range p.Children {
		out += " [" + sketch(&p.Children[i]) + "]"
	}
	return out
}

func TestStructures(t *testing.T) {
	cases := map[string]struct{ said, want string }{
		"plain": {plain, "1 text/plain"},
		"nested": {`((` + plain + `("TEXT" "HTML" NIL NIL NIL "BASE64" 5 1) "ALTERNATIVE" ("BOUNDARY" "x"))("APPLICATION" "PDF" ("NAME" "a.pdf") "<id@x>" NIL "BASE64" 900 NIL ("ATTACHMENT" ("FILENAME*" "utf-8''%E2%82%AC.pdf")) NIL NIL) "MIXED")`,
			" multipart/mixed [1 multipart/alternative [1.1 text/plain] [1.2 text/html]] [2 application/pdf €.pdf]"},
		"attached message": {`(` + plain + `("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 300 (NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL) (` + plain + plain + ` "MIXED") 9 NIL NIL NIL) "MIXED")`,
			" multipart/mixed [1 text/plain] [2 message/rfc822 [2.TEXT multipart/mixed [2.1 text/plain] [2.2 text/plain]]]"},
		"attached plain message": {`("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 300 (NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL) ` + plain + ` 9)`,
			"1 message/rfc822 [1.1 text/plain]"},
		"message without envelope": {`("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 300 NIL NIL NIL NIL)`, "1 message/rfc822"},
		"text without lines":       {`("TEXT" "PLAIN" NIL NIL NIL "7BIT" 12)`, "1 text/plain"},
		"size NIL":                 {`("TEXT" "PLAIN" NIL NIL NIL "7BIT" NIL NIL)`, "1 text/plain"},
		"size -1":                  {`("TEXT" "PLAIN" NIL NIL NIL "7BIT" -1 -1)`, "1 text/plain"},
		"lower-case nil":           {`("text" "plain" nil nil nil "7bit" 12 1 nil nil nil nil)`, "1 text/plain"},
		"subtype NIL":              {`("TEXT" NIL NIL NIL NIL "7BIT" 12 1)`, "1 text/plain"},
		"type NIL":                 {`(NIL NIL NIL NIL NIL "7BIT" 12)`, "1 text/plain"},
		"type alone":               {`("IMAGE" "" NIL NIL NIL "7BIT" 12)`, "1 application/octet-stream"},
		"parameter NIL":            {`("TEXT" "PLAIN" ("CHARSET" NIL) NIL NIL "7BIT" 12 1)`, "1 text/plain"},
		"disposition a string":     {`("IMAGE" "PNG" ("NAME" "x.png") NIL NIL "BASE64" 12 NIL "INLINE" NIL)`, "1 image/png x.png"},
		"disposition of one":       {`("IMAGE" "PNG" NIL NIL NIL "BASE64" 12 NIL ("ATTACHMENT") NIL NIL)`, "1 image/png"},
		"a language":               {`("TEXT" "PLAIN" NIL NIL NIL "7BIT" 12 1 NIL NIL "de-CH" NIL)`, "1 text/plain in de"},
		"languages":                {`(` + plain + `("TEXT" "HTML" NIL NIL NIL "7BIT" 12 1 NIL NIL ("fr" "en") NIL) "MIXED" NIL NIL ("pt-BR") NIL)`, " multipart/mixed in pt [1 text/plain] [2 text/html in fr]"},
		"no language":              {`("TEXT" "PLAIN" NIL NIL NIL "7BIT" 12 1 NIL NIL () "x" ("y"))`, "1 text/plain"},
		"description of quotes":    {`("IMAGE" "PNG" NIL NIL """" "BASE64" 12)`, "1 image/png"},
		"quotes inside":            {`("IMAGE" "PNG" ("NAME" "a"b".png") NIL NIL "BASE64" 12)`, `1 image/png a"b".png`},
		"raw Latin-1":              {`("IMAGE" "PNG" ("NAME" "caf\xe9.png") NIL NIL "BASE64" 12)`, "1 image/png café.png"},
		"no children inside":       {`(` + plain + `("ALTERNATIVE") "MIXED")`, " multipart/mixed [1 text/plain] [2 multipart/alternative]"},
		"NIL":                      {`NIL`, "nil"},
		"a word":                   {`("ALTERNATIVE")`, "nil"},
		"NIL and a word":           {`(NIL "mixed")`, "nil"},
		"empty":                    {`()`, "nil"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			step := strings.ReplaceAll(fetchLine(1, c.said), `\\xe9`, `\xe9`)
			s := against(t, "", "C: $ UID FETCH 1:2 "+asking+"\n"+step+"\n"+fetchLine(2, plain)+"\nS: $ OK")
			got := fetchAll(t, s, mail.NewUIDSet(1, 2))
			if len(got) != 2 || got[0].Envelope.Subject != "number 1" || got[1].Envelope.Subject != "number 2" {
				t.Fatalf("got %+v", got)
			}
			if have := sketch(got[0].Structure); have != c.want {
				t.Errorf("structure %q, want %q", have, c.want)
			}
		})
	}
}

func TestOneUnreadableAnswerHidesNoOtherMessage(t *testing.T) {
	header := `BODY[HEADER.FIELDS (DATE)] {14}` + "\\r\\n" + `Subject: yes\\r\\n`
	header = strings.ReplaceAll(header, `\\`, `\`)
	for name, broken := range map[string]string{
		"unbalanced":      `S"* 2 FETCH (UID 2 FLAGS () BODYSTRUCTURE ((((\"TEXT\" ` + header + `)\r\n"`,
		"open quote":      `S"* 2 FETCH (UID 2 FLAGS () BODYSTRUCTURE (\"TEXT ` + header + `)\r\n"`,
		"line end inside": `S"* 2 FETCH (UID 2 FLAGS () BODYSTRUCTURE (\"TEXT\" \"a\r\nb\") ` + header + `)\r\n"`,
		"much too long":   `S"* 2 FETCH (UID 2 FLAGS () BODYSTRUCTURE (\"TEXT\" \"` + strings.Repeat("x", 2<<20) + `\") ` + header + `)\r\n"`,
		"refused":         `S: * OK nothing`,
	} {
		t.Run(name, func(t *testing.T) {
			end := "OK"
			if name == "refused" {
				end = "NO Some messages could not be FETCHed (Failure)"
			}
			s := against(t, "", "C: $ UID FETCH 1:3 "+asking+"\n"+fetchLine(1, plain)+"\n"+broken+"\n"+fetchLine(3, plain)+"\nS: $ "+end+
				"\nC: $ UID FETCH 2 "+again+"\n"+`S"* 2 FETCH (UID 2 FLAGS (\\Flagged) INTERNALDATE NIL `+header+`)\r\n"`+"\nS: $ OK")
			got := fetchAll(t, s, mail.NewUIDSet(1, 2, 3))
			if len(got) != 3 || got[2].UID != 2 || got[2].Structure != nil || got[2].Flags != mail.Flagged || got[2].Envelope.Subject != "yes" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestUnaskedAnswersAreNotBelieved(t *testing.T) {
	s := against(t, "", "C: $ UID FETCH 1:2 "+asking+"\nS: * 1 EXPUNGE\nS: * 5 FETCH (FLAGS (\\Deleted))\nS: * 1 FETCH (UID 1 FLAGS (\\Deleted))\n"+
		fetchLine(7, plain)+"\n"+fetchLine(1, plain)+"\n"+fetchLine(1, `("IMAGE" "PNG" NIL NIL NIL "7BIT" 1)`)+"\nS: * 9 EXISTS\n"+fetchLine(2, plain)+"\nS: $ OK")
	got := fetchAll(t, s, mail.NewUIDSet(1, 2))
	if len(got) != 2 || got[0].UID != 1 || got[0].Flags != mail.Seen || got[0].Structure.MediaType != "text/plain" || got[1].UID != 2 {
		t.Errorf("got %+v", got)
	}
	if _, st := s.Selected(); st.Exists != 9 {
		t.Errorf("exists = %d", st.Exists)
	}
	if want := time.Date(1996, 7, 17, 9, 44, 25, 0, time.UTC); !got[0].Received.Equal(want) {
		t.Errorf("received = %v", got[0].Received)
	}
}

func TestErrorOfYieldIsReturnedAndTheSessionGoesOn(t *testing.T) {
	s := against(t, "", "C: $ UID FETCH 1:2 "+asking+"\n"+fetchLine(1, plain)+"\n"+fetchLine(2, plain)+"\nS: $ OK\nC: $ NOOP\nS: $ OK")
	enough, calls := errors.New("enough"), 0
	err := s.Headers(t.Context(), mail.NewUIDSet(1, 2), func(mail.Header) error { calls++; return enough })
	if err != enough || calls != 1 {
		t.Errorf("err = %v after %d calls", err, calls)
	}
	if _, err := s.Noop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestFlagsSinceAModSeq(t *testing.T) {
	s := against(t, "CONDSTORE", `C: $ SELECT INBOX (CONDSTORE)
S: * 3 EXISTS
S: * OK [HIGHESTMODSEQ 50] x
S: $ OK
C: $ UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 40)
S: * 2 FETCH (UID 9 MODSEQ (45) FLAGS (\Seen \Recent $Forwarded Blue \ ]))
S: * 3 FETCH (UID 9 X-GM-LABELS ("a" (b "c)")) EMAILID (M1) PREVIEW NIL FLAGS nil)
S: * 3 FETCH (FLAGS (\Seen))
S: * 3 FETCH garbage
S: $ OK`)
	if _, err := s.Select(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	var got []mail.FlagUpdate
	if err := s.Flags(t.Context(), nil, 40, func(u mail.FlagUpdate) error { got = append(got, u); return nil }); err != nil {
		t.Fatal(err)
	}
	want := []mail.FlagUpdate{{UID: 9, Flags: mail.Seen | mail.Forwarded, Keywords: "] blue", ModSeq: 45}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestPartsOfServersThatDoNotKeepToTheRange(t *testing.T) {
	for name, c := range map[string]struct{ said, want string }{
		"exact":           {`S"* 1 FETCH (UID 4 BODY[1]<2> {3}\r\ncde)\r\n"`, "cde"},
		"quoted":          {`S"* 1 FETCH (BODY[1]<2> \"c\\\"e\" UID 4)\r\n"`, `c"e`},
		"label of two":    {`S"* 1 FETCH (UID 4 BODY[1]<2.3> {3}\r\ncde)\r\n"`, "cde"},
		"the whole":       {`S"* 1 FETCH (UID 4 BODY[1] {8}\r\nabcdefgh)\r\n"`, "cde"},
		"beyond the end":  {`S"* 1 FETCH (UID 4 BODY[1]<2> \"\")\r\n"`, ""},
		"NIL":             {`S"* 1 FETCH (UID 4 BODY[1]<2> NIL)\r\n"`, ""},
		"another first":   {`S"* 2 FETCH (UID 5 BODY[1]<2> {3}\r\nxyz)\r\n* 1 FETCH (UID 4 BODY[1]<2> {3}\r\ncde)\r\n"`, "cde"},
		"more than asked": {`S"* 1 FETCH (UID 4 BODY[1]<2> {9}\r\ncdefghijk)\r\n"`, "cde"},
	} {
		t.Run(name, func(t *testing.T) {
			s := against(t, "", "C: $ UID FETCH 4 (UID BODY.PEEK[1]<2.3>)\n"+c.said+"\nS: $ OK")
			got, err := s.Part(t.Context(), 4, "1", 2, 3)
			if err != nil || string(got) != c.want {
				t.Errorf("Part = %q, %v", got, err)
			}
		})
	}
}

func TestPartOfAMessageThatIsGone(t *testing.T) {
	s := against(t, "", "C: $ UID FETCH 4 (UID BODY.PEEK[1] BODY.PEEK[2.MIME])\nS: * 2 FETCH (UID 4 FLAGS ())\nS: $ OK")
	if _, err := s.Parts(t.Context(), 4, []string{"1", "2.MIME"}); mail.KindOf(err) != mail.Gone {
		t.Errorf("err = %v", err)
	}
}

func TestLongSetsAreCutIntoSeveralCommands(t *testing.T) {
	var set mail.UIDSet
	for u := mail.UID(1); u <= 700; u++ {
		set = set.Append(mail.UIDRange{Lo: 2 * u, Hi: 2 * u})
	}
	s := against(t, "", "C: $ UID STORE 2,4,… +FLAGS.SILENT (\\Seen)\nS: $ OK\nC: $ UID STORE 602,… +FLAGS.SILENT (\\Seen)\nS: $ OK\nC: $ UID STORE 1202,…,1400 +FLAGS.SILENT (\\Seen)\nS: $ OK")
	if err := s.StoreFlags(t.Context(), set, true, mail.Seen, ""); err != nil {
		t.Error(err)
	}
}

func TestPartsOfSeveralMessagesAreKeptApart(t *testing.T) {
	s := against(t, "", `C: $ UID FETCH 2:4,7 (UID BODY.PEEK[1] BODY.PEEK[2])
S: * 1 FETCH (UID 2 BODY[1] "one" BODY[2] "two")
S: * 3 FETCH (UID 4 BODY[1] NIL)
S: * 5 FETCH (UID 9 BODY[1] "another's" BODY[2] "another's")
S: * 4 FETCH (UID 7 BODY[1] "three" BODY[2] garbage
S: $ OK done
`)
	got, err := s.PartsOf(t.Context(), mail.NewUIDSet(2, 3, 4, 7), []string{"1", "2"})
	if err != nil || len(got) != 2 || string(got[2]["1"]) != "one" || string(got[2]["2"]) != "two" || len(got[4]) != 1 || len(got[4]["1"]) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}
