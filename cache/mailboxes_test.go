package cache

import (
	"slices"
	"testing"

	"posthorn/mail"
)

func (f *fixture) set(account string, list ...mail.Listed) bool {
	f.t.Helper()
	changed, err := f.SetMailboxes(f.ctx, account, list)
	f.ok(err)
	return changed
}

func (f *fixture) names() []string {
	f.t.Helper()
	list, err := f.Mailboxes(f.ctx)
	f.ok(err)
	var out []string
	for _, m := range list {
		out = append(out, m.Account+":"+m.Name)
	}
	return out
}

func TestMailboxesAreListedByAccountRoleAndName(t *testing.T) {
	f := newFixture(t)
	f.set("ant", mail.Listed{Name: "zoo"}, mail.Listed{Name: "Bar"}, mail.Listed{Name: "Inbox", Role: mail.Inbox}, mail.Listed{Name: "apes"})
	want := []string{"ant:INBOX", "ant:apes", "ant:Bar", "ant:zoo", "home:INBOX", "home:Sent", "home:Archive", "home:Trash"}
	if got := f.names(); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if _, err := f.Mailbox(f.ctx, 999); mail.KindOf(err) != mail.Gone {
		t.Errorf("a mailbox that is not there: %v", err)
	}
	if _, ok, err := f.MailboxFor(f.ctx, "ant", mail.Trash); ok || err != nil {
		t.Errorf("a role nobody has: %v %v", ok, err)
	}
}

func TestOnlyWhatShowsCountsAsAChangeOfTheList(t *testing.T) {
	f := newFixture(t)
	list := []mail.Listed{{Name: "INBOX", Role: mail.Inbox}, {Name: "Work", Delimiter: "."}}
	if !f.set("ant", list...) {
		t.Error("new mailboxes are no change")
	}
	if f.set("ant", list...) {
		t.Error("the same list is a change")
	}
	list[1].Role = mail.Archive
	if !f.set("ant", list...) {
		t.Error("a role is no change")
	}
	list[1].Status = &mail.Status{Messages: 12, Unseen: 3}
	if !f.set("ant", list...) || f.set("ant", list...) {
		t.Error("counts of a mailbox not yet synchronised are a change once")
	}
	m, _, err := f.MailboxFor(f.ctx, "ant", mail.Archive)
	if err != nil || m.Total != 12 || m.Unseen != 3 || m.Synced || m.Delimiter != "." {
		t.Errorf("got %+v %v", m, err)
	}
}

func TestAMailboxNoLongerListedIsForgottenUnlessWishesAreAboutIt(t *testing.T) {
	f := newFixture(t)
	f.add(f.sent, header(1))
	inTrash := f.add(f.trash, header(11))[0]
	inInbox := f.add(f.inbox, header(21))[0]
	draft, err := f.SaveDraft(f.ctx, Saved{Account: "home", Data: "{}"})
	f.ok(err)
	f.queue(Outgoing{Account: "home"}, 0)
	f.wish("", read, inTrash)
	f.wish("", mail.Move{To: f.archive}, inInbox)
	inbox := mail.Listed{Name: "INBOX", Role: mail.Inbox, Delimiter: "/"}
	if !f.set("home", inbox) {
		t.Error("no change")
	}
	if got, want := f.names(), []string{"home:INBOX", "home:Archive", "home:Trash"}; !slices.Equal(got, want) {
		t.Errorf("left %v, want %v", got, want)
	}
	f.do(f.Refuse(f.ctx, f.due(), "NO such mailbox"))
	f.set("home", inbox)
	if got := f.names(); !slices.Equal(got, []string{"home:INBOX"}) {
		t.Errorf("left %v", got)
	}
	f.do(f.Draft(f.ctx, draft))
	if list, err := f.Outbox(f.ctx); err != nil || len(list) != 1 {
		t.Errorf("outbox %v %v", list, err)
	}
}

func TestAnEmptyListIsNotBelieved(t *testing.T) {
	f := newFixture(t)
	f.set("home")
	if got := f.names(); len(got) != 4 {
		t.Errorf("left %v", got)
	}
}

func TestStatusTellsWhetherToSynchronise(t *testing.T) {
	f := newFixture(t)
	held := mail.Status{Messages: 3, Unseen: 2, UIDNext: 4, UIDValidity: 5, HighestModSeq: 9}
	f.ok(f.Reset(f.ctx, f.inbox, held.UIDValidity))
	list := headers(1, 3)
	list[0].Flags = mail.Seen
	f.add(f.inbox, list...)
	for _, c := range []struct {
		name   string
		modseq mail.ModSeq // what is held
		change func(*mail.Status)
		want   bool
	}{
		{"the same", 9, func(*mail.Status) {}, false},
		{"new mail", 9, func(s *mail.Status) { s.UIDNext++ }, true},
		{"fewer messages", 9, func(s *mail.Status) { s.Messages-- }, true},
		{"another UIDVALIDITY", 9, func(s *mail.Status) { s.UIDValidity++ }, true},
		{"changed flags", 9, func(s *mail.Status) { s.HighestModSeq++ }, true},
		{"unseen with CONDSTORE", 9, func(s *mail.Status) { s.Unseen-- }, false},
		{"the same without CONDSTORE", 0, func(s *mail.Status) { s.HighestModSeq = 0 }, false},
		{"unseen without CONDSTORE", 0, func(s *mail.Status) { s.HighestModSeq = 0; s.Unseen-- }, true},
	} {
		f.do(f.SetFlags(f.ctx, f.inbox, nil, Marks{HighestModSeq: &c.modseq}))
		f.do(f.Settled(f.ctx, f.inbox))
		st := held
		c.change(&st)
		if dirty, err := f.SetStatus(f.ctx, f.inbox, st); err != nil || dirty != c.want {
			t.Errorf("%s: dirty %v (%v), want %v", c.name, dirty, err, c.want)
		}
		if state, err := f.SyncState(f.ctx, f.inbox); err != nil || state.Dirty != c.want {
			t.Errorf("%s: stored as %v (%v), want %v", c.name, state.Dirty, err, c.want)
		}
	}
	if dirty, err := f.SetStatus(f.ctx, f.archive, mail.Status{}); err != nil || !dirty {
		t.Errorf("a mailbox never synchronised is clean: %v", err)
	}
	if _, err := f.SetStatus(f.ctx, 999, held); mail.KindOf(err) != mail.Gone {
		t.Errorf("a mailbox that is gone: %v", err)
	}
}
