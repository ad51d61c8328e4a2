package mailtest

import "net"

// faultConn is the client's end of a connection through a Fault, whose lock guards all but the connection itself.
type faultConn struct {
	net.Conn
	fault   *Fault
	talk    conversation
	pending trigger // waits for the answer to the last command
	ended   bool    // cut
	stalled bool
}

// cut ends the connection. The lock is held.
func (c *faultConn) cut() {
	c.ended = true
	c.Conn.Close()
	delete(c.fault.live, c)
}

func (c *faultConn) Close() error {
	c.fault.mu.Lock()
	delete(c.fault.live, c)
	c.fault.mu.Unlock()
	return c.Conn.Close()
}

// Write lets pass what comes before a trigger's command.
func (c *faultConn) Write(p []byte) (int, error) {
	n, err := c.admit(p)
	if n > 0 {
		if n, err := c.Conn.Write(p[:n]); err != nil {
			return n, err
		}
	}
	if err != nil {
		c.fault.mu.Lock()
		defer c.fault.mu.Unlock()
		c.cut()
		return n, err
	}
	return len(p), nil
}

// admit tells how much of p may pass, and ErrCut where the connection is to end behind it.
func (c *faultConn) admit(p []byte) (n int, err error) {
	c.fault.mu.Lock()
	defer c.fault.mu.Unlock()
	switch {
	case c.ended:
		return 0, ErrCut
	case c.stalled:
		return 0, nil
	}
	n = len(p)
	c.talk.sent(p, func(name string, start int) {
		if n < len(p) {
			return // not sent
		}
		switch t, fires := c.fault.pass(name); {
		case !fires:
		case t.after:
			c.pending = t
		case t.stall:
			n, c.stalled = start, true
		default:
			n, err = start, ErrCut
		}
	})
	return n, err
}

// Read passes on what the server says, up to an answer that is not to arrive. A stalled connection reads and forgets
// until it is closed or its deadline passes.
func (c *faultConn) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		if n, err = c.arrive(p[:n], err); n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
	}
}

// arrive tells how much of p may pass.
func (c *faultConn) arrive(p []byte, err error) (int, error) {
	c.fault.mu.Lock()
	defer c.fault.mu.Unlock()
	switch {
	case c.ended:
		return 0, ErrCut
	case c.stalled:
		return 0, err
	}
	n := len(p)
	c.talk.heard(p, func(start int) {
		if c.pending.at == 0 {
			return
		}
		n = start
		if c.stalled = c.pending.stall; !c.stalled {
			c.cut()
		}
		c.pending = trigger{}
	})
	if n == 0 && c.ended {
		return 0, ErrCut
	}
	return n, err
}
