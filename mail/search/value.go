package search

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"posthorn/mail"
)

// states are what is: can ask for.
var states = map[string]struct {
	flag  mail.Flags
	unset bool
}{
	"unread": {mail.Seen, true}, "unseen": {mail.Seen, true}, "new": {mail.Seen, true}, "read": {mail.Seen, false}, "seen": {mail.Seen, false},
	"starred": {mail.Flagged, false}, "flagged": {mail.Flagged, false}, "unstarred": {mail.Flagged, true}, "unflagged": {mail.Flagged, true},
	"answered": {mail.Answered, false}, "replied": {mail.Answered, false}, "unanswered": {mail.Answered, true},
	"forwarded": {mail.Forwarded, false}, "draft": {mail.Draft, false}, "junk": {mail.Junk, false}, "spam": {mail.Junk, false},
	"muted": {mail.Muted, false}, "unmuted": {mail.Muted, true},
}

// understand reads the value of a term; the column of the error counts from the value's first character.
func (t *Term) understand(now time.Time) *Error {
	value := strings.ToLower(t.Value)
	switch t.Field {
	case Is:
		s, ok := states[value]
		if !ok {
			return choose("is", value, Operators[3].Values)
		}
		t.Value, t.Flag, t.Unset = value, s.flag, s.unset
	case Has:
		value = strings.TrimSuffix(value, "s")
		if !slices.Contains([]string{"attachment", "label"}, value) {
			return choose("has", value, []string{"attachment", "label"})
		}
		t.Value = value
	case Before, After:
		at, ok := moment(value, now)
		if !ok {
			return maybe(wrong(0, "“%s” is no day: write it as 2026-03-01, 2026-03, 2026, today, yesterday, or 7d, 2w, 1m, 1y for so long ago.", t.Value))
		}
		t.Time = at
	case Larger, Smaller:
		n, ok := octets(value)
		if !ok {
			return maybe(wrong(0, "“%s” is no size: write 500K, 5M or a number of octets.", t.Value))
		}
		t.Size = n
	case Anywhere, From, To, Cc, Subject, Body:
		if len(Words(t.Value)) == 0 {
			return maybe(wrong(0, "There is no letter and no digit in “%s”: nothing else is looked for.", t.Value))
		}
	}
	return nil
}

// maybe marks an error that more typing may mend.
func maybe(err *Error) *Error {
	err.Soft = true
	return err
}

// choose is the error of a value that is none of those there are.
func choose(operator, value string, values []string) *Error {
	err := wrong(0, "%s: is one of %s.", operator, strings.Join(values, ", "))
	err.Soft = slices.ContainsFunc(values, func(v string) bool { return strings.HasPrefix(v, value) })
	return err
}

// moment is the beginning of a day, month or year, or so long before now.
func moment(s string, now time.Time) (time.Time, bool) {
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
	switch s {
	case "today":
		return today, true
	case "yesterday":
		return today.AddDate(0, 0, -1), true
	}
	for _, layout := range []string{"2006-1-2", "2006/1/2", "2006-1", "2006/1", "2006", "2.1.2006"} {
		if t, err := time.ParseInLocation(layout, s, now.Location()); err == nil {
			return t, true
		}
	}
	n, err := strconv.Atoi(strings.TrimRight(s, "hdwmy"))
	if err != nil || n < 0 || n > 10000 || len(strings.TrimRight(s, "hdwmy")) != len(s)-1 {
		return time.Time{}, false
	}
	switch s[len(s)-1] {
	case 'h':
		return now.Add(-time.Duration(n) * time.Hour), true
	case 'd':
		return today.AddDate(0, 0, -n), true
	case 'w':
		return today.AddDate(0, 0, -7*n), true
	case 'm':
		return today.AddDate(0, -n, 0), true
	}
	return today.AddDate(-n, 0, 0), true
}

// octets is a size with its unit.
func octets(s string) (int64, bool) {
	s = strings.TrimSuffix(s, "b")
	unit := int64(1)
	if n := len(s); n > 0 {
		if i := strings.IndexByte("kmg", s[n-1]); i >= 0 {
			unit, s = 1<<(10*(i+1)), s[:n-1]
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !(n >= 0) || n > 1e12 {
		return 0, false
	}
	return int64(n * float64(unit)), true
}
