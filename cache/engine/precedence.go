package engine

import (
	"sync"
	"time"
)

// precedence lets the person at the keyboard go first: what fetches and stores headers beside them stands aside for a
// moment after a key, while its effect is drawn. The zero value is ready.
type precedence struct {
	mu    sync.Mutex
	until time.Time // when who stands aside goes on
	again time.Time // from when on a key makes them stand aside once more
}

// aside is how long a key is given; the same time after it belongs to the others, so that a key held down halves their
// rate at most.
const aside = 25 * time.Millisecond

// pressed tells that the person pressed a key.
func (p *precedence) pressed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); !now.Before(p.again) {
		p.until, p.again = now.Add(aside), now.Add(2*aside)
	}
}

// left is how much of the moment of a key is left; 0 and less: nothing.
func (p *precedence) left() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Until(p.until)
}

// standAside waits while the moment of a key lasts.
func (p *precedence) standAside() { time.Sleep(p.left()) }
