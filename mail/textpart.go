package mail

import (
	"slices"
	"strings"
)

// Bounds on what is read at once as the text of one message: further parts are opened as attachments.
const (
	maxTextParts = 100
	maxInside    = 5       // attached messages in attached messages
	maxCardSize  = 1 << 20 // octets of a part that becomes a card
)

// HeadersType is the media type of a header without its body: in reports, and of the HEADER sections that TextParts
// lists for attached messages.
const HeadersType = "text/rfc822-headers"

// Report tells whether p is a report for programs. // RFC 3464 §2, RFC 8098 §3, RFC 6533
func (p *Part) Report() bool {
	switch p.MediaType {
	case "message/delivery-status", "message/global-delivery-status", "message/disposition-notification", "message/global-disposition-notification":
		return true
	}
	return false
}

// Calendar tells whether p holds calendar data, whatever its sender calls it. // RFC 5545 §8.1
func (p *Part) Calendar() bool {
	return p.MediaType == "text/calendar" || p.MediaType == "application/ics" || len(p.Children) == 0 && strings.HasSuffix(strings.ToLower(p.Filename), ".ics")
}

// Card tells whether p is made for programs and shown to people as a card above the text: a report or an invitation.
func (p *Part) Card() bool { return p.Report() || p.Calendar() }

// TextParts lists what is to be fetched and shown as the text of the message: the leaves of text one after the
// other, of alternatives the one form wanted, "text/html" or "text/plain", and the other where that one is missing;
// attached messages behind their headers; and last the parts that are shown as cards. // RFC 2046 §5.1.4
func (p *Part) TextParts(prefer string) []*Part {
	out := p.texts(prefer, 0)
	return append(out[:min(len(out), maxTextParts)], p.cards()...)
}

// cards lists the reports and the first invitation; the rest of those say the same in other forms.
func (p *Part) cards() []*Part {
	var reports, invitations []*Part
	p.Walk(func(q *Part) bool {
		switch {
		case q.Size > maxCardSize:
		case q.Report():
			reports = append(reports, q)
		case q.Calendar() && (q.Disposition != "attachment" || len(invitations) == 0):
			invitations = append(invitations, q)
		}
		return !q.Message() && len(reports) < maxTextParts
	})
	for _, q := range invitations {
		if q.Disposition != "attachment" {
			return append(reports, q)
		}
	}
	return append(reports, invitations[:min(len(invitations), 1)]...)
}

func (p *Part) texts(prefer string, inside int) []*Part {
	switch {
	case p.MediaType == "multipart/alternative":
		return p.alternative(prefer, inside)
	case p.MediaType == "multipart/related" && len(p.Children) > 0: // RFC 2387 §3.2: start, else the first
		start := &p.Children[0]
		for i := range p.Children {
			if id := strings.Trim(p.Params["start"], "<>"); id != "" && p.Children[i].ContentID == id {
				start = &p.Children[i]
			}
		}
		return start.texts(prefer, inside)
	case p.Multipart():
		var out []*Part
		for i := range p.Children {
			child := &p.Children[i]
			if p.MediaType == "multipart/report" && child.Message() { // what came back is told of, not read again
				out = append(out, child.headers())
				continue
			}
			out = append(out, child.texts(prefer, inside)...)
		}
		return out
	case p.Message() && p.Disposition != "attachment" && len(p.Children) == 1 && inside < maxInside:
		return append([]*Part{p.headers()}, p.Children[0].texts(prefer, inside+1)...)
	case p.text() && !p.attachment() && !p.Calendar():
		return []*Part{p}
	}
	return nil
}

// headers is the header of an attached message, as a part that is fetched by its section. // RFC 9051 §6.4.5.1
func (p *Part) headers() *Part { return &Part{Section: p.Section + ".HEADER", MediaType: HeadersType} }

func (p *Part) alternative(prefer string, inside int) []*Part {
	var best []*Part
	for i := range p.Children {
		text := p.Children[i].texts(prefer, inside)
		if len(text) == 0 {
			continue
		}
		best = text // the last form is the richest // RFC 2046 §5.1.4
		if slices.ContainsFunc(text, func(q *Part) bool { return q.MediaType == prefer }) {
			return text
		}
	}
	return best
}
