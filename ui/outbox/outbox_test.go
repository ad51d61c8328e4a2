package outbox

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

var sizes = []struct{ w, h int }{{80, 24}, {120, 36}, {40, 12}, {200, 60}}

func newOutbox(t *testing.T, list ...cache.Outgoing) (*Outbox, *screen.Env, *uitest.Engine, *uitest.Root) {
	env, e, root := uitest.Env()
	m := uitest.NewMail(t)
	env.Store = m.Reader
	ctx := context.Background()
	for _, out := range list {
		queued := out
		queued.State, queued.Bytes = cache.Queued, []byte("Subject: x\r\n\r\nx\r\n")
		key, _, err := m.Queue(ctx, queued, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, state := range map[cache.OutState][]cache.OutState{cache.Failed: {cache.Sending, cache.Failed},
			cache.Queued: {cache.Queued}, cache.Uncertain: {cache.Sending, cache.DotSent, cache.Uncertain}}[out.State] {
			out.Key, out.State = key, state
			if err := m.SetOutgoing(ctx, out); err != nil {
				t.Fatal(err)
			}
		}
	}
	o, cmd := New(env)
	root.Push(o)
	uitest.Run(cmd)
	return o, env, e, root
}

func samples() []cache.Outgoing {
	return []cache.Outgoing{
		{Account: "home", State: cache.Queued, From: "anna@example.org", To: []string{"tom@example.org"}, MessageID: "a@x", Subject: "Harbour dinner",
			NotBefore: uitest.Now.Add(4 * time.Second)},
		{Account: "home", State: cache.Failed, From: "anna@example.org", To: []string{"nobody@example.org"}, MessageID: "b@x", Subject: "Hello there",
			Attempts: 1, LastError: "550 no such \x1b[31muser"},
		{Account: "work", State: cache.Uncertain, From: "a@harbour.example", To: []string{"x@example.org", "y@example.org"}, MessageID: "c@x", Attempts: 1},
	}
}

func TestOutboxSaysHowEachMessageStands(t *testing.T) {
	o, _, _, _ := newOutbox(t, samples()...)
	for _, s := range sizes {
		uitest.Golden(t, fmt.Sprintf("outbox-%dx%d", s.w, s.h), o.Draw(screen.Rect{W: s.w, H: s.h}), s.w, s.h)
	}
}

// partial are messages that some have got.
func partial() []cache.Outgoing {
	dan, eve := cache.Refusal{Address: "dan@example.org", Said: "550 no such \x1b[31muser"}, cache.Refusal{Address: "eve@example.net", Said: "552 her mailbox is full"}
	return []cache.Outgoing{
		{Account: "home", State: cache.Failed, From: "anna@example.org", MessageID: "a@x", Subject: "Minutes", Attempts: 1, Copy: cache.CopyFiled,
			Refused: []cache.Refusal{dan, eve}},
		{Account: "home", State: cache.Queued, From: "anna@example.org", To: []string{"cy@example.org"}, MessageID: "b@x", Subject: "Dinner", Attempts: 1,
			Copy: cache.CopyFiled, Refused: []cache.Refusal{dan}, LastError: "cy@example.org: 451 greylisted"},
		{Account: "home", State: cache.Uncertain, From: "anna@example.org", To: []string{"ben@example.org"}, MessageID: "c@x", Subject: "Programme", Attempts: 1,
			Refused: []cache.Refusal{dan}},
	}
}

func TestOutboxShowsWhoWasRefusedAndWhy(t *testing.T) {
	o, _, _, _ := newOutbox(t, partial()...)
	for _, s := range sizes {
		uitest.Golden(t, fmt.Sprintf("partial-%dx%d", s.w, s.h), o.Draw(screen.Rect{W: s.w, H: s.h}), s.w, s.h)
	}
}

func TestOfWhatMayHaveBeenSentThePersonSaysThatItWas(t *testing.T) {
	o, _, e, root := newOutbox(t, samples()...)
	if o.Offers(action.WasSent) {
		t.Error("offered for a message that waits")
	}
	uitest.Do(o, action.WasSent)
	if len(e.Settled) != 0 || len(root.Said) != 1 {
		t.Errorf("settled %v, said %q", e.Settled, root.Said)
	}
	uitest.Do(o, action.Down)
	uitest.Do(o, action.Down)
	uitest.Do(o, action.WasSent)
	if !o.Offers(action.WasSent) || len(e.Settled) != 1 || e.Settled[0] != o.list[2].out.Key || len(root.Said) != 2 {
		t.Errorf("settled %v, said %q", e.Settled, root.Said)
	}
}

func TestOutboxSendsAgainAndGivesBack(t *testing.T) {
	o, _, e, root := newOutbox(t, samples()...)
	uitest.Do(o, action.Down)
	uitest.Do(o, action.Resend)
	if len(e.Resent) != 1 || e.Resent[0] != o.list[1].out.Key {
		t.Errorf("sent again: %v", e.Resent)
	}
	uitest.Do(o, action.GiveBack)
	if len(e.Given) != 1 || e.Given[0] != o.list[1].out.Key || root.Top() != nil || len(root.Drafts) != 1 {
		t.Errorf("given back: %v, %d screens left, composed %v", e.Given, len(root.Stack), root.Drafts)
	}
}

func TestEmptyOutboxSaysSoAndTakesNoAction(t *testing.T) {
	o, _, e, _ := newOutbox(t)
	if got := ansi.Strip(strings.Join(o.Draw(screen.Rect{W: 60, H: 5}).Lines, "\n")); !strings.Contains(got, "Nothing waits") || o.Offers(action.GiveUp) || !o.Offers(action.Back) {
		t.Errorf("shown:\n%s", got)
	}
	for _, a := range []action.Action{action.Down, action.Up, action.Resend, action.GiveBack} {
		uitest.Do(o, a)
	}
	if len(e.Resent)+len(e.Given) != 0 {
		t.Error("something was done to nothing")
	}
	uitest.Run(o.Update(mail.Event{Kind: mail.OutboxChanged}))
}

func TestOutboxFillsAnyArea(t *testing.T) {
	o, _, _, _ := newOutbox(t, samples()...)
	for w := 1; w < 60; w++ {
		for h := 0; h < 12; h++ {
			f := o.Draw(screen.Rect{W: w, H: h})
			for _, l := range f.Lines {
				if n := ansi.StringWidthWc(l); n != w {
					t.Fatalf("%dx%d: a line of %d columns", w, h, n)
				}
			}
			if len(f.Lines) != h {
				t.Fatalf("%dx%d: %d lines", w, h, len(f.Lines))
			}
		}
	}
}

// waiting is a list of changes that wait.
func waiting(t *testing.T) (*Outbox, *uitest.Engine, *uitest.Root) {
	o, env, e, root := newOutbox(t)
	m := uitest.NewMail(t)
	m.Mailboxes("home", "INBOX", "Archive")
	env.Store = m.Reader
	ctx := context.Background()
	one, two := m.Deliver("home", "INBOX", "Subject: One\r\n\r\nx\r\n", 0), m.Deliver("home", "INBOX", "Subject: Two\r\n\r\nx\r\n", 0)
	for _, w := range []cache.Wish{
		{Changes: []mail.Targeted{{Message: one, Change: mail.Move{To: m.Box("home", "Archive")}}}},
		{Changes: []mail.Targeted{{Message: one, Change: mail.FlagChange{Mask: mail.Seen | mail.Flagged, Want: mail.Seen}}}},
		{Changes: []mail.Targeted{{Message: two, Change: mail.Expunge{}}}, NotBefore: uitest.Now.Add(5 * time.Second)},
	} {
		if _, err := m.Wish(ctx, w); err != nil {
			t.Fatal(err)
		}
	}
	ops, err := m.Due(ctx, "home", uitest.Now, 1)
	if err != nil || len(ops) != 1 {
		t.Fatal(ops, err)
	}
	if err := m.Later(ctx, ops, uitest.Now.Add(time.Minute), "NO [LIMIT] not \x1b[31mnow"); err != nil {
		t.Fatal(err)
	}
	uitest.Run(o.Update(mail.Event{Kind: mail.MessagesChanged}))
	return o, e, root
}

func TestOutboxShowsChangesThatWait(t *testing.T) {
	o, _, _ := waiting(t)
	uitest.Golden(t, "waiting-80x24", o.Draw(screen.Rect{W: 80, H: 24}), 80, 24)
}

func TestChangesAreSentNowOrGivenUp(t *testing.T) {
	o, e, root := waiting(t)
	uitest.Do(o, action.Resend)
	uitest.Do(o, action.GiveUp)
	if len(e.Retried) != 1 || len(e.Dropped) != 1 || e.Retried[0].Change != e.Dropped[0].Change || len(root.Said) != 1 {
		t.Errorf("sent now: %v, given up: %v, said %q", e.Retried, e.Dropped, root.Said)
	}
	uitest.Do(o, action.GiveBack)
	if len(e.Given) != 0 || len(root.Said) != 2 {
		t.Errorf("changes were given back as a draft: %v, said %q", e.Given, root.Said)
	}
}

func TestAMessageGivenUpStaysADraft(t *testing.T) {
	o, _, e, root := newOutbox(t, samples()...)
	uitest.Do(o, action.GiveUp)
	if len(e.Given) != 1 || len(root.Drafts) != 0 || root.Top() != o || len(root.Said) != 1 {
		t.Errorf("given back %v, composed %v, said %q", e.Given, root.Drafts, root.Said)
	}
}

// sealed is a message that another program made and that cannot be edited.
func sealed(t *testing.T) cache.Outgoing {
	d, err := json.Marshal(compose.Draft{Subject: "Nightly report", Outside: true, Sealed: true})
	if err != nil {
		t.Fatal(err)
	}
	out := samples()[1]
	out.Subject, out.Draft = "Nightly report", string(d)
	return out
}

func TestAMessageThatCannotBeADraftIsGivenUpAfterAQuestion(t *testing.T) {
	for answer, want := range map[action.Action]int{action.No: 0, action.Yes: 1} {
		o, _, e, root := newOutbox(t, sealed(t))
		uitest.Do(o, action.GiveUp)
		q, asked := root.Top().(*dialog.Question)
		if !asked || len(e.Abandoned)+len(e.Given) != 0 {
			t.Fatalf("not asked: %T, given up %v, given back %v", root.Top(), e.Abandoned, e.Given)
		}
		text := ansi.Strip(strings.Join(q.Draw(screen.Rect{W: 100, H: 10}).Lines, "\n"))
		if !strings.Contains(text, "Give up “Nightly report”?") || !strings.Contains(text, "cannot be kept as a draft") {
			t.Errorf("the question:\n%s", text)
		}
		uitest.Do(q, answer)
		if len(e.Abandoned) != want || len(e.Given) != 0 || len(root.Said) != want {
			t.Errorf("%s: given up %v, given back %v, said %q", answer, e.Abandoned, e.Given, root.Said)
		}
	}
}

func TestOutboxShowsWhatWaitsForItsMessage(t *testing.T) {
	o, env, e, root := newOutbox(t)
	m := uitest.NewMail(t)
	m.Mailboxes("home", "INBOX", "Archive")
	env.Store = m.Reader
	ctx := context.Background()
	inbox := m.Box("home", "INBOX")
	header := func(uid mail.UID, id string) mail.Header {
		return mail.Header{UID: uid, Size: 100, Received: uitest.Now, Envelope: mail.Envelope{MessageID: id, Subject: id}}
	}
	list := []mail.Header{header(1, "a@x"), header(2, "b@x"), header(3, "c@x"), header(4, "d@x")}
	mark, first := mail.UID(100), mail.UID(1)
	keys, err := m.Add(ctx, inbox, list, cache.Marks{UIDNext: &mark, Backfill: &first})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []mail.Change{mail.Expunge{}, mail.Move{To: m.Box("home", "Archive")}, mail.FlagChange{Mask: mail.Seen, Want: mail.Seen}, mail.FlagChange{Mask: mail.Flagged, Want: mail.Flagged}} {
		if _, err := m.Wish(ctx, cache.Wish{Changes: []mail.Targeted{{Message: keys[i], Change: c}}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Reset(ctx, inbox, 9); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Add(ctx, inbox, []mail.Header{header(101, "a@x"), header(102, "a@x"), header(103, "d@x")}, cache.Marks{Backfill: &first}); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Settled(ctx, inbox); err != nil {
		t.Fatal(err)
	}
	uitest.Run(o.Update(mail.Event{Kind: mail.MessagesChanged}))
	for _, s := range sizes {
		uitest.Golden(t, fmt.Sprintf("renumbered-%dx%d", s.w, s.h), o.Draw(screen.Rect{W: s.w, H: s.h}), s.w, s.h)
	}
	for o.list[o.at].wish.Doubt != cache.NotThere {
		uitest.Do(o, action.Down)
	}
	uitest.Do(o, action.Resend)
	if len(e.Retried) != 0 || len(root.Said) != 1 {
		t.Errorf("sent %v, said %q", e.Retried, root.Said)
	}
	uitest.Do(o, action.GiveUp)
	if len(e.Dropped) != 1 || e.Dropped[0].Doubt != cache.NotThere {
		t.Errorf("given up: %+v", e.Dropped)
	}
}

func TestTheOutboxNamesTheMailboxThatChangesWaitFor(t *testing.T) {
	o, _, _, _ := newOutbox(t)
	for _, g := range []cache.WishGroup{
		{Account: "home", From: "INBOX", Change: mail.Move{}, To: "Old\x1b[31m", Messages: 2, Doubt: cache.NotThere, Missing: "Old\x1b[31m"},
		{Account: "home", From: "Old", Change: mail.FlagChange{Mask: mail.Seen, Want: mail.Seen}, Messages: 1, Doubt: cache.NotThere, Missing: "Old"},
	} {
		w := o.wishWords(g)
		if !strings.HasPrefix(w.stands, "Old") || !strings.HasSuffix(w.stands, " is not on the server now: waits until it is there again; d gives it up.") || strings.Contains(w.stands, "\x1b") {
			t.Errorf("%q: %q", w.title, w.stands)
		}
	}
}
