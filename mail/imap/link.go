package imap

import (
	"net"
	"sync"
	"time"
)

// writeChunk is how much is written under one deadline: enough to be fast, little enough to be progress.
const writeChunk = 32 << 10

// A server that says less than crawl within slowest times the patience is as good as silent: no line is that slow, but one that
// lets a byte drip now and then would hold a command for ever.
const (
	crawl   = 1000 // octets, of which TLS needs some twenty for each it carries
	slowest = 10
)

// link is the socket with deadlines by progress: each read and each piece written gets the whole patience anew. So
// a slow line is never cut off while bytes come, and a dead one always is. TLS, if any, runs above it.
type link struct {
	net.Conn
	patience time.Duration

	mu      sync.Mutex
	waiting bool      // nothing is expected soon (IDLE): reads have no deadline
	since   time.Time // when heard began to be counted; zero: with the next read
	heard   int       // octets
}

func (l *link) Read(p []byte) (int, error) {
	l.arm()
	n, err := l.Conn.Read(p)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.heard += n; l.heard >= crawl {
		l.since = time.Time{}
	}
	return n, err
}

func (l *link) Write(p []byte) (n int, err error) {
	l.mu.Lock()
	l.since = time.Time{} // what comes now answers this
	l.mu.Unlock()
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
	l.waiting, l.since = forever, time.Time{}
	l.mu.Unlock()
	l.arm()
}

// arm sets the deadline of reads. A failure means that the socket is closed, which the read tells better.
func (l *link) arm() {
	l.mu.Lock()
	defer l.mu.Unlock()
	var at time.Time
	if now := time.Now(); !l.waiting {
		if l.since.IsZero() {
			l.since, l.heard = now, 0
		}
		at = now.Add(l.patience)
		if end := l.since.Add(slowest * l.patience); end.Before(at) {
			at = end
		}
	}
	_ = l.Conn.SetReadDeadline(at)
}
