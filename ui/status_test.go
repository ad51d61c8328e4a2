package ui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui"
	"posthorn/ui/uitest"
)

// statusLine is what stands above the hints.
func (s *scene) statusLine(h int) string { return strings.TrimSpace(s.Lines()[h-2]) }

// TestTheStatusLineTellsWhatMattersMost is the truth about each state of things, in one line that is never cut within what counts: what the
// person did last and can take back, then trouble, then progress, then what waits, then what was chosen.
func TestTheStatusLineTellsWhatMattersMost(t *testing.T) {
	const offline = "no connection to mail.harbour.example: connection refused"
	retry := uitest.Now.Add(12 * time.Second)
	home := engine.State{Account: "home", Phase: engine.Idle, Text: "connected"}
	work := func(s engine.State) []engine.State { s.Account = "work"; return []engine.State{home, s} }
	idle := work(engine.State{Phase: engine.Idle, Text: "connected"})
	down := work(engine.State{Phase: engine.Offline, Text: offline, Retry: retry})
	paused := work(engine.State{Phase: engine.Paused, Text: "paused"})
	for _, c := range []struct {
		name   string
		states []engine.State
		waits  int
		keys   string
		looks  error
		want   [3]string // at 40, 80 and 120 columns
	}{
		{"all is well", idle, 0, "", nil, [3]string{}},
		{"connecting", work(engine.State{Phase: engine.Connecting, Text: "connecting to mail.harbour.example"}), 0, "", nil,
			[3]string{"work: Connecting to mail.harbour.exam…", "work: Connecting to mail.harbour.example", "work: Connecting to mail.harbour.example"}},
		{"offline", down, 0, "", nil, [3]string{"work: No connection.", "work: No connection: connection refused. Next try within 20 s (ctrl+r: now).",
			"work: No connection to mail.harbour.example: connection refused. Next try within 20 s (ctrl+r: now)."}},
		{"offline, and mail waits", down, 2, "", nil, [3]string{"work: No connection. 2 messages wait.", "work: No connection. Next try within 20 s (ctrl+r: now). 2 messages wait.",
			"work: No connection to mail.harbour.example: connection refused. Next try within 20 s (ctrl+r: now). 2 messages wait."}},
		{"offline, and both wait", down, 2, "s later", nil, [3]string{"work: No connection. 3 wait.", "work: No connection. Next try within 20 s. 1 change and 2 messages wait.",
			"work: No connection to mail.harbour.example: connection refused. Next try within 20 s. 1 change and 2 messages wait."}},
		{"a full disk", work(engine.State{Phase: engine.Offline, Text: "mail cannot be stored: the disk is full", Retry: retry}), 0, "", nil,
			[3]string{"work: No connection: the disk is full.", "work: Mail cannot be stored: the disk is full. Next try within 20 s.",
				"work: Mail cannot be stored: the disk is full. Next try within 20 s (ctrl+r: now)."}},
		{"wrong password", work(engine.State{Phase: engine.NeedsLogin, Text: "mail.harbour.example refused the password"}), 0, "esc", nil,
			[3]string{"work: Login needed.", "work: mail.harbour.example refused the password.", "work: mail.harbour.example refused the password."}},
		{"syncing", work(engine.State{Phase: engine.Working, Text: "fetching INBOX", Done: 1200, Total: 48000, Rate: 310}), 1, "", nil,
			[3]string{"work: Fetching INBOX: 1,200 of 48,000", "work: Fetching INBOX: 1,200 of 48,000, 310 a second", "work: Fetching INBOX: 1,200 of 48,000, 310 a second"}},
		{"back-fill", work(engine.State{Phase: engine.Working, Text: "older mail of Projects/Harbour", Done: 30, Total: 100, Rate: 0.4}), 0, "", nil,
			[3]string{"work: Older mail of Projects/Ha…: 30 %", "work: Older mail of Projects/Harbour: 30 of 100", "work: Older mail of Projects/Harbour: 30 of 100"}},
		{"mail waits", idle, 1, "", nil, [3]string{"1 message waits · g o tells why", "1 message waits · g o tells why", "1 message waits · g o tells why"}},
		{"paused", paused, 0, "", nil, [3]string{"Paused: work", "Paused: work", "Paused: work"}},
		{"paused, and mail waits", paused, 3, "", nil, [3]string{"Paused: work. 3 messages wait.", "Paused: work. 3 messages wait.", "Paused: work. 3 messages wait."}},
		{"paused, and both wait", paused, 2, "s later", nil, [3]string{"Paused: work. 3 wait.", "Paused: work. 1 change and 2 messages wait.", "Paused: work. 1 change and 2 messages wait."}},
		{"done while offline", down, 0, "s", nil, [3]string{"Starred 1 message · z undoes it", "Starred 1 message · z undoes it", "Starred 1 message · z undoes it"}},
		{"read only", work(engine.State{Phase: engine.Offline, Text: "read only"}), 0, "", fmt.Errorf("read only"),
			[3]string{"Read only: nothing is changed.", "Read only: nothing is fetched, and nothing is changed.", "Read only: nothing is fetched, and nothing is changed."}},
	} {
		for i, w := range []int{40, 80, 120} {
			t.Run(fmt.Sprintf("%s at %d", c.name, w), func(t *testing.T) {
				s := newScene(t, w, 24)
				s.eng.Stands, s.eng.Looks = c.states, c.looks
				for n := range c.waits {
					if _, _, err := s.mail.Queue(t.Context(), cache.Outgoing{Account: "work", State: cache.Queued, From: "a@harbour.example", To: []string{"b@x.example"},
						MessageID: fmt.Sprintf("%d@x", n), Bytes: []byte("Subject: x\r\n\r\nx\r\n"), Draft: "{}"}, 0); err != nil {
						t.Fatal(err)
					}
				}
				s.Post(mail.Event{Kind: mail.StateChanged, Account: "work"}, mail.Event{Kind: mail.OutboxChanged, Account: "work"})
				for _, key := range strings.Fields(c.keys) {
					if key == "later" {
						s.Advance(7 * time.Second)
						continue
					}
					s.Press(key)
				}
				if got := s.statusLine(24); got != c.want[i] {
					t.Errorf("it says %q, want %q:\n%s", got, c.want[i], s.Screen())
				}
			})
		}
	}
}

