package ui_test

import (
	"testing"

	"posthorn/mail"
)

// A link that another program hands over opens at once, but never between what is being typed: then it opens once that
// is closed, and the next one after it. One that nobody opened is there at the next start.
func TestALinkThatIsHandedOverOpensWhereNobodyTypes(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Lunch")
	r.start()
	hand := func(link string) {
		t.Helper()
		if _, err := r.store.HandLink(t.Context(), link); err != nil {
			t.Fatal(err)
		}
		r.Post(mail.Event{Kind: mail.LinkHanded})
	}
	left := func(want int) {
		t.Helper()
		if links, err := r.store.HandedLinks(t.Context()); err != nil || len(links) != want {
			t.Errorf("%d links are left, want %d: %v", len(links), want, err)
		}
	}
	hand("mailto:ben@friends.example?subject=Tides&attach=/etc/passwd")
	r.Sees("ben@friends.example", "Tides", "The link also asked for attach, which was left out.")
	left(0)
	hand("mailto:cy@friends.example?subject=Second")
	hand("mailto:dee@friends.example?subject=Third")
	r.Sees("Tides", "A link asks for a message: it opens once this is closed.")
	r.Type("Low at two.")
	r.SeesNot("Second")
	left(2)
	r.Press("ctrl+s")
	r.Sees("cy@friends.example", "Second")
	r.Press("esc")
	r.Sees("dee@friends.example", "Third")
	r.Press("esc")
	r.Sees("Lunch")
	r.SeesNot("dee@friends.example")
	left(0)
	if got := text(r.submitted().Raw); got != "Low at two.\n" {
		t.Errorf("sent %q", got)
	}
	if _, err := r.store.HandLink(t.Context(), "mailto:ben@friends.example?subject=Fourth"); err != nil {
		t.Fatal(err)
	}
	r.stop()
	r.start()
	r.Sees("Fourth")
	left(0)
}
