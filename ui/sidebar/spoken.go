package sidebar

import (
	"fmt"

	"posthorn/cache/engine"
)

// spoken is an entry in words.
func (s *Sidebar) spoken(e Entry, cursor bool) string {
	text := e.Name
	switch e.Kind {
	case gap:
		return ""
	case Account:
		text = "Account " + e.Name + ", " + connection[s.state(e.Account).Phase]
	case Saved:
		text += ", saved search"
	}
	if e.Unseen > 0 && !e.quiet() {
		text += fmt.Sprintf(", %d unread", e.Unseen)
	}
	if e.Parent && e.Folded {
		text += ", folded"
	}
	if s.isShown(e) {
		text += ", shown"
	}
	if cursor {
		return s.env.Theme.Cursor.Render(text)
	}
	return text
}

// connection is how an account is connected, in words.
var connection = map[engine.Phase]string{engine.Offline: "offline", engine.Connecting: "connecting",
	engine.NeedsLogin: "waits for a login", engine.Working: "working", engine.Idle: "connected", engine.Paused: "paused"}
