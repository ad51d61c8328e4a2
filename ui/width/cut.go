package width

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Cut shortens s to at most n columns, ending in … where something was cut off.
func Cut(s string, n int) string { return head(s, n, "…") }

// Clip is the first n columns of s, padded to exactly n with spaces; a wide character that does not fit is left out.
func Clip(s string, n int) string { return Fit(head(s, n, ""), n) }

// head is s in at most n columns, with tail where it was cut. Characters are never cut, and our own styling goes on to
// its end. The library's way to do it counts in clusters what the renderer counts in code points, and so lets a line of
// Hindi or Thai grow.
func head(s string, n int, tail string) string {
	if n <= 0 {
		return ""
	}
	if Of(s) <= n {
		return s
	}
	if n -= Of(tail); n < 0 {
		return ""
	}
	var b strings.Builder
	used, full := 0, false
	for i := 0; i < len(s); {
		next, columns, styling := next(s[i:])
		switch i += len(next); {
		case styling:
			b.WriteString(next)
		case full:
		case used+columns > n:
			full = true
			b.WriteString(tail)
		default:
			used += columns
			b.WriteString(next)
		}
	}
	return b.String()
}

// Middle is s in at most n columns with what is in its middle left out: both ends of an address matter, the last most.
func Middle(s string, n int) string {
	if n < 5 || Of(s) <= n {
		return Cut(s, n)
	}
	end := n * 2 / 3
	return head(s, n-end, "") + "…" + Skip(s, Of(s)-end+1)
}

// Skip is s without its first n columns; a wide character that begins in them goes whole.
func Skip(s string, n int) string {
	if n <= 0 {
		return s
	}
	var b strings.Builder
	used := 0
	for i := 0; i < len(s); {
		next, columns, styling := next(s[i:])
		if i += len(next); styling || used >= n && (b.Len() > 0 || columns > 0) {
			b.WriteString(next)
		}
		used += columns
	}
	return b.String()
}

// next is the character or the sequence of our own styling that s begins with.
func next(s string) (text string, columns int, styling bool) {
	if s[0] != '\x1b' {
		text, columns = First(s)
		return text, columns, false
	}
	end := strings.IndexByte(s, 'm')
	if strings.HasPrefix(s, "\x1b]") { // a link
		end = strings.IndexAny(s, "\x07\\")
	}
	if end < 0 {
		return s, 0, true
	}
	return s[:end+1], 0, true
}

// Wrap breaks s, which holds no styling, into lines of at most n columns at spaces, and inside words that are longer.
func Wrap(s string, n int) []string {
	n = max(1, n)
	wrap := ansi.WrapWc
	if clusters.Load() {
		wrap = ansi.Wrap
	}
	var out []string
	for line := range strings.SplitSeq(wrap(s, n, ""), "\n") {
		for Of(line) > n { // the library is one out behind a hyphen, and counts some characters otherwise
			fits := fitting(line, n)
			out, line = append(out, line[:fits]), line[fits:]
		}
		out = append(out, line)
	}
	return out
}

// fitting is how much of s, in bytes, takes at most n columns. Of a character that alone is wider, as it takes
// hostility to make, it is some of its code points, and one at least.
func fitting(s string, n int) int {
	end, used := 0, 0
	for end < len(s) {
		cluster, columns := First(s[end:])
		if used += columns; used > n {
			break
		}
		end += len(cluster)
	}
	if end > 0 {
		return end
	}
	for i, r := range s {
		if i > 0 && Of(s[:i+utf8.RuneLen(r)]) > n {
			return i
		}
	}
	return len(s)
}
