package engine

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestAKeyGoesFirstAndHoldsUpNobodyForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p precedence
		waits := func(want time.Duration) {
			t.Helper()
			began := time.Now()
			p.standAside()
			if got := time.Since(began); got != want {
				t.Errorf("stood aside for %v, want %v", got, want)
			}
		}
		waits(0)
		p.pressed()
		waits(aside)
		waits(0)
		p.pressed() // the turn of the others
		waits(0)
		time.Sleep(aside)
		p.pressed()
		time.Sleep(aside / 5)
		p.pressed()
		waits(aside - aside/5)
	})
}
