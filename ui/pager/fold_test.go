package pager

import (
	"strings"
	"testing"

	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/screen"
	"posthorn/ui/theme"
	"posthorn/ui/uitest"
)

const thread = "From: mira@harbour.example\nTo: anna@example.org\nSubject: Keys\n\n" +
	"On Thu, 12 Mar 2026 at 10:04, Anna Lindqvist <anna@example.org> wrote:\n" +
	"> On Wed, 11 Mar 2026, Tomás Ó Briain wrote:\n>> Who has the keys\n>> to the boat house\n>> and the shed?\n>\n> I have them.\n\nThen bring them, please.\n\n" +
	"On Thu, 12 Mar 2026 at 11:04, Jörg Brandt <joerg@example.org> wrote:\n> The shed is open.\n> The boat house too.\n> So is the gate.\n\n-- \nMira\n"

func sees(t *testing.T, p *Pager, w, h int, want []string, never ...string) {
	t.Helper()
	got := text(p, w, h)
	for _, s := range want {
		if !strings.Contains(got, s) {
			t.Errorf("%q is not seen in\n%s", s, got)
		}
	}
	for _, s := range never {
		if strings.Contains(got, s) {
			t.Errorf("%q is seen in\n%s", s, got)
		}
	}
}

func TestQuotesFoldBehindOneLineAndUnfold(t *testing.T) {
	f := newFixture(t, thread)
	p := f.open(80)
	sees(t, p, 80, 40, []string{"to the boat house", "So is the gate."}, "▸")
	uitest.Do(p, action.Quotes)
	older, unanswered := "▸ 3 lines of Tomás Ó Briain", "▸ 3 lines of Jörg Brandt"
	sees(t, p, 80, 40, []string{older, unanswered, "I have them.", "Then bring them"}, "to the boat house", "So is the gate.")
	uitest.Do(p, action.Unfold)
	sees(t, p, 80, 40, []string{"to the boat house", unanswered}, older, "So is the gate.")
	uitest.Run(p.Resize(50))
	sees(t, p, 50, 40, []string{"to the boat house", unanswered}, older, "So is the gate.")
	uitest.Do(p, action.Quotes)
	sees(t, p, 50, 40, []string{older, unanswered})
	uitest.Do(p, action.Quotes)
	sees(t, p, 50, 40, []string{"to the boat house", "So is the gate."}, "▸")
	uitest.Do(p, action.Unfold)
	if got := f.root.Said[len(f.root.Said)-1]; got != "Nothing is folded here." {
		t.Errorf("it says %q", got)
	}
}

func TestTheLineAtTheTopStaysWhenQuotesFold(t *testing.T) {
	f := newFixture(t, strings.Replace(thread, "Then bring", strings.Repeat("line\n\n", 20)+"Then bring", 1))
	p := f.open(80)
	text(p, 80, 10)
	uitest.Do(p, action.Bottom)
	p.text.Scroll(-9)
	before := topLine(p)
	uitest.Do(p, action.Quotes)
	if got := topLine(p); got != before {
		t.Errorf("at the top: %q, before %q", got, before)
	}
}

func topLine(p *Pager) string {
	line, _, _ := strings.Cut(text(p, 80, 10), "\n")
	return strings.TrimRight(line, " ▕")
}

func TestFoldingIsKeptForTheNextMessage(t *testing.T) {
	f := newFixture(t, thread)
	p := f.open(80)
	uitest.Do(p, action.Quotes)
	next, _ := New(f.env, f.key, 0)
	next.Like(p)
	uitest.Run(next.Resize(80))
	sees(t, next, 80, 40, []string{"▸ 3 lines of Jörg Brandt"})
}

func TestAMessageWithoutQuotesHasNothingToFold(t *testing.T) {
	f := newFixture(t, "From: a@example.org\nSubject: x\n\nHello.\n")
	p := f.open(80)
	uitest.Do(p, action.Quotes)
	if got := f.root.Said[len(f.root.Said)-1]; got != "Nothing is quoted here beyond what is answered." {
		t.Errorf("it says %q", got)
	}
}

// search answers the prompt for a search.
func (f *fixture) search(p *Pager, want string) {
	f.t.Helper()
	uitest.Do(p, action.Find)
	prompt, ok := f.root.Stack[len(f.root.Stack)-1].(*dialog.Input)
	if !ok {
		f.t.Fatal("nothing asks what to find")
	}
	prompt.Paste(want)
	uitest.Do(prompt, action.Accept)
}

func TestFindingOpensTheFoldsItFindsInAndCounts(t *testing.T) {
	f := newFixture(t, thread)
	p := f.open(80)
	text(p, 80, 40)
	uitest.Do(p, action.Quotes)
	f.search(p, "BOAT house")
	said := func() string { return f.root.Said[len(f.root.Said)-1] }
	if said() != "BOAT house: 1 of 2" {
		t.Errorf("it says %q", said())
	}
	sees(t, p, 80, 40, []string{"to the boat house", "So is the gate."}, "▸")
	if s := p.Scopes(); s[0] != action.Finding {
		t.Errorf("keys are looked up in %v", s)
	}
	for _, step := range []struct {
		do   action.Action
		says string
	}{{action.FindNext, "BOAT house: 2 of 2"}, {action.FindNext, "BOAT house: 1 of 2, from the top again"}, {action.FindBack, "BOAT house: 2 of 2, from the end again"}} {
		if uitest.Do(p, step.do); said() != step.says {
			t.Errorf("it says %q, want %q", said(), step.says)
		}
	}
	uitest.Do(p, action.EndFind)
	if s := p.Scopes(); s[0] != action.Pager {
		t.Errorf("after the search keys are looked up in %v", s)
	}
	if f.search(p, "nowhere"); said() != "Not found: nowhere" || p.Scopes()[0] != action.Pager {
		t.Errorf("it says %q", said())
	}
}

// What is found is marked in the text, in the HTML form, among all header fields and in the source alike.
func TestWhatIsFoundIsMarkedInEveryForm(t *testing.T) {
	for _, c := range []struct {
		form action.Action
		want string
	}{{"", "Lantern and they"}, {action.SwitchView, "www.lantern.com"}, {action.Headers, "dinner-1@harbour"}, {action.Source, "filename"}} {
		f := newFixture(t, letter)
		f.env.Theme = theme.New(true)
		f.mail.Fetch(f.key, f.raw, "", "HEADER")
		p := f.open(80)
		if c.form != "" {
			uitest.Do(p, c.form)
		}
		text(p, 80, 12)
		f.search(p, strings.ToUpper(c.want))
		lines := strings.Join(p.Draw(screen.Rect{W: 80, H: 12}).Lines, "\n")
		if marked := f.env.Theme.FoundHere.Render(c.want); !strings.Contains(lines, marked) {
			t.Errorf("%s: %q is not marked in\n%q", c.form, c.want, lines)
		}
	}
}
