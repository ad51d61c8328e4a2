package imap

import "bytes"

// cursor reads the values of one response from left to right. It never fails by panic, and takes what is not quite
// grammar as long as its end can be seen.
type cursor struct {
	r   *response
	i   int
	lit int // literals passed
}

// peek is the next octet, 0 at the end.
func (c *cursor) peek() byte {
	if c.i < len(c.r.line) {
		return c.r.line[c.i]
	}
	return 0
}

func (c *cursor) take(b byte) bool {
	if c.peek() != b || c.i >= len(c.r.line) {
		return false
	}
	c.i++
	return true
}

func (c *cursor) spaces() {
	for c.i < len(c.r.line) && c.r.line[c.i] == ' ' {
		c.i++
	}
}

// word is everything up to a space, parenthesis or quote.
func (c *cursor) word() []byte {
	start := c.i
	for c.i < len(c.r.line) {
		switch c.r.line[c.i] {
		case ' ', '(', ')', '"', '\r', '\n':
			return c.r.line[start:c.i]
		}
		c.i++
	}
	return c.r.line[start:]
}

// number reads an unsigned number; without one it takes nothing.
func (c *cursor) number() (uint64, bool) {
	start, n := c.i, uint64(0)
	for c.i < len(c.r.line) && c.r.line[c.i] >= '0' && c.r.line[c.i] <= '9' {
		if n > (1<<63)/10 {
			c.i = start
			return 0, false
		}
		n = n*10 + uint64(c.r.line[c.i]-'0')
		c.i++
	}
	return n, c.i > start
}

// text reads a quoted string, a literal, an atom or NIL (null). The octets belong to the response.
func (c *cursor) text() (s []byte, null, ok bool) {
	switch c.peek() {
	case '"':
		s, ok = c.quoted()
		return s, false, ok
	case '~':
		c.i++
		fallthrough
	case '{':
		s, ok = c.literal()
		return s, false, ok
	case '(', ')', ' ', 0:
		return nil, false, false
	}
	s = c.word()
	if len(s) == 3 && equalFold(s, "NIL") {
		return nil, true, true
	}
	return s, false, len(s) > 0
}

// quoted reads a quoted string. Its end is the quote behind which a value can end: servers forget to escape.
func (c *cursor) quoted() ([]byte, bool) {
	line := c.r.line
	start, escaped := c.i+1, false
	for i := start; i < len(line); i++ {
		switch line[i] {
		case '\\':
			escaped = true
			i++
		case '\r', '\n':
			return nil, false
		case '"':
			if i+1 < len(line) && line[i+1] != ' ' && line[i+1] != ')' && line[i+1] != ']' {
				continue
			}
			c.i = i + 1
			if escaped {
				return unescape(line[start:i]), true
			}
			return line[start:i], true
		}
	}
	return nil, false
}

func unescape(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' && i+1 < len(b) {
			i++
		}
		out = append(out, b[i])
	}
	return out
}

func (c *cursor) literal() ([]byte, bool) {
	for c.lit < len(c.r.literals) && c.r.literals[c.lit].at < c.i {
		c.lit++
	}
	if c.lit >= len(c.r.literals) || c.r.literals[c.lit].at != c.i {
		return nil, false
	}
	l := c.r.literals[c.lit]
	c.i = l.end
	return c.r.line[l.start:l.end], true
}

// skip passes over one value of any kind, however deep.
func (c *cursor) skip() bool {
	for depth := 0; ; {
		switch b := c.peek(); b {
		case 0:
			return false
		case '(':
			depth++
			c.i++
		case ')':
			if depth--; depth < 0 {
				return false
			}
			c.i++
		case ' ':
			c.i++
			continue
		default:
			if _, _, ok := c.text(); !ok {
				return false
			}
		}
		if depth == 0 {
			return true
		}
	}
}

// equalFold compares with a word in upper case.
func equalFold(b []byte, upper string) bool {
	if len(b) != len(upper) {
		return false
	}
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != upper[i] {
			return false
		}
	}
	return true
}

// bracketed reads "[…]" and returns what is inside.
func (c *cursor) bracketed() ([]byte, bool) {
	if c.peek() != '[' {
		return nil, false
	}
	end := bytes.IndexByte(c.r.line[c.i:], ']')
	if end < 0 {
		return nil, false
	}
	s := c.r.line[c.i+1 : c.i+end]
	c.i += end + 1
	return s, true
}
