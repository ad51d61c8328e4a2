package keys

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
)

// Resolver remembers the keys of a sequence that is not finished yet.
type Resolver struct {
	keys    *Map
	pressed []string
}

// NewResolver resolves by the bindings of m.
func NewResolver(m *Map) *Resolver { return &Resolver{keys: m} }

// Press takes a key. The action is empty where there is none; taken tells whether the key began, continued or ended
// a sequence, and so does not type text.
func (r *Resolver) Press(chain []action.Scope, k tea.KeyPressMsg) (a action.Action, taken bool) {
	begun := len(r.pressed) > 0
	for _, name := range []string{Name(k), onUSLayout(k)} {
		if name == "" {
			continue
		}
		pressed := append(slices.Clone(r.pressed), name)
		longer := false
		for _, b := range r.keys.Bindings(chain) {
			if slices.Equal(b.Keys, pressed) {
				r.pressed = nil
				return b.Action, true
			}
			longer = longer || starts(b.Keys, pressed)
		}
		if longer {
			r.pressed = pressed
			return "", true
		}
	}
	r.pressed = nil
	return "", begun
}

// Pending are the keys pressed so far of a sequence that is not finished.
func (r *Resolver) Pending() []string { return r.pressed }

// Drop forgets the sequence begun.
func (r *Resolver) Drop() { r.pressed = nil }

// Continuations are the bindings that the keys pressed so far can become, in the order of the table.
func (r *Resolver) Continuations(chain []action.Scope) []Binding {
	var out []Binding
	if len(r.pressed) == 0 {
		return nil
	}
	for _, b := range r.keys.Bindings(chain) {
		if len(b.Keys) > len(r.pressed) && starts(b.Keys, r.pressed) {
			out = append(out, b)
		}
	}
	return out
}
