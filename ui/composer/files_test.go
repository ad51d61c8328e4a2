package composer

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
	"posthorn/ui/width"
)

// holding is a composer with three files attached.
func holding(t *testing.T) *desk {
	k := open(t, reply())
	k.keeping.ticking = true
	k.draft.Attachments = []compose.Attachment{{Path: "/a", Name: "tides.csv", Size: 7}, {Path: "/b", Name: "boat.png", Size: 2000}, {Path: "/c", Name: "漢字.pdf", Size: 30}}
	return k
}

func (k *desk) named() string {
	var names []string
	for _, a := range k.draft.Attachments {
		names = append(names, a.Name)
	}
	return strings.Join(names, " ")
}

func TestAttachmentsAreChosenRemovedAndBroughtBack(t *testing.T) {
	k := holding(t)
	k.Type(tea.KeyPressMsg{Code: tea.KeyUp}) // from the first row of the text
	if k.focus != files {
		t.Fatalf("the focus is on %d", k.focus)
	}
	press := func(codes ...rune) {
		for _, c := range codes {
			k.key(tea.KeyPressMsg{Code: c})
		}
	}
	press(tea.KeyRight, tea.KeyDelete)
	k.said("Removed boat.png (2.0 kB); ctrl+z brings it back.")
	press(tea.KeyRight, tea.KeyRight, tea.KeyBackspace)
	if got := k.named(); got != "tides.csv" {
		t.Fatalf("left are %s", got)
	}
	press(tea.KeyDelete)
	k.quietly(action.PrevField)
	if k.focus != subject {
		t.Errorf("the focus is on %d", k.focus)
	}
	k.quietly(action.NextField)
	if k.focus != text {
		t.Errorf("on the way down the focus is on %d", k.focus)
	}
	k.quietly(action.PrevField) // what was removed can be brought back still
	for _, want := range []string{"tides.csv", "tides.csv 漢字.pdf", "tides.csv boat.png 漢字.pdf"} {
		k.quietly(action.Undo)
		if got := k.named(); got != want {
			t.Errorf("brought back: %q, want %q", got, want)
		}
	}
	k.quietly(action.Undo)
	k.said("No attachment was removed.")
	k.letters("x")
	if k.focus != text || !strings.HasPrefix(k.written().Body, "x") {
		t.Errorf("what was typed went to %d: %q", k.focus, k.written().Body)
	}
	k.quietly(action.Undo)
	if k.written().Body != reply().Body && !strings.HasSuffix(k.written().Body, reply().Body) {
		t.Error("the text is not as it was")
	}
}

func TestTheLineOfFilesShowsTheOneUnderTheCursor(t *testing.T) {
	for _, w := range []int{1, 12, 30, 45, 60, 100} {
		k := holding(t)
		k.moveTo(files)
		for i, a := range []string{"tides", "boat", "漢字", "tides"} {
			line, x := k.drawFiles(w)
			if plain := ansi.Strip(line); width.Of(line) != w || x >= w || w >= 30 && !strings.HasPrefix(width.Skip(plain, x), a) {
				t.Errorf("in %d columns file %d: %q, cursor at %d", w, i, plain, x)
			}
			k.key(tea.KeyPressMsg{Code: tea.KeyRight})
		}
	}
}

func TestAnAttachmentIsClickedAndRemoved(t *testing.T) {
	k := holding(t)
	lines := k.Draw(screen.Rect{W: 120, H: 24}).Lines
	y := 0
	for !strings.Contains(ansi.Strip(lines[y]), "tides.csv") {
		y++
	}
	at := func(name string) int {
		before, _, ok := strings.Cut(ansi.Strip(k.Draw(screen.Rect{W: 120, H: 24}).Lines[y]), name)
		if !ok {
			t.Fatalf("%q is not shown", name)
		}
		return width.Of(before)
	}
	if _, a := k.Mouse(screen.Mouse{X: at("boat") + 1, Y: y}); a != "" || k.focus != files || k.shelf.at != 1 {
		t.Fatalf("%q is done, the focus is on %d, the cursor on %d", a, k.focus, k.shelf.at)
	}
	_, a := k.Mouse(screen.Mouse{X: at("removes"), Y: y})
	uitest.Do(k, a)
	if got := k.named(); got != "tides.csv 漢字.pdf" {
		t.Errorf("left are %s", got)
	}
}
