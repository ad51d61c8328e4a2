package cache

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

func TestAWishIsShownAtOnceAndSaidIsLeftAlone(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 3)...)
	f.wish("read", read, keys[0])
	f.wish("archived", mail.Move{To: f.archive}, keys[0], keys[1])
	if got := f.shown(in(f.inbox)); !slices.Equal(got, []mail.MessageKey{keys[2]}) {
		t.Errorf("INBOX shows %v", got)
	}
	if d := f.message(keys[0]); !d.Flags.Has(mail.Seen) || d.Mailbox != f.archive {
		t.Errorf("got %+v", d.Message)
	}
	box, uid, err := f.Said(f.ctx, keys[0])
	if err != nil || box != f.inbox || uid != 1 {
		t.Errorf("said %d %d %v", box, uid, err)
	}
	if total, unseen, err := f.Count(f.ctx, in(f.archive)); err != nil || total != 2 || unseen != 1 {
		t.Errorf("counts of the target: %d %d %v", total, unseen, err)
	}
}

func TestWishesForFlagsMerge(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("", read, key)
	f.wish("", flagged, key)
	f.wish("", unread, key)
	f.wish("", mail.FlagChange{Add: mail.NewKeywords("work")}, key)
	ops := f.due()
	want := mail.FlagChange{Mask: mail.Seen | mail.Flagged, Want: mail.Flagged, Add: mail.NewKeywords("work")}
	if len(ops) != 1 || ops[0].Change != want || ops[0].Rev != 4 {
		t.Errorf("got %+v, want one wish %+v of revision 4", ops, want)
	}
	if ops[0].Mailbox != f.inbox || ops[0].UID != 1 || ops[0].Account != "home" || ops[0].MessageID != "1@example.org" || ops[0].Size != 1001 {
		t.Errorf("got %+v", ops[0])
	}
}

func TestAWishThatEqualsWhatIsSaidIsKept(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("", flagged, key)
	f.wish("", mail.FlagChange{Mask: mail.Flagged}, key) // the first may be on its way to the server
	if ops := f.due(); len(ops) != 1 || ops[0].Change != (mail.FlagChange{Mask: mail.Flagged}) {
		t.Errorf("got %+v", ops)
	}
}

func TestAMoveBackIsNotSentButWaits(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("", mail.Move{To: f.archive}, key)
	f.wish("", mail.Move{To: f.inbox}, key)
	if ops := f.due(); len(ops) != 0 {
		t.Errorf("sent: %+v", ops)
	}
	if next, err := f.NextDue(f.ctx, "home"); err != nil || !next.IsZero() {
		t.Errorf("next due %v %v", next, err)
	}
	if n, _, err := f.Waiting(f.ctx); err != nil || n != 1 {
		t.Errorf("%d wishes wait (%v), want 1", n, err)
	}
	if st, err := f.SyncState(f.ctx, f.inbox); err != nil || !st.Dirty {
		t.Errorf("the mailbox is not to be synchronised: %+v %v", st, err)
	}
	f.wish("", read, key)
	if ops := f.due(); len(ops) != 0 {
		t.Errorf("a flag is sent to a UID that may be gone: %+v", ops)
	}
	if n, err := f.Settled(f.ctx, f.inbox); err != nil || n.Ended != 1 {
		t.Errorf("settled %+v %v", n, err)
	}
	if st, err := f.SyncState(f.ctx, f.inbox); err != nil || st.Dirty {
		t.Errorf("the mailbox is to be synchronised again: %+v %v", st, err)
	}
	if ops := f.due(); len(ops) != 1 || ops[0].Kind != mail.KindFlags {
		t.Errorf("due %+v, want the flag", ops)
	}
}

func TestAMoveToNowhereIsRefusedWhole(t *testing.T) {
	f := newFixture(t)
	f.do(f.SetMailboxes(f.ctx, "work", []mail.Listed{{Name: "INBOX", Role: mail.Inbox}, {Name: "Folders", NoSelect: true}}))
	work, _, err := f.MailboxFor(f.ctx, "work", mail.Inbox)
	f.ok(err)
	keys := f.add(f.inbox, headers(1, 2)...)
	for _, target := range []mail.MailboxKey{work.Key + 1, 999} {
		_, err := f.Wish(f.ctx, Wish{Changes: []mail.Targeted{{Message: keys[0], Change: read}, {Message: keys[1], Change: mail.Move{To: target}}}})
		if mail.KindOf(err) != mail.Rejected {
			t.Errorf("move to %d: %v", target, err)
		}
	}
	if ops := f.due(); len(ops) != 0 {
		t.Errorf("half of a refused stroke was stored: %+v", ops)
	}
}

