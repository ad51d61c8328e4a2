package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/search"
	"posthorn/ui/notice"
	"posthorn/ui/screen"
)

// notices is what it takes to tell of new mail once, and only somebody who looks elsewhere.
type notices struct {
	way     notice.Way
	which   search.Query
	began   time.Time                // mail older than this session is no news
	known   map[mail.MessageKey]bool // told, or seen before it could be
	news    map[mail.MailboxKey]bool // where new mail came since the last notice
	waiting bool                     // for the burst to end
	away    bool                     // the terminal said that it has not the focus
	heard   bool                     // it says so at all
	pressed time.Time                // the last key
}

// burst is how long mail is gathered for one notice.
const burst = 2 * time.Second

// presence is how long after a key somebody still looks, on terminals that do not speak of the focus.
const presence = time.Minute

// burstEnds says that the mail of a burst can be told.
type burstEnds struct{}

func newNotices(c screen.Notify, now time.Time, getenv func(string) string) notices {
	which, err := search.Parse(c.Which, now) // checked with the configuration
	return notices{way: noticeWay(c, err, getenv), which: which, began: now.Add(-5 * time.Minute), known: map[mail.MessageKey]bool{}, news: map[mail.MailboxKey]bool{}}
}

func noticeWay(c screen.Notify, bad error, getenv func(string) string) notice.Way {
	if bad != nil || c.Desktop == "" {
		return notice.Off
	}
	return notice.Choose(c.Desktop, getenv)
}

// focused notes whether somebody looks.
func (n *notices) focused(is bool) { n.away, n.heard = !is, true }

// looked at tells whether somebody looks at the terminal.
func (n *notices) lookedAt(now time.Time) bool {
	if n.heard {
		return !n.away
	}
	return now.Sub(n.pressed) < presence
}

// arrived gathers what comes, so that a burst of mail is one notice.
func (a *App) arrived(mailbox mail.MailboxKey) tea.Cmd {
	n := &a.notices
	if n.way == notice.Off && !a.opt.Config.Notify.Bell {
		return nil
	}
	n.news[mailbox] = true
	if n.waiting {
		return nil
	}
	n.waiting = true
	return a.env.After(burst, burstEnds{})
}

// tellNews looks which of the new mail is to be told, and tells it.
func (a *App) tellNews() tea.Cmd {
	n := &a.notices
	n.waiting = false
	var where []mail.MailboxKey
	for key := range n.news {
		where = append(where, key)
	}
	clear(n.news)
	view := cache.View{Mailboxes: where, Unseen: true}
	if !n.which.Empty() {
		view.Query = &n.which
	}
	return a.run("tell of new mail", func(ctx context.Context) (outcome, error) {
		w, err := a.env.Store.Window(ctx, view, cache.Position{}, 0, 50)
		return func() tea.Cmd { return a.tell(w.Messages) }, err
	})
}

// bell is the terminal's.
const bell = "\a"

// tell makes one notice of messages that nobody was told of.
func (a *App) tell(list []mail.Message) tea.Cmd {
	n, now := &a.notices, a.env.Now()
	var fresh []mail.Message
	for _, m := range list {
		if !n.known[m.Key] && m.Received.After(n.began) {
			fresh = append(fresh, m)
		}
		n.known[m.Key] = true
	}
	if len(fresh) == 0 || n.lookedAt(now) || a.opt.Config.Notify.Quiet.Contain(now) {
		return nil
	}
	title, text := wording(fresh)
	out := notice.Sequence(n.way, title, text)
	if a.opt.Config.Notify.Bell {
		out += bell
	}
	var cmds []tea.Cmd
	if out != "" {
		cmds = append(cmds, tea.Raw(out))
	}
	if n.way == notice.Program {
		cmds = append(cmds, a.run("tell of new mail", func(context.Context) (outcome, error) {
			return nil, notice.Run(title, text)
		}))
	}
	return tea.Batch(cmds...)
}

// wording is what is said of new mail: who writes what, or who all write.
func wording(fresh []mail.Message) (title, text string) {
	if m := fresh[0]; len(fresh) == 1 {
		return m.From, m.Subject + " (" + m.Account + ")"
	}
	var names []string
	for _, m := range fresh {
		if name := mail.Line(m.From); len(names) < 5 && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return fmt.Sprintf("%d new messages", len(fresh)), strings.Join(names, ", ")
}
