package mail

import (
	"slices"
	"strings"
	"unicode"
)

// Flags are the system flags and the registered keywords that posthorn acts on, one bit each, so that they can be
// tested, masked and merged as one integer. The bit values are stored in the database: never renumber them.
type Flags uint32

// System flags // RFC 9051 §2.3.2
const (
	Seen Flags = 1 << iota
	Answered
	Flagged
	Deleted
	Draft
	Forwarded // $Forwarded
	Junk      // $Junk
	NotJunk   // $NotJunk
	MDNSent   // $MDNSent
	Phishing  // $Phishing
	Muted     // $muted: nobody wants to hear of what comes in its conversation
)

var flagNames = []struct {
	bit  Flags
	name string
}{
	{Seen, `\Seen`}, {Answered, `\Answered`}, {Flagged, `\Flagged`}, {Deleted, `\Deleted`}, {Draft, `\Draft`},
	{Forwarded, "$Forwarded"}, {Junk, "$Junk"}, {NotJunk, "$NotJunk"}, {MDNSent, "$MDNSent"}, {Phishing, "$Phishing"},
	{Muted, "$muted"},
}

// Has tells whether all bits of want are set.
func (f Flags) Has(want Flags) bool { return f&want == want }

// Names lists the flags as IMAP spells them, system flags first.
func (f Flags) Names() []string {
	var out []string
	for _, n := range flagNames {
		if f&n.bit != 0 {
			out = append(out, n.name)
		}
	}
	return out
}

// ParseFlags sorts what a server lists into bits and other keywords. \Recent belongs to a session, not to a
// message, and is dropped. // RFC 9051 §2.3.2
func ParseFlags(names []string) (Flags, Keywords) {
	var bits Flags
	var rest []string
next:
	for _, name := range names {
		for _, n := range flagNames {
			if strings.EqualFold(n.name, name) {
				bits |= n.bit
				continue next
			}
		}
		if !strings.HasPrefix(name, `\`) {
			rest = append(rest, name)
		}
	}
	return bits, NewKeywords(rest...)
}

// Keywords are a message's other keywords: lower case, sorted, separated by one space, each once. Being a string
// they can be compared and stored as they are.
type Keywords string

// maxKeywords bounds what one message can make us hold.
const maxKeywords = 100

// NewKeywords makes the canonical form of a list of names; names with spaces or controls are dropped.
func NewKeywords(names ...string) Keywords {
	var list []string
	for _, n := range names {
		if n != "" && strings.IndexFunc(n, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) < 0 {
			list = append(list, strings.ToLower(n))
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) > maxKeywords {
		list = list[:maxKeywords]
	}
	return Keywords(strings.Join(list, " "))
}

// List is k as separate names.
func (k Keywords) List() []string { return strings.Fields(string(k)) }

// Has tells whether name is among k, without regard to case.
func (k Keywords) Has(name string) bool { return slices.Contains(k.List(), strings.ToLower(name)) }

// With is k and all of add.
func (k Keywords) With(add Keywords) Keywords {
	if add == "" {
		return k
	}
	return NewKeywords(append(k.List(), add.List()...)...)
}

// Without is k less all of del.
func (k Keywords) Without(del Keywords) Keywords {
	if del == "" || k == "" {
		return k
	}
	drop := del.List()
	return NewKeywords(slices.DeleteFunc(k.List(), func(n string) bool { return slices.Contains(drop, n) })...)
}

// Labels are the keywords that people give. Those with a dollar are programs' own, but for the five that Thunderbird
// shows as labels; so are marks of filters.
func (k Keywords) Labels() []string {
	return slices.DeleteFunc(k.List(), func(name string) bool {
		switch {
		case strings.HasPrefix(name, "$label"), name == "$important":
			return false
		case name == "junk", name == "nonjunk", name == "notjunk", name == "junkrecorded":
			return true
		}
		return name[0] == '$'
	})
}

// IsKeyword tells whether a server takes name as a keyword: it is an atom. // RFC 9051 §9 flag-keyword
func IsKeyword(name string) bool {
	return name != "" && strings.IndexFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune("(){%*\"\\]", r)
	}) < 0
}
