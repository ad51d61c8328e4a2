package body

import (
	"strings"
	"unicode/utf16"
)

func isUTF7(label string) bool {
	label = strings.ToLower(strings.Trim(label, " \"'"))
	return label == "utf-7" || label == "utf7" || label == "unicode-1-1-utf-7" || label == "x-unicode-2-0-utf-7"
}

// decodeUTF7 undoes UTF-7; what is broken stays as it is. // RFC 2152
func decodeUTF7(b []byte) string {
	s := repair(string(b))
	var out strings.Builder
	for {
		i := strings.IndexByte(s, '+')
		if i < 0 {
			break
		}
		out.WriteString(s[:i])
		n := 0
		for i+1+n < len(s) && isBase64(s[i+1+n]) {
			n++
		}
		run := s[i+1 : i+1+n]
		rest := strings.TrimPrefix(s[i+1+n:], "-")
		raw := decodeBase64([]byte(run))
		switch {
		case n == 0 && len(rest) < len(s[i+1:]): // "+-"
			out.WriteByte('+')
		case len(raw) < 2:
			out.WriteByte('+')
			rest = s[i+1:]
		default:
			units := make([]uint16, len(raw)/2)
			for k := range units {
				units[k] = uint16(raw[2*k])<<8 | uint16(raw[2*k+1])
			}
			out.WriteString(string(utf16.Decode(units)))
		}
		s = rest
	}
	out.WriteString(s)
	return out.String()
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}
