package engine

import (
	"strings"
	"sync/atomic"
	"testing"

	"posthorn/mail/mailtest"
)

// TestNewsAreStoredBeforeAllOfThemCame: the server says no more of them until the first are on screen. They are fewer than what a
// long back-fill stores at once.
func TestNewsAreStoredBeforeAllOfThemCame(t *testing.T) {
	var told atomic.Int64
	var armed atomic.Bool
	stored := make(chan struct{})
	r := newRig(t)
	r.odd = &mailtest.Odd{Response: func(name, said string) string {
		if armed.Load() && name == "UID FETCH" && strings.Contains(said, "FETCH (") && told.Add(1) == batch-50 {
			<-stored
		}
		return said
	}}
	r.deliver("INBOX", 1, 2)
	r.start()
	r.fault.Down(true)
	r.until("offline", func() bool { return r.e.States()[0].Phase == Offline })
	r.deliver("INBOX", 3, batch)
	armed.Store(true)
	r.fault.Down(false)
	r.e.Refresh("")
	func() {
		defer close(stored)
		r.until("the first of them are here", func() bool { return len(r.list("INBOX")) > 2 })
	}()
	r.calm()
	if here := len(strings.Fields(r.subjects("INBOX"))); told.Load() < batch-50 || here != batch {
		t.Errorf("told of %d, here are %d", told.Load(), here)
	}
}
