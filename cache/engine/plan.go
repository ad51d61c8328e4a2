package engine

import (
	"slices"

	"posthorn/cache"
	"posthorn/mail"
)

// stepKind is one step of bringing a mailbox up to date.
type stepKind int

const (
	stepReset   stepKind = iota // UIDVALIDITY changed: forget what the server said
	stepFirst                   // never synchronised: the newest headers
	stepNew                     // headers of UIDs from UIDNEXT on
	stepChanged                 // flags of UIDs below UIDNEXT changed since HIGHESTMODSEQ
	stepRecent                  // flags of the newest messages, where there is no CONDSTORE
	stepCompare                 // all UIDs: what vanished
)

// step is a kind with the range it is about.
type step struct {
	kind   stepKind
	lo, hi mail.UID    // hi 0: without end
	since  mail.ModSeq // stepChanged
}

// firstWindow is how many headers make the first list; recentFlags how many newest messages have their flags asked
// again at each synchronisation without CONDSTORE.
const (
	firstWindow = 200
	recentFlags = 500
)

// planSync says what is to be done with a mailbox, from what is held, what SELECT said and whether its UIDs were
// already compared in this session. It is pure. The comparison by count is not planned here: it needs the count
// after the new headers are in.
func planSync(have cache.SyncState, got mail.Selected, compared bool) []step {
	if have.Backfill == 0 {
		return []step{{kind: stepReset}, {kind: stepFirst}}
	}
	if have.UIDValidity != got.UIDValidity || got.UIDNext > 0 && got.UIDNext < have.UIDNext {
		// UIDs never go back either: a server whose UIDNEXT does has another mailbox under the old name. // RFC 9051 §2.3.1.1
		return []step{{kind: stepReset}, {kind: stepFirst}}
	}
	var plan []step
	if got.UIDNext == 0 || got.UIDNext > have.UIDNext {
		hi := mail.UID(0)
		if got.UIDNext > 0 {
			hi = got.UIDNext - 1
		}
		plan = append(plan, step{kind: stepNew, lo: have.UIDNext, hi: hi})
	}
	switch {
	case got.HighestModSeq == 0 || have.HighestModSeq == 0:
		plan = append(plan, step{kind: stepRecent})
	case got.HighestModSeq != have.HighestModSeq: // RFC 7162 §3.1.4.1; fallen: a restored server, ask for all
		since := have.HighestModSeq
		if got.HighestModSeq < since {
			since = 0
		}
		plan = append(plan, step{kind: stepChanged, lo: 1, hi: have.UIDNext - 1, since: since})
		if since > 0 && plan[0].kind == stepNew && plan[0].hi >= plan[0].lo+newsBatch {
			slices.Reverse(plan) // a little to be stored while much is fetched
		}
	}
	if have.Backfill > 1 && !compared {
		plan = append(plan, step{kind: stepCompare, lo: have.Backfill})
	}
	return plan
}
