package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// branch makes a mailbox with mail and one below it.
func (r *rig) branch() {
	r.user.Create("Old/Sub", mail.NoRole)
	r.deliver("Old", 11, 13)
	r.deliver("Old/Sub", 21, 22)
	r.deliver("INBOX", 1, 1)
}

// sentLines gathers command lines from the goroutines of connections.
type sentLines struct {
	mu    sync.Mutex
	lines []string
}

func (l *sentLines) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
}

// take gives them, and begins anew.
func (l *sentLines) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.lines
	l.lines = nil
	return taken
}

// keys are the row ids of a mailbox and its messages: what is read, drafts and undo refer to them.
func (r *rig) keys(name string) string {
	out := fmt.Sprint(r.mailbox(name).Key, ":")
	for _, m := range r.list(name) {
		out += fmt.Sprint(" ", m.Key)
	}
	return out
}

func TestAMailboxRenamedElsewhereIsFollowed(t *testing.T) {
	for name, without := range map[string][]imap.Cap{"all": nil, "no LIST-STATUS": {imap.CapListStatus}} {
		t.Run(name, func(t *testing.T) {
			var fetched sentLines
			r := odd(t, &mailtest.Odd{Command: func(name, line string) string {
				if name == "UID FETCH" && strings.Contains(line, "HEADER.FIELDS") {
					fetched.add(line)
				}
				return ""
			}}, without...)
			r.branch()
			r.start()
			r.e.Open(r.list("Old")[0].Key)
			r.settle()
			opened, old, sub := r.list("Old")[0].Key, r.keys("Old"), r.keys("Old/Sub")
			r.away(func() {
				fetched.take()
				r.do("starred", flag(r.list("Old")[1], mail.Flagged, true))
				r.do("archived", mail.Targeted{Message: r.list("Old/Sub")[0].Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
				r.do("moved", mail.Targeted{Message: r.list("INBOX")[0].Key, Change: mail.Move{To: r.mailbox("Old").Key}})
				old, sub = r.keys("Old"), r.keys("Old/Sub")
				r.user.Rename("Old", "New/Name")
				r.deliver("New/Name", 14, 14)
			})
			if got, want := r.shownNames(), "Archive INBOX New/Name New/Name/Sub Sent Trash"; got != want {
				t.Errorf("shown: %s, want %s", got, want)
			}
			if got := r.keys("New/Name"); !strings.HasPrefix(got, old[:strings.Index(old, ":")]) || len(r.list("New/Name")) != 5 {
				t.Errorf("rows %s, before %s", got, old)
			}
			if got := r.keys("New/Name/Sub"); got != sub {
				t.Errorf("below it: rows %s, before %s", got, sub)
			}
			if _, complete, err := r.store.Content(t.Context(), opened, "1"); !complete || err != nil {
				t.Errorf("the text that was here is gone: %v", err)
			}
			if got := r.onServer("New/Name") + "|" + r.onServer("New/Name/Sub") + "|" + r.onServer("Archive"); got != `11 12\Flagged 13 14 1|21|22` {
				t.Errorf("on the server: %q", got)
			}
			if !r.said("Old is called New/Name on the server now") || r.troubled() {
				t.Errorf("log %+v", r.e.Log())
			}
			for i, line := range fetched.take() { // first what it is recognised by, then what is new
				if again := strings.Contains(line, "FETCH 1:"); again != (i == 0) {
					t.Errorf("headers were fetched: %s", line)
				}
			}
		})
	}
}

// troubled tells whether the person was told that something did not work.
func (r *rig) troubled() bool {
	for _, e := range r.e.Log() {
		if e.Trouble {
			return true
		}
	}
	return false
}

func TestARenamedMailboxIsFollowedThroughACutAtEveryCommand(t *testing.T) {
	for name, without := range map[string][]imap.Cap{"all": nil, "no LIST-STATUS": {imap.CapListStatus}} {
		if without != nil && !mailtest.Thorough() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			var rows sync.Map // by rig: what New and New/Other must have
			everywhere(t, func(t *testing.T) *rig {
				r := newRig(t, without...)
				r.branch()
				return r
			}, func(r *rig) {
				m, inSub, first := r.list("Old"), r.list("Old/Sub"), r.list("INBOX")[0]
				archive, old, sub := r.mailbox("Archive").Key, r.mailbox("Old").Key, r.mailbox("Old/Sub").Key
				rows.Store(r, fmt.Sprint(old, ": ", m[1].Key, " ", m[2].Key, "\n", sub, ": ", inSub[0].Key, " ", inSub[1].Key, " ", first.Key))
				r.user.Rename("Old", "New")
				r.do("starred", flag(m[1], mail.Flagged, true), flag(inSub[0], mail.Flagged, true))
				r.do("archived", mail.Targeted{Message: m[0].Key, Change: mail.Move{To: archive}}, mail.Targeted{Message: first.Key, Change: mail.Move{To: sub}})
				if err := r.e.DoMailbox(r.t.Context(), "renamed", cache.Errand{Kind: cache.RenameMailbox, Mailbox: sub, Name: "New/Other"}); err != nil {
					r.t.Fatal(err)
				}
			}, func(r *rig) string {
				if want, _ := rows.Load(r); r.keys("New")+"\n"+r.keys("New/Other") != want {
					r.t.Errorf("rows %s and %s, want %s", r.keys("New"), r.keys("New/Other"), want)
				}
				return r.names() + "\n" + r.shownNames() + "\n" + r.onServer("New") + "|" + r.onServer("New/Other") + "\n" + both(r)
			})
		})
	}
}

