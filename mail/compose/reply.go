package compose

import (
	"slices"
	"strings"

	"posthorn/mail"
)

// Original is the message that is answered or forwarded.
type Original struct {
	Message   mail.Message
	Envelope  mail.Envelope
	Text      string     // body.Plain
	Structure *mail.Part // nil: not known
}

// Mode is the way a message is answered.
type Mode int

// The modes of Answer.
const (
	ReplySender Mode = iota
	ReplyAll
	ReplyList
	ForwardInline
	ForwardAttached
)

// Answer is a draft that answers or forwards o from the identity it was sent to. Everything taken over from o has
// passed mail.Line or mail.Text, so that hostile mail cannot make a draft that Build or an editor refuses.
func Answer(o Original, mode Mode, account mail.Account, by Attribution) Draft {
	o.Text = mail.Text(o.Text)
	d := blank(account)
	d.Original, d.Came = o.Message.Key, account.Name
	own := identities{account}
	if from, ok := own.addressed(o.Envelope); ok {
		d.From = from
	}
	if mode == ForwardInline || mode == ForwardAttached {
		d.forward(o, mode)
	} else {
		d.answer(o, mode, own, by)
	}
	d.SignBy(account)
	return d
}

func (d *Draft) answer(o Original, mode Mode, own identities, by Attribution) {
	d.Mark = mail.Answered
	d.Subject = strings.TrimSpace(mail.ReplySubject(mail.Line(o.Envelope.Subject)))
	to, cc := own.answer(o.Envelope, mode)
	d.To, d.Cc = mail.Addresses(to), mail.Addresses(cc)
	d.InReplyTo, d.References = references(o.Envelope)
	d.Language = by.language(o)
	if text := quote(o.Text); text != "" {
		d.Body = by.line(o, d.Language) + "\n" + text + "\n\n"
	}
}

// identities are the addresses the answering account writes as.
type identities struct{ account mail.Account }

func (ids identities) own(a mail.Address) bool {
	_, ok := ids.account.Identity(a)
	return ok
}

// addressed is the identity that wrote e or that e was sent to: also where that is told by those who delivered it alone,
// as of what came blindly or by a mailing list.
func (ids identities) addressed(e mail.Envelope) (mail.Address, bool) {
	for _, list := range [][]mail.Address{e.From, e.To, e.Cc, e.Bcc, e.Delivered} {
		for _, a := range list {
			if id, ok := ids.account.Identity(a); ok && id.Valid() {
				return id, true
			}
		}
	}
	return mail.Address{}, false
}

// answer is whom a reply goes to.
func (ids identities) answer(e mail.Envelope, mode Mode) (to, cc []mail.Address) {
	target := ids.target(e)
	if mode == ReplyList {
		if list, ok := listAddress(e.ListPost); ok {
			return []mail.Address{list}, nil
		}
		if strings.EqualFold(strings.TrimSpace(e.ListPost), "NO") { // RFC 2369 §3.4
			return target, nil
		}
		mode = ReplyAll // no address of the list told: it is among the recipients
	}
	if mode == ReplySender {
		return target, nil
	}
	if len(clean(e.FollowupTo)) > 0 {
		target, e.To, e.Cc = clean(e.FollowupTo), nil, nil
	}
	others := func(list []mail.Address) []mail.Address { return slices.DeleteFunc(clean(list), ids.own) }
	var seen []mail.Address
	to = once(&seen, others(target), others(e.To))
	cc = once(&seen, others(e.Cc))
	switch {
	case len(to) > 0:
		return to, cc
	case len(cc) > 0:
		return cc, nil
	}
	return target, nil // a note to oneself
}

// target is whom the author wants answers to go to: Reply-To before From // RFC 5322 §3.6.2
// and, for what the user wrote, the people it was written to.
func (ids identities) target(e mail.Envelope) []mail.Address {
	to, cc := clean(e.To), clean(e.Cc)
	others := func(list []mail.Address) bool {
		return slices.ContainsFunc(list, func(a mail.Address) bool { return !ids.own(a) })
	}
	self := slices.ContainsFunc(e.From, ids.own)
	choices := [][]mail.Address{clean(e.ReplyTo), clean(e.From), clean(e.Sender)}
	if self && others(to) {
		choices = [][]mail.Address{to}
	} else if self && len(to) == 0 && others(cc) {
		choices = [][]mail.Address{cc}
	}
	for _, list := range choices {
		if len(list) > 0 {
			return list
		}
	}
	return nil
}

// once collects the addresses of lists that are not yet among seen.
func once(seen *[]mail.Address, lists ...[]mail.Address) []mail.Address {
	var out []mail.Address
	for _, list := range lists {
		for _, a := range clean(list) {
			if !slices.ContainsFunc(*seen, a.Same) {
				*seen = append(*seen, a)
				out = append(out, a)
			}
		}
	}
	return out
}

// clean is list without what mail cannot be sent to, names fit for a header.
func clean(list []mail.Address) []mail.Address {
	var out []mail.Address
	for _, a := range list {
		a.Name = mail.Line(a.Name)
		if a.Valid() {
			out = append(out, a)
		}
	}
	return out
}

// listAddress is the first address of a List-Post header. // RFC 2369 §3.4
func listAddress(header string) (mail.Address, bool) {
	rest := header
	for {
		_, after, ok := strings.Cut(rest, "<")
		if !ok {
			return mail.Address{}, false
		}
		link, more, _ := strings.Cut(after, ">")
		rest = more
		if d, _, err := Mailto(strings.TrimSpace(link), mail.Account{}); err == nil {
			if to, err := parseField("To", d.To); err == nil && len(to) > 0 {
				return to[0], true
			}
		}
	}
}

// maxReferences bounds the References we write: the first, which names the conversation, and the newest.
const maxReferences = 50

// references are the fields of an answer to e. // RFC 5322 §3.6.4
func references(e mail.Envelope) (inReplyTo, refs []string) {
	refs = slices.Clone(e.References)
	if len(refs) == 0 && len(e.InReplyTo) == 1 {
		refs = slices.Clone(e.InReplyTo)
	}
	if e.MessageID != "" {
		inReplyTo = []string{e.MessageID}
		refs = append(slices.DeleteFunc(refs, func(id string) bool { return id == e.MessageID }), e.MessageID)
	}
	if len(refs) > maxReferences {
		refs = append(refs[:1:1], refs[len(refs)-maxReferences+1:]...)
	}
	return inReplyTo, refs
}
