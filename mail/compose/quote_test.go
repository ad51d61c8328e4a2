package compose

import (
	"strings"
	"testing"
)

func TestQuote(t *testing.T) {
	words := strings.TrimSpace(strings.Repeat("harbour ", 12)) // 95 columns
	for _, c := range []struct{ name, text, want string }{
		{"one level", "a\nb", "> a\n> b"},
		{"nested", "a\n> b\n>> c\n> > d\n> > > e", "> a\n>> b\n>>> c\n>>> d\n>>>> e"},
		{"blank lines have no space", "a\n\n>\n> b\n", "> a\n>\n>>\n>> b"},
		{"blank lines around are dropped", "\n\na\n\n\n", "> a"},
		{"nothing", " \n\n", ""},
		{"signature", "a\n-- \nAnna\nTide Street", "> a"},
		{"signature whose space was lost", "a\n--\nAnna", "> a"},
		{"signature and footer of a list", "a\n-- \nAnna\n\n-- \ngauge mailing list", "> a"},
		{"a signature within a quote stays", "a\n> b\n> -- \n> Ben", "> a\n>> b\n>> --\n>> Ben"},
		{"a line of dashes far above stays", "--\n" + strings.Repeat("x\n", 30), "> --\n" + strings.TrimSpace(strings.Repeat("> x\n", 30))},
		{"long lines", words, "> harbour harbour harbour harbour harbour harbour harbour harbour\n> harbour harbour harbour harbour"},
		{"long lines of a quote", "> " + words, ">> harbour harbour harbour harbour harbour harbour harbour harbour\n>> harbour harbour harbour harbour"},
		{"lines wrapped at 72 by others stay", strings.Repeat("x ", 35) + "yz", "> " + strings.Repeat("x ", 35) + "yz"},
		{"a long word", "see https://x.example/" + strings.Repeat("y", 80) + " there", "> see\n> https://x.example/" + strings.Repeat("y", 80) + "\n> there"},
		{"indented lines are not wrapped", "    " + words, ">     " + words},
		{"items are, below their first word", "  - " + words, ">   - harbour harbour harbour harbour harbour harbour harbour harbour\n>     harbour harbour harbour harbour"},
		{"a patch is not touched", words + "\ndiff --git a/x b/x\n \n+" + words + "  ", "> harbour harbour harbour harbour harbour harbour harbour harbour\n> harbour harbour harbour harbour\n> diff --git a/x b/x\n>  \n> +" + words + "  "},
		{"all sorts of line ends", "a\r\nb\rc", "> a\n> b\n> c"},
		{"wide characters count twice", strings.Repeat("潮汐 ", 20), "> " + strings.TrimSpace(strings.Repeat("潮汐 ", 14)) + "\n> " + strings.TrimSpace(strings.Repeat("潮汐 ", 6))},
	} {
		if got := quote(c.text); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestQuotingAQuoteAgainOnlyAddsAMark(t *testing.T) {
	text := "A short line.\n\n" + strings.TrimSpace(strings.Repeat("The tide comes in and goes out again. ", 20))
	once := quote(text)
	deeper := once
	for range 4 {
		again := quote(deeper)
		want := ">" + strings.ReplaceAll(deeper, "\n", "\n>")
		if again != want {
			t.Fatalf("got\n%s\nwant\n%s", again, want)
		}
		deeper = again
	}
}

func TestBreakLineLosesNothing(t *testing.T) {
	for _, s := range []string{"", " ", "   a", "a   b   c ", "-- x", strings.Repeat("ab ", 100), strings.Repeat("x", 300), "潮 " + strings.Repeat("汐 ", 90)} {
		for _, limit := range []int{1, 5, 20, 72} {
			pieces := breakLine(s, limit)
			if got := strings.Join(pieces, ""); got != s {
				t.Errorf("breakLine(%q, %d) = %q", s, limit, got)
			}
			for i, p := range pieces {
				if i < len(pieces)-1 && (!strings.HasSuffix(p, " ") || p == "-- ") {
					t.Errorf("breakLine(%q, %d): piece %q", s, limit, p)
				}
			}
		}
	}
}
