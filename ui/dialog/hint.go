package dialog

import (
	"strings"

	"posthorn/ui/action"
	"posthorn/ui/keys"
	"posthorn/ui/screen"
)

// key is the key for a in scope, as hints show it.
func key(env *screen.Env, scope action.Scope, a action.Action) string {
	return keys.Show(env.Keys.Key(scope, a))
}

// hint is the key for a and what it does here.
func hint(env *screen.Env, scope action.Scope, a action.Action, label string) string {
	return key(env, scope, a) + " " + label
}

func rule(w int) string { return strings.Repeat("─", max(0, w)) }

func pad(w int) string { return strings.Repeat(" ", max(0, w)) }
