package body

import (
	"bytes"
	"strings"
)

// Bounds on one header; the rest can still be seen in the source.
const (
	maxHeader = 1 << 20
	maxField  = 64 << 10
	maxFields = 5000
)

// Header is the fields of a message or part, in order, as they came.
type Header struct {
	fields []field
	cut    bool
}

// Cut tells whether the header reached the bounds, so that some of it may be left out.
func (h Header) Cut() bool { return h.cut }

type field struct {
	name string // without the colon and the space some put before it
	raw  string // after the colon, still folded
}

// ParseHeader reads a header block, up to the first empty line if there is one: that of a whole message or part, or
// the answer to BODY[HEADER.FIELDS]. Lines that are no fields are passed over.
func ParseHeader(raw []byte) Header { return parseHeader(raw, make([]field, 0, usualFields)) }

// usualFields is more than most headers hold of what is asked for.
const usualFields = 16

// parseHeader is ParseHeader with room for the fields.
func parseHeader(raw []byte, room []field) Header {
	long := len(raw) >= maxHeader // whoever fetched it may have kept no more
	if long {
		raw = raw[:maxHeader]
	}
	s := string(raw)
	h := Header{fields: room}
	for len(s) > 0 {
		line, rest := cutField(s)
		if len(line) == 0 || line == "\n" || line == "\r\n" {
			return h
		}
		if len(h.fields) == maxFields {
			h.cut = true
			return h
		}
		s = rest
		colon := strings.IndexByte(line, ':')
		if colon <= 0 {
			continue
		}
		name := line[:colon]
		for len(name) > 0 && (name[len(name)-1] == ' ' || name[len(name)-1] == '\t') { // RFC 5322 §4.5.8: obsolete space before the colon
			name = name[:len(name)-1]
		}
		if !isFieldName(name) {
			continue
		}
		value := line[colon+1:]
		if len(value) > maxField {
			value, h.cut = value[:maxField], true
		}
		h.fields = append(h.fields, field{name, value})
	}
	h.cut = h.cut || long
	return h
}

// cutField splits s behind the first field with its folded lines. // RFC 5322 §2.2.3
func cutField(s string) (line, rest string) {
	for at := 0; ; {
		i := strings.IndexByte(s[at:], '\n')
		if i < 0 {
			return s, ""
		}
		if at += i + 1; at >= len(s) {
			return s, ""
		}
		if at <= 2 && strings.TrimRight(s[:at], "\r\n") == "" { // an empty line has no folds
			return s[:at], s[at:]
		}
		if s[at] != ' ' && s[at] != '\t' {
			return s[:at], s[at:]
		}
	}
}

func isFieldName(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return s != ""
}

// Get is the first field of that name: unfolded, encoded words left as they are; empty where there is none.
func (h Header) Get(name string) string {
	for i := range h.fields {
		if strings.EqualFold(h.fields[i].name, name) {
			return unfold(h.fields[i].raw)
		}
	}
	return ""
}

// All is every field of that name, topmost first, each as Get gives it.
func (h Header) All(name string) []string {
	var out []string
	for i := range h.fields {
		if strings.EqualFold(h.fields[i].name, name) {
			out = append(out, unfold(h.fields[i].raw))
		}
	}
	return out
}

// Has tells whether there is a field of that name.
func (h Header) Has(name string) bool {
	for i := range h.fields {
		if strings.EqualFold(h.fields[i].name, name) {
			return true
		}
	}
	return false
}

// Fields calls yield with every field in order, as Get gives it, until it returns false.
func (h Header) Fields(yield func(name, value string) bool) {
	for _, f := range h.fields {
		if !yield(f.name, unfold(f.raw)) {
			return
		}
	}
}

// unfold makes one line of a raw value: each fold becomes one space.
func unfold(raw string) string {
	s := raw
	for len(s) > 0 && isFolding(s[0]) {
		s = s[1:]
	}
	for len(s) > 0 && isFolding(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	if strings.IndexByte(s, '\n') < 0 && strings.IndexByte(s, '\r') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := 0
		for i < len(s) && s[i] != '\r' && s[i] != '\n' {
			i++
		}
		if i == len(s) {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		b.WriteByte(' ')
		for i < len(s) && isFolding(s[i]) {
			i++
		}
		s = s[i:]
	}
}

func isFolding(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// fieldLine tells whether a line begins a field.
func fieldLine(line []byte) bool {
	i := bytes.IndexByte(line, ':')
	return i > 0 && isFieldName(strings.TrimRight(string(line[:i]), " \t"))
}

// mboxLine tells whether a line is the separator that mail folders of old have before each message.
func mboxLine(line []byte) bool {
	return bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From "))
}
