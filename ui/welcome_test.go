package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

func TestWelcomeSaysWhatToDo(t *testing.T) {
	w := newWelcome("/etc/posthorn/config.toml")
	for _, size := range []struct {
		name string
		w, h int
	}{{"welcome-80x24", 80, 24}, {"welcome-120x36", 120, 36}, {"welcome-40x12", 40, 12}, {"welcome-200x60", 200, 60}} {
		uitest.Golden(t, size.name, screen.Frame{Lines: w.draw(size.w, size.h)}, size.w, size.h)
	}
	for n := 1; n < 40; n++ {
		for _, l := range w.draw(n, n) {
			if ansi.StringWidthWc(l) != n {
				t.Fatalf("%d columns: %q", n, ansi.Strip(l))
			}
		}
	}
}

func TestWelcomeTakesOneKey(t *testing.T) {
	for key, demo := range map[string]bool{"y": true, "enter": true, "n": false, "q": false, "ctrl+c": false, "esc": false} {
		d := uitest.NewDriver(t)
		w := newWelcome("x")
		d.Start(w, 80, 24)
		d.Sees("posthorn -print-config", "the demo")
		d.Press("j")
		if d.Quit {
			t.Error("j ended it")
		}
		d.Press(key)
		if !d.Quit || w.tryDemo != demo {
			t.Errorf("%s: ended %v, demo %v", key, d.Quit, w.tryDemo)
		}
	}
}

func TestWelcomeIsSaidInPlainLines(t *testing.T) {
	said := newWelcome("/etc/posthorn/config.toml").plain()
	for _, want := range []string{"posthorn -print-config > /etc/posthorn/config.toml\n", "\ny try the demo     n quit"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said in\n%s", want, said)
		}
	}
	if strings.Contains(said, "\x1b") || strings.Contains(said, "\n\n") {
		t.Errorf("not plain: %q", said)
	}
}

func TestHomeIsShownAsTilde(t *testing.T) {
	t.Setenv("HOME", "/home/anna")
	if w := newWelcome("/home/anna/.config/posthorn/config.toml"); !strings.HasPrefix(w.path, "~/.config") {
		t.Errorf("shown as %s", w.path)
	}
}
