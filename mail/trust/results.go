package trust

import "strings"

// Bounds on one field.
const (
	maxField   = 16 << 10
	maxMethods = 50
)

// parseResults reads an Authentication-Results field: who has checked, and what came out. It forgives what real
// servers write: no name at all (Microsoft), blanks around equals signs, semicolons in quoted reasons.
// RFC 8601 §2.2
func parseResults(s string) (id string, methods []Method) {
	segments := splitResults(s[:min(len(s), maxField)])
	for i, words := range segments {
		if len(words) == 0 {
			continue
		}
		if i == 0 && !strings.Contains(words[0], "=") {
			id = strings.ToLower(strings.TrimSuffix(words[0], "."))
			continue
		}
		if m, ok := parseMethod(words); ok && len(methods) < maxMethods {
			methods = append(methods, m)
		}
	}
	return id, methods
}

// properties that tell the domain a check was made for, by method; the first that is there counts.
var properties = map[string][]string{
	"dmarc": {"header.from"}, "dkim": {"header.d", "header.i"}, "spf": {"smtp.mailfrom", "smtp.mail", "smtp.helo"}, "arc": {"header.d"},
	"auth": {"smtp.auth"}, "iprev": {"policy.iprev"},
}

func parseMethod(words []string) (Method, bool) {
	name, result, ok := strings.Cut(words[0], "=")
	name, _, _ = strings.Cut(strings.ToLower(name), "/") // version
	if !ok || name == "" || result == "" {
		return Method{}, false
	}
	m := Method{Name: name, Result: strings.ToLower(result)}
	values := map[string]string{}
	for _, w := range words[1:] {
		if key, value, ok := strings.Cut(w, "="); ok {
			if key = strings.ToLower(key); values[key] == "" {
				values[key] = value
			}
		}
	}
	m.Reason = values["reason"]
	for _, p := range properties[name] {
		if v := values[p]; v != "" {
			m.Domain = strings.Trim(strings.ToLower(v[strings.LastIndexByte(v, '@')+1:]), "<>. ")
			break
		}
	}
	return m, true
}

// splitResults cuts a field at semicolons and blanks outside quotes and comments, and drops the quotes, the comments
// and the blanks around equals signs.
func splitResults(s string) [][]string {
	var out [][]string
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	depth, glue := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i++
			if depth == 0 {
				word.WriteByte(s[i])
			}
		case depth > 0:
			switch c {
			case '(':
				depth++
			case ')':
				depth--
			}
		case c == '(':
			depth++
		case c == '"':
			n := strings.IndexByte(s[i+1:], '"')
			if n < 0 {
				n = len(s) - i - 1
			}
			word.WriteString(s[i+1 : i+1+n])
			i += n + 1
		case c == ';':
			end()
			out = append(out, words)
			words = nil
		case c == '=':
			if word.Len() == 0 && len(words) > 0 { // "a = b"
				word.WriteString(words[len(words)-1])
				words = words[:len(words)-1]
			}
			word.WriteByte(c)
			glue = true
			continue
		case c == ' ' || c == '\t':
			if glue {
				continue
			}
			end()
		default:
			word.WriteByte(c)
		}
		glue = false
	}
	end()
	return append(out, words)
}
