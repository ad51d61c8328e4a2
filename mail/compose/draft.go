// Package compose turns what a person wants to say into bytes ready for submission: drafts, answers and forwarded
// messages, quoting, the text handed to an external editor, attachments, mailto links and the MIME message itself.
//
//	New, Answer, Mailto  ──▶  Draft  ◀──▶  EditText, ParseEdited
//	                            │
//	                            ├──▶  Recipients, Problems
//	                            └──▶  Build  ──▶  Built: bytes and envelope
//
// It is pure but for Attach and Build, which read the files a draft names, and Templates. Clock and random source are handed in, so
// that the same draft gives the same bytes. It refuses to send, to store, to show anything, and to guess: what cannot
// be put into a header as it was typed is an error that names the field.
package compose

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"posthorn/mail"
)

// Draft is what the user is writing. It is stored as JSON while it is written, so fields may be added but not
// renamed.
type Draft struct {
	Source  mail.MessageKey `json:",omitempty"` // the message in Drafts that this goes on with; 0: it began here
	Filed   []mail.Targeted `json:"-"`          // moves to Archive, made with the sending
	At      int             `json:"-"`          // offset in Body at which writing begins
	Closed  bool            `json:"-"`          // nobody is writing it any more: a copy for other devices is due
	Key     int64           `json:"-"`          // row id of the stored draft; 0: not stored yet
	Account string          `json:"account"`    // mail.Account.Name it goes out through

	From mail.Address `json:"from"`
	// Recipients as the user typed them, so that an unfinished line is kept: parsed by Recipients.
	To, Cc, Bcc string
	ReplyTo     string `json:",omitempty"`
	Subject     string
	Body        string // text as shown in the editor: paragraphs are long lines, quotes begin with >
	Signature   string `json:",omitempty"` // that Sign put below it

	Chosen   bool   `json:",omitempty"` // Signature was chosen by hand
	Unfilled bool   `json:",omitempty"` // placeholders of a template wait in it for the recipient
	Language string `json:",omitempty"` // key of languages that what is answered is written in; empty: nothing is

	InReplyTo   []string        `json:",omitempty"` // canonical Message-IDs
	References  []string        `json:",omitempty"`
	Original    mail.MessageKey `json:",omitempty"` // the message answered, forwarded or redirected; 0: none
	Came        string          `json:",omitempty"` // account that the message answered or forwarded is in; empty: none
	Redirected  bool            `json:",omitempty"` // Original goes out as it is, see Redirect
	Mark        mail.Flags      `json:",omitempty"` // set on Original once sent: mail.Answered or mail.Forwarded
	Attachments []Attachment    `json:",omitempty"`
	Left        []Attachment    `json:",omitempty"` // files of Original that do not go along, see ToggleCarried
	Outside     bool            `json:",omitempty"` // another program wrote it: its bytes are in the outbox, this says what they are about
	Sealed      bool            `json:",omitempty"` // with Outside: more than plain text, which cannot be edited
	Markdown    bool            `json:",omitempty"` // goes out as HTML, too, for which the text is Markdown
	SendAt      time.Time       `json:",omitzero"`  // when it is to go out; zero or past: at once
	Leaves      string          `json:",omitempty"` // mailing list that it unsubscribes from, as mail.Envelope.List
}

// Attachment is a file or message that goes with a draft.
type Attachment struct {
	Path      string          `json:",omitempty"` // absolute path of a file, read when the message is built
	Folder    bool            `json:",omitempty"` // Path is a folder, which goes as a zip archive
	Message   mail.MessageKey `json:",omitempty"` // a cached message, attached whole as message/rfc822
	Section   string          `json:",omitempty"` // with Message: one part of it, as in an inline forward
	Name      string          // file name the recipient sees: a base name
	MediaType string          // such as "application/pdf"
	Charset   string          `json:",omitempty"` // of a text part; empty: UTF-8 where the bytes are, else not told
	Size      int64           // octets, for display
}

// New is an empty draft from the account's first identity, signed.
func New(account mail.Account) Draft {
	d := blank(account)
	d.SignBy(account)
	return d
}

func blank(account mail.Account) Draft {
	d := Draft{Account: account.Name}
	if ids := account.Identities(); len(ids) > 0 {
		d.From = ids[0]
	}
	return d
}

// Empty tells whether nothing worth keeping has been written yet.
func (d Draft) Empty() bool {
	return d.To == "" && d.Cc == "" && d.Bcc == "" && d.Subject == "" && strings.TrimSpace(d.above()) == "" && len(d.Attachments) == 0
}

// Marshal is d as the database keeps it, without Key.
func (d Draft) Marshal() (string, error) {
	b, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("keep the draft: %w", err)
	}
	return string(b), nil
}

// Unmarshal reads what Marshal wrote, also by earlier versions.
func Unmarshal(s string) (Draft, error) {
	var d Draft
	if err := json.Unmarshal([]byte(s), &d); err != nil {
		return Draft{}, &mail.Error{Op: "read the stored draft", Kind: mail.Damaged, Err: err}
	}
	return d, nil
}