// At midnight what is dated is drawn anew, with nothing else happening: a timer waits for it, and for the next one.
func TestMidnightIsNoticed(t *testing.T) {
	env, fake, _ := uitest.Env()
	m, d := uitest.NewMail(t), uitest.NewDriver(t)
	now := time.Date(2026, 3, 14, 23, 50, 0, 0, time.UTC)
	var asked []time.Duration
	var midnight tea.Msg
	timer := func(after time.Duration, msg tea.Msg) tea.Cmd {
		if after == 10*time.Minute+time.Second {
			midnight = msg
		}
		asked = append(asked, after)
		return nil
	}
	d.Start(ui.New(env.Ctx, ui.Options{Store: m.Reader, Engine: uitest.NewLocal(fake, m, d), Events: d, Timer: timer, Now: func() time.Time { return now }}), 80, 24)
	if midnight == nil {
		t.Fatalf("nothing waits for midnight, only %v", asked)
	}
	now, asked = now.Add(10*time.Minute+time.Second), nil
	d.Send(midnight)
	if !slices.Equal(asked, []time.Duration{time.Hour}) {
		t.Errorf("then it waits for %v", asked)
	}
}

// A disk that hangs while a draft is being kept does not keep anybody from the shell.
func TestAHangingDiskHoldsUpNobody(t *testing.T) {
	env, fake, _ := uitest.Env()
	m, d := uitest.NewMail(t), uitest.NewDriver(t)
	var due []tea.Msg
	timer := func(after time.Duration, msg tea.Msg) tea.Cmd {
		if after == 2*time.Second {
			due = append(due, msg)
		}
		return nil
	}
	app := ui.New(env.Ctx, ui.Options{Store: m.Reader, Engine: uitest.NewLocal(fake, m, d), Events: d, Timer: timer, Now: env.Now})
	d.Start(app, 80, 24)
	d.Press("c")
	d.Type("ben@friends.example")
	due = nil
	app.Update(uitest.Key("ctrl+alt+z")) // what it wants done is never done
	if len(fake.Saved) > 0 || len(due) != 1 {
		t.Fatalf("%d drafts stored, %d timers", len(fake.Saved), len(due))
	}
	_, cmd := app.Update(due[0])
	if cmd == nil || cmd() != (tea.SuspendMsg{}) {
		t.Error("the shell does not come")
	}
	if _, cmd = app.Update(due[0]); cmd != nil && cmd() == (tea.SuspendMsg{}) {
		t.Error("it suspends twice")
	}
}
