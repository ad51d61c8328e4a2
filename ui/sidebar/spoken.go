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
		text = "Account " + e.Name + ", " + s.connected(e.Account)
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

// connected is the account's connection in words.
func (s *Sidebar) connected(account string) string {
	for _, st := range s.env.Engine.States() {
		if st.Account == account {
			return connection[st.Phase]
		}
	}
	return "unknown"
}

var connection = map[engine.Phase]string{engine.Offline: "offline", engine.Connecting: "connecting",
	engine.NeedsLogin: "waits for a login", engine.Working: "working", engine.Idle: "connected"}
