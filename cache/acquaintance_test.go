package cache

import (
	"slices"
	"testing"

	"posthorn/mail"
)

func TestAcquaintancesAreThoseWrittenToOrHeardOfBefore(t *testing.T) {
	f := newFixture(t)
	once := mail.Address{Name: "Eve", Local: "eve", Domain: "once.example"}
	twice := mail.Address{Name: "Mira Okafor", Local: "mira", Domain: "Harbour.example"}
	f.add(f.inbox, from(1, once), from(2, twice), from(3, twice))
	for a, want := range map[mail.Address]bool{once: false, twice: true, {Local: "nobody", Domain: "x.example"}: false} {
		if got, err := f.Acquainted(f.ctx, a); err != nil || got != want {
			t.Errorf("%v: %v, %v; want %v", a, got, err, want)
		}
	}
	if got, err := f.AcquaintedDomains(f.ctx); err != nil || !slices.Equal(got, []string{"harbour.example"}) {
		t.Errorf("domains %v, %v", got, err)
	}
	if got, err := f.Named(f.ctx, "mira okafor"); err != nil || len(got) != 1 || !got[0].Same(twice) {
		t.Errorf("named %v, %v", got, err)
	}
	if got, err := f.Named(f.ctx, "eve"); err != nil || len(got) != 0 {
		t.Errorf("a stranger is named: %v, %v", got, err)
	}
}
