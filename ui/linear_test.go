package ui_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

func eighty() int { return 80 }

// TestLinear reads, stars, files and answers by what is written in lines, without a single escape sequence.
func TestLinear(t *testing.T) {
	r := newRig(t)
	r.config.Linear = true
	r.inbox("home", "Lunch on Friday")
	r.inbox("home", "Tickets to \x1b[7mLund ★")
	r.open()
	r.Driver.Settle = r.engine.Settle
	var out bytes.Buffer
	r.Start(r.app().Linearly(&out, eighty), r.w, r.h)
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
	r.Press("x")
	said("\r\n1 selected of 2")
	r.Press("esc", "enter")
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

// TestLinearSession is a session as it stands in the terminal afterwards: the list, a message, an answer, sent and taken
// back, changed and sent, and something undone. » is what was pressed and typed.
func TestLinearSession(t *testing.T) {
	r := newRig(t)
	r.config.Linear, r.config.MarkReadAfter = true, 0
	r.inbox("home", "Lunch on Friday")
	r.deliver("home", "INBOX", post{from: "森 健二 <mori@friends.example>", subject: "潮位 🌊 and a rather long subject that a narrow terminal has no room for"})
	r.openWithGrace()
	r.At(uitest.Now)
	var out bytes.Buffer
	wide := 80
	r.Start(r.app().Linearly(&out, func() int { return wide }), wide, 24)
	if !strings.HasPrefix(out.String(), "\r\nposthorn: ? tells the keys of every screen\r\nAll inboxes") {
		t.Errorf("it begins with %q", out.String())
	}
	out.Reset() // how far the connections are by now is not the same each time
	press := func(keys ...string) {
		out.WriteString("\r\n» " + strings.Join(keys, " "))
		r.Press(keys...)
	}
	press("g", "1")
	press("j")
	press("k")
	press("enter")
	wide = 40
	press("j")
	press("k")
	press("n")
	wide = 80
	press("j")
	press("r")
	r.Type("Gladly.")
	press("ctrl+s")
	press("z")
	r.Type("Yes! ")
	press("ctrl+s")
	r.Advance(10 * time.Second)
	press("ctrl+r")
	press("q")
	press("a")
	press("z")
	press("?")
	press("esc")
	press("/")
	r.Type("lunch")
	press("enter")
	uitest.GoldenText(t, "linear", strings.ReplaceAll(strings.TrimPrefix(out.String(), "\r\n"), "\r\n", "\n")+"\n")
	if got := r.smtp.Accepted(); len(got) != 1 || !strings.Contains(string(got[0].Raw), "Yes! Gladly.") {
		t.Errorf("sent: %q", got)
	}
}

// What goes on is said in words, by quarters, and new mail rings the bell where that is wanted; nothing else is written.
func TestLinearSaysHowFarSomethingHasComeAndRings(t *testing.T) {
	env, fake, _ := uitest.Env()
	m, d := uitest.NewMail(t), uitest.NewDriver(t)
	local := uitest.NewLocal(fake, m, d)
	app := ui.New(env.Ctx, ui.Options{Store: m.Reader, Engine: local, Events: d, Timer: d.Timer, Now: env.Now,
		Config: screen.Config{Linear: true, Notify: screen.Notify{Bell: true}}})
	var out bytes.Buffer
	d.Start(app.Linearly(&out, eighty), 80, 24)
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
