package ui

import (
	"context"
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// countdown is what is about to be sent or deleted for good, as the status line shows it.
type countdown struct {
	cache.Countdown
	planned int       // messages that go out at a given time
	next    time.Time // when the first of them does
	changes int       // that have not reached the servers
	mails   int       // that have not gone out, but for those planned
	since   time.Time // when it was first seen
	asked   int       // number of the latest question to the database
	ticking bool
}

// countdownTick tells that a second has passed.
type countdownTick struct{}

// recount asks what counts down.
func (a *App) recount() tea.Cmd {
	a.count.asked++
	asked := a.count.asked
	return a.run("read what can be undone", func(ctx context.Context) (outcome, error) {
		now := a.env.Now()
		c, err := a.env.Store.Countdown(ctx, now)
		if err != nil {
			return nil, err
		}
		planned, next, err := a.env.Store.Planned(ctx, now.Add(countdownFrom))
		if err != nil {
			return nil, err
		}
		changes, mails, err := a.env.Store.Waiting(ctx)
		return func() tea.Cmd {
			if asked != a.count.asked {
				return nil
			}
			if c.Outgoing != a.count.Outgoing || !c.Until.Equal(a.count.Until) {
				a.count.since = a.env.Now()
			}
			a.count.Countdown, a.count.planned, a.count.next, a.count.changes, a.count.mails = c, planned, next, changes, mails-planned
			return a.tick()
		}, err
	})
}

// recountFor asks again where events may have changed the answer.
func (a *App) recountFor(list events) tea.Cmd {
	if slices.ContainsFunc(list, func(e mail.Event) bool { return e.Kind == mail.MessagesChanged || e.Kind == mail.OutboxChanged }) {
		return a.recount()
	}
	return nil
}

// countdownFrom is how long before it goes out mail counts down; before that its time is said, where there is room.
const countdownFrom = time.Minute

// tick draws the line anew every second while something counts down, and asks again once the last minute of what waits
// for its time may have begun.
func (a *App) tick() tea.Cmd {
	if a.count.ticking {
		return nil
	}
	now := a.env.Now()
	switch {
	case a.count.Until.After(now) && !a.far():
		a.count.ticking = true
		return a.env.After(time.Second, countdownTick{})
	case a.count.planned > 0:
		a.count.ticking = true
		return a.env.After(max(time.Second, min(time.Minute, a.count.next.Sub(now)-countdownFrom)), countdownTick{})
	}
	return nil
}

// far tells that what is counted down is mail whose time is not near.
func (a *App) far() bool {
	return a.count.Outgoing != 0 && a.count.Until.Sub(a.env.Now()) > countdownFrom
}

func (a *App) ticked() tea.Cmd {
	a.count.ticking = false
	if a.count.planned > 0 {
		return a.recount()
	}
	return a.tick()
}

// plans is what goes out at a given time, in words; empty where nothing does.
func (a *App) plans() string {
	if a.count.planned == 0 {
		return ""
	}
	return plannedLine(a.count.planned, a.count.next, a.env.Now()) + ", as long as posthorn runs then."
}

// announced tells whether the text of the status line is about what counts down, which the countdown says better.
func (a *App) announced() bool {
	return a.count.Newest && !a.status.trouble && !a.status.at.After(a.count.since.Add(time.Second))
}

// subjectRoom is how many columns of a subject stand in a countdown.
const subjectRoom = 30

// counting is the countdown in words, in w columns; empty where there is none. How it is ended is never cut off.
func (a *App) counting(w int) string {
	c := a.count
	left := c.Until.Sub(a.env.Now())
	if left <= 0 || a.far() {
		return ""
	}
	seconds := max(1, int(left/time.Second)) // the database keeps whole seconds, rounded up
	text, back := fmt.Sprintf("Deletes %s for good in %d s", count(c.Messages), seconds), "undoes it"
	if c.Others > 0 {
		text = fmt.Sprintf("Deletes %s for good in %d s, and %s before", count(c.Messages), seconds, widget.Thousands(c.Others))
	}
	if c.Mailbox != "" {
		text = fmt.Sprintf("Deletes the mailbox “%s” in %d s", width.Cut(mail.Line(c.Mailbox), subjectRoom), seconds)
	}
	if c.Outgoing != 0 {
		text, back = fmt.Sprintf("Sends in %d s", seconds), "takes it back"
		if s := mail.Line(c.Subject); s != "" {
			text = fmt.Sprintf("Sends “%s” in %d s", width.Cut(s, subjectRoom), seconds)
		}
		switch phase := a.phase(c.Account); {
		case phase == engine.Paused:
			text += ", once " + mail.Line(c.Account) + " is resumed"
		case phase.Off():
			text += ", or once there is a connection"
		}
	}
	key := ""
	switch scopes := a.scopes(); {
	case c.Newest && slices.Contains(scopes, action.App):
		key = a.env.Keys.Key(action.App, action.Undo)
	case c.Newest && c.Outgoing != 0 && slices.Contains(scopes, action.Composer):
		key = a.env.Keys.Key(action.Composer, action.TakeBack)
	}
	if key == "" {
		return text
	}
	if whole := text + " · " + key + " " + back; width.Of(whole) <= w {
		return whole
	}
	return fmt.Sprintf("%s %s, %d s · %s", key, back, seconds, text)
}

// takeBack undoes sending while another message is being written; nothing else is undone from there.
func (a *App) takeBack() tea.Cmd {
	if !a.count.Newest || a.count.Outgoing == 0 {
		a.Say("Nothing that was done last is about to be sent.")
		return nil
	}
	return a.undo()
}
