package compose

import (
	"strings"
	"testing"
	"time"
)

func TestReflow(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("word ", 25))
	for _, c := range []struct{ name, in, want string }{
		{"one's own lines become a paragraph", "one\ntwo  \nthree\n\nfour", "one two three\n\nfour"},
		{"quotes are broken at their level", "> > " + long + "\n> > more\n> less", ">> " + strings.TrimSpace(strings.Repeat("word ", 14)) +
			"\n>> " + strings.TrimSpace(strings.Repeat("word ", 11)) + " more\n> less"},
		{"a ragged quote is mended", "> the quick brown\n> fox\n>\n> jumps", "> the quick brown fox\n>\n> jumps"},
		{"items stay items", "- one\n- two\nmore\n1. three\n2) four", "- one\n- two more\n1. three\n2) four"},
		{"what is indented stays", "a\n    code\n    code\nb", "a\n    code\n    code\nb"},
		{"the signature stays", "a\nb\n-- \nAnna\nPort watch", "a b\n-- \nAnna\nPort watch"},
		{"a patch stays", "a\nb\n> diff --git a/x b/x\n> -c\n> +d", "a b\n> diff --git a/x b/x\n> -c\n> +d"},
		{"no spaces between ideographs, but in Korean", "潮が\n引く\nlow\n낮은\n조수", "潮が引く low 낮은 조수"},
		{"headers of what is forwarded stay", "---------- Forwarded message ----------\nFrom: a\nTo: b", "---------- Forwarded message ----------\nFrom: a\nTo: b"},
		{"nothing", "", ""},
	} {
		if got := Reflow(c.in); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		} else if again := Reflow(got); again != got {
			t.Errorf("%s: flowed twice it is %q", c.name, again)
		}
	}
}

// Nothing but spaces, line ends and quote marks changes.
func FuzzReflow(f *testing.F) {
	f.Add("> a\n>> b c\n\nd\n- e\n")
	f.Add("> diff --git a b\n-- \nx")
	f.Add(strings.Repeat("> some words 漢字 ", 12))
	f.Fuzz(func(t *testing.T, s string) {
		strip := strings.NewReplacer(" ", "", "\n", "", "\r", "", "\t", "", ">", "")
		got := Reflow(s)
		if strip.Replace(got) != strip.Replace(s) {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

// What a byte costs in a paragraph of a megabyte, as many times what it costs in one of a few lines.
func BenchmarkReflow(b *testing.B) {
	line := "the tide is low and the boat lies on its side\n"
	small, large := line+line+line, strings.Repeat(line, 20_000)
	var spent [2]time.Duration
	for range b.N {
		begun := time.Now()
		for range 200 {
			Reflow(small)
		}
		spent[0] += time.Since(begun)
		begun = time.Now()
		Reflow(large)
		spent[1] += time.Since(begun)
	}
	perByte := func(i int, bytes int) float64 { return float64(spent[i]) / float64(bytes) }
	b.ReportMetric(perByte(1, len(large))/perByte(0, 200*len(small)), "ratio")
}
