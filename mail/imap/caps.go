package imap

import (
	"strings"
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
		name, _, _ := strings.Cut(w, "=")
		has[name] = true
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

// filing are the providers that put what is sent through them into Sent.
var filing = []string{"gmail.com", "googlemail.com", "outlook.com", "office365.com", "hotmail.com", "live.com", "zoho.com", "zoho.eu", "zoho.in", "163.com", "126.com"}

// quirks adds what the host tells.
func (c *Caps) quirks(host string) {
	c.FilesSent = c.Gmail
	for _, domain := range filing {
		if host = strings.ToLower(host); host == domain || strings.HasSuffix(host, "."+domain) {
			c.FilesSent = true
		}
	}
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
