package compose

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// WhenError is why a text is no time to send at.
type WhenError struct {
	Column int // of the word at fault, in characters from 0
	Text   string
}

func (e *WhenError) Error() string { return e.Text }

// whenExamples is what can be typed, for those who typed something else.
const whenExamples = "try 18:30, fri 14, in 2h or 1 dec 8am"

// morning is when mail goes out for which only a day is named.
const morning = 8

// When reads a time as people type it: "18:30", "tomorrow 9:00", "fri 2pm", "in 2h 30m", "1 dec", "2026-12-01 08:00".
// It lies after now, within a year, and is meant in the zone of now. A time of day alone is the next such time; a
// day alone is its morning; an hour that the clocks skip is the one after it, one that comes twice is the first. The
// error is a *WhenError.
func When(text string, now time.Time) (time.Time, error) {
	w := when{now: now, words: whenWords(text), end: utf8.RuneCountInString(strings.TrimRight(text, " "))}
	if len(w.words) == 0 {
		return time.Time{}, &WhenError{0, "say when: " + whenExamples}
	}
	if err := w.read(); err != nil {
		return time.Time{}, err
	}
	return w.result()
}

// whenWord is a word and where it begins, in characters.
type whenWord struct {
	text   string
	column int
}

// whenWords cuts a text at spaces and commas, and leaves out what says nothing.
func whenWords(text string) []whenWord {
	var out []whenWord
	column, start := 0, -1
	var word strings.Builder
	end := func() {
		if s := word.String(); s != "" && s != "at" && s != "on" {
			out = append(out, whenWord{s, start})
		}
		word.Reset()
		start = -1
	}
	for _, r := range strings.ToLower(text) {
		if r == ' ' || r == ',' || r == '\t' {
			end()
		} else {
			if start < 0 {
				start = column
			}
			word.WriteRune(r)
		}
		column++
	}
	end()
	return out
}

// when is a time while it is read.
type when struct {
	now   time.Time
	words []whenWord
	end   int // column behind the text

	day     [3]int // year, month, day
	dated   bool   // day is set
	weekday bool   // day is the next of its name, which may be today

	yearless bool // the year of day was not said yet
	hour     int
	minute   int
	timed    bool // hour is set
	days     int  // from now on
	span     time.Duration
	spanned  bool // days or span is set
}

