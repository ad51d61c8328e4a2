package engine

import (
	"context"
	"sync"
)

// standing is what others than the worker know of its connection.
type standing struct {
	mu     sync.Mutex
	up     bool
	looked chan struct{} // closed once INBOX was brought up to date over it, and the mailboxes were listed
}

func newStanding() standing { return standing{looked: make(chan struct{})} }

func (s *standing) set(up bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.up = up; !up && isClosed(s.looked) {
		s.looked = make(chan struct{})
	}
}

func (s *standing) isUp() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.up
}

// setLooked says that INBOX is here as the server has it, or cannot be had, and that the list is.
func (s *standing) setLooked() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !isClosed(s.looked) {
		close(s.looked)
	}
}

// waitLooked waits for that, or until ctx ends.
func (s *standing) waitLooked(ctx context.Context) {
	s.mu.Lock()
	looked := s.looked
	s.mu.Unlock()
	select {
	case <-looked:
	case <-ctx.Done():
	}
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
