package screen

import (
	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
)

// Gesture is what the mouse did.
type Gesture int

// The gestures. A drag and the release belong to the screen that was clicked, wherever they happen.
const (
	Click Gesture = iota
	DoubleClick
	TripleClick // only where the first two were on the same screen
	Drag
	Release
	Wheel
)

// Mouse is a gesture at a place of a screen's frame: 0, 0 is its upper left corner.
type Mouse struct {
	Gesture Gesture
	X, Y    int
	Lines   int  // of the wheel: how far down; up where it is negative
	Extend  bool // shift is held: what is selected reaches to here
}

// Pointed is a screen that takes the mouse. The action it returns is done as if its key had been pressed; empty: none.
type Pointed interface {
	Mouse(m Mouse) (tea.Cmd, action.Action)
}
