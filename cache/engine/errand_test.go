package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// errand wants something of a mailbox and fails the test where that is refused.
func (r *rig) errand(kind cache.ErrandKind, mailbox, name string, messages int) {
	r.t.Helper()
	if err := r.wantErrand(kind, mailbox, name, messages); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) wantErrand(kind cache.ErrandKind, mailbox, name string, messages int) error {
	r.t.Helper()
	e := cache.Errand{Account: "home", Kind: kind, Name: name, Messages: messages}
	if mailbox != "" {
		e.Mailbox = r.mailbox(mailbox).Key
	}
	return r.e.DoMailbox(r.t.Context(), string(kind)+" "+mailbox, e)
}

// shownNames are the mailboxes of the account as they are shown: + is one the server was not told of, - holds no messages.
func (r *rig) shownNames() string {
	r.t.Helper()
	all, err := r.store.Mailboxes(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	var out []string
	for _, m := range all {
		if m.Account != "home" {
			continue
		}
		name := m.Name
		if m.Pending {
			name += "+"
		}
		if m.NoSelect {
			name += "-"
		}
		out = append(out, name)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// names are the mailboxes that the server has.
func (r *rig) names() string { return strings.Join(r.user.Mailboxes(), " ") }

func (r *rig) undo() {
	r.t.Helper()
	if _, err := r.e.Undo(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

// offlineThen starts, takes the network away, does something and gives the network back.
func (r *rig) offlineThen(f func()) {
	r.t.Helper()
	r.start()
	r.away(f)
}

// away takes the network away, does something and gives the network back.
func (r *rig) away(f func()) {
	r.t.Helper()
	r.fault.Down(true)
	r.until("offline", func() bool { return r.e.States()[0].Phase == Offline })
	f()
	r.fault.Down(false)
	r.e.Refresh("")
	r.calm()
}

func TestErrandsSurviveACutAtEveryCommand(t *testing.T) {
	for name, without := range map[string][]imap.Cap{"all": nil, "no LIST-EXTENDED": {imap.CapListExtended, imap.CapListStatus}} {
		if without != nil && !mailtest.Thorough() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			everywhere(t, func(t *testing.T) *rig {
				r := newRig(t, without...)
				r.user.Create("Old/Sub", mail.NoRole)
				r.user.Create("Gone", mail.NoRole)
				r.user.Append("Old/Sub", message("in sub", "x"), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
				r.user.Append("Gone", message("in gone", "x"), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
				r.deliver("INBOX", 1, 2)
				return r
			}, func(r *rig) {
				m := r.list("INBOX")
				r.errand(cache.SubscribeMailbox, "Old/Sub", "", 0)
				r.errand(cache.CreateMailbox, "", "Trips/Ålesund", 0)
				r.do("moved", mail.Targeted{Message: m[0].Key, Change: mail.Move{To: r.mailbox("Trips/Ålesund").Key}})
				r.errand(cache.RenameMailbox, "Old", "New", 0)
				r.errand(cache.DeleteMailbox, "Gone", "", 1)
			}, func(r *rig) string {
				if got := r.wishes(); len(got) > 0 {
					r.t.Errorf("still waiting: %+v", got)
				}
				return r.names() + "\n" + r.shownNames() + "\n" + r.subjects("New/Sub") + "\n" + r.subjects("Trips/Ålesund") + "\n" + both(r) +
					fmt.Sprint(r.mailbox("New/Sub").Subscribed, r.mailbox("Trips/Ålesund").Subscribed)
			})
		})
	}
}

func TestErrandsAreShownAtOnceAndDoneWhenOnline(t *testing.T) {
	r := newRig(t)
	r.user.Create("Old/Sub", mail.NoRole)
	r.user.Create("Gone", mail.NoRole)
	r.user.Append("Old/Sub", message("kept", "x"), time.Time{})
	r.offlineThen(func() {
		kept := r.list("Old/Sub")[0].Key
		r.errand(cache.CreateMailbox, "", "Fresh", 0)
		r.errand(cache.RenameMailbox, "Old", "New", 0)
		r.errand(cache.CreateMailbox, "", "New/Other", 0)
		r.errand(cache.DeleteMailbox, "Gone", "", 0)
		r.do("moved", mail.Targeted{Message: kept, Change: mail.Move{To: r.mailbox("New/Other").Key}})
		if got, want := r.shownNames(), "Archive Fresh+ INBOX New+ New/Other+ New/Sub Sent Trash"; got != want {
			t.Errorf("shown offline: %s, want %s", got, want)
		}
		if got := r.subjects("New/Other"); got != "kept" {
			t.Errorf("in the mailbox that is to be made: %q", got)
		}
		if n, _, err := r.store.Waiting(t.Context()); len(r.wishes()) != 5 || n != 5 || err != nil {
			t.Errorf("waiting: %d, %+v, %v", n, r.wishes(), err)
		}
		r.close()
		r.open() // all of it is on the disk
		r.e.Start(t.Context())
	})
	if got, want := r.names(), "Archive Fresh INBOX New New/Other New/Sub Sent Trash"; got != want || r.shownNames() != want {
		t.Errorf("the server has %s, shown is %s; want %s", got, r.shownNames(), want)
	}
	if got := r.onServer("New/Other"); got != "kept" || !r.mailbox("Fresh").Subscribed {
		t.Errorf("the server has %q in the new mailbox, subscribed %v", got, r.mailbox("Fresh").Subscribed)
	}
	if got := r.wishes(); len(got) > 0 {
		t.Errorf("still waiting: %+v", got)
	}
}

func TestErrandsAreUndoneAndDoneAgain(t *testing.T) {
	r := newRig(t)
	r.user.Create("Old", mail.NoRole)
	r.start()
	before := r.names()
	for _, c := range []struct {
		kind          cache.ErrandKind
		mailbox, name string
		after         string
	}{
		{cache.CreateMailbox, "", "Fresh", "Archive Fresh INBOX Old Sent Trash"},
		{cache.RenameMailbox, "Old", "New", "Archive INBOX New Sent Trash"},
		{cache.DeleteMailbox, "Old", "", "Archive INBOX Sent Trash"},
	} {
		r.errand(c.kind, c.mailbox, c.name, 0)
		r.settle()
		if got := r.names(); got != c.after || r.shownNames() != c.after {
			t.Errorf("%s: the server has %s, shown is %s; want %s", c.kind, got, r.shownNames(), c.after)
		}
		r.undo()
		r.settle()
		if got := r.names(); got != before || r.shownNames() != before {
			t.Errorf("%s undone: the server has %s, shown is %s; want %s", c.kind, got, r.shownNames(), before)
		}
		if _, err := r.e.Redo(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.settle()
		if got := r.names(); got != c.after {
			t.Errorf("%s again: the server has %s, want %s", c.kind, got, c.after)
		}
		r.undo()
		r.settle()
	}
}

// What was done before the deletion of a mailbox that was made anew is about the new one.
func TestAfterADeletionThatIsUndoneAllBeforeItCanBeUndone(t *testing.T) {
	r := newRig(t)
	r.user.Create("Old", mail.NoRole)
	r.deliver("Old", 1, 1)
	r.start()
	r.do("archived", mail.Targeted{Message: r.list("Old")[0].Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
	r.settle()
	r.errand(cache.RenameMailbox, "Old", "New", 0)
	r.settle()
	r.errand(cache.UnsubscribeMailbox, "New", "", 0)
	r.settle()
	r.errand(cache.DeleteMailbox, "New", "", 0)
	r.settle()
	for range 2 {
		if strings.Contains(r.names(), "New") {
			t.Fatalf("the server has %s", r.names())
		}
		for _, want := range []string{"New false ", "New true ", "Old true ", "Old true 1"} {
			r.undo()
			r.settle()
			name := strings.Fields(want)[0]
			if !strings.Contains(r.names(), name) {
				t.Fatalf("the server has %s, want %s", r.names(), want)
			}
			if got := fmt.Sprint(name, " ", r.user.Subscribed(name), " ", r.onServer(name)); got != want || r.mailbox(name).Subscribed != r.user.Subscribed(name) {
				t.Errorf("%q, want %q; shown as subscribed: %v", got, want, r.mailbox(name).Subscribed)
			}
		}
		for range 4 {
			if _, err := r.e.Redo(t.Context()); err != nil {
				t.Fatal(err)
			}
			r.settle()
		}
	}
}

func TestAnUndoneMailboxThatHoldsMailStays(t *testing.T) {
	r := newRig(t)
	r.start()
	r.errand(cache.CreateMailbox, "", "Fresh", 0)
	r.settle()
	r.user.Append("Fresh", message("precious", "x"), time.Time{})
	r.undo()
	r.settle()
	if got := r.onServer("Fresh"); got != "precious" || !r.said("holds more messages now, 1 instead of 0") {
		t.Errorf("on the server: %q, log %+v", got, r.e.Log())
	}
}

func TestADeletionWaitsOutItsGraceAndIsTakenBack(t *testing.T) {
	r := newRig(t)
	r.grace = time.Hour
	r.user.Create("Full", mail.NoRole)
	r.user.Append("Full", message("one", "x"), time.Time{})
	r.start()
	r.errand(cache.DeleteMailbox, "Full", "", 1)
	r.settle()
	c, err := r.store.Countdown(t.Context(), r.clock.now())
	if err != nil || c.Mailbox != "Full" || !c.Newest {
		t.Errorf("counting down: %+v, %v", c, err)
	}
	if got := r.shownNames(); strings.Contains(got, "Full") || !strings.Contains(r.names(), "Full") {
		t.Errorf("shown: %s, on the server: %s", got, r.names())
	}
	r.undo()
	r.settle()
	if got := r.subjects("Full"); got != "one" || len(r.wishes()) > 0 {
		t.Errorf("taken back: %q, waiting %v", got, r.wishes())
	}
	r.errand(cache.DeleteMailbox, "Full", "", 1)
	r.pass(2 * time.Hour)
	r.settle()
	if got := r.names(); strings.Contains(got, "Full") {
		t.Errorf("on the server: %s", got)
	}
	if _, err := r.e.Undo(t.Context()); err == nil || !strings.Contains(err.Error(), "done for good") {
		t.Errorf("undone when it was gone: %v", err)
	}
}

func TestMailThatIsToLeaveADeletedMailboxLeavesFirst(t *testing.T) {
	r := newRig(t)
	r.user.Create("Full", mail.NoRole)
	r.user.Append("Full", message("saved", "x"), time.Time{})
	r.user.Append("Full", message("not", "x"), time.Time{})
	r.offlineThen(func() {
		for _, m := range r.list("Full") {
			if m.Subject == "saved" {
				r.do("archived", mail.Targeted{Message: m.Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
			}
		}
		r.errand(cache.DeleteMailbox, "Full", "", 1)
	})
	if got := r.onServer("Archive"); got != "saved" || strings.Contains(r.names(), "Full") {
		t.Errorf("in the archive: %q, mailboxes %s", got, r.names())
	}
}

func TestMoreMailThanWasAgreedToIsNotDeleted(t *testing.T) {
	r := newRig(t)
	r.user.Create("Full", mail.NoRole)
	r.user.Append("Full", message("one", "x"), time.Time{})
	r.offlineThen(func() {
		r.errand(cache.DeleteMailbox, "Full", "", 1)
		r.user.Append("Full", message("two", "x"), time.Time{})
	})
	if got := r.subjects("Full"); got != "two one" && got != "one two" || !r.said("2 instead of 1: nothing was deleted") {
		t.Errorf("shown: %q, log %+v", got, r.e.Log())
	}
}

func TestARefusedErrandIsToldAndTakenBack(t *testing.T) {
	refusing := func(words ...string) *mailtest.Odd {
		return &mailtest.Odd{Command: func(name, _ string) string {
			if slices.Contains(words, name) {
				return "$ NO [NOPERM] Permission \x1b[31mdenied\r\n"
			}
			return ""
		}}
	}
	r := odd(t, refusing("CREATE", "RENAME", "DELETE"))
	r.user.Create("Old", mail.NoRole)
	r.deliver("INBOX", 1, 1)
	r.offlineThen(func() {
		r.errand(cache.CreateMailbox, "", "Fresh", 0)
		r.do("moved", mail.Targeted{Message: r.list("INBOX")[0].Key, Change: mail.Move{To: r.mailbox("Fresh").Key}})
		r.errand(cache.RenameMailbox, "Old", "New", 0)
		r.errand(cache.CreateMailbox, "", "New/Below", 0)
	})
	if got, want := r.shownNames(), "Archive INBOX Old Sent Trash"; got != want {
		t.Errorf("shown: %s, want %s", got, want)
	}
	for _, text := range []string{"The new mailbox Fresh was undone here", "denied", "One message that was to go to Fresh stays where it is", "The new name of Old, New, was undone"} {
		if !r.said(text) {
			t.Errorf("the log does not say %q: %+v", text, r.e.Log())
		}
	}
	if got := r.subjects("INBOX"); got != "1" {
		t.Errorf("INBOX: %q", got)
	}
	r.errand(cache.DeleteMailbox, "Old", "", 0)
	r.calm()
	if got := r.shownNames(); !strings.Contains(got, "Old") {
		t.Errorf("after a refused deletion: %s", got)
	}
}

func TestServersWithoutSubscriptionsAreForgiven(t *testing.T) {
	for _, answer := range []string{"$ NO not here\r\n", "$ BAD unknown command\r\n"} {
		r := odd(t, &mailtest.Odd{Command: func(name, _ string) string {
			if name == "SUBSCRIBE" || name == "UNSUBSCRIBE" {
				return answer
			}
			return ""
		}})
		r.start()
		r.errand(cache.CreateMailbox, "", "Fresh", 0)
		r.settle()
		r.errand(cache.RenameMailbox, "Fresh", "Fresher", 0)
		r.settle()
		if got := r.names(); got != "Archive Fresher INBOX Sent Trash" || r.shownNames() != got || len(r.wishes()) > 0 {
			t.Errorf("%q: the server has %s, shown is %s, waiting %v", answer, got, r.shownNames(), r.wishes())
		}
		r.errand(cache.SubscribeMailbox, "Archive", "", 0)
		r.settle()
		if !r.said("The subscription to Archive was undone here") {
			t.Errorf("%q: not told: %+v", answer, r.e.Log())
		}
	}
}

func TestWhatCannotBeWantedOfAMailbox(t *testing.T) {
	r := newRig(t)
	r.user.Create("Old/Sub", mail.NoRole)
	r.start()
	for _, c := range []struct {
		kind                cache.ErrandKind
		mailbox, name, said string
	}{
		{cache.DeleteMailbox, "INBOX", "", "it stays as it is"},
		{cache.RenameMailbox, "Trash", "Bin", "it stays as it is"},
		{cache.CreateMailbox, "", "Old", "of that name already"},
		{cache.CreateMailbox, "", "a//b", "before each"},
		{cache.CreateMailbox, "", "inbox", "INBOX is there already"},
		{cache.RenameMailbox, "Old", "Old/Sub/Deeper", "below itself"},
		{cache.RenameMailbox, "Old", "Archive", "of that name already"},
	} {
		if err := r.wantErrand(c.kind, c.mailbox, c.name, 0); err == nil || !strings.Contains(err.Error(), c.said) {
			t.Errorf("%s %s %s: %v, want words about %q", c.kind, c.mailbox, c.name, err, c.said)
		}
	}
	if got := r.wishes(); len(got) > 0 {
		t.Errorf("waiting: %+v", got)
	}
}

func TestAnErrandIsGivenUpOnTheWaitingScreen(t *testing.T) {
	r := newRig(t)
	r.user.Create("Old", mail.NoRole)
	r.deliver("INBOX", 1, 1)
	r.offlineThen(func() {
		r.errand(cache.CreateMailbox, "", "Fresh", 0)
		r.do("moved", mail.Targeted{Message: r.list("INBOX")[0].Key, Change: mail.Move{To: r.mailbox("Fresh").Key}})
		r.errand(cache.RenameMailbox, "Old", "New", 0)
		for _, g := range r.wishes() {
			if g.Errand.ID != 0 {
				if err := r.e.Drop(t.Context(), g); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got := r.shownNames(); got != "Archive INBOX Old Sent Trash" || r.subjects("INBOX") != "1" {
			t.Errorf("given up: %s, INBOX %q", got, r.subjects("INBOX"))
		}
	})
	if got := r.names(); got != "Archive INBOX Old Sent Trash" {
		t.Errorf("on the server: %s", got)
	}
}

func TestASelectedMailboxIsLeftBeforeItGoesAndNoOther(t *testing.T) {
	for selected, want := range map[string]string{
		"Work": "SELECT STATUS DELETE", "Work/Sub": "SELECT RENAME", "Workshop": "STATUS DELETE", "Archive": "STATUS DELETE",
	} {
		t.Run(selected, func(t *testing.T) {
			r, watched := watched(t)
			r.user.Create("Work", mail.NoRole)
			if selected != "Work" && selected != "Archive" {
				r.user.Create(selected, mail.NoRole)
			}
			r.start()
			<-watched
			r.e.Focus(r.mailbox(selected).Key)
			r.settle()
			r.fault.CutAt(0, false)
			if selected == "Work/Sub" {
				r.errand(cache.RenameMailbox, "Work", "Play", 0)
			} else {
				r.errand(cache.DeleteMailbox, "Work", "", 0)
			}
			r.calm()
			var got []string
			for _, c := range r.fault.Commands() {
				if c != "IDLE" && c != "NOOP" {
					got = append(got, c)
				}
			}
			if text := strings.Join(got, " "); !strings.HasPrefix(text, want) {
				t.Errorf("commands %s, want %s first", text, want)
			}
		})
	}
}
