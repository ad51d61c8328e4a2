package demo

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"image/png"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"posthorn/mail"
)

var noon = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

func load(t *testing.T) []sample {
	t.Helper()
	list, err := samples()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// written is when a sample was written; what arrives comes after everything else.
func (s sample) written() time.Time {
	if s.arrives {
		return noon.Add(time.Minute)
	}
	return noon.Add(-s.age)
}

func header(t *testing.T, s sample) netmail.Header {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(s.message(s.written())))
	if err != nil {
		t.Fatalf("%s: %v", s.file, err)
	}
	return m.Header
}

func TestManifestAndFilesAgree(t *testing.T) {
	listed := map[string]bool{}
	arriving, unread := 0, 0
	for _, s := range load(t) {
		if listed[s.file] {
			t.Errorf("%s is listed twice", s.file)
		}
		listed[s.file] = true
		if s.account != "home" && s.account != "work" {
			t.Errorf("%s: account %q", s.file, s.account)
		}
		if s.mailbox == "" || strings.TrimSpace(s.mailbox) != s.mailbox {
			t.Errorf("%s: mailbox %q", s.file, s.mailbox)
		}
		if strings.HasPrefix(s.file, "arriving-") != s.arrives || s.arrives && (s.mailbox != "INBOX" || len(s.flags) > 0) {
			t.Errorf("%s: %+v arrives %v", s.file, s.flags, s.arrives)
		}
		flags, keywords := mail.ParseFlags(s.flags)
		if len(flags.Names()) != len(s.flags) || keywords != "" {
			t.Errorf("%s: flags %q", s.file, s.flags)
		}
		switch {
		case s.arrives:
			arriving++
		case !flags.Has(mail.Seen):
			unread++
		}
		if !s.arrives && (s.age <= 0 || s.age > 60*24*time.Hour) {
			t.Errorf("%s: age %v", s.file, s.age)
		}
	}
	found, err := fs.Glob(files, "mail/*.eml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range found {
		if !listed[strings.TrimPrefix(name, "mail/")] {
			t.Errorf("%s is not in the manifest", name)
		}
	}
	seeded := len(found) - arriving
	if seeded < 75 || arriving != 6 || unread*100/seeded < 15 || unread*100/seeded > 30 {
		t.Errorf("%d messages, %d unread, %d arriving", seeded, unread, arriving)
	}
}

func TestParseAge(t *testing.T) {
	for in, want := range map[string]time.Duration{"3h20m": 200 * time.Minute, "12d4h": 292 * time.Hour, "2d": 48 * time.Hour} {
		if got, err := parseAge(in); err != nil || got != want {
			t.Errorf("%s: %v %v", in, got, err)
		}
	}
	for _, in := range []string{"4", "xd", "1d2", "soon"} {
		if got, err := parseAge(in); err == nil {
			t.Errorf("%q: %v", in, got)
		}
	}
}

func TestThreadsHoldTogether(t *testing.T) {
	type origin struct {
		sample
		refs []string
	}
	all := map[string]origin{}
	for _, s := range load(t) {
		h := header(t, s)
		ids := mail.ParseMessageIDs(h.Get("Message-ID"))
		if len(ids) != 1 || all[ids[0]].file != "" {
			t.Errorf("%s: Message-ID %q is missing or taken", s.file, h.Get("Message-ID"))
			continue
		}
		all[ids[0]] = origin{s, mail.ParseMessageIDs(h.Get("References"))}
	}
	replies := 0
	for id, s := range all {
		h := header(t, s.sample)
		parents := mail.ParseMessageIDs(h.Get("In-Reply-To"))
		if len(s.refs) == 0 {
			if len(parents) > 0 || strings.HasPrefix(h.Get("Subject"), "Re: ") {
				t.Errorf("%s: an answer without References", s.file)
			}
			continue
		}
		replies++
		parent := s.refs[len(s.refs)-1]
		if len(parents) != 1 || parents[0] != parent {
			t.Errorf("%s: In-Reply-To %v, References %v", s.file, parents, s.refs)
		}
		if want := append(all[parent].refs[:len(all[parent].refs):len(all[parent].refs)], parent); strings.Join(s.refs, " ") != strings.Join(want, " ") {
			t.Errorf("%s: References %v, want %v", s.file, s.refs, want)
		}
		for _, ref := range s.refs {
			p, ok := all[ref]
			switch {
			case !ok || ref == id:
				t.Errorf("%s: reference %s is not among the samples", s.file, ref)
			case p.account != s.account:
				t.Errorf("%s answers %s of the other account", s.file, p.file)
			case !p.written().Before(s.written()):
				t.Errorf("%s is older than %s, which it answers", s.file, p.file)
			}
		}
	}
	if replies < 30 {
		t.Errorf("only %d answers", replies)
	}
}

