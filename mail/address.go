package mail

import "strings"

// Address is one mailbox of an address header. // RFC 5322 §3.4
type Address struct {
	Name   string `json:"n,omitempty"` // display name, decoded; empty where the header has none
	Local  string `json:"l,omitempty"` // left of the last @, unquoted
	Domain string `json:"d,omitempty"` // right of the last @; empty in addresses that have no @
}

// Addr is the bare address: local@domain, the local part quoted where it must be.
func (a Address) Addr() string {
	local := a.Local
	if local != "" && !isDotAtom(local) {
		local = quote(local)
	}
	if a.Domain == "" {
		return local
	}
	return local + "@" + a.Domain
}

// String formats a for a header line as people type it; it does not encode words.
func (a Address) String() string {
	switch {
	case a.Name == "":
		return a.Addr()
	case isPhrase(a.Name):
		return a.Name + " <" + a.Addr() + ">"
	default:
		return quote(a.Name) + " <" + a.Addr() + ">"
	}
}

// Display is what a list shows: the name, or the address when there is none. A name that itself looks like an
// address is shown behind the real one, so that it cannot pass for it.
func (a Address) Display() string {
	switch {
	case a.Name == "":
		return a.Addr()
	case a.Posing():
		return a.Addr() + " (" + a.Name + ")"
	default:
		return a.Name
	}
}

// Posing tells whether the name looks like an address, and is not that of a.
func (a Address) Posing() bool {
	return strings.ContainsAny(a.Name, "@＠﹫") && !strings.EqualFold(a.Name, a.Addr())
}

// Same tells whether two addresses reach the same mailbox, as far as anyone but its server can tell: without
// regard to case, which the standard leaves open for local parts and every large provider ignores.
func (a Address) Same(b Address) bool {
	return strings.EqualFold(a.Local, b.Local) && strings.EqualFold(a.Domain, b.Domain)
}

// Valid tells whether mail can be sent to a: a local part and a domain, without controls, spaces or brackets.
func (a Address) Valid() bool {
	if a.Local == "" || a.Domain == "" || strings.HasPrefix(a.Domain, ".") || strings.HasSuffix(a.Domain, ".") {
		return false
	}
	for _, r := range a.Local + a.Domain {
		if r < 0x20 || r == 0x7f {
			return false
		}
	}
	return !strings.ContainsAny(a.Domain, " <>()@,;:\"\\") || isDomainLiteral(a.Domain)
}

// Addresses formats a list for a header line.
func Addresses(list []Address) string {
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = a.String()
	}
	return strings.Join(out, ", ")
}

// MaxAddresses bounds what one header can make us hold.
const MaxAddresses = 1000

// ParseAddresses reads an address list, forgiving: groups are flattened, comments become names where there is no
// other, unquoted commas in names are put back together, and what holds no address at all is kept as a name, so
// that nothing the header said is lost. decode is applied to names (RFC 2047); nil leaves them as they are.
func ParseAddresses(s string, decode func(string) string) []Address {
	list, _ := ParseAddressList(s, decode)
	return list
}

// ParseAddressList is ParseAddresses that tells whether there are more addresses than MaxAddresses.
func ParseAddressList(s string, decode func(string) string) (list []Address, more bool) {
	if decode == nil {
		decode = func(s string) string { return s }
	}
	var out []Address
	var pending []string // words before a comma that may belong to the next name: Smith, John <j@x>
	for _, item := range splitAddresses(s) {
		a, ok := parseAddress(item, decode)
		if !ok {
			if item = strings.TrimSpace(decode(unquote(strings.TrimSpace(item)))); item != "" {
				pending = append(pending, item)
			}
			continue
		}
		if a == (Address{}) { // <>
			continue
		}
		if pending != nil {
			if a.Name != "" {
				pending = append(pending, a.Name)
			}
			a.Name, pending = strings.Join(pending, ", "), nil
		}
		if len(out) == MaxAddresses {
			return out, true
		}
		out = append(out, a)
	}
	switch {
	case pending == nil:
	case len(out) == MaxAddresses:
		return out, true
	default:
		out = append(out, Address{Name: strings.Join(pending, ", ")})
	}
	return out, false
}

// splitAddresses cuts at commas and semicolons outside quotes, comments and angle brackets, and drops group names.
// A quote, comment or bracket that is never closed is one more character.
func splitAddresses(s string) []string {
	if strings.IndexByte(s, ',') < 0 && strings.IndexByte(s, ';') < 0 && strings.IndexByte(s, ':') < 0 { // nearly all there are
		return []string{s}
	}
	var out []string
	start, depth := 0, 0
	quoted, angle := false, false
	lastQuote, lastComment, lastAngle := lastUnescaped(s, '"'), lastUnescaped(s, ')'), lastUnescaped(s, '>')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case depth > 0 && !quoted:
			if c == '(' {
				depth++
			} else if c == ')' {
				depth--
			}
		case c == '"':
			quoted = !quoted && i < lastQuote
		case quoted:
		case c == '(':
			if i < lastComment {
				depth++
			}
		case c == '<':
			angle = i < lastAngle
		case c == '>':
			angle = false
		case angle:
		case c == ':' && !strings.Contains(s[start:i], "@"):
			start = i + 1 // group name // RFC 5322 §3.4
		case c == ',' || c == ';':
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[min(start, len(s)):])
}

