package imap

import (
	"slices"
	"strconv"
	"strings"

	"posthorn/mail"
	"posthorn/mail/body"
)

// parseStructure reads a BODYSTRUCTURE. One that makes no sense is passed over and leaves no structure: the message
// itself will tell. // RFC 9051 §7.5.2
func (s *Session) parseStructure(f *fetched, c *cursor) bool {
	before := *c
	p := structureParser{c: c, strings: s.strings, charsets: s.charsets, list: s.params}
	defer func() { s.params = p.list }()
	if part, ok := p.part("", 0); ok && (c.peek() == ' ' || c.peek() == ')') && part.MediaType != "" {
		part.Cut = p.cut
		f.structure = &part
		return true
	}
	*c = before
	return c.skip()
}

// intern holds the words that stand in nearly every structure, once.
type intern map[string]string

// lower is b in lower case.
func (t intern) lower(b []byte) string {
	if v, ok := t[string(b)]; ok {
		return v
	}
	v := strings.ToLower(string(b))
	if len(t) < 500 && len(b) < 60 {
		t[string(b)] = v
	}
	return v
}

// charsets holds the parameters of most parts there are, once: nobody may change them.
type charsets map[string]map[string]string

func (t charsets) of(name []byte) map[string]string {
	params, ok := t[string(name)]
	if !ok {
		params = map[string]string{"charset": string(name)}
		if len(t) < 100 && len(name) < 60 {
			t[string(name)] = params
		}
	}
	return params
}

type structureParser struct {
	c        *cursor
	strings  intern
	charsets charsets
	parts    int
	depth    int
	cut      bool    // parts were left out
	list     []param // room for params
}

// full tells whether what follows is to be left out, and remembers it.
func (p *structureParser) full() bool {
	full := p.parts >= mail.MaxParts || p.depth >= mail.MaxDepth
	p.cut = p.cut || full
	return full
}

// part reads one part with the section number of the part it is in, and its own place there: 0 for the root of a
// message.
func (p *structureParser) part(parent string, place int) (mail.Part, bool) {
	p.parts++
	p.depth++
	defer func() { p.depth-- }()
	if !p.c.take('(') {
		return mail.Part{}, false
	}
	if p.c.peek() == '(' {
		return p.multipart(parent, place)
	}
	return p.leaf(parent, place)
}

// number is the section of the part at a place below parent. // RFC 9051 §6.4.5.1
func number(parent string, place int) string {
	place = max(place, 1)
	if parent == "" {
		return strconv.Itoa(place)
	}
	return parent + "." + strconv.Itoa(place)
}

func (p *structureParser) multipart(parent string, place int) (mail.Part, bool) {
	m := mail.Part{}
	prefix := parent
	switch {
	case place > 0:
		prefix = number(parent, place)
		m.Section = prefix
	case parent != "":
		m.Section = parent + ".TEXT"
	}
	for n := 1; p.c.peek() == '('; n++ {
		if p.full() {
			if !p.c.skip() {
				return m, false
			}
		} else {
			child, ok := p.part(prefix, n)
			if !ok {
				return m, false
			}
			if m.Children == nil {
				m.Children = make([]mail.Part, 0, 2)
			}
			m.Children = append(m.Children, child)
		}
		p.c.spaces()
	}
	subtype, null, ok := p.c.text()
	if !ok {
		return m, false
	}
	if null {
		subtype = []byte("mixed")
	}
	m.MediaType = "multipart/" + p.strings.lower(subtype)
	return m, p.extension(&m)
}

// leaf reads a part that holds no parts, or an attached message.
func (p *structureParser) leaf(parent string, place int) (mail.Part, bool) {
	m := mail.Part{Section: number(parent, place)}
	kind, _, ok := p.c.text()
	p.c.spaces()
	if ok && p.c.peek() == ')' { // ("ALTERNATIVE"): Gmail's way to say a container with nothing in it
		p.c.i++
		m.MediaType = "multipart/" + p.strings.lower(kind)
		return m, len(kind) > 0 && (parent != "" || place > 0)
	}
	subtype, _, ok2 := p.c.text()
	if !ok || !ok2 {
		return m, false
	}
	m.MediaType = p.mediaType(kind, subtype)
	p.c.spaces()
	params, ok := p.params()
	if !ok {
		return m, false
	}
	m.Params = p.decode(params)
	var fields [3][]byte // identifier, description, transfer encoding
	for i := range fields {
		p.c.spaces()
		if fields[i], _, ok = p.c.text(); !ok {
			return m, false
		}
	}
	m.ContentID = strings.Trim(string(fields[0]), " <>")
	m.Encoding = p.strings.lower(fields[2])
	p.c.spaces()
	size, _, ok := p.c.text()
	if n, err := strconv.ParseInt(string(size), 10, 64); err == nil && n > 0 { // NIL and -1 have been seen
		m.Size = n
	}
	if !ok || !p.kinds(&m) {
		return m, false
	}
	p.c.spaces()
	if p.c.peek() != ')' && !p.c.skip() { // MD5
		return m, false
	}
	return m, p.extension(&m)
}

