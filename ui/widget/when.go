package widget

import "time"

// When is a time to come, as people say it: "at 18:30", "tomorrow at 09:00", "on Friday at 14:00", "on Tue 1 Dec at 08:00".
func When(t, now time.Time) string {
	t = t.In(now.Location())
	at := "at " + t.Format("15:04")
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	switch days := int(day(t).Sub(day(now)).Hours() / 24); {
	case days == 0:
		return at
	case days == 1:
		return "tomorrow " + at
	case days > 1 && days < 7:
		return "on " + t.Format("Monday ") + at
	case t.Year() == now.Year():
		return "on " + t.Format("Mon 2 Jan ") + at
	}
	return "on " + t.Format("Mon 2 Jan 2006 ") + at
}
