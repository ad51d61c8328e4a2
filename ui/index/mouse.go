package index

import (
	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/screen"
)

// pointing is what the mouse is about.
type pointing struct {
	lines   []int           // the row that each line shows, as drawn last; -1: a heading
	clicked mail.MessageKey // the message that a second click opens
	still   bool            // rows stay where they are until a key is pressed: the next click is about what is seen
}

// Mouse puts the cursor on the row that is clicked, marks it where its marks are clicked, opens what is clicked twice,
// and scrolls. What moves under the pointer between two clicks is not opened.
func (x *Index) Mouse(m screen.Mouse) (tea.Cmd, action.Action) {
	switch m.Gesture {
	case screen.Wheel:
		return x.wheel(m.Lines), ""
	case screen.Click, screen.DoubleClick:
		if m.Y < 0 || m.Y >= len(x.lines) || x.lines[m.Y] < 0 || x.lines[m.Y] >= len(x.rows) {
			return nil, ""
		}
		x.Touched()
		x.still = true
		x.at = x.lines[m.Y]
		before := x.clicked
		x.clicked = x.rows[x.at].Key
		first := m.Y == 0 || x.lines[m.Y-1] != x.at // of the row's lines: the one with its marks
		if act := marked(m.X); first && act != "" && len(x.selected) == 0 {
			if m.Gesture == screen.DoubleClick {
				act = ""
			}
			return x.extend(), act
		}
		if m.Gesture == screen.DoubleClick && before == x.clicked {
			return x.extend(), action.Open
		}
		return x.extend(), ""
	}
	return nil, ""
}

// marked is what a click on a row's marks does, where it is about this row alone.
func marked(column int) action.Action {
	switch column {
	case 1, 2: // the dot
		return action.ToggleRead
	case 3:
		return action.Star
	}
	return ""
}

// wheel scrolls; the cursor stays in sight.
func (x *Index) wheel(n int) tea.Cmd {
	x.still = true
	x.top = max(0, min(x.top+n, x.rise(len(x.rows)-1, x.height)))
	x.at = max(x.top, min(x.at, x.drawn()-1))
	return x.extend()
}
