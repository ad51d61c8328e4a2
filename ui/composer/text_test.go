package composer

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// clip is what a command puts into the terminal's clipboard; empty: nothing.
func clip(cmd tea.Cmd) string {
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			if s := clip(c); s != "" {
				return s
			}
		}
	default:
		if fmt.Sprintf("%T", msg) == "tea.setClipboardMsg" {
			return fmt.Sprint(msg)
		}
	}
	return ""
}

func TestSelectedTextGoesToTheClipboardAndComesBack(t *testing.T) {
	k := open(t, compose.Draft{To: "ben@okafor.example", Subject: "Tide", Body: "low tide at six"})
	k.keeping.ticking = true // no waits
	for range 3 {
		k.key(tea.KeyPressMsg{Code: tea.KeyRight, Mod: tea.ModShift})
	}
	if s := k.Scopes(); s[0] != action.Marked {
		t.Fatalf("scopes %v", s)
	}
	cmd, _ := k.Do(action.CopyText)
	if got := clip(cmd); got != "low" {
		t.Errorf("the clipboard gets %q", got)
	}
	cmd, _ = k.Do(action.CutText)
	if got := clip(cmd); got != "low" || k.text.Text() != " tide at six" {
		t.Errorf("the clipboard gets %q, left is %q", got, k.text.Text())
	}
	if s := k.Scopes(); s[0] != action.Editor {
		t.Errorf("scopes %v", s)
	}
	k.key(tea.KeyPressMsg{Code: 'v', Mod: tea.ModCtrl})
	uitest.Do(k, action.SelectText)
	uitest.Do(k, action.Cancel)
	if k.text.Text() != "low tide at six" || k.text.Selected() {
		t.Errorf("the text is %q", k.text.Text())
	}
}

// What is done to the text is done to a header field in the same ways, and each undoes its own changes.
func TestAFieldIsCutCopiedAndUndoneAsTheText(t *testing.T) {
	k := open(t, compose.Draft{To: "ben@okafor.example", Subject: "Low tide", Body: "at six"})
	k.moveTo(subject)
	k.quietly(action.SelectText)
	if s := k.Scopes(); s[0] != action.Marked || s[1] != action.Field {
		t.Fatalf("scopes %v", s)
	}
	cmd, _ := k.Do(action.CopyText)
	if got := clip(cmd); got != "Low tide" {
		t.Errorf("the clipboard gets %q", got)
	}
	cmd, _ = k.Do(action.CutText)
	if got := clip(cmd); got != "Low tide" || k.written().Subject != "" || k.Scopes()[0] != action.Field {
		t.Errorf("the clipboard gets %q, left is %q", got, k.written().Subject)
	}
	k.quietly(action.Undo)
	k.quietly(action.SelectText)
	k.quietly(action.Cancel)
	k.letters("!")
	k.moveTo(text)
	k.letters("x")
	k.moveTo(subject)
	k.quietly(action.Undo)
	k.quietly(action.Redo)
	k.quietly(action.Undo)
	k.quietly(action.Undo)
	k.said("There is nothing to undo here.")
	if d := k.written(); d.Subject != "Low tide" || d.Body != "xat six" {
		t.Errorf("%q, %q", d.Subject, d.Body)
	}
}

// What is cut in one field is pasted in another, and where nothing was cut the terminal is asked for its clipboard: it
// may not answer, and what it says unasked is not taken.
func TestTheClipboardIsOneForAllFieldsAndTheTerminals(t *testing.T) {
	k := open(t, compose.Draft{To: "ben@okafor.example", Subject: "Low tide", Body: "at six"})
	paste := tea.KeyPressMsg{Code: 'v', Mod: tea.ModCtrl}
	cmd := k.Type(paste)
	if cmd == nil || fmt.Sprintf("%T", cmd()) != "tea.readClipboardMsg" {
		t.Fatal("the terminal is not asked")
	}
	k.keeping.ticking = true
	uitest.Run(k.Update(tea.ClipboardMsg{Content: "high\x1b[31m ", Selection: 'c'}))
	uitest.Run(k.Update(tea.ClipboardMsg{Content: "unasked", Selection: 'c'}))
	k.moveTo(subject)
	k.quietly(action.SelectText)
	k.quietly(action.CutText)
	k.moveTo(text)
	k.key(paste)
	if d := k.written(); d.Body != "high␛[31m Low tideat six" || d.Subject != "" {
		t.Errorf("the text is %q, the subject %q", d.Body, d.Subject)
	}
}

func TestFindInTheTextSelectsWhatItFinds(t *testing.T) {
	k := open(t, compose.Draft{To: "ben@okafor.example", Subject: "Tide", Body: "Low tide, high tide"})
	uitest.Do(k, action.FindNext)
	k.said("Nothing was looked for yet.")
	uitest.Do(k, action.Find)
	uitest.Type(k.root.Top(), "TIDE")
	uitest.Do(k.root.Top(), action.Accept)
	if got := k.text.Selection(); got != "tide" {
		t.Fatalf("%q is selected", got)
	}
	uitest.Do(k, action.FindNext)
	uitest.Do(k, action.FindNext)
	k.said("TIDE: from the top again")
	uitest.Do(k, action.FindBack)
	k.said("TIDE: from the end again")
	uitest.Do(k, action.Find)
	uitest.Type(k.root.Top(), "tides")
	uitest.Do(k.root.Top(), action.Accept)
	k.said("Not found: tides")
}

func TestReflowMendsTheQuoteUnderTheCursor(t *testing.T) {
	k := open(t, compose.Draft{To: "ben@okafor.example", Subject: "Tide", Body: "> one\n> two\n\nmine\nalso"})
	k.quietly(action.Reflow)
	k.text.Goto(len("> one two\n\nm"))
	k.quietly(action.Reflow)
	if got := k.text.Text(); got != "> one two\n\nmine also" {
		t.Errorf("the text is %q", got)
	}
	k.quietly(action.Reflow)
	k.said("There is nothing to flow anew here.")
	k.quietly(action.Undo)
	if got := k.text.Text(); !strings.HasSuffix(got, "mine\nalso") {
		t.Errorf("undone it is %q", got)
	}
}

// The text has the whole width of the terminal: what is wide, such as a table that is quoted, stays on its line.
func TestTheTextHasTheWholeWidth(t *testing.T) {
	for _, w := range []int{40, 80, 200} {
		k := open(t, compose.Draft{To: "ben@okafor.example", Subject: "Tide", Body: strings.Repeat("x", w-3) + "\n" + strings.Repeat("y", w)})
		shown := ansi.Strip(strings.Join(k.Draw(screen.Rect{W: w, H: 24}).Lines, "\n"))
		if !strings.Contains(shown, strings.Repeat("x", w-3)) || strings.Contains(shown, strings.Repeat("y", w)) {
			t.Errorf("in %d columns:\n%s", w, shown)
		}
	}
}
