package cache

import (
	"testing"

	"posthorn/mail"
)

// listWith is the list of a server that has these mailboxes, as the engine stores it.
func (f *fixture) listWith(names ...string) []KeptBack {
	f.t.Helper()
	list := listed(names...)
	kept, _, err := f.KeepBack(f.ctx, "home", list)
	f.ok(err)
	f.do(f.SetMailboxes(f.ctx, "home", list))
	f.check()
	return kept
}

// waitsFor are the mailboxes that the wishes wait for, of which there must be so many.
func (f *fixture) waitsFor(n int) (names []string) {
	f.t.Helper()
	groups, err := f.Wishes(f.ctx)
	f.ok(err)
	if len(groups) != n {
		f.t.Fatalf("%d groups wait, want %d: %+v", len(groups), n, groups)
	}
	for _, g := range groups {
		names = append(names, g.Missing)
	}
	return names
}

func TestWishesOfAMailboxThatIsGoneWaitUntilItIsThereAgain(t *testing.T) {
	for name, validity := range map[string]mail.UIDValidity{"as it was": 2, "another one with the same messages": 99} {
		t.Run(name, func(t *testing.T) {
			f, keys := tree(t, "INBOX", "Old", "Archive")
			inInbox, inOld := f.add(keys["INBOX"], headers(2, 4)...), f.add(keys["Old"], headers(5, 7)...)
			f.wish("starred", flagged, inOld[0])
			f.wish("archived", mail.Move{To: keys["Archive"]}, inOld[1])
			f.wish("copied out", mail.Copy{To: keys["Archive"]}, inOld[2])
			f.wish("moved in", mail.Move{To: keys["Old"]}, inInbox[0])
			f.wish("copied in", mail.Copy{To: keys["Old"]}, inInbox[1])
			f.wish("its own affair", flagged, inInbox[2])
			if kept := f.listWith("INBOX", "Archive"); len(kept) != 1 || kept[0] != (KeptBack{"Old", 3, 2}) {
				t.Errorf("kept back: %+v", kept)
			}
			if got := f.shown(in(keys["INBOX"])); len(got) != 4 {
				t.Errorf("what was to go there is shown no more: %v", got)
			}
			for i, missing := range f.waitsFor(6) {
				if want := []string{"Old", "Old", "Old", "Old", "Old", ""}; missing != want[i] {
					t.Errorf("%d waits for %q", i, missing)
				}
			}
			if ops := f.due(); len(ops) != 1 || ops[0].Message != inInbox[2] {
				t.Errorf("due: %+v", ops)
			}
			if kept := f.listWith("INBOX", "Archive"); len(kept) > 0 {
				t.Errorf("kept back once more: %+v", kept)
			}
			f.listWith("INBOX", "Archive", "Old")
			old := f.byName()["Old"]
			f.ok(f.Reset(f.ctx, old, validity))
			f.add(old, headers(5, 7)...)
			f.do(f.Settled(f.ctx, old))
			f.check()
			if f.waitsFor(6); len(f.due()) != 6 {
				t.Errorf("due when it is there again: %+v", f.due())
			}
			if got := f.shown(in(old)); len(got) != 4 { // the starred one, the source of the copy, and what came in
				t.Errorf("shown there: %v", got)
			}
		})
	}
}

func TestWhatIsKeptBackFindsItsMessageInAConversationThatBecamePartOfAnother(t *testing.T) {
	f, keys := tree(t, "INBOX", "Old")
	f.add(keys["INBOX"], header(2))
	inOld := f.add(keys["Old"], header(5))
	f.add(keys["INBOX"], answerTo(8, 2, 5))
	f.wish("starred", flagged, inOld...)
	f.listWith("INBOX")
	f.listWith("INBOX", "Old")
	old := f.byName()["Old"]
	f.ok(f.Reset(f.ctx, old, 99))
	f.add(old, header(5))
	f.do(f.Settled(f.ctx, old))
	f.check()
	if due := f.due(); len(due) != 1 || due[0].UID != 5 {
		t.Errorf("due when it is there again: %+v", due)
	}
}

func TestWhatIsKeptBackCanBeGivenUp(t *testing.T) {
	f, keys := tree(t, "INBOX", "Old")
	f.wish("moved in", mail.Move{To: keys["Old"]}, f.add(keys["INBOX"], header(2))...)
	f.listWith("INBOX")
	groups, err := f.Wishes(f.ctx)
	f.ok(err)
	if len(groups) != 1 || groups[0].Doubt != NotThere || groups[0].Missing != "Old" {
		t.Fatalf("waiting: %+v", groups)
	}
	f.do(f.DropWishes(f.ctx, groups[0]))
	f.listWith("INBOX", "Old")
	if f.waitsFor(0); len(f.due()) > 0 {
		t.Errorf("given up, and due nevertheless: %+v", f.due())
	}
}

func TestALaterMoveEndsTheOneThatWasKeptBack(t *testing.T) {
	f, keys := tree(t, "INBOX", "Old", "Archive")
	moved := f.add(keys["INBOX"], headers(2, 3)...)
	f.wish("moved in", mail.Move{To: keys["Old"]}, moved...)
	f.listWith("INBOX", "Archive")
	f.wish("archived", mail.Move{To: keys["Archive"]}, moved[0])
	f.undo("archived")
	f.undo("moved in") // does the same for the other one
	f.do(f.Settled(f.ctx, keys["INBOX"]))
	f.listWith("INBOX", "Archive", "Old")
	if f.waitsFor(0); len(f.due()) > 0 {
		t.Errorf("the earlier moves are wanted again: %+v", f.due())
	}
}

func TestAMailboxThatIsOnlyANameNowIsEmpty(t *testing.T) {
	f, keys := tree(t, "INBOX", "Old", "Old/Sub")
	f.wish("starred", flagged, f.add(keys["Old"], headers(2, 3)...)...)
	if kept := f.listWith("INBOX", "-Old", "Old/Sub"); len(kept) != 1 || kept[0] != (KeptBack{"Old", 2, 0}) {
		t.Errorf("kept back: %+v", kept)
	}
	if m, err := f.Mailbox(f.ctx, keys["Old"]); err != nil || m.Total != 0 || !m.NoSelect {
		t.Errorf("it is %+v, %v", m, err)
	}
	if names := f.waitsFor(1); names[0] != "Old" {
		t.Errorf("waits for %q", names)
	}
}

func TestWhatWasFetchedForAnotherAccountIsNotKeptBack(t *testing.T) {
	f, keys := tree(t, "INBOX", "Old")
	f.set("work", listed("INBOX")...)
	var work mail.MailboxKey
	all, err := f.Mailboxes(f.ctx)
	f.ok(err)
	for _, m := range all {
		if m.Account == "work" {
			work = m.Key
		}
	}
	moved := f.add(keys["Old"], headers(2, 3)...)
	f.wish("moved", mail.Move{To: work}, moved...)
	ops, err := f.Due(f.ctx, "home", f.now, 10, "home", "work")
	f.ok(err)
	f.ok(f.SetFetched(f.ctx, ops[0], true))
	if kept := f.listWith("INBOX"); len(kept) != 1 || kept[0].In != 1 {
		t.Errorf("kept back: %+v", kept)
	}
	ops, err = f.Due(f.ctx, "work", f.now, 10, "home", "work")
	f.ok(err)
	if len(ops) != 1 || ops[0].Step != StepAppend {
		t.Errorf("the only copy is to be stored: %+v", ops)
	}
}
