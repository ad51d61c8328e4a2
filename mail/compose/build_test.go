package compose

import (
	"bytes"
	"errors"
	"math/rand"
	"mime"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"posthorn/mail"
)

func draft() Draft {
	d := New(robin)
	d.To, d.Subject, d.Body = "Anna <anna@x.example>", "Low tide", "Hello Anna,\n\nsee you at the harbour.\n"
	return d
}

// loading answers for every attached message.
func loading(content string) Environment {
	env := environment()
	env.Load = func(Attachment) ([]byte, error) { return []byte(content), nil }
	return env
}

const attached = "From: Ben <ben@x.example>\r\nSubject: Grüße\r\n\r\nfrom the island, ünaltered  \r\n.\r\n"

func TestBuildGolden(t *testing.T) {
	file := filepath.Join(t.TempDir(), "Gezeiten März.csv")
	if err := os.WriteFile(file, []byte("Tag;Höhe\n1;2,10\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	csv, err := Attach(file)
	if err != nil {
		t.Fatal(err)
	}
	long := "The harbour master says that the gauge at the eastern pier has been reading eleven centimetres too high since the storm, which nobody noticed because nobody looks at it.\n"
	for _, c := range []struct {
		name string
		edit func(*Draft)
		env  Environment
	}{
		{"plain", func(d *Draft) {}, environment()},
		{"flowed", func(d *Draft) {
			d.Body = "Hello Anna,\n\n" + long + "\nFrom here it looks fine.\n  indented\n> " + long + ">> short\n> \n-- \nRobin\n"
		}, environment()},
		{"words", func(d *Draft) {
			d.From.Name = "Robin Åhlgren"
			d.To = `"Müller-Lüdenscheidt, Käthe" <kaethe@x.example>, "Ben \"B.\" Bo" <ben@x.example>, 山田太郎 <yamada@x.example>, plain@x.example`
			d.Cc = "Jürgen <j@grüße.example>"
			d.Subject = "Ebbe und Flut: die neuen Pegel für Mai, und warum sie nicht stimmen 🌊"
			d.Body = "Grüße\n"
		}, environment()},
		{"long", func(d *Draft) {
			d.Subject = strings.TrimSpace(strings.Repeat("a rather long subject ", 8))
			d.To = strings.TrimSuffix(strings.Repeat("Somebody Else <somebody.else@x.example>, ", 5), ", ")
			d.InReplyTo = []string{"one@x.example"}
			for i := range 6 {
				d.References = append(d.References, strings.Repeat("r", 20+i)+"@x.example")
			}
			d.Body = strings.Repeat("x", 1200) + "\n"
		}, environment()},
		{"base64", func(d *Draft) {
			d.Subject, d.Body, d.Attachments = "潮汐表", "潮汐表は添付のとおりです。長靴をお持ちください。\n\n> ありがとう。\n-- \nロビン\n", []Attachment{csv}
		}, environment()},
		{"8bit", func(d *Draft) {
			d.Subject, d.Markdown = "Ebbe und Flut", true
			d.Body = "Grüße,\n\ndie *neuen* Pegel – 潮汐表 – liegen bei.\n"
			d.Attachments = []Attachment{csv}
		}, Environment{Now: now, Random: new(counting), Transfer: EightBit}},
		{"bcc", func(d *Draft) { d.To, d.Bcc, d.ReplyTo = "", "ben@x.example", "club@sailing.example" }, environment()},
		{"attachments", func(d *Draft) {
			d.Attachments = []Attachment{csv,
				{Message: 1, Name: "Grüße.eml", MediaType: "message/rfc822"},
				{Message: 2, Section: "2", Name: strings.Repeat("sehr-", 12) + "lange Übersicht.pdf", MediaType: "application/pdf"}}
		}, loading(attached)},
	} {
		d := draft()
		c.edit(&d)
		got := strings.ReplaceAll(string(mustBuild(t, d, c.env).Bytes), "\r\n", "\n")
		golden := filepath.Join("testdata", c.name+".eml")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, want)
		}
	}
}

