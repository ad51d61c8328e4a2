package body

import (
	"slices"
	"strconv"
	"strings"
)

// maxParams bounds what one field can make us hold.
const maxParams = 100

// ParseValue reads a field with parameters, such as Content-Type: its value in lower case, and the parameters with
// keys in lower case and values decoded. // RFC 2045 §5.1, RFC 2231
func ParseValue(s string) (value string, params map[string]string) {
	value, rest, _ := strings.Cut(s, ";")
	value = strings.ToLower(strings.TrimSpace(dropComments(value)))
	raw := map[string]string{}
	for rest != "" && len(raw) < maxParams {
		var key, v string
		key, v, rest = cutParam(rest)
		if key == "" {
			continue
		}
		if _, twice := raw[key]; !twice {
			raw[key] = v
		}
	}
	if len(raw) == 0 {
		return value, nil
	}
	return value, DecodeParams(raw)
}

// cutParam takes the first key=value off s. Quotes may be missing around values with blanks, and their end.
func cutParam(s string) (key, value, rest string) {
	s = strings.TrimLeft(s, " \t;")
	eq := strings.IndexByte(s, '=')
	semi := strings.IndexByte(s, ';')
	if eq < 0 || semi >= 0 && semi < eq {
		if semi < 0 {
			return "", "", ""
		}
		return "", "", s[semi+1:]
	}
	key = strings.ToLower(strings.TrimSpace(s[:eq]))
	s = strings.TrimLeft(s[eq+1:], " \t")
	if strings.HasPrefix(s, `"`) {
		value, rest = cutQuoted(s[1:])
		_, rest, _ = strings.Cut(rest, ";")
		return key, value, rest
	}
	value, rest, _ = strings.Cut(s, ";")
	return key, strings.TrimSpace(value), rest
}

// cutQuoted reads up to the closing quote. A backslash quotes only quotes and backslashes: Windows programs write
// paths with single ones.
func cutQuoted(s string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return b.String(), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}

// DecodeParams puts continued parameters together and undoes their encodings: name*0*=…, name*=utf-8”…, and the
// encoded words that the standard forbids here and everybody writes. Keys are made lower case. // RFC 2231 §3, §4
func DecodeParams(raw map[string]string) map[string]string {
	out := make(map[string]string, len(raw))
	var extended []string
	for k, v := range raw {
		if k = strings.ToLower(k); strings.Contains(k, "*") {
			extended = append(extended, k)
		} else {
			out[k] = DecodeWords(v)
		}
	}
	if len(extended) == 0 {
		return out
	}
	lower := make(map[string]string, len(raw))
	for k, v := range raw {
		lower[strings.ToLower(k)] = v
	}
	slices.Sort(extended)
	for _, k := range extended {
		name, _, _ := strings.Cut(k, "*")
		if name == "" {
			continue
		}
		if v, ok := continued(lower, name); ok { // stands above the plain one, which is for old programs
			out[name] = v
		}
	}
	return out
}

// continued is the value of name*, or of name*0, name*1 and so on in order; gaps end it only after the last piece.
func continued(raw map[string]string, name string) (string, bool) {
	if v, ok := raw[name+"*"]; ok {
		charset, text := cutCharset(v)
		if charset == "" && strings.Contains(text, "=?") { // both ways at once
			return DecodeWords(string(percent(text))), true
		}
		return toUTF8(charset, percent(text)), true
	}
	var pieces []piece
	for k, v := range raw {
		rest, ok := strings.CutPrefix(k, name+"*")
		if !ok {
			continue
		}
		number, encoded := strings.CutSuffix(rest, "*")
		if n, err := strconv.ParseUint(number, 10, 16); err == nil {
			pieces = append(pieces, piece{int(n), encoded, v})
		}
	}
	if len(pieces) == 0 {
		return "", false
	}
	slices.SortFunc(pieces, func(a, b piece) int { return a.n - b.n })
	charset, words, encoded := "", true, ""
	var b []byte
	for i, p := range pieces {
		words = words && !p.encoded
		switch {
		case p.encoded && i == 0:
			charset, encoded = cutCharset(p.value)
		case p.encoded:
			encoded += p.value // some cut within %C3
		default:
			b = append(append(b, percent(encoded)...), p.value...)
			encoded = ""
		}
	}
	if words {
		return DecodeWords(string(b)), true
	}
	return toUTF8(charset, append(b, percent(encoded)...)), true
}

type piece struct {
	n       int
	encoded bool
	value   string
}

// cutCharset splits charset'language'text.
func cutCharset(s string) (charset, text string) {
	if c, rest, ok := strings.Cut(s, "'"); ok {
		if _, text, ok := strings.Cut(rest, "'"); ok {
			return c, text
		}
	}
	return "", s
}

func percent(s string) []byte {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			b = append(b, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
			continue
		}
		b = append(b, s[i])
	}
	return b
}

// Filename is a part's file name from the decoded parameters of Content-Disposition and Content-Type, as the sender
// wrote it: not safe as a path or on screen.
func Filename(disposition, contentType map[string]string) string {
	for _, name := range []string{disposition["filename"], contentType["name"], disposition["name"], contentType["filename"]} {
		if name = strings.TrimSpace(name); name != "" {
			return name
		}
	}
	return ""
}
