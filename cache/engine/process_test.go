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
	now := func() uint64 {
		gogc := []metrics.Sample{{Name: "/gc/gogc:percent"}}
		metrics.Read(gogc)
		return gogc[0].Value.Uint64()
	}
	usual := now()
	one, other := newLearner(&Engine{gauge: newGauge()}), newLearner(&Engine{gauge: newGauge()})
	for _, step := range []struct {
		of      *learner
		account string
		fills   bool
		want    uint64
	}{
		{one, "home", true, heapGrowth},
		{other, "work", true, heapGrowth},
		{one, "home", false, heapGrowth},
		{one, "home", true, heapGrowth},
		{other, "more", true, heapGrowth},
		{other, "work", false, heapGrowth},
		{one, "home", false, heapGrowth},
		{other, "more", false, usual},
		{other, "more", false, usual},
		{one, "home", true, heapGrowth},
		{one, "home", false, usual},
	} {
		step.of.fills(step.account, step.fills)
		if got := now(); got != step.want {
			t.Errorf("GOGC is %d after %s fills: %v, want %d", got, step.account, step.fills, step.want)
		}
	}
}
