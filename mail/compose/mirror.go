package compose

import (
	"crypto/rand"
	"slices"

	"posthorn/mail"
)

// BuildDraft makes the message that stands for an unfinished draft in the Drafts mailbox, where another device goes on
// with it: as it would go out, but with Bcc, and with what is in the address fields so far. Its Message-ID, which is
// new with every copy, is its own: the message that goes out has another.
func BuildDraft(d Draft, env Environment) (Built, error) {
	if env.Random == nil {
		env.Random = rand.Reader
	}
	id, err := random(env.Random, 16)
	if err != nil {
		return Built{}, err
	}
	domain := d.From.Domain
	if domain == "" || !isASCII(domain) {
		domain = "draft.invalid" // a name that nobody can have
	}
	out := Built{MessageID: id + "@" + domain, From: d.From}
	var h header
	h.tokens("Date", []string{dated(env.Now)})
	for _, f := range []struct{ name, value string }{{"From", d.From.String()}, {"Reply-To", d.ReplyTo}, {"To", d.To}, {"Cc", d.Cc}, {"Bcc", d.Bcc}} {
		if err := h.unfinished(f.name, f.value); err != nil {
			return Built{}, err
		}
	}
	if err := h.text("Subject", mail.Line(d.Subject)); err != nil {
		return Built{}, err
	}
	h.tokens("Message-ID", []string{mail.FormatMessageIDs(out.MessageID)})
	if err := h.ids("In-Reply-To", d.InReplyTo); err != nil {
		return Built{}, err
	}
	if err := h.ids("References", d.References); err != nil {
		return Built{}, err
	}
	d.Markdown = false // another device is to go on with the text
	parts, err := d.parts(env)
	if err != nil {
		return Built{}, err
	}
	err = h.parts(parts, env.Random)
	out.Bytes = h.Bytes()
	return out, err
}

// unfinished writes a field of addresses: what is none yet goes as a name.
func (h *header) unfinished(name, value string) error {
	list, err := parseField(name, oneLine(value))
	if err == nil {
		list, err = wireAll(name, list)
	}
	if err != nil {
		return h.text(name, mail.Line(value))
	}
	return h.addresses(name, list)
}

// parts are the text and the attachments.
func (d Draft) parts(env Environment) ([]part, error) {
	parts, attached := []part{textPart(d.Body, env.Transfer)}, d.Attachments
	if d.Markdown {
		p, rest, err := d.alternatives(env)
		if err != nil {
			return nil, err
		}
		parts, attached = []part{p}, rest
	}
	var messages, all []part
	for _, a := range attached {
		p, err := attachmentPart(a, env)
		if err != nil {
			return nil, err
		}
		if a.whole() && p.message {
			messages = append(messages, p)
		} else {
			p.message = false
		}
		all = append(all, p)
	}
	if len(messages) > 1 { // RFC 2046 §5.1.5
		digest, err := container("digest", messages, env.Random)
		if err != nil {
			return nil, err
		}
		all = append([]part{digest}, slices.DeleteFunc(all, func(p part) bool { return p.message })...)
	}
	return append(parts, all...), nil
}
