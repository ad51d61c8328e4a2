package cache

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

func TestUnreadAndStarredMailOfTheTimeIsWorthKeeping(t *testing.T) {
	f := newFixture(t)
	f.do(f.SetMailboxes(f.ctx, "work", []mail.Listed{{Name: "INBOX", Role: mail.Inbox}}))
	work, _, err := f.MailboxFor(f.ctx, "work", mail.Inbox)
	f.ok(err)
	keys := f.add(f.inbox, headers(1, 5)...)
	f.add(work.Key, header(5))
	f.add(f.trash, header(9))
	other := f.add(f.archive, header(8))[0]
	f.wish("read", read, keys[2], keys[3], other)
	f.wish("starred", flagged, keys[3], keys[4], other)
	since := noon.Add(2 * time.Hour)
	got, err := f.Wanted(f.ctx, "home", since, 10)
	if want := []mail.MessageKey{other, keys[4], keys[3], keys[1]}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, want %v: %v", got, want, err)
	}
	if got, _ := f.Wanted(f.ctx, "home", since, 2); len(got) != 2 || got[0] != other {
		t.Errorf("the newest two: %v", got)
	}
}

func TestWhatIsHereOfMessages(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 2)...)
	f.ok(f.SetStructure(f.ctx, keys[0], mail.Part{Section: "1", MediaType: "text/plain", Size: 9}))
	f.ok(f.PutContent(f.ctx, keys[0], "1", 0, []byte("abcd"), false))
	f.ok(f.PutContent(f.ctx, keys[0], "1", 4, []byte("ef"), false))
	f.ok(f.PutContent(f.ctx, keys[0], "2", 0, nil, true))
	got, err := f.Held(f.ctx, []mail.MessageKey{keys[1], 999, keys[0]})
	if err != nil || len(got) != 2 || got[0].Message != keys[1] || got[1].Message != keys[0] {
		t.Fatalf("got %+v: %v", got, err)
	}
	if h := got[1]; h.Structure == nil || h.Structure.Size != 9 || h.UID != 1 || h.Mailbox != f.inbox ||
		!maps.Equal(h.Sections, map[string]int64{"1": 6, "2": -1}) {
		t.Errorf("held %+v", h)
	}
	if h := got[0]; h.Structure != nil || len(h.Sections) != 0 {
		t.Errorf("held of a message that never was opened: %+v", h)
	}
}

func TestMailWorthKeepingIsFoundByIndexes(t *testing.T) {
	f := newFixture(t)
	plan := f.plan(wantedQuery, "home", 1, "home", 1, 10)
	if !strings.Contains(plan, "message_by_unseen") || !strings.Contains(plan, "message_by_flagged") || strings.Contains(plan, "SCAN m") {
		t.Errorf("plan:\n%s", plan)
	}
}
