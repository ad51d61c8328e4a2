package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"posthorn/cache"
	"posthorn/mail"
)

// calm waits until the engine is connected and has nothing left to do by itself, hurrying it along after a cut connection.
func (r *rig) calm() {
	r.t.Helper()
	r.until("it is calm", func() bool {
		for _, s := range r.e.States() {
			if s.Phase == Offline && !s.Retry.IsZero() {
				r.e.Refresh("")
			}
		}
		if !r.connected() {
			return false
		}
		if r.waits() == 0 {
			return true
		}
		r.settle()
		return r.waits() == 0
	})
	r.settle()
}

// waits is how many wishes wait, without those that wait for the person: deletions, too, of what is not there any more since
// mailboxes were renumbered.
func (r *rig) waits() int {
	r.t.Helper()
	wishes, _, err := r.store.Waiting(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	for _, g := range r.wishes() {
		if r.renumbered && g.Doubt == cache.NotThere && g.Change.Kind() == mail.KindExpunge {
			wishes -= g.Messages
		}
	}
	return wishes - r.kept
}

// everywhere runs a scenario uninterrupted, and then again with the connection cut before, and after, each command
// that the scenario sends: the end must be the same, and a second run must change nothing on the server.
func everywhere(t *testing.T, prepare func(t *testing.T) *rig, scenario func(r *rig), end func(r *rig) string) {
	everyNth(t, 1, prepare, scenario, end)
}

// everyNth is everywhere with the cuts at every n-th command only.
func everyNth(t *testing.T, step int, prepare func(t *testing.T) *rig, scenario func(r *rig), end func(r *rig) string) {
	play := func(t *testing.T, n int, after bool) (state string, commands int) {
		r := prepare(t)
		r.start()
		r.fault.CutAt(n, after)
		scenario(r)
		r.calm()
		commands = len(r.fault.Commands())
		r.close()
		r.fault.CutAt(0, false)
		r.start()
		r.e.Refresh("")
		r.calm()
		if changing := r.fault.Changing(); len(changing) > 0 {
			t.Errorf("a second run sends %v", changing)
		}
		state = end(r)
		r.close()
		return state, commands
	}
	want, commands := play(t, 0, false)
	t.Logf("%d commands, end: %s", commands, want)
	for n := 1; n <= commands; n += step {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d after=%v", n, after), func(t *testing.T) {
				t.Parallel()
				if got, _ := play(t, n, after); got != want {
					t.Errorf("ended as\n%s\nwant\n%s", got, want)
				}
			})
		}
	}
}

// both is what the server has and what is shown, which must agree.
func both(r *rig) string {
	out := ""
	for _, name := range []string{"INBOX", "Archive", "Trash"} {
		shown := ""
		for _, m := range r.list(name) {
			shown = m.Subject + flagNames(m.Flags) + " " + shown
		}
		server := r.onServer(name) + " "
		if server == " " {
			server = ""
		}
		if sorted(shown) != sorted(server) {
			r.t.Errorf("%s: the server has %q, shown is %q", name, server, shown)
		}
		out += name + ": " + sorted(shown) + "\n"
	}
	return out
}

func TestWishesSurviveACutAtEveryCommand(t *testing.T) {
	for name, without := range map[string][]imap.Cap{"all": nil, "no MOVE": {imap.CapMove}} {
		t.Run(name, func(t *testing.T) {
			everywhere(t, func(t *testing.T) *rig {
				r := newRig(t, without...)
				r.deliver("INBOX", 1, 6)
				r.user.Append("Trash", message("old", "x"), time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC))
				return r
			}, func(r *rig) {
				m, old := r.list("INBOX"), r.list("Trash")[0]
				r.do("a", flag(m[0], mail.Seen, true), flag(m[1], mail.Flagged, true))
				r.do("b", mail.Targeted{Message: m[2].Key, Change: mail.Move{To: r.mailbox("Archive").Key}},
					mail.Targeted{Message: m[3].Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
				r.do("c", flag(m[3], mail.Flagged, true), mail.Targeted{Message: m[4].Key, Change: mail.Move{To: r.mailbox("Trash").Key}})
				r.do("d", mail.Targeted{Message: old.Key, Change: mail.Expunge{}})
			}, both)
		})
	}
}

func TestSendingSurvivesACutAtEveryCommand(t *testing.T) {
	commands := 1
	for n := 0; n <= commands; n++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d after=%v", n, after), func(t *testing.T) {
				r := newRig(t)
				r.start()
				r.fault.CutAt(n, after)
				key, err := r.e.Send(context.WithoutCancel(t.Context()), draft(r, "ben@example.org", "Hello"))
				if err != nil {
					t.Fatal(err)
				}
				r.until("it is sent or unknown", func() bool {
					o, err := r.store.Outgoing(t.Context(), key)
					switch {
					case mail.KindOf(err) == mail.Gone, err == nil && o.State == cache.Uncertain:
						return true
					case err == nil && o.State == cache.Queued && o.Attempts > 0, r.e.States()[0].Phase == Offline:
						r.e.Refresh("")
					}
					return false
				})
				r.calm()
				if n == 0 {
					commands = len(r.fault.Commands())
				}
				accepted, filed := len(r.smtp.Accepted()), len(r.user.Messages("Sent"))
				o, err := r.store.Outgoing(t.Context(), key)
				unknown := err == nil && o.State == cache.Uncertain
				if accepted > 1 || filed > 1 {
					t.Errorf("accepted %d times, filed %d times", accepted, filed)
				}
				if !unknown && (accepted != 1 || filed != 1) {
					t.Errorf("called sent, but accepted %d times, filed %d times", accepted, filed)
				}
			})
		}
	}
}

// sorted is a list of words in order.
func sorted(s string) string {
	words := strings.Fields(s)
	slices.Sort(words)
	return strings.Join(words, " ")
}

func flagNames(f mail.Flags) string { return strings.Join(f.Names(), "") }
