package compose

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// EditText is d as a text for an external editor: header lines, an empty line, the body. ParseEdited reads it back.
//
//	From: Anna <anna@example.org>
//	To: Ben <ben@example.org>
//	Cc:
//	Bcc:
//	Subject: Low tide
//	Attach: /home/anna/tides.pdf
//
//	Dear Ben,
func EditText(d Draft) string {
	var b strings.Builder
	line := func(name, value string) {
		b.WriteString(strings.TrimRight(name+": "+oneLine(value), " ") + "\n")
	}
	line("From", d.From.String())
	line("To", d.To)
	line("Cc", d.Cc)
	line("Bcc", d.Bcc)
	if d.ReplyTo != "" {
		line("Reply-To", d.ReplyTo)
	}
	line("Subject", d.Subject)
	for _, label := range labels(d.Attachments) {
		line("Attach", label)
	}
	b.WriteString("\n" + d.Body)
	return b.String()
}

func oneLine(s string) string {
	return strings.TrimSpace(strings.NewReplacer("\r", " ", "\n", " ").Replace(s))
}

// labels name the attachments of a draft as its Attach lines do: a file by its path, a part of another message by its
// name, numbered where two have the same.
func labels(list []Attachment) []string {
	out := make([]string, len(list))
	used := map[string]int{}
	for i, a := range list {
		label := a.Path
		if label == "" {
			label = "(forwarded) " + a.Name
		}
		label = oneLine(label)
		if used[label]++; used[label] > 1 {
			label += " (" + strconv.Itoa(used[label]) + ")"
		}
		out[i] = label
	}
	return out
}

// ParseEdited is base with what the editor's text says. A header line that was taken out empties its field, except
// From. An error names the line; what comes with it is base with all that could be read, and above the text what could
// not, so that nothing is lost.
func ParseEdited(text string, base Draft) (Draft, error) {
	text = strings.TrimPrefix(lines(text), "\ufeff")
	if strings.TrimSpace(text) == "" {
		return base, fmt.Errorf("the text is empty: the draft is as it was before")
	}
	p := edited{base: base, draft: base, labels: labels(base.Attachments)}
	var wrong error // the first
	var spoilt []string
	p.draft.To, p.draft.Cc, p.draft.Bcc, p.draft.ReplyTo, p.draft.Subject, p.draft.Attachments = "", "", "", "", "", nil
	n := 0
	for rest := text; ; {
		line, more, found := strings.Cut(rest, "\n")
		n++
		if strings.TrimSpace(line) == "" {
			p.draft.Body = more
			break
		}
		if err := p.header(line); err != nil {
			wrong = cmp.Or(wrong, fmt.Errorf("line %d: %w", n, err))
			spoilt = append(spoilt, line)
		}
		if rest = more; !found {
			p.draft.Body = ""
			break
		}
	}
	if p.last == "" && wrong == nil {
		wrong = fmt.Errorf("line 1: the lines From: to Subject: are missing above the empty line")
	}
	if err := validBody(p.draft.Body, n); err != nil {
		wrong = cmp.Or(wrong, err)
	}
	if wrong != nil {
		return p.salvaged(spoilt), wrong
	}
	return p.draft, nil
}

// salvaged is what could be read. A field that has no line keeps what it had, since that line may be spoilt.
func (p *edited) salvaged(spoilt []string) Draft {
	d, b := &p.draft, p.base
	d.To, d.Cc, d.Bcc = cmp.Or(d.To, b.To), cmp.Or(d.Cc, b.Cc), cmp.Or(d.Bcc, b.Bcc)
	d.ReplyTo, d.Subject = cmp.Or(d.ReplyTo, b.ReplyTo), cmp.Or(d.Subject, b.Subject)
	if len(d.Attachments) == 0 {
		d.Attachments = b.Attachments
	}
	if len(spoilt) > 0 {
		d.Body = strings.Join(spoilt, "\n") + "\n\n" + d.Body
	}
	d.Body = strings.ToValidUTF8(d.Body, "\ufffd")
	return *d
}

