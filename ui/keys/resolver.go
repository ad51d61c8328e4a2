package keys

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
)

// Resolver follows one person's key presses. The zero value has none to remember.
type Resolver struct {
	pressed []string
	count   int // typed before the key to come
	last    int // before the action returned last
}

// most bounds counts.
const most = 9999

// Press looks a key up in a chain of scopes, innermost first. The action is empty where there is none; pending tells
// that the key began, continued or broke off a sequence or a count, and so means nothing else.
func (r *Resolver) Press(m *Map, chain []action.Scope, k tea.KeyPressMsg) (a action.Action, pending bool) {
	begun := r.Begun() != ""
	if r.count > 0 && Name(k) == "esc" {
		r.Reset()
		return "", true
	}
	for _, name := range []string{Name(k), onUSLayout(k)} {
		if name == "" {
			continue
		}
		pressed := append(slices.Clone(r.pressed), name)
		longer := false
		for _, b := range m.Bindings(chain) {
			if slices.Equal(b.Keys, pressed) {
				r.last = r.count
				r.Reset()
				return b.Action, false
			}
			longer = longer || starts(b.Keys, pressed)
		}
		if longer {
			r.pressed = pressed
			return "", true
		}
	}
	if len(r.pressed) == 0 && r.counts(chain, k) {
		return "", true
	}
	r.Reset()
	return "", begun
}

// counts takes a digit, which no binding has, where keys are not text.
func (r *Resolver) counts(chain []action.Scope, k tea.KeyPressMsg) bool {
	name := Name(k)
	if !slices.Contains(chain, action.App) || len(name) != 1 || name < "0" || name > "9" || name == "0" && r.count == 0 {
		return false
	}
	r.count = min(10*r.count+int(name[0]-'0'), most)
	return true
}

// Count is how often the action returned last is meant, or at which place; 0: nothing was said.
func (r *Resolver) Count() int { return r.last }

// Begun is what has been typed, a count and a sequence, as it is shown; empty: nothing.
func (r *Resolver) Begun() string {
	if r.count > 0 {
		return strings.TrimSpace(strconv.Itoa(r.count) + " " + r.Pending())
	}
	return r.Pending()
}

// Pending is the sequence begun, without its count, or empty.
func (r *Resolver) Pending() string { return strings.Join(r.pressed, " ") }

// Reset forgets a sequence begun.
func (r *Resolver) Reset() { r.pressed, r.count = nil, 0 }

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
	found := -1
	for i := range action.Table {
		if e := &action.Table[i]; e.Action == b.Action && (found < 0 || e.Scope == b.Scope) {
			found = i
		}
	}
	if found < 0 {
		return action.Entry{}, false
	}
	return action.Table[found], true
}

// Entries are the lines of the table that work in a chain of scopes, with the keys in force. They are asked for with every
// frame and made once: the caller leaves them as they are.
func (m *Map) Entries(chain ...action.Scope) []action.Entry {
	bindings := m.Bindings(chain)
	m.mu.Lock()
	defer m.mu.Unlock()
	key := list(chain)
	found, ok := m.entries[key]
	if !ok {
		found = entriesOf(bindings)
		m.entries[key] = found
	}
	return found
}

func entriesOf(bindings []Binding) []action.Entry {
	var out []action.Entry
	at := map[action.Action]int{}
	for _, b := range bindings {
		if i, ok := at[b.Action]; ok {
			out[i].Keys = append(out[i].Keys, b.Sequence())
			continue
		}
		if e, ok := entry(b); ok {
			e.Scope, e.Keys = b.Scope, []string{b.Sequence()}
			at[b.Action] = len(out)
			out = append(out, e)
		}
	}
	return out
}
