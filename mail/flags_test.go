package mail

import (
	"math/rand"
	"reflect"
	"strings"
	"testing"
)

func TestFlagsAreReadAndSpelledAsIMAPDoes(t *testing.T) {
	f, k := ParseFlags([]string{`\SEEN`, `\Recent`, "$forwarded", "Work", "$MDNSent", "work", `\Unknown`, "two words", ""})
	if f != Seen|Forwarded|MDNSent || k != "work" {
		t.Errorf("flags %b keywords %q", f, k)
	}
	if got := f.Names(); !reflect.DeepEqual(got, []string{`\Seen`, "$Forwarded", "$MDNSent"}) {
		t.Errorf("names %q", got)
	}
	if !f.Has(Seen|Forwarded) || f.Has(Seen|Flagged) || !f.Has(0) {
		t.Error("Has is wrong")
	}
}

func TestEveryFlagSurvivesBeingSpelled(t *testing.T) {
	for f := range Flags(1 << len(flagNames)) {
		if got, k := ParseFlags(f.Names()); got != f || k != "" {
			t.Fatalf("%b becomes %b %q", f, got, k)
		}
	}
}

func TestFlagBitsNeverChange(t *testing.T) {
	for bit, name := range map[Flags]string{1: `\Seen`, 2: `\Answered`, 4: `\Flagged`, 8: `\Deleted`, 16: `\Draft`, 32: "$Forwarded", 64: "$Junk", 128: "$NotJunk", 256: "$MDNSent", 512: "$Phishing"} {
		if got := bit.Names(); len(got) != 1 || got[0] != name {
			t.Errorf("%d is stored for %q", bit, got)
		}
	}
}

func TestKeywordsAreASet(t *testing.T) {
	k := NewKeywords("B", "a", "b", "", "two words", "tab\there", "nbsp\u00a0here", "ctrl\x7f")
	if k != "a b" || !k.Has("A") || k.Has("c") || Keywords("").Has("") {
		t.Errorf("%q", k)
	}
	if got := k.With("c a"); got != "a b c" {
		t.Errorf("With: %q", got)
	}
	if got := k.Without("b x"); got != "a" {
		t.Errorf("Without: %q", got)
	}
	if k.With("") != k || k.Without("") != k || Keywords("").Without("a") != "" {
		t.Error("the empty set changes something")
	}
	many := make([]string, 500)
	for i := range many {
		many[i] = strings.Repeat("k", i+1)
	}
	if n := len(NewKeywords(many...).List()); n != maxKeywords {
		t.Errorf("%d keywords kept", n)
	}
}

var someKeywords = []Keywords{"", "a", "b", "a b", "c", "a c", "b c", "a b c"}

// randomChange makes changes that keep the rules of FlagChange.
func randomChange(r *rand.Rand) FlagChange {
	c := FlagChange{Mask: Flags(r.Intn(16)), Add: someKeywords[r.Intn(8)]}
	c.Want = Flags(r.Intn(16)) & c.Mask
	c.Del = someKeywords[r.Intn(8)].Without(c.Add)
	return c
}

func TestFlagChangesMergeRepeatAndInvert(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 20_000 {
		before := State{Mailbox: 1, Flags: Flags(r.Intn(16)), Keywords: someKeywords[r.Intn(8)]}
		first, second := randomChange(r), randomChange(r)
		merged := second.Merge(first)
		if got, want := merged.Apply(before), second.Apply(first.Apply(before)); got != want {
			t.Fatalf("%+v then %+v on %+v: merged %+v, one by one %+v", first, second, before, got, want)
		}
		if merged.Want&^merged.Mask != 0 || merged.Add.Without(merged.Del) != merged.Add {
			t.Fatalf("%+v breaks the rules", merged)
		}
		after := first.Apply(before)
		if again := first.Apply(after); again != after {
			t.Fatalf("%+v twice: %+v, once: %+v", first, again, after)
		}
		if back := first.Invert(before).Apply(after); back != before {
			t.Fatalf("%+v on %+v and back: %+v", first, before, back)
		}
		if first.Empty() && after != before {
			t.Fatalf("%+v is empty and changes %+v", first, before)
		}
	}
}