var (
	isoDate = pattern(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	dotDate = pattern(`^(\d{1,2})\.(\d{1,2})\.(\d{4})?$`)
	clock   = pattern(`^(\d{1,2})(?::(\d{2}))?(am|pm)?$`)
	spans   = pattern(`^\+?(?:\d{1,4}[a-z]+)+$`)
	span    = pattern(`(\d{1,4})([a-z]+)`)
	number  = pattern(`^\+?\d{1,4}$`)
)

// pattern is compiled when it is first needed.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

var hours = map[string]int{"morning": morning, "noon": 12, "afternoon": 14, "evening": 18, "tonight": 20, "midnight": 0}

func (w *when) fail(word whenWord, format string, args ...any) error {
	return &WhenError{word.column, fmt.Sprintf(format, args...)}
}

// read takes the words one after the other.
func (w *when) read() error {
	for i := 0; i < len(w.words); i++ {
		word, next := w.words[i], whenWord{}
		if i+1 < len(w.words) {
			next = w.words[i+1]
		}
		used, err := w.take(word, next)
		if err != nil {
			return err
		}
		i += used
	}
	return nil
}

// take reads a word, and how many of those after it belong to it.
func (w *when) take(word, next whenWord) (used int, err error) {
	hour, named := hours[word.text]
	switch {
	case word.text == "in" && next.text != "":
		return 0, nil
	case word.text == "next" && isWeekday(next.text):
		return 1, w.setWeekday(next)
	case word.text == "today", word.text == "tonight", word.text == "tomorrow", word.text == "tom":
		return 0, w.takeDay(word)
	case isWeekday(word.text):
		return 0, w.setWeekday(word)
	case named:
		return 0, w.setClock(word, hour, 0)
	case number().MatchString(word.text) && unitOf(next.text) != "":
		return 1, w.addSpan(word, word.text, next.text)
	case number().MatchString(strings.TrimSuffix(word.text, ".")) && monthOf(next.text) > 0:
		return 1, w.setMonth(next, word)
	case monthOf(word.text) > 0 && number().MatchString(strings.TrimSuffix(next.text, ".")):
		return 1, w.setMonth(word, next)
	case number().MatchString(word.text) && (next.text == "am" || next.text == "pm"):
		return 1, w.takeClock(whenWord{word.text + next.text, word.column})
	case w.yearless && len(word.text) == 4 && number().MatchString(word.text):
		w.dated, w.yearless = false, false
		return 0, w.setDate(word, word.text, strconv.Itoa(w.day[1]), strconv.Itoa(w.day[2]))
	case clock().MatchString(word.text):
		if m := clock().FindStringSubmatch(word.text); m[2] != "" && m[3] == "" && (next.text == "am" || next.text == "pm") {
			return 1, w.takeClock(whenWord{word.text + next.text, word.column})
		}
		return 0, w.takeClock(word)
	case isoDate().MatchString(word.text):
		m := isoDate().FindStringSubmatch(word.text)
		return 0, w.setDate(word, m[1], m[2], m[3])
	case dotDate().MatchString(word.text):
		m := dotDate().FindStringSubmatch(word.text)
		return 0, w.setDate(word, m[3], m[2], m[1])
	case spans().MatchString(word.text):
		for _, m := range span().FindAllStringSubmatch(word.text, -1) {
			if err := w.addSpan(word, m[1], m[2]); err != nil {
				return 0, err
			}
		}
		return 0, nil
	case strings.Contains(word.text, "/"):
		return 0, w.fail(word, "“%s” may be two dates: write 2026-12-01, or 1 dec", word.text)
	}
	return 0, w.fail(word, "“%s” is no time: %s", word.text, whenExamples)
}

func (w *when) takeDay(word whenWord) error {
	d := w.now
	switch word.text {
	case "tonight":
		if err := w.setClock(word, hours["tonight"], 0); err != nil {
			return err
		}
	case "tomorrow", "tom":
		d = d.AddDate(0, 0, 1)
	}
	return w.setDay(word, d.Year(), int(d.Month()), d.Day())
}

func (w *when) setDay(word whenWord, year, month, day int) error {
	if w.dated || w.spanned {
		return w.fail(word, "“%s” is a second day: one is enough", word.text)
	}
	w.day, w.dated = [3]int{year, month, day}, true
	return nil
}

func (w *when) setDate(word whenWord, year, month, day string) error {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	if year == "" {
		if y = w.now.Year(); daysUntil(w.now, y, m, d) < 0 {
			y++
		}
	}
	if t := time.Date(y, time.Month(m), d, 12, 0, 0, 0, time.UTC); m < 1 || m > 12 || t.Day() != d || d < 1 {
		return w.fail(word, "there is no such day")
	}
	return w.setDay(word, y, m, d)
}

// daysUntil is how many days a date lies ahead.
func daysUntil(now time.Time, year, month, day int) int {
	midnight := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	return int(midnight(year, time.Month(month), day).Sub(midnight(now.Date())).Hours() / 24)
}

func (w *when) setMonth(month, day whenWord) error {
	d := strings.TrimSuffix(strings.TrimPrefix(day.text, "+"), ".")
	err := w.setDate(whenWord{month.text + " " + d, min(month.column, day.column)}, "", strconv.Itoa(monthOf(month.text)), d)
	w.yearless = err == nil
	return err
}

func (w *when) setWeekday(word whenWord) error {
	ahead := (weekdayOf(word.text) - int(w.now.Weekday()) + 7) % 7
	d := w.now.AddDate(0, 0, ahead)
	w.weekday = true
	return w.setDay(word, d.Year(), int(d.Month()), d.Day())
}

func (w *when) takeClock(word whenWord) error {
	m := clock().FindStringSubmatch(word.text)
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	switch half := m[3]; {
	case half != "" && (hour < 1 || hour > 12):
		return w.fail(word, "with am and pm the hours go from 1 to 12")
	case half == "am" && hour == 12:
		hour = 0
	case half == "pm" && hour < 12:
		hour += 12
	}
	if hour > 23 || minute > 59 {
		return w.fail(word, "the clock has no %s: it goes from 0:00 to 23:59", word.text)
	}
	return w.setClock(word, hour, minute)
}

func (w *when) setClock(word whenWord, hour, minute int) error {
	if w.timed || w.span > 0 {
		return w.fail(word, "“%s” is a second time: one is enough", word.text)
	}
	w.hour, w.minute, w.timed = hour, minute, true
	return nil
}

// units are by their beginning, as long as it tells them apart.
func unitOf(s string) string {
	for _, unit := range []string{"minutes", "hours", "days", "weeks"} {
		if s != "" && strings.HasPrefix(unit, s) {
			return unit
		}
	}
	switch s {
	case "hr", "hrs":
		return "hours"
	case "mins":
		return "minutes"
	}
	return ""
}

func (w *when) addSpan(word whenWord, count, unit string) error {
	n, _ := strconv.Atoi(strings.TrimPrefix(count, "+"))
	if w.dated || w.timed && unitOf(unit) != "days" && unitOf(unit) != "weeks" {
		return w.fail(word, "“%s” does not go with a day or a time of day", word.text)
	}
	switch unitOf(unit) {
	case "minutes":
		w.span += time.Duration(n) * time.Minute
	case "hours":
		w.span += time.Duration(n) * time.Hour
	case "days":
		w.days += n
	case "weeks":
		w.days += 7 * n
	default:
		return w.fail(word, "“%s” is no time: %s", word.text, whenExamples)
	}
	w.spanned = true
	return nil
}

// result puts together what was read.
func (w *when) result() (time.Time, error) {
	first := w.words[0]
	var t time.Time
	switch {
	case w.spanned && !w.timed:
		d := w.now.AddDate(0, 0, w.days)
		t = local(d.Year(), int(d.Month()), d.Day(), w.now.Hour(), w.now.Minute(), w.now.Location()).
			Add(time.Duration(w.now.Second())*time.Second + time.Duration(w.now.Nanosecond()) + w.span)
		if w.days == 0 {
			t = w.now.Add(w.span)
		}
	case w.spanned:
		d := w.now.AddDate(0, 0, w.days)
		t = local(d.Year(), int(d.Month()), d.Day(), w.hour, w.minute, w.now.Location())
	case w.dated && !w.timed && daysUntil(w.now, w.day[0], w.day[1], w.day[2]) == 0 && !w.weekday:
		return time.Time{}, &WhenError{w.end, "say at what time today"}
	default:
		t = w.onDay()
	}
	switch {
	case !t.After(w.now):
		return time.Time{}, w.fail(first, "that is over: it is %s now", w.now.Format("15:04"))
	case t.After(w.now.AddDate(1, 0, 1)):
		return time.Time{}, w.fail(first, "that is more than a year away")
	}
	return t, nil
}

// onDay is the time of day on the day, each by default where it was not named.
func (w *when) onDay() time.Time {
	day, step := w.day, 0
	if !w.dated {
		y, m, d := w.now.Date()
		day, step = [3]int{y, int(m), d}, 1
	}
	if w.weekday {
		step = 7
	}
	hour, minute := w.hour, w.minute
	if !w.timed {
		hour = morning
	}
	t := local(day[0], day[1], day[2], hour, minute, w.now.Location())
	if step > 0 && !t.After(w.now) {
		t = local(day[0], day[1], day[2]+step, hour, minute, w.now.Location())
	}
	return t
}

// local is a time of day in a zone, also where its clocks are set: what they skip is as long after the gap as it was
// meant after its beginning, and of what comes twice it is the first.
func local(year, month, day, hour, minute int, zone *time.Location) time.Time {
	wall := time.Date(year, time.Month(month), day, hour, minute, 0, 0, time.UTC)
	_, before := wall.Add(-24 * time.Hour).In(zone).Zone()
	_, after := wall.Add(24 * time.Hour).In(zone).Zone()
	first := wall.Add(-time.Duration(before) * time.Second).In(zone)
	for _, t := range []time.Time{first, wall.Add(-time.Duration(after) * time.Second).In(zone)} {
		if t.Hour() == hour && t.Minute() == minute {
			return t
		}
	}
	return first
}

var (
	weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
	months   = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
)

// named is the place of the name that s is or, from three letters on, begins; -1: there is none.
func named(names []string, s string) int {
	s = strings.TrimSuffix(s, ".")
	if len(s) < 3 {
		return -1
	}
	return slices.IndexFunc(names, func(name string) bool { return strings.HasPrefix(name, s) })
}

func isWeekday(s string) bool { return named(weekdays, s) >= 0 }

func weekdayOf(s string) int { return named(weekdays, s) }

// monthOf is 1 to 12, or 0.
func monthOf(s string) int { return named(months, s) + 1 }
