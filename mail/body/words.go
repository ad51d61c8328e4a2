package body

import (
	"strings"
	"unicode/utf8"
)

// DecodeWords undoes RFC 2047 in an unfolded field, as real senders write it: words glued to text and to each
// other, characters and base64 groups split between words, spaces inside words, unknown charsets. Text outside
// words may be raw UTF-8 or, failing that, windows-1252. The result is valid UTF-8, not yet safe for the terminal.
func DecodeWords(s string) string {
	at := strings.Index(s, "=?")
	if at < 0 {
		return repair(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	var group wordGroup
	for {
		word, end, ok := parseWord(s, at)
		if ok {
			if gap := s[:at]; strings.Trim(gap, " \t") != "" || !group.open {
				group.flush(&b)
				b.WriteString(repair(gap))
			}
			group.add(&b, word)
			s, at = s[end:], 0
		} else {
			at += 2
		}
		next := strings.Index(s[at:], "=?")
		if next < 0 {
			break
		}
		at += next
	}
	group.flush(&b)
	b.WriteString(repair(s))
	return b.String()
}

type word struct {
	charset, text string
	base64        bool
}

// parseWord reads the encoded word at s[at:], which begins with "=?". // RFC 2047 §2
func parseWord(s string, at int) (w word, end int, ok bool) {
	rest := s[at+2:]
	q := strings.IndexByte(rest[:min(len(rest), 80)], '?')
	if q < 0 || len(rest) < q+3 || rest[q+2] != '?' {
		return w, 0, false
	}
	switch rest[q+1] {
	case 'b', 'B':
		w.base64 = true
	case 'q', 'Q':
	default:
		return w, 0, false
	}
	w.charset, _, _ = strings.Cut(rest[:q], "*") // RFC 2231 §5: language
	text := rest[q+3:]
	n := strings.Index(text, "?=")
	if next := strings.Index(text, "=?"); n < 0 || next >= 0 && next < n-1 && wordFollows(text[next:]) {
		return w, 0, false
	}
	w.text = text[:n]
	return w, at + 2 + q + 3 + n + 2, true
}

// wordFollows tells whether s begins an encoded word, so that the one before it has lost its end.
func wordFollows(s string) bool {
	q := strings.IndexByte(s[2:min(len(s), 82)], '?')
	return q > 0 && len(s) > q+4 && s[q+4] == '?' && strings.IndexByte("bBqQ", s[q+3]) >= 0
}

// wordGroup collects neighbouring words of one charset, so that characters split between them come together.
type wordGroup struct {
	open    bool // the last thing written was a word: white space before the next word is not text // RFC 2047 §6.2
	charset string
	bytes   []byte
	base64  string // text of words whose base64 did not end on a whole group
}

func (g *wordGroup) add(b *strings.Builder, w word) {
	if g.open && !strings.EqualFold(g.charset, w.charset) {
		g.flush(b)
	}
	g.open, g.charset = true, w.charset
	if !w.base64 {
		g.endBase64()
		g.bytes = appendQ(g.bytes, w.text)
		return
	}
	text := stripSpace(w.text)
	if g.base64 += text; len(g.base64)%4 == 0 || strings.HasSuffix(text, "=") {
		g.endBase64()
	}
}

func (g *wordGroup) endBase64() {
	if g.base64 != "" {
		g.bytes = append(g.bytes, decodeBase64([]byte(g.base64))...)
		g.base64 = ""
	}
}

func (g *wordGroup) flush(b *strings.Builder) {
	g.endBase64()
	if len(g.bytes) > 0 {
		b.WriteString(toUTF8(g.charset, g.bytes))
	}
	g.open, g.bytes = false, g.bytes[:0]
}

// appendQ undoes the Q encoding; broken escapes stay as they are. // RFC 2047 §4.2
func appendQ(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_':
			dst = append(dst, ' ')
		case c == '=' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			dst = append(dst, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	}
	return c - 'A' + 10
}

func stripSpace(s string) string {
	if !strings.ContainsAny(s, " \t\r\n") {
		return s
	}
	return strings.Join(strings.Fields(s), "")
}

// repair makes valid UTF-8 of text without a charset: what is UTF-8 stays, every other byte is windows-1252.
func repair(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/2)
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			r = windows1252(s[0])
		}
		b.WriteRune(r)
		s = s[n:]
	}
	return b.String()
}
