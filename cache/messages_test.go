package cache

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"posthorn/mail"
)

func TestWindowsAreCutAroundAPosition(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 20)...)
	newest := slices.Clone(keys)
	slices.Reverse(newest) // newest[i] is the i-th row of the list
	at := func(i int) Position { return At(f.message(newest[i]).Message) }
	for _, c := range []struct {
		name                 string
		around               Position
		newer, older         int
		first, last          int
		moreNewer, moreOlder bool
	}{
		{"top", Position{}, 5, 6, 0, 5, false, true},
		{"everything", Position{}, 0, 20, 0, 19, false, false},
		{"middle", at(10), 3, 4, 7, 13, true, true},
		{"first", at(0), 3, 4, 0, 3, false, true},
		{"last", at(19), 3, 4, 16, 19, true, false},
		{"only older", at(10), 0, 5, 10, 14, true, true},
	} {
		w, err := f.Window(f.ctx, in(f.inbox), c.around, c.newer, c.older)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := keysOf(w.Messages), newest[c.first:c.last+1]; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", c.name, got, want)
		}
		if w.Newer != c.moreNewer || w.Older != c.moreOlder {
			t.Errorf("%s: newer %v older %v, want %v %v", c.name, w.Newer, w.Older, c.moreNewer, c.moreOlder)
		}
	}
}

func TestAPositionOutlivesItsMessage(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 9)...)
	at := At(f.message(keys[4]).Message)
	f.wish("archived", mail.Move{To: f.archive}, keys[4])
	w, err := f.Window(f.ctx, in(f.inbox), at, 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	if want := []mail.MessageKey{keys[6], keys[5], keys[3], keys[2]}; !slices.Equal(keysOf(w.Messages), want) {
		t.Errorf("got %v, want %v", keysOf(w.Messages), want)
	}
}

func TestWindowsOfAnyViewAgreeWithTheWholeList(t *testing.T) {
	f := newFixture(t)
	r := rand.New(rand.NewPCG(3, 4))
	boxes := []mail.MailboxKey{f.inbox, f.archive, f.sent}
	for i, box := range boxes {
		list := headers(1, 60)
		for j := range list {
			list[j].Received = noon.AddDate(0, 0, r.IntN(20)) // many equal dates
			list[j].Flags = mail.Flags(r.IntN(8))
			list[j].Envelope.MessageID = ""
			list[j].UID += mail.UID(1000 * i)
		}
		f.add(box, list...)
	}
	for _, v := range []View{in(boxes...), {Mailboxes: boxes, Unseen: true}, {Mailboxes: boxes[:1], Flagged: true}, {Mailboxes: boxes, Unseen: true, Flagged: true}} {
		whole, err := f.Window(f.ctx, v, Position{}, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range whole.Messages {
			if v.Unseen && !m.Unseen() || v.Flagged && !m.Flags.Has(mail.Flagged) || !slices.Contains(v.Mailboxes, m.Mailbox) {
				t.Fatalf("%+v shows %+v", v, m)
			}
		}
		total, unseen, err := f.Count(f.ctx, v)
		if err != nil {
			t.Fatal(err)
		}
		isUnseen := 0
		for _, m := range whole.Messages {
			if m.Unseen() {
				isUnseen++
			}
		}
		if total != len(whole.Messages) || unseen != isUnseen {
			t.Errorf("%+v: counted %d, %d; want %d, %d", v, total, unseen, len(whole.Messages), isUnseen)
		}
		for i, m := range whole.Messages {
			w, err := f.Window(f.ctx, v, At(m), 4, 3)
			if err != nil {
				t.Fatal(err)
			}
			want := whole.Messages[max(0, i-4):min(i+3, total)]
			if !slices.Equal(keysOf(w.Messages), keysOf(want)) || w.Newer != (i > 4) || w.Older != (i+3 < total) {
				t.Fatalf("%+v at %d: got %v, want %v", v, i, keysOf(w.Messages), keysOf(want))
			}
			rank, err := f.Rank(f.ctx, v, At(m))
			if err != nil || rank != i {
				t.Fatalf("%+v: rank %d, want %d (%v)", v, rank, i, err)
			}
		}
	}
}

func TestAMessageComesBackAsItWasStored(t *testing.T) {
	f := newFixture(t)
	h := header(1)
	h.Flags, h.Keywords = mail.Seen|mail.Answered, mail.NewKeywords("work", "$Label1")
	h.Envelope.Subject = "Grüße \x00 and <b>\u202e"
	h.Envelope.Cc = []mail.Address{{Name: "Zoë", Local: "z", Domain: "example.org"}}
	h.Envelope.ListID = "list.example.org"
	h.Structure = &mail.Part{MediaType: "multipart/mixed", Children: []mail.Part{
		{Section: "1", MediaType: "text/plain"}, {Section: "2", MediaType: "application/pdf", Disposition: "attachment", Filename: "a.pdf"}}}
	key := f.add(f.inbox, h)[0]
	d := f.message(key)
	if d.Account != "home" || d.Mailbox != f.inbox || d.Flags != h.Flags || d.Keywords != h.Keywords || d.Size != h.Size ||
		d.Subject != h.Envelope.Subject || d.From != h.Envelope.FromText() || d.To != h.Envelope.ToText() || d.ListID != h.Envelope.ListID ||
		d.Attachments != 1 || !d.Received.Equal(h.Received) || !d.Date.Equal(h.Envelope.Date) || d.MessageID != h.Envelope.MessageID || d.Thread == 0 {
		t.Errorf("got %+v", d.Message)
	}
	if len(d.Envelope.Cc) != 1 || d.Envelope.Cc[0] != h.Envelope.Cc[0] || d.Structure == nil || len(d.Structure.Children) != 2 {
		t.Errorf("got %+v %+v", d.Envelope, d.Structure)
	}
	if _, err := f.Message(f.ctx, key+1); mail.KindOf(err) != mail.Gone {
		t.Errorf("a message that is not there: %v", err)
	}
}

func TestMessagesAreReadInTheOrderAskedFor(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, headers(1, 3)...)
	got, err := f.Messages(f.ctx, []mail.MessageKey{keys[2], 999, keys[0]})
	if err != nil || !slices.Equal(keysOf(got), []mail.MessageKey{keys[2], keys[0]}) {
		t.Errorf("got %v %v", keysOf(got), err)
	}
}

