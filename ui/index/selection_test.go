package index

import (
	"testing"

	"posthorn/mail"
	"posthorn/ui/uitest"
)

// What is deleted after a count is what the count says, or nothing.
func TestACountNeverMeansFewerRowsThanItSays(t *testing.T) {
	env, _, root := uitest.Env()
	for name, c := range map[string]struct {
		older bool // the database has more rows than the window
		n     int
		taken bool
		want  int
	}{
		"some":                {false, 2, true, 2},
		"to the last":         {true, 3, true, 3},
		"past the last":       {false, 9, true, 3},
		"past what is held":   {true, 4, false, 0},
		"far past everything": {false, 9999, true, 3},
	} {
		x := New(env)
		x.rows, x.older = []mail.Message{{Key: 1}, {Key: 2}, {Key: 3}, {Key: 4}}, c.older
		x.at = 1
		root.Said = nil
		if got := x.Choose(c.n); got != c.taken || x.Marked() != c.want || got == (len(root.Said) > 0) {
			t.Errorf("%s: taken: %v, %d rows, want %d; said %q", name, got, x.Marked(), c.want, root.Said)
		}
	}
}
