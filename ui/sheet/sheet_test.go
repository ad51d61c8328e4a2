package sheet

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

var sizes = []struct{ w, h int }{{80, 24}, {120, 36}, {40, 12}, {200, 60}}

func TestHelpShowsEveryKeyOfThePresentScopes(t *testing.T) {
	env, _, _ := uitest.Env()
	scopes := []action.Scope{action.Index, action.Message, action.App}
	for _, s := range sizes {
		h := NewHelp(env, scopes)
		uitest.Golden(t, fmt.Sprintf("help-%dx%d", s.w, s.h), h.Draw(screen.Rect{W: s.w, H: s.h}), s.w, s.h)
	}
	all := ansi.Strip(strings.Join(NewHelp(env, scopes).Draw(screen.Rect{W: 200, H: 200}).Lines, "\n"))
	for _, e := range env.Keys.Entries(scopes...) {
		if !strings.Contains(all, e.Help) {
			t.Errorf("%q is not in the help", e.Help)
		}
	}
}

func TestHelpScrollsAndFinds(t *testing.T) {
	env, _, root := uitest.Env()
	h := NewHelp(env, []action.Scope{action.Index, action.Message, action.App})
	root.Push(h)
	draw := func() string { return ansi.Strip(strings.Join(h.Draw(screen.Rect{W: 80, H: 12}).Lines, "\n")) }
	draw()
	uitest.Do(h, action.Bottom)
	if !strings.Contains(draw(), "ctrl+c") {
		t.Errorf("at the end:\n%s", draw())
	}
	uitest.Do(h, action.Find)
	uitest.Type(root.Top(), "ARCHIVE")
	uitest.Do(root.Top(), action.Accept)
	if !strings.Contains(draw(), "archive") {
		t.Errorf("found:\n%s", draw())
	}
	uitest.Do(h, action.Back)
	if root.Top() != nil {
		t.Error("back did not close the help")
	}
}

func TestLogShowsTheNewestFirstAndWhatServersSaidSafely(t *testing.T) {
	env, e, _ := uitest.Env()
	e.Entries = []engine.Entry{
		{Time: uitest.Now.Add(-26 * time.Hour), Text: "Started."},
		{Time: uitest.Now.Add(-time.Hour), Account: "work", Text: "No connection to mail.harbour.example: connection refused", Times: 4},
		{Time: uitest.Now, Account: "home", Trouble: true,
			Text: "The server refused to move 3 messages to Archive: \x1b]0;over quota\x07 " + strings.Repeat("and it said so at length ", 6)},
	}
	for _, s := range sizes {
		l := NewLog(env)
		uitest.Golden(t, fmt.Sprintf("log-%dx%d", s.w, s.h), l.Draw(screen.Rect{W: s.w, H: s.h}), s.w, s.h)
	}
}

func TestLogGrowsWhileItIsOpen(t *testing.T) {
	env, e, _ := uitest.Env()
	l := NewLog(env)
	if got := ansi.Strip(l.Draw(screen.Rect{W: 80, H: 5}).Lines[1]); !strings.Contains(got, "Nothing has happened") {
		t.Errorf("empty log: %q", got)
	}
	e.Entries = []engine.Entry{{Time: uitest.Now, Text: errors.New("something").Error()}}
	l.Update(mail.Event{Kind: mail.LogChanged})
	if got := ansi.Strip(l.Draw(screen.Rect{W: 80, H: 5}).Lines[1]); !strings.Contains(got, "Something") {
		t.Errorf("after an event: %q", got)
	}
}

func TestSheetsFillAnyArea(t *testing.T) {
	env, e, _ := uitest.Env()
	e.Entries = []engine.Entry{{Time: uitest.Now, Account: "home", Text: "日本語のテキスト is wide"}}
	for _, s := range []*Sheet{NewHelp(env, []action.Scope{action.App}), NewLog(env)} {
		for w := 1; w < 50; w++ {
			f := s.Draw(screen.Rect{W: w, H: 5})
			for _, l := range f.Lines {
				if n := ansi.StringWidthWc(l); n != w || len(f.Lines) != 5 {
					t.Fatalf("%s at %d columns: %d lines, one of %d columns", s.title, w, len(f.Lines), n)
				}
			}
		}
	}
}
