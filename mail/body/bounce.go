package body

import (
	"slices"
	"strings"
)

// bounceOpenings begin the reports of programs that know no standard, or are called so by its parts. What follows
// names recipients on lines of their own and the reason beside or below.
var bounceOpenings = pattern(`(?i)^\s*(?:hi\. this is the (?:qmail-send|deliver) program|this (?:message|report) was created automatically by (?:the )?mail delivery (?:software|system)|this is (?:the mail system at|an automatically generated delivery status notification)|delivery to the following recipients? (?:has been delayed|failed)|your message did(?: not|n't) reach (?:some or all of )?the intended recipients?|(?:sorry, )?we were unable to deliver your message to the following address|\s*-{3,} the following addresses had (?:permanent fatal|transient non-fatal|delivery) (?:errors|problems) -{3,}|the original message was received at [^\n]{5,80}\n[^\n]{0,200}\n\s*-{3,} the following addresses had|i'm sorry to have to inform you that)`)

var (
	bounceAddress = pattern(`(?m)^\s*(?:<([^<>@\s]{1,128}@[^<>@\s]{1,255})>:?|([^<>@\s:]{1,128}@[^<>@\s:]{1,255}):?)[ \t]*(.*)$`)
	bounceDelay   = pattern(`(?i)delayed|will (?:be retried|keep trying|continue to try)|transient non-fatal|not yet been delivered`)
	bounceReturn  = pattern(`(?mi)^\s*-{3,} ?(?:below this line is a copy|this is a copy|original message|transcript of session follows|unsent message below|the (?:header|body) of the)|^this is a copy of the message`)
)

// bounceTextLength is how much of a text is looked at.
const bounceTextLength = 8 << 10

// bounceCards explains a delivery failure that is told in plain text only. The text may be anybody's, so the card
// claims no more than that it seems to be one.
func bounceCards(parts []Content, opt Options) []Card {
	at := slices.IndexFunc(parts, func(c Content) bool { return c.Part.MediaType == "text/plain" })
	if at < 0 {
		return nil
	}
	s := Text(parts[at].Part, parts[at].Raw[:min(len(parts[at].Raw), bounceTextLength)])
	if !bounceOpenings().MatchString(s) {
		return nil
	}
	list := bounceDeliveries(s)
	cards := deliveryCards(list, opt)
	for i := range cards {
		cards[i].Title = "It seems that the message was not delivered"
		if list[0].Action == "delayed" {
			cards[i].Title = "It seems that the message is not delivered yet"
		}
	}
	return cards
}

// bounceDeliveries finds recipients and reasons.
func bounceDeliveries(s string) []Delivery {
	if at := bounceReturn().FindStringIndex(s); at != nil {
		s = s[:at[0]]
	}
	action := "failed"
	if bounceDelay().MatchString(s) {
		action = "delayed"
	}
	var out []Delivery
	found := bounceAddress().FindAllStringSubmatchIndex(s, maxDeliveries)
	for i, m := range found {
		end := len(s)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		group := func(k int) string {
			if m[k] < 0 {
				return ""
			}
			return s[m[k]:m[k+1]]
		}
		d := Delivery{To: group(2) + group(4), Action: action, Said: reason(s[m[6]:end])}
		d.Status = preciseStatus("", d.Said)
		if same := slices.IndexFunc(out, func(o Delivery) bool { return o.To == d.To }); same >= 0 {
			if out[same].Said == "" {
				out[same] = d
			}
			continue
		}
		out = append(out, d)
	}
	return out
}

// reason is the text that follows a recipient, up to the next empty line behind some words.
func reason(s string) string {
	var words []string
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSpace(line)
		if line == "" && len(words) > 0 || len(words) > 20 {
			break
		}
		if line != "" {
			words = append(words, line)
		}
	}
	return strings.Join(words, " ")
}
