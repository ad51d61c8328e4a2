package ui

import (
	"io"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"posthorn/ui/screen"
	"posthorn/ui/theme"
)

// linear tells the UI in lines, one below the other, for screen readers and for terminals that cannot place a cursor:
// what is new on the screen, then the line that the cursor is on, behind "> ". Nothing written is ever drawn over.
type linear struct {
	*App
	out   io.Writer
	said  telling
	past  map[screen.Screen]telling // of the panes, which one comes back to: what is known there is not told again
	aloud bool                      // the line written last has no end yet: what is typed is added to it
}

// telling is what was told of a screen.
type telling struct {
	screen screen.Screen
	name   string
	lines  map[string]bool
	focus  string
	status string
}

// linearTheme marks nothing but the line that the cursor is on: text from mail cannot, as it carries no styles.
func linearTheme() *theme.Theme {
	return &theme.Theme{Cursor: lipgloss.NewStyle().Reverse(true)}
}

// linearly is the App for a terminal that is only written to. It breaks longer lines by itself.
func (a *App) linearly(out io.Writer) *linear {
	a.size = screen.Rect{W: 80, H: 24}
	return &linear{App: a, out: out, past: map[screen.Screen]telling{}}
}

// View is empty, and goes nowhere: bubbletea has the input only, as its renderer places the cursor.
func (l *linear) View() tea.View { return tea.View{} }

// Update tells what it changed.
func (l *linear) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, resized := msg.(tea.WindowSizeMsg); resized {
		return l, nil
	}
	_, cmd := l.App.Update(msg)
	if !l.quit {
		l.announce()
	}
	return l, cmd
}

// announce writes what is to be said since it did so last.
func (l *linear) announce() {
	name, detail := l.titled().Title()
	now := telling{screen: l.top(), name: name, lines: map[string]bool{}, status: l.told()}
	lines, cursor := l.topLines()
	var all []string
	for y, line := range lines {
		text := plainly(line)
		if text == "" {
			continue
		}
		if strings.Contains(line, "\x1b[7m") || cursor != nil && cursor.Y == y {
			now.focus = text
		} else {
			all = append(all, text)
		}
		now.lines[text] = true
	}
	if now.screen != l.said.screen || now.name != l.said.name {
		if l.said.screen == screen.Screen(l.side) || l.said.screen == screen.Screen(l.list) {
			l.past[l.said.screen] = l.said
		}
		l.said.lines, l.said.focus = nil, ""
		if past := l.past[now.screen]; past.name == now.name {
			l.said.lines = past.lines
		}
		l.say("", strings.TrimSuffix(name+", "+detail, ", "))
	}
	if l.said.focus == "" || now.focus == "" { // else only the cursor moved, or the list below it
		for _, text := range all {
			if !l.said.lines[text] {
				l.say("", text)
			}
		}
	}
	switch typed, more := strings.CutPrefix(now.focus, l.said.focus); {
	case now.focus == "" || now.focus == l.said.focus:
	case more && cursor != nil && l.said.focus != "" && l.aloud:
		io.WriteString(l.out, typed)
	default:
		l.say("> ", now.focus)
		l.aloud = true
	}
	if now.status != "" && now.status != l.said.status {
		l.say("", now.status)
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

// told is what the status line says that matters to who hears it, without numbers that change by themselves. Progress
// is in the tasks.
func (l *linear) told() string {
	if l.status.text != "" {
		return l.status.text
	}
	text := l.counting()
	if trouble, is := l.goesOn(l.size.W); text == "" && is {
		text = trouble
	}
	return squeezed(strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, text))
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
