package trust

import (
	"strings"

	"posthorn/mail"
)

// Verdict is what the receiving server found out about a sender, in one word.
type Verdict int

// The verdicts.
const (
	Unknown  Verdict = iota // nobody we trust has checked, or the checks say nothing of the sender shown
	Verified                // it comes from the domain of its From
	Failed                  // it does not come from where it says
)

func (v Verdict) String() string { return [...]string{"unknown", "verified", "failed"}[v] }

// Authentication is the verdict with its reasons.
type Authentication struct {
	Verdict Verdict
	Domain  string   // that of From, which the verdict is about
	By      string   // who has checked; empty: nobody we trust
	Methods []Method // in the server's order
}

// Method is one check. // RFC 8601 §2.2
type Method struct {
	Name   string // dmarc, dkim, spf, …; lower case
	Result string // pass, fail, none, softfail, …; lower case
	Domain string // that the check was made for; empty: not told
	Reason string
}

// String is the check in a few words: "DKIM pass (example.org)".
func (m Method) String() string {
	s := strings.ToUpper(m.Name) + " " + m.Result
	if m.Domain != "" {
		s += " (" + m.Domain + ")"
	}
	if m.Reason != "" {
		s += ": " + m.Reason
	}
	return mail.Line(s)
}

// Server is who checks an account's incoming mail: the owner of the names its results begin with.
//
// A message can bring results that its sender has made up. A server that adds its own removes those which bear its
// name (RFC 8601 §5), but one that adds none removes none either, and the header alone does not tell which kind it
// is. So a name is trusted only when a good part of the account's received mail bears it on top: what the last hop
// puts there stands on all mail, what a forger puts there on his own. Results further down, behind the first that is
// not the server's, never count.
type Server struct {
	owner   string
	trusted bool
}

// What it takes for a name to be trusted: one of the account's own domains soon, any other only when nearly all
// mail bears it.
const (
	leastRelated, shareRelated     = 3, 2 // half of the mail
	leastUnrelated, shareUnrelated = 20, 10
)

// relatives are providers that check mail under another name than people reach them by.
var relatives = map[string]string{
	"gmail.com": "google.com", "googlemail.com": "google.com", "fastmail.com": "messagingengine.com", "me.com": "icloud.com", "mac.com": "icloud.com",
	"office365.com": "", "outlook.com": "", "hotmail.com": "", // they name nobody
}

// Learn finds the server of an account: received are the Authentication-Results of some of its received messages, a
// hundred or so, one list for each message and empty ones included; hosts are the account's IMAP host and the
// domains of its addresses.
func Learn(received [][]string, hosts ...string) Server {
	counts := map[string]int{}
	for _, results := range received {
		if len(results) > 0 {
			id, _ := parseResults(results[0])
			counts[Owner(id)]++
		}
	}
	related := map[string]bool{}
	for _, h := range hosts {
		o := Owner(h)
		related[o] = true
		if r, ok := relatives[o]; ok {
			related[r] = true
		}
	}
	best, most := "", 0
	for owner, n := range counts {
		if n > most {
			best, most = owner, n
		}
	}
	switch {
	case related[best]:
		return Server{best, most >= leastRelated && most*shareRelated >= len(received)}
	case best != "":
		return Server{best, most >= leastUnrelated && most*shareUnrelated >= len(received)*(shareUnrelated-1)}
	}
	return Server{}
}

// Authenticate reads what the server found out about a message: results are its Authentication-Results, topmost
// first.
func (s Server) Authenticate(results []string, from []mail.Address) Authentication {
	var a Authentication
	if len(from) > 0 {
		a.Domain = asciiDomain(from[0].Domain)
	}
	if !s.trusted {
		return a
	}
	for i, r := range results {
		id, methods := parseResults(r)
		if Owner(id) != s.owner {
			break
		}
		if i == 0 {
			if a.By = id; id == "" {
				a.By = "the receiving server"
			}
		}
		a.Methods = append(a.Methods, methods...)
	}
	for _, f := range from {
		if asciiDomain(f.Domain) != a.Domain { // no check is about two
			return a
		}
	}
	a.Verdict = verdict(a.Methods, a.Domain)
	return a
}

// verdict weighs the checks. DMARC is the one that is about From; without it a signature or an envelope of the same
// owner is as good. A broken signature by itself says nothing: mailing lists break them. // RFC 7489 §3.1
func verdict(methods []Method, domain string) Verdict {
	if domain == "" {
		return Unknown
	}
	owner := Owner(domain)
	aligned := func(m Method) bool { return m.Domain != "" && Owner(m.Domain) == owner }
	passed, refused := false, false
	for _, m := range methods {
		switch {
		case m.Name == "dmarc" && m.Result == "fail" && (m.Domain == "" || aligned(m)):
			return Failed
		case m.Name == "dmarc" && m.Result == "pass" && (m.Domain == "" || aligned(m)),
			(m.Name == "dkim" || m.Name == "spf") && m.Result == "pass" && aligned(m):
			passed = true
		case m.Name == "spf" && (m.Result == "fail" || m.Result == "hardfail") && aligned(m):
			refused = true
		}
	}
	switch {
	case passed:
		return Verified
	case refused:
		return Failed
	}
	return Unknown
}

// Signature is what the server found out about the signatures a message bears, whoever made them: verified where one
// holds and nothing else speaks against the sender, failed where one was checked and none holds.
func (a Authentication) Signature() Verdict {
	v := Unknown
	for _, m := range a.Methods {
		switch {
		case a.Verdict == Failed, m.Name == "dkim" && v == Unknown && (m.Result == "fail" || m.Result == "permerror"):
			v = Failed
		case m.Name == "dkim" && m.Result == "pass":
			v = Verified
		}
	}
	return v
}
