package mailtest

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"sync"
)

// Fault stands between a client and its servers: it logs the commands that pass and cuts connections at the one a
// test names. Its Dial is what mail/imap and mail/smtp take. The zero value lets everything pass.
type Fault struct {
	mu       sync.Mutex
	commands []string // IMAP commands by name, in upper case, across all connections
	cutAt    int      // number of the command to cut at, from 1; 0: none
	after    bool     // the command still reaches the server
	down     bool
	live     map[net.Conn]bool
}

var errDown = errors.New("the network is down")

// Dial connects, unless the network is down.
func (f *Fault) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	f.mu.Lock()
	down := f.down
	f.mu.Unlock()
	if down {
		return nil, errDown
	}
	c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.live == nil {
		f.live = map[net.Conn]bool{}
	}
	f.live[c] = true
	return &faultConn{Conn: c, fault: f}, nil
}

// Down takes the network away, with all connections, or gives it back.
func (f *Fault) Down(down bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down = down
	if down {
		for c := range f.live {
			c.Close()
		}
		clear(f.live)
	}
}

// CutAt cuts the connection at the n-th command from now on, before it reaches the server or right after; once.
func (f *Fault) CutAt(n int, after bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.commands, f.cutAt, f.after = nil, n, after
}

// Commands are the names of the commands since the start or the last CutAt.
func (f *Fault) Commands() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.commands...)
}

// Changing are those of Commands that change something on the server.
func (f *Fault) Changing() []string {
	var out []string
	for _, c := range f.Commands() {
		switch strings.TrimPrefix(c, "UID ") {
		case "STORE", "MOVE", "COPY", "EXPUNGE", "APPEND", "CREATE", "DELETE", "RENAME":
			out = append(out, c)
		}
	}
	return out
}

type faultConn struct {
	net.Conn
	fault *Fault
	rest  []byte // of a line not yet ended
}

// Write counts the commands in p. One write holds whole commands, as the client flushes them.
func (c *faultConn) Write(p []byte) (int, error) {
	cut, after := c.fault.pass(c.lines(p))
	if cut && !after {
		c.Conn.Close()
		return 0, errDown
	}
	n, err := c.Conn.Write(p)
	if cut {
		c.Conn.Close()
	}
	return n, err
}

// lines gives the command names in the lines that p completes.
func (c *faultConn) lines(p []byte) []string {
	var out []string
	c.rest = append(c.rest, p...)
	for {
		line, rest, ok := bytes.Cut(c.rest, []byte("\r\n"))
		if !ok {
			break
		}
		c.rest = rest
		words := strings.Fields(strings.ToUpper(string(line[:min(len(line), 60)])))
		switch {
		case len(words) < 2 || !isTag(words[0]): // DONE, or the data of a literal
		case words[1] == "UID" && len(words) > 2:
			out = append(out, "UID "+words[2])
		default:
			out = append(out, words[1])
		}
	}
	return out
}

// pass logs commands and tells whether to cut at one of them.
func (f *Fault) pass(names []string) (cut, after bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, name := range names {
		f.commands = append(f.commands, name)
		if f.cutAt > 0 && len(f.commands) == f.cutAt {
			f.cutAt = 0
			return true, f.after
		}
	}
	return false, false
}

// isTag tells whether a word can be a command's tag: ours all end in a digit.
func isTag(word string) bool {
	last := word[len(word)-1]
	return len(word) < 12 && last >= '0' && last <= '9'
}
