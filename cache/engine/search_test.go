package engine

import (
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/mailtest"
	"posthorn/mail/search"
)

// heldSearch is what an Odd server says that does not answer the first search of texts; asked is closed when that comes.
func heldSearch() (command func(name, line string) string, asked chan struct{}) {
	asked = make(chan struct{})
	return func(_, line string) string {
		if !strings.Contains(line, "SEARCH") || !strings.Contains(line, "BODY ") || isClosed(asked) {
			return ""
		}
		close(asked)
		return "* OK it takes its time\r\n"
	}, asked
}

// looksFor searches everywhere on the servers.
func (r *rig) looksFor(text string) cache.View {
	r.t.Helper()
	q, err := search.Parse(text, r.clock.now())
	if err != nil {
		r.t.Fatal(err)
	}
	v := cache.View{Query: &q}
	r.e.Search(v)
	return v
}

// found are the subjects of what only servers found, sorted.
func (r *rig) found() (string, Found) {
	r.t.Helper()
	got, err := r.e.Found(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	list, err := r.store.Messages(r.t.Context(), got.Keys)
	if err != nil {
		r.t.Fatal(err)
	}
	var out []string
	for _, m := range list {
		out = append(out, m.Subject)
	}
	slices.Sort(out)
	return strings.Join(out, ", "), got
}

// findsAfar searches the servers to the end.
func (r *rig) findsAfar(text, want string) {
	r.t.Helper()
	r.looksFor(text)
	r.settle()
	if got, f := r.found(); got != want || len(f.Asking)+len(f.Unasked) > 0 {
		r.t.Errorf("%s finds %q (%+v), want %q", text, got, f, want)
	}
}

func TestServersFindWordsOfTextsThatAreNotHere(t *testing.T) {
	r := newRig(t)
	r.user.Create("Trash/Old", "")
	r.user.Append("INBOX", message("One", "the tickets are here"), time.Now())
	r.user.Append("INBOX", message("Two tickets", "nothing"), time.Now())
	r.user.Append("Archive", message("Three", "old Tickets, grün"), time.Now(), `\Seen`)
	r.user.Append("Trash", message("Four", "thrown tickets"), time.Now())
	r.start()
	r.findsAfar("tickets", "One, Three") // what the database finds it finds itself
	r.findsAfar("tickets is:read", "Three")
	r.findsAfar("tickets in:trash", "Four")
	r.findsAfar("tickets in:archive", "Three")
	r.findsAfar("tickets account:other", "")
	r.findsAfar("grün", "Three")
	before := r.times("UID SEARCH")
	r.findsAfar("subject:tickets", "") // all headers are here: nobody needs to be asked
	if n := r.times("UID SEARCH"); n != before {
		t.Errorf("asked %d times for what is here", n-before)
	}
}

func TestHeadersOfWhatAServerFoundAreFetched(t *testing.T) {
	r := newRig(t)
	for i := range 3 {
		r.user.Append("Archive", message([]string{"Old", "Older", "Oldest"}[i], "tickets"), time.Now())
	}
	r.start()
	if _, err := r.store.Vanished(t.Context(), r.mailbox("Archive").Key, mail.NewUIDSet(1, 2), nil, cache.Marks{}); err != nil {
		t.Fatal(err)
	}
	r.findsAfar("tickets", "Old, Older, Oldest")
}

func TestWhatIsLookedForOfflineIsAskedWhenTheServerIsThere(t *testing.T) {
	r := newRig(t)
	r.user.Append("INBOX", message("One", "tickets"), time.Now())
	r.start()
	r.away(func() {
		r.looksFor("tickets")
		r.settle()
		if got, f := r.found(); got != "" || len(f.Unasked) != 1 || f.Unasked[0] != (Unasked{"home", "offline"}) {
			t.Errorf("%q, %+v", got, f)
		}
	})
	r.until("found", func() bool { got, _ := r.found(); return got == "One" })
}

func TestTheLastSearchCounts(t *testing.T) {
	r := newRig(t)
	r.user.Append("INBOX", message("One", "tickets"), time.Now())
	r.user.Append("INBOX", message("Two", "coffee"), time.Now())
	r.start()
	for range 20 {
		r.looksFor("tickets")
		r.looksFor("coffee")
	}
	r.settle()
	if got, _ := r.found(); got != "Two" {
		t.Errorf("found %q", got)
	}
	r.e.Search(cache.View{})
	r.settle()
	if got, f := r.found(); got != "" || len(f.Asking)+len(f.Unasked) > 0 {
		t.Errorf("without a search %q, %+v", got, f)
	}
}

func TestAnswersToASearchThatCannotBeAreBounded(t *testing.T) {
	for name, said := range map[string]string{
		"everything there could be": "* ESEARCH (TAG \"x\") UID ALL 1:4294967295\r\n$ OK\r\n",
		"none of ours":              "* SEARCH 77 4294967295 0 -3 99999999999 x\r\n$ OK\r\n",
		"it refuses":                "$ NO cannot\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			r := odd(t, &mailtest.Odd{Command: func(name, line string) string {
				if strings.Contains(line, "BODY ") && strings.Contains(line, "SEARCH") {
					return said
				}
				return ""
			}})
			r.deliver("INBOX", 1, 3)
			r.start()
			r.looksFor("zebra")
			r.settle()
			got, f := r.found()
			if name == "everything there could be" { // the server's word counts for what is there
				if len(f.Keys) != 3 {
					t.Errorf("%q, %+v", got, f)
				}
			} else if got != "" {
				t.Errorf("%q, %+v", got, f)
			}
			if (name == "it refuses") != (len(f.Unasked) == 1) {
				t.Errorf("%+v", f)
			}
			if r.e.States()[0].Phase != Idle {
				t.Errorf("%+v", r.e.States())
			}
		})
	}
}

func TestASearchThatEndsTheConnectionIsNotTriedAgain(t *testing.T) {
	asked := 0
	r, watched := watched(t, func(_, line string) string {
		if strings.Contains(line, "SEARCH") && strings.Contains(line, "BODY ") {
			asked++
			return mailtest.HangUp
		}
		return ""
	})
	r.deliver("INBOX", 1, 3)
	r.start()
	<-watched
	logins := r.logins()
	r.looksFor("zebra")
	r.settle()
	if _, f := r.found(); asked != 1 || len(f.Unasked) != 1 || r.logins() != logins+1 {
		t.Errorf("asked %d times, %d logins, %+v", asked, r.logins()-logins, f)
	}
	if r.e.States()[0].Phase != Idle {
		t.Errorf("the work connection: %+v", r.e.States())
	}
}
