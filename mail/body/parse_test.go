package body

import (
	"fmt"
	"strings"
	"testing"

	"posthorn/mail"
)

// outline spells a structure as one line per part.
func outline(p mail.Part) string {
	var b strings.Builder
	p.Walk(func(q *mail.Part) bool {
		fmt.Fprintf(&b, "%s %s", q.Section, q.MediaType)
		if q.Filename != "" {
			fmt.Fprintf(&b, " %q", q.Filename)
		}
		b.WriteString("\n")
		return true
	})
	return strings.ReplaceAll(b.String(), "\n ", "\n- ")
}

func crlf(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }

func TestParseNumbersSectionsAsIMAPDoes(t *testing.T) {
	raw := crlf(`Content-Type: multipart/mixed; boundary=a

preamble
--a
Content-Type: multipart/alternative; boundary="b c"

--b c
Content-Type: text/plain

plain
--b c
Content-Type: text/html

<p>html
--b c--
--a
Content-Type: message/rfc822

Subject: inside
Content-Type: multipart/mixed; boundary=d

--d

inner one
--d
Content-Type: message/rfc822

Subject: innermost

text
--d--
--a
Content-Type: image/png; name=x.png
Content-Disposition: attachment; filename*=utf-8''%C3%A4.png
Content-Transfer-Encoding: base64

AAAA
--a--
epilogue
`)
	m := Parse(raw)
	want := ` multipart/mixed
1 multipart/alternative
1.1 text/plain
1.2 text/html
2 message/rfc822
2.TEXT multipart/mixed
2.1 text/plain
2.2 message/rfc822
2.2.1 text/plain
3 image/png "ä.png"
`
	if got := outline(m.Root); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for section, content := range map[string]string{
		"1.1": "plain", "1.2": "<p>html", "2.1": "inner one", "2.2.1": "text", "3": "AAAA", "": string(raw),
		"2.2": "Subject: innermost\r\n\r\ntext",
	} {
		if got := string(m.Content(section)); got != content {
			t.Errorf("Content(%s) = %q, want %q", section, got, content)
		}
	}
	if p := m.Root.Find("3"); p.Size != 4 || p.Encoding != "base64" || p.Disposition != "attachment" {
		t.Errorf("part 3: %+v", p)
	}
}

func TestParseForgivesBrokenStructure(t *testing.T) {
	for name, c := range map[string]struct{ raw, want, section, content string }{
		"no header at all":        {"Just some words\nand more\n", "1 text/plain\n", "1", "Just some words\nand more\n"},
		"empty":                   {"", "1 text/plain\n", "1", ""},
		"only a newline":          {"\n", "1 text/plain\n", "1", ""},
		"text":                    {"Subject: x\n\nhello\n", "1 text/plain\n", "1", "hello\n"},
		"header runs into text":   {"Subject: x\nhello there\nhow are you\n", "1 text/plain\n", "1", "hello there\nhow are you\n"},
		"dirt in the header":      {"Subject: x\nrubbish\nContent-Type: text/html\n\nhi\n", "1 text/html\n", "1", "hi\n"},
		"boundary never appears":  {"Content-Type: multipart/mixed; boundary=x\n\nhello\n", "1 text/plain\n", "1", "hello\n"},
		"boundary missing":        {"Content-Type: multipart/mixed\n\n--y\nContent-Type: text/html\n\nhi\n--y--\n", " multipart/mixed\n1 text/html\n", "1", "hi"},
		"boundary wrong":          {"Content-Type: multipart/mixed; boundary=x\n\n--y\nContent-Type: text/html\n\nhi\n--y--\n", " multipart/mixed\n1 text/html\n", "1", "hi"},
		"no closing boundary":     {"Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x\n\ntwo\n", " multipart/mixed\n1 text/plain\n2 text/plain\n", "2", "two\n"},
		"outer boundary closes":   {"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\none\n--x\n\ntwo\n--x--\n", " multipart/mixed\n1 multipart/mixed\n1.1 text/plain\n2 text/plain\n", "1.1", "one"},
		"boundary is a prefix":    {"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed; boundary=xy\n\n--xy\n\none\n--xy--\n--x\n\ntwo\n--x--\n", " multipart/mixed\n1 multipart/mixed\n1.1 text/plain\n2 text/plain\n", "2", "two"},
		"part without empty line": {"Content-Type: multipart/mixed; boundary=x\n\n--x\nhello\n--x--\n", " multipart/mixed\n1 text/plain\n", "1", "hello"},
		"part with header only":   {"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n--x\n\ntwo\n--x--\n", " multipart/mixed\n1 text/html\n2 text/plain\n", "1", ""},
		"blanks behind boundary":  {"Content-Type: multipart/mixed; boundary=\"x  \"\n\n--x  \n\none\n--x--\t\n", " multipart/mixed\n1 text/plain\n", "1", "one"},
		"nonsense type":           {"Content-Type: text\n\nhi", "1 text/plain\n", "1", "hi"},
		"digest":                  {"Content-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: a\n\nhi\n--x--\n", " multipart/digest\n1 message/rfc822\n1.1 text/plain\n", "1.1", "hi"},
		"encoded message":         {"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogYQoKaGkK\n", "1 message/rfc822\n1.1 text/plain\n", "1.1", "hi\n"},
		"mbox line":               {"From a@b Mon Jan 1\nSubject: x\n\nhello\n", "1 text/plain\n", "1", "hello\n"},
		"message that is one":     {"Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x--\n", "1 message/rfc822\n1.TEXT multipart/mixed\n1.1 text/plain\n", "1.1", "one"},
	} {
		m := Parse([]byte(c.raw))
		if got := outline(m.Root); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
		if got := string(m.Content(c.section)); got != c.content {
			t.Errorf("%s: content %q, want %q", name, got, c.content)
		}
	}
}

func TestParseIsBounded(t *testing.T) {
	var deep strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	wide := "Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\n\n", 1_000_000)
	forwards := strings.Repeat("Content-Type: message/rfc822\n\n", 50_000)
	missing := strings.Repeat("Content-Type: multipart/mixed; boundary=x\n\n--y\n", 20_000)
	for name, raw := range map[string]string{"deep": deep.String(), "wide": wide, "forwards": forwards, "missing": missing} {
		parts, depth := 0, 0
		m := Parse([]byte(raw))
		m.Root.Walk(func(*mail.Part) bool { parts++; return true })
		for p := &m.Root; len(p.Children) > 0; p = &p.Children[0] {
			depth++
		}
		if parts > mail.MaxParts+1 || depth > mail.MaxDepth+1 {
			t.Errorf("%s: %d parts, depth %d", name, parts, depth)
		}
	}
}
