package smtp

import (
	"bytes"
	"context"
	"net"
	"sync"
	"time"
)

// conn gives each write its own deadline, where go-smtp has none for the message itself, ends with a context, and
// spells the keywords of EHLO answers the way go-smtp looks for them.
type conn struct {
	net.Conn
	patience time.Duration
	greeting []byte // read before anything from the network: stands in for what the handshake took
	ehlo     bool   // the next answer is one to EHLO

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

func (c *conn) Write(p []byte) (int, error) {
	c.ehlo = bytes.HasPrefix(bytes.ToUpper(p[:min(len(p), 4)]), []byte("EHLO"))
	if err := c.Conn.SetWriteDeadline(time.Now().Add(c.patience)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

func (c *conn) Read(p []byte) (int, error) {
	if len(c.greeting) > 0 {
		n := copy(p, c.greeting)
		c.greeting = c.greeting[n:]
		return n, nil
	}
	n, err := c.Conn.Read(p)
	if c.ehlo { // keywords are case-insensitive // RFC 5321 §2.4
		copy(p, bytes.ToUpper(p[:n]))
	}
	return n, err
}
