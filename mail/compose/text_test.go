package compose

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"posthorn/mail"
)

func TestEditTextAndBack(t *testing.T) {
	d := draft()
	d.Cc, d.Bcc, d.ReplyTo = "unfinished <", "ben@x.example", "club@sailing.example"
	d.From = mail.Address{Name: `Robin "Tide" Ahlgren, Brightwater`, Local: "robin", Domain: "home.example"}
	d.Body = "\n\nOn Tue, Anna wrote:\n> To: not a header\n\n-- \nRobin"
	d.InReplyTo, d.References, d.Original, d.Mark, d.Key = []string{"a@x"}, []string{"a@x"}, 7, mail.Answered, 9
	d.Attachments = []Attachment{{Path: "/tmp/a b.pdf", Name: "a b.pdf", MediaType: "application/pdf", Size: 3},
		{Message: 7, Section: "2", Name: "x.png"}, {Message: 7, Section: "3", Name: "x.png"}}
	text := EditText(d)
	want := `From: "Robin \"Tide\" Ahlgren, Brightwater" <robin@home.example>
To: Anna <anna@x.example>
Cc: unfinished <
Bcc: ben@x.example
Reply-To: club@sailing.example
Subject: Low tide
Attach: /tmp/a b.pdf
Attach: (forwarded) x.png
Attach: (forwarded) x.png (2)



On Tue, Anna wrote:
> To: not a header

-- 
Robin`
	if text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	back, err := ParseEdited(text, d)
	if err != nil || !reflect.DeepEqual(back, d) {
		t.Errorf("%v\n%+v\nwant\n%+v", err, back, d)
	}
}

func TestParseEditedTakesWhatWasChanged(t *testing.T) {
	base := draft()
	base.Cc, base.ReplyTo, base.Attachments = "cid@x.example", "r@x.example", []Attachment{{Message: 7, Name: "a"}, {Message: 7, Name: "b"}}
	text := "\ufefffrom: Club <secretary@sailing.example>\r\nTO: ben@x.example,\r\n\tdora@x.example\r\nTo: eve@x.example\r\nsubject: High\r\n  tide: at noon\r\nAttach:\r\nattach: (forwarded) b\r\n \r\nHello\r\n\r\nthere"
	got, err := ParseEdited(text, base)
	if err != nil {
		t.Fatal(err)
	}
	want := base
	want.From = addresses("Club <secretary@sailing.example>")[0]
	want.To, want.Cc, want.ReplyTo, want.Subject, want.Body = "ben@x.example, dora@x.example, eve@x.example", "", "", "High tide: at noon", "Hello\n\nthere"
	want.Attachments = base.Attachments[1:]
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	if got, err = ParseEdited("Subject: only headers", base); err != nil || got.Body != "" || got.From != base.From || got.To != "" {
		t.Errorf("%v %+v", err, got)
	}
}

func TestParseEditedAttachesFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tides 2026.csv")
	if err := os.WriteFile(file, []byte("1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ParseEdited("Attach: "+file+"\n\nHello\n", draft())
	want := Attachment{Path: file, Name: "tides 2026.csv", MediaType: "text/csv", Size: 4}
	if err != nil || len(got.Attachments) != 1 || got.Attachments[0] != want {
		t.Errorf("%v %+v", err, got.Attachments)
	}
}

func TestParseEditedErrorsNameTheLineAndLoseNothing(t *testing.T) {
	base := draft()
	for _, c := range []struct{ text, want string }{
		{"", "the text is empty"},
		{" \n\n\t\n", "the text is empty"},
		{"\nHello\n", "line 1: the lines From:"},
		{"Hello Anna\n\nhow are you\n", `line 1: "Hello Anna" has no colon`},
		{"To: anna@x.example\nX-Evil: yes\n\nHello", `line 2: "x-evil" is not a header that can be set here`},
		{"To: anna@x.example\nDear Anna: hello\n\n", `line 2: "dear anna" is not a header`},
		{" To: anna@x.example\n\nHello", "line 1: the first line begins with a space"},
		{"To: a\nFrom: nobody\n\nHello", `line 2: From: "nobody" is not an address`},
		{"From: a@x.example, b@x.example\n\nHello", "line 1: in From, write one address"},
		{"From:\n\nHello", "line 1: in From, write one address"},
		{"Subject: a\nSubject: b\n\nHello", "line 2: there is a second Subject"},
		{"Subject: a\x00b\n\nHello", "line 1: there is a NUL"},
		{"Subject: a\nTo: \xff\n\nHello", "line 2: that is not UTF-8"},
		{"Subject: a\n\nHello\nGr\xfc\xdfe\n", "line 4: that is not UTF-8"},
		{"Subject: a\nAttach: /nonexistent/x.pdf\n\nHello", `line 2: attach "/nonexistent/x.pdf": there is no such file`},
		{"Subject: a\nAttach: /dev/null\n\nHello", `line 2: attach "/dev/null": that is not a regular file`},
	} {
		got, err := ParseEdited(c.text, base)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %s", c.text, err, c.want)
		}
		if text := strings.ToValidUTF8(strings.TrimSpace(c.text), "\ufffd"); text == "" {
			if !reflect.DeepEqual(got, base) {
				t.Errorf("%q: the draft was changed: %+v", c.text, got)
			}
		} else if missing := lost(text, got); missing != "" {
			t.Errorf("%q: %q is lost in %+v", c.text, missing, got)
		}
	}
}

// lost is the first line of an edited text that is neither in the draft's text nor the value of a field.
func lost(text string, d Draft) string {
	for line := range strings.SplitSeq(text, "\n") {
		_, value, _ := strings.Cut(line, ": ")
		if strings.Contains(d.Body, line) || value != "" && (value == d.To || value == d.Subject) {
			continue
		}
		return line
	}
	return ""
}

func TestEditTextCannotBeMadeToHoldMoreHeaders(t *testing.T) {
	d := draft()
	d.Subject, d.To = "a\nBcc: e@evil.example", "b@x.example\r\nAttach: /etc/passwd"
	got, err := ParseEdited(EditText(d), d)
	if err != nil || got.Bcc != "" || got.Attachments != nil {
		t.Errorf("%v %+v", err, got)
	}
}

func FuzzParseEdited(f *testing.F) {
	f.Add(EditText(draft()))
	f.Add("Subject: a\r\n b\n\n-- \n")
	f.Add("To: \"a, b\" <c@x>,\n d@x\nCc: e@x\n\nHello\x00")
	f.Fuzz(func(t *testing.T, text string) {
		base := draft()
		d, err := ParseEdited(text, base)
		if err != nil {
			if strings.TrimSpace(text) != "" && !utf8.ValidString(d.Body) {
				t.Fatalf("error %v, and the text is %q", err, d.Body)
			}
			return
		}
		again, err := ParseEdited(EditText(d), d)
		if err != nil {
			t.Fatalf("%q gave %+v, which cannot be edited again: %v", text, d, err)
		}
		if !reflect.DeepEqual(again, d) {
			t.Fatalf("edited again without a change, but\n%+v\nbecame\n%+v", d, again)
		}
		if b, err := Build(d, environment()); err == nil {
			wellFormed(t, b.Bytes)
		}
	})
}
