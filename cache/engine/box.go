package engine

import (
	"context"
	"sync"

	"posthorn/mail"
)

// Box gathers events until somebody asks for them. Equal events that wait are one, so it cannot overflow: there
// are only so many mailboxes and open messages. One reader.
type Box struct {
	mu    sync.Mutex
	seen  map[mail.Event]bool
	queue []mail.Event
	ready chan struct{} // holds one token while queue is not empty
}

func newBox() *Box { return &Box{seen: map[mail.Event]bool{}, ready: make(chan struct{}, 1)} }

func (b *Box) post(events ...mail.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range events {
		if !b.seen[e] {
			b.seen[e] = true
			b.queue = append(b.queue, e)
		}
	}
	if len(b.queue) > 0 {
		select {
		case b.ready <- struct{}{}:
		default:
		}
	}
}

// Wait blocks until there are events and takes them all, in order of their first posting; nil when ctx ends.
func (b *Box) Wait(ctx context.Context) []mail.Event {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-b.ready:
		}
		if out := b.Take(); out != nil {
			return out
		}
	}
}

// Take is what waits now, without blocking.
func (b *Box) Take() []mail.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.queue
	b.queue, b.seen = nil, map[mail.Event]bool{}
	return out
}
