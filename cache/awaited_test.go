package cache

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

// astray is a fixture in which a message is gone from INBOX, of which changes are wanted; each is an action of its own.
func astray(t *testing.T, changes func(f *fixture) []mail.Change) (f *fixture, first mail.Header) {
	t.Helper()
	f = newFixture(t)
	for _, box := range []mail.MailboxKey{f.inbox, f.archive, f.trash} { // Sent is not read yet: nothing is given up
		f.ok(f.Reset(f.ctx, box, 7))
		f.add(box)
	}
	first = header(1)
	key := f.add(f.inbox, first)[0]
	for i, c := range changes(f) {
		f.wish(fmt.Sprint("action ", i+1), c, key)
	}
	f.do(f.Vanished(f.ctx, f.inbox, mail.NewUIDSet(1), nil, Marks{}))
	for _, box := range []mail.MailboxKey{f.trash, f.archive, f.trash} { // where moves may have brought it
		f.do(f.Settled(f.ctx, box))
	}
	if n := len(f.strays()); n == 0 || len(f.due()) > 0 {
		t.Fatalf("%d wishes are awaited, to do is %q", n, f.wanted())
	}
	return f, first
}

// strays are the wishes that wait for messages to turn up.
func (f *fixture) strays() []WishGroup {
	f.t.Helper()
	groups, err := f.Wishes(f.ctx)
	f.ok(err)
	return slices.DeleteFunc(groups, func(g WishGroup) bool { return g.Doubt != NotThere })
}

// turnsUp is a message like another one that the server tells of, this much later, with a UID of its own; then all is read.
func (f *fixture) turnsUp(box mail.MailboxKey, h mail.Header, uid mail.UID, later time.Duration) mail.MessageKey {
	f.t.Helper()
	key := f.comes(box, h, uid, later)
	f.do(f.FindStrayed(f.ctx, "home"))
	return key
}

// comes is turnsUp before all is read.
func (f *fixture) comes(box mail.MailboxKey, h mail.Header, uid mail.UID, later time.Duration) mail.MessageKey {
	f.t.Helper()
	h.UID, h.Received = uid, h.Received.Add(later)
	keys, err := f.Add(f.ctx, box, []mail.Header{h}, Marks{})
	if err != nil || len(keys) != 1 {
		f.t.Fatal(keys, err)
	}
	return keys[0]
}

// wanted is what is to be told to the server: mailbox, UID and change.
func (f *fixture) wanted() string {
	f.t.Helper()
	var out []string
	for _, o := range f.due() {
		out = append(out, fmt.Sprintf("%d/%d %+v", o.Mailbox, o.UID, o.Change))
	}
	return strings.Join(out, "; ")
}

func toArchive(f *fixture) []mail.Change { return []mail.Change{mail.Move{To: f.archive}} }
func toStar(*fixture) []mail.Change      { return []mail.Change{flagged} }

// The row of the second delivery comes once the first message is known to be gone: nothing but its date tells it from one
// that was moved away and back. Where a message that was to be moved was last, nobody can tell for certain.
func TestASecondDeliveryDoesNotGetWhatIsWantedOfTheFirst(t *testing.T) {
	inbox := func(f *fixture) mail.MailboxKey { return f.inbox }
	trash := func(f *fixture) mail.MailboxKey { return f.trash }
	for name, c := range map[string]struct {
		later             time.Duration
		uid               mail.UID
		box               func(f *fixture) mail.MailboxKey
		starred, archived bool // whether that is wanted of it
	}{
		"delivered again":         {time.Minute, 2, inbox, false, false},
		"moved away and back":     {0, 2, inbox, true, true},
		"moved elsewhere":         {0, 1, trash, true, true},
		"moved with another date": {time.Minute, 1, trash, true, false},
	} {
		for kind, changes := range map[string]func(*fixture) []mail.Change{"starred": toStar, "archived": toArchive} {
			t.Run(name+", "+kind, func(t *testing.T) {
				f, first := astray(t, changes)
				f.turnsUp(c.box(f), first, c.uid, c.later)
				want := ""
				if kind == "starred" && c.starred || kind == "archived" && c.archived {
					want = fmt.Sprintf("%d/%d %+v", c.box(f), c.uid, changes(f)[0])
				}
				if got := f.wanted(); got != want || (len(f.strays()) == 0) != (want != "") {
					t.Errorf("to do is %q, want %q; awaited %+v", got, want, f.strays())
				}
				f.check()
			})
		}
	}
}

