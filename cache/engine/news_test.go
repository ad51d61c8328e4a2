package engine

import (
	"fmt"
	"testing"

	"posthorn/mail"
)

// While posthorn was away much mail came and flags changed, so that the flags are asked for before the headers: whichever of them
// is cut off, both are here in the end.
func TestMuchNewMailAndChangedFlagsSurviveACutAtEveryCommand(t *testing.T) {
	const held, came = 5, newsBatch + 10
	onRealMailboxes(t, func(r realRig) {
		for n := range held {
			r.put("INBOX", fmt.Sprint("held", n))
		}
	}, func(r realRig) {
		r.fault.Down(true)
		_, err := r.other.Select(r.t.Context(), "INBOX")
		r.must(err)
		r.must(r.other.StoreFlags(r.t.Context(), mail.UIDSet{{Lo: 2, Hi: 3}}, true, mail.Flagged, ""))
		var subjects []string
		for n := range came {
			subjects = append(subjects, fmt.Sprint("came", n))
		}
		r.put("INBOX", subjects...)
		r.must(r.other.StoreFlags(r.t.Context(), mail.UIDSet{{Lo: held + 1, Hi: held + 1}}, true, mail.Seen, ""))
		r.fault.Down(false)
		r.e.Refresh("")
	}, func(r realRig) string {
		marked := map[string]mail.Flags{}
		for _, m := range r.list("INBOX") {
			if m.Flags != 0 {
				marked[m.Subject] = m.Flags
			}
		}
		if n := r.mailbox("INBOX").Total; n != held+came || len(marked) != 3 ||
			marked["held1"] != mail.Flagged || marked["held2"] != mail.Flagged || marked["came0"] != mail.Seen {
			r.t.Errorf("%d messages, with flags: %v", n, marked)
		}
		return ""
	})
}
