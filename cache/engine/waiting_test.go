package engine

import (
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
)

func (r *rig) wishes() []cache.WishGroup {
	r.t.Helper()
	groups, err := r.store.Wishes(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return groups
}

func TestWhatWaitsIsDroppedOrSentAtOnce(t *testing.T) {
	r := newRig(t)
	r.grace = time.Hour
	r.deliver("Trash", 1, 2)
	r.start()
	m := r.list("Trash")
	r.do("deleted", mail.Targeted{Message: m[0].Key, Change: mail.Expunge{}}, mail.Targeted{Message: m[1].Key, Change: mail.Expunge{}})
	groups := r.wishes()
	if len(groups) != 1 || groups[0].Messages != 2 {
		t.Fatalf("waiting: %+v", groups)
	}
	if err := r.e.Drop(t.Context(), groups[0]); err != nil {
		t.Fatal(err)
	}
	if got := r.subjects("Trash"); got != "2 1" || len(r.wishes()) != 0 {
		t.Errorf("after dropping: %q, waiting %v", got, r.wishes())
	}
	r.do("deleted", mail.Targeted{Message: m[0].Key, Change: mail.Expunge{}})
	if err := r.e.Retry(t.Context(), r.wishes()[0]); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if got := r.onServer("Trash"); got != "1" || len(r.wishes()) != 0 {
		t.Errorf("on the server: %q, waiting %v", got, r.wishes())
	}
}
