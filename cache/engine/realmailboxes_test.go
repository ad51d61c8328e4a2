package engine

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
	"posthorn/mail/mailtest"
)

// What is done to mailboxes themselves, on a real server: how it treats names, subscriptions and what is selected differs
// from one to the next, and from the standard.

// realUsers are the users of one Dovecot that a test has for itself; each play of a scenario takes the next.
type realUsers struct {
	server *mailtest.DovecotServer
	mu     sync.Mutex
	free   []string
}

func newRealUsers(t *testing.T, n int) *realUsers {
	u := &realUsers{}
	for i := range n {
		u.free = append(u.free, "anna"+string(rune('a'+i/26/26))+string(rune('a'+i/26%26))+string(rune('a'+i%26)))
	}
	u.server = mailtest.Dovecot(t, u.free...)
	return u
}

// realRig is a rig whose account is on a Dovecot, with a session of another client.
type realRig struct {
	*rig
	other  *imap.Session
	server *mailtest.DovecotServer
}

// admin runs doveadm mailbox on the user's mail.
func (r realRig) admin(verb string, names ...string) {
	r.t.Helper()
	r.server.Admin(r.t, append([]string{"mailbox", verb, "-u", r.account.IMAP.User}, names...)...)
}

func (u *realUsers) rig(t *testing.T) realRig {
	t.Helper()
	u.mu.Lock()
	name := u.free[0]
	u.free = u.free[1:]
	u.mu.Unlock()
	r := newRig(t)
	smtp := r.account.SMTP
	r.account = u.server.Account(name, mail.Insecure)
	r.account.Name, r.account.SMTP = "home", smtp
	other, err := imap.Dial(t.Context(), r.account, "secret", imap.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	return realRig{r, other, u.server}
}

// create makes a mailbox. Dovecot 2.3 says now and then that one exists which this very command made, where the cut
// session of another client is ending.
func (r realRig) create(name string) {
	r.t.Helper()
	err := r.other.Create(r.t.Context(), name)
	if mail.KindOf(err) == mail.Rejected && strings.Contains(err.Error(), "already exists") {
		_, err = r.other.Select(r.t.Context(), name)
	}
	r.must(err)
}

// put delivers a message into a mailbox.
func (r realRig) put(mailbox string, subjects ...string) {
	r.t.Helper()
	for i, subject := range subjects {
		_, _, err := r.other.Append(r.t.Context(), mailbox, 0, time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC), message(subject, "x"))
		r.must(err)
	}
}