func TestBuildIsReadBackByTheStandardLibrary(t *testing.T) {
	d := draft()
	d.From.Name = "Robin Åhlgren"
	d.To = `"Müller, Käthe" <kaethe@x.example>, 山田太郎 <yamada@x.example>, plain@x.example, "odd local"@x.example`
	d.Cc = strings.Repeat("é", 90) + " <long@x.example>"
	d.Subject = "Ebbe und Flut 🌊 — " + strings.Repeat("潮汐", 40)
	h, leaves := readMessage(t, mustBuild(t, d, environment()).Bytes)
	subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
	if err != nil || subject != d.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	for field, want := range map[string][]netmail.Address{
		"From": {{Name: "Robin Åhlgren", Address: "robin@home.example"}},
		"To": {{Name: "Müller, Käthe", Address: "kaethe@x.example"}, {Name: "山田太郎", Address: "yamada@x.example"},
			{Address: "plain@x.example"}, {Address: "odd local@x.example"}},
		"Cc": {{Name: strings.Repeat("é", 90), Address: "long@x.example"}},
	} {
		list, err := h.AddressList(field)
		if err != nil {
			t.Fatalf("%s: %v", field, err)
		}
		for i, a := range list {
			if i >= len(want) || *a != want[i] {
				t.Errorf("%s %d: %+v", field, i, *a)
			}
		}
	}
	if at, err := h.Date(); err != nil || !at.Equal(now) {
		t.Errorf("date %v, %v", at, err)
	}
	if len(leaves) != 1 || leaves[0].data != strings.ReplaceAll(d.Body, "\n", "\r\n") {
		t.Errorf("text %+v", leaves)
	}
}

func TestBuildEnvelope(t *testing.T) {
	d := draft()
	d.To, d.Cc, d.Bcc = "Anna <anna@x.example>, ben@x.example", "ANNA@x.example, j@grüße.example", "secret@x.example, Ben@X.example"
	b := mustBuild(t, d, environment())
	var got []string
	for _, a := range b.Recipients {
		got = append(got, a.Addr())
	}
	want := []string{"anna@x.example", "ben@x.example", "j@xn--gre-6ka8l.example", "secret@x.example"}
	if !slices.Equal(got, want) || b.From.Addr() != "robin@home.example" {
		t.Errorf("from %s to %v, want %v", b.From.Addr(), got, want)
	}
	if s := strings.ToLower(string(b.Bytes)); strings.Contains(s, "secret@x.example") || strings.Contains(s, "bcc") {
		t.Errorf("Bcc in the bytes:\n%s", b.Bytes)
	}
}

