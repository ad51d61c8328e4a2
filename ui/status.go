package ui

import (
	"fmt"
	"math"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// Texts stay in the status line this long; troubles longer.
const (
	saidFor    = 6 * time.Second
	troubleFor = 20 * time.Second
)

// status is the line above the hints: what was said last, else what goes on.
type status struct {
	text    string
	trouble bool
	number  int // of the text, so that an old timer ends no new one
	armed   int // the number a timer runs for
	at      time.Time
	heard   int // number of the newest log entry already looked at
}

// statusEnds tells that a text has been shown long enough.
type statusEnds int

func (s *status) say(text string, trouble bool, now time.Time) {
	s.text, s.trouble, s.at = text, trouble, now
	s.number++
}

// pass ends a text that was about the screen before; trouble stays.
func (s *status) pass() {
	if !s.trouble {
		s.text = ""
	}
}

// arm starts the timer for a text that has none.
func (s *status) arm(env *screen.Env) tea.Cmd {
	if s.text == "" || s.armed == s.number {
		return nil
	}
	s.armed = s.number
	d := saidFor
	if s.trouble {
		d = troubleFor
	}
	return env.After(d, statusEnds(s.number))
}

func (s *status) end(n statusEnds) {
	if int(n) == s.number {
		s.text = ""
	}
}

// hear shows the newest of the log that is worth it: a trouble, or what the person waits to hear.
func (a *App) hear() {
	heard := a.status.heard
	for _, e := range a.env.Engine.Log() {
		a.status.heard = max(a.status.heard, e.Number)
		if e.Number > heard && (e.Trouble || e.Answer) {
			text := widget.Stopped(e.Text)
			if e.Account != "" && len(a.env.Engine.Accounts()) > 1 {
				text = e.Account + ": " + text
			}
			a.status.say(mail.Line(text), e.Trouble, a.env.Now())
		}
	}
}

// demoLine is what the first screen of the demo says; demoShort where there is no room for all of it.
const (
	demoLine  = "Demo on servers inside this program. Your own mail: posthorn -print-config"
	demoShort = "Demo. Yours: posthorn -print-config"
)

// mostStatus bounds the lines that a long sentence takes.
const mostStatus = 3

// statusLines is what is said, in w columns. What to do stands at the end of a sentence: one that is too long for a
// line takes more, where there is room for them.
func (a *App) statusLines(w, h int) []string {
	text, paint, whole := a.statusText(w)
	lines := []string{text}
	if whole && h >= roomy && width.Of(text) > w-2 {
		lines = width.Wrap(text, w-2)
	}
	if len(lines) > mostStatus {
		lines = append(lines[:mostStatus-1], strings.Join(lines[mostStatus-1:], " "))
	}
	for i, l := range lines {
		lines[i] = width.Fit(" "+paint(width.Cut(l, w-2)), w)
	}
	return lines
}

// statusHeight is how many lines statusLines has. Only what was said may take several.
func (a *App) statusHeight(w, h int) int {
	if a.status.text == "" {
		return 1
	}
	return len(a.statusLines(w, h))
}

// statusText is what matters most now, and whether it is worth more than one line.
func (a *App) statusText(w int) (text string, paint func(string) string, whole bool) {
	th, counting := a.env.Theme, a.counting(w-2)
	switch {
	case counting != "" && (a.status.text == "" || a.announced()):
		return counting, th.Accent.Render, false
	case a.status.text != "" && a.status.trouble:
		return a.status.text, th.Error.Render, true
	case a.status.text != "":
		return a.status.text, th.Accent.Render, true
	}
	text, _ = a.goesOn(w - 2)
	if a.exporting != nil {
		text = a.exporting.Progress()
	}
	if text == "" {
		text = a.plans()
	}
	if text == "" && a.env.Engine.Refusal() != nil {
		if text = "Read only: nothing is fetched, and nothing is changed."; width.Of(text) > w-2 {
			text = "Read only: nothing is changed."
		}
	}
	if text == "" && a.env.Demo {
		if text = demoLine; width.Of(text) > w-2 {
			text = demoShort
		}
		return text, th.Faint.Render, false
	}
	return text, th.Dim.Render, false
}

// goesOn is what matters most of what the accounts do, with what waits for it, in w columns, and whether it is trouble.
func (a *App) goesOn(w int) (text string, trouble bool) {
	text, rank := a.progress(w)
	switch {
	case rank == counting || rank >= inTrouble:
	case rank == paused:
		text = a.withWaiting(text, w)
	case a.count.mails > 0:
		text = waitingLine(0, a.count.mails) + " · " + a.env.Keys.Key(action.App, action.ShowOutbox) + " tells why"
	}
	return text, rank >= inTrouble
}

// What an account does matters the more the higher it stands here.
const (
	nothing = iota
	paused
	connecting
	counting
	inTrouble
	asking
)

// progress is what matters most of what the accounts do: one that is in trouble, else one with a count, which is said
// in w columns.
func (a *App) progress(w int) (text string, rank int) {
	for _, s := range a.env.Engine.States() {
		one, r, label := "", nothing, ""
		if len(a.env.Engine.Accounts()) > 1 {
			label = mail.Line(s.Account) + ": "
		}
		switch {
		case s.Phase == engine.NeedsLogin && !a.signingIn():
			one, r = a.troubled(s, "login needed", w-width.Of(label)), asking
		case s.Phase == engine.Offline && !s.Retry.IsZero():
			one, r = a.troubled(s, "no connection", w-width.Of(label)), inTrouble
		case s.Total > 0:
			one, r = counted(s, w-width.Of(label)), counting
		case s.Phase == engine.Connecting:
			one, r = s.Text, connecting
		case s.Phase == engine.Paused: // of all that are, since nothing else would tell of the others
			label, one, r = "", "paused: "+a.pausedAccounts(), paused
		}
		if r > rank {
			text, rank = label+widget.Sentence(mail.Line(one)), r
		}
	}
	return text, rank
}

// counted is how far something has come, with its rate where w columns have room for that. The count is never cut off.
func counted(s engine.State, w int) string {
	text := mail.Line(s.Text)
	count := fmt.Sprintf(": %s of %s", widget.Thousands(s.Done), widget.Thousands(s.Total))
	rate := fmt.Sprintf(", %s a second", widget.Thousands(int(s.Rate)))
	if s.Rate < 1 {
		rate = ""
	}
	switch {
	case width.Of(text+count+rate) <= w:
		return text + count + rate
	case width.Of(text+count) <= w:
		return text + count
	}
	percent := fmt.Sprintf(": %d %%", min(100, s.Done*100/s.Total))
	return width.Cut(text, w-width.Of(percent)) + percent
}

// troubled is why an account does not work, when it tries again and what waits for it: as much of that as w columns have
// room for, so that it is a line at every width and nothing of it is cut off.
func (a *App) troubled(s engine.State, brief string, w int) string {
	text := strings.TrimSuffix(mail.Line(s.Text), ".")
	whys := []string{text, brief}
	if head, reason, ok := strings.Cut(text, ": "); ok {
		whys = []string{text, brief + ": " + reason, head, brief}
	}
	var again, now string
	if !s.Retry.IsZero() {
		again = retryIn(s.Retry.Sub(a.env.Now()))
		now = " (" + a.env.Keys.Key(action.App, action.Refresh) + ": now)"
	}
	var lines []string
	for _, why := range whys {
		lines = append(lines, why+again+now, why+again)
	}
	for _, line := range append(lines, whys...) {
		if line = sentence(a.withWaiting(line, math.MaxInt)); width.Of(line) <= w {
			return line
		}
	}
	return sentence(a.withWaiting(brief, w))
}

func sentence(s string) string { return strings.TrimSuffix(s, ".") + "." }

// withWaiting is text and what waits behind it; only how many where w columns have no room for more.
func (a *App) withWaiting(text string, w int) string {
	n := a.count.changes + a.count.mails
	if n == 0 {
		return text
	}
	line := text + ". " + waitingLine(a.count.changes, a.count.mails) + "."
	if width.Of(line) > w && n > 1 {
		line = text + ". " + widget.Thousands(n) + " wait."
	}
	return line
}

// retryIn is when the next try is.
func retryIn(d time.Duration) string {
	switch {
	case d < 2*time.Second:
		return ". Trying again"
	case d < 90*time.Second:
		return fmt.Sprintf(". Next try within %d s", int(d.Round(10*time.Second)/time.Second)+10)
	}
	return fmt.Sprintf(". Next try in %d min", int(d.Round(time.Minute)/time.Minute))
}