// mediaType is type/subtype. Without a type that can be read it is text; without a subtype, whatever is safe.
// RFC 2045 §5.2
func (p *structureParser) mediaType(kind, subtype []byte) string {
	switch {
	case len(kind) == 0, len(subtype) == 0 && equalFold(kind, "TEXT"):
		return "text/plain"
	case len(subtype) == 0:
		return "application/octet-stream"
	}
	var b [64]byte
	return p.strings.lower(append(append(append(b[:0], kind...), '/'), subtype...))
}

// kinds reads what texts and attached messages have besides: lines; envelope, structure and lines.
func (p *structureParser) kinds(m *mail.Part) bool {
	p.c.spaces()
	if c := p.c.peek(); m.Message() && (c == '(' || c == 'N' || c == 'n') {
		if !p.c.skip() {
			return false
		}
		p.c.spaces()
		if p.c.peek() == '(' && !p.full() {
			child, ok := p.part(m.Section, 0)
			if !ok {
				return false
			}
			m.Children = []mail.Part{child}
		} else if p.c.peek() != ')' && !p.c.skip() {
			return false
		}
		p.c.spaces()
	}
	if m.Message() || strings.HasPrefix(m.MediaType, "text/") {
		if c := p.c.peek(); c >= '0' && c <= '9' || c == 'N' || c == 'n' || c == '-' {
			return p.c.skip() // lines; left out by some
		}
	}
	return true
}

// extension reads the rest: parameters (of containers), disposition, and what is of no use here.
func (p *structureParser) extension(m *mail.Part) bool {
	p.c.spaces()
	if m.Multipart() && p.c.peek() != ')' {
		params, ok := p.params()
		if !ok {
			return false
		}
		m.Params = p.decode(params)
		p.c.spaces()
	}
	var given map[string]string
	if p.c.peek() != ')' {
		var ok bool
		if given, ok = p.disposition(m); !ok {
			return false
		}
	}
	m.Filename = body.Filename(given, m.Params)
	p.c.spaces()
	m.Language = p.language()
	for {
		p.c.spaces()
		if p.c.take(')') {
			return true
		}
		if !p.c.skip() {
			return false
		}
	}
}

// language looks at "de" or ("de-CH" "fr"), which is passed over with what else there may be. // RFC 9051 §7.5.2
func (p *structureParser) language() string {
	at := p.c.i
	defer func() { p.c.i = at }()
	p.c.take('(')
	p.c.spaces()
	if p.c.peek() == ')' {
		return ""
	}
	word, _, _ := p.c.text()
	if len(word) > 20 {
		return ""
	}
	return mail.Language(p.strings.lower(word))
}

// disposition reads ("attachment" (…)), NIL, or what servers make of it: a bare string, a list of one.
func (p *structureParser) disposition(m *mail.Part) (map[string]string, bool) {
	if !p.c.take('(') {
		word, _, ok := p.c.text()
		m.Disposition = p.strings.lower(word)
		return nil, ok
	}
	word, _, ok := p.c.text()
	if !ok {
		return nil, false
	}
	m.Disposition = p.strings.lower(word)
	p.c.spaces()
	if p.c.take(')') {
		return nil, true
	}
	params, ok := p.params()
	p.c.spaces()
	return p.decode(params), ok && p.c.take(')')
}

// maxParams bounds the parameters of one part.
const maxParams = 100

// param is one parameter; its value belongs to the response.
type param struct {
	key   string // lower case
	value []byte
}

// params reads ("key" "value" …) or NIL; odd ones out are dropped. The list is valid until the next call.
func (p *structureParser) params() ([]param, bool) {
	if !p.c.take('(') {
		_, _, ok := p.c.text()
		return nil, ok
	}
	list := p.list[:0]
	for {
		p.c.spaces()
		if p.c.take(')') {
			break
		}
		key, _, ok := p.c.text()
		if !ok {
			return nil, false
		}
		p.c.spaces()
		if p.c.take(')') {
			break
		}
		value, _, ok := p.c.text()
		if !ok {
			return nil, false
		}
		if len(key) > 0 && len(list) < maxParams {
			list = append(list, param{p.strings.lower(key), value})
		}
	}
	p.list = list
	return list, true
}

// decode makes the parameters of a part. The boundary is left out: here the parts are known without it.
// RFC 2231 §3, §4
func (p *structureParser) decode(list []param) map[string]string {
	list = slices.DeleteFunc(list, func(q param) bool { return q.key == "boundary" })
	if len(list) == 0 {
		return nil
	}
	coded := slices.ContainsFunc(list, isCoded)
	if len(list) == 1 && list[0].key == "charset" && !coded {
		return p.charsets.of(list[0].value)
	}
	out := make(map[string]string, len(list))
	for _, q := range list {
		out[q.key] = string(q.value)
	}
	if coded {
		return body.DecodeParams(out)
	}
	return out
}

// isCoded tells whether something has to be undone.
func isCoded(q param) bool {
	if strings.IndexByte(q.key, '*') >= 0 {
		return true
	}
	for i, c := range q.value {
		if c >= 0x7f || c == '=' && i+1 < len(q.value) && q.value[i+1] == '?' {
			return true
		}
	}
	return false
}
