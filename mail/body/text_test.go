package body

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// kinds spells a document as kind, quote level and text of each line.
func kinds(d Document) string {
	var b strings.Builder
	for _, l := range d.Lines {
		fmt.Fprintf(&b, "%s%d|%s\n", kindMarks[l.Kind], l.Quote, l.Text())
	}
	return b.String()
}

func TestTextIsReadAsItWasMeant(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"blank lines":                   {"a\n\n\n\nb\n\n", " 0|a\n 0|\n 0|b\n"},
		"quotes":                        {"> a\n>> b\n> > > c\n>d\nx", " 1|a\n 2|b\n 3|c\n 1|d\n 0|x\n"},
		"mbox From":                     {"x\n\n>From the sea\n", " 0|x\n 0|\n 0|From the sea\n"},
		"quoted From":                   {"> a\n>From b\n", " 1|a\n 1|From b\n"},
		"signature":                     {"a\n\n-- \nme\nphone\n", " 0|a\n 0|\ns0|--\ns0|me\ns0|phone\n"},
		"signature without its blank":   {"a\n--\nme\n", " 0|a\ns0|--\ns0|me\n"},
		"two dashes before a long text": {"--\n" + strings.Repeat("a\n", 20), " 0|--\n" + strings.Repeat(" 0|a\n", 20)},
		"quoted signature":              {"> a\n> -- \n> me\nx\n", " 1|a\ns1|--\ns1|me\n 0|x\n"},
		"code":                          {"so:\n\n    if x {\n        y()\n    }\n", " 0|so:\n 0|\np0|    if x {\np0|        y()\np0|    }\n"},
		"table":                         {"| a | b |\n|---|---|\n| 1 | 2 |\n", "p0|| a | b |\np0||---|---|\np0|| 1 | 2 |\n"},
		"box":                           {"┌──┐\n│ab│\n└──┘\n", "p0|┌──┐\np0|│ab│\np0|└──┘\n"},
		"tabs":                          {"a\tb\n", " 0|a       b\n"},
		"rule":                          {"a\n-----\nb\n", " 0|a\n-0|-----\n 0|b\n"},
		"original message":              {"a\n\n-----Original Message-----\nFrom: b\n\nc\n", " 0|a\n 0|\n 0|-----Original Message-----\n 1|From: b\n 1|\n 1|c\n"},
		"control characters":            {"a\x1b[31mb\x00\x9bc\u202e\n", " 0|a␛[31mb␀›c\ufffd\n"},
	} {
		d, _ := renderText(c.in, Options{Width: 60}, "text/plain", nil)
		if got := kinds(d); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestEmphasisIsRecognisedGently(t *testing.T) {
	for in, want := range map[string]string{
		"a *bold* word":                "a {*bold*} word",
		"(_under_), and `code`.":       "({_under_}), and {`code`}.",
		"*two words* here":             "{*two words*} here",
		"snake_case_name":              "snake_case_name",
		"2 * 3 * 4":                    "2 * 3 * 4",
		"*not closed":                  "*not closed",
		"a*b*c":                        "a*b*c",
		"* a list\n* item":             "* a list|* item",
		"**":                           "**",
		"__init__":                     "__init__",
		"it is /really/ so":            "it is {/really/} so",
		"(/all of it/).":               "({/all of it/}).",
		"see /etc/ and /var/tmp":       "see /etc/ and /var/tmp",
		"the /images/ and /Docs/ are":  "the /images/ and /Docs/ are",
		"our /harbour/ folder":         "our /harbour/ folder",
		"run `du` or ls /harbour/ now": "run {`du`} or ls /harbour/ now",
		"the path (/harbour/) is":      "the path (/harbour/) is",
		"not /that/ one, /this/.":      "not {/that/} one, {/this/}.",
		"and/or, 24/7/365":             "and/or, 24/7/365",
		"cd /home/anna/mail":           "cd /home/anna/mail",
		"src/body/ and /a/b/c/":        "src/body/ and /a/b/c/",
		"his /her/its":                 "his /her/its",
		"at https://x.org/_a_/*b*/ or": "at https://x.org/_a_/*b*/ or",
		"some_snake_case and _a_b":     "some_snake_case and _a_b",
		"~/mail/ //comment//":          "~/mail/ //comment//",
	} {
		d, _ := renderText(in, Options{Width: 60}, "text/plain", nil)
		var lines []string
		for _, l := range d.Lines {
			s := ""
			for _, sp := range l.Spans {
				if sp.Style&(Bold|Italic|Underline|Code) != 0 {
					s += "{" + sp.Text + "}"
				} else {
					s += sp.Text
				}
			}
			lines = append(lines, s)
		}
		if got := strings.Join(lines, "|"); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestLinesBrokenByProgramsAreWrappedAnewOnlyWhereTheyDoNotFit(t *testing.T) {
	prose := "The harbour master says that the slipway is free from noon, and that he\ndoes not want to see us there after five, because the ferry needs the\nroom to turn.\n"
	poem := "Roses are red,\nviolets are blue,\nsugar is sweet and so on and so on,\nand so are you.\n"
	for name, c := range map[string]struct {
		in    string
		width int
		want  int
	}{
		"prose that fits": {prose, 80, 3}, "prose that does not": {prose, 40, 4}, "a poem that fits": {poem, 80, 4}, "a poem that does not": {poem, 30, 5},
	} {
		d, _ := renderText(c.in, Options{Width: c.width}, "text/plain", nil)
		if len(d.Lines) != c.want {
			t.Errorf("%s: %d lines, want %d:\n%s", name, len(d.Lines), c.want, kinds(d))
		}
	}
}

func TestFlowed(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		delsp string
		want  string
	}{
		"joined":            {"a \nb \nc\nd\n", "no", " 0|a b c\n 0|d\n"},
		"delsp":             {"a \nb  \nc\n", "yes", " 0|ab c\n"},
		"levels differ":     {"> a \n>> b \n> c\n", "no", " 1|a\n 2|b\n 1|c\n"},
		"space-stuffed":     {" From x\n > no quote\n", "no", " 0|From x\n 0|> no quote\n"},
		"signature":         {"a \n-- \nme\n", "no", " 0|a\ns0|--\ns0|me\n"},
		"never ended":       {"a \nb ", "no", " 0|a b\n"},
		"quoted and joined": {"> a \n> b\nc\n", "no", " 1|a b\n 0|c\n"},
	} {
		d, _ := renderText(c.in, Options{Width: 60}, "text/plain", map[string]string{"format": "Flowed", "delsp": c.delsp})
		if got := kinds(d); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestPatchesAreRecognised(t *testing.T) {
	d, _ := renderText("diff --git a/x b/x\nindex 1..2\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@ f\n a\n--- b\n+++ c\n d\n\nBye\n", Options{Width: 60}, "text/plain", nil)
	want := "d0|diff --git a/x b/x\nd0|index 1..2\nd0|--- a/x\nd0|+++ b/x\n@0|@@ -1,3 +1,3 @@ f\np0| a\n-0|--- b\n+0|+++ c\np0| d\n 0|\n 0|Bye\n"
	if got := kinds(d); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, in := range []string{"- a\n- b\n", "+1 from me\n", "--- \nnot a patch\n", "@@ what\n"} {
		d, _ := renderText(in, Options{Width: 60}, "text/plain", nil)
		for _, l := range d.Lines {
			if l.Kind >= DiffAdd && l.Kind <= DiffHead {
				t.Errorf("%q is no patch", in)
			}
		}
	}
}

func TestWrapLosesNothingAndKeepsTheWidth(t *testing.T) {
	texts := []string{
		"a", "", "   indented text that goes on for a while", strings.Repeat("x", 100), "日本語の文章は、どこでも改行できますが、「括弧」や句読点は行頭に来ません。",
		"mixed 日本語 and English with a https://example.org/long/link?with=parameters&and=more inside", "e\u0301e\u0301e\u0301 combining " + strings.Repeat("e\u0301", 50),
		"שלום לכולם, ניפגש ביום ראשון ליד המגדלור", strings.Repeat("word ", 60),
		"A  " + strings.Repeat("long.", 20), "B  " + strings.Repeat("日", 30), "   " + strings.Repeat("y", 100),
	}
	for _, text := range texts {
		for width := 5; width < 60; width += 7 {
			opt := Options{Width: width, Measure: columns}
			var lines []string
			opt.wrap(text, width, 0, 2, nil, func(start, end int) { lines = append(lines, text[start:end]) })
			for i, l := range lines {
				room := width
				if i > 0 {
					room -= 2
				}
				if opt.columns(l) > room && clusterLength(l) < len(l) {
					t.Errorf("%q at %d: %q is too wide", text, width, l)
				}
				if !utf8.ValidString(l) {
					t.Errorf("%q at %d: %q is cut inside a character", text, width, l)
				}
			}
			if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != strings.ReplaceAll(text, " ", "") {
				t.Errorf("%q at %d: %q", text, width, lines)
			}
		}
	}
}

// French writes a blank before some marks and inside its quotes: such a mark stands alone at no edge.
func TestMarksOfFrenchStayWithTheirWords(t *testing.T) {
	const text = "tout dans « une archive » : les routes ; et les mouillages ! Dans « liste.txt », aussi ? Non : rien."
	for width := 16; width < 100; width++ {
		Options{Width: width, Measure: columns}.wrap(text, width, 0, 0, nil, func(start, end int) {
			if l := text[start:end]; strings.ContainsAny(l[:1], ":;?!") || strings.HasPrefix(l, "»") || strings.HasSuffix(l, "«") {
				t.Errorf("at %d a line is %q", width, l)
			}
		})
	}
}

func TestWidthIncludesTheMarksOfQuotesAndLinks(t *testing.T) {
	opt := Options{Width: 40}
	text := strings.Repeat(">", 30) + " " + strings.Repeat("word https://example.org/x ", 20) + "\n" + strings.Repeat("> word https://example.org/y more\n", 5)
	d := Render([]Content{{Raw: []byte(text)}}, opt)
	for _, l := range d.Lines {
		width := opt.QuoteColumns(l.Quote) + len(l.Text())
		for _, s := range l.Spans {
			if s.End {
				width += LinkColumns(s.Link)
			}
		}
		if width > 40 {
			t.Errorf("%d columns: %d|%s", width, l.Quote, l.Text())
		}
	}
}

func TestSeveralPartsFollowEachOther(t *testing.T) {
	parts := []Content{{Raw: []byte("\none\n\n")}, {Raw: []byte("two\n")}, {Raw: []byte("\n")}}
	if got := kinds(Render(parts, Options{Width: 40})); got != " 0|one\n 0|\n-0|"+strings.Repeat("─", 40)+"\n 0|\n 0|two\n" {
		t.Errorf("got\n%s", got)
	}
	if got := Plain(parts); got != "one\n\n----------\n\ntwo\n" {
		t.Errorf("plain %q", got)
	}
}

func TestRenderIsBounded(t *testing.T) {
	a := &article{} // as for Plain and attachments: nothing is left for later
	a.read([]Content{{Raw: []byte(strings.Repeat("a\nb\n", maxLines))}}, Options{})
	d := a.document(Options{Width: 40})
	if !d.Truncated || len(d.Lines) > maxLines+4 || d.Lines[len(d.Lines)-1].Kind != Note {
		t.Errorf("%d lines, truncated %t", len(d.Lines), d.Truncated)
	}
}
