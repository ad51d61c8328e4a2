package ui_test

import (
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/uitest"
)

func TestAboutAMessageSaysWhatTheServerSaysOfIt(t *testing.T) {
	s := newScene(t, 80, 40)
	s.Press("j", "i")
	s.Sees("About this message", "Minutes of Thursday", "tomas@harbour.example", "Friday, 13 March 2026, 16:40:00", "UIDVALIDITY", `\Flagged`, "octets)", "text/plain, 1.3 kB, not fetched")
	s.SeesNot("Wanted in")
	s.Press("q")
	archive := mail.Targeted{Message: s.minutes(t), Change: mail.Move{To: s.mail.Box("work", "Archive")}}
	if _, err := s.mail.Wish(t.Context(), cache.Wish{Changes: []mail.Targeted{archive}}); err != nil {
		t.Fatal(err)
	}
	s.Press("i") // the server does not know yet
	s.Sees("Mailbox       INBOX", "Wanted in     Archive")
}

// minutes is the message that is about a Thursday.
func (s *scene) minutes(t *testing.T) mail.MessageKey {
	w, err := s.mail.Window(t.Context(), cache.View{Mailboxes: []mail.MailboxKey{s.mail.Box("work", "INBOX")}}, cache.Position{}, 0, 1)
	if err != nil || len(w.Messages) != 1 {
		t.Fatal(w, err)
	}
	return w.Messages[0].Key
}

func TestTasksShowWhatGoesOnAndHowFar(t *testing.T) {
	s := newScene(t, 80, 24)
	s.eng.Stands = []engine.State{
		{Account: "home", Phase: engine.Working, Text: "fetching headers of INBOX", Done: 4200, Total: 10_000, Rate: 1450},
		{Account: "work", Phase: engine.Offline, Text: "no connection to mail.harbour.example: \x1b[31mrefused", Retry: uitest.Now.Add(40 * time.Second)},
	}
	s.Press("g", "p")
	s.Sees("Tasks", "home", "Fetching headers of INBOX", "4,200 of 10,000, 1,450 a second, 4\u00a0s left", "work", "refused", "Next try in 40\u00a0s.")
	s.eng.Stands = []engine.State{{Account: "home", Phase: engine.Idle, Text: "connected"}}
	s.Post(mail.Event{Kind: mail.StateChanged, Account: "home"})
	s.SeesNot("4,200", "work")
	s.Press("q")
	s.Sees("Harbour dinner")
}
