package mail

import (
	"math"
	"math/rand"
	"testing"
)

func TestUIDSetIsSpelledAsIMAPDoes(t *testing.T) {
	for want, s := range map[string]UIDSet{
		"":                      nil,
		"7":                     NewUIDSet(7, 0, 7),
		"1:3,7":                 NewUIDSet(3, 7, 1, 2),
		"1:4294967295":          {{1, math.MaxUint32}},
		"2:9":                   Normalise([]UIDRange{{5, 9}, {2, 4}, {3, 6}}),
		"1:2":                   Normalise([]UIDRange{{0, 2}, {9, 3}}),
		"4294967294:4294967295": NewUIDSet(math.MaxUint32, math.MaxUint32-1),
	} {
		if got := s.String(); got != want {
			t.Errorf("%v is %q, want %q", []UIDRange(s), got, want)
		}
	}
}

// TestUIDSetAgreesWithAMap compares every operation with the same one on a plain set.
func TestUIDSetAgreesWithAMap(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 2000 {
		model := map[UID]bool{}
		var ranges []UIDRange
		for range r.Intn(8) {
			lo := UID(r.Intn(40))
			x := UIDRange{lo, lo + UID(r.Intn(6))}
			ranges = append(ranges, x)
			for u := max(x.Lo, 1); u <= x.Hi; u++ {
				model[u] = true
			}
		}
		s := Normalise(ranges)
		if s.Len() != len(model) {
			t.Fatalf("%s has %d, want %d", s, s.Len(), len(model))
		}
		for i, x := range s {
			if x.Lo == 0 || x.Hi < x.Lo || i > 0 && x.Lo <= s[i-1].Hi+1 {
				t.Fatalf("%s is not in order", s)
			}
		}
		lo, hi, n := UID(r.Intn(50)), UID(r.Intn(50)), r.Intn(10)
		within, newest := s.Within(lo, hi), s.Newest(n)
		if want := min(n, len(model)); newest.Len() != want || want > 0 && newest.Max() != s.Max() {
			t.Fatalf("the newest %d of %s are %s", n, s, newest)
		}
		for u := UID(0); u < 60; u++ {
			if s.Contains(u) != model[u] {
				t.Fatalf("%s contains %d: %t", s, u, s.Contains(u))
			}
			if within.Contains(u) != (model[u] && u >= lo && u <= hi) {
				t.Fatalf("%s within %d to %d is %s", s, lo, hi, within)
			}
			if newest.Contains(u) && !model[u] {
				t.Fatalf("%s is not part of %s", newest, s)
			}
		}
		if len(model) > 0 && (!model[s.Min()] || !model[s.Max()]) || len(model) == 0 && (s.Min() != 0 || s.Max() != 0) {
			t.Fatalf("%s is from %d to %d", s, s.Min(), s.Max())
		}
	}
}

func TestUIDSetOfAllCostsNothing(t *testing.T) {
	s := UIDSet{{1, math.MaxUint32}}
	if s.Len() != math.MaxUint32 || !s.Contains(math.MaxUint32) || s.Newest(2).String() != "4294967294:4294967295" {
		t.Errorf("%s: %d", s, s.Len())
	}
	if got := s.Append(UIDRange{math.MaxUint32, math.MaxUint32}); got.String() != "1:4294967295" {
		t.Errorf("appended: %s", got)
	}
}
