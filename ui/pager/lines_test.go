package pager

import (
	"strings"
	"testing"

	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

func TestLinesAreSelectedByKey(t *testing.T) {
	f := newFixture(t, letter)
	p := f.open(60)
	text(p, 60, 40)
	uitest.Do(p, action.SelectLines)
	if got := p.Selection(); got != "Hello Anna," {
		t.Errorf("at first %q", got)
	}
	for range 5 {
		uitest.Do(p, action.Down)
	}
	uitest.Do(p, action.OtherEnd)
	uitest.Do(p, action.Down)
	uitest.Do(p, action.Down)
	if got := strings.Join(strings.Fields(p.Selection()), " "); !strings.HasPrefix(got, "shall we say seven?") || !strings.HasSuffix(got, "every day.") || strings.Contains(got, "[1]") {
		t.Errorf("then %q", got)
	}
	if p.Scopes()[0] != action.Lines {
		t.Errorf("the scopes are %v", p.Scopes())
	}
	uitest.Golden(t, "letter-lines-60x40", p.Draw(screen.Rect{W: 60, H: 40}), 60, 40)
	uitest.Do(p, action.Cancel)
	if got := p.Selection(); got != "" || p.Scopes()[0] == action.Lines {
		t.Errorf("after it was dropped %q", got)
	}
}

func TestSelectedQuotesHaveTheMarksOfPlainText(t *testing.T) {
	f := newFixture(t, letter)
	p := f.open(60)
	text(p, 60, 40)
	uitest.Do(p, action.SelectLines)
	uitest.Do(p, action.Bottom)
	if got := p.Selection(); !strings.Contains(got, "\n> Friday would be lovely. Who else comes?\n>\n> > We could be eight or nine.\n") {
		t.Errorf("%s", got)
	}
	uitest.Do(p, action.CopyText)
	if got := p.Selection(); got != "" {
		t.Errorf("still selected after copying: %q", got)
	}
}
