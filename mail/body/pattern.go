package body

import (
	"regexp"
	"sync"
)

// pattern is a regular expression that is compiled when it is first needed: all of them at once would be a third of
// the time the program takes to start.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
