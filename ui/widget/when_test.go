package widget

import (
	"testing"
	"time"
)

func TestTimesToComeAreSaidAsPeopleDo(t *testing.T) {
	now := time.Date(2026, 11, 24, 10, 30, 0, 0, time.FixedZone("", 3600))
	for in, want := range map[time.Duration]string{
		time.Minute:                "at 10:31",
		13*time.Hour + time.Minute: "at 23:31",
		14 * time.Hour:             "tomorrow at 00:30",
		72 * time.Hour:             "on Friday at 10:30",
		6 * 24 * time.Hour:         "on Monday at 10:30",
		7 * 24 * time.Hour:         "on Tue 1 Dec at 10:30",
		40 * 24 * time.Hour:        "on Sun 3 Jan 2027 at 10:30",
	} {
		if got := When(now.Add(in).UTC(), now); got != want {
			t.Errorf("in %v: %q, want %q", in, got, want)
		}
	}
}
