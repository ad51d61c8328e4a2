package engine

import (
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"

	"posthorn/mail"
)

// extensions are all that the server in this process can do beyond the base protocol.
var extensions = []imap.Cap{
	imap.CapMove, imap.CapUIDPlus, imap.CapIdle, imap.CapESearch, imap.CapListExtended, imap.CapListStatus,
	imap.CapSpecialUse, imap.CapNamespace, imap.CapLiteralPlus, imap.CapChildren,
}

// TestServersWithoutExtensionsWork does all that needs a server with each extension missing, and with all of them. (The
// server has no CONDSTORE at all; Dovecot has.)
func TestServersWithoutExtensionsWork(t *testing.T) {
	cases := map[string][]imap.Cap{"nothing missing": nil, "all": extensions, "MOVE and UIDPLUS": {imap.CapMove, imap.CapUIDPlus}}
	for _, c := range extensions {
		cases[string(c)] = []imap.Cap{c}
	}
	for name, without := range cases {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, without...)
			r.deliver("INBOX", 1, 5)
			r.deliver("Trash", 8, 9)
			r.start()
			everyErrand(r, slices.Contains(without, imap.CapUIDPlus))
		})
	}
}

// everyErrand does to a fresh rig with 5 messages in INBOX and 2 in Trash what people and other clients do. Where single
// messages cannot be expunged they stay behind, marked as \Deleted.
func everyErrand(r *rig, stay bool) {
	r.t.Helper()
	m, trash := r.list("INBOX"), r.list("Trash")
	server := r.user.Messages("INBOX")
	r.user.SetFlags("INBOX", server[0].UID, true, imap.FlagFlagged)
	r.user.Expunge("INBOX", server[1].UID)
	r.deliver("INBOX", 6, 6)
	r.do("read 1 message", flag(m[0], mail.Seen, true))
	r.do("archived 1 message", mail.Targeted{Message: m[1].Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
	r.do("deleted 1 message for good", mail.Targeted{Message: trash[0].Key, Change: mail.Expunge{}})
	if _, err := r.e.Send(r.t.Context(), draft(r, "ben@example.org", "Hello")); err != nil {
		r.t.Fatal(err)
	}
	r.calm()
	r.e.Refresh("")
	r.calm()
	r.do("unread 1 message", flag(m[0], mail.Seen, false))
	r.calm()
	r.e.Refresh("")
	r.calm()
	for mailbox, want := range map[string]string{"INBOX": "6 5 3 1\\Flagged", "Archive": "4", "Trash": "8", "Sent": "Hello\\Seen"} {
		shown := ""
		for _, m := range r.list(mailbox) {
			if !m.Flags.Has(mail.Deleted) {
				shown += m.Subject + flagNames(m.Flags) + " "
			}
		}
		unread := 0
		for _, m := range r.list(mailbox) {
			if !m.Flags.Has(mail.Seen) {
				unread++
			}
		}
		if n := r.unseen(mailbox); n != unread { // whatever STATUS says
			r.t.Errorf("%s counts %d as unread, %d are", mailbox, n, unread)
		}
		if strings.TrimSpace(shown) != want {
			r.t.Errorf("%s shows %q, want %q", mailbox, shown, want)
		}
		left := r.onServer(mailbox)
		if stay {
			left = strings.Join(slices.DeleteFunc(strings.Fields(left), func(s string) bool { return strings.Contains(s, `\Deleted`) }), " ")
		}
		if sorted(left) != sorted(want) {
			r.t.Errorf("%s on the server is %q, want %q", mailbox, left, want)
		}
	}
	if n := len(r.smtp.Accepted()); n != 1 {
		r.t.Errorf("%d messages were sent", n)
	}
	if wishes, outgoing, err := r.store.Waiting(r.t.Context()); wishes+outgoing > 0 || err != nil {
		r.t.Errorf("%d wishes and %d messages wait, %v", wishes, outgoing, err)
	}
}
