// Package sheet holds the screens that are text to scroll through: the help, the log, tasks, what is known of a message.
// They refuse to be asked for anything but scrolling and finding; only the help does what was found in it.
package sheet

import (
	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
)

// Sheet is a text made for the width it is shown in.
type Sheet struct {
	env   *screen.Env
	title string
	on    func(mail.EventKind) bool     // which events make the text another
	text  func(w int) [][]widget.Styled // touches memory only

	pager widget.Pager
	width int // of the text; 0: to be made anew
	found string
}

// Title names the screen.
func (s *Sheet) Title() (name, detail string) { return s.title, "" }

// Scopes of a text.
func (s *Sheet) Scopes() []action.Scope { return []action.Scope{action.Scroll} }

// Update makes the text anew where it is another.
func (s *Sheet) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case mail.Event:
		if s.on != nil && s.on(msg.Kind) {
			s.width = 0
		}
	case screen.Restyled:
		s.width = 0
	}
	return nil
}

// Draw is the part of the text that is scrolled to.
func (s *Sheet) Draw(area screen.Rect) screen.Frame {
	if s.width != area.W {
		first := s.width == 0 && s.pager.At() == 0
		s.pager.Set(widget.List(s.text(area.W)), !first)
		s.width = area.W
	}
	return screen.Frame{Lines: s.pager.Draw(s.env.Theme, area.W, area.H)}
}

// Do scrolls and finds.
func (s *Sheet) Do(a action.Action) (tea.Cmd, bool) {
	switch a {
	case action.Find:
		return s.env.Root.Push(dialog.Prompt(s.env, "Find", s.found, nil, s.find).Anew()), true
	case action.FindNext:
		s.findNext(1)
	case action.FindBack:
		s.findNext(-1)
	case action.Back:
		return s.env.Root.Pop(s), true
	default:
		return nil, s.pager.Move(a)
	}
	return nil, true
}

func (s *Sheet) find(text string) tea.Cmd {
	s.found = text
	if !s.pager.Find(text) {
		s.env.Root.Say("Not found: " + text)
	}
	return nil
}

func (s *Sheet) findNext(steps int) {
	if found, _ := s.pager.FindNext(steps); !found {
		s.env.Root.Say("Not found: " + s.found)
	}
}
