package engine

import (
	"context"
	"sync"
	"time"
)

// learner takes new mail into contacts and full text while nothing else is stored: during a first synchronisation the
// disk belongs to the headers.
type learner struct {
	e    *Engine
	bell *bell

	mu      sync.Mutex
	filling map[string]bool // accounts that fetch headers
	tidied  func()          // garbage as usual again, once there are none
}

func newLearner(e *Engine) *learner {
	return &learner{e: e, bell: &bell{gauge: e.gauge}, filling: map[string]bool{}}
}

// fills tells whether an account fetches headers now; the last one that stops wakes the learner.
func (l *learner) fills(account string, now bool) {
	l.mu.Lock()
	before := len(l.filling)
	if now {
		l.filling[account] = true
	} else {
		delete(l.filling, account)
	}
	after := len(l.filling)
	switch {
	case before == 0 && after > 0:
		l.tidied = garbage.turned()
	case before > 0 && after == 0:
		l.tidied()
	}
	l.mu.Unlock()
	if before > 0 && after == 0 {
		l.bell.ring()
	}
}

func (l *learner) mayLearn() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.filling) == 0
}

// run learns until ctx ends. What is left is learned the next time.
func (l *learner) run(ctx context.Context) {
	defer l.e.gauge.add(-1)
	learned, fewer := false, func() {}
	defer func() { fewer() }()
	for ctx.Err() == nil {
		more, wait := false, time.Duration(0)
		if l.mayLearn() {
			many := 3 * batch // together they cost the disk less
			if l.e.acting() {
				many = batch
			}
			var err error
			if more, err = l.e.store.Learn(ctx, many); err != nil && ctx.Err() == nil {
				l.e.trouble("", "%s", storageText(err))
				wait = storagePause
			}
		}
		if more && !learned {
			learned, fewer = true, processors.turned()
		}
		if more {
			continue
		}
		if learned {
			_ = l.e.slim(ctx) // it only gives memory back
			fewer()
			learned, fewer = false, func() {}
		}
		_ = l.bell.rest(ctx, func(ctx context.Context) error {
			if wait > 0 {
				return nap(ctx, wait)
			}
			<-ctx.Done()
			return nil
		})
	}
}
