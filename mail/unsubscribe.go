package mail

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Unsubscribe is the ways a message offers to leave the list it came through, each the first of its kind that can be
// used at all. All are empty where there is none.
type Unsubscribe struct {
	OneClick string // takes a POST without a further question // RFC 8058 §3.1
	Mailto   string // a message there does it
	Page     string // leads to a page for a browser; one by HTTPS where there is one
}

// Any tells whether there is a way.
func (u Unsubscribe) Any() bool { return u != Unsubscribe{} }

// Bounds on a field that says how to unsubscribe.
const (
	maxWays = 20
	maxWay  = 4 << 10
)

// Unsubscribe reads how to leave the list. A web address that names a user, whose site is not told or which holds
// what no address holds is passed over, and so is every kind of link that does more than show something: what is left
// can be asked about and opened. // RFC 2369 §2, §3.2
func (e Envelope) Unsubscribe() Unsubscribe {
	var u Unsubscribe
	oneClick := strings.EqualFold(strings.TrimSpace(e.ListUnsubscribePost), "List-Unsubscribe=One-Click")
	rest := e.ListUnsubscribe
	for range maxWays {
		_, after, ok := strings.Cut(rest, "<")
		if !ok {
			break
		}
		var link string
		link, rest, _ = strings.Cut(after, ">")
		link = strings.Join(strings.Fields(link), "") // folded in the middle
		if len(link) > maxWay || strings.ContainsFunc(link, func(r rune) bool { return gate(r, 0) != r }) {
			continue
		}
		site := website(link)
		secure := strings.HasPrefix(site, "https:")
		if secure && oneClick && u.OneClick == "" {
			u.OneClick = site
		}
		switch {
		case site != "" && (u.Page == "" || secure && strings.HasPrefix(u.Page, "http:")):
			u.Page = site
		case site == "" && u.Mailto == "" && len(link) > len("mailto:") && strings.EqualFold(link[:len("mailto:")], "mailto:"):
			u.Mailto = link
		}
	}
	return u
}

// website is a link to a page, written anew; empty for all others.
func website(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.Opaque != "" || u.User != nil {
		return ""
	}
	u.Fragment = ""
	return u.String()
}

// Leaving is what became of the last try to leave a mailing list; the zero value: none is known of. It is kept as text
// under Choice, so that it outlives the program.
type Leaving struct {
	State LeavingState
	At    time.Time
	Asked string // host or address
}

// LeavingState is how far it went. The values are stored: never rename one.
type LeavingState string

// The states.
const (
	LeavingAsked   LeavingState = "asked"   // stored before the site hears of it; stays where no answer came
	LeavingDone    LeavingState = "done"    // the site says that it is done
	LeavingRefused LeavingState = "refused" // the site answered with something else
	LeavingUnsent  LeavingState = "unsent"  // the site was not reached
	LeavingMailed  LeavingState = "mailed"  // a mail that asks for it was sent
	LeavingPage    LeavingState = "page"    // a page was opened in the browser
)

// List tells the mailing list that e came through from others: its List-Id, or else who writes to it. // RFC 2919 §3
func (e Envelope) List() string {
	list := e.ListID
	if list == "" && len(e.From) > 0 {
		list = e.From[0].Addr()
	}
	return strings.ToLower(list[:min(len(list), maxList)])
}

// maxList bounds what is kept of a list's name. // RFC 2919 §3 has 255
const maxList = 255

// LeavingChoice is under what it is kept that an account leaves a list.
func LeavingChoice(account, list string) string { return "left " + account + " " + list }

// String is l as it is kept.
func (l Leaving) String() string {
	return string(l.State) + " " + strconv.FormatInt(l.At.Unix(), 10) + " " + l.Asked
}

// ParseLeaving reads what String wrote; all else is the zero value.
func ParseLeaving(s string) Leaving {
	state, rest, _ := strings.Cut(s, " ")
	at, asked, _ := strings.Cut(rest, " ")
	unix, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return Leaving{}
	}
	return Leaving{LeavingState(state), time.Unix(unix, 0), asked}
}