func TestAnsweredMailHasItsAnswerInSent(t *testing.T) {
	answered := map[string]bool{}
	list := load(t)
	for _, s := range list {
		if s.mailbox == "Sent" {
			for _, id := range mail.ParseMessageIDs(header(t, s).Get("In-Reply-To")) {
				answered[id] = true
			}
		}
	}
	for _, s := range list {
		flags, _ := mail.ParseFlags(s.flags)
		id := mail.ParseMessageIDs(header(t, s).Get("Message-ID"))[0]
		if s.mailbox != "Sent" && flags.Has(mail.Answered) != answered[id] {
			t.Errorf("%s: answered %v, but an answer lies in Sent: %v", s.file, flags.Has(mail.Answered), answered[id])
		}
	}
}

var host = regexp.MustCompile(`(?:@|://)([\pL\d.-]+\.[\pL]+)`)

func TestNothingPointsAtARealHost(t *testing.T) {
	for _, s := range load(t) {
		head, _, _ := strings.Cut(s.text, "\n\n")
		for _, text := range append(texts(t, s), head) {
			for _, m := range host.FindAllStringSubmatch(text, -1) {
				tld := m[1][strings.LastIndexByte(m[1], '.')+1:]
				if tld != "example" && tld != "test" && tld != "invalid" && m[1] != "www.w3.org" { // that is the name of a language
					t.Errorf("%s: %s", s.file, m[0])
				}
			}
		}
	}
}

// anyCharset reads addresses whose names may be in a charset that the standard library does not know.
var anyCharset = netmail.AddressParser{WordDecoder: &mime.WordDecoder{
	CharsetReader: func(_ string, in io.Reader) (io.Reader, error) { return in, nil },
}}

func TestFilesAreWellFormed(t *testing.T) {
	for _, s := range load(t) {
		if strings.Count(s.text, "{{date}}") != 1 || !strings.HasPrefix(s.text, "Date: {{date}}\n") {
			t.Errorf("%s: the date's place is not its first line", s.file)
		}
		if strings.Contains(s.text, "\r") || !strings.HasSuffix(s.text, "\n") || !utf8.ValidString(s.text) {
			t.Errorf("%s: line ends or characters", s.file)
		}
		head, _, _ := strings.Cut(s.text, "\n\n")
		for line := range strings.SplitSeq(head, "\n") {
			if len(line) > 200 || strings.IndexFunc(line, func(r rune) bool { return r > '~' }) >= 0 {
				t.Errorf("%s: header line %q", s.file, line)
			}
		}
		for line := range strings.SplitSeq(s.text, "\n") {
			if len(line) > 998 {
				t.Errorf("%s: a line of %d octets", s.file, len(line))
			}
		}
		h := header(t, s)
		if at, err := h.Date(); err != nil || !at.Equal(s.written()) {
			t.Errorf("%s: date %v %v", s.file, at, err)
		}
		for _, field := range []string{"From", "To", "Cc", "Reply-To"} {
			if h.Get(field) == "" && field != "From" {
				continue
			}
			if _, err := anyCharset.ParseList(h.Get(field)); err != nil {
				t.Errorf("%s: %s: %v", s.file, field, err)
			}
		}
		if h.Get("Subject") == "" {
			t.Errorf("%s: no subject", s.file)
		}
	}
}

// part is one decoded leaf.
type part struct {
	mediaType, charset, name string
	data                     []byte
}

func parts(t *testing.T, s sample) []part {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(s.message(s.written())))
	if err != nil {
		t.Fatalf("%s: %v", s.file, err)
	}
	return leaves(t, s.file, m.Header, m.Body)
}