func TestBuildTellsNothingOfTheMachine(t *testing.T) {
	const private = "private-folder"
	dir := filepath.Join(t.TempDir(), private)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(file, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := Attach(file)
	if err != nil {
		t.Fatal(err)
	}
	d := draft()
	d.Attachments = []Attachment{a}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	b := mustBuild(t, d, environment())
	for _, secret := range []string{private, "User-Agent", "X-Mailer", "@" + host, "posthorn"} {
		if strings.Contains(string(b.Bytes), secret) {
			t.Errorf("%q in\n%s", secret, b.Bytes)
		}
	}
	if !strings.HasSuffix(b.MessageID, "@home.example") {
		t.Errorf("Message-ID %s", b.MessageID)
	}
}

func TestMessageIDsAndBoundariesAreNeverTheSame(t *testing.T) {
	d := draft()
	d.Attachments = []Attachment{{Message: 1, Name: "a.eml", MediaType: "message/rfc822"}}
	env := loading(attached)
	env.Random = nil
	a, b := mustBuild(t, d, env), mustBuild(t, d, env)
	if a.MessageID == b.MessageID || string(a.Bytes) == string(b.Bytes) {
		t.Errorf("twice %s", a.MessageID)
	}
	env.Random = strings.NewReader("too little")
	if _, err := Build(d, env); err == nil {
		t.Error("built without random numbers")
	}
}

func TestHeaderInjectionIsRefused(t *testing.T) {
	for _, evil := range []string{"a\r\nBcc: e@evil.example", "a\nBcc: e@evil.example", "a\rBcc: e@evil.example", "a\x00b", "a\n", "\r\n\r\nbody"} {
		for field, set := range map[string]func(*Draft){
			"Subject":     func(d *Draft) { d.Subject = evil },
			"To":          func(d *Draft) { d.To = `"` + evil + `" <anna@x.example>` },
			"Cc":          func(d *Draft) { d.Cc = "anna@x.example" + evil },
			"Bcc":         func(d *Draft) { d.Bcc = "anna@x.example>\r\nRCPT TO:<" + evil },
			"Reply-To":    func(d *Draft) { d.ReplyTo = evil + "@x.example" },
			"From":        func(d *Draft) { d.From.Name = evil },
			"In-Reply-To": func(d *Draft) { d.InReplyTo = []string{evil} },
			"References":  func(d *Draft) { d.References = []string{"a@x", evil} },
			"Attach":      func(d *Draft) { d.Attachments = []Attachment{{Message: 1, Name: evil, MediaType: "text/plain"}} },
		} {
			d := draft()
			set(&d)
			b, err := Build(d, loading("x"))
			if err == nil || !strings.Contains(err.Error(), field) {
				t.Errorf("%s %q: error %v, bytes\n%s", field, evil, err, b.Bytes)
			}
		}
		for _, a := range []Attachment{{Message: 1, Name: "a", MediaType: "text/" + evil}, {Message: 1, Name: "a", MediaType: "text/plain", Charset: evil}} {
			d := draft()
			d.Attachments = []Attachment{a}
			if _, err := Build(d, loading("x")); err == nil {
				t.Errorf("built with %+v", a)
			}
		}
	}
}

func TestOddMediaTypesAreSentAsOctets(t *testing.T) {
	for _, mediaType := range []string{"", "text", "text/plain; name=x", "multipart/mixed", "message/partial", "message/external-body", "a b/c", "text/" + strings.Repeat("x", 200)} {
		d := draft()
		d.Attachments = []Attachment{{Message: 1, Name: "a", MediaType: mediaType}}
		_, leaves := readMessage(t, mustBuild(t, d, loading("x")).Bytes)
		if leaves[1].mediaType != "application/octet-stream" || leaves[1].data != "x" {
			t.Errorf("%q: %+v", mediaType, leaves[1])
		}
	}
}

func TestBuildErrorsSayWhatToDo(t *testing.T) {
	for _, c := range []struct {
		want string
		set  func(*Draft)
	}{
		{"no recipient", func(d *Draft) { d.To = " " }},
		{`To: "anna" is not an address`, func(d *Draft) { d.To = "anna" }},
		{`Cc: "nobody@" is not an address`, func(d *Draft) { d.Cc = "anna@x.example, nobody@" }},
		{`Bcc: "a b@x.example" is not an address`, func(d *Draft) { d.Bcc = "a b@x.example" }},
		{"no From", func(d *Draft) { d.From = mail.Address{Name: "Robin"} }},
		{"what is behind the @ is not a domain name", func(d *Draft) { d.To = "j@-ü-.example" }},
		{"there is no such file", func(d *Draft) { d.Attachments = []Attachment{{Path: "/nonexistent/x.pdf", Name: "x.pdf"}} }},
		{"cannot be read here", func(d *Draft) { d.Attachments = []Attachment{{Message: 1, Name: "x.pdf"}} }},
	} {
		d := draft()
		c.set(&d)
		if b, err := Build(d, environment()); err == nil || !strings.Contains(err.Error(), c.want) || b.Bytes != nil {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
	env := environment()
	broken := errors.New("broken")
	env.Load = func(Attachment) ([]byte, error) { return nil, broken }
	d := draft()
	d.Attachments = []Attachment{{Message: 1, Name: "x.pdf"}}
	if _, err := Build(d, env); !errors.Is(err, broken) {
		t.Errorf("error of Load is lost: %v", err)
	}
}

func TestAttachedMessagesAreUnalteredButForTheirBcc(t *testing.T) {
	for _, c := range []struct{ name, in, out, mediaType, encoding string }{
		{"ASCII", "Subject: a\r\n\r\nb\r\n", "Subject: a\r\n\r\nb\r\n", "message/rfc822", "7bit"},
		{"with Bcc", "Subject: a\r\nBcc: c@x.example,\r\n d@x.example\r\n\r\nBcc: b\r\n", "Subject: a\r\n\r\nBcc: b\r\n", "message/rfc822", "7bit"},
		{"UTF-8", attached, attached, "message/rfc822", "8bit"},
		{"no line end at the end", "Subject: a\r\n\r\nb", "Subject: a\r\n\r\nb", "message/rfc822", "7bit"},
		{"empty", "", "", "message/rfc822", "7bit"},
		{"a file of this system", "Subject: a\n\nb\n", "Subject: a\r\n\r\nb\r\n", "message/rfc822", "7bit"},
		{"mixed line ends", "Subject: a\r\n\r\nb\nc\r\n", "Subject: a\r\n\r\nb\nc\r\n", "application/octet-stream", "base64"},
		{"bare CR", "Subject: a\r\n\r\nb\rc\r\n", "Subject: a\r\n\r\nb\rc\r\n", "application/octet-stream", "base64"},
		{"NUL", "Subject: a\r\n\r\nb\x00c\r\n", "Subject: a\r\n\r\nb\x00c\r\n", "application/octet-stream", "base64"},
		{"long line", "\r\n" + strings.Repeat("x", 999), "\r\n" + strings.Repeat("x", 999), "application/octet-stream", "base64"},
	} {
		d := draft()
		d.Attachments = []Attachment{{Message: 1, Name: "a.eml", MediaType: "message/rfc822"}}
		h, leaves := readMessage(t, mustBuild(t, d, loading(c.in)).Bytes)
		l := leaves[1]
		if l.data != c.out || l.mediaType != c.mediaType || l.header["Content-Transfer-Encoding"][0] != c.encoding || l.name != "a.eml" {
			t.Errorf("%s: %q %q", c.name, l.header, l.data)
		}
		if outer := h.Get("Content-Transfer-Encoding"); (outer == "8bit") != (c.encoding == "8bit") {
			t.Errorf("%s: the container says %s", c.name, outer)
		}
	}
}

func TestAttachmentNamesAndBytesSurvive(t *testing.T) {
	data := make([]byte, 1000)
	rand.New(rand.NewSource(1)).Read(data)
	for _, n := range []int{0, 1, 56, 57, 58, 114, 1000} {
		for _, name := range []string{"a.pdf", "a b.pdf", "Übersicht März.pdf", `O'Brien 100% "sure".pdf`, strings.Repeat("lang ", 20) + ".pdf", strings.Repeat("長い", 30) + ".pdf", "a;b=c,d.pdf"} {
			d := draft()
			d.Attachments = []Attachment{{Message: 1, Section: "2", Name: name, MediaType: "application/pdf"}}
			_, leaves := readMessage(t, mustBuild(t, d, loading(string(data[:n]))).Bytes)
			if leaves[1].name != safeName(name) || leaves[1].data != string(data[:n]) || leaves[1].mediaType != "application/pdf" {
				t.Errorf("%q of %d: got %q of %d", name, n, leaves[1].name, len(leaves[1].data))
			}
		}
	}
}

func TestTextAttachmentsTellTheirCharset(t *testing.T) {
	for _, c := range []struct{ content, charset, want string }{
		{"Höhe", "", "utf-8"}, {"plain", "", "utf-8"}, {"H\xf6he", "", ""}, {"H\xf6he", "iso-8859-1", "iso-8859-1"}, {"x", "odd; charset", ""},
	} {
		d := draft()
		d.Attachments = []Attachment{{Message: 1, Name: "a.csv", MediaType: "text/csv", Charset: c.charset}}
		_, leaves := readMessage(t, mustBuild(t, d, loading(c.content)).Bytes)
		if got := leaves[1].params["charset"]; got != c.want || leaves[1].data != c.content {
			t.Errorf("%+v: charset %q", c, got)
		}
	}
}

// canonical is what a body looks like after a reader of format=flowed has seen it: no spaces at the ends of lines
// but the signature's, one space after quote marks.
func canonical(body string) string {
	var out []string
	for line := range strings.SplitSeq(strings.TrimSuffix(body, "\n"), "\n") {
		depth, content := flowedDepth(line)
		if content != "-- " {
			content = strings.TrimRight(content, " ")
		}
		prefix := strings.Repeat(">", depth)
		if depth > 0 && content != "" {
			prefix += " "
		}
		out = append(out, prefix+content)
	}
	return strings.Join(out, "\n") + "\n"
}

func TestAnyTextSurvives(t *testing.T) {
	rnd := rand.New(rand.NewSource(3676))
	pieces := []string{"word", "harbour", " ", " ", " ", "  ", "\n", "\n", "\n\n", ">", "> ", ">> ", "\n> ", "\nFrom ", "From", "-- ", "\n-- \n", "-", "\t", "Grüße", "潮汐", "🌊",
		"=", "=20", ".", "\n.\n", strings.Repeat("x", 90), strings.Repeat("long words flow ", 8), strings.Repeat("y", 1100), "\x1b", "=?utf-8?q?a?="}
	flowed := 0
	for range 3000 {
		var b strings.Builder
		for range rnd.Intn(40) {
			b.WriteString(pieces[rnd.Intn(len(pieces))])
		}
		d := draft()
		d.Body = b.String()
		want := d.Body
		if want != "" && !strings.HasSuffix(want, "\n") {
			want += "\n"
		}
		raw := mustBuild(t, d, environment()).Bytes
		if strings.Contains(string(raw), "format=flowed") {
			flowed++
			want = canonical(want)
			limitFlowed(t, string(raw))
		}
		if got := readText(t, raw); got != want {
			t.Fatalf("body %q\nbecame %q\nwant %q\n%s", d.Body, got, want, raw)
		}
	}
	if flowed < 300 {
		t.Errorf("only %d of the texts were flowed", flowed)
	}
}

// limitFlowed checks that lines are broken where they can be. // RFC 3676 §4.2
func limitFlowed(t *testing.T, raw string) {
	t.Helper()
	_, leaves := readMessage(t, []byte(raw))
	for line := range strings.SplitSeq(leaves[0].data, "\r\n") {
		content := strings.TrimPrefix(strings.Trim(line, "> "), "-- ")
		if columns(line) > longLine && strings.Contains(content, " ") {
			t.Errorf("flowed line of %d columns: %.200q", columns(line), line)
		}
	}
}

func TestOddBodies(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"all sorts of line ends", "a\r\nb\rc\nd", "a\nb\nc\nd\n"},
		{"not UTF-8", "Gr\xfc\xdfe", "Gr\ufffde\n"},
		{"NUL", "a\x00b\n", "a\x00b\n"},
		{"empty", "", ""},
		{"only a line end", "\n", "\n"},
		{"a patch keeps its spaces", strings.Repeat("long words flow ", 8) + "\ndiff --git a/x b/x\n \n+x  \n", strings.Repeat("long words flow ", 8) + "\ndiff --git a/x b/x\n \n+x  \n"},
	} {
		d := draft()
		d.Body = c.body
		if got := readText(t, mustBuild(t, d, environment()).Bytes); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// The encoding is that which the text needs: none for ASCII, quoted-printable where most can be read in it, base64
// where it would be much longer.
func TestTheTextDecidesItsEncoding(t *testing.T) {
	for text, want := range map[string]string{
		"At low tide.\n": "7bit",
		"Ännä – grüße, ça va, źle się czuję, przyjdę później\n":  "quoted-printable",
		strings.Repeat("x", 998) + "\n":                          "7bit",
		strings.Repeat("x", 999) + "\n":                          "quoted-printable",
		"潮汐表は添付のとおりです。\n":                                        "base64",
		"Прилив в 14:20, захвати сапоги и верёвку.\n-- \nИван\n": "base64",
		"潮汐": "base64",
	} {
		d := draft()
		d.Body = text
		raw := mustBuild(t, d, environment()).Bytes
		_, leaves := readMessage(t, raw)
		if got := leaves[0].header["Content-Transfer-Encoding"][0]; got != want {
			t.Errorf("%q goes as %s, want %s", text, got, want)
		}
		if got := readText(t, raw); got != ended(text) || !strings.HasSuffix(string(raw), "\r\n") {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}

func TestInternationalLocalPartsGoAsTheyAre(t *testing.T) {
	d := draft()
	d.To, d.Cc = "Jürgen <jürgen@bücher.example>", ""
	b, err := Build(d, environment())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b.Bytes, []byte("To: =?utf-8?q?J=C3=BCrgen?= <jürgen@xn--bcher-kva.example>\r\n")) {
		t.Errorf("%s", b.Bytes)
	}
	if got := b.Recipients[0].Addr(); got != "jürgen@xn--bcher-kva.example" {
		t.Error(got)
	}
}

func TestTextGoesAsTheServerCarriesIt(t *testing.T) {
	for name, c := range map[string]struct {
		body   string
		server Transfer
		want   string // of the header and body, from the encoding on
	}{
		"ASCII":               {"Hello", EightBit, "7bit\r\n\r\nHello\r\n"},
		"not known":           {"Grüße", UnknownTransfer, "quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n"},
		"7bit":                {"Grüße", SevenBit, "quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n"},
		"8bit":                {"Grüße", EightBit, "8bit\r\n\r\nGrüße\r\n"},
		"far from ASCII":      {"привет привет", EightBit, "8bit\r\n\r\nпривет привет\r\n"},
		"a control character": {"Grüße\a", EightBit, "quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe=07\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			d, env := draft(), environment()
			d.Body, env.Transfer = c.body, c.server
			b := mustBuild(t, d, env)
			wellFormed(t, b.Bytes)
			if _, got, _ := strings.Cut(string(b.Bytes), "Content-Transfer-Encoding: "); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	t.Run("a long line is encoded", func(t *testing.T) {
		d, env := draft(), environment()
		d.Body, env.Transfer = strings.Repeat("ü", 600), EightBit
		b := mustBuild(t, d, env)
		wellFormed(t, b.Bytes)
		if got := readText(t, b.Bytes); got != d.Body+"\n" {
			t.Errorf("read back as %q", got)
		}
	})
	t.Run("what holds it says so", func(t *testing.T) {
		d, env := draft(), loading("")
		d.Body, env.Transfer, d.Markdown = "Grüße", EightBit, true
		d.Attachments = []Attachment{{Message: 1, Section: "2", Name: "a", MediaType: "text/csv"}}
		b := mustBuild(t, d, env)
		if got := strings.Count(string(b.Bytes), "Transfer-Encoding: 8bit"); got != 4 { // mixed, alternative, plain, HTML
			t.Errorf("%d times 8bit in\n%s", got, b.Bytes)
		}
	})
	t.Run("a message that is attached", func(t *testing.T) {
		d := draft()
		d.Attachments = []Attachment{{Message: 1, Name: "a.eml", MediaType: "message/rfc822"}}
		for server, want := range map[Transfer]string{UnknownTransfer: "message/rfc822\r\nContent-Transfer-Encoding: 8bit",
			SevenBit: "application/octet-stream\r\nContent-Transfer-Encoding: base64", EightBit: "message/rfc822\r\nContent-Transfer-Encoding: 8bit"} {
			env := loading("Subject: Ebbe\r\n\r\nGrüße\r\n")
			env.Transfer = server
			if b := mustBuild(t, d, env); !strings.Contains(string(b.Bytes), want) {
				t.Errorf("for %d there is no %q in\n%s", server, want, b.Bytes)
			}
		}
	})
}
