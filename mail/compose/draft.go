package compose

import "posthorn/mail"

// Draft is what the user is writing. It is stored as JSON while it is written, so fields may be added but not
// renamed.
type Draft struct {
	Key     int64  `json:"-"`       // row id of the stored draft; 0: not stored yet
	Account string `json:"account"` // mail.Account.Name it goes out through

	From mail.Address `json:"from"`
	// Recipients as the user typed them, so that an unfinished line is kept: parsed by Recipients.
	To, Cc, Bcc string
	ReplyTo     string `json:",omitempty"`
	Subject     string
	Body        string // text as shown in the editor: paragraphs are long lines, quotes begin with >

	InReplyTo   []string        `json:",omitempty"` // canonical Message-IDs
	References  []string        `json:",omitempty"`
	Original    mail.MessageKey `json:",omitempty"` // the message answered or forwarded; 0: none
	Mark        mail.Flags      `json:",omitempty"` // set on Original once sent: mail.Answered or mail.Forwarded
	Attachments []Attachment    `json:",omitempty"`
}

// Attachment is a file or message that goes with a draft.
type Attachment struct {
	Path      string          `json:",omitempty"` // absolute path of a file, read when the message is built
	Message   mail.MessageKey `json:",omitempty"` // a cached message, attached whole as message/rfc822
	Section   string          `json:",omitempty"` // with Message: one part of it, as in an inline forward
	Name      string          // file name the recipient sees: a base name
	MediaType string          // such as "application/pdf"
	Size      int64           // octets, for display
}

// Empty tells whether nothing worth keeping has been written yet.
func (d Draft) Empty() bool {
	return d.To == "" && d.Cc == "" && d.Bcc == "" && d.Subject == "" && d.Body == "" && len(d.Attachments) == 0
}
