package ui

import (
	"fmt"
	"slices"
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

// roomy is how many rows a terminal has where there is room for a title and hints.
const roomy = 8

// between is the area between the title and so many lines of status.
func between(w, h, status int) screen.Rect {
	if h < roomy {
		return screen.Rect{W: w, H: max(0, h-status)}
	}
	return screen.Rect{Y: 1, W: w, H: max(0, h-2-status)}
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

// layers parts the stack: the topmost screen that covers all, and the dialogs that are seen above it. A dialog above
// another hides it, since frames over frames are a tangle; one atop the list stays.
func (a *App) layers() (full screen.Screen, dialogs []screen.Screen) {
	for _, s := range a.stack {
		if _, ok := s.(screen.Dialog); !ok {
			full, dialogs = s, nil
			continue
		}
		if n := len(dialogs); n > 0 && !atop(dialogs[n-1]) {
			dialogs = dialogs[:n-1]
		}
		dialogs = append(dialogs, s)
	}
	return full, dialogs
}

// atop tells whether a dialog stands at the top of the list.
func atop(d screen.Screen) bool {
	_, ok := d.(screen.Atop)
	return ok
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
		f := a.drawReader(l.read)
		cursor = moved(f.Cursor, l.read.X, l.read.Y)
		if n := len(columns); l.stacked() {
			columns[n-1] = append(append(columns[n-1], a.env.Theme.Rule.Render(strings.Repeat("─", l.read.W))), f.Lines...)
		} else {
			columns = append(columns, f.Lines)
		}
	}
	rule := a.env.Theme.Rule.Render("│")
	lines := make([]string, body.H)
	across := make([]string, len(columns))
	for y := range lines {
		for i, c := range columns {
			across[i] = c[y]
		}
		lines[y] = strings.Join(across, rule)
	}
	return lines, cursor
}

// drawReader is the message; where there is none, the pane is empty.
func (a *App) drawReader(area screen.Rect) screen.Frame {
	if a.reader != nil {
		return a.reader.Draw(area)
	}
	lines := make([]string, area.H)
	for i := range lines {
		lines[i] = strings.Repeat(" ", area.W)
	}
	return screen.Frame{Lines: lines}
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
	above := slices.Repeat([]string{strings.Repeat(" ", area.W)}, taken)
	return append(above, a.list.DrawFocused(area, a.focus == listPane).Lines...)
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
	a.pointer.title = a.pointer.title[:0]
	for _, s := range a.env.Engine.States() {
		from := width.Of(right)
		right += th.TitleDim.Render(" ") + a.env.Hue(s.Account).On(th.TitleDim).Render(mail.Line(s.Account)) + th.TitleDim.Render(" ") + sidebar.Glyph(th, s.Phase, th.TitleDim) + th.TitleDim.Render(" ")
		a.pointer.title = append(a.pointer.title, spot{from, width.Of(right), action.GoInbox, s.Account})
	}
	if width.Of(right) > w/2 {
		right, a.pointer.title = "", nil
	}
	for i := range a.pointer.title {
		a.pointer.title[i].shift(w - width.Of(right))
	}
	if width.Of(name)+width.Of(right)+width.Of(detail)+4 > w { // how many are unread matters more than of how many
		detail, _, _ = strings.Cut(detail, " of ")
		room := w - width.Of(right) - 3
		switch {
		case width.Of(name)+width.Of(detail) <= room:
		case a.titled() == screen.Titled(a.list) && a.list.Selecting(): // what is done next is done to so many
			name = width.Cut(name, max(1, room-width.Of(detail)))
		default:
			detail = ""
		}
	}
	left := a.paintedTitle(width.Cut(name, max(0, w-width.Of(right)-4))) + th.TitleDim.Render("  "+detail)
	room := max(0, w-width.Of(right))
	left = width.Cut(left, room)
	if len(a.stack) == 0 {
		a.pointer.title = append(a.pointer.title, spot{from: 0, to: width.Of(left), act: action.Sort})
	}
	return left + th.TitleDim.Render(strings.Repeat(" ", max(0, room-width.Of(left)))) + right
}

// paintedTitle is the name of what is seen, with the account that it begins with in its hue.
func (a *App) paintedTitle(name string) string {
	th := a.env.Theme
	account := mail.Line(a.showing.account)
	rest, ok := strings.CutPrefix(name, account+" · ")
	if a.titled() != screen.Titled(a.list) || account == "" || !ok {
		return th.Title.Render(" " + name)
	}
	return th.Title.Render(" ") + a.env.Hue(a.showing.account).On(th.Title).Render(account) + th.Title.Render(" · "+rest)
}

// hintLine shows the most useful keys, or how a sequence begun can go on where no panel says so.
func (a *App) hintLine(w int) string {
	h := hints{app: a, room: w - 1}
	a.pointer.hints = a.pointer.hints[:0]
	if begun := a.presses.Begun(); begun != "" {
		h.add(begun, "…", "")
		if a.presses.Pending() == "" {
			return h.line(w)
		}
		if a.pending.shown {
			h.add("esc", "never mind", "")
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
