package body

import (
	"bytes"
	"strconv"
	"strings"

	"posthorn/mail"
)

// Message is a whole message taken apart.
type Message struct {
	Header   Header
	Root     mail.Part // sections numbered as IMAP does, see mail.Part
	contents map[string][]byte
}

// Parse takes a whole message apart in one pass. It never fails: a part that makes no sense is text, a container
// without parts is one text, parts beyond mail.MaxDepth and mail.MaxParts are left out.
func Parse(raw []byte) *Message {
	p := &parser{contents: map[string][]byte{"": raw}}
	h, root := p.message(raw, "", 0)
	root.Cut = p.cut
	return &Message{Header: h, Root: root, contents: p.contents}
}

// Content is the bytes of a section, still transfer-encoded: of an attached message all of it, of a leaf what
// stands under its header, and of "2.HEADER" the header of the attached message. The section "" is the whole
// message; nil: there is no such section.
func (m *Message) Content(section string) []byte { return m.contents[section] }

// Parts are the contents of the given parts, to be rendered.
func (m *Message) Parts(list []*mail.Part) []Content {
	out := make([]Content, len(list))
	for i, p := range list {
		out[i] = Content{*p, m.contents[p.Section]}
	}
	return out
}

// parser reads forward through one buffer, looking on every line for the boundaries of all containers it is in.
type parser struct {
	raw      []byte
	at       int      // the line to be read next
	open     []string // boundaries, outermost first
	parts    int
	cut      bool // parts were left out
	contents map[string][]byte
}

// boundary is where a part ended: level is the index in parser.open, -1 for the end of the message.
type boundary struct {
	level int
	last  bool // the one that closes the container
	line  int  // where the boundary's line begins
}

// message reads a whole message from raw; prefix is the section of the part that holds it.
func (p *parser) message(raw []byte, prefix string, depth int) (Header, mail.Part) {
	outer := *p
	p.raw, p.at, p.open = raw, 0, nil
	h, root, _ := p.entity(prefix, prefix, true, "text/plain", depth)
	p.raw, p.at, p.open = outer.raw, outer.at, outer.open
	return h, root
}

// entity reads a header and what belongs to it. whole: it is a message, not a part, so that its section depends on
// whether it is a container. // RFC 9051 §6.4.5.1
func (p *parser) entity(section, prefix string, whole bool, fallback string, depth int) (Header, mail.Part, boundary) {
	from := p.at
	h, start, end, ended := p.header()
	if whole && prefix != "" {
		p.contents[join(prefix, "HEADER")] = p.raw[from:start]
	}
	part := describe(h, fallback)
	p.parts++
	if whole {
		section = join(prefix, "1")
		if part.Multipart() {
			section = prefix
			if prefix != "" {
				section = join(prefix, "TEXT")
			}
		} else {
			prefix = section
		}
	}
	part.Section = section
	switch {
	case ended:
	case part.Multipart():
		end = p.multipart(&part, prefix, depth)
	default:
		end = p.skip()
	}
	content := p.raw[start:p.contentEnd(start, end)]
	if part.Multipart() && len(part.Children) == 0 { // no boundary anywhere: a text
		part.MediaType, part.Params = "text/plain", map[string]string{"charset": part.Params["charset"]}
		if section = join(prefix, "1"); whole {
			part.Section = section
		}
	}
	part.Size = int64(len(content))
	if part.Section != "" {
		p.contents[part.Section] = content
	}
	switch {
	case !part.Message():
	case depth >= mail.MaxDepth || p.parts >= mail.MaxParts:
		p.cut = true
	default:
		_, root := p.message(Decode(part, content), part.Section, depth+1)
		part.Children = []mail.Part{root}
	}
	return h, part, end
}

func join(prefix, s string) string {
	if prefix == "" {
		return s
	}
	return prefix + "." + s
}

// header reads a header block, up to an empty line, a boundary, or a line that cannot be in a header. start is
// where the content begins; ended: a boundary came first.
func (p *parser) header() (h Header, start int, end boundary, ended bool) {
	from, stop := p.at, p.at
	for first := true; p.at < len(p.raw); first = false {
		line, next := p.line()
		if end, ended = p.match(line); ended {
			stop, start = p.at, p.at
			p.at = next
			return ParseHeader(p.raw[from:stop]), start, end, true
		}
		if len(line) == 0 {
			stop, p.at = p.at, next
			break
		}
		if line[0] != ' ' && line[0] != '\t' && !fieldLine(line) && !(first && mboxLine(line)) && (first || !p.fieldsFollow(next)) {
			stop = p.at
			break
		}
		p.at = next
		stop = next
	}
	return ParseHeader(p.raw[from:stop]), p.at, boundary{}, false
}

// fieldsFollow tells whether the line at next belongs to a header, so that the one before, which cannot be a field,
// is dirt in the header rather than the beginning of the text.
func (p *parser) fieldsFollow(next int) bool {
	save := p.at
	p.at = next
	line, _ := p.line()
	p.at = save
	return len(line) == 0 || fieldLine(line)
}

// line is the line at p.at without its end, and where the next one begins.
func (p *parser) line() (line []byte, next int) {
	next = len(p.raw)
	if i := bytes.IndexByte(p.raw[p.at:], '\n'); i >= 0 {
		next = p.at + i + 1
	}
	line = p.raw[p.at:next]
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line, next
}

