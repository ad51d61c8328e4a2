package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/screen"
)

// pointer is what the mouse does.
type pointer struct {
	held   held
	at     time.Time     // of the last click
	x, y   int           // where it was
	clicks int           // so many in a row at that place
	first  screen.Screen // what the first of these was on; nil: no screen

	title []spot // in the title line, as drawn last: what is shown, and the accounts
	hints []spot // in the line of hints
}

// spot is what a piece of a line does when it is clicked.
type spot struct {
	from, to int // columns
	act      action.Action
	account  string // whose inbox GoInbox means
}

func (s *spot) shift(n int) { s.from, s.to = s.from+n, s.to+n }

// held is where a button went down: drags and the release belong there.
type held struct {
	on   screen.Screen // nil: on nothing that takes them
	area screen.Rect
	line border // between panes: it is dragged
}

// again is how soon a click at the same place is one with that before.
const again = 400 * time.Millisecond

// wheelLines is how far one notch of the wheel goes.
const wheelLines = 3

// mouse hands what the mouse does to what is under it.
func (a *App) mouse(msg tea.MouseMsg) tea.Cmd {
	m := msg.Mouse()
	p := &a.pointer
	switch msg.(type) {
	case tea.MouseWheelMsg:
		lines := map[tea.MouseButton]int{tea.MouseWheelDown: wheelLines, tea.MouseWheelUp: -wheelLines}[m.Button]
		s, area := a.under(m.X, m.Y)
		return a.gesture(s, area, screen.Mouse{Gesture: screen.Wheel, X: m.X, Y: m.Y, Lines: lines})
	case tea.MouseMotionMsg:
		if p.held.line != noBorder {
			return a.drag(p.held.line, m.X, m.Y)
		}
		return a.gesture(p.held.on, p.held.area, screen.Mouse{Gesture: screen.Drag, X: m.X, Y: m.Y})
	case tea.MouseReleaseMsg:
		h := p.held
		p.held = held{}
		if h.line != noBorder {
			return a.keepPanes()
		}
		return a.gesture(h.on, h.area, screen.Mouse{Gesture: screen.Release, X: m.X, Y: m.Y})
	case tea.MouseClickMsg:
		if m.Button == tea.MouseLeft {
			a.presses.Reset()
			a.pending.shown = false
			return a.click(m.X, m.Y, m.Mod&tea.ModShift != 0)
		}
	}
	return nil
}

// clicks names those in a row at one place. More than three mean nothing.
var clicks = [...]screen.Gesture{screen.Click, screen.DoubleClick, screen.TripleClick}

// click gives the keys to what is clicked. A click more than a double one means nothing but on the screen that had the
// others: nobody aims at what the first two put under the pointer, such as the answers of a question.
func (a *App) click(x, y int, extend bool) tea.Cmd {
	p := &a.pointer
	now := a.env.Now()
	if p.clicks++; x != p.x || y != p.y || now.Sub(p.at) > again {
		p.clicks = 1
	}
	p.at, p.x, p.y = now, x, y
	s, area := a.under(x, y)
	if p.clicks == 1 {
		p.first = s
	}
	switch {
	case p.clicks > len(clicks) || p.clicks > 2 && s != p.first:
		return nil
	case s == nil && a.borderAt(x, y) != noBorder:
		p.held = held{line: a.borderAt(x, y)}
		return nil
	case s == nil && p.clicks == 1:
		return a.clickSpot(x, y)
	case s == nil:
		return nil
	}
	var taken tea.Cmd
	if top := a.top(); top != s && len(a.stack) > 0 { // what a query found is clicked: that takes the query
		if taken = a.do(action.Accept); len(a.stack) > 0 {
			return taken
		}
	}
	a.focusOn(s)
	p.held = held{on: s, area: area}
	m := screen.Mouse{Gesture: clicks[p.clicks-1], X: x, Y: y, Extend: extend}
	return tea.Batch(taken, a.gesture(s, area, m))
}

