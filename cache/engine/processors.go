package engine

import (
	"runtime"
	"sync"
)

// processors is how many Go has, for all engines of the process: two more than otherwise while mailboxes are filled and
// learned from. SQLite keeps the processor it was given while it runs, and a key would wait for it; at rest each costs memory.
var processors struct {
	mu    sync.Mutex
	users int // who wants more
	usual int
}

// moreProcessors are there until done is called, once.
func moreProcessors() (done func()) {
	p := &processors
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.users++; p.users == 1 {
		p.usual = runtime.GOMAXPROCS(0)
		runtime.GOMAXPROCS(p.usual + 2)
	}
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.users--; p.users == 0 {
			runtime.GOMAXPROCS(p.usual)
		}
	}
}
