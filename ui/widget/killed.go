package widget

import tea "charm.land/bubbletea/v2"

// Killed is the text that was cut, copied or killed last, for ctrl+y and ctrl+v to bring. Inputs that share one paste
// what was cut in another.
type Killed struct{ Text string }

// Yanks tells whether a key asks for the text of Killed.
func Yanks(k tea.KeyPressMsg) bool { return editFor(k) == yank }

// Share has the field keep what it kills with others.
func (f *Field) Share(k *Killed) { f.killed = k }

// Share has the text keep what it kills with others.
func (t *Text) Share(k *Killed) { t.killed = k }

// kept is where a field keeps what it kills; it has a place of its own until one is shared.
func (f *Field) kept() *Killed {
	if f.killed == nil {
		f.killed = &Killed{}
	}
	return f.killed
}
