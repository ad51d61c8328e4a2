package engine

import (
	"strings"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/search"
)

// finds are the subjects that a search finds, newest first.
func (r *rig) finds(text string) string {
	r.t.Helper()
	q, err := search.Parse(text, r.clock.now())
	r.must(err)
	w, err := r.store.Window(r.t.Context(), cache.View{Query: &q}, cache.Position{}, 0, 100)
	r.must(err)
	var out []string
	for _, m := range w.Messages {
		out = append(out, m.Subject)
	}
	return strings.Join(out, " ")
}

// Without a network everything but fetching new bodies works: from the first moment, in a program that was started
// without one.
func TestWithoutANetworkEverythingButNewBodiesWorks(t *testing.T) {
	r := newRig(t)
	r.user.Create("Lists", mail.NoRole)
	r.deliver("Lists", 1, 3)
	r.user.Append("INBOX", message("harvest", "The plums are ripe."), time.Now())
	r.user.Append("INBOX", message("read", "Nothing of it was fetched."), time.Now(), `\Seen`)
	r.offline = 30 * 24 * time.Hour
	r.start()
	r.close()
	r.fault.Down(true)
	r.open()
	r.e.Start(t.Context())
	r.until("offline", func() bool { return r.e.States()[0].Phase == Offline && !r.e.States()[0].Retry.IsZero() })

	harvest, seen := r.list("INBOX")[1], r.list("INBOX")[0]
	if harvest.Subject != "harvest" {
		harvest, seen = seen, harvest
	}
	if raw, complete, err := r.store.Content(t.Context(), harvest.Key, "1"); err != nil || !complete || !strings.Contains(string(raw), "plums") {
		t.Errorf("read: %q, complete %v, %v", raw, complete, err)
	}
	r.e.Open(seen.Key)
	if _, complete, _ := r.store.Content(t.Context(), seen.Key, "1"); complete {
		t.Error("a body was kept that was read already")
	}

	r.do("starred 1 message", flag(harvest, mail.Flagged, true))
	r.do("archived 1 message", mail.Targeted{Message: r.list("Lists")[0].Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
	r.do("labelled 1 message", mail.Targeted{Message: r.list("Lists")[0].Key, Change: mail.FlagChange{Add: "plums"}})
	for query, want := range map[string]string{
		"subject:harvest": "harvest",
		"plums":           "harvest", // the text
		"from:ben":        "harvest read 3 2 1",
		"is:starred":      "harvest", // as it is wanted, not as the server has it
		"in:Archive":      "3",
		"in:Lists":        "2 1",
		"label:plums":     "2",
		"nothing":         "",
	} {
		if got := r.finds(query); sorted(got) != sorted(want) {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}

	d := draft(r, "ben@example.org", "Plums")
	key, err := r.e.SaveDraft(t.Context(), d)
	r.must(err)
	d.Key = key
	_, err = r.e.Send(t.Context(), d)
	r.must(err)
	_, err = r.e.SaveDraft(t.Context(), draft(r, "ben@example.org", "Later"))
	r.must(err)
	r.errand(cache.CreateMailbox, "", "Orchard", 0)
	r.do("undone", flag(seen, mail.Flagged, true))
	if u, err := r.e.Undo(t.Context()); err != nil || u.What != "undone" {
		t.Errorf("undid %q, %v", u.What, err)
	}
	if wishes, outgoing, err := r.store.Waiting(t.Context()); err != nil || wishes != 5 || outgoing != 1 {
		t.Errorf("%d wishes and %d messages wait, %v", wishes, outgoing, err)
	}

	r.fault.Down(false)
	r.e.Refresh("")
	r.calm()
	r.until("it is sent", r.outboxIsEmpty)
	r.settle()
	if got := r.onServer("INBOX") + "|" + r.onServer("Lists") + "|" + r.onServer("Archive") + "|" + r.onServer("Sent"); sorted(got) != sorted(`harvest\Flagged read\Seen|1 2plums|3|Plums\Seen`) {
		t.Errorf("the server has %s", got)
	}
	if _, complete, err := r.store.Content(t.Context(), seen.Key, "1"); err != nil || !complete {
		t.Errorf("what was opened meanwhile is not here: %v", err)
	}
	if got := r.onServer("Orchard"); got != "" || len(r.smtp.Accepted()) != 1 {
		t.Errorf("Orchard %q, %d sent", got, len(r.smtp.Accepted()))
	}
}
