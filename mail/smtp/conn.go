package smtp

import (
	"bytes"
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// chunk is how much is written within one deadline: a slow line is fine as long as it moves.
const chunk = 16 << 10

// maxReply bounds one answer of the server.
const maxReply = 64 << 10

// conn gives each chunk written its own deadline, where go-smtp has none for the message itself, ends with a context,
// bounds answers, and spells the keywords of EHLO answers the way go-smtp looks for them.
type conn struct {
	net.Conn
	patience time.Duration
	greeting []byte // read before anything from the network: stands in for what the handshake took
	ehlo     bool   // the next answer is one to EHLO
	heard    int    // octets read since the last write

	mu     sync.Mutex
	closed bool
}

// until closes c when ctx ends; the returned function stops that.
func (c *conn) until(ctx context.Context) func() bool {
	return context.AfterFunc(ctx, func() { c.Close() })
}

func (c *conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return net.ErrClosed
	}
	c.closed = true
	return c.Conn.Close()
}

func (c *conn) Write(p []byte) (n int, err error) {
	c.ehlo, c.heard = bytes.HasPrefix(p, []byte("EHLO")), 0
	for err == nil && n < len(p) {
		if err = c.Conn.SetWriteDeadline(time.Now().Add(c.patience)); err != nil {
			break
		}
		var wrote int
		wrote, err = c.Conn.Write(p[n:min(n+chunk, len(p))])
		n += wrote
	}
	return n, err
}

func (c *conn) Read(p []byte) (int, error) {
	if len(c.greeting) > 0 {
		n := copy(p, c.greeting)
		c.greeting = c.greeting[n:]
		return n, nil
	}
	n, err := c.Conn.Read(p)
	if c.heard += n; c.heard > maxReply {
		return 0, errors.New("the server's answer does not end")
	}
	if c.heard == n {
		c.ehlo = c.ehlo && bytes.HasPrefix(p, []byte("250")) // the words of a refusal stay as they are
	}
	if c.ehlo { // keywords are case-insensitive // RFC 5321 §2.4
		for i, b := range p[:n] {
			if b >= 'a' && b <= 'z' {
				p[i] = b - 'a' + 'A'
			}
		}
	}
	return n, err
}
