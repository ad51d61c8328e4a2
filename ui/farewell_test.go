package ui

import "testing"

func TestFarewellCountsWhatWaits(t *testing.T) {
	for _, c := range []struct {
		wishes, outgoing int
		want             string
	}{
		{0, 0, ""},
		{1, 0, "1 change waits for the next start."},
		{0, 1, "1 message waits for the next start."},
		{3, 1, "3 changes and 1 message wait for the next start."},
		{10000, 2, "10,000 changes and 2 messages wait for the next start."},
	} {
		if got := waitingLine(c.wishes, c.outgoing); got != c.want {
			t.Errorf("%d and %d: %q, want %q", c.wishes, c.outgoing, got, c.want)
		}
	}
}
