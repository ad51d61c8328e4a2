package engine

import (
	"context"
	"sync"
	"time"
)

// lines ends the connections of an account that nobody is to wait for any more, whatever they do: a machine that slept has
// connections on which no answer comes and no error either, and what rests in IDLE has the patience to wait for one.
type lines struct {
	mu   sync.Mutex
	here context.Context // ends when the connections of now are given up; nil: none was made
	end  context.CancelFunc
}

// with returns what a connection made now lives as long as: ctx, but not beyond drop. Its end must be called.
func (l *lines) with(ctx context.Context) (line context.Context, end context.CancelFunc) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.here == nil {
		l.here, l.end = context.WithCancel(context.Background())
	}
	line, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(l.here, cancel)
	return line, func() { stop(); cancel() }
}

// drop ends all connections that were made before.
func (l *lines) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.here != nil {
		l.end()
		l.here = nil
	}
}

// asleep is how long a machine must have slept for its connections to be given up: routers and servers forget those
// that are silent for longer.
const asleep = time.Minute
