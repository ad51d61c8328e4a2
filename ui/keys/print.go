package keys

import (
	"fmt"
	"io"
	"strings"

	"posthorn/ui/action"
)

// Print writes every action with its default keys, by scope, as the configuration would hold it.
func Print(w io.Writer) {
	scope := action.Scope("")
	for _, e := range action.Table {
		if e.Scope != scope {
			scope = e.Scope
			fmt.Fprintf(w, "\n[keys.%s]\n", scope)
		}
		if e.Help != "" {
			fmt.Fprintf(w, "%-22s %-32s # %s\n", e.Action, `= ["`+strings.Join(e.Keys, `", "`)+`"]`, e.Help)
		}
	}
}
