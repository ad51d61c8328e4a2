package mail

import "slices"

// Permanent is which keywords a mailbox keeps. What a server is told of others it refuses or forgets, so they are kept
// here. The zero Permanent keeps all. // RFC 9051 §7.1 PERMANENTFLAGS
type Permanent struct {
	Limited  bool // only these
	Flags    Flags
	Keywords Keywords
}

// keywordFlags are the flags that are keywords on the wire: a server need not take them.
const keywordFlags = Forwarded | Junk | NotJunk | MDNSent | Phishing | Muted

// Keeps is what of flags and keywords the server can be told.
func (p Permanent) Keeps(f Flags, k Keywords) (Flags, Keywords) {
	if !p.Limited {
		return f, k
	}
	kept := slices.DeleteFunc(k.List(), func(name string) bool { return !p.Keywords.Has(name) })
	return f &^ (keywordFlags &^ p.Flags), NewKeywords(kept...)
}

// With is what a server says of a message, with what it cannot say of what was known of it.
func (p Permanent) With(said, known State) State {
	if !p.Limited {
		return said
	}
	f, k := p.Keeps(known.Flags, known.Keywords)
	said.Flags |= known.Flags &^ f
	said.Keywords = said.Keywords.With(known.Keywords.Without(k))
	return said
}
