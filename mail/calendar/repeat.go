package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// parseRule reads the parts of a recurrence rule. // RFC 5545 §3.3.10
func parseRule(s string) map[string]string {
	out := map[string]string{}
	for part := range strings.SplitSeq(strings.ToUpper(s[:min(len(s), 1000)]), ";") {
		if key, value, ok := strings.Cut(part, "="); ok && len(out) < maxParams {
			out[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return out
}

var weekdays = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// weekdayOf reads "TH", "2TU" or "-1FR".
func weekdayOf(s string) (nth int, day time.Weekday, ok bool) {
	if len(s) < 2 {
		return 0, 0, false
	}
	i := slices.Index(weekdays, s[len(s)-2:])
	if number := s[:len(s)-2]; number != "" {
		n, err := strconv.Atoi(number)
		if err != nil || n < -53 || n > 53 {
			return 0, 0, false
		}
		nth = n
	}
	return nth, time.Weekday(i), i >= 0
}

// maxNamed is how many exceptions are named.
const maxNamed = 3

// repeats says a rule in words; rules too odd for words are said to be so.
func repeats(rule string, start Moment, except []Moment) string {
	r := parseRule(rule)
	if r["FREQ"] == "" {
		return ""
	}
	out := pace(r, start)
	if n, err := strconv.Atoi(r["COUNT"]); err == nil && n > 0 {
		out += fmt.Sprintf(", %d times", n)
	}
	if u := r["UNTIL"]; len(u) >= 8 {
		if t, err := time.Parse("20060102", u[:8]); err == nil {
			out += ", until " + t.Format("2 January 2006")
		}
	}
	switch {
	case len(except) > maxNamed:
		out += fmt.Sprintf(", with %d exceptions", len(except))
	case len(except) > 0:
		var days []string
		for _, m := range except {
			days = append(days, m.Time.Format("2 January 2006"))
		}
		out += ", not on " + list(days)
	}
	return out
}

// pace says how often.
func pace(r map[string]string, start Moment) string {
	n, err := strconv.Atoi(r["INTERVAL"])
	if err != nil || n < 1 {
		n = 1
	}
	every := func(unit string) string {
		if n == 1 {
			return "every " + unit
		}
		return fmt.Sprintf("every %d %ss", n, unit)
	}
	switch r["FREQ"] {
	case "DAILY":
		if days := dayNames(r["BYDAY"]); len(days) > 0 && n == 1 {
			return "every " + list(days)
		}
		return every("day")
	case "WEEKLY":
		days := dayNames(r["BYDAY"])
		if len(days) == 0 && !start.Time.IsZero() {
			days = []string{start.Time.Weekday().String()}
		}
		switch {
		case len(days) == 0:
			return every("week")
		case n == 1:
			return "every " + list(days)
		}
		return every("week") + " on " + list(days)
	case "MONTHLY":
		if on := onDays(r); on != "" {
			return every("month") + " on " + on
		}
		if !start.Time.IsZero() {
			return every("month") + " on the " + ordinal(start.Time.Day())
		}
		return every("month")
	case "YEARLY":
		return every("year") + inYear(r, start)
	}
	return "again and again, by a rule of its own"
}

// inYear says when in the year.
func inYear(r map[string]string, start Moment) string {
	month := ""
	if m, err := strconv.Atoi(r["BYMONTH"]); err == nil && m >= 1 && m <= 12 {
		month = time.Month(m).String()
	}
	switch on := onDays(r); {
	case on != "" && month != "":
		return " on " + on + " of " + month
	case on != "":
		return " on " + on
	case month != "" && !start.Time.IsZero():
		return fmt.Sprintf(" on %d %s", start.Time.Day(), month)
	case !start.Time.IsZero():
		return " on " + start.Time.Format("2 January")
	}
	return ""
}

// onDays says which days of a month: "the second Tuesday", "the 1st and 15th", "the last day".
func onDays(r map[string]string) string {
	var out []string
	for d := range strings.SplitSeq(r["BYMONTHDAY"], ",") {
		switch n, err := strconv.Atoi(d); {
		case err != nil || n == 0 || n > 31 || n < -31:
		case n == -1:
			out = append(out, "last day")
		case n < 0:
			out = append(out, ordinal(-n)+" last day")
		default:
			out = append(out, ordinal(n))
		}
	}
	if len(out) > 0 {
		return "the " + list(out)
	}
	position, _ := strconv.Atoi(r["BYSETPOS"])
	if days := dayNames(r["BYDAY"]); position != 0 && len(days) > 0 {
		return "the " + nth(position) + " " + strings.Replace(list(days), " and ", " or ", 1)
	}
	for d := range strings.SplitSeq(r["BYDAY"], ",") {
		if n, day, ok := weekdayOf(d); ok && n != 0 && len(out) < 10 {
			out = append(out, nth(n)+" "+day.String())
		}
	}
	if len(out) > 0 {
		return "the " + list(out)
	}
	return ""
}

// dayNames are the names of a list of weekdays; five working days are one word.
func dayNames(s string) []string {
	if s == "" {
		return nil
	}
	f := strings.Split(s, ",")
	slices.Sort(f)
	if f = slices.Compact(f); strings.Join(f, ",") == "FR,MO,TH,TU,WE" {
		return []string{"weekday"}
	}
	var out []string
	for i := range weekdays {
		i = (i + 1) % 7 // Monday first
		if slices.Contains(f, weekdays[i]) {
			out = append(out, time.Weekday(i).String())
		}
	}
	return out
}

func nth(n int) string {
	switch {
	case n == -1:
		return "last"
	case n < 0:
		return nth(-n) + " last"
	case n <= 5:
		return []string{"", "first", "second", "third", "fourth", "fifth"}[n]
	}
	return ordinal(n)
}

func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

// list joins words as people do.
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
