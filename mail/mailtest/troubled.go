package mailtest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
)

// troubled is the listener of a Submission. It makes the trouble that the library has no place for: before it greets,
// and at commands that it answers by itself.
type troubled struct {
	net.Listener
	server *Submission
}

func (l *troubled) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		t := &troubledConn{Conn: c, server: l.server, in: bufio.NewReader(c)}
		trouble, ok := l.server.at(AtConnect, "")
		if !ok {
			return t, nil
		}
		go func() {
			t.suffer(trouble)
			t.Close()
		}()
	}
}

// troubledConn hands the library one line of a client at a time, but those that end in trouble.
type troubledConn struct {
	net.Conn
	server  *Submission
	in      *bufio.Reader
	line    []byte // being handed over
	message bool   // between DATA and the dot
	opaque  bool   // TLS has begun above
}

func (c *troubledConn) Read(p []byte) (int, error) {
	if c.opaque {
		return c.in.Read(p)
	}
	for len(c.line) == 0 {
		line, err := c.in.ReadSlice('\n')
		if err != nil && len(line) == 0 {
			return 0, err
		}
		stage := c.stage(line)
		if trouble, ok := c.server.at(stage, ""); ok {
			if !c.suffer(trouble) {
				return 0, io.EOF
			}
			continue
		}
		c.message = c.message && !bytes.Equal(line, []byte(".\r\n")) || stage == AtData
		c.opaque = stage == AtStartTLS
		c.line = line
	}
	n := copy(p, c.line)
	c.line = c.line[n:]
	return n, nil
}

// stage is the stage that a line begins, of those the library has no place for; empty for other lines.
func (c *troubledConn) stage(line []byte) Stage {
	verb, _, _ := strings.Cut(strings.TrimSpace(strings.ToUpper(string(line))), " ")
	switch {
	case c.message:
	case verb == "EHLO", verb == "HELO":
		return AtEHLO
	case verb == "STARTTLS":
		return AtStartTLS
	case verb == "DATA":
		return AtData
	}
	return ""
}

// suffer replies, falls silent or hangs up, and tells whether the conversation goes on.
func (c *troubledConn) suffer(t Trouble) bool {
	switch {
	case t.Stall:
		<-c.server.closed
	case t.Said != "":
		io.WriteString(c, t.Said)
	case t.Code != 0:
		_, err := fmt.Fprintf(c, "%d %s\r\n", t.Code, refusedAt(t.Stage))
		return err == nil
	}
	c.Close()
	return false
}

func refusedAt(stage Stage) string { return "refused by the test at " + string(stage) }
