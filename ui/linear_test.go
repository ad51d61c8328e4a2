package ui_test

import (
	"bytes"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// TestLinear reads, stars, files and answers by what is written in lines, without a single escape sequence.
func TestLinear(t *testing.T) {
	r := newRig(t)
	r.config.Linear = true
	r.inbox("home", "Lunch on Friday")
	r.inbox("home", "Tickets to \x1b[7mLund ★")
	r.open()
	r.Driver.Settle = r.engine.Settle
	var out bytes.Buffer
	r.Start(r.app().Linearly(&out), r.w, r.h)
	r.Press("g", "1")
	said := func(want ...string) {
		t.Helper()
		text := out.String()
		if strings.ContainsAny(text, "\x1b\u2500\u2502") {
			t.Errorf("not plain: %q", text)
		}
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%q was not said in %q", w, text)
			}
		}
		out.Reset()
	}
	said("\r\nhome · Inbox", "\r\n> unread, ", "Lund", "\r\nunread, ", "Lunch on Friday")
	r.Press("j")
	said("\r\n> unread, ", "Lunch on Friday")
	r.Press("s")
	said("\r\n> unread, starred, ", "Lunch on Friday")
	r.Press("enter")
	said("\r\nLunch on Friday", "\r\nFrom ")
	r.Press("q")
	if strings.Contains(out.String(), "Tickets") {
		t.Error("what is known is told again")
	}
	said("\r\nhome · Inbox", "\r\n> unread, starred, ")
	r.Press("tab")
	said("\r\nAccount home, connected", "\r\n> Inbox")
	r.Press("tab", "r")
	said("\r\n")
	r.Type("Gladly")
	said("Gladly")
}

// What goes on is said in words, by quarters, and new mail rings the bell where that is wanted; nothing else is written.
func TestLinearSaysHowFarSomethingHasComeAndRings(t *testing.T) {
	env, fake, _ := uitest.Env()
	m, d := uitest.NewMail(t), uitest.NewDriver(t)
	local := uitest.NewLocal(fake, m, d)
	app := ui.New(env.Ctx, ui.Options{Store: m.Reader, Engine: local, Events: d, Timer: d.Timer, Now: env.Now,
		Config: screen.Config{Linear: true, Notify: screen.Notify{Bell: true}}})
	var out bytes.Buffer
	d.Start(app.Linearly(&out), 80, 24)
	local.Stands = []engine.State{{Account: "home", Phase: engine.Working, Text: "fetching Drafts", Done: 20, Total: 40}}
	d.Post(mail.Event{Kind: mail.StateChanged, Account: "home"})
	if got := out.String(); strings.Contains(got, "Drafts") {
		t.Errorf("of a moment's work it says %q", got)
	}
	for i, done := range []int{10, 20, 260, 270, 500, 760, 999} {
		local.Stands = []engine.State{{Account: "home", Phase: engine.Working, Text: "fetching INBOX", Done: done, Total: 1000, Rate: float64(i)}}
		d.Post(mail.Event{Kind: mail.StateChanged, Account: "home"})
	}
	want := "\r\nhome: fetching INBOX, begun\r\nhome: fetching INBOX, a quarter done\r\nhome: fetching INBOX, half done\r\nhome: fetching INBOX, three quarters done"
	if got := out.String(); !strings.HasSuffix(got, want) {
		t.Errorf("it says %q, want at its end %q", got, want)
	}
	out.Reset()
	d.Send(tea.RawMsg{Msg: "\x1b]9;news\x1b\\\a"})
	if got := out.String(); got != "\a" {
		t.Errorf("of a notice with the bell it writes %q", got)
	}
}