// EditedBody is the body that an editor without header lines left.
func EditedBody(text string) (string, error) {
	body := lines(text)
	return strings.ToValidUTF8(body, "\ufffd"), validBody(body, 0)
}

var errEncoding = errors.New("that is not UTF-8: set the editor's encoding")

func validBody(body string, above int) error {
	if utf8.ValidString(body) {
		return nil
	}
	for i, line := range strings.Split(body, "\n") {
		if !utf8.ValidString(line) {
			return fmt.Errorf("line %d: %w", above+i+1, errEncoding)
		}
	}
	return nil
}

// edited collects the header lines of an edited text.
type edited struct {
	base, draft Draft
	labels      []string // of base.Attachments
	last        string   // field a continuation line belongs to
}

func (p *edited) header(line string) error {
	if !utf8.ValidString(line) {
		return errEncoding
	}
	if line[0] == ' ' || line[0] == '\t' {
		return p.set(p.last, strings.TrimSpace(line), true)
	}
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("%q has no colon: headers look like \"Subject: Hello\", and an empty line comes before the text", shorten(line, 40))
	}
	p.last = strings.ToLower(strings.TrimSpace(name))
	return p.set(p.last, strings.TrimSpace(value), false)
}

func (p *edited) set(field, value string, more bool) error {
	if strings.ContainsRune(value, 0) {
		return fmt.Errorf("there is a NUL in it, which a header cannot hold: take it out")
	}
	d := &p.draft
	switch field {
	case "from":
		return p.from(value, more)
	case "to":
		d.To = extend(d.To, value, more)
	case "cc":
		d.Cc = extend(d.Cc, value, more)
	case "bcc":
		d.Bcc = extend(d.Bcc, value, more)
	case "reply-to":
		d.ReplyTo = extend(d.ReplyTo, value, more)
	case "subject":
		if d.Subject != "" && !more {
			return fmt.Errorf("there is a second Subject")
		}
		d.Subject = strings.TrimSpace(d.Subject + " " + value)
	case "attach":
		return p.attach(value, more)
	case "":
		return fmt.Errorf("the first line begins with a space: headers begin at the left edge")
	default:
		return fmt.Errorf("%q is not a header that can be set here: From, To, Cc, Bcc, Reply-To, Subject and Attach are", shorten(field, 40))
	}
	return nil
}

// extend is a field with one more line of it: a continuation, or the same header once more.
func extend(field, value string, continued bool) string {
	if continued {
		return strings.TrimSpace(field + " " + value)
	}
	return listed(field, value)
}

// listed is a list of addresses with some more, as typed.
func listed(list, more string) string {
	list = strings.TrimSpace(list)
	switch {
	case list == "":
		return more
	case more == "":
		return list
	case strings.HasSuffix(list, ","):
		return list + " " + more
	}
	return list + ", " + more
}

func (p *edited) from(value string, more bool) error {
	if value == oneLine(p.base.From.String()) && !more {
		return nil
	}
	list, err := parseField("From", value)
	switch {
	case err != nil:
		return err
	case len(list) != 1 || more:
		return fmt.Errorf("in From, write one address")
	}
	p.draft.From = list[0]
	return nil
}

// attach keeps what base had under that label, and looks for a file otherwise.
func (p *edited) attach(label string, more bool) error {
	switch {
	case more:
		return fmt.Errorf("in Attach, write one file a line")
	case label == "":
		return nil
	}
	for i, known := range p.labels {
		if known == label {
			p.draft.Attachments = append(p.draft.Attachments, p.base.Attachments[i])
			return nil
		}
	}
	a, err := Attach(label)
	if err != nil {
		return err
	}
	p.draft.Attachments = append(p.draft.Attachments, a)
	return nil
}