// lastUnescaped is where c stands last without a backslash before it, -1 for nowhere.
func lastUnescaped(s string, c byte) int {
	if strings.IndexByte(s, '\\') < 0 {
		return strings.LastIndexByte(s, c)
	}
	at := -1
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case c:
			at = i
		}
	}
	return at
}

// parseAddress reads one mailbox; ok is false where there is neither an @ nor an angle bracket.
func parseAddress(s string, decode func(string) string) (Address, bool) {
	text, comment := cutComments(s)
	spec, name := strings.TrimSpace(text), ""
	if _, i := unquoted(text, '<'); i >= 0 {
		name = strings.TrimSpace(text[:i])
		spec = text[i+1:]
		if end, _ := unquoted(spec, '>'); end >= 0 {
			if rest := strings.TrimSpace(spec[end+1:]); strings.Contains(rest, "@") { // another address, which others may take for the one
				name = strings.TrimSpace(name + " " + rest)
			}
			spec = spec[:end]
		}
		spec = strings.TrimSpace(spec)
		if strings.HasPrefix(spec, "@") { // obsolete source route // RFC 5322 §4.4
			if _, after, ok := strings.Cut(spec, ":"); ok {
				spec = after
			}
		}
		if strings.ContainsAny(spec, " \t") && !strings.ContainsAny(spec, `"\`) {
			spec = closeUp(closeUp(spec, "."), "@") // RFC 5322 §4.4: spaces may stand around what parts its words
		}
	} else if !strings.Contains(spec, "@") {
		return Address{}, false
	}
	if name == "" {
		name = comment
	}
	a := Address{Name: strings.TrimSpace(decode(unquote(name)))}
	if i := strings.LastIndexByte(spec, '@'); i >= 0 {
		a.Local, a.Domain = unquote(strings.TrimSpace(spec[:i])), strings.TrimSpace(spec[i+1:])
	} else {
		a.Local = unquote(spec)
	}
	return a, true
}

// closeUp is s without the white space around each sep.
func closeUp(s, sep string) string {
	words := strings.Split(s, sep)
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	return strings.Join(words, sep)
}

// cutComments takes comments out of s and returns the words of the last one.
func cutComments(s string) (text, comment string) {
	if !strings.Contains(s, "(") {
		return s, ""
	}
	var b, c strings.Builder
	depth, quoted := 0, false
	lastQuote, lastComment := lastUnescaped(s, '"'), lastUnescaped(s, ')')
	for i := 0; i < len(s); i++ {
		w := &b
		if depth > 0 {
			w = &c
		}
		switch {
		case s[i] == '\\' && i+1 < len(s):
			w.WriteString(s[i : i+2])
			i++
			continue
		case s[i] == '"' && depth == 0:
			quoted = !quoted && i < lastQuote
		case s[i] == '(' && !quoted && i < lastComment:
			if depth++; depth == 1 {
				c.Reset()
				continue
			}
		case s[i] == ')' && depth > 0:
			if depth--; depth == 0 {
				continue
			}
		}
		w.WriteByte(s[i])
	}
	return b.String(), strings.TrimSpace(c.String())
}

// unquoted is where c stands first and last outside quotes, -1 for nowhere.
func unquoted(s string, c byte) (first, last int) {
	if strings.IndexByte(s, '"') < 0 && strings.IndexByte(s, '\\') < 0 {
		return strings.IndexByte(s, c), strings.LastIndexByte(s, c)
	}
	first, last = -1, -1
	quoted, lastQuote := false, lastUnescaped(s, '"')
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted && i < lastQuote
		case s[i] == c && !quoted:
			if last = i; first < 0 {
				first = i
			}
		}
	}
	return first, last
}

// unquote takes the quotes and backslashes off quoted strings inside s. // RFC 5322 §3.2.4
func unquote(s string) string {
	if strings.IndexByte(s, '"') < 0 && strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] != '"':
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func isAtext(r rune) bool {
	return r >= 0x80 || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
		strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

func isDotAtom(s string) bool {
	return s != "" && s[0] != '.' && s[len(s)-1] != '.' && !strings.Contains(s, "..") &&
		strings.IndexFunc(s, func(r rune) bool { return r != '.' && !isAtext(r) }) < 0
}

func isPhrase(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r != ' ' && !isAtext(r) }) < 0
}

func isDomainLiteral(s string) bool {
	return strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") && !strings.ContainsAny(s, " <>()@,;\"\\")
}
