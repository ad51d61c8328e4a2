package cache

import (
	"slices"
	"strings"
	"testing"

	"posthorn/mail"
)

// answer is message n, an answer to others.
func answer(n int, to ...string) mail.Header {
	h := header(n)
	h.Envelope.References = to
	return h
}

func TestAConversationIsOneRowAtItsNewestMessage(t *testing.T) {
	f := newFixture(t)
	keys := f.add(f.inbox, header(1), header(2), answer(3, "1@example.org"), header(4))
	v := View{Mailboxes: []mail.MailboxKey{f.inbox}, Threads: true}
	if got := f.shown(v); !slices.Equal(got, []mail.MessageKey{keys[3], keys[2], keys[1]}) {
		t.Errorf("rows %v of %v", got, keys)
	}
	f.wish("read", read, keys[1], keys[2], keys[3])
	v.Unseen = true
	if got := f.shown(v); !slices.Equal(got, []mail.MessageKey{keys[2]}) {
		t.Errorf("unread conversations %v of %v", got, keys)
	}
	middle := At(f.message(keys[2]).Message)
	v.Unseen = false
	w, err := f.Window(f.ctx, v, middle, 1, 1)
	if err != nil || !slices.Equal(keysOf(w.Messages), []mail.MessageKey{keys[3], keys[2]}) || !w.Older || w.Newer {
		t.Errorf("around the middle: %v %v", keysOf(w.Messages), err)
	}
	if n, err := f.Rank(f.ctx, v, middle); n != 1 || err != nil {
		t.Errorf("rank %d, %v", n, err)
	}
}

func TestAConversationHasItsAnswersFromOtherMailboxesOnce(t *testing.T) {
	f := newFixture(t)
	first := f.add(f.inbox, header(1), answer(4, "1@example.org", "2@example.org"))
	own := f.add(f.sent, answer(2, "1@example.org"))
	f.add(f.trash, answer(3, "2@example.org"))
	f.add(f.archive, answer(1), answer(5, "4@example.org")) // a copy of the first, and one put away
	v := View{Mailboxes: []mail.MailboxKey{f.inbox}, Threads: true}
	thread := f.message(first[0]).Thread
	got, err := f.Conversations(f.ctx, v, []int64{thread, 999})
	f.ok(err)
	if len(got) != 1 || len(got[thread]) != 4 || got[thread][1].Key != first[1] || got[thread][2].Key != own[0] || got[thread][3].Key != first[0] {
		t.Errorf("got %v; the inbox has %v, Sent %v", keysOf(got[thread]), first, own)
	}
}

func TestConversationsReadTheirIndexInOrder(t *testing.T) {
	f := newFixture(t)
	s := View{Threads: true}.threaded(f.inbox)
	for _, behind := range []bool{true, false} {
		query, args := Sort{}.from(s, Position{Received: 2, Key: 3}, behind, 4)
		plan := f.plan(query, args...)
		if !strings.HasPrefix(plan, "SEARCH c USING INDEX conversation_by_list (mailbox_id=? AND latest") || strings.Contains(plan, "SCAN") {
			t.Errorf("%s\nplan:\n%s", query, plan)
		}
	}
}

func BenchmarkConversationsAt100k(b *testing.B) {
	f := large(b)
	v := View{Mailboxes: []mail.MailboxKey{f.inbox}, Threads: true}
	before := cpu(b)
	for b.Loop() {
		w, err := f.Window(f.ctx, v, Position{}, 0, 300)
		f.ok(err)
		var ids []int64
		for _, m := range w.Messages {
			ids = append(ids, m.Thread)
		}
		got, err := f.Conversations(f.ctx, v, ids)
		if err != nil || len(got) != 300 {
			b.Fatal(len(got), err)
		}
	}
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N)/1000, "cpu-ms/op")
}