// tree is what the server has: its mailboxes beside those that all users have, "+" behind the subscribed and "-" behind
// those that hold no messages, with the subjects and flags of their messages.
func (r realRig) tree() string {
	r.t.Helper()
	list, err := r.other.List(r.t.Context())
	r.must(err)
	var out []string
	for _, l := range list {
		if l.Role != mail.NoRole && l.Role != mail.Inbox && l.Role != mail.Archive {
			continue
		}
		text := l.Name
		if l.Subscribed {
			text += "+"
		}
		_, err := r.other.Select(r.t.Context(), l.Name)
		if mail.KindOf(err) == mail.Gone { // Dovecot lists it like any other
			out = append(out, text+"-")
			continue
		}
		r.must(err)
		subjects, flags := map[mail.UID]string{}, []string{}
		r.must(r.other.Headers(r.t.Context(), mail.UIDSet{{Lo: 1, Hi: 1 << 30}}, func(h mail.Header) error {
			subjects[h.UID] = h.Envelope.Subject + strings.Join(h.Flags.Names(), "")
			return nil
		}))
		for _, s := range subjects {
			flags = append(flags, s)
		}
		slices.Sort(flags)
		out = append(out, text+"("+strings.Join(flags, " ")+")")
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// shownTree is what is shown, in the same form, without the subscriptions.
func (r realRig) shownTree() string {
	r.t.Helper()
	all, err := r.store.Mailboxes(r.t.Context())
	r.must(err)
	var out []string
	for _, m := range all {
		if m.Role != mail.NoRole && m.Role != mail.Inbox && m.Role != mail.Archive {
			continue
		}
		text := m.Name
		if m.Subscribed {
			text += "+"
		}
		if m.NoSelect {
			out = append(out, text+"-")
			continue
		}
		var list []string
		for _, m := range r.listOf(m.Key) {
			list = append(list, m.Subject+flagNames(m.Flags))
		}
		slices.Sort(list)
		out = append(out, text+"("+strings.Join(list, " ")+")")
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// onRealMailboxes plays a scenario on a Dovecot with the connection cut at every command: what the server has and what is
// shown must be the same, and as without a cut.
func onRealMailboxes(t *testing.T, prepare, scenario func(r realRig), end func(r realRig) string) {
	const most = 50 // commands of a scenario
	step := 1
	if !mailtest.Thorough() {
		step = 4
	}
	users := newRealUsers(t, 2*most+1)
	var rigs sync.Map
	of := func(r *rig) realRig {
		found, _ := rigs.Load(r)
		return found.(realRig)
	}
	everyNth(t, step, func(t *testing.T) *rig {
		r := users.rig(t)
		prepare(r)
		rigs.Store(r.rig, r)
		return r.rig
	}, func(r *rig) { scenario(of(r)) }, func(r *rig) string {
		real := of(r)
		if server, shown := real.tree(), real.shownTree(); server != shown {
			r.t.Errorf("the server has\n%s\nshown is\n%s", server, shown)
		}
		if n, _, err := r.store.Waiting(r.t.Context()); n != r.kept || err != nil {
			r.t.Errorf("still waiting: %+v, %v", r.wishes(), err)
		}
		return real.tree() + end(real)
	})
}

func TestErrandsOnARealServerSurviveACutAtEveryCommand(t *testing.T) {
	onRealMailboxes(t, func(r realRig) {
		for _, name := range []string{"Old", "Old/Sub", "Gone", "Kept", "Kept/Below", "Lists", "Quiet"} {
			r.create(name)
		}
		for _, name := range []string{"Old", "Old/Sub", "Gone", "Quiet"} {
			r.must(r.other.Subscribe(r.t.Context(), name, true))
		}
		r.put("Old", "1", "2")
		r.put("Old/Sub", "3")
		r.put("Gone", "4")
		r.put("INBOX", "5")
	}, func(r realRig) {
		first, inOld := r.list("INBOX")[0], r.list("Old")
		r.do("starred", flag(inOld[0], mail.Flagged, true))
		r.errand(cache.RenameMailbox, "Old", "New/Name", 0)
		r.errand(cache.DeleteMailbox, "Gone", "", 1)
		r.errand(cache.DeleteMailbox, "Kept", "", 0)
		r.errand(cache.CreateMailbox, "", "New/Fresh", 0)
		r.errand(cache.SubscribeMailbox, "Lists", "", 0)
		r.errand(cache.UnsubscribeMailbox, "Quiet", "", 0)
		r.do("moved", mail.Targeted{Message: first.Key, Change: mail.Move{To: r.mailbox("New/Fresh").Key}})
	}, func(r realRig) string {
		if got := r.tree(); !strings.Contains(got, "Lists+()") || !strings.Contains(got, "Quiet()") || !strings.Contains(got, "New/Name/Sub+(3)") {
			r.t.Errorf("the server has %s", got)
		}
		return ""
	})
}

func TestAMailboxRenamedElsewhereIsFollowedOnARealServer(t *testing.T) {
	var rows sync.Map
	onRealMailboxes(t, func(r realRig) {
		for _, name := range []string{"Old", "Old/Sub"} {
			r.create(name)
		}
		r.put("Old", "1", "2")
		r.put("Old/Sub", "3")
	}, func(r realRig) {
		old, sub := r.list("Old"), r.list("Old/Sub")
		rows.Store(r.rig, r.keys("Old")+"\n"+r.keys("Old/Sub"))
		r.must(r.other.Rename(r.t.Context(), "Old", "New"))
		r.do("starred", flag(old[0], mail.Flagged, true), flag(sub[0], mail.Seen, true))
		r.e.Refresh("")
	}, func(r realRig) string {
		if want, _ := rows.Load(r.rig); r.keys("New")+"\n"+r.keys("New/Sub") != want {
			r.t.Errorf("rows %s and %s, want %s", r.keys("New"), r.keys("New/Sub"), want)
		}
		return ""
	})
}

// Another client deletes a mailbox of which something is wanted, and makes one of the same name, with other mail under the same UIDs.
func TestAMailboxDeletedElsewhereKeepsItsWishesOnARealServer(t *testing.T) {
	onRealMailboxes(t, func(r realRig) {
		for _, name := range []string{"Old", "Old/Sub", "Again"} {
			r.create(name)
		}
		r.put("Old/Sub", "1", "2")
		r.put("Again", "3")
		r.put("INBOX", "4")
		r.kept = 4
	}, func(r realRig) {
		in, again, first := r.list("Old/Sub"), r.list("Again")[0], r.list("INBOX")[0]
		archive, sub := r.mailbox("Archive").Key, r.mailbox("Old/Sub").Key
		r.fault.Down(true) // else they may be done before it is gone
		r.do("starred", flag(in[0], mail.Flagged, true))
		r.do("archived", mail.Targeted{Message: in[1].Key, Change: mail.Move{To: archive}})
		r.do("moved", mail.Targeted{Message: first.Key, Change: mail.Move{To: sub}})
		r.do("starred", flag(again, mail.Flagged, true))
		r.must(r.other.Delete(r.t.Context(), "Old/Sub"))
		r.must(r.other.Delete(r.t.Context(), "Again"))
		r.create("Again")
		r.put("Again", "5")
		r.fault.Down(false)
		r.e.Refresh("")
	}, func(r realRig) string {
		if got, want := r.tree(), "Again(5) Archive+() INBOX(4) Old()"; got != want {
			r.t.Errorf("the server has %s, want %s", got, want)
		}
		return ""
	})
}

// What is wanted of mailboxes meets what another client does to the same ones: nothing is lost, and the rows stay.
func TestErrandsMeetAnotherClientOnARealServer(t *testing.T) {
	var rows sync.Map
	onRealMailboxes(t, func(r realRig) {
		for _, name := range []string{"Old", "Old/Sub", "Full", "Far", "Far/Sub"} {
			r.create(name)
		}
		r.put("Old", "1", "2")
		r.put("Old/Sub", "3")
		r.put("Full", "4")
		r.put("Far/Sub", "5")
	}, func(r realRig) {
		rows.Store(r.rig, r.keys("Old")+"\n"+r.keys("Old/Sub"))
		r.fault.Down(true)
		r.errand(cache.CreateMailbox, "", "Old/Fresh", 0)
		r.errand(cache.RenameMailbox, "Old", "Mine", 0)
		r.errand(cache.DeleteMailbox, "Full", "", 1)
		r.errand(cache.DeleteMailbox, "Far/Sub", "", 1)
		r.errand(cache.CreateMailbox, "", "Both", 0)
		r.must(r.other.Rename(r.t.Context(), "Old", "Theirs"))
		r.put("Full", "6")
		r.must(r.other.Rename(r.t.Context(), "Far", "Farther"))
		r.create("Both")
		r.fault.Down(false)
		r.e.Refresh("")
	}, func(r realRig) string {
		if want, _ := rows.Load(r.rig); r.keys("Mine")+"\n"+r.keys("Mine/Sub") != want {
			r.t.Errorf("rows %s and %s, want %s", r.keys("Mine"), r.keys("Mine/Sub"), want)
		}
		if got := r.tree(); !strings.Contains(got, "Full(4 6)") || strings.Contains(got, "Far/") || strings.Contains(got, "Farther/") {
			r.t.Errorf("the server has %s", got)
		}
		return ""
	})
}

// The administrator takes away, and renames, the mailbox that is on screen: it is selected on our connection, where
// each server does something else with it.
func TestTheMailboxOnScreenVanishesAndIsRenamedFromBelow(t *testing.T) {
	r := newRealUsers(t, 1).rig(t)
	for _, name := range []string{"Lists", "Old"} {
		r.create(name)
		r.put(name, "1", "2")
	}
	r.start()
	lists, old := r.mailbox("Lists").Key, r.keys("Old")
	r.e.Focus(lists)
	r.settle()
	r.fault.Down(true)
	r.do("starred", flag(r.list("Lists")[0], mail.Flagged, true))
	r.fault.Down(false)
	r.admin("delete", "Lists")
	r.e.Refresh("")
	r.until("it is gone", func() bool { return !strings.Contains(r.shownTree(), "Lists") })
	r.kept = 1
	r.calm()
	if got := r.wishes(); len(got) != 1 || got[0].Missing != "Lists" {
		t.Errorf("waiting: %+v", got)
	}
	r.admin("create", "Lists")
	r.put("Lists", "2", "1")
	r.kept = 0
	r.e.Refresh("")
	r.calm()
	if got := r.tree(); !strings.Contains(got, `Lists(1 2\Flagged)`) || r.shownTree() != got {
		t.Errorf("when it was there again the server has\n%s\nshown is\n%s", got, r.shownTree())
	}

	r.e.Focus(r.mailbox("Old").Key)
	r.settle()
	r.admin("rename", "Old", "New/Name")
	r.do("read", flag(r.list("Old")[0], mail.Seen, true))
	r.e.Refresh("")
	r.until("it is followed", func() bool { return strings.Contains(r.shownTree(), "New/Name(") })
	r.calm()
	if got := r.tree(); !strings.Contains(got, `New/Name(1 2\Seen)`) || r.shownTree() != got || r.keys("New/Name") != old {
		t.Errorf("after the renaming the server has\n%s\nshown is\n%s\nrows %s, before %s", got, r.shownTree(), r.keys("New/Name"), old)
	}
}
