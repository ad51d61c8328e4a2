package index

import (
	"testing"
	"time"

	"posthorn/ui/width"
)

// TestDatesAreRelativeNearNowAndAbsoluteBeyond: the hour today, the weekday in the week before, then the day, and never
// wider than their column.
func TestDatesAreRelativeNearNowAndAbsoluteBeyond(t *testing.T) {
	now := time.Date(2026, 11, 28, 9, 30, 0, 0, time.FixedZone("", 3600)) // a Saturday
	at := func(y int, m time.Month, d, h int) time.Time { return time.Date(y, m, d, h, 5, 0, 0, now.Location()) }
	for _, c := range []struct {
		at                   time.Time
		wide, middle, narrow string
	}{
		{at(2026, 11, 28, 0), "00:05", "00:05", "00:05"},
		{at(2026, 11, 28, 23), "23:05", "23:05", "23:05"}, // a clock that is ahead
		{at(2026, 11, 27, 23), "Fri 23:05", "Fri", "Fri"},
		{at(2026, 11, 23, 7), "Mon 07:05", "Mon", "Mon"},
		{at(2026, 11, 22, 0), "Sun 00:05", "Sun", "Sun"},
		{at(2026, 11, 21, 23), "21 Nov", "21 Nov", "21Nov"},
		{at(2026, 11, 29, 1), "29 Nov", "29 Nov", "29Nov"},
		{at(2026, 1, 2, 3), "2 Jan", "2 Jan", "2 Jan"},
		{at(2025, 12, 31, 3), "2025-12-31", "Dec 25", "12/25"},
		{time.Date(2026, 11, 27, 23, 30, 0, 0, time.UTC), "00:30", "00:30", "00:30"}, // today here, yesterday there
	} {
		for columns, want := range map[int]string{10: c.wide, 6: c.middle, 5: c.narrow} {
			got := Date(c.at, now, columns)
			if got != want || width.Of(got) > columns {
				t.Errorf("%v in %d columns is %q, want %q", c.at, columns, got, want)
			}
		}
	}
}
