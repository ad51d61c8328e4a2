package uitest

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/width"
)

// Place is where a text begins on screen; it fails the test where it is not.
func (d *Driver) Place(text string) (x, y int) {
	d.T.Helper()
	for y, l := range d.Lines() {
		if before, _, ok := strings.Cut(l, text); ok {
			return width.Of(before), y
		}
	}
	d.T.Fatalf("%q is not on screen:\n%s", text, d.Screen())
	return 0, 0
}

// Click presses the left button of the mouse on a text and lets it go.
func (d *Driver) Click(text string) {
	d.T.Helper()
	x, y := d.Place(text)
	d.ClickAt(x, y)
}

// ClickAt is Click for a cell of the terminal.
func (d *Driver) ClickAt(x, y int) {
	d.T.Helper()
	m := tea.Mouse{X: x, Y: y, Button: tea.MouseLeft}
	d.Send(tea.MouseClickMsg(m))
	d.Send(tea.MouseReleaseMsg(m))
}

// DragTo presses the left button at a cell, moves to a column and lets it go.
func (d *Driver) DragTo(x, y, column int) {
	d.T.Helper()
	d.Send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	d.Send(tea.MouseMotionMsg{X: column, Y: y, Button: tea.MouseLeft})
	d.Send(tea.MouseReleaseMsg{X: column, Y: y, Button: tea.MouseLeft})
}

// Wheel turns the wheel so many notches over a cell, up where n is negative.
func (d *Driver) Wheel(x, y, n int) {
	d.T.Helper()
	m := tea.Mouse{X: x, Y: y, Button: tea.MouseWheelDown}
	if n < 0 {
		m.Button = tea.MouseWheelUp
	}
	for range max(n, -n) {
		d.Send(tea.MouseWheelMsg(m))
	}
}
