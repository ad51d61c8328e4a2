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
func (x *Index) heading(row int) string { return x.days.heading(fromUnix(x.position(row).Received)) }

// onItsDay tells whether a row stands below the heading of its very day.
func (x *Index) onItsDay(row int) bool {
	t := x.rows[row].Received
	return !t.Before(x.days.week) && t.Before(x.days.tomorrow) && x.days.heading(t) == x.heading(row)
}

// calendar is the days around now, which all rows of a screen are told by. Each is when it began.
type calendar struct {
	now, tomorrow, today, yesterday time.Time
	week                            time.Time // the last seven days
	monday                          time.Time // of the week before
}

func around(now time.Time) calendar {
	y, m, d := now.Date()
	midnight := func(days int) time.Time { return time.Date(y, m, d+days, 0, 0, 0, 0, now.Location()) }
	return calendar{now: now, tomorrow: midnight(1), today: midnight(0), yesterday: midnight(-1), week: midnight(-6), monday: midnight(-(int(now.Weekday())+6)%7 - 7)}
}

// heading names the days that t is among: each of the last seven by itself, then the week before, then months.
func (c calendar) heading(t time.Time) string {
	if t.IsZero() {
		return "Without a date"
	}
	t = t.In(c.now.Location())
	switch {
	case !t.Before(c.tomorrow):
		return "In the future"
	case !t.Before(c.today):
		return "Today"
	case !t.Before(c.yesterday):
		return "Yesterday"
	case !t.Before(c.week):
		return t.Format("Monday 2 January")
	case !t.Before(c.monday):
		return "Last week"
	case t.Year() != c.now.Year():
		return t.Format("January 2006")
	case t.Month() == c.now.Month():
		return "Earlier in " + t.Format("January")
	}
	return t.Format("January")
}

func fromUnix(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

// drawHeading is a heading with a rule to the right edge.
func (x *Index) drawHeading(row, w int) string {
	text := " " + width.Cut(mail.Line(x.heading(row)), max(0, w-2)) + " "
	th := x.env.Theme
	return th.Dim.Render(text) + th.Rule.Render(strings.Repeat("─", max(0, w-width.Of(text)-1))+" ")
}
