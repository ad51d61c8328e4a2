package compose

import (
	"fmt"
	"slices"
	"strings"

	"posthorn/mail"
)

// forwardMark begins the original in an inline forward; nothing below it counts as the user's own words.
const forwardMark = "---------- Forwarded message ----------"

func (d *Draft) forward(o Original, mode Mode) {
	d.Mark = mail.Forwarded
	d.Subject = strings.TrimSpace(mail.ForwardSubject(mail.Line(o.Envelope.Subject)))
	if mode == ForwardAttached {
		d.Attachments = []Attachment{wholeMessage(o)}
		return
	}
	d.Body = "\n\n" + forwardMark + "\n" + headerBlock(o) + "\n" + strings.Trim(lines(o.Text), "\n") + "\n"
	d.Attachments = carried(o)
}

// Digest is a draft that carries several messages whole.
func Digest(all []Original, account mail.Account) Draft {
	d := New(account)
	d.Subject = fmt.Sprintf("Fwd: %d messages", len(all))
	for _, o := range all {
		d.Attachments = append(d.Attachments, wholeMessage(o))
	}
	return d
}

// Attachable are what can be attached of a message: the message itself and, where they are known, its files.
func Attachable(o Original) []Attachment {
	out := []Attachment{wholeMessage(o)}
	if o.Structure != nil {
		out = append(out, carried(o)...)
	}
	return out
}

// ToggleCarried leaves the files of the original here that go along, or takes along again those that were left. n is how
// many they are; 0: the original has none.
func (d *Draft) ToggleCarried() (n int, along bool) {
	of := func(a Attachment) bool { return d.Original != 0 && a.Message == d.Original && a.Section != "" }
	var left []Attachment
	for _, a := range d.Attachments {
		if of(a) {
			left = append(left, a)
		}
	}
	if len(left) > 0 {
		d.Attachments = slices.DeleteFunc(slices.Clone(d.Attachments), of)
		d.Left = append(slices.Clone(d.Left), left...)
		return len(left), false
	}
	n = len(d.Left)
	d.Attachments, d.Left = append(slices.Clone(d.Attachments), d.Left...), nil
	return n, true
}

// Forwarded are the messages that go along whole, other than Original, each once.
func (d Draft) Forwarded() []mail.MessageKey {
	var out []mail.MessageKey
	for _, a := range d.Attachments {
		if a.whole() && a.Message != d.Original && !slices.Contains(out, a.Message) {
			out = append(out, a.Message)
		}
	}
	return out
}

// whole tells whether a is a message of the cache with all that is in it.
func (a Attachment) whole() bool { return a.Message != 0 && a.Section == "" }

// headerBlock is what the reader of an inline forward needs to know of the original.
func headerBlock(o Original) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			b.WriteString(name + ": " + value + "\n")
		}
	}
	e := o.Envelope
	line("From", mail.Line(mail.Addresses(e.From)))
	if at := date(o); !at.IsZero() {
		line("Date", at.Format("Mon, 2 Jan 2006 15:04 -0700"))
	}
	line("Subject", mail.Line(e.Subject))
	line("To", mail.Line(mail.Addresses(e.To)))
	line("Cc", mail.Line(mail.Addresses(e.Cc)))
	return b.String()
}

func wholeMessage(o Original) Attachment {
	name := mail.BaseSubject(mail.Line(o.Envelope.Subject))
	if name == "" {
		name = "message"
	}
	return Attachment{Message: o.Message.Key, Name: safeName(name + ".eml"), MediaType: "message/rfc822", Size: o.Message.Size}
}

// carried are the files of the original that go along: all that a person would call attachments, and none of the
// pictures that its HTML shows in place. Where the structure is not known the whole message goes along, so that
// nothing is left behind unseen.
func carried(o Original) []Attachment {
	if o.Structure == nil {
		return []Attachment{wholeMessage(o)}
	}
	var out []Attachment
	for _, p := range o.Structure.Attachments() {
		named := p.Filename != "" || p.Message() || p.Disposition == "attachment"
		if !named || p.Disposition == "inline" && p.ContentID != "" {
			continue
		}
		out = append(out, Attachment{Message: o.Message.Key, Section: p.Section, Name: partName(p), MediaType: p.MediaType,
			Charset: p.Params["charset"], Size: decodedSize(p)})
	}
	return out
}

func partName(p *mail.Part) string {
	switch {
	case p.Filename != "":
		return safeName(p.Filename)
	case p.Message():
		return "message.eml"
	}
	return "attachment" + extension(p.MediaType)
}

func decodedSize(p *mail.Part) int64 {
	if p.Encoding == "base64" {
		return p.Size * 57 / 78 // 76 characters and a line end carry 57 octets // RFC 2045 §6.8
	}
	return p.Size
}
