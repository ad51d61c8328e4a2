package imap

import (
	"slices"
	"strconv"
	"strings"

	"posthorn/mail"
)

// Caps is what the server can do, as booleans, and its named quirks. A revision-2 server without revision 1 has all
// that revision 2 includes. // RFC 9051 §6.1.1, §E
type Caps struct {
	Idle         bool // RFC 2177
	Move         bool // RFC 6851
	UIDPlus      bool // RFC 4315
	CondStore    bool // RFC 7162
	ESearch      bool // RFC 4731
	ListExtended bool // RFC 5258
	ListStatus   bool // RFC 5819
	SpecialUse   bool // RFC 6154
	LiteralPlus  bool // RFC 7888
	LiteralMinus bool // RFC 7888

	// Gmail: labels are mailboxes, All Mail holds everything, deleting takes a label off.
	Gmail bool
	// FilesSent: what is sent through the provider is in Sent already; a copy of ours would be the second. Gmail,
	// Outlook, Zoho, 163.com (seen 2026).
	FilesSent bool
	// RenamesSent: the copy in Sent has a Message-ID of the provider's, and ours in X-Microsoft-Original-Message-ID.
	// Outlook (seen 2025).
	RenamesSent bool
	// Limit is how many messages a command may name, 0: any number. Told as MESSAGELIMIT (RFC 9738), or learnt from
	// refusals; Yahoo and AOL refuse ranges of more than 2,000 without a word about why (seen 2024).
	Limit int

	id        bool     // RFC 2971
	noLogin   bool     // LOGINDISABLED // RFC 9051 §6.2.3
	saslIR    bool     // RFC 4959
	utf8Names bool     // mailbox names are UTF-8: revision 2 only
	auth      []string // SASL mechanisms, upper case
	known     bool     // the server has told
}

// parseCaps reads the words of a CAPABILITY response or code.
func parseCaps(words string) Caps {
	c := Caps{known: true}
	has := map[string]bool{}
	for _, w := range strings.Fields(strings.ToUpper(words)) {
		if m, ok := strings.CutPrefix(w, "AUTH="); ok {
			c.auth = append(c.auth, m)
		}
		name, value, _ := strings.Cut(w, "=")
		has[name] = true
		if n, err := strconv.Atoi(value); name == "MESSAGELIMIT" && err == nil {
			c.Limit = max(n, 1)
		}
	}
	two := has["IMAP4REV2"] && !has["IMAP4REV1"]
	c.Idle = two || has["IDLE"]
	c.Move = two || has["MOVE"]
	c.UIDPlus = two || has["UIDPLUS"]
	c.CondStore = has["CONDSTORE"] || has["QRESYNC"]
	c.ESearch = two || has["ESEARCH"]
	c.ListExtended = two || has["LIST-EXTENDED"]
	c.ListStatus = two || has["LIST-STATUS"]
	c.SpecialUse = two || has["SPECIAL-USE"]
	c.LiteralPlus = has["LITERAL+"]
	c.LiteralMinus = two || has["LITERAL-"]
	c.Gmail = has["X-GM-EXT-1"]
	c.id = has["ID"]
	c.noLogin = has["LOGINDISABLED"]
	c.saslIR = two || has["SASL-IR"]
	c.utf8Names = two
	return c
}

// Domains of providers' hosts.
var (
	gmail   = []string{"gmail.com", "googlemail.com"}
	outlook = []string{"outlook.com", "office365.com", "hotmail.com", "live.com"}
	others  = []string{"zoho.com", "zoho.eu", "zoho.in", "zoho.com.au", "zoho.com.cn", "zoho.jp", "zohocloud.ca", "163.com", "126.com", "yeah.net"}
	yahoo   = []string{"yahoo.com", "yahoo.co.jp", "aol.com", "myyahoo.com"}
)

// quirks adds what the hosts tell. Mail that is sent past the provider is filed by nobody but us; Gmail may be behind a
// proxy that logs in for us.
func (c *Caps) quirks(a mail.Account) {
	c.FilesSent = c.Gmail && (a.SMTP.Host == a.IMAP.Host || at(a.SMTP, gmail))
	for _, provider := range [][]string{gmail, outlook, others} {
		c.FilesSent = c.FilesSent || at(a.IMAP, provider) && at(a.SMTP, provider)
	}
	c.RenamesSent = at(a.IMAP, outlook)
	if at(a.IMAP, yahoo) && c.Limit == 0 {
		c.Limit = 1000
	}
}

// at tells whether a server is a provider's.
func at(e mail.Endpoint, provider []string) bool {
	host := "." + strings.ToLower(e.Host)
	return slices.ContainsFunc(provider, func(domain string) bool { return strings.HasSuffix(host, "."+domain) })
}

// forLibrary is the capabilities as go-imap is to know them: those of commands it is used for. It takes IMAP4rev2
// for UTF-8 on the wire whether enabled or not, so it hears of it only where there is nothing else.
func (c Caps) forLibrary() string {
	words := []string{"IMAP4rev1"}
	if c.utf8Names {
		words[0] = "IMAP4rev2"
	}
	for word, has := range map[string]bool{"IDLE": c.Idle, "MOVE": c.Move, "UIDPLUS": c.UIDPlus, "ESEARCH": c.ESearch, "CONDSTORE": c.CondStore} {
		if has {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}
