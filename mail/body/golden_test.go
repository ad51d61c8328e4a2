package body

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

// kindMarks are what golden files show in front of lines.
var kindMarks = map[LineKind]string{
	Normal: " ", Heading: "#", Quote: " ", Signature: "s", Pre: "p", Rule: "-", DiffAdd: "+", DiffDel: "-", DiffHunk: "@", DiffHead: "d",
	TableLine: "t", Note: "!", CardLine: "c", Footnote: "f", Blank: " ",
}

// styleMarks are what golden files put around spans.
var styleMarks = []struct {
	style Style
	mark  string
}{{Bold, "**"}, {Italic, "//"}, {Underline, "__"}, {Code, "``"}, {Strike, "~~"}}

// sketch draws a document as the ui does, with looks spelled out where asked for.
func sketch(d Document, opt Options, looks bool) string {
	var b strings.Builder
	for _, l := range d.Lines {
		line := ""
		if looks {
			line = kindMarks[l.Kind] + "|"
		}
		line += strings.Repeat("│ ", opt.QuoteColumns(l.Quote)/2)
		for _, s := range l.Spans {
			text := s.Text
			for _, m := range styleMarks {
				if looks && s.Style&m.style != 0 && strings.TrimSpace(text) != "" {
					text = m.mark + text + m.mark
				}
			}
			if s.End {
				text += fmt.Sprintf("[%d]", s.Link)
			}
			line += text
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	for i, l := range d.Links {
		if l.Mismatch {
			fmt.Fprintf(&b, "link %d does not lead to %s\n", i+1, l.Text)
		}
	}
	fmt.Fprintf(&b, "remote %d, trackers %d %s, truncated %t\n", d.Remote, d.Trackers, d.TrackedBy, d.Truncated)
	return b.String()
}

// columns measures like a terminal, well enough for the samples: East Asian characters take two.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		if breaksAnywhere(r) {
			n++
		}
	}
	return n
}

func TestSamplesReadLikeTheirGoldenFiles(t *testing.T) {
	samples, err := filepath.Glob("testdata/samples/*.eml")
	if err != nil || len(samples) == 0 {
		t.Fatal("no samples", err)
	}
	for _, path := range samples {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m := Parse(raw)
		parts := m.Parts(m.Root.TextParts("text/html"))
		got := map[string]string{"plain": Plain(parts)}
		for _, width := range []int{40, 80, 120} {
			opt := Options{Width: width, Measure: columns, Zone: time.FixedZone("CEST", 2*3600)}
			got[fmt.Sprint(width)] = sketch(Render(parts, opt), opt, width == 80)
		}
		for name, text := range got {
			compareGolden(t, strings.TrimSuffix(path, ".eml")+"."+name+".txt", text)
		}
	}
}

func compareGolden(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != got {
		t.Errorf("%s differs; see what changed with -update and git diff", golden)
	}
}

// TestTheMailOfTheDemoReadsLikeItsGoldenFiles keeps all three widths of a message in one file.
func TestTheMailOfTheDemoReadsLikeItsGoldenFiles(t *testing.T) {
	samples, err := filepath.Glob("../demo/mail/*.eml")
	if err != nil || len(samples) < 100 {
		t.Fatal(len(samples), "samples", err)
	}
	known := map[string]bool{}
	for _, path := range samples {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m := Parse(raw)
		parts := m.Parts(m.Root.TextParts("text/html"))
		var b strings.Builder
		for _, width := range []int{40, 80, 120} {
			opt := Options{Width: width, Measure: columns, Zone: time.FixedZone("CEST", 2*3600)}
			d := Render(parts, opt)
			checkDocument(t, d, width)
			fmt.Fprintf(&b, "======== %d\n%s", width, sketch(d, opt, width == 80))
		}
		golden := "testdata/demo/" + strings.TrimSuffix(filepath.Base(path), ".eml") + ".txt"
		known[golden] = true
		compareGolden(t, golden, b.String())
	}
	goldens, err := filepath.Glob("testdata/demo/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range goldens {
		if !known[g] {
			t.Errorf("%s is of no message", g)
		}
	}
}
