package body

import (
	"bytes"
	"strings"

	"posthorn/mail"
)

// What senders say of their texts is wrong often enough that a text is looked at as well. Only what can hardly be
// anything else is taken for it.

// undeclared undoes an encoding that a text is in though its header does not say so.
func undeclared(b []byte) []byte {
	switch {
	case allBase64(b):
		if text := decodeBase64(b); printable(text) {
			return text
		}
	case allQuotedPrintable(b):
		if text := decodeQuotedPrintable(b); printable(text) {
			return text
		}
	}
	return b
}

// allBase64 tells whether b is nothing but the lines that encoders make, all of one length but the last.
func allBase64(b []byte) bool {
	b = bytes.Trim(b, "\r\n")
	width, _, several := bytes.Cut(b, []byte("\n"))
	n := len(bytes.TrimRight(width, "\r"))
	if n < 40 || several && (n > 76 || n%4 != 0) {
		return false
	}
	for len(b) > 0 {
		var line []byte
		line, b, _ = bytes.Cut(b, []byte("\n"))
		line = bytes.TrimRight(line, "\r")
		if len(line) > n || len(line) < n && len(b) > 0 || len(line)%4 != 0 {
			return false
		}
		if len(b) == 0 {
			line = bytes.TrimRight(line, "=")
		}
		for _, c := range line {
			if values64[c] == invalid64 {
				return false
			}
		}
	}
	return true
}

// printable tells whether b holds no control character that text does not have.
func printable(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' || c == 0x7f {
			return false
		}
	}
	return len(b) > 0
}

// allQuotedPrintable tells whether every = of b is one of the encoding, lines are as short as it wants them, and there
// is a long line that it broke or a character beyond ASCII that it wrote.
func allQuotedPrintable(b []byte) bool {
	proof := false
	for len(b) > 0 {
		var line []byte
		line, b, _ = bytes.Cut(b, []byte("\n"))
		line = bytes.TrimRight(line, "\r")
		if len(line) > 76 { // RFC 2045 §6.7
			return false
		}
		for i := bytes.IndexByte(line, '='); i >= 0; {
			rest := line[i+1:]
			switch {
			case len(rest) == 0:
				proof = proof || len(line) > 70
			case len(rest) < 2 || !upperHex(rest[0]) || !upperHex(rest[1]):
				return false
			default:
				proof = proof || rest[0] >= '8' && len(rest) > 3 && rest[2] == '=' && rest[3] >= '8'
			}
			next := bytes.IndexByte(rest, '=')
			if next < 0 {
				break
			}
			i += 1 + next
		}
	}
	return proof
}

func upperHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'A' && c <= 'F' }

var (
	documentBegins = pattern(`(?i)^[\s\x{feff}]*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)[\s>]`)
	anyTag         = pattern(`<[a-zA-Z/!?]`)
)

// marked tells whether a text is HTML: what says that it is and has a tag, and plain text that is a whole document.
func marked(p mail.Part, s string) bool {
	switch p.MediaType {
	case "text/html":
		return anyTag().MatchString(s) || strings.Contains(s, "&")
	case "text/plain":
		return documentBegins().MatchString(s[:min(len(s), 1000)])
	}
	return false
}
