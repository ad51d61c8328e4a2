package engine

import (
	"sync"
	"time"
)

// maxEntries bounds the log screen.
const maxEntries = 500

// journal holds the newest log entries.
type journal struct {
	mu   sync.Mutex
	list []Entry
	last int // Number given last
}

func (j *journal) add(e Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++
	e.Number = j.last
	if n := len(j.list); n > 0 && j.list[n-1].Text == e.Text && j.list[n-1].Account == e.Account {
		j.list[n-1].Time = e.Time // the same again: a server that is down says so every few minutes
		j.list[n-1].Times++
		j.list[n-1].Number = e.Number
		return
	}
	if j.list = append(j.list, e); len(j.list) > maxEntries {
		j.list = append([]Entry(nil), j.list[len(j.list)-maxEntries:]...)
	}
}

func (j *journal) entries() []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]Entry(nil), j.list...)
}

// backoff is how long to wait before try n+1: doubling from one second to five minutes, spread by jitter in [0, 1)
// so that many clients of one server do not come back at the same moment.
func backoff(n int, jitter float64) time.Duration {
	const first, last = time.Second, 5 * time.Minute
	d := last
	if n < 9 {
		d = min(first<<max(n, 0), last)
	}
	return d/2 + time.Duration(jitter*float64(d)/2)
}
