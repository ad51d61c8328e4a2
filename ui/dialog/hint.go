package dialog

import (
	"strings"

	"posthorn/ui/action"
	"posthorn/ui/screen"
)

// key is the key for a in scope, as hints show it.
func key(_ *screen.Env, scope action.Scope, a action.Action) string {
	for _, e := range action.Table {
		if e.Scope == scope && e.Action == a && len(e.Keys) > 0 {
			return e.Keys[0]
		}
	}
	return ""
}

// hint is the key for a and what it does here.
func hint(env *screen.Env, scope action.Scope, a action.Action, label string) string {
	return key(env, scope, a) + " " + label
}

func rule(w int) string { return strings.Repeat("─", max(0, w)) }

func pad(w int) string { return strings.Repeat(" ", max(0, w)) }
