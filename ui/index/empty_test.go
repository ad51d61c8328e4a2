package index

import (
	"strings"
	"testing"

	"posthorn/mail"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// TestWhatIsEmptySaysWhetherItIsKnownByNow: mailboxes that are shown from before their first mail came may be emptied since.
func TestWhatIsEmptySaysWhetherItIsKnownByNow(t *testing.T) {
	env, _, _ := uitest.Env()
	x := New(env)
	x.Show(View{Mailboxes: []mail.Mailbox{{Key: 1, Synced: true}, {Key: 2}}})
	x.take(screen.Result{Value: window{at: stay}})
	sees := func(want string) {
		t.Helper()
		if got := strings.Join(x.Draw(screen.Rect{W: 80, H: 10}).Lines, "\n"); !strings.Contains(got, want) {
			t.Errorf("it does not say %q:\n%s", want, got)
		}
	}
	sees("The messages are not known yet")
	x.Know([]mail.Mailbox{{Key: 2, Synced: true}, {Key: 3}})
	sees("No messages here.")
}