// match tells whether a line is a boundary of any open container, the innermost first. // RFC 2046 §5.1.1
func (p *parser) match(line []byte) (boundary, bool) {
	if len(p.open) == 0 || len(line) < 2 || line[0] != '-' || line[1] != '-' {
		return boundary{}, false
	}
	line = bytes.TrimRight(line[2:], " \t")
	for i := len(p.open) - 1; i >= 0; i-- {
		if len(line) < len(p.open[i]) || string(line[:len(p.open[i])]) != p.open[i] {
			continue
		}
		switch string(line[len(p.open[i]):]) {
		case "":
			return boundary{i, false, p.at}, true
		case "--":
			return boundary{i, true, p.at}, true
		}
	}
	return boundary{}, false
}

// skip reads up to and over the next boundary.
func (p *parser) skip() boundary {
	for p.at < len(p.raw) {
		if len(p.open) > 0 && p.raw[p.at] == '-' {
			line, next := p.line()
			if b, ok := p.match(line); ok {
				p.at = next
				return b
			}
		}
		i := bytes.IndexByte(p.raw[p.at:], '\n')
		if i < 0 {
			break
		}
		p.at += i + 1
	}
	p.at = len(p.raw)
	return boundary{level: -1, line: len(p.raw)}
}

// contentEnd is the end of a content: the line end before a boundary belongs to the boundary.
func (p *parser) contentEnd(start int, end boundary) int {
	at := end.line
	if end.level >= 0 {
		if at > start && p.raw[at-1] == '\n' {
			at--
		}
		if at > start && p.raw[at-1] == '\r' {
			at--
		}
	}
	return max(at, start)
}

// multipart reads the parts of a container and returns the boundary of an outer one that ended it.
func (p *parser) multipart(part *mail.Part, prefix string, depth int) boundary {
	if depth >= mail.MaxDepth {
		p.cut = true
		return p.skip()
	}
	start, level := p.at, len(p.open)
	mark := strings.TrimRight(part.Params["boundary"], " \t")
	var b boundary
	if mark != "" {
		p.open = append(p.open, mark)
		if b = p.skip(); b.level == level {
			return p.children(part, prefix, depth, b)
		}
		p.open = p.open[:level]
	}
	afterwards := p.at
	p.at = start
	if mark = p.guessBoundary(); mark == "" {
		if part.Params["boundary"] == "" {
			return p.skip()
		}
		p.at = afterwards
		return b
	}
	p.open = append(p.open, mark)
	return p.children(part, prefix, depth, p.skip())
}

// children reads parts from the first boundary on.
func (p *parser) children(part *mail.Part, prefix string, depth int, b boundary) boundary {
	level := len(p.open) - 1
	fallback := "text/plain"
	if part.MediaType == "multipart/digest" { // RFC 2046 §5.1.5
		fallback = "message/rfc822"
	}
	for b.level == level && !b.last {
		if p.parts >= mail.MaxParts {
			p.cut = true
			b = p.skip()
			continue
		}
		section := join(prefix, strconv.Itoa(len(part.Children)+1))
		var child mail.Part
		_, child, b = p.entity(section, section, false, fallback, depth+1)
		part.Children = append(part.Children, child)
	}
	p.open = p.open[:level]
	if b.level == level { // closed; the epilogue is not shown
		b = p.skip()
	}
	return b
}

// guessBoundary looks for a line that begins with "--" and is followed by a field of a part, up to the next boundary
// of an outer container.
func (p *parser) guessBoundary() string {
	save := p.at
	defer func() { p.at = save }()
	for p.at < len(p.raw) {
		line, next := p.line()
		if bytes.HasPrefix(line, []byte("--")) {
			if _, ok := p.match(line); ok {
				return ""
			}
			mark := strings.TrimRight(string(line[2:min(len(line), 200)]), " \t")
			p.at = next
			if following, _ := p.line(); mark != "" && len(following) > 8 && strings.EqualFold(string(following[:8]), "content-") {
				return mark
			}
		}
		p.at = next
	}
	return ""
}

// describe reads the MIME fields of a part.
func describe(h Header, fallback string) mail.Part {
	mediaType, params := ParseValue(h.Get("Content-Type"))
	if major, minor, ok := strings.Cut(mediaType, "/"); !ok || major == "" || minor == "" {
		mediaType = fallback // RFC 2045 §5.2
	}
	disposition, dispositionParams := ParseValue(h.Get("Content-Disposition"))
	switch disposition {
	case "", "inline":
	default:
		disposition = "attachment" // RFC 2183 §2.8
	}
	encoding, _ := ParseValue(h.Get("Content-Transfer-Encoding"))
	return mail.Part{
		MediaType:   strings.ToValidUTF8(strings.Join(strings.Fields(mediaType), ""), "?"),
		Params:      params,
		Encoding:    strings.ToValidUTF8(encoding, "?"),
		Disposition: disposition,
		Filename:    Filename(dispositionParams, params),
		ContentID:   strings.Trim(repair(h.Get("Content-Id")), " <>"),
		Language:    mail.Language(h.Get("Content-Language")),
	}
}

// Misdescribed tells whether a leaf is something else than a server says, by the part's own header.
func Misdescribed(said mail.Part, header []byte) bool {
	if len(header) == 0 {
		return false
	}
	fallback := "text/plain"
	if said.Message() { // of a digest // RFC 2046 §5.1.5
		fallback = said.MediaType
	}
	own := describe(ParseHeader(header), fallback)
	charset := strings.Trim(own.Params["charset"], `"' `)
	return own.MediaType != said.MediaType || encodingNamed(own.Encoding) != encodingNamed(said.Encoding) ||
		charset != "" && !strings.EqualFold(charset, strings.Trim(said.Params["charset"], `"' `))
}
