package width

import (
	"math/rand"
	"strings"
	"testing"
	"unicode"

	"posthorn/mail"
)

// odd are characters whose columns libraries disagree on.
var odd = []rune("\u0d4e\U0001193f\u200d\u094d\u0915\u093f\u1100\u1161\u11a8\u0301\u20e3🇸🇪👩🏽\u0e33\u0e01가\u0bcd\u0bbe\ufdfd\ufdfa-/.… ")

func sample(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.Intn(14) {
		c := rune(r.Intn(0x20000))
		switch r.Intn(3) {
		case 0:
			c = rune(0x20 + r.Intn(0x5f))
		case 1:
			c = odd[r.Intn(len(odd))]
		}
		if unicode.IsGraphic(c) || c == 0x200d {
			b.WriteRune(c)
		}
	}
	return mail.Line(b.String())
}

// styled is s with styling of ours around some of it, and a link.
func styled(s string, r *rand.Rand) string {
	i := 0
	for range r.Intn(3) {
		if i < len(s) {
			c, _ := First(s[i:])
			i += len(c)
		}
	}
	return "\x1b[1;38;2;1;2;3m" + s[:i] + "\x1b[m\x1b]8;;https://a.example/\x07" + s[i:] + "\x1b]8;;\x07"
}

func check(t *testing.T, s string, n int) {
	t.Helper()
	if c := Cut(s, n); Of(c) > max(0, n) {
		t.Errorf("Cut(%+q, %d) = %+q of %d columns", s, n, c, Of(c))
	}
	if m := Middle(s, n); Of(m) > max(0, n) {
		t.Errorf("Middle(%+q, %d) = %+q of %d columns", s, n, m, Of(m))
	}
	for _, f := range []string{Fit(s, n), FitLeft(s, n), Clip(s, n)} {
		if Of(f) != n {
			t.Errorf("%+q in %d columns: %+q of %d", s, n, f, Of(f))
		}
	}
	if rest := Skip(s, n); Of(rest) > max(0, Of(s)-n) || s[0] != '\x1b' && !strings.HasSuffix(s, rest) {
		t.Errorf("Skip(%+q, %d) = %+q of %d columns, %d all in all", s, n, rest, Of(rest), Of(s))
	}
}

// Whatever comes from outside, nothing grows out of the columns it was given, in either way to count.
func TestNothingGrowsOutOfItsColumns(t *testing.T) {
	defer UseClusters(false)
	for _, on := range []bool{false, true} {
		UseClusters(on)
		r := rand.New(rand.NewSource(1))
		for range 20_000 {
			s, n := sample(r), r.Intn(16)
			if s == "" {
				continue
			}
			check(t, s, n)
			check(t, styled(s, r), n)
			for _, l := range Wrap(s, max(4, n)) {
				if Of(l) > max(4, n) {
					t.Errorf("Wrap(%+q, %d) has %+q of %d columns", s, max(4, n), l, Of(l))
				}
			}
			if joined := strings.Join(Wrap(s, max(4, n)), ""); strings.ReplaceAll(joined, " ", "") != strings.ReplaceAll(s, " ", "") {
				t.Errorf("Wrap(%+q, %d) loses text: %+q", s, n, joined)
			}
			if Of("│"+s+"│ "+s+" ") != 4+2*Of(s) {
				t.Errorf("%+q joins what stands beside it", s)
			}
			sum := 0
			for rest := s; rest != ""; {
				c, columns := First(rest)
				sum, rest = sum+columns, rest[len(c):]
			}
			if sum != Of(s) {
				t.Errorf("the characters of %+q take %d columns, all of it %d", s, sum, Of(s))
			}
			if t.Failed() {
				t.Fatalf("clusters %v", on)
			}
		}
	}
}

func TestStylingIsKeptToItsEnd(t *testing.T) {
	const s = "\x1b[1mHello\x1b[m \x1b]8;;https://a.example/m\x07there\x1b]8;;\x07"
	for got, want := range map[string]string{
		Cut(s, 4):     "\x1b[1mHel…\x1b[m\x1b]8;;https://a.example/m\x07\x1b]8;;\x07",
		Cut(s, 11):    s,
		Skip(s, 7):    "\x1b[1m\x1b[m\x1b]8;;https://a.example/m\x07here\x1b]8;;\x07",
		Clip(s, 2):    "\x1b[1mHe\x1b[m\x1b]8;;https://a.example/m\x07\x1b]8;;\x07",
		Cut(s, 0):     "",
		Cut("日本", 3):  "日…",
		Fit("日本", 3):  "日…",
		Skip("日本", 1): "本",
		Middle("ceo@good.example.long.evil.example", 20): "ceo@goo…evil.example",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