// alwaysOne is a server that gives all mailboxes the same UIDVALIDITY.
func alwaysOne(t *testing.T) *rig {
	validity := regexp.MustCompile(`UIDVALIDITY \d+`)
	return odd(t, &mailtest.Odd{Response: func(_, said string) string { return validity.ReplaceAllString(said, "UIDVALIDITY 1") }})
}

func TestMailboxesAreToldApartByTheirMessages(t *testing.T) {
	r := alwaysOne(t)
	for i, name := range []string{"A", "B", "C"} {
		r.user.Create(name, mail.NoRole)
		r.deliver(name, 10*i, 10*i+4)
	}
	r.start()
	a, b := r.keys("A"), r.keys("B")
	r.away(func() {
		r.user.Rename("A", "X")
		r.user.Rename("B", "Y")
		r.user.Delete("C")
		r.user.Create("Z", mail.NoRole)
		r.deliver("Z", 30, 34)
	})
	if got := r.keys("X"); got != a {
		t.Errorf("X has the rows %s, A had %s", got, a)
	}
	if got := r.keys("Y"); got != b {
		t.Errorf("Y has the rows %s, B had %s", got, b)
	}
	if got := r.shownNames(); got != "Archive INBOX Sent Trash X Y Z" || r.subjects("Z") != "34 33 32 31 30" {
		t.Errorf("shown: %s, in Z %q", got, r.subjects("Z"))
	}
}

func TestWhatMayBeEitherIsNotFollowed(t *testing.T) {
	for name, c := range map[string]struct{ messages int }{"alike": {3}, "empty": {0}} {
		t.Run(name, func(t *testing.T) {
			r := alwaysOne(t)
			for _, name := range []string{"A", "B"} {
				r.user.Create(name, mail.NoRole)
				r.deliver(name, 1, c.messages)
			}
			r.start()
			before := r.mailbox("A").Key
			r.away(func() {
				r.user.Rename("A", "X")
				r.user.Rename("B", "Y")
			})
			if x, y := r.mailbox("X"), r.mailbox("Y"); x.Key <= before+1 || y.Key <= before+1 || x.Total != c.messages || y.Total != c.messages {
				t.Errorf("X %+v, Y %+v; A was %d", x, y, before)
			}
		})
	}
}

func TestAnEmptyMailboxIsFollowedWhereItsUIDValidityIsItsOwn(t *testing.T) {
	r := newRig(t)
	r.user.Create("Old", mail.NoRole)
	r.deliver("INBOX", 1, 1)
	r.start()
	before := r.mailbox("Old").Key
	r.away(func() {
		r.do("moved", mail.Targeted{Message: r.list("INBOX")[0].Key, Change: mail.Move{To: before}})
		r.user.Rename("Old", "New")
	})
	if got := r.mailbox("New").Key; got != before || r.onServer("New") != "1" {
		t.Errorf("New is %d, Old was %d; on the server %q", got, before, r.onServer("New"))
	}
}

func TestARenamingElsewhereMeetsOneThatIsWanted(t *testing.T) {
	for elsewhere, want := range map[string]string{"Other": "Mine Mine/Fresh Mine/Sub", "Mine": "Mine Mine/Fresh Mine/Sub"} {
		t.Run(elsewhere, func(t *testing.T) {
			r := newRig(t)
			r.branch()
			r.start()
			old, sub := r.keys("Old"), r.keys("Old/Sub")
			r.away(func() {
				r.errand(cache.CreateMailbox, "", "Old/Fresh", 0)
				r.errand(cache.RenameMailbox, "Old", "Mine", 0)
				r.user.Rename("Old", elsewhere)
			})
			want = "Archive INBOX " + want + " Sent Trash"
			if got := r.names(); got != want || r.shownNames() != want {
				t.Errorf("the server has %s, shown is %s; want %s", got, r.shownNames(), want)
			}
			if r.keys("Mine") != old || r.keys("Mine/Sub") != sub || r.troubled() {
				t.Errorf("rows %s and %s, before %s and %s, log %+v", r.keys("Mine"), r.keys("Mine/Sub"), old, sub, r.e.Log())
			}
		})
	}
}

