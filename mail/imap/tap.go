package imap

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// tap is the connection as go-imap's client sees it: it speaks through the wire, but hears only that its commands
// are done, refused, or that it may go on. What the server answers is read by us, because any response that library
// cannot parse ends its connection, and one odd message must not make a mailbox unreadable.
//
// Its read goroutine is let through while it has a command open, and is blocked here otherwise; then our own
// commands read the wire.
type tap struct {
	wire *wire
	over chan struct{} // a command has been completed

	mu     sync.Mutex
	wake   *sync.Cond
	ready  []byte          // for the library to read
	open   string          // our tag of its open command; empty: none
	tag    string          // its own tag
	done   *status         // completion of its last command
	each   func(*response) // sees the other responses to the command that is open or comes next
	limits limits          // of these
	asks   int             // continuations it waits for
	closed bool
}

func newTap(w *wire, caps Caps) *tap {
	t := &tap{wire: w, over: make(chan struct{}, 1), limits: usual, ready: []byte("* PREAUTH [CAPABILITY " + caps.forLibrary() + "] ready\r\n")}
	t.wake = sync.NewCond(&t.mu)
	return t
}

// Read gives the library what it waits for.
func (t *tap) Read(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for {
		switch {
		case t.closed:
			return 0, io.EOF
		case len(t.ready) > 0:
			n := copy(p, t.ready)
			t.ready = t.ready[n:]
			return n, nil
		case t.open == "":
			t.wake.Wait()
		default:
			if err := t.listen(); err != nil {
				return 0, err
			}
		}
	}
}

// listen takes one response off the wire. It is called with mu held, and gives it up while waiting.
func (t *tap) listen() error {
	tag, each := t.open, t.each
	t.mu.Unlock()
	r, st, err := t.wire.answer(tag)
	t.mu.Lock()
	switch {
	case err != nil:
		t.closed = true
		return err
	case st != nil:
		t.done, t.open, t.asks = st, "", 0
		t.ready = fmt.Appendf(t.ready, "%s %s done\r\n", t.tag, st.kind)
		select {
		case t.over <- struct{}{}:
		default:
		}
	case r.line[0] == '+':
		if t.asks > 0 {
			t.asks--
			t.ready = append(t.ready, "+ go on\r\n"...)
		}
	case each != nil:
		t.mu.Unlock()
		each(r)
		t.mu.Lock()
	}
	return nil
}

// Write sends what the library says, under a tag of ours.
func (t *tap) Write(p []byte) (int, error) {
	out, err := t.translate(p)
	if err != nil || len(out) == 0 {
		return len(p), err
	}
	if err := t.wire.write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (t *tap) translate(p []byte) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil, net.ErrClosed
	}
	out := p
	if t.open == "" {
		tag, rest, ok := bytes.Cut(p, []byte(" "))
		if !ok {
			return nil, nil // DONE, when the server has ended IDLE by itself
		}
		t.tag, t.open, t.done = string(tag), newTag(), nil
		t.wire.in.expect(t.open, t.limits)
		out = append([]byte(t.open+" "), rest...)
		t.wake.Broadcast()
	}
	if bytes.HasSuffix(out, []byte(" IDLE\r\n")) || bytes.HasSuffix(out, []byte("}\r\n")) {
		t.asks++
	}
	return out, nil
}

// result is the completion of the library's last command; ok is false where the connection ended first.
func (t *tap) result() (st status, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done == nil {
		return status{}, false
	}
	return *t.done, true
}

// hear says who sees the responses to the next command.
func (t *tap) hear(l limits, each func(*response)) {
	t.mu.Lock()
	t.limits, t.each, t.done = l, each, nil
	t.mu.Unlock()
	select {
	case <-t.over:
	default:
	}
}

// Close ends it for the library, and the connection with it.
func (t *tap) Close() error {
	t.mu.Lock()
	t.closed = true
	t.wake.Broadcast()
	t.mu.Unlock()
	t.wire.fail(net.ErrClosed)
	return nil
}

// The library's own deadlines would run while nobody reads: those of the link count.

func (t *tap) SetDeadline(time.Time) error      { return nil }
func (t *tap) SetReadDeadline(time.Time) error  { return nil }
func (t *tap) SetWriteDeadline(time.Time) error { return nil }
func (t *tap) LocalAddr() net.Addr              { return t.wire.link.LocalAddr() }
func (t *tap) RemoteAddr() net.Addr             { return t.wire.link.RemoteAddr() }
