package imap

import (
	"strconv"
	"strings"

	"posthorn/mail"
)

// command is a command of our own, built from typed arguments: a string from outside can only become a quoted
// string or a literal, never a second command.
type command struct {
	pieces [][]byte // between two of them the server must say +
	now    []byte
	caps   Caps
	bad    error // an argument that cannot be sent
	tight  bool  // a parenthesis was opened: no space before the next word
}

func newCommand(caps Caps, words string) *command { return &command{now: []byte(words), caps: caps} }

// word appends a word of our own.
func (c *command) word(s string) *command {
	if !c.tight {
		c.now = append(c.now, ' ')
	}
	c.now, c.tight = append(c.now, s...), false
	return c
}

// group puts what f appends into parentheses.
func (c *command) group(f func()) {
	c.word("(").tight = true
	f()
	c.now = append(c.now, ')')
}

// text appends a string from outside.
func (c *command) text(s string) *command {
	if strings.IndexByte(s, 0) >= 0 {
		c.bad = &mail.Error{Kind: mail.Rejected, Said: "a text holds a NUL, which cannot be sent"}
		return c
	}
	if !quotable(s) {
		return c.literal([]byte(s))
	}
	c.now = append(c.now, ' ', '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' || s[i] == '\\' {
			c.now = append(c.now, '\\')
		}
		c.now = append(c.now, s[i])
	}
	c.now = append(c.now, '"')
	return c
}

// mailbox appends a mailbox name.
func (c *command) mailbox(name string) *command {
	if strings.EqualFold(name, "INBOX") {
		return c.word("INBOX")
	}
	if !c.caps.utf8Names {
		name = encodeName(name)
	}
	return c.text(name)
}

// set appends a set of UIDs.
func (c *command) set(s mail.UIDSet) *command { return c.word(s.String()) }

// literal appends octets as they are; the server is asked first where it wants to be. // RFC 9051 §4.3, RFC 7888
func (c *command) literal(b []byte) *command {
	c.now = append(c.now, " {"...)
	c.now = strconv.AppendInt(c.now, int64(len(b)), 10)
	if len(b) <= 4096 && (c.caps.LiteralPlus || c.caps.LiteralMinus) {
		c.now = append(append(c.now, "+}\r\n"...), b...)
		return c
	}
	c.pieces = append(c.pieces, append(c.now, "}\r\n"...))
	c.now = b[:len(b):len(b)]
	return c
}

func quotable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return len(s) <= 1000
}

// do sends c and reads until its completion. each sees every untagged response.
func (w *wire) do(c *command, l limits, each func(*response)) (status, error) {
	if c.bad != nil {
		return status{}, c.bad
	}
	tag := newTag()
	w.in.expect(tag, l)
	c.pieces = append(c.pieces, append(c.now, "\r\n"...))
	c.pieces[0] = append([]byte(tag+" "), c.pieces[0]...)
	for i, p := range c.pieces {
		if i > 0 {
			if st, err := w.untilPlus(tag, each); err != nil || st != nil {
				return deref(st), err // refused before the literal was sent
			}
		}
		if err := w.write(p); err != nil {
			return status{}, err
		}
	}
	return w.finish(tag, each)
}

// finish reads until the completion of the command with that tag.
func (w *wire) finish(tag string, each func(*response)) (status, error) {
	for {
		r, st, err := w.answer(tag)
		if err != nil || st != nil {
			return deref(st), err
		}
		if each != nil {
			each(r)
		}
	}
}

// untilPlus reads until the server asks for more, or completes the command instead.
func (w *wire) untilPlus(tag string, each func(*response)) (*status, error) {
	for {
		r, st, err := w.answer(tag)
		if err != nil || st != nil {
			return st, err
		}
		if r.line[0] == '+' {
			return nil, nil
		}
		if each != nil {
			each(r)
		}
	}
}

func deref(st *status) status {
	if st == nil {
		return status{}
	}
	return *st
}
