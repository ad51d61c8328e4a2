// Package dialog holds the small screens that ask for one thing: yes or no, one of a list, a line of text, a
// password. A dialog ends by taking itself away and calling the function it was given; it refuses to know what the
// answer is for. Each has Size(w, h), the box it wants in a terminal of w by h cells, and draws itself framed in
// exactly the area it gets.
package dialog

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// framed is the frame of a dialog with the given inner lines, cut or filled up to the area. The cursor is relative
// to the first inner line; nil: none.
func framed(env *screen.Env, area screen.Rect, title, foot string, lines []string, cursor *tea.Cursor) screen.Frame {
	inner := max(0, area.H-2)
	for len(lines) < inner {
		lines = append(lines, "")
	}
	out := widget.Box(env.Theme, title, foot, lines[:inner], area.W)
	if area.H < 2 {
		out = out[:max(0, area.H)]
	}
	if cursor != nil {
		cursor.X, cursor.Y = min(cursor.X+1, max(0, area.W-1)), cursor.Y+1
		if cursor.Y >= area.H {
			cursor = nil
		}
	}
	return screen.Frame{Lines: out, Cursor: cursor}
}

// margin is how far text stands from the frame: nothing where every column is needed.
func margin(w int) string {
	if w < 30 {
		return ""
	}
	return "  "
}

// wrapped is text in lines of w columns with the margin of a box that wide.
func wrapped(text string, w int) []string {
	m := margin(w)
	var out []string
	for _, l := range width.Wrap(text, max(1, w-2-2*len(m))) {
		out = append(out, m+l)
	}
	return out
}

// widest is the width of the widest line of text.
func widest(text string) int {
	n := 0
	for _, l := range strings.Split(text, "\n") {
		n = max(n, width.Of(l))
	}
	return n
}

// end takes d away and then does what comes next.
func end(env *screen.Env, d screen.Screen, next func() tea.Cmd) tea.Cmd {
	gone := env.Root.Pop(d)
	if next == nil {
		return gone
	}
	return tea.Batch(gone, next())
}
