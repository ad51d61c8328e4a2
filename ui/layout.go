package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/keys"
	"posthorn/ui/screen"
	"posthorn/ui/sidebar"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// Widths from which on panes stand beside each other.
const (
	withSide = 100
	withRead = 150
)

// sideWidth is how wide the sidebar is, but on very wide terminals.
const sideWidth = 26

// layout is which panes are seen, and where; a pane that is not has no width.
type layout struct{ side, list, read screen.Rect }

// roomy is how many rows a terminal has where there is room for a title and hints.
const roomy = 8

// between is the area between the title and so many lines of status.
func between(w, h, status int) screen.Rect {
	if h < roomy {
		return screen.Rect{W: w, H: max(0, h-status)}
	}
	return screen.Rect{Y: 1, W: w, H: max(0, h-2-status)}
}

// arrange divides the area between title and status.
func (a *App) arrange(body screen.Rect) layout {
	var l layout
	w, reading := body.W, a.reader != nil
	if w < withSide || a.env.Config.Linear {
		switch {
		case a.focus == sidePane && w >= 2*sideWidth && !a.env.Config.Linear:
			l.side, l.list = body, body
			l.side.W = sideWidth
			l.list.X, l.list.W = sideWidth+1, w-sideWidth-1
		case a.focus == sidePane:
			l.side = body
		case reading:
			l.read = body
		default:
			l.list = body
		}
		return l
	}
	rest := body
	if !a.sideOff || a.focus == sidePane {
		l.side = body
		l.side.W = sideWidth
		if w >= 180 {
			l.side.W = sideWidth + 4
		}
		rest.X, rest.W = l.side.W+1, w-l.side.W-1
	}
	switch {
	case reading && w >= withRead:
		l.list, l.read = rest, rest
		l.list.W = rest.W * 45 / 100
		l.read.X, l.read.W = rest.X+l.list.W+1, rest.W-l.list.W-1
	case reading:
		l.read = rest
	default:
		l.list = rest
	}
	return l
}

// resized lets the reader wrap its text anew.
func (a *App) resized() tea.Cmd {
	if a.reader == nil {
		return nil
	}
	return a.reader.Resize(a.arrange(between(a.size.W, a.size.H, 1)).read.W)
}

// View draws everything. It touches memory only.
func (a *App) View() tea.View {
	var v tea.View
	v.AltScreen, v.ReportFocus = true, true
	if a.env.Config.Mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	v.WindowTitle = windowTitle(a.title(), a.side.Unseen())
	if a.quit || a.size.W < 1 || a.size.H < 1 {
		return v
	}
	lines, cursor := a.draw(a.size.W, a.size.H)
	v.Content, v.Cursor = grounded(a.env.Theme.Ground, strings.Join(lines, "\n")), cursor
	return v
}

// windowTitle is how many messages are unread, and where one is, in what every window manager can show.
func windowTitle(name string, unseen int) string {
	name = "posthorn · " + name
	if unseen > 0 {
		name = fmt.Sprintf("(%d) %s", unseen, name)
	}
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return -1
		}
		return r
	}, width.Cut(name, 80))
}

func (a *App) title() string {
	name, _ := a.titled().Title()
	return name
}

// titled is the screen that names what is on the terminal.
func (a *App) titled() screen.Titled {
	for i := len(a.stack) - 1; i >= 0; i-- {
		if t, ok := a.stack[i].(screen.Titled); ok {
			return t
		}
	}
	return a.list
}

func (a *App) draw(w, h int) ([]string, *tea.Cursor) {
	status := a.statusLines(w, h)
	area := between(w, h, len(status))
	full, dialogs := a.layers()
	body, cursor := a.panes(area, full)
	var lines []string
	if h >= roomy {
		lines = append(lines, a.titleLine(w))
	}
	lines = append(lines, body...)
	lines = append(lines, status...)
	if h >= roomy {
		lines = append(lines, a.hintLine(w))
	}
	for _, d := range dialogs {
		at := a.placed(d, area)
		f := d.Draw(at)
		lines = widget.Overlay(lines, f.Lines, at.X, at.Y, w)
		cursor = moved(f.Cursor, at.X, at.Y)
	}
	if a.pending.shown && len(lines) > 2 {
		box := a.continuations(w, len(lines)-2)
		lines = widget.Overlay(lines, box, 0, len(lines)-1-len(box), w)
	}
	return lines[:min(len(lines), h)], cursor
}

// layers parts the stack: the topmost screen that covers all, and the dialogs above it.
func (a *App) layers() (full screen.Screen, dialogs []screen.Screen) {
	for _, s := range a.stack {
		if _, ok := s.(screen.Dialog); ok {
			dialogs = append(dialogs, s)
		} else {
			full, dialogs = s, nil
		}
	}
	return full, dialogs
}

