package sidebar

import (
	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/width"
)

// Mouse shows the mailbox that is clicked, an account's inbox for its heading, folds at the mark for that, and scrolls.
func (s *Sidebar) Mouse(m screen.Mouse) (tea.Cmd, action.Action) {
	switch m.Gesture {
	case screen.Wheel:
		s.wheel(m.Lines)
	case screen.Click:
		i := s.top + m.Y
		if i < 0 || i >= len(s.entries) {
			return nil, ""
		}
		if s.entries[i].Kind == Account && i+1 < len(s.entries) && s.entries[i+1].Account == s.entries[i].Account {
			i++ // its inbox comes first
		}
		e := s.entries[i]
		if !e.stop() {
			return nil, ""
		}
		s.at, s.still = i, true
		if name, _, _ := e.words(s.width); e.Parent && m.X > width.Of(name) && m.X <= width.Of(name)+3 {
			return nil, action.Fold
		}
		return nil, action.Open
	}
	return nil, ""
}

// wheel scrolls; the cursor stays in sight, on an entry.
func (s *Sidebar) wheel(n int) {
	top := max(0, min(s.top+n, len(s.entries)-s.page))
	if top == s.top {
		return
	}
	s.top, s.still = top, true
	at := max(top, min(s.at, top+s.page-1))
	if at == s.at {
		return
	}
	if s.at = at; !s.entries[at].stop() {
		if n < 0 {
			s.step(-1)
		} else {
			s.step(1)
		}
	}
}
