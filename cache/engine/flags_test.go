package engine

import (
	"context"
	"testing"

	"github.com/emersion/go-imap/v2"

	"posthorn/mail"
)

// TestStarsSetElsewhereAreSeenWithoutCondstore: STATUS does not tell of them.
func TestStarsSetElsewhereAreSeenWithoutCondstore(t *testing.T) {
	r := newRig(t)
	for _, box := range []string{"INBOX", "Archive", "Trash"} {
		r.deliver(box, 1, 2)
	}
	r.start()
	starred := func(box string) bool { return r.list(box)[0].Flags.Has(mail.Flagged) }
	star := func(box string) { r.user.SetFlags(box, r.user.Messages(box)[1].UID, true, imap.FlagFlagged) }
	r.close()
	star("INBOX")
	star("Archive")
	r.open()
	r.e.Focus(r.mailbox("Archive").Key)
	r.e.Start(context.WithoutCancel(t.Context()))
	r.until("connected", r.connected)
	r.settle()
	for _, box := range []string{"INBOX", "Archive"} {
		if !starred(box) {
			t.Errorf("the star that was set in %s while posthorn did not run is not seen", box)
		}
	}
	star("Trash")
	r.e.Focus(r.mailbox("Trash").Key)
	r.settle()
	if !starred("Trash") {
		t.Error("the star in the mailbox that is opened is not seen")
	}
}
