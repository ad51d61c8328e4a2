package widget

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"posthorn/ui/theme"
)

func lines(texts ...string) List {
	var out List
	for _, t := range texts {
		half := len(t) / 2
		for half > 0 && t[half]&0xc0 == 0x80 {
			half--
		}
		out = append(out, []Styled{{Text: t[:half]}, {Text: t[half:]}})
	}
	return out
}

func numbered(n int) List {
	var texts []string
	for i := range n {
		texts = append(texts, fmt.Sprintf("line %d", i))
	}
	return lines(texts...)
}

func shown(p *Pager, w, h int) string {
	return ansi.Strip(strings.Join(p.Draw(theme.Mono(), w, h), "\n"))
}

func TestPagerStopsAtItsEnds(t *testing.T) {
	var p Pager
	p.Set(numbered(30), false)
	shown(&p, 40, 10)
	if p.Scroll(-1) || p.At() != 0 || p.AtEnd() {
		t.Error("it scrolled above the first line")
	}
	p.Bottom()
	if !p.AtEnd() || p.At() != 20 || p.Scroll(5) {
		t.Errorf("at the end: line %d", p.At())
	}
	if got := shown(&p, 40, 50); !strings.Contains(got, "line 0") {
		t.Error("a taller window does not show what is above")
	}
}

func TestFindingIgnoresCaseAndGoesRound(t *testing.T) {
	texts := make([]string, 40)
	texts[3], texts[25], texts[39] = "the Harbour and the HARBOUR", "überHARBOUR", "nothing"
	var p Pager
	p.Set(lines(texts...), false)
	shown(&p, 40, 10)
	if !p.Find("harBOUR") || p.places[p.here] != (hit{3, 4, 11}) {
		t.Fatalf("first: %v", p.places)
	}
	for _, want := range []hit{{3, 20, 27}, {25, 5, 12}, {3, 4, 11}} {
		found, around := p.FindNext(1)
		if !found || p.places[p.here] != want || around != (want.line == 3 && want.from == 4) {
			t.Fatalf("next: %v around %v, want %v", p.places[p.here], around, want)
		}
		if got := shown(&p, 40, 10); !strings.Contains(strings.ToLower(got), "harbour") {
			t.Errorf("what was found is not seen:\n%s", got)
		}
	}
	if !p.Find("ÜBER") || p.places[p.here].line != 25 {
		t.Errorf("über: %v", p.places)
	}
	if p.Find("missing") {
		t.Error("found what is not there")
	}
	if found, _ := p.FindNext(1); found {
		t.Error("found the next of what is not there")
	}
}

func TestPlacesFoundAreCountedFromTheTopWhereverTheSearchBegan(t *testing.T) {
	texts := make([]string, 60)
	texts[2], texts[20], texts[40], texts[41] = "rope", "a rope and a rope", "rope", "rope"
	var p Pager
	p.Set(lines(texts...), false)
	shown(&p, 40, 10)
	p.Scroll(30)
	p.Begin("rope")
	if n, of := p.Found(); n != 0 || of != 0 || p.Look(5) {
		t.Errorf("before anything is found: %d of %d", n, of)
	}
	p.Look(6)
	if n, _ := p.Found(); n != 1 || p.Looked() != 18 {
		t.Errorf("the first place found is number %d, %d%% searched", n, p.Looked())
	}
	if !p.Look(60) {
		t.Error("all is searched and there is more to do")
	}
	got := ""
	for _, step := range []int{0, 1, 1, 1, -1, -2, -1} {
		_, around := p.FindNext(step)
		n, of := p.Found()
		got += fmt.Sprintf("%d/%d %t, ", n, of, around && step != 0)
	}
	if want := "4/5 false, 5/5 false, 1/5 true, 2/5 false, 1/5 false, 4/5 true, 3/5 false, "; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	p.Set(lines(texts[:21]...), true)
	for !p.Look(1) {
	}
	if n, of := p.Found(); n != 2 || of != 3 {
		t.Errorf("in another text: %d of %d", n, of)
	}
}

func TestFoundTextIsMarkedAcrossPiecesAndNothingIsLost(t *testing.T) {
	th := theme.New(true)
	for _, text := range []string{"aXXXXa", "XXXX", "漢XXXX字", "éXXXXXXXXé", "no"} {
		var p Pager
		p.Set(lines(text), false)
		p.Draw(th, 30, 1)
		p.Find("xxxx")
		line := p.Draw(th, 30, 1)[0]
		if strings.TrimRight(ansi.Strip(line), " ") != text {
			t.Errorf("%q is drawn as %q", text, ansi.Strip(line))
		}
		if strings.Contains(text, "X") && !strings.Contains(line, "\x1b[") {
			t.Errorf("nothing is marked in %q", line)
		}
	}
}

func TestEmptyPagerDrawsBlankLines(t *testing.T) {
	var p Pager
	if got := p.Draw(theme.Mono(), 3, 2); len(got) != 2 || got[0] != "   " {
		t.Errorf("%q", got)
	}
	if found, _ := p.FindNext(1); found || p.Find("x") {
		t.Error("found something in nothing")
	}
}

func BenchmarkPagerFrame(b *testing.B) {
	var p Pager
	p.Set(numbered(10_000), false)
	th := theme.New(true)
	b.ResetTimer()
	for range b.N {
		p.Scroll(1)
		p.Draw(th, 120, 50)
	}
}
