package compose

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"mime"
	netmail "net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/mail/mailtest"
)

// crlf is a text with the line ends of mail.
func crlf(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }

const passedOn = "From: Ben <ben@x.example>\r\nTo: robin@home.example\r\nBcc: tom@x.example\r\nSubject: Tides\r\nMIME-Version: 1.0\r\n" +
	"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nfrom the island, ünaltered  \r\n"

// Every other form a message can be built in, byte for byte: what is passed on, what other programs wrote, and what
// stands in Drafts.
func TestBuiltFormsGolden(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tides.csv")
	if err := os.WriteFile(file, []byte("14:20,0.4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	csv, err := Attach(file)
	if err != nil {
		t.Fatal(err)
	}
	original := func(text string) Original {
		return Original{Message: mail.Message{Key: 1, Size: int64(len(text))}, Envelope: body.Envelope(body.ParseHeader([]byte(text))), Text: "from the island, ünaltered\n"}
	}
	outside := func(text string, files ...Attachment) func(t *testing.T) ([]byte, error) {
		return func(t *testing.T) ([]byte, error) {
			b, _, err := Outside([]byte(text), robin, files, environment())
			return b.Bytes, err
		}
	}
	built := func(d Draft, env Environment) func(t *testing.T) ([]byte, error) {
		return func(t *testing.T) ([]byte, error) {
			b, err := Build(d, env)
			return b.Bytes, err
		}
	}
	to := func(d Draft) Draft {
		d.To = "mira@harbour.example"
		return d
	}
	unfinished := draft()
	unfinished.To, unfinished.Bcc, unfinished.Subject = "Mira <mira@harbour.example>, ben@x.example", "tom@x.example", "Über das Boot"
	html := to(draft())
	html.Body, html.Markdown, html.Attachments = marked, true, []Attachment{{Message: 2, Section: "2", Name: "boat.png", MediaType: "image/png"}, csv}
	plain := html
	plain.Attachments, plain.Body = nil, "Just *this*.\n"
	for name, form := range map[string]func(t *testing.T) ([]byte, error){
		"redirect":         built(to(Redirect(original(passedOn), robin)), loading(passedOn)),
		"forward":          built(to(Answer(original(attached), ForwardInline, robin, Attribution{})), loading(attached)),
		"forward-attached": built(to(Answer(original(attached), ForwardAttached, robin, Attribution{})), loading(attached)),
		"digest":           built(to(Digest([]Original{original(attached), original(attached)}, robin)), loading(attached)),
		"reply":            built(Answer(original(attached), ReplySender, robin, Attribution{}), environment()),
		"outside":          outside("To: ben@x.example, friends: mira@x.example;\nBcc: tom@x.example\nSubject: Ebbe — heute\nX-Job: 7\n\nAt 14:20, bring Stiefel für alle.\n"),
		"outside-attached": outside("To: Jürgen <j@x.example>\nSubject: Tides\n\nSee the file.\n", csv),
		"outside-mime": outside("From 0123 Mon Sep 17 00:00:00 2001\nFrom: Robin <robin@home.example>\nTo: list@x.example\nDate: Mon, 2 Nov 2026 10:00:00 +0100\n" +
			"Message-ID: <20261102.1@home.example>\nSubject: [PATCH] tide: fix the sign of\n the gauge\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\nfür\n---\n tide.c | 2 +-\n"),
		"markdown":         built(plain, environment()),
		"markdown-picture": built(html, loading("\x89PNG\r\n")),
		"draft": func(t *testing.T) ([]byte, error) {
			b, err := BuildDraft(unfinished, environment())
			return b.Bytes, err
		},
	} {
		got, err := form(t)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden := filepath.Join("testdata", name+".eml")
		if *update {
			if err := os.WriteFile(golden, bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n")), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, crlf(string(want))) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

// reading is what a parser finds in a message.
type reading struct {
	Subject string
	To      [][2]string // names and addresses
	Parts   []readPartOf
}

type readPartOf struct{ Type, Name, SHA256 string }

// python reads golden messages with Python's email package, which shares no code with ours nor with Go's.
const python = `
import sys, json, hashlib, email, email.policy
def read(m):
    defects, parts = [], []
    for p in m.walk():
        defects += [str(d) for d in p.defects] + [str(d) for v in p.values() for d in v.defects]
    todo = [m]
    while todo:
        p = todo.pop(0)
        if p.get_content_maintype() == 'multipart':
            todo = list(p.iter_parts()) + todo
            continue
        data = b'' if p.get_content_type() == 'message/rfc822' else p.get_payload(decode=True)
        parts.append({'Type': p.get_content_type(), 'Name': p.get_filename() or '', 'SHA256': hashlib.sha256(data).hexdigest()})
    to = m['to'].addresses if m['to'] else []
    return {'Subject': str(m['subject'] or ''), 'To': [[a.display_name, a.addr_spec] for a in to], 'Parts': parts, 'Defects': defects}
def message(file):
    with open(file, 'rb') as f:
        return email.message_from_bytes(f.read().replace(b'\n', b'\r\n'), policy=email.policy.default)
print(json.dumps({file: read(message(file)) for file in sys.argv[1:]}))
`

// What is built means the same to our parser, to Go's net/mail and mime/multipart, and to Python's email package.
func TestBuiltFormsMeanTheSameToOtherParsers(t *testing.T) {
	files, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d golden messages, %v", len(files), err)
	}
	want := map[string]reading{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		raw := crlf(string(text))
		want[file] = readByGo(t, raw)
		if got := readByUs(raw); !reflect.DeepEqual(got, want[file]) {
			t.Errorf("%s: we read\n%+v\nand Go\n%+v", file, got, want[file])
		}
	}
	t.Run("python3", func(t *testing.T) {
		interpreter := mailtest.Installed(t, "python3", "/usr/bin/python3")
		readByPython(t, interpreter, want)
	})
}

func readByPython(t *testing.T, interpreter string, want map[string]reading) {
	t.Helper()
	cmd := exec.Command(interpreter, append([]string{"-c", python}, slices.Collect(maps.Keys(want))...)...)
	cmd.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3: %v", err)
	}
	var got map[string]struct {
		reading
		Defects []string
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("python3 said %q: %v", out, err)
	}
	for file := range want {
		if len(got[file].Defects) > 0 {
			t.Errorf("%s: Python finds fault with it: %v", file, got[file].Defects)
		}
		if !reflect.DeepEqual(got[file].reading, want[file]) {
			t.Errorf("%s: Python reads\n%+v\nand Go\n%+v", file, got[file].reading, want[file])
		}
	}
}

func sum(mediaType, data string) string {
	if mediaType == "message/rfc822" { // others than we keep it only taken apart
		data = ""
	}
	s := sha256.Sum256([]byte(data))
	return hex.EncodeToString(s[:])
}

func readByGo(t *testing.T, raw []byte) reading {
	t.Helper()
	h, leaves := readMessage(t, raw)
	var r reading
	var err error
	if r.Subject, err = new(mime.WordDecoder).DecodeHeader(h.Get("Subject")); err != nil {
		t.Error(err)
	}
	r.To = [][2]string{}
	if to := h.Get("To"); to != "" {
		list, err := new(netmail.AddressParser).ParseList(to)
		if err != nil && !strings.Contains(err.Error(), "empty group") {
			t.Errorf("To %q: %v", to, err)
		}
		for _, a := range list {
			r.To = append(r.To, [2]string{a.Name, a.Address})
		}
	}
	for _, l := range leaves {
		r.Parts = append(r.Parts, readPartOf{l.mediaType, l.name, sum(l.mediaType, l.data)})
	}
	return r
}

func readByUs(raw []byte) reading {
	m := body.Parse(raw)
	r := reading{Subject: body.DecodeWords(m.Header.Get("Subject")), To: [][2]string{}}
	for _, a := range body.Envelope(m.Header).To {
		if a.Valid() {
			r.To = append(r.To, [2]string{a.Name, a.Addr()})
		}
	}
	m.Root.Walk(func(p *mail.Part) bool {
		if p.Multipart() {
			return true
		}
		r.Parts = append(r.Parts, readPartOf{p.MediaType, p.Filename, sum(p.MediaType, string(body.Decode(*p, m.Content(p.Section))))})
		return false
	})
	return r
}

// FuzzBuild builds messages of anything and reads them back.
func FuzzBuild(f *testing.F) {
	f.Add("Low tide", "Dear Ben,\n\n> quoted\n\nbye", "Ben Okafor", "tides.csv", "14:20")
	f.Add("潮汐 =?utf-8?q?x?=", "From the island\n.\n "+strings.Repeat("x", 1200), "Bo, \"x\" <y@z>", "a\"b;c.txt", "\x00\xff\r\n")
	f.Fuzz(func(t *testing.T, subject, text, name, file, content string) {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		d := draft()
		d.Subject, d.Body = subject, text
		d.To = mail.Address{Name: mail.Line(strings.ToValidUTF8(name, "_")), Local: "ben", Domain: "x.example"}.String()
		d.Attachments = []Attachment{{Path: path, Name: file, MediaType: "application/octet-stream"}}
		env := environment()
		env.Transfer = Transfer(len(text) % 3)
		b, err := Build(d, env)
		if err != nil {
			return // it says what is wrong
		}
		wellFormed(t, b.Bytes)
		h, leaves := readMessage(t, b.Bytes)
		if len(leaves) != 2 || leaves[1].data != content || leaves[1].name == "" {
			t.Fatalf("read back %d parts: %+v", len(leaves), leaves)
		}
		got, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
		if want := strings.ToValidUTF8(subject, "\ufffd"); err != nil || words(got) != words(want) {
			t.Errorf("subject %q read back as %q, %v", subject, got, err)
		}
		m := body.Parse(b.Bytes)
		if got := string(body.Decode(*m.Root.Find("2"), m.Content("2"))); got != content {
			t.Errorf("we read %q back as %q", content, got)
		}
		to := body.Envelope(m.Header).To
		if len(to) != 1 || len(b.Recipients) != 1 || !to[0].Same(b.Recipients[0]) || words(to[0].Name) != words(b.Recipients[0].Name) {
			t.Errorf("recipients %+v, header %+v", b.Recipients, to)
		}
		want := ended(lines(strings.ToValidUTF8(text, "\ufffd")))
		if leaves[0].params["format"] == "flowed" {
			want = canonical(want)
		}
		if got := readText(t, b.Bytes); got != want {
			t.Errorf("text %q read back as %q", want, got)
		}
		d.Markdown = true
		if b, err = Build(d, env); err != nil {
			t.Fatal(err)
		}
		wellFormed(t, b.Bytes)
		if got := readText(t, b.Bytes); got != want {
			t.Errorf("text %q with HTML beside it read back as %q", want, got)
		}
	})
}

// words are the characters of a text that are not white space.
func words(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

const marked = "Hello Mira,\n\n**Low tide** is at `14:20`; bring:\n\n- boots\n- <rope> & a hook\n\n| day | height |\n| --- | ---: |\n| Sat | 0.4 |\n\n" +
	"![the boat](boat.png) and ![elsewhere](/etc/passwd)\n\n<script>alert(1)</script>\n\n[tides](javascript:alert) https://tides.example/today\n\n> quoted <b>text</b>\nnext line\n-- \nRobin <robin@home.example>\nHarbour 4\n"

// What Markdown goes out as HTML must hold: the person's words, all of them, and nothing that is done by a browser.
func TestMarkdownIsHTMLThatShowsWhatWasTyped(t *testing.T) {
	page, shown, err := formatted(marked, []Attachment{{Name: "boat.png", MediaType: "image/png"}, {Name: "passwd", Path: "/etc/passwd", MediaType: "text/plain"}}, new(counting), "home.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<strong>Low tide</strong>", "<code>14:20</code>", "<li>&lt;rope&gt; &amp; a hook</li>", "<th style=\"text-align:right\">height</th>",
		`<img src="cid:0001020304050607@home.example" alt="the boat">`, "&lt;script&gt;alert(1)&lt;/script&gt;", "quoted &lt;b&gt;text&lt;/b&gt;",
		`<a href="https://tides.example/today">`, "<p>-- <br>\nRobin &lt;robin@home.example&gt;<br>\nHarbour 4</p>", "<blockquote>"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	for _, never := range []string{"<script", "javascript:", "<h2", "<rope", "src=\"/", "</b>&lt;", "quoted &lt;b&gt;text&lt;/b&gt;<br>"} {
		if strings.Contains(page, never) {
			t.Errorf("%q in\n%s", never, page)
		}
	}
	if !strings.Contains(page, "</blockquote>\n<p>next line</p>") || !strings.Contains(page, "and elsewhere</p>") {
		t.Errorf("an answer is in the quote, or an image is not said:\n%s", page)
	}
	if len(shown) != 1 || shown[0] == "" {
		t.Errorf("shown in the text: %v", shown)
	}
}