// A server agreed to move a message that was gone: it was never where it is looked for, and INBOX may have a second delivery.
func TestASecondDeliveryDoesNotGetWhatTheFirstMissed(t *testing.T) {
	for later, gets := range map[time.Duration]bool{0: true, time.Minute: false} {
		f := newFixture(t)
		first := header(1)
		key := f.add(f.inbox, first)[0]
		f.wish("archived", mail.Move{To: f.archive}, key)
		f.do(f.Done(f.ctx, []Done{{Operation: f.due()[0]}}))
		f.comes(f.inbox, first, 2, later)
		f.add(f.archive)
		f.do(f.FindStrayed(f.ctx, "home"))
		if got := f.wanted(); (got == fmt.Sprintf("%d/2 {To:%d}", f.inbox, f.archive)) != gets || !gets && got != "" {
			t.Errorf("%v later to do is %q", later, got)
		}
		f.check()
	}
}

// Whenever the message turns up, undo and redo lead to what they would have led to had nobody moved it.
func TestUndoReachesWhatIsAwaited(t *testing.T) {
	label := mail.FlagChange{Add: "work"}
	for name, changes := range map[string]func(f *fixture) []mail.Change{
		"starred":       toStar,
		"archived":      toArchive,
		"labelled":      func(*fixture) []mail.Change { return []mail.Change{label} },
		"starred, read": func(*fixture) []mail.Change { return []mail.Change{flagged, read, unread} },
		"read, archived, trash": func(f *fixture) []mail.Change {
			return []mail.Change{read, mail.Move{To: f.archive}, mail.Move{To: f.trash}}
		},
		"archived, labelled": func(f *fixture) []mail.Change { return []mail.Change{mail.Move{To: f.archive}, label} },
	} {
		t.Run(name, func(t *testing.T) {
			all := changes(newFixture(t))
			moved := slices.ContainsFunc(all, func(c mail.Change) bool { return c.Kind() == mail.KindMove })
			back := min(2, len(all))
			for found := range 2*back + 1 { // after how many steps
				f, first := astray(t, changes)
				states := []mail.State{{Mailbox: f.inbox}}
				for _, c := range all {
					states = append(states, c.Apply(states[len(states)-1]))
				}
				var key mail.MessageKey
				at := len(all)
				for step := range 2*back + 1 {
					switch {
					case step == 0:
					case step <= back:
						f.undo(fmt.Sprint("action ", at))
						at--
					default:
						at++
						f.redo(fmt.Sprint("action ", at))
					}
					if step == found {
						key = f.turnsUp(f.sent, first, 5, 0)
						f.reopen()
					}
					if step < found {
						continue
					}
					want, got := states[at], f.message(key)
					if !moved {
						want.Mailbox = f.sent
					}
					if got.Mailbox != want.Mailbox || got.Flags != want.Flags || got.Keywords != want.Keywords {
						t.Errorf("found after %d steps, after %d shown in %d with %v %q, want %+v", found, step, got.Mailbox, got.Flags, got.Keywords, want)
					}
				}
				f.close()
			}
		})
	}
}

