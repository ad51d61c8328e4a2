package engine

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// A pause between two tries ends at its time, by the clock of the day; before that where there is reason to hurry, and where the
// account is paused. What rings the bell for something else does not end it, and nothing but the person one that waits for them.
func TestWhatEndsAPause(t *testing.T) {
	hour := time.Hour
	for name, c := range map[string]struct {
		lasts time.Duration // 0: until the person does something
		then  func(w *worker, ahead *atomic.Int64)
		ends  bool
	}{
		"nothing":                      {hour, func(*worker, *atomic.Int64) {}, false},
		"a bell":                       {hour, func(w *worker, _ *atomic.Int64) { w.bell.ring() }, false},
		"woken":                        {hour, func(w *worker, _ *atomic.Int64) { w.refresh(woken) }, true},
		"by the person":                {hour, func(w *worker, _ *atomic.Int64) { w.refresh(byPerson) }, true},
		"paused":                       {hour, func(w *worker, _ *atomic.Int64) { w.lines.pause(true); w.bell.ring() }, true},
		"a clock set forward":          {hour, func(_ *worker, ahead *atomic.Int64) { ahead.Store(int64(hour)) }, true},
		"its time":                     {longestPause, func(*worker, *atomic.Int64) {}, true},
		"a password, woken":            {0, func(w *worker, _ *atomic.Int64) { w.refresh(woken) }, false},
		"a password, by the person":    {0, func(w *worker, _ *atomic.Int64) { w.refresh(byPerson) }, true},
		"a password, paused":           {0, func(w *worker, _ *atomic.Int64) { w.lines.pause(true); w.bell.ring() }, true},
		"a password, woken and person": {0, func(w *worker, _ *atomic.Int64) { w.refresh(woken); w.refresh(byPerson); w.refresh(woken) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var ahead atomic.Int64
				e := New(nil, []mail.Account{{Name: "home"}}, Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
				w := e.workers["home"]
				e.gauge.add(1)
				until := time.Time{}
				if c.lasts > 0 {
					until = time.Now().Add(c.lasts)
				}
				var ended atomic.Bool
				ctx, end := context.WithCancel(t.Context())
				go func() {
					w.waitOut(ctx, until)
					ended.Store(true)
				}()
				synctest.Wait()
				c.then(w, &ahead)
				time.Sleep(longestPause)
				synctest.Wait()
				if ended.Load() != c.ends {
					t.Errorf("ended: %v", ended.Load())
				}
				end()
				synctest.Wait()
			})
		})
	}
}

// A server that lets us in and throws us out again is asked less and less often; one that was there for long before it went is
// tried at once.
func TestTriesAreCountedUntilAConnectionLasted(t *testing.T) {
	var throwing atomic.Bool
	r := odd(t, &mailtest.Odd{Command: func(name, _ string) string {
		if name == "LIST" && throwing.Load() {
			return mailtest.HangUp
		}
		return ""
	}})
	r.start()
	thrownOut := func() State {
		t.Helper()
		last := r.e.States()[0].Retry
		r.e.Refresh("")
		r.until("it is thrown out", func() bool { s := r.e.States()[0]; return s.Phase == Offline && s.Retry != last })
		return r.e.States()[0]
	}
	throwing.Store(true)
	thrownOut()
	for n := 1; n < 6; n++ {
		before := r.clock.now()
		if s := thrownOut(); s.Retry.Before(before.Add(backoff(n, 0))) {
			t.Errorf("thrown out %d times it is tried again in %v", n+1, s.Retry.Sub(before))
		}
	}
	throwing.Store(false)
	r.e.Refresh("")
	r.until("connected", r.connected)
	r.settle()
	r.clock.forward(2 * lasting)
	throwing.Store(true)
	if s, now := thrownOut(), r.clock.now(); s.Retry.After(now.Add(backoff(3, 1))) {
		t.Errorf("thrown out after it lasted it is tried again in %v", s.Retry.Sub(now))
	}
}
