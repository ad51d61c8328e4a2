package compose

import (
	"bytes"
	"encoding/base64"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

var update = flag.Bool("update", false, "write the golden files of this run")

var now = time.Date(2026, 11, 3, 14, 5, 9, 0, time.FixedZone("", 3600))

// counting is a random source that counts.
type counting byte

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(*c)
		*c++
	}
	return len(p), nil
}

func environment() Environment { return Environment{Now: now, Random: new(counting)} }

var robin = mail.Account{Name: "home", Address: "robin@home.example", DisplayName: "Robin Ahlgren",
	Aliases: []string{"Club Secretary <secretary@sailing.example>", "Robin <*@robin.example>"}}

func addresses(s string) []mail.Address { return mail.ParseAddresses(s, nil) }

func mustBuild(t *testing.T, d Draft, env Environment) Built {
	t.Helper()
	b, err := Build(d, env)
	if err != nil {
		t.Fatalf("Build: %v", err)
	}
	wellFormed(t, b.Bytes)
	return b
}

// wellFormed checks what every message must keep to, whatever is in it.
func wellFormed(t *testing.T, msg []byte) {
	t.Helper()
	if strings.ContainsAny(strings.ReplaceAll(string(msg), "\r\n", ""), "\r\n\x00") {
		t.Errorf("bare CR, bare LF or NUL in\n%q", msg)
	}
	head, _, _ := bytes.Cut(msg, []byte("\r\n\r\n"))
	for line := range strings.SplitSeq(string(msg), "\r\n") {
		if len(line) > 998 {
			t.Errorf("line of %d octets", len(line))
		}
	}
	for line := range strings.SplitSeq(string(head), "\r\n") {
		if !isASCII(line) {
			t.Errorf("header line %q is not ASCII", line)
		}
		if strings.TrimSpace(line) == "" {
			t.Errorf("blank line within the header")
		}
	}
}

// leaf is a part as the standard library reads it.
type leaf struct {
	mediaType string
	params    map[string]string
	name      string
	header    map[string][]string
	data      string
}

// read takes a message apart with the standard library, which shares no code with ours.
func readMessage(t *testing.T, raw []byte) (netmail.Header, []leaf) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("net/mail: %v\n%s", err, raw)
	}
	return m.Header, readPart(t, m.Header, m.Body)
}

func readPart(t *testing.T, h map[string][]string, body io.Reader) []leaf {
	t.Helper()
	get := func(name string) string { return netmail.Header(h).Get(name) }
	mediaType, params, err := mime.ParseMediaType(get("Content-Type"))
	if err != nil {
		t.Fatalf("Content-Type %q: %v", get("Content-Type"), err)
	}
	if strings.HasPrefix(mediaType, "multipart/") {
		var out []leaf
		r := multipart.NewReader(body, params["boundary"])
		for {
			p, err := r.NextRawPart()
			if err == io.EOF {
				return out
			}
			if err != nil {
				t.Fatalf("multipart: %v", err)
			}
			out = append(out, readPart(t, p.Header, p)...)
		}
	}
	switch get("Content-Transfer-Encoding") {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "7bit", "8bit":
	default:
		t.Fatalf("transfer encoding %q", get("Content-Transfer-Encoding"))
	}
	data, err := io.ReadAll(body)
	if err != nil {
		t.Fatalf("body: %v", err)
	}
	l := leaf{mediaType: mediaType, params: params, header: h, data: string(data)}
	if cd := get("Content-Disposition"); cd != "" {
		_, p, err := mime.ParseMediaType(cd)
		if err != nil {
			t.Fatalf("Content-Disposition %q: %v", cd, err)
		}
		l.name = p["filename"]
	}
	return []leaf{l}
}

// readText is the text of a message as a reader of format=flowed shows it: lines without soft breaks.
func readText(t *testing.T, raw []byte) string {
	t.Helper()
	_, leaves := readMessage(t, raw)
	text := strings.ReplaceAll(leaves[0].data, "\r\n", "\n")
	if leaves[0].params["format"] != "flowed" {
		return text
	}
	return unflow(text)
}

// unflow follows RFC 3676 §4 to the letter.
func unflow(text string) string {
	var out []string
	open, openDepth := false, 0
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		content := strings.TrimLeft(line, ">")
		depth := len(line) - len(content)
		content = strings.TrimPrefix(content, " ")
		signature := content == "-- "
		if open && openDepth == depth && !signature {
			out[len(out)-1] += content
		} else {
			prefix := strings.Repeat(">", depth)
			if depth > 0 && content != "" {
				prefix += " "
			}
			out = append(out, prefix+content)
		}
		open, openDepth = strings.HasSuffix(content, " ") && !signature, depth
	}
	return strings.Join(out, "\n") + "\n"
}
