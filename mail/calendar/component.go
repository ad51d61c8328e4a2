package calendar

import (
	"iter"
	"strconv"
	"strings"
	"time"
)

// component is what stands between BEGIN and END.
type component struct {
	name        string
	properties  []property
	observances []*component // of a VTIMEZONE
}

const (
	maxDepth   = 10
	maxLine    = 64 << 10
	maxParams  = 50
	maxExcept  = 1000
	maxOffsets = 200
)

// property is one content line.
type property struct {
	name   string            // upper case
	params map[string]string // names in upper case
	value  string
}

// properties are the content lines of s. // RFC 5545 §3.1
func properties(s string) iter.Seq[property] {
	s = s[:min(len(s), maxText)]
	return func(yield func(property) bool) {
		var line strings.Builder
		lines := 0
		flush := func() bool {
			p, ok := parseLine(strings.TrimSpace(line.String()))
			line.Reset()
			return !ok || yield(p)
		}
		for physical := range strings.Lines(s) {
			if lines++; lines > maxLines {
				break
			}
			physical = strings.TrimRight(physical, "\r\n")
			if physical != "" && (physical[0] == ' ' || physical[0] == '\t') {
				if line.Len() < maxLine {
					line.WriteString(physical[1:])
				}
				continue
			}
			if !flush() {
				return
			}
			line.WriteString(physical[:min(len(physical), maxLine)])
		}
		flush()
	}
}

// parseLine reads NAME;PARAM=value;PARAM="v:w":value.
func parseLine(s string) (p property, ok bool) {
	n := strings.IndexAny(s, ";:")
	if n <= 0 {
		return p, false
	}
	p.name = strings.ToUpper(strings.TrimSpace(s[:n]))
	if _, name, ok := strings.Cut(p.name, "."); ok { // a group, as old programs write
		p.name = name
	}
	for s[n] == ';' {
		s = s[n+1:]
		if n = endOfParam(s); n == len(s) {
			return p, false
		}
		key, value, found := strings.Cut(s[:n], "=")
		if !found || len(p.params) >= maxParams {
			continue
		}
		if p.params == nil {
			p.params = map[string]string{}
		}
		p.params[strings.ToUpper(strings.TrimSpace(key))] = caret.Replace(strings.Trim(strings.TrimSpace(value), `"`))
	}
	p.value = strings.TrimSpace(s[n+1:])
	return p, true
}

// caret undoes the escapes of parameters. // RFC 6868 §3
var caret = strings.NewReplacer("^n", " ", "^'", `"`, "^^", "^")

// endOfParam is where a parameter ends: at a semicolon or colon outside quotes.
func endOfParam(s string) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			quoted = !quoted
		case ';', ':':
			if !quoted {
				return i
			}
		}
	}
	return len(s)
}

// text undoes the escapes of a TEXT value. // RFC 5545 §3.3.11
func (p property) text() string {
	if !strings.Contains(p.value, `\`) {
		return p.value
	}
	return strings.NewReplacer(`\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(p.value)
}

// parseDuration reads P1W, P1DT2H30M; what is longer than a year is none. // RFC 5545 §3.3.6
func parseDuration(s string) time.Duration {
	s = strings.TrimPrefix(strings.ToUpper(s), "+")
	s, ok := strings.CutPrefix(s, "P")
	if !ok {
		return 0
	}
	units := map[byte]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}
	const most = 366 * 24 * time.Hour
	var d time.Duration
	for s = strings.Replace(s, "T", "", 1); s != ""; {
		n := len(s) - len(strings.TrimLeft(s, "0123456789"))
		if n == 0 || n == len(s) || n > 8 || units[s[n]] == 0 {
			return 0
		}
		k, _ := strconv.Atoi(s[:n])
		if d += time.Duration(min(k, int(most/time.Second))) * units[s[n]]; d > most || d < 0 {
			return 0
		}
		s = s[n+1:]
	}
	return d
}
