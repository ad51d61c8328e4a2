package engine

import (
	"slices"
	"strings"

	"posthorn/cache"
	"posthorn/mail"
)

// hasty is what a person does who takes some of it back before the grace period is over, the last of it when it is.
var hasty = []func(r *rig){
	func(r *rig) { r.deleteForGood("Trash", "old") },
	func(r *rig) {
		if _, shown := r.bySubject("Trash")["old"]; !shown {
			r.undo()
		}
	},
	func(r *rig) { r.deleteForGood("INBOX", "5") },
	func(r *rig) {
		if !r.isQueued("Hasty") {
			r.leaveDraft("Hasty", "in haste")
			r.sendDraft("Hasty")
		}
	},
	func(r *rig) {
		if r.isQueued("Hasty") {
			r.undo()
		}
	},
	func(r *rig) { r.leaveDraft("News", "first words") },
	func(r *rig) { r.sendDraft("News") },
	func(r *rig) {
		r.clock.ahead.Store(int64(2 * r.grace))
		r.e.Refresh("")
	},
}

func (r *rig) deleteForGood(mailbox, subject string) {
	r.t.Helper()
	if m, shown := r.bySubject(mailbox)[subject]; shown {
		r.do("deleted for good", mail.Targeted{Message: m.Key, Change: mail.Expunge{}})
	}
}

func (r *rig) isQueued(subject string) bool {
	r.t.Helper()
	outbox, err := r.store.Outbox(r.t.Context())
	r.must(err)
	return slices.ContainsFunc(outbox, func(o cache.Outgoing) bool { return o.Subject == subject })
}

// intactAfterGrace demands that what was taken back was not done, and the rest was, once.
func (r *rig) intactAfterGrace(unsure map[string]bool) {
	r.t.Helper()
	r.open()
	defer r.close() // checks
	unknown, filed := r.sentOnce(unsure, "News ben", "News cy", "News dan")
	sent := "News\\Seen"
	if unknown["News"] && !filed["News"] {
		sent = ""
	}
	r.holds(map[string]string{"INBOX": "1 2 3 4", "Trash": "old", "Sent": sent})
	r.draftIs("Hasty", "in haste")
	if !strings.Contains(r.shownNames(), "Gone") {
		r.t.Errorf("shown are %s", r.shownNames())
	}
}
