package mail

import (
	"strings"
	"unicode"
)

// maxReferences bounds what one References header can make us hold: the newest are kept, and the first, which names
// the conversation.
const maxReferences = 100

// ParseMessageIDs reads the identifiers of a Message-ID, In-Reply-To or References header: canonical means without
// angle brackets, white space and controls. Words that are no identifiers ("Your message of Tuesday") are dropped,
// a bare identifier without brackets is taken when it is alone. // RFC 5322 §3.6.4
func ParseMessageIDs(s string) []string {
	list, _ := ParseMessageIDList(s)
	return list
}

// ParseMessageIDList is ParseMessageIDs that tells whether there are more than are kept.
func ParseMessageIDList(s string) ([]string, bool) {
	var out []string
	rest := s
	for {
		_, after, ok := strings.Cut(rest, "<")
		if !ok {
			break
		}
		id, more, ok := strings.Cut(after, ">")
		if !ok {
			id, more = after, ""
		}
		if id = canonicalID(id); id != "" {
			out = append(out, id)
		}
		rest = more
	}
	if len(out) == 0 {
		if f := strings.Fields(s); len(f) == 1 && strings.Contains(f[0], "@") {
			if id := canonicalID(f[0]); id != "" {
				out = append(out, id)
			}
		}
	}
	if len(out) > maxReferences {
		return append(out[:1:1], out[len(out)-maxReferences+1:]...), true
	}
	return out, false
}

func canonicalID(s string) string {
	odd := func(r rune) bool { return r <= ' ' || r >= 0x7f && unicode.IsControl(r) || r == '<' || r == '>' }
	if strings.ContainsFunc(s, odd) {
		s = strings.Map(func(r rune) rune {
			if odd(r) {
				return -1
			}
			return r
		}, s)
	}
	if len(s) > 998 { // RFC 5322 §2.1.1
		return ""
	}
	return s
}

// FormatMessageIDs is the header form of canonical identifiers.
func FormatMessageIDs(ids ...string) string {
	if len(ids) == 0 {
		return ""
	}
	return "<" + strings.Join(ids, "> <") + ">"
}
