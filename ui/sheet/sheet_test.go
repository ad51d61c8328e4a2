package sheet

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
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
		h := NewHelp(env, scopes, nil)
		uitest.Golden(t, fmt.Sprintf("help-%dx%d", s.w, s.h), h.Draw(screen.Rect{W: s.w, H: s.h}), s.w, s.h)
		uitest.Type(h, "sel")
		uitest.Golden(t, fmt.Sprintf("help-found-%dx%d", s.w, s.h), h.Draw(screen.Rect{W: s.w, H: s.h}), s.w, s.h)
	}
	all := ansi.Strip(strings.Join(NewHelp(env, scopes, nil).Draw(screen.Rect{W: 200, H: 200}).Lines, "\n"))
	for _, e := range env.Keys.Entries(scopes...) {
		if !strings.Contains(all, e.Help) {
			t.Errorf("%q is not in the help", e.Help)
		}
	}
}

func TestHelpFindsByKeyAndWordsAndDoesWhatIsTaken(t *testing.T) {
	env, _, root := uitest.Env()
	var done []action.Action
	h := NewHelp(env, []action.Scope{action.Index, action.Message, action.App}, func(a action.Action) tea.Cmd {
		done = append(done, a)
		return nil
	})
	draw := func() string { return ansi.Strip(strings.Join(h.Draw(screen.Rect{W: 80, H: 12}).Lines, "\n")) }
	for _, look := range []struct {
		text string
		want action.Action
	}{{"a", action.Archive}, {"A", action.Archive}, {"G", action.Bottom}, {"g g", action.Top}, {"g", action.Top}, {"ctrl+r", action.Refresh}, {"ARCHIVE", action.Archive},
		{"for good", action.Expunge}, {"newest", action.Top}, {"↓", action.Down}, {"export", action.Export}} {
		h.Paste(look.text)
		if len(h.found) == 0 || h.found[0].Action != look.want {
			t.Errorf("%q finds %v first, want %s", look.text, h.found, look.want)
		}
		uitest.Do(h, action.Cancel)
	}
	root.Push(h)
	uitest.Do(h, action.Accept) // nothing is looked for: nothing is done
	uitest.Type(h, "zzz")
	uitest.Do(h, action.Accept)
	if len(done) != 0 || !strings.Contains(draw(), "No key here does that") {
		t.Errorf("done %v:\n%s", done, draw())
	}
	uitest.Do(h, action.Cancel)
	uitest.Type(h, "star")
	uitest.Do(h, action.Down)
	second := h.found[1].Action
	uitest.Do(h, action.Accept)
	if len(done) != 1 || done[0] != second || root.Top() != nil {
		t.Errorf("done %v, want the second found, %s, and the help closed", done, second)
	}
}

func TestHelpScrollsWhileNothingIsLookedForAndIsClosedLast(t *testing.T) {
	env, _, root := uitest.Env()
	h := NewHelp(env, []action.Scope{action.Index, action.Message, action.App}, nil)
	root.Push(h)
	draw := func() string { return ansi.Strip(strings.Join(h.Draw(screen.Rect{W: 80, H: 12}).Lines, "\n")) }
	top := draw()
	uitest.Do(h, action.PageDown)
	if draw() == top {
		t.Errorf("a page down:\n%s", draw())
	}
	uitest.Type(h, "quit")
	if !strings.Contains(draw(), "ctrl+c") {
		t.Errorf("found:\n%s", draw())
	}
	uitest.Do(h, action.Cancel)
	if root.Top() == nil || strings.Contains(draw(), "quit") {
		t.Errorf("cleared:\n%s", draw())
	}
	uitest.Do(h, action.Cancel)
	if root.Top() != nil {
		t.Error("the help stays open")
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
	for _, s := range []screen.Screen{NewHelp(env, []action.Scope{action.App}, nil), NewLog(env)} {
		for w := 1; w < 50; w++ {
			f := s.Draw(screen.Rect{W: w, H: 5})
			for _, l := range f.Lines {
				if n := ansi.StringWidthWc(l); n != w || len(f.Lines) != 5 {
					t.Fatalf("%T at %d columns: %d lines, one of %d columns", s, w, len(f.Lines), n)
				}
			}
		}
	}
}
