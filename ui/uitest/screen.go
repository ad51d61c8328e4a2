package uitest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"posthorn/ui/width"
)

// View is what the model shows.
func (d *Driver) View() tea.View { return d.model.View() }

// Lines is the screen without its colours.
func (d *Driver) Lines() []string {
	var out []string
	for _, l := range strings.Split(d.model.View().Content, "\n") {
		out = append(out, strings.TrimRight(ansi.Strip(l), " "))
	}
	return out
}

// Screen is the screen as one text.
func (d *Driver) Screen() string { return strings.Join(d.Lines(), "\n") }

// Sees tells whether all of texts are on screen, and fails the test where one is not.
func (d *Driver) Sees(texts ...string) {
	d.T.Helper()
	for _, text := range texts {
		if !strings.Contains(d.Screen(), text) {
			d.T.Errorf("%q is not on screen:\n%s", text, d.Screen())
		}
	}
}

// SeesNot fails the test where one of texts is on screen.
func (d *Driver) SeesNot(texts ...string) {
	d.T.Helper()
	for _, text := range texts {
		if strings.Contains(d.Screen(), text) {
			d.T.Errorf("%q is on screen:\n%s", text, d.Screen())
		}
	}
}

// Golden compares the screen with testdata/name-WxH.txt, and checks that every line has its width.
func (d *Driver) Golden(name string) {
	d.T.Helper()
	v := d.model.View()
	lines := strings.Split(v.Content, "\n")
	if len(lines) != d.h {
		d.T.Errorf("%s: %d lines, want %d", name, len(lines), d.h)
	}
	for i, l := range lines {
		if n := width.Of(l); n != d.w {
			d.T.Errorf("%s: line %d has %d columns, want %d: %q", name, i, n, d.w, ansi.Strip(l))
		}
	}
	got := d.Screen() + "\n"
	if c := v.Cursor; c != nil {
		got += fmt.Sprintf("cursor %d,%d\n", c.X, c.Y)
	}
	GoldenText(d.T, fmt.Sprintf("%s-%dx%d", name, d.w, d.h), got)
}

// GoldenText holds got against testdata/name.txt. GOLDEN=update in the environment writes the file anew.
func GoldenText(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if os.Getenv("GOLDEN") == "update" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (GOLDEN=update writes it)", err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got\n%s\nwant\n%s", name, got, want)
	}
}
