package mail

import "time"

// MessageKey is our row id of a message: it survives a move and is never sent to a server. Envelope.MessageID is
// the header; never mix the two.
type MessageKey int64

// Message is one header row as shown: what the server said, overlaid with what the user wants.
type Message struct {
	Key         MessageKey
	Account     string     // Account.Name
	Mailbox     MailboxKey // shown mailbox
	Flags       Flags
	Keywords    Keywords
	Received    time.Time // INTERNALDATE; lists are sorted by it
	Date        time.Time // Date header; zero: missing or unreadable
	Size        int64     // octets // RFC822.SIZE
	MessageID   string    // canonical, empty where the message has none
	Subject     string    // decoded, not yet made safe for the terminal
	From        string    // Envelope.FromText
	To          string    // Envelope.ToText
	ListID      string
	Attachments int    // parts a person would call attachments
	Preview     string // first words of the text, once a body is known
	Thread      int64  // conversation; 0: none yet
}

// Unseen tells whether nobody has read the message yet.
func (m Message) Unseen() bool { return m.Flags&Seen == 0 }
