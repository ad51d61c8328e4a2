package compose

import (
	"strings"
	"testing"
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