// panes draws what is between title and status.
func (a *App) panes(body screen.Rect, full screen.Screen) ([]string, *tea.Cursor) {
	if full != nil {
		f := full.Draw(body)
		return f.Lines, moved(f.Cursor, 0, body.Y)
	}
	l := a.arrange(body)
	var columns [][]string
	if l.side.W > 0 {
		columns = append(columns, a.side.DrawFocused(l.side, a.focus == sidePane).Lines)
	}
	if l.list.W > 0 {
		columns = append(columns, a.listLines(l.list))
	}
	var cursor *tea.Cursor
	if l.read.W > 0 {
		f := a.reader.Draw(l.read)
		columns = append(columns, f.Lines)
		cursor = moved(f.Cursor, l.read.X, l.read.Y)
	}
	rule := a.env.Theme.Rule.Render("│")
	lines := make([]string, body.H)
	for y := range lines {
		for i, c := range columns {
			if i > 0 {
				lines[y] += rule
			}
			lines[y] += c[y]
		}
	}
	return lines, cursor
}

// listLines is the list, below the lines that a dialog takes of it.
func (a *App) listLines(area screen.Rect) []string {
	taken := 0
	for _, s := range a.stack {
		if t, ok := s.(screen.Atop); ok {
			taken = t.Atop(area.H)
		}
	}
	area.H -= taken
	return append(make([]string, taken), a.list.DrawFocused(area, a.focus == listPane).Lines...)
}

func moved(c *tea.Cursor, x, y int) *tea.Cursor {
	if c == nil {
		return nil
	}
	m := *c
	m.X, m.Y = c.X+x, c.Y+y
	return &m
}

// titleLine names what is seen, and shows at the right how the accounts are connected.
func (a *App) titleLine(w int) string {
	th := a.env.Theme
	name, detail := a.titled().Title()
	right := ""
	a.pointer.accounts = a.pointer.accounts[:0]
	for _, s := range a.env.Engine.States() {
		from := width.Of(right)
		right += th.TitleDim.Render(" "+mail.Line(s.Account)+" ") + sidebar.GlyphOn(th, s, th.TitleDim) + th.TitleDim.Render(" ")
		a.pointer.accounts = append(a.pointer.accounts, spot{from, width.Of(right), action.GoInbox, s.Account})
	}
	if width.Of(right) > w/2 {
		right, a.pointer.accounts = "", nil
	}
	for i := range a.pointer.accounts {
		a.pointer.accounts[i].shift(w - width.Of(right))
	}
	if width.Of(name)+width.Of(right)+width.Of(detail)+4 > w { // how many are unread matters more than of how many
		detail, _, _ = strings.Cut(detail, " of ")
		if w-width.Of(right)-3-width.Of(name) < width.Of(detail) {
			detail = ""
		}
	}
	left := th.Title.Render(" "+width.Cut(name, max(0, w-width.Of(right)-4))) + th.TitleDim.Render("  "+detail)
	room := max(0, w-width.Of(right))
	left = width.Cut(left, room)
	return left + th.TitleDim.Render(strings.Repeat(" ", max(0, room-width.Of(left)))) + right
}

// hintLine shows the most useful keys, or how a sequence begun can go on.
func (a *App) hintLine(w int) string {
	h := hints{app: a, room: w - 1}
	a.pointer.hints = a.pointer.hints[:0]
	if begun := a.presses.Begun(); begun != "" {
		h.add(begun, "…", "")
		if a.presses.Pending() == "" {
			return h.line(w)
		}
		for _, e := range a.env.Keys.Continuations(a.scopes(), a.presses.Pending()) {
			h.add(e.Keys[0], e.Help, e.Action)
		}
		return h.line(w)
	}
	help := a.env.Keys.First(a.scopes(), action.Help)
	if help != "" {
		h.room -= width.Of(keys.Show(help)) + len(" help") + 2
	}
	choosy, _ := a.top().(screen.Choosy)
	for _, e := range a.env.Keys.Entries(a.scopes()...) {
		if e.Hint != "" && e.Action != action.Help && (choosy == nil || choosy.Offers(e.Action)) {
			h.add(e.Keys[0], e.Hint, e.Action)
		}
	}
	if help != "" {
		h.room = w
		h.add(help, "help", action.Help)
	}
	return h.line(w)
}

// hints is a hint line in the making.
type hints struct {
	app   *App
	room  int
	used  int
	parts []string
}

// add puts a key and a word on the line where there is room.
func (h *hints) add(key, word string, act action.Action) {
	key = keys.Show(key)
	n := width.Of(key) + 1 + width.Of(word) + 2
	if key == "" || h.used+n > h.room {
		return
	}
	h.app.pointer.hints = append(h.app.pointer.hints, spot{from: h.used + 1, to: h.used + n - 1, act: act})
	h.used += n
	th := h.app.env.Theme
	h.parts = append(h.parts, th.HintKey.Render(key)+" "+th.Hint.Render(word))
}

func (h *hints) line(w int) string { return width.Fit(" "+strings.Join(h.parts, "  "), w) }
