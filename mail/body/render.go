package body

import (
	"posthorn/mail"
)

// Content is one text part to show: its description and its bytes, still transfer-encoded.
type Content struct {
	Part mail.Part
	Raw  []byte
}

// Render makes lines of the text parts of a message, one part after the other.
func Render(parts []Content, opt Options) Document {
	var d Document
	for _, c := range parts {
		d.Lines = append(d.Lines, Line{Spans: []Span{{Text: mail.Text(Text(c.Part, c.Raw))}}})
	}
	return d
}

// Plain is the readable text without looks or wrapping: paragraphs as long lines, quotes behind "> ".
func Plain(parts []Content) string {
	out := ""
	for _, c := range parts {
		out += mail.Text(Text(c.Part, c.Raw))
	}
	return out
}
