package cache

import (
	"testing"
	"time"

	"posthorn/mail"
)

func TestDraftsAreSavedUnderTheirKey(t *testing.T) {
	f := newFixture(t)
	a, err := f.SaveDraft(f.ctx, Saved{Account: "home", Data: "one"})
	f.ok(err)
	f.now = f.now.Add(time.Minute)
	b, err := f.SaveDraft(f.ctx, Saved{Account: "home", Data: "two"})
	f.ok(err)
	f.now = f.now.Add(time.Minute)
	if again, err := f.SaveDraft(f.ctx, Saved{Key: a, Account: "work", Data: "one more"}); err != nil || again != a {
		t.Errorf("saved as %d (%v), want %d", again, err, a)
	}
	f.reopen()
	list, err := f.Drafts(f.ctx)
	if err != nil || len(list) != 2 || list[0].Key != a || list[0].Data != "one more" || list[0].Account != "work" || !list[0].Updated.Equal(f.now) || list[1].Key != b {
		t.Errorf("got %+v %v", list, err)
	}
}

func TestADraftDeletedWhileItIsWrittenComesBack(t *testing.T) {
	f := newFixture(t)
	key, err := f.SaveDraft(f.ctx, Saved{Account: "home", Data: "one"})
	f.ok(err)
	f.do(f.DeleteDraft(f.ctx, key, "threw it away"))
	if _, err := f.Draft(f.ctx, key); mail.KindOf(err) != mail.Gone {
		t.Errorf("got %v, want Gone", err)
	}
	f.do(f.SaveDraft(f.ctx, Saved{Key: key, Account: "home", Data: "one, continued"}))
	if d, err := f.Draft(f.ctx, key); err != nil || d.Data != "one, continued" {
		t.Errorf("got %+v %v", d, err)
	}
	if next, err := f.SaveDraft(f.ctx, Saved{Account: "home", Data: "two"}); err != nil || next == key {
		t.Errorf("a new draft got the key %d (%v)", next, err)
	}
}