// clickSpot does what a word of the title or of the hints stands for.
func (a *App) clickSpot(x, y int) tea.Cmd {
	_, dialogs := a.layers()
	var spots []spot
	switch {
	case a.size.H < roomy:
	case y == a.size.H-1:
		spots = a.pointer.hints
	case y == 0 && len(dialogs) == 0:
		spots = a.pointer.title
	}
	for _, s := range spots {
		switch {
		case x < s.from || x >= s.to || s.act == "":
		case s.account != "":
			if a.uncover(); len(a.stack) > 0 { // a message is being written
				return nil
			}
			return a.after(a.showRole(s.account, mail.Inbox))
		default:
			return a.after(a.do(s.act))
		}
	}
	return nil
}

// focusOn gives the keys to a pane.
func (a *App) focusOn(s screen.Screen) {
	switch {
	case len(a.stack) > 0:
	case s == screen.Screen(a.side):
		a.focus = sidePane
	case s == screen.Screen(a.list):
		a.focus = listPane
	case a.reader != nil && s == screen.Screen(a.reader):
		a.focus = readPane
	}
}

// gesture tells a screen, and does what that makes of it. What knows no mouse goes up and down by the wheel.
func (a *App) gesture(s screen.Screen, area screen.Rect, m screen.Mouse) tea.Cmd {
	if s == nil {
		return nil
	}
	m.X, m.Y = m.X-area.X, m.Y-area.Y
	if p, ok := s.(screen.Pointed); ok {
		cmd, act := p.Mouse(m)
		if act != "" {
			cmd = tea.Batch(cmd, a.do(act))
		}
		return a.after(cmd)
	}
	var cmds []tea.Cmd
	for range max(m.Lines, -m.Lines) {
		act := action.Down
		if m.Lines < 0 {
			act = action.Up
		}
		cmd, _ := s.Do(act)
		cmds = append(cmds, cmd)
	}
	return a.after(tea.Batch(cmds...))
}

// under is the screen at a place of the terminal, and its area. A dialog is to be answered first: beside it is nothing,
// but for a dialog atop the list, whose list can be pointed at.
func (a *App) under(x, y int) (screen.Screen, screen.Rect) {
	body := between(a.size.W, a.size.H, a.statusHeight(a.size.W, a.size.H))
	full, dialogs := a.layers()
	taken := 0
	for i := len(dialogs) - 1; i >= 0; i-- {
		at := a.placed(dialogs[i], body)
		if at.Has(x, y) {
			return dialogs[i], at
		}
		t, ok := dialogs[i].(screen.Atop)
		if !ok {
			return nil, screen.Rect{}
		}
		taken = t.Atop(body.H)
	}
	if full != nil {
		if body.Has(x, y) {
			return full, body
		}
		return nil, screen.Rect{}
	}
	l := a.arrange(body)
	l.list.Y, l.list.H = l.list.Y+taken, l.list.H-taken
	switch {
	case l.side.Has(x, y):
		return a.side, l.side
	case l.list.Has(x, y):
		return a.list, l.list
	case a.reader != nil && l.read.Has(x, y):
		return a.reader, l.read
	}
	return nil, screen.Rect{}
}

// leastBeside is how much of a line a dialog leaves, or it takes all: of slivers at its sides nothing can be read.
const leastBeside = 16

// placed is where a dialog stands over what is between title and hints.
func (a *App) placed(d screen.Screen, body screen.Rect) screen.Rect {
	if _, ok := d.(screen.Atop); ok {
		l := a.arrange(body).list
		w, h := d.(screen.Dialog).Size(l.W, l.H)
		return screen.Rect{X: l.X, Y: l.Y, W: w, H: h}
	}
	top, room := 0, a.size.H
	if a.size.H >= roomy { // title, status and hints stay in sight
		top, room = body.Y, body.H
	}
	w, h := d.(screen.Dialog).Size(a.size.W, room)
	if a.size.W-w < leastBeside {
		w = a.size.W
	}
	return screen.Rect{X: (a.size.W - w) / 2, Y: top + max(0, (room-h)*2/5), W: w, H: h}
}
