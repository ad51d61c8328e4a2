package index

import (
	"strings"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/ui/width"
)

// roomForHeadings is how many lines a list has at least that spends some of them on headings.
const roomForHeadings = 16

// headings tells whether days have headings in a list of h lines: where it is in their order, and high enough.
func (x *Index) headings(h int) bool {
	return x.env.Config.Headings && !x.env.Config.Linear && x.view.Sort.By == cache.ByDate && h >= roomForHeadings
}

// begins tells whether a heading stands between a row and the one above it.
func (x *Index) begins(row int) bool {
	return x.headed && row > 0 && x.heading(row) != x.heading(row-1)
}

// heading is the one that a row stands below. An unfolded conversation stands where it does when it is folded, as a whole.
func (x *Index) heading(row int) string { return heading(fromUnix(x.position(row).Received), x.now) }

// onItsDay tells whether a row stands below the heading of its very day.
func (x *Index) onItsDay(row int) bool {
	t, now := x.rows[row].Received, x.now
	return !t.Before(midnight(now, -6)) && t.Before(midnight(now, 1)) && heading(t, now) == x.heading(row)
}

// midnight is when a day began, so many days from that of now.
func midnight(now time.Time, days int) time.Time {
	y, m, d := now.Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, now.Location())
}

func fromUnix(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

// heading names the days that t is among: each of the last seven by itself, then the week before, then months.
func heading(t, now time.Time) string {
	if t.IsZero() {
		return "Without a date"
	}
	t = t.In(now.Location())
	monday := -(int(now.Weekday()) + 6) % 7
	switch {
	case !t.Before(midnight(now, 1)):
		return "In the future"
	case !t.Before(midnight(now, 0)):
		return "Today"
	case !t.Before(midnight(now, -1)):
		return "Yesterday"
	case !t.Before(midnight(now, -6)):
		return t.Format("Monday 2 January")
	case !t.Before(midnight(now, monday-7)):
		return "Last week"
	case t.Year() != now.Year():
		return t.Format("January 2006")
	case t.Month() == now.Month():
		return "Earlier in " + t.Format("January")
	}
	return t.Format("January")
}

// drawHeading is a heading with a rule to the right edge.
func (x *Index) drawHeading(row, w int) string {
	text := " " + width.Cut(mail.Line(x.heading(row)), max(0, w-2)) + " "
	th := x.env.Theme
	return th.Dim.Render(text) + th.Rule.Render(strings.Repeat("─", max(0, w-width.Of(text)-1))+" ")
}
