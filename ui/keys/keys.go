// Package keys turns key presses into actions: names of keys, sequences such as "g g", and the lookup through a
// chain of scopes. It is the only package that knows what a key is called, and refuses to know what an action does.
package keys

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/action"
)

// Map holds, for each scope, the action of every key sequence. It does not change after New.
type Map struct {
	scopes map[action.Scope]map[string]action.Action // sequence: key names divided by one space
	order  map[action.Scope][]action.Entry           // with the keys in force, for help and hints
}

// New makes a map of the default keys and the user's own: scope, action, keys. An empty list takes an action's keys
// away. Problems name the configuration key; the map is usable all the same.
func New(own map[string]map[string][]string) (*Map, []mail.Problem) {
	m := &Map{scopes: map[action.Scope]map[string]action.Action{}, order: map[action.Scope][]action.Entry{}}
	problems := unknown(own)
	for _, e := range action.Table {
		if keys, ok := own[string(e.Scope)][string(e.Action)]; ok {
			e.Keys = keys
		}
		m.order[e.Scope] = append(m.order[e.Scope], e)
	}
	for _, scope := range slices.Sorted(maps.Keys(m.order)) {
		problems = append(problems, m.index(scope)...)
	}
	return m, problems
}

// unknown finds scopes, actions and keys that do not exist.
func unknown(own map[string]map[string][]string) []mail.Problem {
	var out []mail.Problem
	say := func(key, format string, args ...any) {
		out = append(out, mail.Problem{Key: "keys." + key, What: fmt.Sprintf(format, args...)})
	}
	for _, scope := range slices.Sorted(maps.Keys(own)) {
		if !slices.ContainsFunc(action.Table, func(e action.Entry) bool { return string(e.Scope) == scope }) {
			say(scope, "is no scope: posthorn -print-keys lists them")
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(own[scope])) {
			key := scope + "." + name
			if !slices.ContainsFunc(action.Table, func(e action.Entry) bool {
				return string(e.Scope) == scope && string(e.Action) == name
			}) {
				say(key, "is no action of this scope: posthorn -print-keys lists them")
			}
			for _, sequence := range own[scope][name] {
				for _, k := range strings.Split(sequence, " ") {
					if !valid(k) {
						say(key, "%q is no key: write it like \"a\", \"ctrl+s\", \"enter\" or \"g i\"", sequence)
					}
				}
			}
		}
	}
	return out
}

// index fills one scope and finds what stands in its own way there.
func (m *Map) index(scope action.Scope) []mail.Problem {
	var problems []mail.Problem
	table := map[string]action.Action{}
	for _, e := range m.order[scope] {
		for _, k := range e.Keys {
			if other, taken := table[k]; taken && other != e.Action {
				problems = append(problems, mail.Problem{Key: fmt.Sprintf("keys.%s.%s", scope, e.Action),
					What: fmt.Sprintf("%q is the key of %s already", k, other)})
			}
			table[k] = e.Action
		}
	}
	for a := range table {
		for b := range table {
			if strings.HasPrefix(b, a+" ") {
				problems = append(problems, mail.Problem{Key: fmt.Sprintf("keys.%s.%s", scope, table[b]),
					What: fmt.Sprintf("%q can never be typed: %q is the key of %s", b, a, table[a])})
			}
		}
	}
	m.scopes[scope] = table
	slices.SortFunc(problems, func(a, b mail.Problem) int { return strings.Compare(a.Key, b.Key) })
	return problems
}

// Entries are the lines of a scope with the keys in force, in the order of the table.
func (m *Map) Entries(scope action.Scope) []action.Entry { return m.order[scope] }

// Key is the first key of an action in a scope, or empty.
func (m *Map) Key(scope action.Scope, a action.Action) string {
	for _, e := range m.order[scope] {
		if e.Action == a && len(e.Keys) > 0 {
			return e.Keys[0]
		}
	}
	return ""
}

// Resolver follows one person's key presses.
type Resolver struct{ pending []string }

// Pending is the sequence begun, or empty.
func (r *Resolver) Pending() string { return strings.Join(r.pending, " ") }

// Reset forgets a sequence begun.
func (r *Resolver) Reset() { r.pending = nil }

// Press looks a key up in a chain of scopes, innermost first. pending tells that it began or continued a sequence; a
// key that continues nothing ends the sequence and is looked up by itself.
func (r *Resolver) Press(m *Map, scopes []action.Scope, k tea.KeyPressMsg) (a action.Action, pending bool) {
	name := Name(k)
	for {
		sequence := strings.Join(append(slices.Clone(r.pending), name), " ")
		for _, scope := range scopes {
			if a, ok := m.scopes[scope][sequence]; ok {
				r.pending = nil
				return a, false
			}
		}
		for _, scope := range scopes {
			for s := range m.scopes[scope] {
				if strings.HasPrefix(s, sequence+" ") {
					r.pending = append(r.pending, name)
					return "", true
				}
			}
		}
		if len(r.pending) == 0 {
			return "", false
		}
		r.pending = nil
		if name == "esc" { // gives up the sequence and nothing else
			return "", false
		}
	}
}

// Continuations are the entries that a sequence begun can still become, their keys cut to what is left to type.
func (m *Map) Continuations(scopes []action.Scope, sequence string) []action.Entry {
	var out []action.Entry
	for _, scope := range scopes {
		for _, e := range m.order[scope] {
			for _, k := range e.Keys {
				if rest, ok := strings.CutPrefix(k, sequence+" "); ok && e.Help != "" {
					e.Keys = []string{rest}
					out = append(out, e)
					break
				}
			}
		}
	}
	return out
}
