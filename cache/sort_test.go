package cache

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/search"
)

// sorts are all orders there are.
func sorts() (all []Sort) {
	for _, by := range []SortKey{ByDate, BySender, ByRecipient, BySubject, BySize, ByUnread, ByStarred} {
		all = append(all, Sort{By: by}, Sort{By: by, Reverse: true})
	}
	return all
}

// variety fills two mailboxes with messages that are alike in some things.
func (f *fixture) variety() {
	for n := 1; n <= 24; n++ {
		h := header(n)
		h.Envelope.From = []mail.Address{{Name: []string{"anna", "Anna", "Émile", "ben"}[n%4], Local: "x", Domain: "example.org"}}
		h.Envelope.To = []mail.Address{{Name: []string{"Zoe", "carla"}[n%2], Local: "y", Domain: "example.org"}}
		h.Envelope.Subject = []string{"Re: lunch", "Lunch", "Apples", "", "RE: apples"}[n%5]
		h.Size = int64(n % 3)
		h.Flags = []mail.Flags{0, mail.Seen, mail.Seen | mail.Flagged, mail.Flagged}[n/2%4]
		h.Received = time.Unix(int64(1000+n/2), 0)
		f.add([]mail.MailboxKey{f.inbox, f.archive}[n%2], h)
	}
}

func TestEveryOrderIsReadInPiecesBothWays(t *testing.T) {
	f := newFixture(t)
	f.variety()
	q, _ := search.Parse("is:read OR is:unread", f.now)
	for _, v := range []View{{Mailboxes: []mail.MailboxKey{f.inbox}}, {Mailboxes: []mail.MailboxKey{f.inbox, f.archive}}, {Query: &q}, {Mailboxes: []mail.MailboxKey{f.inbox, f.archive}, Unseen: true}} {
		for _, v.Sort = range sorts() {
			t.Run(fmt.Sprint(v.Sort, len(v.Mailboxes), v.Unseen), func(t *testing.T) {
				all, err := f.Window(f.ctx, v, Position{}, 0, 100)
				f.ok(err)
				want := slices.Clone(all.Messages)
				if slices.SortFunc(want, v.Sort.compare); !slices.Equal(keysOf(want), keysOf(all.Messages)) || len(want) < 3 {
					t.Fatalf("read as %v, in order %v", keysOf(all.Messages), keysOf(want))
				}
				var down, up []mail.MessageKey
				for p := (Position{}); ; {
					w, err := f.Window(f.ctx, v, p, 0, 5)
					f.ok(err)
					if down = append(down, keysOf(w.Messages)...); !w.Older {
						break
					}
					next, err := f.Window(f.ctx, v, v.Sort.At(w.Messages[4]), 0, 2)
					f.ok(err)
					p = v.Sort.At(next.Messages[1])
				}
				for p := (Position{End: true}); ; {
					w, err := f.Window(f.ctx, v, p, 5, 0)
					f.ok(err)
					up = append(keysOf(w.Messages), up...)
					if p = v.Sort.At(w.Messages[0]); !w.Newer {
						break
					}
				}
				if !slices.Equal(down, keysOf(want)) || !slices.Equal(up, down) {
					t.Errorf("down %v, up %v, want %v", down, up, keysOf(want))
				}
				for i, m := range want {
					if n, err := f.Rank(f.ctx, v, v.Sort.At(m)); n != i || err != nil {
						t.Errorf("rank %d of the message at %d, %v", n, i, err)
					}
				}
			})
		}
	}
}

func TestOrdersAreWhatTheySay(t *testing.T) {
	f := newFixture(t)
	f.variety()
	for by, of := range map[SortKey]func(m mail.Message) string{
		BySubject: func(m mail.Message) string { return baseSubject(m) },
		BySize:    func(m mail.Message) string { return fmt.Sprint(9 - m.Size) },
		ByUnread:  func(m mail.Message) string { return fmt.Sprint(!m.Unseen()) },
		ByStarred: func(m mail.Message) string { return fmt.Sprint(!m.Flags.Has(mail.Flagged)) },
		BySender:  func(m mail.Message) string { return m.From },
	} {
		w, err := f.Window(f.ctx, View{Mailboxes: []mail.MailboxKey{f.inbox, f.archive}, Sort: Sort{By: by}}, Position{}, 0, 100)
		f.ok(err)
		if !slices.IsSortedFunc(w.Messages, func(a, b mail.Message) int { return slices.Compare(nocase(of(a)), nocase(of(b))) }) {
			t.Errorf("by %s: %v", by, w.Messages)
		}
	}
}

// An order without an index costs one reading of the mailbox, whatever it is by.
func BenchmarkSortsAt100k(b *testing.B) {
	f := large(b)
	for _, by := range []SortKey{ByDate, BySender, BySubject, BySize, ByUnread} {
		b.Run("by "+string(by), func(b *testing.B) {
			v := View{Mailboxes: []mail.MailboxKey{f.inbox}, Sort: Sort{By: by}}
			for b.Loop() {
				if w, err := f.Window(f.ctx, v, Position{}, 0, 300); err != nil || len(w.Messages) != 300 {
					b.Fatal(len(w.Messages), err)
				}
			}
		})
	}
}
