package keys

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"posthorn/ui/action"
)

// Binding is one sequence of keys and what it asks for.
type Binding struct {
	Keys   []string // canonical names, one for each press
	Action action.Action
	Scope  action.Scope
	chosen bool // by the user
}

// option is the binding in the configuration.
func (b Binding) option() string { return fmt.Sprintf("keys.%s.%s", b.Scope, b.Action) }

// Sequence is the notation of the binding's keys.
func (b Binding) Sequence() string { return strings.Join(b.Keys, " ") }

// Map holds the bindings of all scopes. It does not change.
type Map struct {
	bound map[action.Scope][]Binding
	own   map[action.Scope]map[action.Action]bool // bound by the user here: the keys of outer scopes do not count

	mu      sync.Mutex
	chains  map[string][]Binding      // what Bindings found, by chain
	entries map[string][]action.Entry // what Entries found, by chain
}

// chains are the scopes that are looked up together, innermost first.
var chains = [][]action.Scope{
	{action.Index, action.Message, action.App},
	{action.Pager, action.Message, action.App},
	{action.Lines, action.Pager, action.Message, action.App},
	{action.Finding, action.Pager, action.Message, action.App},
	{action.Sidebar, action.App},
	{action.Outbox, action.App},
	{action.Files},
	{action.Scroll, action.App},
	{action.Field, action.Composer},
	{action.Offered, action.Composer},
	{action.Marked, action.Field, action.Composer},
	{action.Editor, action.Composer},
	{action.Marked, action.Editor, action.Composer},
	{action.Dialog},
	{action.Question},
}

// typing are the scopes in which keys that type text belong to the text.
var typing = []action.Scope{action.Dialog, action.Offered, action.Field, action.Editor, action.Marked, action.Composer}

// Default is the map without changes.
func Default() *Map {
	m, _ := New("", nil)
	return m
}

// Problem is something wrong with the user's keys.
type Problem struct {
	Key   string // dotted, as in the configuration: "keys.list.archive"
	Other string // what it clashes with, where that is the user's own, too
	What  string // what is wrong, and what would be right
}

// New is the table of actions with the keys of a preset and the user's own: scope, action, keys. An action named in a
// scope has there the keys given and no others. What is wrong is left out and reported.
func New(preset string, overrides map[string]map[string][]string) (*Map, []Problem) {
	m := &Map{bound: map[action.Scope][]Binding{}, own: map[action.Scope]map[action.Action]bool{}, chains: map[string][]Binding{}, entries: map[string][]action.Entry{}}
	for _, scope := range scopes() {
		m.own[scope] = map[action.Action]bool{}
	}
	var problems []Problem
	if preset != "" && !slices.Contains(action.Presets, preset) {
		problems = append(problems, Problem{Key: "keys.preset", What: fmt.Sprintf("%q is not known%s: use one of %s", preset,
			meant(preset, action.Presets), strings.Join(action.Presets, ", "))})
	}
	for _, scope := range slices.Sorted(maps.Keys(overrides)) {
		for _, name := range slices.Sorted(maps.Keys(overrides[scope])) {
			problems = append(problems, m.override(action.Scope(scope), action.Action(name), overrides[scope][name])...)
		}
	}
	for _, e := range action.For(preset) {
		if m.own[e.Scope][e.Action] {
			continue
		}
		for _, sequence := range e.Keys {
			names, err := Parse(sequence)
			if err != nil {
				panic("action table: " + err.Error())
			}
			m.bound[e.Scope] = append(m.bound[e.Scope], Binding{Keys: names, Action: e.Action, Scope: e.Scope})
		}
	}
	return m, append(problems, m.conflicts()...)
}

func scopes() []action.Scope {
	var out []action.Scope
	for _, e := range action.Table {
		if !slices.Contains(out, e.Scope) {
			out = append(out, e.Scope)
		}
	}
	return out
}

func (m *Map) override(scope action.Scope, a action.Action, sequences []string) []Problem {
	key := fmt.Sprintf("keys.%s.%s", scope, a)
	own, ok := m.own[scope]
	if !ok {
		return []Problem{{Key: "keys." + string(scope), What: fmt.Sprintf("is not a part of the screen%s: use one of %s", meant(string(scope), scopes()), list(scopes()))}}
	}
	if !reachable(scope, a) {
		return []Problem{{Key: key, What: "is not an action there" + meant(string(a), actions(scope)) + ": posthorn -print-keys names all"}}
	}
	own[a] = true
	var problems []Problem
	for _, sequence := range sequences {
		names, err := Parse(sequence)
		if err == nil && slices.Contains(typing, scope) && types(names[0]) {
			err = fmt.Errorf("%q types text there: use it with ctrl or alt", sequence)
		}
		if err != nil {
			problems = append(problems, Problem{Key: key, What: err.Error()})
			continue
		}
		m.bound[scope] = append(m.bound[scope], Binding{Keys: names, Action: a, Scope: scope, chosen: true})
	}
	return problems
}

