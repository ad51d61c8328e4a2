package engine

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"posthorn/cache"
	"posthorn/mail"
)

// In the moment of a key headers are neither taken from the line nor stored, nor added to what is being stored; after it all goes
// on by itself.
func TestWhatComesInStandsAsideForAKey(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		store, err := cache.Open(t.Context(), dir, cache.Options{})
		must(err)
		defer store.Close()
		_, err = store.SetMailboxes(t.Context(), "home", []mail.Listed{{Name: "INBOX"}})
		must(err)
		boxes, err := store.Mailboxes(t.Context())
		must(err)
		held := func() cache.SyncState {
			t.Helper()
			have, err := store.SyncState(t.Context(), boxes[0].Key)
			must(err)
			return have
		}
		e := New(store, []mail.Account{{Name: "home"}}, Options{})
		in := e.workers["home"].intake(t.Context(), held(), 10, 0)
		waits := func(what string, done func() bool) {
			t.Helper()
			synctest.Wait()
			if done() {
				t.Errorf("%s in the moment of a key", what)
			}
			time.Sleep(aside + tarry)
			synctest.Wait()
			if !done() {
				t.Errorf("not %s after the moment of a key", what)
			}
			time.Sleep(aside) // the turn of the others
		}

		e.first.pressed()
		var taken atomic.Bool
		go func() {
			must(in.put(mail.Header{UID: 1}))
			taken.Store(true)
		}()
		waits("taken", taken.Load)

		e.first.pressed()
		must(in.mark(cache.Marks{}))
		waits("stored", func() bool { return held().Held == 1 })

		more := &intake{w: in.w, work: make(chan *cache.Arrivals, 1)}
		more.work <- cache.NewArrivals(1)
		e.first.pressed()
		waits("added", func() bool { return more.next(true) != nil })
		must(in.close(nil))
	})
}
