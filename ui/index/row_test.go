package index

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"posthorn/ui/screen"
)

// TestARowChangesItsStyleAtItsText: what is blank has the style of what it stands beside; a terminal is told of no other.
func TestARowChangesItsStyleAtItsText(t *testing.T) {
	x := newHeaded(t, 20)
	x.arrive(1, 2)
	style := regexp.MustCompile(`\x1b\[[0-9;]+m`)
	for x.at = range x.rows { // on it and off it
		line := x.Draw(screen.Rect{W: 60, H: x.h}).Lines[1]
		if styles := slices.Compact(style.FindAllString(line, -1)); len(styles) != 3 {
			t.Errorf("the mark, the text and the date of an unread row have a style each, and it has %q", styles)
		}
		dates := style.FindAllString(line, -1)
		if begin := dates[len(dates)-1]; !strings.Contains(line, begin+"08:00") {
			t.Errorf("the style of the date begins before the date: %q", line)
		}
	}
}
