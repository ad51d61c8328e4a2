package trust

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"posthorn/mail"
)

// Kind is what a warning is about.
type Kind int

// The kinds, the gravest first.
const (
	LookAlike      Kind = iota // the domain passes for one that is known
	MixedScripts               // the domain is written with letters that pass for others
	OddAddress                 // the address itself is written to pass for another
	NameIsAddress              // the display name holds another address
	Pretends                   // a first-time sender bears the name of a contact
	SeveralFrom                // it says to be from more than one
	NoFrom                     // it does not say who it is from
	ReplyElsewhere             // answers go to somebody else
)

// Warning is one thing about the sender that a person should know.
type Warning struct {
	Kind Kind
	Text string // one sentence, safe for the terminal
}

// Contacts is what is known of others. Nil functions know nothing.
type Contacts struct {
	Known   func(mail.Address) bool          // whether the person has written to the address, or got mail from it before
	Named   func(name string) []mail.Address // those known by a name, without regard to case
	Domains []string                         // of all known addresses
}

// Warnings looks at the sender of a message; own are the person's own addresses.
func Warnings(e mail.Envelope, own []mail.Address, contacts Contacts) []Warning {
	w := warner{own: own, contacts: contacts}
	for i, f := range e.From {
		if i == maxFrom {
			break
		}
		w.address(f)
		w.name(f)
	}
	w.count(e.From)
	if len(e.From) > 0 && e.ListID == "" && e.ListUnsubscribe == "" { // lists lead answers where they belong
		w.replies(e.From, e.ReplyTo)
	}
	return w.list
}

// maxFrom bounds how many senders are looked at.
const maxFrom = 20

type warner struct {
	own      []mail.Address
	contacts Contacts
	list     []Warning
}

func (w *warner) warn(k Kind, format string, args ...any) {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = short(mail.Line(s))
		}
	}
	w.list = append(w.list, Warning{k, fmt.Sprintf(format, args...)})
}

// short cuts a name in the middle, so that its end can be seen.
func short(s string) string {
	const most = 60
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most/2]) + "…" + string(r[len(r)-most/2:])
}

func (w *warner) known(a mail.Address) bool {
	for _, o := range w.own {
		if o.Same(a) {
			return true
		}
	}
	return w.contacts.Known != nil && w.contacts.Known(a)
}

// address looks at where it comes from.
func (w *warner) address(f mail.Address) {
	if strings.ContainsAny(f.Local, "@<> ") || strings.Contains(f.Local, "=?") || strings.ContainsFunc(f.Local+f.Domain, hiddenRune) {
		w.warn(OddAddress, "The address %s is written to pass for another; it belongs to %s.", f.Addr(), asciiDomain(f.Domain))
	} else if mixedScripts(f.Local) {
		w.warn(OddAddress, "The sender's address %s is written with letters of several scripts.", f.Addr())
	}
	if f.Domain == "" {
		return
	}
	reads := unicodeDomain(f.Domain)
	for label := range strings.SplitSeq(reads, ".") {
		if mixedScripts(label) {
			w.warn(MixedScripts, "The domain %s is written with letters that pass for others; it is really %s.", reads, asciiDomain(f.Domain))
			break
		}
	}
	if known := w.lookAlike(f.Domain); known != "" && !w.known(f) {
		w.warn(LookAlike, "The sender's domain %s looks like %s, which you know, but is another.", asciiDomain(f.Domain), known)
	}
}

func hiddenRune(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar
}

// How long a name must be to be looked for in others, and how long for one letter to make it another's likeness.
const (
	leastName    = 5
	leastSimilar = 6
)

// lookAlike is the known domain that another is made to look like, empty for none.
func (w *warner) lookAlike(domain string) string {
	domains := w.contacts.Domains
	for _, o := range w.own {
		domains = append(domains[:len(domains):len(domains)], o.Domain)
	}
	ascii, owner := asciiDomain(domain), Owner(domain)
	name, suffix, _ := strings.Cut(unicodeDomain(owner), ".")
	for _, d := range domains {
		if Owner(d) == owner {
			return ""
		}
	}
	for _, d := range domains {
		known := Owner(d)
		knownName, knownSuffix, dotted := strings.Cut(unicodeDomain(known), ".")
		switch {
		case !dotted:
		case strings.HasPrefix(ascii, known+"."), len(knownName) >= leastName && (strings.HasPrefix(name, knownName+"-") || strings.HasSuffix(name, "-"+knownName)):
			return known
		case suffix != knownSuffix:
		case len(name) >= 2 && skeleton(name) == skeleton(knownName), len(knownName) >= leastSimilar && similar(name, knownName):
			return known
		}
	}
	return ""
}

var addressInName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[^\s<>()"',;:]+[@＠﹫]\s?[\pL\pN-]+(?:[.．。][\pL\pN-]+)*`)
})

// name looks at what the sender is called.
func (w *warner) name(f mail.Address) {
	for _, m := range addressInName().FindAllString(f.Name[:min(len(f.Name), 2000)], 5) {
		if m = strings.NewReplacer("＠", "@", "﹫", "@", "．", ".", "。", ".", " ", "").Replace(m); !strings.EqualFold(m, f.Addr()) {
			w.warn(NameIsAddress, "The sender's name says %s, the address is %s.", m, f.Addr())
			return
		}
	}
	name := strings.Join(strings.Fields(f.Name), " ")
	if len(name) < leastName || w.known(f) {
		return
	}
	for _, o := range w.own {
		if strings.EqualFold(name, o.Name) || strings.EqualFold(skeleton(name), skeleton(o.Name)) {
			w.warn(Pretends, "The sender bears your own name, but %s is no address of yours.", f.Addr())
			return
		}
	}
	if w.contacts.Named == nil {
		return
	}
	for _, c := range w.contacts.Named(name) {
		if !c.Same(f) && Owner(c.Domain) != Owner(f.Domain) {
			w.warn(Pretends, "You know %s as %s; %s has not written to you before.", name, c.Addr(), f.Addr())
			return
		}
	}
}

// count looks at how many senders there are.
func (w *warner) count(from []mail.Address) {
	switch n := len(from); {
	case n == 0, n == 1 && from[0].Domain == "":
		w.warn(NoFrom, "It does not say which address it comes from.")
	case n > 1:
		var names []string
		for _, f := range from[:min(n, 3)] {
			names = append(names, short(mail.Line(f.Addr())))
		}
		w.list = append(w.list, Warning{SeveralFrom, fmt.Sprintf("It says to be from %d senders: %s.", n, strings.Join(names, ", "))})
	}
}

// replies looks at where answers go.
func (w *warner) replies(from, to []mail.Address) {
	for _, r := range to {
		same := w.known(r)
		for _, f := range from {
			same = same || Owner(r.Domain) == Owner(f.Domain)
		}
		if !same {
			w.warn(ReplyElsewhere, "An answer goes to %s, not to the sender.", r.Addr())
			return
		}
	}
}
