package mail

import "time"

// Envelope holds the facts of a message's header that lists, warnings and answers need, decoded once where they
// come in. It is stored as JSON beside the row. // RFC 9051 §7.5.2, RFC 5322 §3.6
type Envelope struct {
	Date                time.Time `json:"date,omitzero"` // zero: missing or unreadable
	Subject             string    `json:"subject,omitempty"`
	From                []Address `json:"from,omitempty"`
	Sender              []Address `json:"sender,omitempty"`
	ReplyTo             []Address `json:"reply_to,omitempty"`
	FollowupTo          []Address `json:"followup_to,omitempty"` // Mail-Followup-To: whom a mailing list's members want answers to all to go to
	To                  []Address `json:"to,omitempty"`
	Cc                  []Address `json:"cc,omitempty"`
	Bcc                 []Address `json:"bcc,omitempty"`
	Delivered           []Address `json:"delivered,omitempty"`  // whom servers say that they delivered it to, but for those in To and Cc
	MessageID           string    `json:"message_id,omitempty"` // canonical, see ParseMessageIDs
	InReplyTo           []string  `json:"in_reply_to,omitempty"`
	References          []string  `json:"references,omitempty"`            // oldest first, at most maxReferences
	ListID              string    `json:"list_id,omitempty"`               // without <> // RFC 2919
	ListPost            string    `json:"list_post,omitempty"`             // as in the header // RFC 2369 §3.4
	ListUnsubscribe     string    `json:"list_unsubscribe,omitempty"`      // as in the header // RFC 2369 §3.2
	ListUnsubscribePost string    `json:"list_unsubscribe_post,omitempty"` // as in the header // RFC 8058
	AutoSubmitted       string    `json:"auto_submitted,omitempty"`        // RFC 3834
	Cut                 bool      `json:"cut,omitempty"`                   // there is more of the header than is followed: octets, fields, addresses or references
	AuthResults         []string  `json:"auth_results,omitempty"`          // Authentication-Results, topmost first // RFC 8601
}

// FromText is what a list row shows as the sender.
func (e Envelope) FromText() string { return displayAll(e.From) }

// ToText is what a list row shows as the recipients, in Sent and Drafts.
func (e Envelope) ToText() string {
	if len(e.To) == 0 {
		return displayAll(append(e.Cc[:len(e.Cc):len(e.Cc)], e.Bcc...))
	}
	return displayAll(e.To)
}

func displayAll(list []Address) string {
	out := ""
	for i, a := range list {
		if i > 0 {
			out += ", "
		}
		if out += a.Display(); len(out) > 200 {
			break
		}
	}
	return out
}
