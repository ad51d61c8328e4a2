package body

import (
	"fmt"
	"strings"
	"time"

	"posthorn/mail"
)

// Delivery is what became of a message for one recipient. // RFC 3464 §2.3
type Delivery struct {
	To     string    // the address as the sender wrote it, else as the last server had it
	Action string    // failed, delayed, delivered, relayed or expanded; lower case
	Status string    // the most telling enhanced status code, "5.2.2"; may be empty // RFC 3463
	Said   string    // the server's own line
	Server string    // who said it
	Until  time.Time // how long it is tried again; zero: not told
}

// maxDeliveries bounds how many recipients a report is read for; shownDeliveries how many a card tells of.
const (
	maxDeliveries   = 1000
	shownDeliveries = 10
)

// ParseDeliveries reads the text of a message/delivery-status part: groups of fields, of which those that name a
// recipient count, wherever they stand.
func ParseDeliveries(s string) []Delivery {
	var out []Delivery
	for _, group := range fieldGroups(s) {
		if len(out) == maxDeliveries {
			break
		}
		h := ParseHeader([]byte(group))
		d := Delivery{
			To:     typed(h.Get("Original-Recipient")),
			Action: strings.ToLower(strings.TrimSpace(dropComments(h.Get("Action")))),
			Said:   typed(h.Get("Diagnostic-Code")),
			Server: typed(h.Get("Remote-MTA")),
			Until:  ParseDate(h.Get("Will-Retry-Until")),
		}
		if final := typed(h.Get("Final-Recipient")); d.To == "" || !strings.Contains(d.To, "@") && strings.Contains(final, "@") {
			d.To = final
		}
		if d.To == "" && d.Action == "" {
			continue
		}
		d.To = strings.Trim(d.To, "<> ")
		d.Status = preciseStatus(h.Get("Status"), d.Said)
		if d.Action == "" {
			d.Action = map[string]string{"2": "delivered", "4": "delayed"}[cutBytes(d.Status, 1)]
		}
		out = append(out, d)
	}
	return out
}

func cutBytes(s string, n int) string { return s[:min(len(s), n)] }

// fieldGroups cuts a text at its empty lines.
func fieldGroups(s string) []string {
	var out []string
	var b strings.Builder
	for line := range strings.Lines(s) {
		if strings.TrimSpace(line) != "" {
			b.WriteString(line)
		} else if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}

// typed is a value without the type in front of it: "rfc822; a@b", "dns; host", "smtp; 550 no". // RFC 3464 §2.1.2
func typed(s string) string {
	if kind, rest, ok := strings.Cut(s, ";"); ok && !strings.ContainsAny(strings.TrimSpace(kind), " @") {
		s = rest
	}
	return strings.TrimSpace(DecodeWords(s))
}

// deliveryCards says what became of a message.
func deliveryCards(list []Delivery, opt Options) []Card {
	if len(list) == 0 {
		return nil
	}
	c := Card{Title: deliveryTitle(list)}
	for i, d := range list[:min(len(list), shownDeliveries)] {
		if i > 0 {
			c.Facts = append(c.Facts, Fact{})
		}
		c.add("To", d.To)
		d.outcome(&c, opt)
	}
	if more := len(list) - shownDeliveries; more > 0 {
		c.add("", fmt.Sprintf("and %d more, see the source", more))
	}
	return []Card{c}
}

func deliveryTitle(list []Delivery) string {
	actions := map[string]int{}
	for _, d := range list {
		actions[d.Action]++
	}
	to := ""
	if len(list) > 1 {
		to = fmt.Sprintf(" to %d addresses", len(list))
	}
	switch len(list) {
	case actions["failed"] + actions[""]:
		return "The message was not delivered" + to
	case actions["delayed"]:
		return "The message is not delivered yet" + to
	case actions["delivered"] + actions["relayed"] + actions["expanded"]:
		return "The message was delivered" + to
	}
	return "What became of the message"
}

// outcome says why, in whose words, and what comes next.
func (d Delivery) outcome(c *Card, opt Options) {
	switch d.Action {
	case "delivered", "expanded":
		c.add("Done", map[string]string{"delivered": "It is in the mailbox.", "expanded": "It went to everybody behind this address."}[d.Action])
	case "relayed":
		c.add("Done", "It went on to a server that gives no receipts.")
	default:
		why := explainStatus(d.Status)
		if why == "" {
			why = "The server gave no reason that is known here."
		}
		c.add("Why", why)
	}
	said := d.Said
	if d.Server != "" && said != "" {
		said += " (" + d.Server + ")"
	}
	c.add("Server", said)
	switch d.Action {
	case "failed", "":
		c.add("Next", "It is not tried again. Send it anew when the cause is gone.")
	case "delayed":
		if d.Until.IsZero() {
			c.add("Next", "The server goes on trying; nothing needs to be done.")
		} else {
			c.add("Next", "The server goes on trying until "+opt.date(d.Until)+"; nothing needs to be done.")
		}
	}
}

// date is a time as the reader's clock shows it.
func (o Options) date(t time.Time) string {
	if o.Zone != nil {
		return t.In(o.Zone).Format("Monday 2 January 2006, 15:04")
	}
	return t.Format("Monday 2 January 2006, 15:04 -0700")
}

// dispositions say what happened to a message. // RFC 8098 §3.2.6.2
var dispositions = map[string]string{
	"displayed":  "The message was opened. Whether it was read, no program knows.",
	"deleted":    "The message was deleted without being opened.",
	"dispatched": "The message was passed on without being opened.",
	"processed":  "The message was handled by a program without being opened.",
	"denied":     "The recipient does not say whether the message was opened.",
	"failed":     "The recipient's program failed to say what happened.",
}

// receiptCard tells of a disposition notification. // RFC 8098 §3.1
func receiptCard(s string) []Card {
	h := ParseHeader([]byte(strings.Join(fieldGroups(s), "")))
	_, what, _ := strings.Cut(strings.ToLower(h.Get("Disposition")), ";")
	what, _, _ = strings.Cut(strings.TrimSpace(what), "/")
	words := dispositions[strings.TrimSpace(what)]
	if words == "" {
		return nil
	}
	c := Card{Title: "Receipt"}
	from := typed(h.Get("Original-Recipient"))
	if from == "" {
		from = typed(h.Get("Final-Recipient"))
	}
	c.add("From", strings.Trim(from, "<>"))
	c.add("Says", words)
	return []Card{c}
}

// returned names the message that came back.
func returned(c *Card, headers Content) {
	e := Envelope(ParseHeader(Decode(headers.Part, headers.Raw)))
	c.add("Message", e.Subject)
	if len(e.To) > 0 {
		c.add("", "to "+mail.Addresses(e.To[:min(len(e.To), 3)]))
	}
}
