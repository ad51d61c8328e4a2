package engine

import (
	"context"
	"sync"
	"time"
)

// lines ends the connections of an account that nobody is to wait for any more, whatever they do: a machine that slept has
// connections on which no answer comes and no error either, and what rests in IDLE has the patience to wait for one. While the
// account is paused there are none.
type lines struct {
	mu     sync.Mutex
	here   context.Context // ends when the connections of now are given up; nil: none was made
	end    context.CancelFunc
	paused chan struct{} // closed when the account goes on; nil: it is not paused
}

// with returns what a connection made now lives as long as: ctx, but not beyond drop. Its end must be called. While the
// account is paused it has ended already.
func (l *lines) with(ctx context.Context) (line context.Context, end context.CancelFunc) {
	l.mu.Lock()
	defer l.mu.Unlock()
	line, cancel := context.WithCancel(ctx)
	if l.paused != nil {
		cancel()
		return line, cancel
	}
	if l.here == nil {
		l.here, l.end = context.WithCancel(context.Background())
	}
	stop := context.AfterFunc(l.here, cancel)
	return line, func() { stop(); cancel() }
}

// drop ends all connections that were made before.
func (l *lines) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dropLocked()
}

func (l *lines) dropLocked() {
	if l.here != nil {
		l.end()
		l.here = nil
	}
}

// pause ends all connections and allows no more, or allows them again.
func (l *lines) pause(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case on && l.paused == nil:
		l.paused = make(chan struct{})
		l.dropLocked()
	case !on && l.paused != nil:
		close(l.paused)
		l.paused = nil
	}
}

// waitPaused returns once the account is not paused, or ctx has ended.
func (l *lines) waitPaused(ctx context.Context) {
	l.mu.Lock()
	paused := l.paused
	l.mu.Unlock()
	if paused == nil {
		return
	}
	select {
	case <-paused:
	case <-ctx.Done():
	}
}

func (l *lines) isPaused() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.paused != nil
}

// asleep is how long a machine must have slept for its connections to be given up: routers and servers forget those
// that are silent for longer.
const asleep = time.Minute
