package engine

import (
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
)

func TestNextJobServesThePersonFirst(t *testing.T) {
	inbox := cache.SyncState{Key: 1, Name: "INBOX", Role: mail.Inbox, Backfill: 1}
	work := cache.SyncState{Key: 2, Name: "Work", Backfill: 500}
	lists := cache.SyncState{Key: 3, Name: "Lists", Backfill: 900}
	all := []cache.SyncState{work, inbox, lists}
	fresh := map[mail.MailboxKey]bool{1: true, 2: true, 3: true}
	focus := []mail.MailboxKey{3}
	cases := []struct {
		name    string
		s       snapshot
		kind    jobKind
		mailbox mail.MailboxKey
	}{
		{"nothing known: list", snapshot{relist: true}, jobList, 0},
		{"an opened message before all", snapshot{requests: []request{{message: 7}}, due: true, relist: true}, jobOpen, 0},
		{"wishes before synchronising", snapshot{due: true, mailboxes: all, focus: focus}, jobOperations, 0},
		{"the list before wishes in a new session", snapshot{due: true, relist: true, unlisted: true, mailboxes: all, focus: focus}, jobList, 0},
		{"the list before errands in a new session", snapshot{errand: true, relist: true, unlisted: true}, jobList, 0},
		{"wishes before another list", snapshot{due: true, relist: true}, jobOperations, 0},
		{"the mailbox on screen before the list of a new session", snapshot{relist: true, unlisted: true, mailboxes: all, focus: focus}, jobSync, 3},
		{"the mailbox on screen before the list", snapshot{relist: true, mailboxes: all, focus: focus}, jobSync, 3},
		{"the list before other mailboxes", snapshot{relist: true, mailboxes: all, focus: focus, fresh: map[mail.MailboxKey]bool{3: true}}, jobList, 0},
		{"sent mail is filed before other mailboxes", snapshot{filing: true, mailboxes: all, focus: focus, fresh: map[mail.MailboxKey]bool{3: true}}, jobFile, 0},
		{"INBOX before other mailboxes", snapshot{mailboxes: all, focus: focus, fresh: map[mail.MailboxKey]bool{3: true}}, jobSync, 1},
		{"back-fill on screen first", snapshot{mailboxes: all, focus: focus, fresh: fresh}, jobBackfill, 3},
		{"STATUS of the others after back-fill on screen", snapshot{mailboxes: all, focus: focus, fresh: fresh, unasked: true}, jobBackfill, 3},
		{"STATUS of the others before back-fill elsewhere", snapshot{mailboxes: all, fresh: fresh, unasked: true}, jobStatus, 0},
		{"back-fill elsewhere", snapshot{mailboxes: all, fresh: fresh}, jobBackfill, 2},
		{"old flags", snapshot{mailboxes: []cache.SyncState{inbox}, fresh: fresh, flagsDue: map[mail.MailboxKey]bool{1: true}}, jobFlags, 1},
		{"all that is asked for before bodies nobody asked for", snapshot{keep: true, mailboxes: []cache.SyncState{inbox}, fresh: fresh, flagsDue: map[mail.MailboxKey]bool{1: true}}, jobFlags, 1},
		{"back-fill before bodies nobody asked for", snapshot{keep: true, mailboxes: all, fresh: fresh}, jobBackfill, 2},
		{"bodies for offline reading at last", snapshot{keep: true, mailboxes: []cache.SyncState{inbox}, fresh: fresh}, jobKeep, 0},
		{"nothing to do", snapshot{mailboxes: []cache.SyncState{inbox}, fresh: fresh}, jobNone, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := nextJob(c.s)
			if got.kind != c.kind || got.mailbox.Key != c.mailbox {
				t.Errorf("kind %d mailbox %d, want kind %d mailbox %d", got.kind, got.mailbox.Key, c.kind, c.mailbox)
			}
		})
	}
}

func TestTheListComesAfterTheLastMailboxOnScreen(t *testing.T) {
	s := snapshot{relist: true, focus: []mail.MailboxKey{1, 2}, mailboxes: []cache.SyncState{{Key: 1, Backfill: 1}, {Key: 2, Backfill: 1}}}
	if j := nextJob(s); j.mailbox.Key != 1 || j.list {
		t.Errorf("first mailbox %d, then the list: %v", j.mailbox.Key, j.list)
	}
	s.fresh = map[mail.MailboxKey]bool{1: true}
	if j := nextJob(s); j.mailbox.Key != 2 || !j.list {
		t.Errorf("then mailbox %d, then the list: %v", j.mailbox.Key, j.list)
	}
	if s.relist = false; nextJob(s).list {
		t.Error("a list that nobody wants comes next")
	}
}

func TestNextJobTakesTheNewestRequest(t *testing.T) {
	got := nextJob(snapshot{requests: []request{{message: 1}, {message: 2}}})
	if got.request.message != 2 {
		t.Errorf("message %d, want 2", got.request.message)
	}
}

