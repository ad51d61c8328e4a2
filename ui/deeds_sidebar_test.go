package ui_test

import (
	"strings"

	"posthorn/ui/action"
)

var sidebarDeeds = []deed{
	{action.Sidebar, action.Down, "tab", stands("Inbox")},
	{action.Sidebar, action.Up, "tab j", stands("All inboxes")},
	{action.Sidebar, action.PageDown, "tab", stands("Pier 05")},
	{action.Sidebar, action.PageUp, "tab G", stands("Trips")},
	{action.Sidebar, action.Top, "tab G", stands("All inboxes")},
	{action.Sidebar, action.Bottom, "tab", stands("Pier 12")},
	{action.Sidebar, action.Open, "tab @Trash", shows("home · Trash")},
	{action.Sidebar, action.Fold, "tab @Years", hides("2024")},
	{action.Sidebar, action.NewMailbox, "tab @Trips", func(s *stage) {
		s.shows("New mailbox in home")
		s.walk("'Islands enter")
		s.shows("Made “Islands”", "Islands")
		s.undone()
	}},
	{action.Sidebar, action.RenameMailbox, "tab @Trips", func(s *stage) {
		s.shows("Rename Trips")
		s.walk("ctrl+u 'Tours enter")
		s.shows("Tours")
		s.undone()
	}},
	{action.Sidebar, action.MoveMailbox, "tab @Trips", func(s *stage) {
		s.shows("Put Trips below")
		s.walk("'years enter")
		s.shows("Moved “Trips” to")
		s.undone()
	}},
	{action.Sidebar, action.DeleteMailbox, "tab @2024", func(s *stage) { s.shows("Deleted “Years / 2024”"); s.undone() }},
	{action.Sidebar, action.Subscribe, "tab @Trips", func(s *stage) {
		s.shows("nsubscribed from “Trips”")
		s.is("the server knows", !s.servers.subscribed(s.t, "home", "Trips"))
		s.undone()
	}},
	{action.Sidebar, action.ReadAll, "tab @Inbox", func(s *stage) {
		s.has("home", "INBOX", `Lunch on Friday \Seen`)
		s.undone()
		s.has("home", "INBOX", `Lunch on Friday`)
	}},
	{action.Sidebar, action.Pause, "tab @Trips", func(s *stage) {
		s.shows("home is paused: nothing is fetched or sent. p in the sidebar resumes it.", "home ‖ paused")
		s.Press("p")
		s.shows("home is resumed: looking for new mail.")
		s.Until("it is connected", func() bool { return strings.Contains(s.Screen(), "home ●") })
	}},
	{action.Sidebar, action.EmptyMailbox, "tab @Trash", func(s *stage) {
		s.shows("1 message")
		s.Press("y")
		s.hasNot("home", "Trash", `Thrown away \Seen`)
	}},
}
