package body

import (
	"bytes"
	"strings"

	"posthorn/mail"
)

// Decode undoes the transfer encoding of a part. It never loses bytes: what is not in the encoding named comes out
// as it is. // RFC 2045 §6
func Decode(p mail.Part, raw []byte) []byte {
	switch encodingNamed(p.Encoding) {
	case inBase64:
		return decodeBase64(raw)
	case inQuotedPrintable:
		return decodeQuotedPrintable(raw)
	case inUU:
		if b, ok := decodeUU(raw); ok {
			return b
		}
	}
	return raw
}

// The transfer encodings that change octets.
const (
	inBase64          = "base64"
	inQuotedPrintable = "quoted-printable"
	inUU              = "uuencode"
)

// encodingNamed is the transfer encoding that a sender means; empty for those that leave octets as they are.
func encodingNamed(label string) string {
	name, _, _ := strings.Cut(strings.ToLower(strings.Trim(label, " \t\"';")), " ")
	switch name {
	case "base64", "base-64", "x-base64":
		return inBase64
	case "quoted-printable", "quotedprintable", "quoted_printable", "x-quoted-printable":
		return inQuotedPrintable
	case "x-uuencode", "uuencode", "x-uue", "uue", "x-uu":
		return inUU
	}
	return ""
}

// Text is the text of a part in valid UTF-8 with lines ended by \n, not yet safe for the terminal.
func Text(p mail.Part, raw []byte) string {
	b := Decode(p, raw)
	if encodingNamed(p.Encoding) == "" {
		b = undeclared(b)
	}
	charset := p.Params["charset"]
	if p.MediaType == "text/html" && charsetNamed(charset) == nil && !isUTF7(charset) {
		charset = metaCharset(b)
	}
	s := toUTF8(charset, b)
	if strings.Contains(s, "\r\n") {
		s = strings.ReplaceAll(s, "\r\n", "\n")
	}
	return withoutDirections(s)
}

var metaTag = pattern(`(?i)<(?:meta[^>]{1,200}charset|\?xml[^>]{1,100}encoding)\s*=\s*["']?\s*([a-z0-9_:.-]{1,40})`)

// metaCharset is the charset that an HTML document claims for itself.
func metaCharset(b []byte) string {
	m := metaTag().FindSubmatch(b[:min(len(b), 4096)])
	if m == nil {
		return ""
	}
	if isWide(charsetNamed(string(m[1]))) { // it could not have been read then
		return ""
	}
	return string(m[1])
}

const invalid64 = 0xff

var values64 = func() (t [256]byte) {
	for i := range t {
		t[i] = invalid64
	}
	for i, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" {
		t[c] = byte(i)
	}
	return t
}()

// decodeBase64 passes over bytes outside the alphabet, takes groups without padding and data behind padding, and
// keeps as text what follows the data: list programs append their footers without looking.
func decodeBase64(raw []byte) []byte {
	out := make([]byte, 0, len(raw)/4*3+3)
	bits, n := uint32(0), 0
	end := func() {
		switch n {
		case 2:
			out = append(out, byte(bits>>4))
		case 3:
			out = append(out, byte(bits>>10), byte(bits>>2))
		}
		bits, n = 0, 0
	}
	for at := 0; at < len(raw); {
		stop := len(raw)
		if i := bytes.IndexByte(raw[at:], '\n'); i >= 0 {
			stop = at + i + 1
		}
		line := raw[at:stop]
		if notBase64(line) {
			end()
			return append(out, raw[at:]...)
		}
		at = stop
		for _, c := range line {
			switch v := values64[c]; {
			case v != invalid64:
				bits = bits<<6 | uint32(v)
				if n++; n == 4 {
					out = append(out, byte(bits>>16), byte(bits>>8), byte(bits))
					bits, n = 0, 0
				}
			case c == '=':
				end()
			}
		}
	}
	end()
	return out
}

// notBase64 tells whether a line is text: words, or a quarter of it or more lies outside the alphabet.
func notBase64(line []byte) bool {
	bad, all, blanks := 0, 0, 0
	for _, c := range line {
		switch {
		case c == ' ':
			blanks++
			continue
		case c == '\t' || c == '\r' || c == '\n' || c == '=':
			continue
		case values64[c] == invalid64:
			bad++
		}
		all++
	}
	return bad > 0 && (bad*4 >= all || blanks > 3)
}

// decodeQuotedPrintable leaves broken escapes and white space at the ends of lines as they are. // RFC 2045 §6.7
func decodeQuotedPrintable(raw []byte) []byte {
	i := bytes.IndexByte(raw, '=')
	if i < 0 {
		return raw
	}
	out := make([]byte, 0, len(raw))
	for {
		out = append(out, raw[:i]...)
		raw = raw[i:]
		if len(raw) > 2 && isHex(raw[1]) && isHex(raw[2]) {
			out = append(out, unhex(raw[1])<<4|unhex(raw[2]))
			raw = raw[3:]
		} else if n := softBreak(raw[1:]); n >= 0 {
			raw = raw[1+n:]
		} else {
			out = append(out, '=')
			raw = raw[1:]
		}
		if i = bytes.IndexByte(raw, '='); i < 0 {
			return append(out, raw...)
		}
	}
}

// softBreak is the length of the rest of a line that holds nothing but white space, -1 where there is more.
func softBreak(b []byte) int {
	for i, c := range b {
		switch c {
		case ' ', '\t', '\r':
		case '\n':
			return i + 1
		default:
			return -1
		}
	}
	return len(b)
}

var uuBegin = pattern(`(?m)^begin(-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?$`)

// decodeUU decodes the first uuencoded file in raw.
func decodeUU(raw []byte) ([]byte, bool) {
	at := uuBegin().FindIndex(raw)
	if at == nil {
		return nil, false
	}
	out := make([]byte, 0, (len(raw)-at[1])/4*3)
	for _, line := range bytes.Split(raw[at[1]:], []byte("\n")) {
		line = bytes.TrimRight(line, "\r")
		if len(line) == 0 {
			continue
		}
		if bytes.Equal(line, []byte("end")) {
			break
		}
		out = appendUULine(out, line)
	}
	return out, true
}

func appendUULine(out, line []byte) []byte {
	n := int(line[0]-' ') & 63
	line = line[1:]
	for n > 0 && len(line) > 0 {
		var g [4]byte
		for k := range g {
			if k < len(line) {
				g[k] = (line[k] - ' ') & 63
			}
		}
		b := [3]byte{g[0]<<2 | g[1]>>4, g[1]<<4 | g[2]>>2, g[2]<<6 | g[3]}
		out = append(out, b[:min(n, 3)]...)
		n -= 3
		line = line[min(4, len(line)):]
	}
	return out
}