func TestMessagesAreFoundByMessageIDWithinAnAccount(t *testing.T) {
	f := newFixture(t)
	f.do(f.SetMailboxes(f.ctx, "work", []mail.Listed{{Name: "INBOX", Role: mail.Inbox}}))
	work, _, err := f.MailboxFor(f.ctx, "work", mail.Inbox)
	f.ok(err)
	key := f.add(f.inbox, header(6), header(7))[1]
	f.add(f.inbox, answerTo(8, 6, 7)) // one conversation from now on
	f.add(work.Key, header(7))
	got, err := f.ByMessageID(f.ctx, "home", "7@example.org")
	if err != nil || !slices.Equal(keysOf(got), []mail.MessageKey{key}) {
		t.Errorf("got %v %v, want %v", keysOf(got), err, key)
	}
	if got, err := f.ByMessageID(f.ctx, "home", ""); err != nil || got != nil {
		t.Errorf("messages without Message-ID are found by it: %v %v", got, err)
	}
}

// plan is what SQLite means to do for a query.
func (f *fixture) plan(query string, args ...any) string {
	f.t.Helper()
	rows, err := f.Reader.db.QueryContext(f.ctx, "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		f.ok(rows.Scan(&id, &parent, &unused, &detail))
		out = append(out, detail)
	}
	return strings.Join(out, "\n")
}

func TestListQueriesReadOneIndexInOrder(t *testing.T) {
	f := newFixture(t)
	for index, v := range map[string]View{
		"message_by_list":    {},
		"message_by_unseen":  {Unseen: true},
		"message_by_flagged": {Flagged: true},
	} {
		for _, o := range []struct{ behind, reverse bool }{{true, false}, {false, false}, {true, true}, {false, true}} {
			query, args := Sort{Reverse: o.reverse}.from(messages(v.shownIn(), 1), Position{Received: 2, Key: 3}, o.behind, 4)
			plan := f.plan(query, args...)
			want := "SEARCH m USING INDEX " + index + " (shown_mailbox_id=? AND internal_date"
			if !strings.HasPrefix(plan, want) || strings.Contains(plan, "B-TREE") || strings.Contains(plan, "SCAN") {
				t.Errorf("%+v:\n%s\nplan:\n%s", v, query, plan)
			}
		}
	}
}

func TestDueQueriesReadTheIndexInOrder(t *testing.T) {
	f := newFixture(t)
	for query, args := range map[string][]any{dueQuery: {"home", "[]", 1, 10}, nextDueQuery: {"home", "[]"}} {
		plan := f.plan(query, args...)
		if !strings.Contains(plan, "operation_due") || strings.Contains(plan, "B-TREE") || strings.Contains(plan, "SCAN k") {
			t.Errorf("%s\nplan:\n%s", query, plan)
		}
	}
}