// Another program moved back what was archived, and took it away once more: undo leads back to INBOX, wherever it is found and
// though that is where it was last. Redo leads to where it was last known to be.
func TestUndoOfAnOlderMoveReachesWhatIsAwaited(t *testing.T) {
	for _, known := range []bool{false, true} {
		f := newFixture(t)
		f.readAll()
		first := header(1)
		key := f.add(f.inbox, first)[0]
		f.wish("archived", mail.Move{To: f.archive}, key)
		f.do(f.Done(f.ctx, []Done{{Operation: f.due()[0], NewUID: 9}}))
		f.do(f.Settled(f.ctx, f.archive))
		f.wish("starred", flagged, key)
		f.comes(f.inbox, first, 7, 0)
		f.do(f.Vanished(f.ctx, f.archive, mail.NewUIDSet(9), nil, Marks{}))
		f.do(f.Vanished(f.ctx, f.inbox, mail.NewUIDSet(1, 7), nil, Marks{}))
		if len(f.strays()) != 1 {
			t.Fatalf("awaited %+v", f.strays())
		}
		if known {
			key = f.turnsUp(f.trash, first, 5, 0)
		}
		f.undo("starred")
		f.undo("archived")
		if !known {
			key = f.turnsUp(f.trash, first, 5, 0)
		}
		if got := f.message(key); got.Mailbox != f.inbox || got.Flags != 0 {
			t.Errorf("known before %v: shown in %d with %v, want INBOX", known, got.Mailbox, got.Flags)
		}
		f.redo("archived")
		f.redo("starred")
		want := map[bool]mail.MailboxKey{false: f.inbox, true: f.trash}[known]
		if got := f.message(key); got.Mailbox != want || got.Flags != mail.Flagged {
			t.Errorf("known before %v: done again it is shown in %d with %v, want %d", known, got.Mailbox, got.Flags, want)
		}
		f.close()
	}
}

func TestAnAwaitedCopyIsUndone(t *testing.T) {
	for _, found := range []string{"before", "after"} {
		f, first := astray(t, func(f *fixture) []mail.Change { return []mail.Change{flagged, mail.Copy{To: f.archive}} })
		if found == "before" {
			f.turnsUp(f.trash, first, 5, 0)
			if n := len(f.shown(in(f.archive))); n != 1 {
				t.Errorf("%d copies are shown", n)
			}
		}
		f.undo("action 2")
		if found == "after" {
			f.turnsUp(f.trash, first, 5, 0)
		}
		if got := f.wanted(); len(f.shown(in(f.archive))) != 0 || got != fmt.Sprintf("%d/5 %+v", f.trash, flagged) {
			t.Errorf("found %s: to do is %q", found, got)
		}
		f.redo("action 2")
		if len(f.shown(in(f.archive))) != 1 || len(f.due()) != 2 {
			t.Errorf("found %s: done again, to do is %q", found, f.wanted())
		}
		f.close()
	}
}

func TestWhatIsAwaitedIsStillAwaitedAfterARebuild(t *testing.T) {
	f, first := astray(t, toArchive)
	f.close()
	raw, err := os.ReadFile(f.path())
	f.ok(err)
	f.ok(os.WriteFile(f.path(), append(make([]byte, 4096), raw[4096:]...), 0o600))
	f.open()
	if !strings.Contains(f.Recovered(), "changes waiting for the server 1") {
		t.Errorf("said %q", f.Recovered())
	}
	if n, err := f.FindStrayed(f.ctx, "home"); n.Missing != 0 || err != nil {
		t.Errorf("%+v before the mailboxes are known, %v", n, err)
	}
	f.setUp()
	if n, err := f.FindStrayed(f.ctx, "home"); n.Missing != 0 || err != nil {
		t.Errorf("%+v before the mailboxes are read, %v", n, err)
	}
	f.ok(f.Reset(f.ctx, f.inbox, 7))
	f.turnsUp(f.inbox, first, 3, time.Minute)
	f.turnsUp(f.trash, first, 4, 0)
	if got, want := f.wanted(), fmt.Sprintf("%d/4 {To:%d}", f.trash, f.archive); got != want {
		t.Errorf("to do is %q, want %q", got, want)
	}
}

// What cannot be copied again, as nobody knows where its source is, is said.
func TestACopyOfWhatIsNotFoundIsNotMadeAgain(t *testing.T) {
	for name, wants := range map[string][]mail.Change{"starred, too": {flagged}, "copied alone": nil} {
		f, _ := astray(t, func(f *fixture) []mail.Change { return append(wants, mail.Copy{To: f.archive}) })
		f.undo(fmt.Sprint("action ", len(wants)+1))
		if u, err := f.Redo(f.ctx, time.Time{}); err == nil || !strings.Contains(err.Error(), "can no longer be done again") {
			t.Errorf("%s: %+v, %v", name, u, err)
		}
		if n := len(f.strays()); n != len(wants) {
			t.Errorf("%s: %d wishes are awaited", name, n)
		}
		f.close()
	}
}
