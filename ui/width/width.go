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
