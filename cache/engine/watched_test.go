package engine

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// unseen is what the sidebar counts.
func (r *rig) unseen(name string) int { return r.mailbox(name).Unseen }

func TestNewMailInTheMailboxOnScreenIsPushed(t *testing.T) {
	r := newRig(t)
	r.user.Create("Lists", mail.NoRole)
	r.deliver("Lists", 1, 2)
	r.start()
	lists := r.times("LIST")
	r.e.Focus(r.mailbox("Lists").Key)
	r.settle()
	r.deliver("Lists", 3, 3)
	r.until("the new message is here", func() bool { return r.subjects("Lists") == "3 2 1" && r.unseen("Lists") == 3 })
	if n := r.times("LIST") - lists; n > 0 {
		t.Errorf("the mailboxes were listed %d times for that", n)
	}
}

// Another login would take the time that the server needs for the list.
func TestTheSecondConnectionWaitsForTheList(t *testing.T) {
	r := newRig(t)
	var started, early atomic.Bool
	r.odd = &mailtest.Odd{Command: func(name, _ string) string {
		if name == "LIST" && started.CompareAndSwap(true, false) {
			s := &r.e.workers["home"].standing
			s.mu.Lock()
			defer s.mu.Unlock()
			early.Store(isClosed(s.looked))
		}
		return ""
	}}
	r.deliver("INBOX", 1, 2)
	r.start()
	inbox := r.mailbox("INBOX").Key
	r.close()
	r.open()
	r.e.Focus(inbox) // so that it is looked at before the list, and nothing is new
	started.Store(true)
	r.e.Start(context.WithoutCancel(t.Context()))
	r.until("connected", r.connected)
	if started.Load() || early.Load() {
		t.Errorf("nothing was listed: %v, the second connection may come before that: %v", started.Load(), early.Load())
	}
}

func TestMailboxesThatNobodyWatchesAreAskedAboutTogetherNowAndThen(t *testing.T) {
	r := newRig(t)
	for i := range 50 {
		r.user.Create(fmt.Sprint("Lists/", i), mail.NoRole)
	}
	r.poll = 200 * time.Millisecond
	r.start()
	r.fault.CutAt(0, false)
	r.deliver("Lists/7", 1, 2)
	r.until("the new mail is counted", func() bool { return r.unseen("Lists/7") == 2 })
	if r.times("LIST") == 0 || r.times("STATUS") > 0 { // one command for all of them
		t.Errorf("asked by %v", r.fault.Commands())
	}
}

func TestTenThousandAreMarkedMovedAndDeletedInAHandfulOfCommands(t *testing.T) {
	n := 10000
	if mailtest.Raced() {
		n = 2000
	}
	r := newRig(t)
	r.deliver("INBOX", 1, n)
	r.start()
	r.e.Refresh("")
	r.until("all headers are here", func() bool { return r.mailbox("INBOX").Total == n })
	r.settle()
	r.fault.CutAt(0, false)
	all := r.list("INBOX")
	r.do("marked 10,000 messages as read", to(mail.FlagChange{Mask: mail.Seen, Want: mail.Seen}, all...)...)
	if r.unseen("INBOX") != 0 {
		t.Errorf("%d are unread at once", r.unseen("INBOX"))
	}
	r.settle()
	r.do("moved 10,000 messages to Trash", to(mail.Move{To: r.mailbox("Trash").Key}, all...)...)
	if got := len(r.list("Trash")); got != n {
		t.Errorf("%d are shown at once", got)
	}
	r.settle()
	if in, trash := r.user.Messages("INBOX"), r.user.Messages("Trash"); len(in) != 0 || len(trash) != n || !slices.Contains(trash[n-1].Flags, `\Seen`) {
		t.Errorf("%d in INBOX, %d in Trash", len(in), len(trash))
	}
	r.do("deleted 10,000 messages for good", to(mail.Expunge{}, r.list("Trash")...)...)
	r.settle()
	if left := len(r.user.Messages("Trash")); left != 0 || len(r.list("Trash")) != 0 || len(r.wishes()) > 0 {
		t.Errorf("%d are left, waiting %+v", left, r.wishes())
	}
	for _, name := range []string{"UID STORE", "UID MOVE", "UID EXPUNGE"} {
		if got := r.times(name); got > 20 {
			t.Errorf("%d commands %s", got, name)
		}
	}
}

