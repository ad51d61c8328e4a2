package compose

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// maxWord keeps an encoded word, with the field's name before it, within the 76 columns such a line may have.
// RFC 2047 §2
const maxWord = 60

const (
	wordB, wordQ = "=?utf-8?b?", "=?utf-8?q?"
	wordEnd      = "?="
)

// plainWords tells whether s can stand in a header as it is, folded at its spaces.
func plainWords(s string) bool {
	if strings.Contains(s, "=?") || strings.Contains(s, "  ") || strings.TrimSpace(s) != s {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	for w := range strings.SplitSeq(s, " ") {
		if len(w) > 200 { // far from 998 // RFC 5322 §2.1.1
			return false
		}
	}
	return true
}

// encodeWords is s as encoded words of UTF-8, in the shorter of the two encodings, cut between characters.
// RFC 2047 §2, §4, §5
func encodeWords(s string) []string {
	s = strings.ToValidUTF8(s, "\ufffd")
	q := 0
	for i := 0; i < len(s); i++ {
		q += len(qEncode(s[i]))
	}
	var out []string
	if q > base64.StdEncoding.EncodedLen(len(s)) {
		const room = (maxWord - len(wordB) - len(wordEnd)) / 4 * 3
		for s != "" {
			n := cut(s, room, func(byte) int { return 1 })
			out = append(out, wordB+base64.StdEncoding.EncodeToString([]byte(s[:n]))+wordEnd)
			s = s[n:]
		}
		return out
	}
	const room = maxWord - len(wordQ) - len(wordEnd)
	for s != "" {
		n := cut(s, room, func(c byte) int { return len(qEncode(c)) })
		var b strings.Builder
		for i := 0; i < n; i++ {
			b.WriteString(qEncode(s[i]))
		}
		out = append(out, wordQ+b.String()+wordEnd)
		s = s[n:]
	}
	return out
}

// cut is how many bytes of s, in whole characters, fit in room.
func cut(s string, room int, cost func(byte) int) int {
	n := 0
	for n < len(s) {
		_, size := utf8.DecodeRuneInString(s[n:])
		for i := range size {
			room -= cost(s[n+i])
		}
		if room < 0 && n > 0 {
			break
		}
		n += size
	}
	return n
}

// qEncode is one byte in the narrowest form of Q, which is right in every place. // RFC 2047 §5 (3)
func qEncode(c byte) string {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '!', c == '*', c == '+', c == '-', c == '/':
		return string(rune(c))
	case c == ' ':
		return "_"
	}
	return percent('=', c)
}

// percent is a byte as a mark and two hexadecimal digits.
func percent(mark, c byte) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{mark, digits[c>>4], digits[c&15]})
}