func leaves(t *testing.T, file string, h map[string][]string, body io.Reader) []part {
	t.Helper()
	get := func(name string) string { return netmail.Header(h).Get(name) }
	mediaType, params, err := mime.ParseMediaType(get("Content-Type"))
	if err != nil {
		t.Fatalf("%s: Content-Type %q: %v", file, get("Content-Type"), err)
	}
	if strings.HasPrefix(mediaType, "multipart/") {
		var out []part
		r := multipart.NewReader(body, params["boundary"])
		for {
			p, err := r.NextRawPart()
			if err == io.EOF {
				return out
			}
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			out = append(out, leaves(t, file, p.Header, p)...)
		}
	}
	p := part{mediaType: mediaType, charset: params["charset"]}
	if d := get("Content-Disposition"); d != "" {
		_, dp, err := mime.ParseMediaType(d)
		if err != nil || dp["filename"] == "" {
			t.Errorf("%s: Content-Disposition %q: %v", file, d, err)
		}
		p.name = dp["filename"]
	}
	switch get("Content-Transfer-Encoding") {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	if p.data, err = io.ReadAll(body); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return []part{p}
}

// texts are the UTF-8 texts of a sample.
func texts(t *testing.T, s sample) []string {
	t.Helper()
	var out []string
	for _, p := range parts(t, s) {
		if strings.HasPrefix(p.mediaType, "text/") && p.charset == "utf-8" {
			if !utf8.Valid(p.data) {
				t.Errorf("%s: %s is not UTF-8", s.file, p.mediaType)
			}
			out = append(out, string(p.data))
		}
	}
	return out
}

func TestEveryKindOfMailIsThereAndItsAttachmentsAreReal(t *testing.T) {
	kinds := map[string]int{}
	for _, s := range load(t) {
		for _, p := range parts(t, s) {
			kinds[p.mediaType]++
			kinds[p.charset]++
			checkFile(t, s.file, p)
		}
		if header(t, s).Get("List-Post") != "" {
			kinds["list"]++
		}
		if strings.Contains(s.text, "dmarc=fail") {
			kinds["phishing"]++
		}
		if strings.Contains(s.text, "format=flowed") {
			kinds["flowed"]++
		}
		for _, r := range s.mailbox {
			if r > '~' {
				kinds["mailbox beyond ASCII"]++
				break
			}
		}
	}
	for kind, least := range map[string]int{"text/html": 8, "text/calendar": 1, "message/rfc822": 1, "message/delivery-status": 1,
		"application/pdf": 4, "image/png": 4, "application/zip": 2, "text/csv": 3, "iso-2022-jp": 1, "iso-8859-1": 1, "gb18030": 1,
		"list": 10, "phishing": 1, "flowed": 15, "mailbox beyond ASCII": 5} {
		if kinds[kind] < least {
			t.Errorf("%s: %d, want %d", kind, kinds[kind], least)
		}
	}
}

func checkFile(t *testing.T, file string, p part) {
	t.Helper()
	var err error
	switch p.mediaType {
	case "image/png":
		_, err = png.Decode(bytes.NewReader(p.data))
	case "application/zip":
		var z *zip.Reader
		if z, err = zip.NewReader(bytes.NewReader(p.data), int64(len(p.data))); err == nil {
			_, err = fs.ReadFile(z, z.File[0].Name)
		}
	case "text/csv":
		_, err = csv.NewReader(bytes.NewReader(p.data)).ReadAll()
	case "application/pdf":
		tail := bytes.Fields(p.data[bytes.LastIndex(p.data, []byte("startxref")):])
		at, _ := strconv.Atoi(string(tail[1]))
		if !bytes.HasPrefix(p.data, []byte("%PDF-1.4\n")) || !bytes.HasPrefix(p.data[at:], []byte("xref\n")) || !bytes.HasSuffix(p.data, []byte("%%EOF\n")) {
			t.Errorf("%s: %s is no PDF", file, p.name)
		}
	}
	if err != nil {
		t.Errorf("%s: %s: %v", file, p.name, err)
	}
}