func TestMessagesThatAreGoneArePassedOver(t *testing.T) {
	f := newFixture(t)
	key := f.add(f.inbox, header(1))[0]
	f.wish("read", read, 999, key)
	if !f.message(key).Flags.Has(mail.Seen) {
		t.Error("the other message was not changed")
	}
}

func TestDueListsEqualOutcomesTogetherAndMovesAlone(t *testing.T) {
	f := newFixture(t)
	a, b := f.add(f.inbox, headers(1, 4)...), f.add(f.archive, headers(11, 12)...)
	f.wish("", mail.Move{To: f.trash}, a[0], b[0])
	f.wish("", read, a[0], b[1], a[2])
	f.wish("", flagged, a[1])
	f.wish("", read, a[3])
	f.wishAt(f.now.Add(time.Minute), "", mail.Expunge{}, b[1])
	var got []string
	for _, op := range f.due() {
		got = append(got, fmt.Sprintf("%d/%d %s", op.Mailbox, op.UID, op.Kind))
	}
	want := []string{"i/3 flags", "i/4 flags", "i/2 flags", "i/1 move", "a/12 flags", "a/11 move"}
	for i := range want {
		want[i] = strings.NewReplacer("i/", fmt.Sprintf("%d/", f.inbox), "a/", fmt.Sprintf("%d/", f.archive)).Replace(want[i])
	}
	if f.archive < f.inbox {
		want = append(want[4:], want[:4]...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if ops, err := f.Due(f.ctx, "work", f.now, 10); err != nil || len(ops) != 0 {
		t.Errorf("another account is due: %v %v", ops, err)
	}
	if ops, err := f.Due(f.ctx, "home", f.now, 2); err != nil || len(ops) != 2 {
		t.Errorf("limit 2 gave %d (%v)", len(ops), err)
	}
}

func TestGraceAndBackoffDelayAWish(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 2)...)
	f.wishAt(f.now.Add(7500*time.Millisecond), "", mail.Expunge{}, keys[0])
	if ops := f.due(); len(ops) != 0 {
		t.Errorf("due at once: %+v", ops)
	}
	next, err := f.NextDue(f.ctx, "home")
	if err != nil || !next.Equal(f.now.Add(8*time.Second)) {
		t.Errorf("next due %v %v: must not be early", next, err)
	}
	f.wish("", read, keys[1])
	if next, err := f.NextDue(f.ctx, "home"); err != nil || next.IsZero() || next.After(f.now) {
		t.Errorf("next due %v %v, want the past", next, err)
	}
	op := f.due()[0]
	f.ok(f.Later(f.ctx, []Operation{op}, f.now.Add(time.Minute), "NO [INUSE] busy"))
	if ops := f.due(); len(ops) != 0 {
		t.Errorf("due in spite of back-off: %+v", ops)
	}
	f.now = f.now.Add(time.Minute)
	ops := f.due()
	if len(ops) != 2 {
		t.Fatalf("got %+v", ops)
	}
	if ops[0].Kind != mail.KindFlags || ops[0].Attempts != 1 || ops[0].LastError != "NO [INUSE] busy" {
		t.Errorf("got %+v", ops[0])
	}
	f.wish("", flagged, keys[1])
	f.ok(f.Later(f.ctx, ops[:1], f.now.Add(time.Hour), "old news"))
	if ops := f.due(); len(ops) != 2 || ops[0].Attempts != 0 {
		t.Errorf("a newer wish was delayed by the answer to an older one: %+v", ops)
	}
}

func TestRefusedWishesAreShownNoLonger(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 2)...)
	f.wish("", mail.Move{To: f.archive}, keys...)
	ops := f.due()
	f.wish("", mail.Move{To: f.trash}, keys[1])
	touched, err := f.Refuse(f.ctx, ops, "NO over quota")
	if err != nil || !slices.Equal(touched, slices.Sorted(slices.Values([]mail.MailboxKey{f.inbox, f.archive}))) {
		t.Errorf("touched %v %v", touched, err)
	}
	if got := f.message(keys[0]).Mailbox; got != f.inbox {
		t.Errorf("the refused one is shown in %d", got)
	}
	if got := f.message(keys[1]).Mailbox; got != f.trash {
		t.Errorf("the newer wish was dropped: shown in %d", got)
	}
}
