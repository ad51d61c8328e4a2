package keys

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
)

// Resolver follows one person's key presses. The zero value has none to remember.
type Resolver struct{ pressed []string }

// Press looks a key up in a chain of scopes, innermost first. The action is empty where there is none; pending tells
// that the key began, continued or broke off a sequence, and so means nothing else.
func (r *Resolver) Press(m *Map, chain []action.Scope, k tea.KeyPressMsg) (a action.Action, pending bool) {
	begun := len(r.pressed) > 0
	for _, name := range []string{Name(k), onUSLayout(k)} {
		if name == "" {
			continue
		}
		pressed := append(slices.Clone(r.pressed), name)
		longer := false
		for _, b := range m.Bindings(chain) {
			if slices.Equal(b.Keys, pressed) {
				r.pressed = nil
				return b.Action, false
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

// Pending is the sequence begun, or empty.
func (r *Resolver) Pending() string { return strings.Join(r.pressed, " ") }

// Reset forgets a sequence begun.
func (r *Resolver) Reset() { r.pressed = nil }

// Continuations are what a sequence begun can still become, in the order of the table, their keys cut to what is left
// to type.
func (m *Map) Continuations(chain []action.Scope, sequence string) []action.Entry {
	var out []action.Entry
	pressed := strings.Fields(sequence)
	for _, b := range m.Bindings(chain) {
		if e, ok := entry(b); ok && e.Help != "" && len(b.Keys) > len(pressed) && starts(b.Keys, pressed) {
			e.Keys = []string{strings.Join(b.Keys[len(pressed):], " ")}
			out = append(out, e)
		}
	}
	return out
}

// entry is the line of the table for a binding; an action bound in another scope than its own keeps its words.
func entry(b Binding) (action.Entry, bool) {
	found := action.Entry{}
	for _, e := range action.Table {
		if e.Action == b.Action && (found.Action == "" || e.Scope == b.Scope) {
			found = e
		}
	}
	return found, found.Action != ""
}

// Entries are the lines of the table that work in a chain of scopes, with the keys in force.
func (m *Map) Entries(chain ...action.Scope) []action.Entry {
	var out []action.Entry
	for _, b := range m.Bindings(chain) {
		i := slices.IndexFunc(out, func(e action.Entry) bool { return e.Action == b.Action })
		if i >= 0 {
			out[i].Keys = append(out[i].Keys, b.Sequence())
			continue
		}
		if e, ok := entry(b); ok {
			e.Scope, e.Keys = b.Scope, []string{b.Sequence()}
			out = append(out, e)
		}
	}
	return out
}
