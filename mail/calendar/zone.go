package calendar

import (
	"strconv"
	"strings"
	"time"
)

// zones are the time zones that calendar data brings with it.
type zones struct {
	byName map[string][]observance
}

// observance is a time of the year in which one offset holds. // RFC 5545 §3.6.5
type observance struct {
	onset    time.Time // the first one; its fields are the wall clock of the offset before
	from, to int       // seconds east of UTC, before and from then on
	yearly   bool
	month    time.Month
	weekday  time.Weekday
	nth      int   // 1 the first, -1 the last; 0: the day of onset, or the weekday among days
	days     []int // of the month
	until    time.Time
}

func (z *zones) add(c *component) {
	name := c.get("TZID")
	if name == "" || len(z.byName) >= maxOffsets {
		return
	}
	var list []observance
	for _, o := range c.observances[:min(len(c.observances), maxOffsets)] {
		onset, err := time.Parse("20060102T150405", strings.TrimSuffix(o.get("DTSTART"), "Z"))
		from, ok1 := offset(o.get("TZOFFSETFROM"))
		to, ok2 := offset(o.get("TZOFFSETTO"))
		if err != nil || !ok2 {
			continue
		}
		if !ok1 {
			from = to
		}
		b := observance{onset: onset, from: from, to: to}
		b.rule(o.get("RRULE"))
		list = append(list, b)
	}
	if len(list) == 0 {
		return
	}
	if z.byName == nil {
		z.byName = map[string][]observance{}
	}
	z.byName[name] = list
}

func (c *component) get(name string) string {
	for _, p := range c.properties {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// offset reads +0100 or -033000. // RFC 5545 §3.3.14
func offset(s string) (seconds int, ok bool) {
	if len(s) < 5 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[1:5], 10, 16)
	if err != nil || n/100 > 23 || n%100 > 59 {
		return 0, false
	}
	seconds = int(n/100)*3600 + int(n%100)*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// rule reads the yearly rules that zones are written with; others count for the first time only.
func (o *observance) rule(s string) {
	r := parseRule(s)
	if r["FREQ"] != "YEARLY" {
		return
	}
	o.yearly, o.month = true, o.onset.Month()
	if m, err := strconv.Atoi(r["BYMONTH"]); err == nil && m >= 1 && m <= 12 {
		o.month = time.Month(m)
	}
	for d := range strings.SplitSeq(r["BYMONTHDAY"], ",") {
		if n, err := strconv.Atoi(d); err == nil && n >= 1 && n <= 31 && len(o.days) < 31 {
			o.days = append(o.days, n)
		}
	}
	if n, day, ok := weekdayOf(r["BYDAY"]); ok {
		o.nth, o.weekday = n, day
	} else {
		o.nth, o.weekday = 0, -1
	}
	o.until, _ = time.Parse("20060102T150405", strings.TrimSuffix(r["UNTIL"], "Z"))
}

// in is when the observance begins in a year.
func (o *observance) in(year int) time.Time {
	at := func(day int) time.Time {
		return time.Date(year, o.month, day, o.onset.Hour(), o.onset.Minute(), o.onset.Second(), 0, time.UTC)
	}
	switch {
	case !o.yearly:
		return o.onset
	case o.weekday < 0 && len(o.days) > 0:
		return at(o.days[0])
	case o.weekday < 0:
		return at(o.onset.Day())
	case o.nth < 0:
		last := time.Date(year, o.month+1, 0, 0, 0, 0, 0, time.UTC)
		back := (int(last.Weekday()) - int(o.weekday) + 7) % 7
		return at(last.Day() - back + 7*(o.nth+1))
	case o.nth == 0:
		for _, d := range o.days {
			if at(d).Weekday() == o.weekday {
				return at(d)
			}
		}
		return at(o.onset.Day())
	}
	first := time.Date(year, o.month, 1, 0, 0, 0, 0, time.UTC)
	return at(1 + (int(o.weekday)-int(first.Weekday())+7)%7 + 7*(o.nth-1))
}

// latest is the last onset not after a wall clock; the zero time where there is none.
func (o *observance) latest(wall time.Time) time.Time {
	year := wall.Year()
	if !o.until.IsZero() {
		year = min(year, o.until.Year())
	}
	for y := year; y >= year-1; y-- {
		if t := o.in(y); !t.After(wall) && !t.Before(o.onset) && (o.until.IsZero() || !t.After(o.until.Add(24*time.Hour))) {
			return t
		}
	}
	return time.Time{}
}

// offsetAt is the offset that holds at a wall clock.
func offsetAt(list []observance, wall time.Time) int {
	best, first := -1, 0
	var since time.Time
	for i := range list {
		if t := list[i].latest(wall); !t.IsZero() && (best < 0 || t.After(since)) {
			best, since = i, t
		}
		if list[i].onset.Before(list[first].onset) {
			first = i
		}
	}
	if best < 0 {
		return list[first].from
	}
	return list[best].to
}

// moment reads a DATE or DATE-TIME in the zone its property names. // RFC 5545 §3.3.5
func (z *zones) moment(p property, value string) Moment {
	value = strings.TrimSpace(value)
	if t, err := time.Parse("20060102", value); err == nil {
		return Moment{Time: t, Day: true}
	}
	if t, err := time.Parse("20060102T150405Z", value); err == nil {
		return Moment{Time: t}
	}
	t, err := time.Parse("20060102T150405", value)
	if err != nil {
		return Moment{}
	}
	name := p.params["TZID"]
	if name == "" {
		return Moment{Time: t, Floating: true}
	}
	if list := z.byName[name]; list != nil {
		return Moment{Time: in(t, time.FixedZone(name, offsetAt(list, t)))}
	}
	if loc := known(name); loc != nil {
		return Moment{Time: in(t, loc)}
	}
	return Moment{Time: t, Floating: true}
}

// in is the time of the same wall clock in a place.
func in(t time.Time, loc *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, loc)
}

// known is a zone of the system's own database, for data that names one and does not bring it: "Europe/Berlin",
// "/example.org/20250101/Europe/Berlin".
func known(name string) *time.Location {
	f := strings.Split(strings.TrimPrefix(name, "/"), "/")
	if len(name) > 200 || len(f) < 2 {
		return nil
	}
	loc, err := time.LoadLocation(strings.Join(f[max(0, len(f)-2):], "/"))
	if err != nil {
		return nil
	}
	return loc
}
