package mailtest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
)

// Script is a server that knows one conversation by heart: for servers so odd that nobody can run one. Its
// transcript has a step a line:
//
//	S: * OK ready         the server says a line; $ as its first word, and "$", are the tag of the client's last command
//	S" * OK\r\n"          the same as a Go string, sent as it is
//	C: $ UID FETCH …      the client must say this; $ is any tag, … is anything
//	L: 12                 the client sends so many octets
//	T:                    TLS starts, with Script.TLS
//	H:                    the server falls silent until the client hangs up
//	X:                    the server hangs up
//	D:                    what follows is for the client's next connection
//
// Empty lines and lines that begin with # are passed over. After the last step the client must say nothing more.
type Script struct {
	TLS *tls.Config

	connections [][]step
	players     sync.WaitGroup

	mu   sync.Mutex
	next int
	err  error
}

type step struct {
	line int
	kind string // "S", "C", …
	text string
}

// NewScript reads a transcript.
func NewScript(transcript string) (*Script, error) {
	s := &Script{connections: [][]step{nil}}
	for i, line := range strings.Split(transcript, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		st := step{i + 1, line[:1], ""}
		var err error
		switch {
		case strings.HasPrefix(line, `S"`):
			st.text, err = strconv.Unquote(line[1:])
		case line == "D:":
			s.connections = append(s.connections, nil)
			continue
		case len(line) > 1 && line[1] == ':' && strings.Contains("SCLTHX", line[:1]):
			if st.text = strings.TrimPrefix(line[2:], " "); st.kind == "S" {
				st.text += "\r\n"
			}
		default:
			err = errors.New("no such step")
		}
		if err != nil {
			return nil, fmt.Errorf("transcript line %d: %w", st.line, err)
		}
		last := len(s.connections) - 1
		s.connections[last] = append(s.connections[last], st)
	}
	return s, nil
}

// Dial connects to the script, wherever the client meant to go.
func (s *Script) Dial(context.Context, string, string) (net.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next >= len(s.connections) {
		return nil, errors.New("the transcript has no further connection")
	}
	client, server := net.Pipe()
	q := newQueued(server)
	p := &player{script: s, conn: q, in: bufio.NewReader(server)}
	steps := s.connections[s.next]
	s.next++
	s.players.Go(func() { p.play(q, steps) })
	return client, nil
}

// Check waits until every connection has ended, and tells what the client did first that the transcript does not
// have, or did not do.
func (s *Script) Check() error {
	s.players.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil && s.next < len(s.connections) {
		return fmt.Errorf("the client connected %d times, not %d", s.next, len(s.connections))
	}
	return s.err
}

func (s *Script) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
}

// queued is a connection whose writes never wait for the reader, as those to a socket hardly do.
type queued struct {
	net.Conn
	out     chan []byte
	written chan struct{}
}

func newQueued(c net.Conn) *queued {
	q := &queued{Conn: c, out: make(chan []byte, 10_000), written: make(chan struct{})}
	go func() {
		defer close(q.written)
		broken := false
		for b := range q.out {
			if !broken {
				_, err := q.Conn.Write(b)
				broken = err != nil
			}
		}
	}()
	return q
}

func (q *queued) Write(p []byte) (int, error) {
	q.out <- bytes.Clone(p)
	return len(p), nil
}

// flush waits until the client has read, or hung up. Nothing can be written behind it.
func (q *queued) flush() {
	close(q.out)
	<-q.written
}

// player is the server's side of one connection.
type player struct {
	script *Script
	conn   net.Conn
	in     *bufio.Reader
	tag    string
}

func (p *player) play(q *queued, steps []step) {
	hangUp := func() { q.Close(); q.flush() }
	for {
		rest, err := p.perform(steps)
		switch {
		case err != nil:
			p.script.fail(err)
			hangUp()
			return
		case len(rest) == 0:
			q.flush()
			q.Close()
			return
		}
		conn := tls.Server(p.conn, p.script.TLS) // RFC 9051 §6.2.1
		if err := conn.Handshake(); err != nil {
			hangUp()
			return // a client may refuse the certificate; that is its own test's to see
		}
		steps, p.conn, p.in = rest, conn, bufio.NewReader(conn)
	}
}

// perform goes through the steps to the end of the connection, or to TLS and returns those behind it.
func (p *player) perform(steps []step) (rest []step, err error) {
	for i, st := range steps {
		switch st.kind {
		case "S":
			said := strings.ReplaceAll(st.text, `"$"`, `"`+p.tag+`"`)
			if rest, ok := strings.CutPrefix(said, "$ "); ok {
				said = p.tag + " " + rest
			}
			if _, err := io.WriteString(p.conn, said); err != nil {
				return nil, fmt.Errorf("transcript line %d: %w", st.line, err)
			}
		case "C":
			if err := p.hear(st); err != nil {
				return nil, fmt.Errorf("transcript line %d: %w", st.line, err)
			}
		case "L":
			n, _ := strconv.ParseInt(st.text, 10, 64)
			if _, err := io.CopyN(io.Discard, p.in, n); err != nil {
				return nil, fmt.Errorf("transcript line %d: %w", st.line, err)
			}
		case "T":
			return steps[i+1:], nil
		case "H":
			_, _ = io.Copy(io.Discard, p.in) // until the client hangs up, however
			return nil, nil
		case "X":
			return nil, nil
		}
	}
	if line, err := p.in.ReadString('\n'); err == nil {
		return nil, fmt.Errorf("after the transcript's end the client says %q", line)
	}
	return nil, nil
}

func (p *player) hear(st step) error {
	line, err := p.in.ReadString('\n')
	if err != nil {
		return fmt.Errorf("the client hung up instead of %q", st.text)
	}
	line = strings.TrimRight(line, "\r\n")
	want, said := st.text, line
	if pattern, ok := strings.CutPrefix(want, "$ "); ok {
		want = pattern
		p.tag, said, _ = strings.Cut(line, " ")
	}
	if !matches(want, said) {
		return fmt.Errorf("the client says %q, not %q", line, st.text)
	}
	return nil
}

// matches compares s with a pattern in which … is anything.
func matches(pattern, s string) bool {
	pieces := strings.Split(pattern, "…")
	if !strings.HasPrefix(s, pieces[0]) {
		return false
	}
	if len(pieces) == 1 {
		return s == pieces[0]
	}
	s = s[len(pieces[0]):]
	last := len(pieces) - 1
	for _, piece := range pieces[1:last] {
		i := strings.Index(s, piece)
		if i < 0 {
			return false
		}
		s = s[i+len(piece):]
	}
	return strings.HasSuffix(s, pieces[last])
}
