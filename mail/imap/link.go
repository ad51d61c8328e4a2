package imap

import (
	"net"
	"sync"
	"time"
)

// writeChunk is how much is written under one deadline: enough to be fast, little enough to be progress.
const writeChunk = 32 << 10

// link is the socket with deadlines by progress: each read and each piece written gets the whole patience anew. So
// a slow line is never cut off while bytes come, and a dead one always is. TLS, if any, runs above it.
type link struct {
	net.Conn
	patience time.Duration

	mu      sync.Mutex
	waiting bool // nothing is expected soon (IDLE): reads have no deadline
}

func (l *link) Read(p []byte) (int, error) {
	l.arm()
	return l.Conn.Read(p)
}

func (l *link) Write(p []byte) (n int, err error) {
	for len(p) > 0 && err == nil {
		var k int
		if err = l.Conn.SetWriteDeadline(time.Now().Add(l.patience)); err != nil {
			return n, err
		}
		k, err = l.Conn.Write(p[:min(len(p), writeChunk)])
		n, p = n+k, p[k:]
	}
	return n, err
}

// wait says whether bytes are expected soon; it also reaches a read that is already blocked.
func (l *link) wait(forever bool) {
	l.mu.Lock()
	l.waiting = forever
	l.mu.Unlock()
	l.arm()
}

// arm sets the deadline of reads. A failure means that the socket is closed, which the read tells better.
func (l *link) arm() {
	l.mu.Lock()
	defer l.mu.Unlock()
	var at time.Time
	if !l.waiting {
		at = time.Now().Add(l.patience)
	}
	_ = l.Conn.SetReadDeadline(at)
}
