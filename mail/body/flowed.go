package body

import "strings"

// joinFlowed undoes format=flowed: lines that end in a blank go on in the next one of the same quote level.
// RFC 3676 §4
func joinFlowed(lines []quotedLine, delsp bool) []quotedLine {
	out := lines[:0]
	var b strings.Builder
	open := false
	for _, l := range lines {
		if l.quote == 0 {
			l.text = strings.TrimPrefix(l.text, " ") // RFC 3676 §4.4: space-stuffing; quoted lines have lost theirs
		}
		if open && (l.quote != out[len(out)-1].quote || l.text == "-- ") {
			out[len(out)-1].text, open = b.String(), false
			b.Reset()
		}
		soft := strings.HasSuffix(l.text, " ") && l.text != "-- " // RFC 3676 §4.3
		if soft && delsp {
			l.text = l.text[:len(l.text)-1]
		}
		switch {
		case open:
			b.WriteString(l.text)
		case soft:
			b.WriteString(l.text)
			out = append(out, l)
		default:
			out = append(out, l)
		}
		if open && !soft {
			out[len(out)-1].text = b.String()
			b.Reset()
		}
		open = soft
	}
	if open {
		out[len(out)-1].text = b.String()
	}
	return out
}
