package imap

import (
	"bytes"
	"time"

	"posthorn/mail"
)

// fetched is one FETCH response, read as far as it can be read. // RFC 9051 §7.5.2
type fetched struct {
	uid       mail.UID
	flags     mail.Flags
	keywords  mail.Keywords
	modSeq    mail.ModSeq
	received  time.Time
	size      int64
	structure *mail.Part
	sections  []section // valid until the next response is read
	flagged   bool      // it had flags
	broken    bool      // its end was not found, or something is cut off
}

// section is one BODY[…]; data belongs to the response.
type section struct {
	name   []byte
	origin int64 // of a partial answer; -1: the server gave the whole
	data   []byte
}

// section is the data of the section whose name begins so.
func (f *fetched) section(name string) ([]byte, bool) {
	for _, s := range f.sections {
		if len(s.name) >= len(name) && equalFold(s.name[:len(name)], name) {
			return s.data, true
		}
	}
	return nil, false
}

// parseFetch reads the items behind "* n FETCH". Items nobody asked for are passed over.
func (s *Session) parseFetch(c *cursor) (f fetched) {
	f.sections = s.found[:0]
	defer func() { s.found = f.sections }()
	if !c.take('(') {
		f.broken = true
		return f
	}
	for {
		c.spaces()
		if c.take(')') {
			f.broken = c.r.cut
			return f
		}
		name := c.item()
		if len(name) == 0 || !s.parseItem(&f, name, c) {
			f.broken = true
			return f
		}
	}
}

// item is the name of an item, up to its value or brackets.
func (c *cursor) item() []byte {
	start := c.i
	for c.i < len(c.r.line) {
		switch c.r.line[c.i] {
		case ' ', '(', ')', '[', '"', '\r', '\n':
			return c.r.line[start:c.i]
		}
		c.i++
	}
	return c.r.line[start:]
}

func (s *Session) parseItem(f *fetched, name []byte, c *cursor) bool {
	if equalFold(name, "BODY") && c.peek() == '[' {
		return f.parseSection(c)
	}
	c.spaces()
	switch {
	case equalFold(name, "UID"):
		n, ok := c.number()
		if n > 1<<32-1 || f.uid != 0 {
			return false
		}
		f.uid = mail.UID(n)
		return ok
	case equalFold(name, "FLAGS"):
		return s.parseFlags(f, c)
	case equalFold(name, "INTERNALDATE"):
		b, _, ok := c.text()
		f.received = parseInternalDate(b)
		return ok
	case equalFold(name, "RFC822.SIZE"):
		n, ok := c.number()
		f.size = int64(min(n, 1<<62))
		return ok || c.skip()
	case equalFold(name, "MODSEQ") && c.peek() == '(':
		c.i++
		n, ok := c.number()
		f.modSeq = mail.ModSeq(n)
		return ok && c.take(')')
	case equalFold(name, "BODYSTRUCTURE"), equalFold(name, "BODY"):
		return s.parseStructure(f, c)
	}
	return c.skip()
}

func (f *fetched) parseSection(c *cursor) bool {
	name, ok := c.bracketed()
	if !ok {
		return false
	}
	origin := int64(-1)
	if c.take('<') {
		n, ok := c.number()
		end := bytes.IndexByte(c.r.line[c.i:], '>') // Bluemind says <0.100>
		if !ok || end < 0 {
			return false
		}
		origin, c.i = int64(min(n, 1<<62)), c.i+end+1
	}
	c.spaces()
	data, _, ok := c.text()
	f.sections = append(f.sections, section{name, origin, data})
	return ok
}

// flagMemo remembers flag lists: a mailbox has few different ones.
type flagMemo map[string]flagList

type flagList struct {
	flags    mail.Flags
	keywords mail.Keywords
}

func (s *Session) parseFlags(f *fetched, c *cursor) bool {
	if !c.take('(') {
		_, null, ok := c.text()
		return ok && null
	}
	end := bytes.IndexByte(c.r.line[c.i:], ')')
	if end < 0 {
		return false
	}
	list := c.r.line[c.i : c.i+end]
	c.i += end + 1
	known, ok := s.flags[string(list)]
	if !ok {
		var names []string
		for _, w := range bytes.Fields(list) {
			if len(w) <= 100 {
				names = append(names, string(w))
			}
		}
		known.flags, known.keywords = mail.ParseFlags(names)
		if len(s.flags) < 1000 && len(list) < 1000 {
			s.flags[string(list)] = known
		}
	}
	f.flags, f.keywords, f.flagged = known.flags, known.keywords, true
	return true
}

// parseInternalDate reads "17-Jul-1996 02:44:25 -0700"; zero where it is none. // RFC 9051 §9 date-time
func parseInternalDate(b []byte) time.Time {
	b = bytes.TrimLeft(b, " ")
	if len(b) == 25 {
		b = append([]byte{'0'}, b...)
	}
	if len(b) != 26 || b[2] != '-' || b[6] != '-' || b[11] != ' ' || b[14] != ':' || b[17] != ':' || b[20] != ' ' {
		return time.Time{}
	}
	month := bytes.Index([]byte("JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"), bytes.ToUpper(b[3:6]))
	digits := true
	two := func(i int) int {
		digits = digits && b[i] >= '0' && b[i] <= '9' && b[i+1] >= '0' && b[i+1] <= '9'
		return int(b[i]-'0')*10 + int(b[i+1]-'0')
	}
	year := two(7)*100 + two(9)
	t := time.Date(year, time.Month(month/3+1), two(0), two(12), two(15), two(18), 0, time.UTC)
	zone := time.Duration(two(22))*time.Hour + time.Duration(two(24))*time.Minute
	if b[21] == '-' {
		zone = -zone
	}
	if month < 0 || month%3 != 0 || !digits {
		return time.Time{}
	}
	return t.Add(-zone)
}
