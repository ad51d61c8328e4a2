package ui

import (
	"testing"
	"time"
)

func TestFarewellCountsWhatWaits(t *testing.T) {
	for _, c := range []struct {
		wishes, outgoing int
		want             string
	}{
		{0, 0, ""},
		{1, 0, "1 change waits"},
		{0, 1, "1 message waits"},
		{3, 1, "3 changes and 1 message wait"},
		{10000, 2, "10,000 changes and 2 messages wait"},
	} {
		if got := waitingLine(c.wishes, c.outgoing); got != c.want {
			t.Errorf("%d and %d: %q, want %q", c.wishes, c.outgoing, got, c.want)
		}
	}
}

func TestPlansAreToldWithTheirTime(t *testing.T) {
	now := time.Date(2026, 11, 24, 10, 30, 0, 0, time.UTC)
	for n, want := range map[int]string{1: "1 message goes out tomorrow at 09:00", 1200: "1,200 messages go out later, the first tomorrow at 09:00"} {
		if got := plannedLine(n, time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), now); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
