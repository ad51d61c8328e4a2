package mailtest

import "strings"

// conversation follows what client and server say to each other, in IMAP or SMTP, as far as is needed to tell
// commands from the mail between them.
type conversation struct {
	out, in lines
	begun   bool   // the client has said something
	opaque  bool   // TLS: there is nothing more to be seen
	smtp    bool   // else IMAP
	tag     string // IMAP: of the last command
	name    string // of the last command
	mail    bool   // SMTP: a message is on its way
	asked   bool   // SMTP: the next line answers a challenge of AUTH // RFC 4954 §4
}

// sent is given what the client says; it calls f for every command, with where in p it begins.
func (c *conversation) sent(p []byte, f func(name string, start int)) {
	if !c.begun && len(p) > 0 {
		c.begun = true
		head := strings.ToUpper(string(p[:min(len(p), 4)]))
		c.smtp, c.opaque = head == "EHLO" || head == "HELO", p[0] == 0x16 // a TLS handshake
	}
	if c.opaque {
		return
	}
	c.out.feed(p, func(line string, start int) {
		var ok bool
		if c.smtp {
			c.out.refused() // SMTP has no literals
			ok = c.verb(line)
		} else if tag, name, isCommand := command(line); isCommand {
			c.tag, c.name, ok = tag, name, true
		}
		if ok {
			f(c.name, start)
		}
	})
}

// verb reads a line of SMTP and tells whether it is a command; the dot behind a message is one.
func (c *conversation) verb(line string) bool {
	if c.asked || c.mail && line != "." {
		c.asked = false
		return false
	}
	c.mail = false
	c.name, _, _ = strings.Cut(strings.ToUpper(line), " ")
	return true
}

// heard is given what the server says; it calls f for every answer to the last command, with where in p it begins.
// The answer to IDLE is the server's readiness.
func (c *conversation) heard(p []byte, f func(start int)) {
	if c.opaque {
		return
	}
	c.in.feed(p, func(line string, start int) {
		first, rest, _ := strings.Cut(line, " ")
		var answer bool
		if c.smtp {
			c.in.refused()
			c.mail = c.mail || c.name == "DATA" && first == "354"
			c.asked = c.name == "AUTH" && first == "334"
			answer = len(first) == 3 && !c.asked // 250-SIZE goes on
		} else {
			answer = c.tag != "" && first == c.tag || c.name == "IDLE" && first == "+"
		}
		if !answer {
			return
		}
		if !c.smtp {
			c.out.refused() // a literal that the server did not want does not come
		}
		c.opaque = c.name == "STARTTLS" && (first == "220" || strings.HasPrefix(rest, "OK"))
		f(start)
	})
}