func TestAFirstSynchronisationGoesOnWhereItWasCut(t *testing.T) {
	const n = 2500
	everywhere(t, func(t *testing.T) *rig {
		r := newRig(t)
		r.user.Create("Lists", mail.NoRole)
		return r
	}, func(r *rig) {
		r.deliver("Lists", 1, n)
		r.e.Refresh("")
	}, func(r *rig) string {
		state, err := r.store.SyncState(r.t.Context(), r.mailbox("Lists").Key)
		if err != nil {
			r.t.Fatal(err)
		}
		w, err := r.store.Window(r.t.Context(), cache.View{Mailboxes: []mail.MailboxKey{state.Key}}, cache.Position{}, 0, 2)
		if err != nil {
			r.t.Fatal(err)
		}
		return fmt.Sprint(state.Held, state.Backfill, r.unseen("Lists"), w.Messages[0].Subject, w.Messages[1].Subject)
	})
}

// TestWhatCameWhileNobodyWatchedIsFetchedOnceItIsWatchedAgain: the worker rests elsewhere and does not hear of it.
func TestWhatCameWhileNobodyWatchedIsFetchedOnceItIsWatchedAgain(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 1)
	r.deliver("Archive", 2, 2)
	r.open()
	var mu sync.Mutex
	var lines []net.Conn
	watched, again := make(chan struct{}), make(chan struct{})
	dial := r.e.opt.Dial
	r.e.opt.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		mu.Lock()
		n := len(lines)
		mu.Unlock()
		if n == 2 { // the worker's, the watcher's, and the watcher's again
			<-again
		}
		c, err := dial(ctx, network, addr)
		if err == nil {
			mu.Lock()
			if lines = append(lines, c); len(lines) == 2 {
				close(watched)
			}
			mu.Unlock()
		}
		return c, err
	}
	r.e.Start(context.WithoutCancel(t.Context()))
	r.until("connected", r.connected)
	r.settle()
	r.e.Focus(r.mailbox("Archive").Key)
	r.settle()
	<-watched
	mu.Lock()
	lines[1].Close()
	mu.Unlock()
	r.deliver("INBOX", 3, 3)
	r.settle()
	if got := r.subjects("INBOX"); got != "1" {
		t.Fatalf("shown is %q before anybody can know", got)
	}
	close(again)
	r.until("the new mail is there", func() bool { return r.subjects("INBOX") == "3 1" })
}

// The server looks for news once: the watcher comes when they are here, and has nothing to tell.
func TestWhatIsNewAtTheStartIsFetchedOnce(t *testing.T) {
	var idles atomic.Int32
	watched := make(chan struct{})
	r := odd(t, &mailtest.Odd{Command: func(name, _ string) string {
		if name == "IDLE" && idles.Add(1) == 2 {
			close(watched)
		}
		return ""
	}})
	r.deliver("INBOX", 1, 2)
	r.start()
	<-watched
	r.close()
	r.deliver("INBOX", 3, 4)
	r.fault.CutAt(0, false)
	idles.Store(0)
	watched = make(chan struct{})
	r.open()
	var mu sync.Mutex
	dialled, held := 0, 0
	dial := r.e.opt.Dial
	r.e.opt.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		mu.Lock()
		defer mu.Unlock()
		if dialled++; dialled == 2 {
			held = r.mailbox("INBOX").Total
		}
		return dial(ctx, network, addr)
	}
	r.e.Start(context.WithoutCancel(t.Context()))
	<-watched
	r.settle()
	mu.Lock()
	defer mu.Unlock()
	if selects, fetches := r.times("SELECT"), r.times("UID FETCH"); selects != 2 || fetches != 2 || held != 4 {
		t.Errorf("%d SELECT, %d UID FETCH, %d messages held when the watcher came: %v", selects, fetches, held, r.fault.Commands())
	}
}
