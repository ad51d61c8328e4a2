package cache

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"posthorn/mail"
)

func from(n int, a mail.Address) mail.Header {
	h := header(n)
	h.Envelope.From = []mail.Address{a}
	return h
}

// found are the addresses that a prefix completes to.
func (f *fixture) found(prefix string) []string {
	f.t.Helper()
	list, err := f.Contacts(f.ctx, prefix, 10)
	f.ok(err)
	var out []string
	for _, a := range list {
		out = append(out, a.String())
	}
	return out
}

func TestPeopleWeWroteToComeBeforeThoseWhoWroteToUs(t *testing.T) {
	f := newFixture(t)
	f.add(f.inbox, from(1, mail.Address{Name: "Anna Berg", Local: "anna", Domain: "a.example"}),
		from(2, mail.Address{Name: "Anna Berg", Local: "Anna", Domain: "a.example"}),
		from(3, mail.Address{Name: "Anton Maier", Local: "toni", Domain: "b.example"}))
	sent := header(11)
	sent.Envelope.To = []mail.Address{{Local: "anke", Domain: "c.example"}}
	sent.Envelope.Cc = []mail.Address{{Name: "Antje", Local: "x", Domain: "d.example"}}
	again := header(12)
	again.Envelope.To = sent.Envelope.To
	f.add(f.sent, sent, again)
	want := []string{"anke@c.example", "Antje <x@d.example>", "Anna Berg <Anna@a.example>", "Anton Maier <toni@b.example>"}
	if got := f.found("an"); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if list, err := f.Contacts(f.ctx, "an", 2); err != nil || len(list) != 2 {
		t.Errorf("limit 2 gave %v %v", list, err)
	}
}

func TestAPrefixOfAnyWordOrOfTheAddressMatchesInAnyCase(t *testing.T) {
	f := newFixture(t)
	f.add(f.inbox, from(1, mail.Address{Name: `Öztürk, Ayşe (Büro)`, Local: "A.Oez", Domain: "Firm.example"}))
	for _, prefix := range []string{"", "öz", "ÖZTÜRK", "ayşe", "büro", "a.oez@f", "A.OEZ", "öztürk ay"} {
		if got := f.found(prefix); len(got) != 1 {
			t.Errorf("%q finds %q", prefix, got)
		}
	}
	for _, prefix := range []string{"türk", "firm", "%", "_", "x"} {
		if got := f.found(prefix); len(got) != 0 {
			t.Errorf("%q finds %q", prefix, got)
		}
	}
}

func TestTheNewestNameIsOffered(t *testing.T) {
	f := newFixture(t)
	a := mail.Address{Local: "anna", Domain: "a.example"}
	name := func(n int, s string) mail.Header { b := a; b.Name = s; return from(n, b) }
	f.add(f.inbox, name(5, "Anna Neu"))
	f.add(f.inbox, name(1, "Anna Alt"))
	f.add(f.inbox, name(9, ""))
	if got := f.found("anna"); !slices.Equal(got, []string{"Anna Neu <anna@a.example>"}) {
		t.Errorf("got %q", got)
	}
}

func TestListsProgramsAndJunkDoNotCrowdOutPeople(t *testing.T) {
	f := newFixture(t)
	f.do(f.SetMailboxes(f.ctx, "home", []mail.Listed{{Name: "INBOX", Role: mail.Inbox}, {Name: "Spam", Role: mail.Junked}}))
	spam := f.role(mail.Junked)
	var list []mail.Header
	for n := 1; n <= 5; n++ {
		h := from(n, mail.Address{Local: "news", Domain: "shop.example"})
		h.Envelope.ListUnsubscribe = "<https://shop.example/>"
		list = append(list, h)
	}
	list = append(list, from(6, mail.Address{Local: "nele", Domain: "a.example"}))
	list = append(list, from(7, mail.Address{Local: "broken address", Domain: ""}))
	f.add(f.inbox, list...)
	f.add(spam, from(1, mail.Address{Local: "nevermind", Domain: "spam.example"}))
	if got := f.found("ne"); !slices.Equal(got, []string{"nele@a.example", "news@shop.example"}) {
		t.Errorf("got %q", got)
	}
	if got := f.found("broken"); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}

func TestWhoWasHeardOfLatelyComesBeforeWhoWasOften(t *testing.T) {
	f := newFixture(t)
	year := int64(365 * 24 * 3600)
	for i, c := range []struct {
		address           string
		written, received int
		ago               int64
	}{{"anna@once.example", 9, 0, 3 * year}, {"anna@now.example", 3, 0, 0}, {"anna@read.example", 0, 50, 0}, {"anna@often.example", 5, 0, 86400}} {
		local, domain, _ := strings.Cut(c.address, "@")
		f.do(f.Store.conn.ExecContext(f.ctx, "INSERT INTO contact (address, local, domain, words, written, received, last_used) VALUES (?, ?, ?, ?, ?, ?, ?)",
			c.address, local, domain, " "+c.address, c.written, c.received, 4*year-c.ago+int64(i)))
	}
	want := []string{"anna@often.example", "anna@now.example", "anna@once.example", "anna@read.example"}
	if got := f.found("anna"); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// BenchmarkContactsOf50k is one key press in an address field, among 50,000 people. A frame has 16 ms.
func BenchmarkContactsOf50k(b *testing.B) {
	s, err := Open(b.Context(), b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	err = s.write(b.Context(), normal, "fill", func(t *transaction) error {
		met := map[string]*contact{}
		for i := range 50_000 {
			a := mail.Address{Name: fmt.Sprintf("Person%d Family%d", i, i%977), Local: fmt.Sprintf("person%d", i), Domain: fmt.Sprintf("example%d.org", i%311)}
			met[a.Addr()] = &contact{Address: a, written: i % 7, received: i % 13, last: int64(i)}
		}
		return t.storeContacts(met)
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, prefix := range []string{"p", "person4999", "family97", "nobody"} {
		b.Run(prefix, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Contacts(b.Context(), prefix, 6); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
