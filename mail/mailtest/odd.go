package mailtest

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// Odd stands between a client and its servers and changes what they say to each other in IMAP: for servers that
// cannot be run here, where a transcript of all that a client says would be clumsy. Its Dial is what mail/imap and
// mail/smtp take; what is no IMAP passes as it is. The zero value changes nothing.
type Odd struct {
	Under func(ctx context.Context, network, addr string) (net.Conn, error) // how servers are reached; nil: net.Dialer
	Route map[string]string                                                 // addresses that the client means, and those it gets
	TLS   *tls.Config                                                       // what the client meets at addresses in Route; nil: no TLS

	// Command is given a command's name and its first line, and returns what the client hears in place of the server's
	// answer; empty: the command is passed on. Response is given the name of the last command and a whole response of
	// the server, literals included, and returns what the client hears in its place, which may be nothing. "$ " at the
	// beginning of a line is the command's tag; HangUp ends the connection. They are called one at a time.
	Command  func(name, line string) string
	Response func(name, said string) string

	mu sync.Mutex
}

// HangUp as the end of what is said ends the connection.
const HangUp = "\x04"

// Dial connects.
func (o *Odd) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	real, routed := o.Route[addr]
	if !routed {
		real = addr
	}
	dial := o.Under
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	server, err := dial(ctx, network, real)
	if err != nil {
		return nil, err
	}
	client, inner := net.Pipe()
	c := &oddConn{odd: o, server: server, heard: bufio.NewReader(server), raw: newQueued(inner)}
	c.client = c.raw
	if routed && o.TLS != nil {
		c.client = tls.Server(c.raw, o.TLS)
	}
	go c.relay()
	return client, nil
}

// oddConn is one connection.
type oddConn struct {
	odd    *Odd
	client net.Conn // raw, or TLS above it
	raw    *queued
	server net.Conn
	heard  *bufio.Reader // what the server says

	mu        sync.Mutex
	tag, name string // of the last command
}

// relay passes on what both sides say until one of them ends.
func (c *oddConn) relay() {
	var toServer sync.WaitGroup
	if first, err := c.heard.Peek(1); err == nil && first[0] == '*' {
		toServer.Go(func() { c.commands(bufio.NewReader(c.client)) })
		c.responses()
	} else if err == nil {
		toServer.Go(func() {
			_, _ = io.Copy(c.server, c.client)
			c.server.Close()
		})
		_, _ = io.Copy(c.client, c.heard)
	}
	c.server.Close()
	_ = c.raw.SetReadDeadline(time.Now()) // ends commands; what was said is still heard
	toServer.Wait()
	c.raw.flush()
	c.raw.Close()
}

// commands passes on what the client says.
func (c *oddConn) commands(in *bufio.Reader) {
	defer c.server.Close()
	for goesOn := false; ; {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		bare := strings.TrimRight(line, "\r\n")
		if tag, name, ok := command(bare); ok && !goesOn {
			c.mu.Lock()
			c.tag, c.name = tag, name
			c.mu.Unlock()
			if answer := c.change(c.odd.Command, bare, ""); answer != "" {
				if n, ok := literalSize(bare); ok && strings.HasSuffix(bare, "+}") { // it comes unasked // RFC 7888
					if _, err := in.Discard(int(n)); err != nil {
						return
					}
					if _, err := in.ReadString('\n'); err != nil {
						return
					}
				}
				if !c.say(answer) {
					return
				}
				continue
			}
		}
		if _, err := io.WriteString(c.server, line); err != nil {
			return
		}
		var n int64
		if n, goesOn = literalSize(bare); goesOn {
			if _, err := io.CopyN(c.server, in, n); err != nil {
				return
			}
		}
	}
}

// responses passes on what the server says.
func (c *oddConn) responses() {
	for {
		said := ""
		for goesOn := true; goesOn; {
			line, err := c.heard.ReadString('\n')
			if err != nil {
				return
			}
			said += line
			var n int64
			if n, goesOn = literalSize(strings.TrimRight(line, "\r\n")); goesOn {
				literal := make([]byte, n)
				if _, err := io.ReadFull(c.heard, literal); err != nil {
					return
				}
				said += string(literal)
			}
		}
		if !c.say(c.change(c.odd.Response, said, said)) {
			return
		}
	}
}

// change asks a test what to say; without it unchanged is said.
func (c *oddConn) change(f func(name, said string) string, said, unchanged string) string {
	if f == nil {
		return unchanged
	}
	c.mu.Lock()
	name := c.name
	c.mu.Unlock()
	c.odd.mu.Lock()
	defer c.odd.mu.Unlock()
	return f(name, said)
}

// say tells the client something, and whether the conversation goes on.
func (c *oddConn) say(text string) bool {
	text, ends := strings.CutSuffix(text, HangUp)
	c.mu.Lock()
	tag := c.tag
	c.mu.Unlock()
	if rest, ok := strings.CutPrefix(text, "$ "); ok {
		text = tag + " " + rest
	}
	text = strings.ReplaceAll(text, "\n$ ", "\n"+tag+" ")
	_, err := io.WriteString(c.client, text)
	return err == nil && !ends
}
