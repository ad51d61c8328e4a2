package body

import (
	"fmt"
	"mime"
	"path"
	"strings"

	"posthorn/mail"
)

// Enclosed is a file uuencoded inside a text, as mail did before MIME.
type Enclosed struct {
	Part mail.Part // its Section is that of the text and its number there: see mail.EnclosedIn; Size is that of Data
	Data []byte
}

// maxEnclosed bounds how many files one text can enclose; further ones stay text.
const maxEnclosed = 100

// Enclosures are the files in a text part, in order. Their bytes are not fetched by their own section but made of
// the text's: fetch that, and take the n-th.
func Enclosures(p mail.Part, raw []byte) []Enclosed {
	var out []Enclosed
	for _, e := range enclosures(p, Text(p, raw)) {
		out = append(out, e.Enclosed)
	}
	return out
}

// enclosure is a file and where it stands in the text.
type enclosure struct {
	Enclosed
	start, end int
}

func enclosures(p mail.Part, s string) []enclosure {
	var out []enclosure
	if p.MediaType != "text/plain" && p.MediaType != "" {
		return nil
	}
	for at := 0; at < len(s) && len(out) < maxEnclosed; {
		n := strings.Index(s[at:], "begin")
		if n < 0 {
			break
		}
		start := at + n
		at = start + len("begin")
		if start > 0 && s[start-1] != '\n' {
			continue
		}
		name, data, length := uuBlock(s[start:])
		if length == 0 {
			continue
		}
		at = start + length
		mediaType, _, _ := strings.Cut(mime.TypeByExtension(strings.ToLower(path.Ext(name))), ";")
		if mediaType == "" {
			mediaType = "application/octet-stream"
		}
		part := mail.Part{
			Section: mail.EnclosedSection(p.Section, len(out)+1), MediaType: mediaType, Disposition: "attachment", Filename: name, Size: int64(len(data)),
		}
		out = append(out, enclosure{Enclosed{part, data}, start, at})
	}
	return out
}

// uuBlock reads the encoded file that s begins with, up to and with its last line; length is 0 where there is none.
func uuBlock(s string) (name string, data []byte, length int) {
	first, rest, _ := strings.Cut(s, "\n")
	m := uuBegin().FindStringSubmatch(first)
	if m == nil {
		return "", nil, 0
	}
	name, length = strings.TrimSpace(m[2]), len(first)+1
	base64 := m[1] != ""
	var encoded []byte
	for line := range strings.Lines(rest) {
		length += len(line)
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "end" && !base64, line == "====" && base64:
			if base64 {
				data = decodeBase64(encoded)
			}
			return name, data, length
		case base64 && !notBase64([]byte(line)):
			encoded = append(encoded, line...)
		case !base64 && uuLine(line):
			data = appendUULine(data, []byte(line))
		default:
			return "", nil, 0
		}
	}
	return "", nil, 0
}

// uuLine tells whether a line is encoded: as long as its first character says, or shorter by blanks that were lost.
func uuLine(s string) bool {
	if s == "" {
		return true
	}
	n := (int(s[0]-' ')&63 + 2) / 3 * 4
	if len(s) > n+3 || len(s) < n/2 { // some programs add a checksum or a mark
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '`' {
			return false
		}
	}
	return true
}

// enclosing adds a text with notes in the places of its files.
func (a *article) enclosing(p mail.Part, s string) {
	at := 0
	var how flow
	how.flowed = strings.EqualFold(p.Params["format"], "flowed")
	how.delsp = how.flowed && strings.EqualFold(p.Params["delsp"], "yes")
	text := func(s string) { a.text(mail.Text(s), how) }
	for _, e := range enclosures(p, s) {
		if before := strings.TrimSuffix(s[at:e.start], "\n"); before != "" {
			text(before)
		}
		note := cut(mail.Line(e.Part.Filename), 200) + ", " + sizeWords(e.Part.Size) + ", is among the attachments."
		a.add(paragraph{text: note, kind: Note})
		a.files = append(a.files, e.Part)
		at = e.end
	}
	if s = s[at:]; s != "" || at == 0 {
		text(s)
	}
}

// sizeWords is a size as people say it.
func sizeWords(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1000_000)
}
