// Package width measures and cuts text by the columns it takes in the terminal. It is the one place that decides
// how wide a character is, in step with the renderer: by wcwidth, until the terminal has confirmed grapheme
// clusters (mode 2027). It refuses to style anything.
package width

import (
	"strings"
	"sync/atomic"

	"github.com/charmbracelet/x/ansi"
)

var clusters atomic.Bool

// UseClusters switches to grapheme widths once the terminal has confirmed mode 2027.
func UseClusters(on bool) { clusters.Store(on) }

// Of is the number of columns of s, which may hold our own styling.
func Of(s string) int {
	if clusters.Load() {
		return ansi.StringWidth(s)
	}
	return ansi.StringWidthWc(s)
}

// Cut shortens s to at most n columns, ending in … where something was cut off.
func Cut(s string, n int) string {
	if n <= 0 {
		return ""
	}
	if clusters.Load() {
		return ansi.Truncate(s, n, "…")
	}
	return ansi.TruncateWc(s, n, "…")
}

// Skip is s without its first n columns.
func Skip(s string, n int) string {
	if n <= 0 {
		return s
	}
	if clusters.Load() {
		return ansi.TruncateLeft(s, n, "")
	}
	return ansi.TruncateLeftWc(s, n, "")
}

// Fit is s cut or padded with spaces to exactly n columns.
func Fit(s string, n int) string {
	w := Of(s)
	if w > n {
		s = Cut(s, n)
		w = Of(s)
	}
	if w < n {
		s += strings.Repeat(" ", n-w)
	}
	return s
}

// FitLeft is Fit with the padding in front.
func FitLeft(s string, n int) string {
	w := Of(s)
	if w > n {
		s = Cut(s, n)
		w = Of(s)
	}
	if w < n {
		s = strings.Repeat(" ", n-w) + s
	}
	return s
}

// Wrap breaks s into lines of at most n columns at spaces, and inside words that are longer.
func Wrap(s string, n int) []string {
	if n < 1 {
		n = 1
	}
	if clusters.Load() {
		return strings.Split(ansi.Wrap(s, n, ""), "\n")
	}
	return strings.Split(ansi.WrapWc(s, n, ""), "\n")
}
