package cache

import (
	"testing"
	"time"

	"posthorn/mail"
)

func TestDeletionsOfTheSameSecondCountDownAndAreTakenBackOneByOne(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 6)...)
	until := f.now.Add(8 * time.Second)
	f.wishAt(until, "deleted three", mail.Expunge{}, keys[:3]...)
	f.wishAt(until, "deleted two", mail.Expunge{}, keys[3:5]...)
	for _, want := range []struct {
		messages, others, shown int
		then                    string
	}{{2, 3, 1, "deleted two"}, {3, 0, 3, "deleted three"}, {0, 0, 6, ""}} {
		if c := f.countdown(); c.Messages != want.messages || c.Others != want.others || c.Newest != (want.messages > 0) {
			t.Errorf("counting down: %+v, want %d and %d others", c, want.messages, want.others)
		}
		if got := f.shown(in(f.inbox)); len(got) != want.shown {
			t.Errorf("%d are shown, want %d", len(got), want.shown)
		}
		f.undo(want.then)
	}
	if ops := f.due(); len(ops) > 0 {
		t.Errorf("still wanted: %+v", ops)
	}
	f.do(f.Redo(f.ctx, until))
	if c := f.countdown(); c.Messages != 3 || c.Others != 0 || !c.Newest {
		t.Errorf("done again: %+v", c)
	}
}

func TestTheCountdownGoesOnForWhatIsLeftOfADeletion(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 3)...)
	f.wishAt(f.now.Add(8*time.Second), "deleted", mail.Expunge{}, keys...)
	f.do(f.Vanished(f.ctx, f.inbox, mail.UIDSet{{Lo: 1, Hi: 9}}, mail.UIDSet{{Lo: 2, Hi: 3}}, Marks{}))
	if c := f.countdown(); c.Messages != 2 || !c.Newest {
		t.Errorf("one is gone: %+v", c)
	}
}
