package keys

import (
	"fmt"
	"io"
	"strings"

	"posthorn/ui/action"
)

// Print writes every action with its keys in a preset, by scope, as the configuration would hold it.
func Print(w io.Writer, preset string) {
	scope := action.Scope("")
	for _, e := range action.For(preset) {
		if e.Scope != scope {
			scope = e.Scope
			fmt.Fprintf(w, "\n[keys.%s]\n", scope)
		}
		if e.Help != "" {
			fmt.Fprintf(w, "%-22s %-32s # %s\n", e.Action, "= "+quoted(e.Keys), e.Help)
		}
	}
}

// quoted is keys as TOML has them.
func quoted(keys []string) string {
	out := make([]string, len(keys))
	for i, k := range keys {
		if out[i] = `"` + k + `"`; strings.Contains(k, `\`) {
			out[i] = "'" + k + "'"
		}
	}
	return "[" + strings.Join(out, ", ") + "]"
}
