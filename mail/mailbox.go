package mail

import "strings"

// The integer types of RFC 9051 §2.3.1 and RFC 7162 §3.1, kept apart by the compiler.
type (
	UID         uint32 // 0: not known
	UIDValidity uint32 // 0: not known
	ModSeq      uint64 // 0: the server has no CONDSTORE for this mailbox
	MailboxKey  int64  // our row id of a mailbox; never sent to a server; 0: none
)

// Role is what a mailbox is for. // RFC 6154 §2
type Role string

// The roles posthorn acts on. Inbox is by name, the others by special-use attribute, configuration or name.
const (
	NoRole  Role = ""
	Inbox   Role = "inbox"
	Drafts  Role = "drafts"
	Sent    Role = "sent"
	Archive Role = "archive"
	Junked  Role = "junk"
	Trash   Role = "trash"
	All     Role = "all"
	Starred Role = "flagged"
)

// Roles lists the roles in the order a person looks for them.
var Roles = []Role{Inbox, Starred, Drafts, Sent, Archive, Junked, Trash, All}

// Mailbox is one mailbox of an account as the UI shows it.
type Mailbox struct {
	Key        MailboxKey
	Account    string // Account.Name
	Name       string // full name, decoded
	Delimiter  string // hierarchy delimiter; empty: flat
	Role       Role
	NoSelect   bool // holds other mailboxes only // RFC 9051 §7.3.1
	Subscribed bool
	Total      int  // shown messages, or what STATUS said where the mailbox was never synchronised
	Unseen     int  // of these, not \Seen
	Synced     bool // its headers have been fetched at least once
	Pending    bool // the server was not told yet that it is to be there, or under this name
}

// Path is the name split at the delimiter.
func (m Mailbox) Path() []string {
	if m.Delimiter == "" {
		return []string{m.Name}
	}
	return strings.Split(m.Name, m.Delimiter)
}

// Leaf is the last element of the path.
func (m Mailbox) Leaf() string {
	p := m.Path()
	return p[len(p)-1]
}

// Parent is the full name of the mailbox above, or empty.
func (m Mailbox) Parent() string {
	if m.Delimiter == "" {
		return ""
	}
	if i := strings.LastIndex(m.Name, m.Delimiter); i >= 0 {
		return m.Name[:i]
	}
	return ""
}

// roleNames are names that servers and programs have given to these mailboxes where nobody said their special use.
var roleNames = map[string]Role{
	"sent": Sent, "sent items": Sent, "sent messages": Sent, "sent mail": Sent, "gesendet": Sent, "gesendete elemente": Sent,
	"gesendete objekte": Sent, "envoyés": Sent, "éléments envoyés": Sent, "enviados": Sent, "elementos enviados": Sent, "posta inviata": Sent,
	"drafts": Drafts, "draft": Drafts, "entwürfe": Drafts, "brouillons": Drafts, "borradores": Drafts, "bozze": Drafts,
	"trash": Trash, "deleted": Trash, "deleted items": Trash, "deleted messages": Trash, "bin": Trash, "papierkorb": Trash,
	"gelöschte elemente": Trash, "corbeille": Trash, "papelera": Trash, "cestino": Trash,
	"junk": Junked, "spam": Junked, "junk e-mail": Junked, "junk email": Junked, "junk mail": Junked, "bulk mail": Junked,
	"archive": Archive, "archives": Archive, "archiv": Archive, "archivo": Archive,
}

// GuessRole tells what a mailbox is probably for where the server names no special use: by its name, at the top
// level or right below INBOX.
func GuessRole(name, delimiter string) Role {
	if strings.EqualFold(name, "INBOX") {
		return Inbox
	}
	if delimiter != "" {
		if len(name) > 5 && strings.EqualFold(name[:5], "INBOX") && strings.HasPrefix(name[5:], delimiter) {
			name = name[5+len(delimiter):]
		}
		if strings.Contains(name, delimiter) {
			return NoRole
		}
	}
	return roleNames[strings.ToLower(name)]
}
