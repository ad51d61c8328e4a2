package mail

import (
	"cmp"
	"slices"
	"strings"
)

// Signature is one of those an account has.
type Signature struct {
	Name string // its key in the configuration; empty: it is that of the account
	Text string
}

// forRecipients begins the key of a signature for mail to certain people: "to:ben@x.example", "to:*@x.example".
const forRecipients = "to:"

// SignatureFor is what goes below mail from an address to these people: the signature for the first of them that there
// is one for, himself before his domain, else that of the address, else that of the account.
func (a Account) SignatureFor(from Address, to []Address) string {
	for _, person := range to {
		for _, local := range []string{person.Local, anyone} {
			if text, ok := a.signature(forRecipients, Address{Local: local, Domain: person.Domain}); ok {
				return text
			}
		}
	}
	if text, ok := a.signature("", from); ok {
		return text
	}
	return a.Signature
}

// signature is that whose key is prefix and an address.
func (a Account) signature(prefix string, of Address) (text string, ok bool) {
	for key, text := range a.Signatures {
		if spec, is := strings.CutPrefix(key, prefix); is {
			if list := ParseAddresses(spec, nil); len(list) == 1 && list[0].Same(of) {
				return text, true
			}
		}
	}
	return "", false
}

// AllSignatures are those of the account, its own first, then by name.
func (a Account) AllSignatures() []Signature {
	var out []Signature
	for name, text := range a.Signatures {
		out = append(out, Signature{name, text})
	}
	slices.SortFunc(out, func(s, t Signature) int { return cmp.Compare(s.Name, t.Name) })
	if a.Signature != "" {
		out = append([]Signature{{"", a.Signature}}, out...)
	}
	return out
}

// badSignature is what is wrong with the key of a signature; empty: nothing. A key without @ is a name to choose it by.
func badSignature(key string) string {
	spec, rule := strings.CutPrefix(key, forRecipients)
	if !rule && !strings.Contains(key, "@") {
		if key == "" || Line(key) != key {
			return "%q is no name for a signature: a short word is best"
		}
		return ""
	}
	if list := ParseAddresses(spec, nil); len(list) != 1 || !list[0].Valid() {
		return "%q is neither an address of yours, nor people written to, like \"to:ben@example.org\" or \"to:*@example.org\", nor a name"
	}
	return ""
}