// actions are those that can be bound in a scope.
func actions(scope action.Scope) []action.Action {
	var out []action.Action
	for _, e := range action.Table {
		if reachable(scope, e.Action) {
			out = append(out, e.Action)
		}
	}
	return out
}

// reachable tells whether an action is known in a scope or in one around it.
func reachable(scope action.Scope, a action.Action) bool {
	for _, chain := range chains {
		i := slices.Index(chain, scope)
		if i < 0 {
			continue
		}
		if slices.ContainsFunc(action.Table, func(e action.Entry) bool { return e.Action == a && slices.Contains(chain[i:], e.Scope) }) {
			return true
		}
	}
	return slices.ContainsFunc(action.Table, func(e action.Entry) bool { return e.Action == a && e.Scope == scope })
}

// conflicts reports sequences that can never be finished or that two actions of one scope share. Inner scopes may
// shadow outer ones, but a key the user chose must not cut off longer sequences of an outer scope, nor take an
// action its last key.
func (m *Map) conflicts() []Problem {
	var out []Problem
	say := func(b, other Binding, format string, args ...any) {
		if other.chosen && !b.chosen {
			b = other
		}
		p := Problem{Key: b.option(), What: fmt.Sprintf(format, args...)}
		if other.chosen && other.option() != p.Key {
			p.Other = other.option()
		}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	for _, chain := range chains {
		for i, scope := range chain {
			for j, b := range m.bound[scope] {
				for _, other := range m.bound[scope][j+1:] {
					if b.Action != other.Action && (starts(b.Keys, other.Keys) || starts(other.Keys, b.Keys)) {
						say(b, other, "%q of %s clashes with %q of %s: give one of them another key", b.Sequence(), b.Action, other.Sequence(), other.Action)
					}
				}
				for _, outer := range chain[i+1:] {
					for _, other := range m.bound[outer] {
						if (b.chosen || other.chosen) && other.Action != b.Action && len(other.Keys) > len(b.Keys) && starts(other.Keys, b.Keys) {
							say(b, other, "%q of %s hides %q of %s: give one of them another key", b.Sequence(), b.Action, other.Sequence(), other.Action)
						} else if b.chosen && other.Action != b.Action && slices.Equal(other.Keys, b.Keys) && m.First(chain, other.Action) == "" {
							say(b, b, "%q is the only key of %s there: give that one another key", b.Sequence(), other.Action)
						}
					}
				}
			}
		}
	}
	return out
}

// starts tells whether all begins with the keys of part.
func starts(all, part []string) bool {
	return len(all) >= len(part) && slices.Equal(all[:len(part)], part)
}

func list(names []action.Scope) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	return strings.Join(out, ", ")
}

// Bindings are those that work in a chain of scopes, innermost first; what an inner scope shadows is left out.
func (m *Map) Bindings(chain []action.Scope) []Binding {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := list(chain)
	found, ok := m.chains[key]
	if !ok {
		found = m.find(chain)
		m.chains[key] = found
	}
	return found
}

func (m *Map) find(chain []action.Scope) []Binding {
	var out []Binding
	for i, scope := range chain {
	next:
		for _, b := range m.bound[scope] {
			for _, inner := range chain[:i] {
				if m.own[inner][b.Action] {
					continue next
				}
			}
			for _, seen := range out {
				if seen.Scope != scope && (starts(b.Keys, seen.Keys) || starts(seen.Keys, b.Keys)) {
					continue next
				}
			}
			out = append(out, b)
		}
	}
	return out
}

// All are the sequences for a in a chain of scopes, in the order of the table.
func (m *Map) All(chain []action.Scope, a action.Action) []string {
	var out []string
	for _, b := range m.Bindings(chain) {
		if b.Action == a {
			out = append(out, b.Sequence())
		}
	}
	return out
}

// First is the sequence that hints show for a in a chain of scopes; empty: there is none.
func (m *Map) First(chain []action.Scope, a action.Action) string {
	for _, b := range m.Bindings(chain) {
		if b.Action == a {
			return b.Sequence()
		}
	}
	return ""
}

// Key is the first sequence for a in one scope; empty: there is none.
func (m *Map) Key(scope action.Scope, a action.Action) string {
	return m.First([]action.Scope{scope}, a)
}
