package body

import (
	"strings"
	"time"
)

// ParseDate reads a Date field: RFC 5322 §3.3 at once, and with more patience the obsolete and wrong forms that are
// met in mail. It is the zero time where there is no telling.
func ParseDate(s string) time.Time {
	if t, ok := parseStrictDate(s); ok {
		return t
	}
	return guessDate(s)
}

// parseStrictDate reads "[Mon, ]2 Jan 2006 15:04[:05] -0700" without allocating; anything may follow.
func parseStrictDate(s string) (time.Time, bool) {
	i := skipSpace(s, 0)
	if i+4 < len(s) && s[i+3] == ',' {
		i = skipSpace(s, i+4)
	}
	day, i, ok := digits(s, i, 1, 2)
	if !ok || i >= len(s) || s[i] != ' ' {
		return time.Time{}, false
	}
	i = skipSpace(s, i)
	if i+4 > len(s) || s[i+3] != ' ' {
		return time.Time{}, false
	}
	month := monthOf(s[i : i+3])
	year, i, ok := digits(s, skipSpace(s, i+4), 4, 4)
	if !ok || month == 0 {
		return time.Time{}, false
	}
	hour, i, ok1 := digits(s, skipSpace(s, i), 2, 2)
	if !ok1 || i >= len(s) || s[i] != ':' {
		return time.Time{}, false
	}
	minute, i, ok2 := digits(s, i+1, 2, 2)
	second := 0
	if i < len(s) && s[i] == ':' {
		second, i, ok1 = digits(s, i+1, 2, 2)
	}
	i = skipSpace(s, i)
	if !ok1 || !ok2 || i+5 > len(s) || s[i] != '+' && s[i] != '-' {
		return time.Time{}, false
	}
	zone, end, ok := digits(s, i+1, 4, 4)
	if !ok || end < len(s) && s[end] != ' ' {
		return time.Time{}, false
	}
	if s[i] == '-' {
		zone = -zone
	}
	return makeDate(year, month, day, hour, minute, second, zone)
}

// makeDate checks the ranges; zone is ±hhmm.
func makeDate(year int, month time.Month, day, hour, minute, second, zone int) (time.Time, bool) {
	if year < 1900 || year > 9998 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60 {
		return time.Time{}, false
	}
	loc := time.UTC
	if h, m := zone/100, zone%100; zone != 0 && h > -24 && h < 24 && m > -60 && m < 60 {
		loc = time.FixedZone("", h*3600+m*60) // whole hours are shared
	}
	return time.Date(year, month, day, hour, minute, second, 0, loc), true
}

func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i
}

// digits reads a number of least to most digits at s[i:].
func digits(s string, i, least, most int) (n, end int, ok bool) {
	start := i
	for i < len(s) && i-start < most && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	return n, i, i-start >= least
}

const monthNames = "janfebmaraprmayjunjulaugsepoctnovdec"

// monthOf is the month three letters stand for, 0 for none.
func monthOf(s string) time.Month {
	if len(s) < 3 {
		return 0
	}
	a, b, c := s[0]|0x20, s[1]|0x20, s[2]|0x20
	for i := 0; i < len(monthNames); i += 3 {
		if monthNames[i] == a && monthNames[i+1] == b && monthNames[i+2] == c {
			return time.Month(i/3 + 1)
		}
	}
	return 0
}

// monthWords are months as programs in other languages write them into headers, where the first three letters are
// not the English ones.
var monthWords = map[string]time.Month{
	"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12, "ene": 1, "abr": 4, "ago": 8, "dic": 12, "set": 9, "out": 10,
	"fév": 2, "avr": 4, "aoû": 8, "déc": 12, "gen": 1, "mag": 5, "giu": 6, "lug": 7, "ott": 10, "mei": 5, "mrt": 3, "maj": 5,
}

// zoneNames are the obsolete zones. // RFC 5322 §4.3
var zoneNames = map[string]int{
	"est": -500, "edt": -400, "cst": -600, "cdt": -500, "mst": -700, "mdt": -600, "pst": -800, "pdt": -700,
	"cet": 100, "cest": 200, "mez": 100, "mesz": 200, "eet": 200, "eest": 300, "bst": 100, "msk": 300, "jst": 900, "ist": 530,
	"ut": 0, "utc": 0, "gmt": 0, "z": 0,
}

// guess is what is known of a date while its words are read.
type guess struct {
	year, day, zone      int
	month                time.Month
	hour, minute, second int
	hasTime, hasZone, pm bool
	am                   bool
}

// guessDate reads the words of s in any order: 2003-02-01T10:00Z, Sat Feb  1 10:00:00 2003, 1-Feb-03 10.00.00 GMT+1.
func guessDate(s string) time.Time {
	if len(s) > 200 {
		s = s[:200]
	}
	s = strings.ToLower(dropComments(repair(s)))
	var g guess
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == '"' }) {
		g.word(w)
	}
	switch {
	case g.pm && g.hour < 12:
		g.hour += 12
	case g.am && g.hour == 12:
		g.hour = 0
	}
	if g.month == 0 || g.day == 0 || g.year == 0 {
		return time.Time{}
	}
	t, _ := makeDate(g.year, g.month, g.day, g.hour, g.minute, g.second, g.zone)
	return t
}

