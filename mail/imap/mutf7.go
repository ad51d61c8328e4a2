package imap

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Mailbox names on the wire are modified UTF-7. // RFC 3501 §5.1.3, RFC 9051 §A.1

var base64Names = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)

// encodeName makes the wire form of a name.
func encodeName(name string) string {
	var b strings.Builder
	for len(name) > 0 {
		i := strings.IndexFunc(name, func(r rune) bool { return r < ' ' || r > '~' })
		if i < 0 {
			i = len(name)
		}
		b.WriteString(strings.ReplaceAll(name[:i], "&", "&-"))
		name = name[i:]
		n := strings.IndexFunc(name, func(r rune) bool { return r >= ' ' && r <= '~' })
		if n < 0 {
			n = len(name)
		}
		if n > 0 {
			var raw []byte
			for _, u := range utf16.Encode([]rune(name[:n])) {
				raw = append(raw, byte(u>>8), byte(u))
			}
			b.WriteString("&" + base64Names.EncodeToString(raw) + "-")
		}
		name = name[n:]
	}
	return b.String()
}

// decodeName undoes encodeName. What is no modified UTF-7 stays as it is, repaired to valid UTF-8; exact tells
// whether the name leads back to the same octets, so that the mailbox can be named in commands.
func decodeName(wire string) (name string, exact bool) {
	var b strings.Builder
	rest := wire
	for {
		plain, after, ok := strings.Cut(rest, "&")
		b.WriteString(plain)
		if !ok {
			break
		}
		run, more, ok := strings.Cut(after, "-")
		text, valid := decodeRun(run)
		if !ok || !valid {
			b.WriteByte('&')
			rest = after
			continue
		}
		b.WriteString(text)
		rest = more
	}
	name = b.String()
	if !utf8.ValidString(name) {
		name = strings.ToValidUTF8(name, "\uFFFD")
	}
	return name, encodeName(name) == wire
}

func decodeRun(run string) (string, bool) {
	if run == "" {
		return "&", true
	}
	raw, err := base64Names.DecodeString(run)
	if err != nil || len(raw)%2 != 0 {
		return "", false
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	return string(utf16.Decode(units)), true
}
