package finder

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/search"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// asked is a Finder that notes what it asks its host for.
type asked struct {
	*Finder
	root        *uitest.Root
	text, taken string
	query       search.Query
	left        bool
	moved       []action.Action
}

func newAsked(text string) *asked {
	env, engine, root := uitest.Env()
	engine.Has = []mail.Account{{Name: "Müll"}}
	a := &asked{root: root}
	boxes := []mail.Mailbox{{Name: "INBOX", Role: mail.Inbox}, {Name: "Archive", Role: mail.Archive}, {Name: "Projects/Été", Delimiter: "/"}}
	a.Finder, _ = New(env, boxes, text, Host{
		Look:  func(text string, q search.Query) tea.Cmd { a.text, a.query = text, q; return nil },
		Move:  func(act action.Action) tea.Cmd { a.moved = append(a.moved, act); return nil },
		Take:  func(text string) tea.Cmd { a.taken = text; return nil },
		Leave: func() tea.Cmd { a.left = true; return nil },
	})
	return a
}

func TestFinderAtAllSizes(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "operator": "is:", "wrong": "invoice is:blue", "words": "invoice larger:5M"} {
		for _, size := range []screen.Rect{{W: 40, H: 12}, {W: 80, H: 24}, {W: 120, H: 36}} {
			f := newAsked("")
			uitest.Type(f, text)
			w, h := f.Size(size.W, size.H)
			uitest.Golden(t, fmt.Sprintf("%s-%dx%d", name, size.W, size.H), f.Draw(screen.Rect{W: w, H: h}), w, h)
		}
	}
}

func TestFinderLooksForWhatIsRight(t *testing.T) {
	f := newAsked("")
	uitest.Type(f, "invoice from:")
	if f.text != "invoice from:" || f.query.Kind != search.Leaf || f.query.Term.Value != "invoice" {
		t.Errorf("looks for %q as %+v", f.text, f.query)
	}
	uitest.Do(f, action.Accept)
	if f.taken != "" || len(f.root.Failed) != 1 {
		t.Errorf("took %q; said %v", f.taken, f.root.Failed)
	}
}

func TestFinderCompletesTheWordAtTheCursor(t *testing.T) {
	for text, want := range map[string]string{
		"sub":           "subject:",
		"(-sub":         "(-subject:",
		"a is:star":     "a is:starred ",
		"in:arc":        "in:archive ",
		"in:été":        "in:été",
		"in:ete":        "in:été ",
		"has:att":       "has:attachment ",
		`subject:"a is`: `subject:"a is`,
		"x fil":         "x filename:",
		"nothing":       "nothing",
		"account:mul":   "account:Müll ",
	} {
		f := newAsked("")
		uitest.Type(f, text)
		uitest.Do(f, action.Complete)
		if got := f.field.Text(); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestFinderMovesInTheListWhereNothingIsToBeCompleted(t *testing.T) {
	f := newAsked("")
	uitest.Type(f, "invoice")
	uitest.Do(f, action.Down)
	uitest.Do(f, action.PageUp)
	uitest.Do(f, action.Cancel)
	if len(f.moved) != 2 || !f.left {
		t.Errorf("moved %v, left %v", f.moved, f.left)
	}
}
