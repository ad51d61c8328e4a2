package cache

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"posthorn/mail"
)

// grouping is which messages, named by UID, are in one conversation, as a sorted list of sorted groups.
func (f *fixture) grouping(box mail.MailboxKey) string {
	f.t.Helper()
	w, err := f.Window(f.ctx, in(box), Position{}, 0, 1000)
	f.ok(err)
	groups := map[int64][]mail.UID{}
	for _, m := range w.Messages {
		_, uid := f.said(m.Key)
		groups[m.Thread] = append(groups[m.Thread], uid)
	}
	out := slices.Collect(maps.Values(groups))
	for _, g := range out {
		slices.Sort(g)
	}
	slices.SortFunc(out, slices.Compare[[]mail.UID])
	return fmt.Sprint(out)
}

func answerTo(n int, refs ...int) mail.Header {
	h := header(n)
	for i, ref := range refs {
		id := fmt.Sprintf("%d@example.org", ref)
		h.Envelope.References = append(h.Envelope.References, id)
		if i == len(refs)-1 {
			h.Envelope.InReplyTo = []string{id}
		}
	}
	return h
}

func TestAnswersJoinTheConversationOfWhatTheyAnswer(t *testing.T) {
	f := newFixture(t)
	f.add(f.inbox, header(1), answerTo(2, 1), answerTo(3, 1, 2), header(4), answerTo(5, 99), answerTo(6, 99))
	if got, want := f.grouping(f.inbox), "[[1 2 3] [4] [5 6]]"; got != want {
		t.Errorf("got %s, want %s: a missing parent connects too", got, want)
	}
}

func TestConversationsDoNotCrossAccounts(t *testing.T) {
	f := newFixture(t)
	f.do(f.SetMailboxes(f.ctx, "work", []mail.Listed{{Name: "INBOX", Role: mail.Inbox}}))
	work, _, err := f.MailboxFor(f.ctx, "work", mail.Inbox)
	f.ok(err)
	a, b := f.add(f.inbox, header(1))[0], f.add(work.Key, answerTo(2, 1))[0]
	if f.message(a).Thread == f.message(b).Thread {
		t.Error("two accounts share a conversation")
	}
}

func TestMessagesWithoutIdentifierAreConversationsOfTheirOwn(t *testing.T) {
	f := newFixture(t)
	list := headers(1, 3)
	for i := range list {
		list[i].Envelope.MessageID = ""
	}
	list[2].Envelope.References = []string{"\xff not utf-8", ""}
	f.add(f.inbox, list...)
	if got, want := f.grouping(f.inbox), "[[1] [2] [3]]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestReferencesMayBeAnything: what is broken, in a circle or without end makes no conversation but those it names.
func TestReferencesMayBeAnything(t *testing.T) {
	with := func(n int, id string, refs ...string) mail.Header {
		h := header(n)
		h.Envelope.MessageID, h.Envelope.References = id, refs
		return h
	}
	var many strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&many, "<%d@many> ", i)
	}
	flood := mail.ParseMessageIDs(many.String())
	for name, c := range map[string]struct {
		list []mail.Header
		want string
	}{
		"to itself":              {[]mail.Header{with(1, "a", "a", "a"), with(2, "b", "b")}, "[[1] [2]]"},
		"in a circle":            {[]mail.Header{with(1, "a", "c"), with(2, "b", "a"), with(3, "c", "b"), header(4)}, "[[1 2 3] [4]]"},
		"one identifier of two":  {[]mail.Header{with(1, "a"), with(2, "a"), with(3, "c", "a")}, "[[1 2 3]]"},
		"to what is not there":   {[]mail.Header{with(1, "a", "x", "y"), with(2, "b", "y"), with(3, "c", "z")}, "[[1 2] [3]]"},
		"two joined at last":     {[]mail.Header{with(1, "a"), with(2, "b", "a"), with(3, "c"), with(4, "d", "c"), with(5, "e", "b", "d")}, "[[1 2 3 4 5]]"},
		"by the first of 10,000": {[]mail.Header{with(1, "0@many"), with(2, "5000@many"), with(3, "9999@many"), with(4, "d", flood...)}, "[[1 3 4] [2]]"},
		"nothing but blanks":     {[]mail.Header{with(1, "", ""), with(2, "", ""), with(3, "c", "", " ")}, "[[1] [2] [3]]"},
	} {
		f := newFixture(t)
		f.add(f.inbox, c.list...)
		if got := f.grouping(f.inbox); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
		f.close()
	}
}

func TestConversationsDoNotDependOnTheOrderOfArrival(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 12 {
		const n = 40
		list := make([]mail.Header, n)
		for i := range list {
			var refs []int
			for range r.IntN(3) {
				refs = append(refs, 1+r.IntN(n+10)) // some are never seen
			}
			if r.IntN(3) == 0 {
				refs = nil
			}
			list[i] = answerTo(i+1, refs...)
		}
		want := ""
		for order := range 3 {
			f := newFixture(t)
			r.Shuffle(n, func(i, j int) { list[i], list[j] = list[j], list[i] })
			rest := list
			next := func() *Arrivals { // nil: the batches after it are another transaction's
				if len(rest) == 0 || r.IntN(4) == 0 {
					return nil
				}
				size := min(len(rest), 1+r.IntN(12))
				a := NewArrivals(size)
				for i := range rest[:size] {
					a.Put(&rest[i])
				}
				rest = rest[size:]
				return a
			}
			for len(rest) > 0 {
				if a := next(); a != nil {
					f.do(f.AddAll(f.ctx, f.inbox, a, next))
				}
			}
			got := f.grouping(f.inbox)
			if order > 0 && got != want {
				t.Fatalf("got  %s\nwant %s", got, want)
			}
			want = got
			f.close()
		}
	}
}
