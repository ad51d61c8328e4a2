// Package uitest is what tests of screens are made of: golden files, and stand-ins for the engine and the root.
// No program code imports it.
package uitest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"posthorn/ui/screen"
	"posthorn/ui/width"
)

// Golden compares what a screen drew in an area of w by h cells with testdata/name.txt, without its colours, and
// checks that it filled the area exactly. GOLDEN=update in the environment writes the file anew.
func Golden(t testing.TB, name string, f screen.Frame, w, h int) {
	t.Helper()
	if len(f.Lines) != h {
		t.Errorf("%s: %d lines drawn, want %d", name, len(f.Lines), h)
	}
	var b strings.Builder
	for i, l := range f.Lines {
		if n := width.Of(l); n != w {
			t.Errorf("%s: line %d is %d columns wide, want %d: %q", name, i, n, w, ansi.Strip(l))
		}
		b.WriteString(strings.TrimRight(ansi.Strip(l), " ") + "\n")
	}
	if f.Cursor != nil {
		if f.Cursor.X < 0 || f.Cursor.X >= w || f.Cursor.Y < 0 || f.Cursor.Y >= h {
			t.Errorf("%s: cursor at %d,%d is outside of %d by %d", name, f.Cursor.X, f.Cursor.Y, w, h)
		}
		fmt.Fprintf(&b, "cursor %d,%d\n", f.Cursor.X, f.Cursor.Y)
	}
	GoldenText(t, name, b.String())
}
