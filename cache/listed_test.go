package cache

import (
	"fmt"
	"testing"

	"posthorn/mail"
)

// flood is an account with n mailboxes, each with what STATUS says of it.
func flood(n int) []mail.Listed {
	list := []mail.Listed{{Name: "INBOX", Role: mail.Inbox, Delimiter: "/"}}
	for i := 0; len(list) < n; i++ {
		list = append(list, mail.Listed{Name: fmt.Sprintf("box%d/sub%d", i/50, i), Delimiter: "/",
			Status: &mail.Status{Messages: i, Unseen: 1, UIDNext: 9, UIDValidity: mail.UIDValidity(i + 1)}})
	}
	return list
}

func TestAFloodOfMailboxesIsStoredInPiecesAndAskedForInPieces(t *testing.T) {
	f := newFixture(t)
	list := flood(20_000)
	if !f.set("home", list...) {
		t.Error("no change")
	}
	if f.set("home", list...) {
		t.Error("the same list is a change")
	}
	all, err := f.Mailboxes(f.ctx)
	if err != nil || len(all) != len(list) || all[0].Role != mail.Inbox {
		t.Fatalf("%d mailboxes, %v", len(all), err)
	}
	last, skipped := all[len(all)-1].Key, all[1].Key
	some, err := f.Pending(f.ctx, "home", []mail.MailboxKey{last}, []mail.MailboxKey{skipped}, 50)
	if err != nil || len(some) != 52 || some[0].Key != last || some[1].Role != mail.Inbox {
		t.Fatalf("%d candidates, %v", len(some), err)
	}
	for _, m := range some {
		if m.Key == skipped {
			t.Error("a mailbox that is left alone is a candidate")
		}
	}
}

func BenchmarkSetMailboxesAgain20000(b *testing.B) {
	f := newFixture(b)
	list := flood(20_000)
	f.do(f.SetMailboxes(f.ctx, "home", list))
	for b.Loop() {
		f.do(f.SetMailboxes(f.ctx, "home", list))
	}
}
