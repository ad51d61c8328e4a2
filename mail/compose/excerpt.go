package compose

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Excerpt is the part of a text that was selected where it was shown in other lines, with other marks of quoting. What
// cannot be found in the text, such as lines that were shown in another form of the message, is the excerpt as shown.
func Excerpt(text, shown string) string {
	letters, places := squeeze(lines(text))
	want, _ := squeeze(lines(shown))
	at := strings.Index(letters, want)
	if at < 0 || want == "" {
		return shown
	}
	text = lines(text)
	from, last := places[at], places[at+len(want)-1]
	_, n := utf8.DecodeRuneInString(text[last:])
	start := from
	for start > 0 && (text[start-1] == '>' || text[start-1] == ' ') {
		start--
	}
	if start == 0 || text[start-1] == '\n' { // the marks of quoting and the indentation belong to the line
		from = start
	}
	return text[from : last+n]
}

// squeeze is s without spaces and marks of quoting, and for each byte where in s its letter begins.
func squeeze(s string) (letters string, places []int) {
	var b strings.Builder
	for i, r := range s {
		if unicode.IsSpace(r) || r == '>' {
			continue
		}
		n, _ := b.WriteRune(r)
		for range n {
			places = append(places, i)
		}
	}
	return b.String(), places
}
