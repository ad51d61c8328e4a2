package engine

import (
	"runtime"
	"runtime/metrics"
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
	one, other := processors.turned(), processors.turned()
	has(usual + 2)
	one()
	has(usual + 2)
	other()
	has(usual)
}

func TestGarbageMayGrowWhileAnyEngineOfTheProcessFetchesHeaders(t *testing.T) {
	usual := growth()
	one, other := newLearner(&Engine{gauge: newGauge()}), newLearner(&Engine{gauge: newGauge()})
	for _, step := range []struct {
		of      *learner
		account string
		fills   bool
		want    uint64
	}{
		{one, "home", true, newsGrowth},
		{other, "work", true, newsGrowth},
		{one, "home", false, newsGrowth},
		{one, "home", true, newsGrowth},
		{other, "more", true, newsGrowth},
		{other, "work", false, newsGrowth},
		{one, "home", false, newsGrowth},
		{other, "more", false, usual},
		{other, "more", false, usual},
		{one, "home", true, newsGrowth},
		{one, "home", false, usual},
	} {
		step.of.fills(step.account, step.fills)
		if got := growth(); got != step.want {
			t.Errorf("GOGC is %d after %s fills: %v, want %d", got, step.account, step.fills, step.want)
		}
	}
}

func TestLessGarbageMayGrowWhileAMailboxIsFilled(t *testing.T) {
	usual := growth()
	fetched := garbage.turned()
	one, other := thrift.turned(), thrift.turned()
	one()
	if got := growth(); got != fillGrowth {
		t.Errorf("GOGC is %d, want %d", got, fillGrowth)
	}
	other()
	if got := growth(); got != newsGrowth {
		t.Errorf("GOGC is %d when no mailbox is filled any more, want %d", got, newsGrowth)
	}
	fetched()
	if got := growth(); got != usual {
		t.Errorf("GOGC is %d in the end, want %d", got, usual)
	}
}

// growth is GOGC.
func growth() uint64 {
	gogc := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(gogc)
	return gogc[0].Value.Uint64()
}
