package engine

import (
	"runtime"
	"testing"
)

func TestMoreProcessorsAreThereWhileAnybodyWantsThem(t *testing.T) {
	usual := runtime.GOMAXPROCS(0)
	has := func(want int) {
		t.Helper()
		if got := runtime.GOMAXPROCS(0); got != want {
			t.Errorf("%d processors, want %d", got, want)
		}
	}
	one, other := moreProcessors(), moreProcessors()
	has(usual + 2)
	one()
	has(usual + 2)
	other()
	has(usual)
}
