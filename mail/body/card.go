package body

import (
	"slices"
	"strings"

	"posthorn/mail"
)

// Card is what a part made for programs says, in words: a delivery report, a receipt, an invitation.
type Card struct {
	Title string
	Facts []Fact
}

// Fact is one labelled line of a Card; an empty Label goes on with the one before, and the empty Fact
// is an empty line. It has passed mail.Line.
type Fact struct{ Label, Text string }

// add appends a fact unless there is nothing to say.
func (c *Card) add(label, text string) {
	if text = mail.Line(text); text != "" {
		c.Facts = append(c.Facts, Fact{label, cut(text, maxFact)})
	}
}

// maxFact bounds one fact.
const maxFact = 1000

// Cards are the cards of a message's parts, in the order of the parts; the zone of opt is the reader's.
func Cards(parts []Content, opt Options) []Card {
	var out []Card
	for _, c := range parts {
		if !c.Part.Card() {
			continue
		}
		switch s := Text(c.Part, c.Raw[:min(len(c.Raw), maxCard)]); {
		case c.Part.Calendar():
			out = append(out, invitationCards(s, opt)...)
		case strings.HasSuffix(c.Part.MediaType, "disposition-notification"):
			out = append(out, receiptCard(s)...)
		default:
			out = append(out, deliveryCards(ParseDeliveries(s), opt)...)
		}
	}
	if len(out) == 0 {
		return bounceCards(parts, opt)
	}
	if reported(parts) {
		for _, c := range parts {
			if c.Part.MediaType == mail.HeadersType {
				returned(&out[0], c)
			}
		}
	}
	return out
}

// reported tells whether there is a report among the parts: the headers with it are of the message it is about.
func reported(parts []Content) bool {
	return slices.ContainsFunc(parts, func(c Content) bool { return c.Part.Report() })
}

// maxCard bounds what a card is made of.
const maxCard = 512 << 10

// card adds the paragraphs of a card.
func (a *article) card(c Card) {
	label := 0
	for _, f := range c.Facts {
		label = max(label, len(f.Label))
	}
	a.add(paragraph{text: c.Title, kind: CardLine, runs: []run{{end: len(c.Title), style: Bold}}})
	for _, f := range c.Facts {
		if f == (Fact{}) {
			a.add(paragraph{kind: Blank})
			continue
		}
		before := f.Label + strings.Repeat(" ", label+2-len(f.Label))
		a.add(paragraph{text: before + f.Text, kind: CardLine, runs: []run{{end: len(before), style: Dim}}, hang: label + 2})
	}
}
