package ui

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/screen"
)

// linear tells the UI in lines, one below the other, for screen readers and for terminals that cannot place a cursor:
// what is new on the screen, then the line that the cursor is on, behind "> ". Nothing written is ever drawn over.
type linear struct {
	*App
	out   io.Writer
	wide  func() int // columns that the terminal has now, which breaks longer lines by itself
	said  telling
	past  map[screen.Screen]telling // of the panes, which one comes back to: what is known there is not told again
	aloud bool                      // the line written last has no end yet: what is typed is added to it
}

// telling is what was told of a screen.
type telling struct {
	screen       screen.Screen
	name, detail string
	lines        map[string]bool
	others       []string // the lines in their order, but for that with the focus
	focus        string
	typing       bool   // the focus has a text cursor
	told, status string // of the status line; status is without what changes by itself
}

// linearly is the App for a terminal that is only written to.
func (a *App) linearly(out io.Writer, wide func() int) *linear {
	a.size = screen.Rect{W: wide(), H: 24}
	return &linear{App: a, out: out, wide: wide, past: map[screen.Screen]telling{}}
}

// columns is how wide the terminal is, as lines are broken for it; 80 where it does not say.
func columns(out *os.File) int {
	if w, _, err := term.GetSize(out.Fd()); err == nil && w > 0 {
		return w
	}
	return 80
}

// View is empty, and goes nowhere: bubbletea has the input only, as its renderer places the cursor.
func (l *linear) View() tea.View { return tea.View{} }

// Update tells what it changed.
func (l *linear) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, resized := msg.(tea.WindowSizeMsg); resized {
		return l, nil
	}
	if raw, ok := msg.(tea.RawMsg); ok && l.opt.Config.Notify.Bell && strings.HasSuffix(fmt.Sprint(raw.Msg), bell) { // all else of it is for other terminals
		io.WriteString(l.out, bell)
	}
	widened := l.widen()
	_, cmd := l.App.Update(msg)
	if !l.quit && widened == nil { // else when that is done
		l.announce()
	}
	return l, tea.Batch(widened, cmd)
}

// widen follows the width of the terminal. Only a message is told again, once its lines are broken anew.
func (l *linear) widen() tea.Cmd {
	w := l.wide()
	if w == l.size.W {
		return nil
	}
	l.size.W = w
	clear(l.past)
	switch {
	case l.said.screen == nil:
	case l.said.screen == screen.Screen(l.reader):
		l.said.lines = nil
	default:
		now := l.sight()
		now.status = l.said.status
		l.said = now
	}
	return l.resized()
}

// sight is what there is to be told now.
func (l *linear) sight() telling {
	name, detail := l.titled().Title()
	lines, cursor := l.topLines()
	told := l.told()
	now := telling{screen: l.top(), name: name, detail: detail, lines: map[string]bool{}, typing: cursor != nil, told: told, status: lasting(told)}
	for y, line := range lines {
		text := plainly(line)
		if text == "" {
			continue
		}
		if strings.Contains(line, "\x1b[7m") || cursor != nil && cursor.Y == y {
			now.focus = text
		} else {
			now.others = append(now.others, text)
		}
		now.lines[text] = true
	}
	return now
}

// announce writes what is to be said since it did so last.
func (l *linear) announce() {
	now := l.sight()
	if now.typing && l.said.typing && now.screen == l.said.screen {
		now.name = l.said.name // it is what is typed, which is heard already
	}
	if l.said.screen == nil {
		l.say("", "posthorn: "+l.env.Keys.Key(action.App, action.Help)+" tells the keys of every screen")
	}
	if now.screen != l.said.screen || now.name != l.said.name {
		if l.said.screen == screen.Screen(l.side) || l.said.screen == screen.Screen(l.list) {
			l.past[l.said.screen] = l.said
		}
		l.said.lines, l.said.focus = nil, ""
		if past := l.past[now.screen]; past.name == now.name {
			l.said.lines = past.lines
		}
		if title := strings.Trim(now.name+", "+now.detail, ", "); title != "" { // before anything is shown it is
			l.say("", title)
		}
	} else if now.detail != l.said.detail && l.list.Selecting() {
		l.say("", now.detail)
	}
	if l.said.focus == "" || now.focus == "" { // else only the cursor moved, or the list below it
		for _, text := range now.others {
			if !l.said.lines[text] {
				l.say("", text)
			}
		}
	}
	switch typed, more := strings.CutPrefix(now.focus, l.said.focus); {
	case now.focus == "" || now.focus == l.said.focus:
	case more && now.typing && l.said.focus != "" && l.aloud:
		io.WriteString(l.out, typed)
	default:
		l.say("> ", now.focus)
		l.aloud = true
	}
	if now.status != "" && now.status != l.said.status {
		l.say("", now.told)
	}
	l.said = now
}

// say writes a line. The terminal is raw: it takes the cursor back only when told.
func (l *linear) say(mark, text string) {
	io.WriteString(l.out, "\r\n"+mark+text)
	l.aloud = false
}

// topLines is the topmost screen alone, over the whole terminal.
func (l *linear) topLines() ([]string, *tea.Cursor) {
	area := screen.Rect{W: l.size.W, H: l.size.H}
	if l.pending.shown {
		return l.continuations(area.W, area.H), nil
	}
	full, dialogs := l.layers()
	if n := len(dialogs); n > 0 {
		f := dialogs[n-1].Draw(l.placed(dialogs[n-1], area))
		return f.Lines, f.Cursor
	}
	return l.panes(area, full)
}

// told is what the status line says that matters to who hears it: how far something has come only by quarters.
func (l *linear) told() string {
	counting := l.counting(math.MaxInt)
	if l.status.text != "" && (counting == "" || !l.announced()) {
		return l.status.text
	}
	if counting != "" {
		return counting
	}
	if trouble, is := l.goesOn(math.MaxInt); is {
		return trouble
	}
	for _, s := range l.env.Engine.States() {
		if s.Total >= longWork {
			return mail.Line(s.Account+": "+s.Text) + quarters[min(s.Done*4/s.Total, 3)]
		}
	}
	return ""
}

// longWork is how many messages something must be about to be told of: what is less is done before it is read out.
const longWork = 1000

// quarters are how far something has come, in words.
var quarters = [4]string{", begun", ", a quarter done", ", half done", ", three quarters done"}

// lasting is what was told without its numbers, which change by themselves: it is not told again for them.
func lasting(told string) string {
	return squeezed(strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, told))
}

// plainly is a drawn line without styles, frames and the blanks that only place it.
func plainly(line string) string {
	return squeezed(strings.Map(func(r rune) rune {
		if r >= 0x2500 && r <= 0x259f { // box drawing and block elements
			return ' '
		}
		return r
	}, ansi.Strip(line)))
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }
