package engine

import (
	"context"
	"sync"
)

// gauge counts the goroutines that have something to do, so that Settle can wait for none.
type gauge struct {
	mu    sync.Mutex
	busy  int
	still chan struct{} // closed while busy is 0
}

func newGauge() *gauge {
	g := &gauge{still: make(chan struct{})}
	close(g.still)
	return g
}

func (g *gauge) add(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.busy == 0 && n > 0 {
		g.still = make(chan struct{})
	}
	if g.busy += n; g.busy == 0 && n < 0 {
		close(g.still)
	}
}

// wait returns once nothing has anything to do.
func (g *gauge) wait(ctx context.Context) error {
	g.mu.Lock()
	still := g.still
	g.mu.Unlock()
	select {
	case <-still:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// bell wakes one goroutine. From the moment it is rung the goroutine counts as busy, though it may not run yet: who
// rings and then settles waits for the work he asked for.
type bell struct {
	gauge   *gauge
	mu      sync.Mutex
	rung    bool
	struck  int // how often it was rung
	resting bool
	wake    context.CancelFunc // set while resting
}

// ring wakes the goroutine, or keeps it from its next rest.
func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.struck++
	if b.rung {
		return
	}
	b.rung = true
	if b.resting {
		b.gauge.add(1)
		b.wake()
	}
}

// strokes is how often it was rung: who compares two of them knows whether there is news.
func (b *bell) strokes() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.struck
}

// rest runs wait, which must return when its context ends, until the bell rings or wait ends by itself. The
// goroutine does not count as busy meanwhile.
func (b *bell) rest(ctx context.Context, wait func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	b.mu.Lock()
	if b.rung {
		b.rung = false
		b.mu.Unlock()
		return nil
	}
	b.resting, b.wake = true, cancel
	b.mu.Unlock()
	b.gauge.add(-1)

	err := wait(ctx)

	b.mu.Lock()
	defer b.mu.Unlock()
	b.resting = false
	if b.rung {
		b.rung = false
	} else {
		b.gauge.add(1)
	}
	return err
}
