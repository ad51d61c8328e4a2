package ui_test

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui"
	"posthorn/ui/notice"
	"posthorn/ui/screen"
	"posthorn/ui/uitest"
)

// notified is posthorn on a terminal that is told of new mail by title and text.
type notified struct {
	*scene
	told []string
}

func newNotified(t *testing.T, c screen.Notify) *notified {
	env, fake, _ := uitest.Env()
	m, d := uitest.NewMail(t), uitest.NewDriver(t)
	n := &notified{scene: &scene{d, uitest.NewLocal(fake, m, d), m}}
	m.Mailboxes("home", "INBOX", "Archive")
	m.Mailboxes("work", "INBOX")
	app := ui.New(env.Ctx, ui.Options{Store: m.Reader, Engine: n.eng, Events: d, Timer: d.Timer, Now: d.Now,
		Config: screen.Config{Theme: "mono", Downloads: "/", Notify: c}})
	n.Start(listening{app, &n.told}, 80, 24)
	return n
}

// listening notes what is written to the terminal past the screen.
type listening struct {
	tea.Model
	told *[]string
}

func (l listening) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if raw, ok := msg.(tea.RawMsg); ok {
		*l.told = append(*l.told, raw.Msg.(string))
	}
	next, cmd := l.Model.Update(msg)
	l.Model = next
	return l, cmd
}

// arrives delivers mail and lets its burst end.
func (n *notified) arrives(account, mailbox, from, subject string, flags mail.Flags) {
	n.eng.Deliver(account, mailbox, sample(from, subject, n.Now().Format(time.RFC1123Z), "Hello"), flags)
	n.Post(mail.Event{Kind: mail.MessagesChanged, Account: account, Mailbox: n.mail.Box(account, mailbox)},
		mail.Event{Kind: mail.MailboxesChanged, Account: account},
		mail.Event{Kind: mail.Arrived, Account: account, Mailbox: n.mail.Box(account, mailbox)})
}

// tells waits for the burst to end, and takes what was told.
func (n *notified) tells() string {
	n.Advance(3 * time.Second)
	told := strings.Join(n.told, "")
	n.told = nil
	return told
}

func TestNewMailIsToldOnceAndOnlyWhileNobodyLooks(t *testing.T) {
	n := newNotified(t, screen.Notify{Desktop: notice.Titled, Bell: true, Which: "in:inbox"})
	n.Send(tea.BlurMsg{})
	n.arrives("home", "INBOX", "Mira Okafor <mira@harbour.example>", "Dinner\x1b]0;owned\x07 \u202eon Friday", 0)
	if got, want := n.tells(), notice.Sequence(notice.Titled, "Mira Okafor", "Dinner\x1b]0;owned\x07 \u202eon Friday (home)")+"\a"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	n.arrives("home", "INBOX", "Tomás <t@harbour.example>", "One", 0)
	n.arrives("home", "INBOX", "Tom <tom@harbour.example>", "Half", 0)
	n.arrives("work", "INBOX", "Ines <i@harbour.example>", "Two", 0)
	n.arrives("work", "INBOX", "Ines <i@harbour.example>", "Three", 0)
	if got := n.tells(); !strings.Contains(got, "4 new messages;") || !strings.Contains(got, "Tomás") || !strings.Contains(got+",", "Tom,") && !strings.Contains(got, "Tom\x1b") || strings.Count(got, "Ines") != 1 || strings.Count(got, "\x1b]777") != 1 {
		t.Errorf("a burst told %q", got)
	}
	n.arrives("home", "INBOX", "Read <r@harbour.example>", "Read elsewhere", mail.Seen)
	n.arrives("home", "Archive", "Filed <f@harbour.example>", "By a filter", 0)
	if got := n.tells(); got != "" {
		t.Errorf("told %q of what is read, and of another mailbox", got)
	}
	n.Send(tea.FocusMsg{})
	n.arrives("home", "INBOX", "Seen <s@harbour.example>", "Before your eyes", 0)
	if got := n.tells(); got != "" {
		t.Errorf("told %q while somebody looks", got)
	}
	n.Send(tea.BlurMsg{})
	n.arrives("home", "INBOX", "Next <n@harbour.example>", "The next", 0)
	if got := n.tells(); !strings.Contains(got, "The next") || strings.Contains(got, "Before your eyes") {
		t.Errorf("told %q", got)
	}
	if title := n.View().WindowTitle; !strings.HasPrefix(title, "(7) posthorn") {
		t.Errorf("the window is called %q", title)
	}
}

func TestNoticesKeepToTheRules(t *testing.T) {
	for name, c := range map[string]struct {
		notify screen.Notify
		told   bool
	}{
		"of everybody":    {screen.Notify{Desktop: notice.Plain}, true},
		"of this person":  {screen.Notify{Desktop: notice.Plain, Which: "from:mira"}, true},
		"of another":      {screen.Notify{Desktop: notice.Plain, Which: "from:ben"}, false},
		"off":             {screen.Notify{Desktop: notice.Off}, false},
		"the bell alone":  {screen.Notify{Desktop: notice.Off, Bell: true}, true},
		"quiet hours":     {screen.Notify{Desktop: notice.Plain, Bell: true, Quiet: hours(t, "00:00-23:59")}, false},
		"no other search": {screen.Notify{Desktop: notice.Plain, Which: "from:"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNotified(t, c.notify)
			n.arrives("home", "INBOX", "Mira <mira@harbour.example>", "Hello", 0)
			if got := n.tells(); (got != "") != c.told {
				t.Errorf("told %q", got)
			}
			n.Press("j")
			n.arrives("home", "INBOX", "Mira <mira@harbour.example>", "Hello", 0)
			if got := n.tells(); got != "" {
				t.Errorf("told %q right after a key, on a terminal that does not speak of the focus", got)
			}
		})
	}
}

func hours(t *testing.T, text string) (h notice.Hours) {
	if err := h.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return h
}
