package mail

import (
	"strconv"
	"strings"
)

// Part is one node of a message's MIME structure, from the server's BODYSTRUCTURE or from our own parser. It is
// stored as JSON beside the message's row.
type Part struct {
	// Section is how the part is fetched: "1.2". The container of a multipart message is "", that of a multipart
	// inside an attached message "2.TEXT". A message that is not multipart is the one part "1". // RFC 9051 §6.4.5.1
	Section     string            `json:"s,omitempty"`
	MediaType   string            `json:"t"`           // lower case: "text/plain"
	Params      map[string]string `json:"p,omitempty"` // keys in lower case, values decoded (RFC 2231)
	Encoding    string            `json:"e,omitempty"` // transfer encoding, lower case
	Disposition string            `json:"d,omitempty"` // "inline", "attachment" or empty, lower case
	Filename    string            `json:"f,omitempty"` // decoded, as the sender wrote it: not safe as a path or on screen
	ContentID   string            `json:"i,omitempty"` // without <>
	Language    string            `json:"l,omitempty"` // what it says it is written in, see Language
	Size        int64             `json:"z,omitempty"` // octets as encoded
	Cut         bool              `json:"m,omitempty"` // of a root: parts were left out, see MaxDepth and MaxParts
	Children    []Part            `json:"c,omitempty"`
}

// Bounds on what a structure may hold; deeper or further parts are left out, the source can still be seen.
const (
	MaxDepth = 50
	MaxParts = 1000
)

// Language is the language of a Content-Language field or of one of its tags, without script and region: "de" of
// "de-CH, fr". Empty where it is none. // RFC 3282 §2, RFC 5646 §2.2.1
func Language(tags string) string {
	tag, _, _ := strings.Cut(tags, ",")
	tag, _, _ = strings.Cut(strings.TrimSpace(tag), "-")
	if len(tag) < 2 || len(tag) > 3 || strings.Trim(strings.ToLower(tag), "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return strings.ToLower(tag)
}

// Multipart tells whether p is a container.
func (p *Part) Multipart() bool { return strings.HasPrefix(p.MediaType, "multipart/") }

// Message tells whether p is an attached message, whose Children hold its one root part.
func (p *Part) Message() bool {
	return p.MediaType == "message/rfc822" || p.MediaType == "message/global"
}

// Walk calls f for p and everything below, parents first; f returns false to leave out what is below.
func (p *Part) Walk(f func(*Part) bool) {
	if !f(p) {
		return
	}
	for i := range p.Children {
		p.Children[i].Walk(f)
	}
}

// Find is the part with that section, or nil.
func (p *Part) Find(section string) *Part {
	var found *Part
	p.Walk(func(q *Part) bool {
		if found == nil && q.Section == section {
			found = q
		}
		return found == nil
	})
	return found
}

// EnclosedSection names the n-th file that is uuencoded inside the text of a section: "1.2!3". No server knows such
// a section: the text is fetched by its own, and mail/body takes the file out of it.
func EnclosedSection(text string, n int) string { return text + "!" + strconv.Itoa(n) }

// EnclosedIn is the text's section and the number of a section made by EnclosedSection; n is 0 for all others.
func EnclosedIn(section string) (text string, n int) {
	text, number, ok := strings.Cut(section, "!")
	if !ok {
		return section, 0
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 {
		return section, 0
	}
	return text, n
}

// text tells whether a leaf is text for reading, in whatever notation.
func (p *Part) text() bool {
	switch p.MediaType {
	case "text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/csv", "text/x-amp-html":
		return false
	}
	return strings.HasPrefix(p.MediaType, "text/")
}

// attachment tells whether a leaf is a file to be listed rather than text to be read.
func (p *Part) attachment() bool {
	switch {
	case p.Disposition == "attachment", p.Message():
		return true
	case p.MediaType == "text/plain", p.MediaType == "text/html":
		return p.Filename != "" && p.Disposition != "inline"
	case p.text():
		return p.Filename != ""
	case p.MediaType == "text/x-amp-html": // one more form of the text, for web mail only
		return false
	case p.MediaType == "application/pgp-signature", p.MediaType == "application/pkcs7-signature", p.Report():
		return false
	}
	return true
}

// Attachments lists the files of a message in order: everything that is not its text, but not the pictures that
// its HTML shows in place unless they have a name.
func (p *Part) Attachments() []*Part {
	var out []*Part
	p.attachments(false, &out)
	return out
}

func (p *Part) attachments(related bool, out *[]*Part) {
	if p.Multipart() {
		for i := range p.Children {
			p.Children[i].attachments(related || p.MediaType == "multipart/related", out)
		}
		return
	}
	if p.attachment() && !(related && p.ContentID != "" && p.Filename == "" && p.Disposition != "attachment") {
		*out = append(*out, p)
	}
}

// AttachmentCount is the number a list row marks: attachments less inline pictures and calendar or signature parts
// that are a way to say the text once more.
func (p *Part) AttachmentCount() int {
	n := 0
	for _, a := range p.Attachments() {
		if a.Disposition != "inline" && (a.Filename != "" || a.Message() || a.Disposition == "attachment") {
			n++
		}
	}
	return n
}
