package ui_test

import (
	"fmt"
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

// scene is the program on two accounts with a little mail and no servers: everything on screen is the same each time.
type scene struct {
	*uitest.Driver
	eng  *uitest.Local
	mail *uitest.Mail
}

func sample(from, subject, date, text string) string {
	return fmt.Sprintf("From: %s\nTo: Anna Lindqvist <anna@example.org>\nDate: %s\nSubject: %s\nMessage-ID: <%x@example.org>\n"+
		"Content-Type: text/plain; charset=utf-8\n\n%s\n", from, date, subject, subject, text)
}

func newScene(t *testing.T, w, h int) *scene {
	env, fake, _ := uitest.Env()
	m := uitest.NewMail(t)
	d := uitest.NewDriver(t)
	s := &scene{d, uitest.NewLocal(fake, m, d), m}
	m.Mailboxes("home", "INBOX", "Archive", "Drafts", "Sent", "Trash", "Reisen", "Reisen/Überfahrt")
	m.Mailboxes("work", "INBOX", "Archive", "Sent", "Trash", "Projects/Harbour")
	s.eng.Deliver("home", "INBOX", sample("Mira Okafor <mira@harbour.example>", "Harbour dinner on Friday?",
		"Sat, 14 Mar 2026 08:12:00 +0000", "Shall we say seven?\n\nMira"), 0)
	s.eng.Deliver("work", "INBOX", sample("Tomás Ó Briain <tomas@harbour.example>", "Minutes of Thursday",
		"Fri, 13 Mar 2026 16:40:00 +0000", "Here they are.\n\n"+strings.Repeat("Another line of the minutes.\n\n", 40)), mail.Flagged)
	s.eng.Deliver("home", "INBOX", sample("森 健二 <mori@example.jp>", "水位計の設置について", "Mon, 9 Mar 2026 02:00:00 +0000",
		"よろしくお願いします。"), mail.Seen|mail.Answered)
	s.eng.Deliver("home", "INBOX", sample("The Long Newsletter of the Coastal Rowing Association <news@rowing.example>",
		"Everything that happened in February, and a good deal that did not", "Sun, 1 Mar 2026 06:00:00 +0000", "News."), mail.Seen)
	s.eng.Deliver("work", "INBOX", sample("Build <build@harbour.example>", "main: fixed", "Thu, 6 Nov 2025 06:00:00 +0000", "ok"), mail.Seen)
	app := ui.New(env.Ctx, ui.Options{Store: m.Reader, Engine: s.eng, Events: d, Timer: d.Timer, Now: env.Now,
		Config: screen.Config{Theme: "dark", Headings: true, MarkReadAfter: time.Second, Downloads: "/"}})
	s.Start(app, w, h)
	return s
}

func TestTroubleIsOnScreen(t *testing.T) {
	s := newScene(t, 80, 24)
	s.eng.Stands = []engine.State{{Account: "home", Phase: engine.Idle},
		{Account: "work", Phase: engine.Offline, Text: "no connection to mail.harbour.example: \x1b[31mrefused", Retry: uitest.Now.Add(40 * time.Second)}}
	s.Post(mail.Event{Kind: mail.StateChanged, Account: "work"})
	s.Sees("work: No connection: ␛[31mrefused. Next try within 50 s")
	s.eng.Err = &mail.Error{Op: "archive", Kind: mail.Damaged, Said: "the disk is full"}
	s.Press("a")
	s.Sees("the disk is full")
}

func TestPendingKeysShowWhatCanFollow(t *testing.T) {
	s := newScene(t, 200, 36)
	s.Press("g")
	s.Sees("all inboxes", "newest message")
	s.Press("!")
	s.SeesNot("newest message")
}

func TestAnySizeOfTerminalIsDrawn(t *testing.T) {
	s := newScene(t, 80, 24)
	walk := func(where string) {
		for _, size := range [][2]int{{1, 1}, {2, 2}, {3, 9}, {9, 3}, {15, 5}, {20, 7}, {40, 8}, {99, 24}, {100, 24}, {159, 30}, {300, 80}} {
			s.Resize(size[0], size[1])
			if lines := s.Lines(); len(lines) != size[1] {
				t.Errorf("%s at %v: %d lines", where, size, len(lines))
			}
		}
	}
	walk("list")
	for _, keys := range []string{"enter", "A", "q tab", "tab ?", "esc g f", "esc g o", "q g l", "q c"} {
		s.Press(strings.Fields(keys)...)
		walk(keys)
	}
}

func TestLeavingAMessageStopsWhatIsFetchedOfIt(t *testing.T) {
	s := newScene(t, 80, 24)
	s.Press("enter")
	if len(s.eng.Left) != 0 {
		t.Fatalf("left %v while it is open", s.eng.Left)
	}
	s.Press("n", "q")
	if len(s.eng.Left) != 2 || s.eng.Left[0].Key == s.eng.Left[1].Key || len(s.eng.Left[0].Sections) != 0 {
		t.Errorf("left %v, want both messages, each once and whole", s.eng.Left)
	}
}

func TestBackFromTheShellItLooksForNewMail(t *testing.T) {
	s := newScene(t, 80, 24)
	s.Send(tea.ResumeMsg{})
	if s.eng.Refreshed != 1 {
		t.Errorf("new mail was looked for %d times", s.eng.Refreshed)
	}
	woken := s.eng.Woken
	s.Send(tea.FocusMsg{})
	if s.eng.Woken != woken+1 {
		t.Error("a window that is looked at again tries nothing")
	}
}

func TestTheEngineHearsOfKeys(t *testing.T) {
	s := newScene(t, 80, 24)
	before := s.eng.Pressings
	s.Press("j", "k")
	if got := s.eng.Pressings - before; got != 2 {
		t.Errorf("the engine heard of %d keys of 2", got)
	}
}

// TestLongTroubleSaysWhatToDo: the end of a sentence is seen at every size with room for it, and the screen stays as high as the terminal.
func TestLongTroubleSaysWhatToDo(t *testing.T) {
	for _, size := range []struct{ w, h int }{{80, 24}, {40, 12}, {40, 8}, {80, 7}} {
		s := newScene(t, size.w, size.h)
		s.eng.Err = &mail.Error{Op: "archive", Kind: mail.Damaged, Said: "the disk of this machine is full to the very last of all its blocks: make room"}
		s.Press("a")
		lines, room := s.Lines(), size.h >= 8
		if len(lines) != size.h || strings.Contains(strings.Join(lines, " "), "room") != room {
			t.Errorf("%dx%d: %d lines:\n%s", size.w, size.h, len(lines), strings.Join(lines, "\n"))
		}
	}
}

// TestASignInComesBetweenNothing: the password of one account is never typed into the field of another, nor a letter into one.
func TestASignInComesBetweenNothing(t *testing.T) {
	s := newScene(t, 80, 24)
	needs := func(accounts ...string) {
		s.eng.Stands = nil
		for _, name := range accounts {
			s.eng.Stands = append(s.eng.Stands, engine.State{Account: name, Phase: engine.NeedsLogin, Text: "the password for " + name + " is needed"})
			s.Post(mail.Event{Kind: mail.StateChanged, Account: name})
		}
	}
	s.Press("c")
	needs("home", "work")
	s.Sees("New message", "home: The password for home is needed")
	s.SeesNot("Sign in to")
	s.Press("esc")
	s.Sees("Sign in to home", "The password for home is needed")
	s.Type("secret of home")
	s.SeesNot("secret", "Sign in to work")
	s.Press("enter")
	s.Sees("Sign in to work")
	if len(s.eng.Logins) != 1 || s.eng.Logins[0] != (uitest.Login{Account: "home", Password: "secret of home"}) {
		t.Errorf("signed in: %v", s.eng.Logins)
	}
	s.Press("esc")
	s.SeesNot("Sign in to")
}
