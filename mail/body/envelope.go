package body

import (
	"slices"
	"strings"

	"posthorn/mail"
)

// maxAuthResults bounds how many Authentication-Results are kept: the receiving server's own stands on top.
const maxAuthResults = 20

// maxKept bounds the fields kept as they came.
const maxKept = 8 << 10

// ReadEnvelope is the Envelope of a header block of which nothing else is needed.
func ReadEnvelope(raw []byte) mail.Envelope {
	var room [usualFields]field
	return Envelope(parseHeader(raw, room[:0]))
}

// Envelope decodes what lists, warnings and answers need. Address fields that stand more than once are joined:
// none may hide behind another; of all others the first counts.
func Envelope(h Header) mail.Envelope {
	e := mail.Envelope{Cut: h.cut}
	seen := uint32(0)
	once := func(bit uint) bool {
		first := seen&(1<<bit) == 0
		seen |= 1 << bit
		return first
	}
	for i := range h.fields {
		f := &h.fields[i]
		switch {
		case named(f, "from"):
			addresses(&e, &e.From, f)
		case named(f, "to"):
			addresses(&e, &e.To, f)
		case named(f, "cc"):
			addresses(&e, &e.Cc, f)
		case named(f, "bcc"):
			addresses(&e, &e.Bcc, f)
		case named(f, "sender"):
			addresses(&e, &e.Sender, f)
		case named(f, "reply-to"):
			addresses(&e, &e.ReplyTo, f)
		case named(f, "subject"):
			if once(0) {
				e.Subject = DecodeWords(unfold(f.raw))
			}
		case named(f, "date"):
			if e.Date.IsZero() {
				e.Date = ParseDate(unfold(f.raw))
			}
		case named(f, "message-id"):
			if ids := messageIDs(&e, f); e.MessageID == "" && len(ids) > 0 {
				e.MessageID = ids[0]
			}
		case named(f, "in-reply-to"):
			if e.InReplyTo == nil {
				e.InReplyTo = messageIDs(&e, f)
			}
		case named(f, "references"):
			if e.References == nil {
				e.References = messageIDs(&e, f)
			}
		default:
			keepField(&e, f)
		}
	}
	e.Delivered = slices.DeleteFunc(e.Delivered, func(a mail.Address) bool {
		return slices.ContainsFunc(e.To, a.Same) || slices.ContainsFunc(e.Cc, a.Same)
	})
	return e
}

// keepField takes the rarer fields, mostly as they came.
func keepField(e *mail.Envelope, f *field) {
	keep := func(to *string) {
		if *to == "" {
			*to = kept(f)
		}
	}
	switch {
	case named(f, "mail-followup-to"):
		addresses(e, &e.FollowupTo, f)
	case named(f, "x-original-to"), named(f, "delivered-to"), named(f, "envelope-to"): // of Postfix, qmail and Dovecot, Exim
		addresses(e, &e.Delivered, f)
	case named(f, "list-id"):
		if e.ListID == "" {
			e.ListID = listID(kept(f))
		}
	case named(f, "list-post"):
		keep(&e.ListPost)
	case named(f, "list-unsubscribe"):
		keep(&e.ListUnsubscribe)
	case named(f, "list-unsubscribe-post"):
		keep(&e.ListUnsubscribePost)
	case named(f, "auto-submitted"):
		keep(&e.AutoSubmitted)
	case named(f, "authentication-results"):
		if len(e.AuthResults) < maxAuthResults {
			e.AuthResults = append(e.AuthResults, kept(f))
		}
	}
}

// named compares with a name in lower case.
func named(f *field, name string) bool {
	return len(f.name) == len(name) && f.name[0]|0x20 == name[0] && strings.EqualFold(f.name, name)
}

// addresses adds those of a field to a list, up to the bound on one list.
func addresses(e *mail.Envelope, list *[]mail.Address, f *field) {
	found, more := mail.ParseAddressList(repair(unfold(f.raw)), DecodeWords)
	if *list != nil {
		found = append(*list, found...)
	}
	if len(found) > mail.MaxAddresses {
		found, more = found[:mail.MaxAddresses], true
	}
	*list, e.Cut = found, e.Cut || more
}

func messageIDs(e *mail.Envelope, f *field) []string {
	ids, more := mail.ParseMessageIDList(repair(unfold(f.raw)))
	e.Cut = e.Cut || more
	return ids
}

func kept(f *field) string {
	s := repair(unfold(f.raw))
	if len(s) > maxKept {
		s = strings.ToValidUTF8(s[:maxKept], "")
	}
	return s
}

// listID is what stands in the angle brackets. // RFC 2919 §3
func listID(s string) string {
	if i := strings.LastIndexByte(s, '<'); i >= 0 {
		s = s[i+1:]
		s, _, _ = strings.Cut(s, ">")
	}
	return strings.TrimSpace(s)
}
