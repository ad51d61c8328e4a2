package ui_test

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"posthorn/mail"
	"posthorn/ui"
	"posthorn/ui/screen"
	"posthorn/ui/theme"
	"posthorn/ui/uitest"
)

// sgr is the ground of a palette as it goes to the terminal.
func sgr(name string) string {
	p, _ := theme.Find(name, nil)
	r, g, b, _ := lipgloss.Color(p.Background).RGBA()
	return fmt.Sprintf("48;2;%d;%d;%d", r>>8, g>>8, b>>8)
}

func TestThemesAreTriedOnAndKept(t *testing.T) {
	s := newScene(t, 120, 36)
	wears := func(name string) bool { return strings.Contains(s.View().Content, sgr(name)) }
	s.Press("g", "c")
	s.Sees("harbour", "dark and cool", "mono")
	s.Press("down", "down")
	if !wears("harbour") {
		t.Error("the theme under the cursor is not tried on")
	}
	s.Type("pap")
	if !wears("paper") || wears("harbour") {
		t.Error("the theme found by its name is not tried on")
	}
	s.Press("esc")
	if wears("paper") {
		t.Error("a theme that was not taken stays")
	}
	s.Press("g", "c")
	s.Type("ember")
	s.Press("enter")
	if !wears("ember") || !slices.Contains(s.eng.Chosen, "theme: ember over dark") {
		t.Errorf("ember was not kept: %q", s.eng.Chosen)
	}
}

func TestAThemeThatWasPickedComesBackUntilTheConfigurationChanges(t *testing.T) {
	env, fake, _ := uitest.Env()
	m := uitest.NewMail(t)
	m.Mailboxes("home", "INBOX")
	if err := m.Choose(t.Context(), "theme", "ember over auto"); err != nil {
		t.Fatal(err)
	}
	for configured, want := range map[string]bool{"auto": true, "dark": false} {
		d := uitest.NewDriver(t)
		d.Start(ui.New(env.Ctx, ui.Options{Store: m.Reader, Engine: fake, Events: d, Timer: d.Timer, Now: env.Now,
			Config: screen.Config{Theme: configured, Downloads: "/"}}), 80, 24)
		if got := strings.Contains(d.View().Content, sgr("ember")); got != want {
			t.Errorf("configured %s: ember %v", configured, got)
		}
	}
}

// TestEveryCellHasTheGround of a theme that has one, on every screen.
func TestEveryCellHasTheGround(t *testing.T) {
	s := newWorld(t, 80, 24, true)
	s.mail.Mailboxes("home", "INBOX", "Drafts", "Sent")
	for i, subject := range []string{"Harbour dinner on Friday?", "水位計の設置について"} {
		s.eng.Deliver("home", "INBOX", sample("Mira Okafor <mira@harbour.example>", subject, "Sat, 14 Mar 2026 08:12:00 +0000", "Shall we say seven?\n\n> Yes.\n"),
			mail.Flags(i)*mail.Seen)
	}
	s.Post(mail.Event{Kind: mail.MailboxesChanged, Account: "home"}, mail.Event{Kind: mail.MessagesChanged, Account: "home", Mailbox: s.mail.Box("home", "INBOX")})
	s.Press("g", "c")
	s.Type("paper")
	s.Press("enter")
	for _, keys := range []string{"", "enter", "H", "esc tab", "tab g o", "q g l", "q ?", "q g f", "esc c", "esc /"} {
		s.Press(strings.Fields(keys)...)
		s.tap.shows(keys, s.View(), s.Lines())
		s.tap.mu.Lock()
		for row := range 24 {
			for column := range 80 {
				if cell := s.tap.glass.CellAt(column, row); cell != nil && cell.Width > 0 && cell.Style.Bg == nil {
					t.Errorf("after %q: no ground in column %d of line %d: %q", keys, column, row, s.Lines()[row])
					break
				}
			}
		}
		s.tap.mu.Unlock()
	}
}

// TestAThemeBringsAGroundAlongWhereTheTerminalsIsOfTheOtherKind: what is configured can be read.
func TestAThemeBringsAGroundAlongWhereTheTerminalsIsOfTheOtherKind(t *testing.T) {
	s := newScene(t, 80, 24) // in the dark theme
	const brought = "48;2;18;18;18"
	for _, c := range []struct {
		terminal color.Color
		want     bool
	}{{color.White, true}, {color.Black, false}} {
		s.Send(tea.BackgroundColorMsg{Color: c.terminal})
		if got := strings.Contains(s.View().Content, brought); got != c.want {
			t.Errorf("on %v: a ground of its own %v", c.terminal, got)
		}
	}
}

func TestTheThemeFollowsTheTerminal(t *testing.T) {
	s := newScene(t, 80, 24)
	coloured := func() bool { return strings.Contains(s.View().Content, "38;2;") }
	for _, c := range []struct {
		profile colorprofile.Profile
		want    bool
	}{{colorprofile.ANSI, false}, {colorprofile.TrueColor, true}, {colorprofile.ASCII, false}, {colorprofile.ANSI256, true}} {
		s.Send(tea.ColorProfileMsg{Profile: c.profile})
		if coloured() != c.want {
			t.Errorf("%v: hues %v", c.profile, coloured())
		}
	}
}
