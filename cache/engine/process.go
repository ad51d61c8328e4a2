package engine

import (
	"runtime"
	"runtime/debug"
	"sync"
)

// knob is a setting of the process, which all its engines share: it is turned while anybody wants that.
type knob struct {
	turn func() (usual int)
	back func(usual int)

	mu    sync.Mutex
	users int // who wants it turned
	usual int
}

// turned is it until done is called, once.
func (k *knob) turned() (done func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.users++; k.users == 1 {
		k.usual = k.turn()
	}
	return func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.users--; k.users == 0 {
			k.back(k.usual)
		}
	}
}

// processors are two more than at rest, where main leaves one, while mailboxes are filled and learned from. SQLite keeps the
// processor it was given while it runs, and a key would wait for it; at rest each costs memory and wakes for nothing.
var processors = knob{
	turn: func() int {
		usual := runtime.GOMAXPROCS(0)
		return runtime.GOMAXPROCS(usual + 2)
	},
	back: func(usual int) { runtime.GOMAXPROCS(usual) },
}

// newsGrowth is GOGC while headers are fetched, which leave much garbage behind in a heap that is small: news is mostly here
// before it is worth to look for that. fillGrowth is it while whole mailboxes are, whose garbage does not end soon: half as
// many collections as usual are a tenth less to be done, and fewer cost memory.
const (
	newsGrowth = 400
	fillGrowth = 200
)

// garbage is turned while anything is fetched, thrift only inside that: what is turned back last must be what was turned first.
var garbage, thrift = collector(newsGrowth), collector(fillGrowth)

func collector(growth int) *knob {
	return &knob{
		turn: func() int { return debug.SetGCPercent(growth) },
		back: func(usual int) { debug.SetGCPercent(usual) },
	}
}