func TestADeletionFollowsItsMailbox(t *testing.T) {
	r := newRig(t)
	r.branch()
	r.start()
	r.away(func() {
		r.errand(cache.DeleteMailbox, "Old/Sub", "", 2)
		r.user.Rename("Old", "New")
	})
	if got := r.names(); got != "Archive INBOX New Sent Trash" || r.shownNames() != got {
		t.Errorf("the server has %s, shown is %s", got, r.shownNames())
	}
}

// A server may let us keep a mailbox selected that is not there any more, and refuse what is done in it in words of its own.
func TestAWishIsNotLostByTheMailboxThatIsSelected(t *testing.T) {
	for _, answer := range []string{"$ NO Not possible\r\n", "$ NO [SERVERBUG] Mailbox was deleted under us (0.001 secs).\r\n", "$ NO Mailbox was deleted under us\r\n"} {
		t.Run(answer, func(t *testing.T) {
			var r *rig
			r = odd(t, &mailtest.Odd{Command: func(name, _ string) string {
				if name != "UID STORE" || !slices.Contains(r.user.Mailboxes(), "Old") {
					return ""
				}
				r.user.Rename("Old", "New")
				return answer
			}})
			r.user.Create("Old", mail.NoRole)
			r.deliver("Old", 1, 3)
			r.start()
			r.do("starred", flag(r.list("Old")[0], mail.Flagged, true))
			r.settle()
			r.clock.forward(10 * time.Minute) // where it is to wait
			r.e.Refresh("")
			r.calm()
			if got := r.onServer("New"); got != `1 2 3\Flagged` || r.troubled() {
				t.Errorf("the server has %s, log %+v", got, r.e.Log())
			}
		})
	}
}

func TestWishesOfAMailboxDeletedElsewhereWaitUntilItIsThereAgain(t *testing.T) {
	for name, without := range map[string][]imap.Cap{"all": nil, "no LIST-STATUS": {imap.CapListStatus}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, without...)
			r.user.Create("Old", mail.NoRole)
			r.deliver("Old", 11, 13)
			r.deliver("INBOX", 1, 2)
			r.start()
			r.kept = 3
			r.away(func() {
				r.do("starred", flag(r.list("Old")[0], mail.Flagged, true))
				r.do("archived", mail.Targeted{Message: r.list("Old")[1].Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
				r.do("moved", mail.Targeted{Message: r.list("INBOX")[0].Key, Change: mail.Move{To: r.mailbox("Old").Key}})
				r.user.Delete("Old")
			})
			if got := r.wishes(); len(got) != 3 || got[0].Missing != "Old" || got[1].Missing != "Old" || got[2].Missing != "Old" {
				t.Errorf("waiting: %+v", got)
			}
			if got := r.subjects("INBOX") + "|" + r.onServer("INBOX"); got != "2 1|1 2" {
				t.Errorf("in INBOX: %s", got)
			}
			if !r.said("Old is not on the server any more. What was wanted of its messages, 2 changes, waits until it is there again. "+
				"What was to go there stays where it is until then: 1 change.") || r.said("undone here") {
				t.Errorf("log %+v", r.e.Log())
			}
			r.user.Create("Old", mail.NoRole)
			r.deliver("Old", 11, 13)
			r.e.Refresh("")
			r.settle()
			if got := r.onServer("Old") + "|" + r.onServer("Archive") + "|" + r.onServer("INBOX"); got != `11 13\Flagged 2|12|1` {
				t.Errorf("when it was there again: %s", got)
			}
			if got := r.wishes(); len(got) > 0 {
				t.Errorf("still waiting: %+v", got)
			}
		})
	}
}

func TestAMailboxDeletedElsewhereKeepsItsWishesThroughACutAtEveryCommand(t *testing.T) {
	everywhere(t, func(t *testing.T) *rig {
		r := newRig(t)
		r.branch()
		r.kept = 3
		return r
	}, func(r *rig) {
		in, first, archive, old := r.list("Old/Sub"), r.list("INBOX")[0], r.mailbox("Archive").Key, r.mailbox("Old/Sub").Key
		r.fault.Down(true) // else they may be done before it is gone
		r.do("starred", flag(in[0], mail.Flagged, true))
		r.do("archived", mail.Targeted{Message: in[1].Key, Change: mail.Move{To: archive}})
		r.do("moved", mail.Targeted{Message: first.Key, Change: mail.Move{To: old}})
		r.user.Delete("Old/Sub")
		r.fault.Down(false)
		r.e.Refresh("")
	}, func(r *rig) string {
		waiting := 0
		for _, g := range r.wishes() {
			if g.Missing == "Old/Sub" {
				waiting += g.Messages
			}
		}
		return fmt.Sprintln(waiting, "wait", r.shownNames(), r.subjects("INBOX"), r.onServer("INBOX"), r.onServer("Archive"))
	})
}
