package compose

import (
	"fmt"
	"strings"

	"golang.org/x/net/idna"

	"posthorn/mail"
)

// Recipients reads the address fields. Unlike mail.ParseAddresses, which makes the best of what others wrote, it takes
// nothing that is not surely an address: err names the field and the word.
func (d Draft) Recipients() (to, cc, bcc []mail.Address, err error) {
	if to, err = parseField("To", d.To); err != nil {
		return nil, nil, nil, err
	}
	if cc, err = parseField("Cc", d.Cc); err != nil {
		return nil, nil, nil, err
	}
	if bcc, err = parseField("Bcc", d.Bcc); err != nil {
		return nil, nil, nil, err
	}
	return to, cc, bcc, nil
}

func parseField(field, s string) ([]mail.Address, error) {
	if err := checkValue(field, s); err != nil {
		return nil, err
	}
	var out []mail.Address
	start := 0
	for _, item := range splitList(s) {
		word := strings.TrimSpace(item)
		at := start + len(item) - len(strings.TrimLeft(item, " \t"))
		start += len(item) + 1
		if word == "" || emptyGroup(word) {
			continue
		}
		a, ok := strictAddress(word)
		if !ok {
			from, to, why := slip(word)
			return nil, &AddressError{Field: field, Word: word, From: at + from, To: at + to, Why: why}
		}
		out = append(out, a)
	}
	return out, nil
}

// emptyGroup tells whether word is a group of nobody, less its semicolon: "undisclosed-recipients:". // RFC 5322 §3.4
func emptyGroup(word string) bool {
	return strings.HasSuffix(word, ":") && !strings.ContainsAny(word, "@<>\"()")
}

// splitList cuts at commas and semicolons outside quotes, comments and angle brackets.
func splitList(s string) []string {
	var out []string
	start, depth := 0, 0
	quoted, angle := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && (quoted || depth > 0):
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case c == '<':
			angle = true
		case c == '>':
			angle = false
		case (c == ',' || c == ';') && depth == 0 && !angle:
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}

// maxAddress is the longest address that SMTP carries. // RFC 5321 §4.5.3.1.3
const maxAddress = 254

// strictAddress reads one typed address and refuses what could have been meant otherwise.
func strictAddress(word string) (mail.Address, bool) {
	list := mail.ParseAddresses(word, nil)
	if len(list) != 1 || !list[0].Valid() {
		return mail.Address{}, false
	}
	a := list[0]
	if strings.Contains(a.Domain, "..") || len(a.Addr()) > maxAddress {
		return mail.Address{}, false
	}
	if _, err := wire("", a); err != nil {
		return mail.Address{}, false
	}
	// What needs quotes must have been typed with them: "a b@x", "a@b@c" and "<a@x> <b@x>" are slips.
	if !strings.Contains(word, `"`) && (strings.HasPrefix(a.Addr(), `"`) || strings.ContainsAny(a.Name, "<>")) {
		return mail.Address{}, false
	}
	if i := strings.LastIndexByte(word, '>'); i >= 0 {
		if after := strings.TrimSpace(word[i+1:]); after != "" && !strings.HasPrefix(after, "(") {
			return mail.Address{}, false
		}
	}
	return a, true
}

// wire is a as servers take it: an international domain in its ASCII form. Letters beyond ASCII left of the @ have no
// such form: they go as they are, and only through servers that take them. // RFC 6531 §3.2, RFC 6532 §3.2
func wire(field string, a mail.Address) (mail.Address, error) {
	if !isASCII(a.Domain) {
		domain, err := idna.Lookup.ToASCII(a.Domain)
		if err != nil {
			return a, fmt.Errorf("%s: %q is not a domain name: check its spelling", field, a.Domain)
		}
		a.Domain = domain
	}
	return a, nil
}

func wireAll(field string, list []mail.Address) ([]mail.Address, error) {
	out := make([]mail.Address, len(list))
	for i, a := range list {
		var err error
		if out[i], err = wire(field, a); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// checkValue refuses what would end a header line. // RFC 5322 §2.2
func checkValue(field, s string) error {
	if strings.ContainsAny(s, "\r\n\x00") {
		return fmt.Errorf("%s: there is a line break or a NUL in it, which a header cannot hold: take it out", field)
	}
	return nil
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
