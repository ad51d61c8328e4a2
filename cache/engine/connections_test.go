package engine

import (
	"fmt"
	"testing"

	"posthorn/mail"
)

// maxConnections is what the documentation promises per account: for work, for watching INBOX, and to send.
const maxConnections = 3

func TestAnAccountNeverHasMoreThanThreeConnections(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 20)
	r.start()
	r.e.Focus(r.mailbox("Archive").Key)
	for round := range 3 {
		for i := range 3 {
			if _, err := r.e.Send(t.Context(), draft(r, "ben@example.org", fmt.Sprintf("%d of %d", i, round))); err != nil {
				t.Fatal(err)
			}
		}
		m := r.list("INBOX")[round]
		r.do("archived", mail.Targeted{Message: m.Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
		r.e.Open(m.Key, "")
		r.settle()
		r.fault.Drop()
		r.e.Refresh("")
		r.until("connected", r.connected)
		r.settle()
	}
	r.sent(9)
	if n := r.fault.Most(); n < 2 || n > maxConnections {
		t.Errorf("%d connections at a time", n)
	}
}