func (g *guess) word(w string) {
	if d, t, ok := strings.Cut(w, "t"); ok && len(d) == 10 && d[4] == '-' { // ISO 8601
		g.word(d)
		g.word(t)
		return
	}
	switch {
	case w == "":
	case w == "pm" || w == "am":
		g.pm, g.am = w == "pm", w == "am"
	case w[0] == '+' || w[0] == '-' && g.hasTime:
		g.setZone(w)
	case w[0] >= '0' && w[0] <= '9':
		g.number(w)
	default:
		g.name(w)
	}
}

func (g *guess) name(w string) {
	for _, prefix := range []string{"gmt", "utc", "ut"} {
		if rest, ok := strings.CutPrefix(w, prefix); ok && rest != "" {
			g.setZone(rest)
			return
		}
	}
	if z, ok := zoneNames[w]; ok && g.hasTime {
		if !g.hasZone {
			g.zone, g.hasZone = z, true
		}
		return
	}
	w = strings.Trim(w, ".-")
	if g.month != 0 {
		return
	}
	if r := []rune(w); len(r) >= 3 {
		if g.month = monthWords[string(r[:3])]; g.month == 0 {
			g.month = monthOf(w)
		}
	}
	if _, rest, ok := strings.Cut(w, "-"); ok && g.month != 0 { // Feb-2003
		g.word(rest)
	}
}

// setZone reads +0100, +01:00, +1, -5.
func (g *guess) setZone(w string) {
	if w == "" || g.hasZone || w[0] != '+' && w[0] != '-' {
		return
	}
	n := strings.ReplaceAll(w[1:], ":", "")
	z, end, ok := digits(n, 0, 1, 4)
	if !ok {
		return
	}
	if end <= 2 {
		z *= 100
	}
	if w[0] == '-' {
		z = -z
	}
	g.zone, g.hasZone = z, true
}

// number reads what begins with a digit: a time of day, a date with separators, a day or a year.
func (g *guess) number(w string) {
	n, end, _ := digits(w, 0, 1, 4)
	if end == len(w) {
		g.plain(n, end)
		return
	}
	rest := w[end+1:]
	switch c := w[end]; {
	case c == ':' || c == '.' && end <= 2 && g.month != 0 && g.day != 0:
		g.clock(w)
	case (c == '-' || c == '/' || c == '.') && end == 4: // 2003-02-01
		g.year = n
		m, i, _ := digits(rest, 0, 1, 2)
		g.month = time.Month(m)
		if i < len(rest) {
			g.day, _, _ = digits(rest, i+1, 1, 2)
		}
	case c == '-' || c == '/' || c == '.': // 1-feb-2003, 1.2.2003, 1.
		g.plain(n, end)
		g.dayFirst(rest)
	case !g.hasTime && (c == 'a' || c == 'p') && end <= 2: // 10am
		g.hour, g.hasTime, g.pm, g.am = n, true, c == 'p', c == 'a'
	default: // 1st
		g.plain(n, end)
	}
}

// dayFirst reads what follows "1-": a month by name or number, then a year.
func (g *guess) dayFirst(rest string) {
	if rest == "" {
		return
	}
	if rest[0] < '0' || rest[0] > '9' {
		g.name(rest)
		return
	}
	m, i, _ := digits(rest, 0, 1, 2)
	if i >= len(rest) || g.month != 0 {
		return
	}
	if m > 12 && g.day <= 12 { // 2/13/2003
		m, g.day = g.day, m
	}
	g.month = time.Month(m)
	g.plain4(rest[i+1:])
}

func (g *guess) plain4(s string) {
	if n, end, ok := digits(s, 0, 2, 4); ok {
		g.setYear(n, end)
	}
}

func (g *guess) plain(n, width int) {
	if g.day == 0 && width <= 2 && n >= 1 && n <= 31 {
		g.day = n
	} else if width >= 2 {
		g.setYear(n, width)
	}
}

// setYear widens short years. // RFC 5322 §4.3
func (g *guess) setYear(n, width int) {
	switch {
	case g.year != 0:
		return
	case width <= 2 && n < 50:
		n += 2000
	case width <= 3:
		n += 1900
	}
	g.year = n
}

// clock reads 10:00, 10:00:00.123Z, 10.00.00, 10:00:00+0100, 10:00pm.
func (g *guess) clock(w string) {
	if g.hasTime {
		return
	}
	g.hasTime = true
	parts := []*int{&g.hour, &g.minute, &g.second}
	i := 0
	for k, p := range parts {
		n, end, ok := digits(w, i, 1, 2)
		if !ok {
			return
		}
		*p, i = n, end
		if i >= len(w) || k == len(parts)-1 || w[i] != ':' && w[i] != '.' {
			break
		}
		i++
	}
	if i < len(w) && w[i] == '.' { // fractions
		_, i, _ = digits(w, i+1, 0, 12)
	}
	if i < len(w) {
		g.word(w[i:])
	}
}

func dropComments(s string) string {
	if !strings.Contains(s, "(") {
		return s
	}
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth = max(depth-1, 0)
			b.WriteByte(' ')
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}
