package mailtest

import (
	"bytes"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
)

// listener notes the server's connections and the commands that come in on them.
type listener struct {
	net.Listener
	server *Server
}

func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	w := &serverConn{Conn: c, server: l.server}
	l.server.mu.Lock()
	defer l.server.mu.Unlock()
	l.server.conns[w] = true
	return w, nil
}

// serve runs a server on l and returns when it serves: before that it could not be closed.
func serve(l net.Listener, run func(net.Listener) error) {
	a := &awaited{Listener: l, begun: make(chan struct{})}
	go func() { _ = run(a) }() // it ends with the listener
	<-a.begun
}

type awaited struct {
	net.Listener
	once  sync.Once
	begun chan struct{}
}

func (a *awaited) Accept() (net.Conn, error) {
	a.once.Do(func() { close(a.begun) })
	return a.Listener.Accept()
}

// serverConn is the server's end of one connection. One goroutine reads; while it serves an IDLE another writes.
type serverConn struct {
	net.Conn
	server *Server
	in     lines
}

// Read logs the commands it reads.
func (c *serverConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.in.feed(p[:n], func(line string, _ int) {
		if _, name, ok := command(line); ok {
			c.server.log(name)
		}
	})
	return n, err
}

// Write takes what the server is to lack out of what it says it can: the library offers IDLE and more whatever it is
// told. It writes every response by itself, so a list of capabilities is one write.
func (c *serverConn) Write(p []byte) (int, error) {
	before, list, ok := bytes.Cut(p, []byte("CAPABILITY "))
	if !ok || len(before) > 30 {
		return c.Conn.Write(p)
	}
	end := bytes.IndexAny(list, "]\r")
	if end < 0 {
		return c.Conn.Write(p)
	}
	words := slices.DeleteFunc(strings.Fields(string(list[:end])), c.server.lacks)
	if _, err := fmt.Fprintf(c.Conn, "%sCAPABILITY %s%s", before, strings.Join(words, " "), list[end:]); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (c *serverConn) Close() error {
	c.server.mu.Lock()
	delete(c.server.conns, c)
	c.server.mu.Unlock()
	return c.Conn.Close()
}