func TestPlanSync(t *testing.T) {
	have := cache.SyncState{UIDValidity: 9, UIDNext: 100, Backfill: 1, HighestModSeq: 50}
	with := func(f func(*cache.SyncState)) cache.SyncState {
		h := have
		f(&h)
		return h
	}
	cases := []struct {
		name     string
		have     cache.SyncState
		got      mail.Selected
		compared bool
		want     []step
	}{
		{"never seen", cache.SyncState{}, mail.Selected{UIDValidity: 9, UIDNext: 5}, false, []step{{kind: stepReset}, {kind: stepFirst}}},
		{"UIDVALIDITY changed", have, mail.Selected{UIDValidity: 10, UIDNext: 100}, false, []step{{kind: stepReset}, {kind: stepFirst}}},
		{"UIDNEXT went back", have, mail.Selected{UIDValidity: 9, UIDNext: 7, HighestModSeq: 50}, false, []step{{kind: stepReset}, {kind: stepFirst}}},
		{"nothing new", have, mail.Selected{UIDValidity: 9, UIDNext: 100, HighestModSeq: 50}, false, nil},
		{"new mail", have, mail.Selected{UIDValidity: 9, UIDNext: 103, HighestModSeq: 50}, false, []step{{kind: stepNew, lo: 100, hi: 102}}},
		{"flags changed", have, mail.Selected{UIDValidity: 9, UIDNext: 100, HighestModSeq: 60}, false, []step{{kind: stepChanged, lo: 1, hi: 99, since: 50}}},
		{"new mail and flags changed", have, mail.Selected{UIDValidity: 9, UIDNext: 103, HighestModSeq: 60}, false, []step{{kind: stepNew, lo: 100, hi: 102}, {kind: stepChanged, lo: 1, hi: 99, since: 50}}},
		{"much new mail and flags changed", have, mail.Selected{UIDValidity: 9, UIDNext: 1103, HighestModSeq: 60}, false, []step{{kind: stepChanged, lo: 1, hi: 99, since: 50}, {kind: stepNew, lo: 100, hi: 1102}}},
		{"much new mail and MODSEQ fell", have, mail.Selected{UIDValidity: 9, UIDNext: 1103, HighestModSeq: 40}, false, []step{{kind: stepNew, lo: 100, hi: 1102}, {kind: stepChanged, lo: 1, hi: 99}}},
		{"MODSEQ fell", have, mail.Selected{UIDValidity: 9, UIDNext: 100, HighestModSeq: 40}, false, []step{{kind: stepChanged, lo: 1, hi: 99}}},
		{"no CONDSTORE", with(func(h *cache.SyncState) { h.HighestModSeq = 0 }), mail.Selected{UIDValidity: 9, UIDNext: 100}, false, []step{{kind: stepRecent}}},
		{"no UIDNEXT", have, mail.Selected{UIDValidity: 9, HighestModSeq: 50}, false, []step{{kind: stepNew, lo: 100}}},
		{"back-fill unfinished", with(func(h *cache.SyncState) { h.Backfill = 40 }), mail.Selected{UIDValidity: 9, UIDNext: 100, HighestModSeq: 50}, false, []step{{kind: stepCompare, lo: 40}}},
		{"back-fill unfinished, compared", with(func(h *cache.SyncState) { h.Backfill = 40 }), mail.Selected{UIDValidity: 9, UIDNext: 100, HighestModSeq: 50}, true, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := planSync(c.have, c.got, c.compared)
			if len(got) != len(c.want) {
				t.Fatalf("plan %v, want %v", got, c.want)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("step %d is %v, want %v", i, got[i], c.want[i])
				}
			}
		})
	}
}

func TestBackoffDoublesUpToFiveMinutes(t *testing.T) {
	for n := range 40 {
		lo, hi := backoff(n, 0), backoff(n, 0.999)
		if lo < time.Second/2 || hi > 5*time.Minute || lo > hi {
			t.Errorf("try %d: between %v and %v", n, lo, hi)
		}
		if want, next := min(2*backoff(n, 1), 5*time.Minute), backoff(n+1, 1); next != want || backoff(n+1, 0) != want/2 {
			t.Errorf("try %d waits %v, the next %v", n, backoff(n, 1), next)
		}
	}
	if got := backoff(40, 0.999); got < 4*time.Minute {
		t.Errorf("the last is %v, want nearly five minutes", got)
	}
}

func TestRolesAreGivenOnce(t *testing.T) {
	listed := []mail.Listed{
		{Name: "INBOX", Delimiter: "/", Role: mail.Inbox},
		{Name: "Sent", Delimiter: "/"},
		{Name: "Sent Items", Delimiter: "/", Role: mail.Sent},
		{Name: "Müll", Delimiter: "/"},
		{Name: "Trash", Delimiter: "/", Role: mail.Trash},
		{Name: "Archive", Delimiter: "/"},
		{Name: "Old/Archive", Delimiter: "/"},
	}
	resolveRoles(listed, map[mail.Role]string{mail.Trash: "Müll"})
	want := []mail.Role{mail.Inbox, mail.NoRole, mail.Sent, mail.Trash, mail.NoRole, mail.Archive, mail.NoRole}
	for i, l := range listed {
		if l.Role != want[i] {
			t.Errorf("%s has role %q, want %q", l.Name, l.Role, want[i])
		}
	}
}
