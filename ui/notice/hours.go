package notice

import (
	"fmt"
	"strings"
	"time"
)

// Hours are a time of each day: "22:00-07:00". The zero Hours are none.
type Hours struct{ from, to int } // minutes since midnight

// UnmarshalText reads them; empty are none.
func (h *Hours) UnmarshalText(text []byte) error {
	*h = Hours{}
	if len(text) == 0 {
		return nil
	}
	minutes := func(s string) (int, bool) {
		t, err := time.Parse("15:04", strings.TrimSpace(s))
		return t.Hour()*60 + t.Minute(), err == nil
	}
	from, to, _ := strings.Cut(string(text), "-")
	var ok, also bool
	if h.from, ok = minutes(from); ok {
		h.to, also = minutes(to)
	}
	if !ok || !also || h.from == h.to {
		*h = Hours{}
		return fmt.Errorf("%q are no hours: write them like \"22:00-07:00\"", text)
	}
	return nil
}

// Contain tells whether t is within, by its own clock.
func (h Hours) Contain(t time.Time) bool {
	now := t.Hour()*60 + t.Minute()
	if h.from <= h.to {
		return h.from <= now && now < h.to
	}
	return now >= h.from || now < h.to
}
