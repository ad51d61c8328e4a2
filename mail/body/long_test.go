package body

import (
	"fmt"
	"strings"
	"testing"
)

// all is every line of a document, with the rest of a long one.
func (d Document) all() []Line {
	out := d.Lines
	for d.Rest != nil && d.Rest.Known() < d.Rest.Len() {
		out = append(out, d.Rest.Lines(d.Rest.Known())...)
	}
	return out
}

// numbered is a text of n lines whose numbers are words.
func numbered(n int, line func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(line(i))
	}
	return b.String()
}

func TestALongTextIsLaidOutOnlyWhereItIsLookedAt(t *testing.T) {
	for name, text := range map[string]string{
		"prose":           string(prose(10 << 20)),
		"without a blank": strings.Repeat("a line of text that is as long as lines are\n", 200_000),
		"one line":        strings.Repeat("word ", 4<<20),
		"one word":        strings.Repeat("x", 20<<20),
		"no ASCII":        strings.Repeat("日本語の文章", 200_000),
	} {
		d := Render([]Content{{Raw: []byte(text)}}, Options{Width: 80})
		if d.Rest == nil || d.Rest.Known() != atOnce || d.Truncated {
			t.Fatalf("%s: at once there is %+v", name, d.Rest != nil)
		}
		if n := d.Rest.Len(); n < len(text)/blockSize || n > 2*len(text)/blockSize+3 {
			t.Errorf("%s: %d blocks", name, n)
		}
		for i, s := range d.Rest.segments {
			if len(s.text) > blockSize {
				t.Errorf("%s: block %d has %d bytes", name, i, len(s.text))
			}
		}
	}
}

func TestALongTextLosesNothing(t *testing.T) {
	for name, line := range map[string]func(i int) string{
		"lines":      func(i int) string { return fmt.Sprintf("line number %d of them\n", i) },
		"paragraphs": func(i int) string { return fmt.Sprintf("paragraph %d\n\n", i) },
		"one line":   func(i int) string { return fmt.Sprintf("word%d ", i) },
		"links":      func(i int) string { return fmt.Sprintf("> https://example.org/%d is quoted\n", i%100) },
	} {
		text := numbered(40_000, line)
		d := Render([]Content{{Raw: []byte(text)}}, Options{Width: 70})
		var got strings.Builder
		lines := d.all()
		for _, l := range lines {
			if l.Kind != Footnote && l.Kind != Rule && l.Kind != Heading {
				got.WriteString(l.Text() + " ")
			}
		}
		want := squeeze(strings.ReplaceAll(text, "> ", ""))
		if s := squeeze(got.String()); !strings.HasPrefix(s, want) {
			t.Errorf("%s: %d characters of text, %d shown", name, len(want), len(s))
		}
		at := d.Rest.Len() / 2
		first := fmt.Sprint(d.Rest.Lines(at))
		if d.Rest.Lines(0); fmt.Sprint(d.Rest.Lines(at)) != first {
			t.Errorf("%s: a block is another when it is asked for again", name)
		}
	}
}

func TestAPatchGoesOnOverBlocks(t *testing.T) {
	const n = 20_000
	text := fmt.Sprintf("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -0,0 +1,%d @@\n", n) + strings.Repeat("+a line that is new in this file\n", n) + "Bye\n"
	added := 0
	lines := Render([]Content{{Raw: []byte(text)}}, Options{Width: 70}).all()
	for _, l := range lines {
		if l.Kind == DiffAdd {
			added++
		}
	}
	if added != n || lines[len(lines)-1].Kind != Normal {
		t.Errorf("%d lines are new, the last line is %v", added, lines[len(lines)-1])
	}
}

func TestPartsAroundALongTextAreShown(t *testing.T) {
	d := Render([]Content{{Raw: []byte("above\n")}, {Raw: prose(longText + 1)}, {Raw: []byte("below\n")}}, Options{Width: 70})
	lines := d.all()
	var links int
	for _, l := range lines {
		if l.Kind == Footnote {
			links++
		}
	}
	text := kinds(Document{Lines: lines})
	if !strings.HasPrefix(text, " 0|above\n 0|\n-0|─") || !strings.Contains(text, "─\n 0|\n 0|below\n") || links > 0 {
		t.Errorf("%d footnotes in %s … %s", links, text[:200], text[len(text)-200:])
	}
	if n := len(d.Rest.Links()); n != 1 {
		t.Errorf("%d links", n)
	}
}
