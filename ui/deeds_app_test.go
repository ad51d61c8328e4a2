package ui_test

import (
	"fmt"
	"strings"

	"posthorn/ui/action"
)

var appDeeds = append([]deed{
	{action.App, action.Compose, "", shows("New message")},
	{action.App, action.Template, "", shows("There are no templates: put texts into the folder")},
	{action.App, action.Palette, "", func(s *stage) {
		s.walk("'star,or enter")
		s.has("home", "INBOX", `Lunch on Friday \Flagged`)
		s.undone()
	}},
	{action.App, action.Search, "", func(s *stage) { s.walk("'subject:Boat"); s.shows("2 found"); s.hides("Letter 44") }},
	{action.App, action.Undo, "s", func(s *stage) { s.shows("Undone: starred 1 message"); s.has("home", "INBOX", "Lunch on Friday") }},
	{action.App, action.Redo, "s z", func(s *stage) {
		s.has("home", "INBOX", `Lunch on Friday \Flagged`)
		s.Press("z")
		s.hasNot("home", "INBOX", `Lunch on Friday \Flagged`)
	}},
	{action.App, action.NextAccount, "", shows("home · Inbox")},
	{action.App, action.AccountN + "1", "", shows("home · Inbox")},
	{action.App, action.AccountN + "2", "", shows("work · Inbox")},
	{action.App, action.GoAll, "g 2", shows("Lunch on Friday")},
	{action.App, action.GoInbox, "", shows("home · Inbox")},
	{action.App, action.GoSent, "", shows("home · Sent")},
	{action.App, action.GoDrafts, "", shows("Half a letter")},
	{action.App, action.GoArchive, "", shows("home · Archive")},
	{action.App, action.GoTrash, "", shows("Thrown away")},
	{action.App, action.GoStarred, "", hides("Letter 44")},
	{action.App, action.GoAllSent, "", hides("Letter 44")},
	{action.App, action.GoAllDrafts, "", func(s *stage) { s.shows("Half a letter"); s.hides("Letter 44") }},
	{action.App, action.GoUnread, "", hides("Letter 44")},
	{action.App, action.NextAny, "", stands("Harbour plans")},
	{action.App, action.GoMailbox, "", func(s *stage) { s.walk("'2025 enter"); s.shows("Years / 2025") }},
	{action.App, action.GoBack, "g 2", shows("Lunch on Friday")},
	{action.App, action.GoForward, "g 2 ctrl+o", hides("Lunch on Friday")},
	{action.App, action.SwitchPane, "", stands("All inboxes")},
	{action.App, action.ToggleSide, "", hides("Trips")},
	{action.App, action.Layout, "enter", func(s *stage) { s.shows("Letter 44"); s.Press("w", "w") }},
	{action.App, action.Wider, "tab", func(s *stage) { s.is("the sidebar is wider", border(s.Screen()) > border(s.before)); s.Press("<") }},
	{action.App, action.Narrower, "tab", func(s *stage) { s.is("the sidebar is narrower", border(s.Screen()) < border(s.before)); s.Press(">") }},
	{action.App, action.ShowOutbox, "", shows("Nothing waits")},
	{action.App, action.ShowLog, "", shows("Log")},
	{action.App, action.ShowTasks, "", shows("All of it goes on")},
	{action.App, action.PickTheme, "", shows("mono")},
	{action.App, action.Refresh, "", func(s *stage) { s.shows("Looking for new mail") }},
	{action.App, action.Suspend, "", func(s *stage) { s.asks("SuspendMsg") }},
	{action.App, action.Redraw, "", func(s *stage) { s.asks("clearScreenMsg") }},
	{action.App, action.Help, "", func(s *stage) {
		s.shows("Everywhere")
		s.walk("'starred,all enter")
		s.hides("Letter 44")
	}},
	{action.App, action.Quit, "", func(s *stage) { s.is("posthorn has ended", s.Quit) }},
}, noSuchAccounts()...)

// border is the column where the sidebar ends.
func border(screen string) int { return strings.Index(strings.Split(screen, "\n")[4], "│") }

// noSuchAccounts are the keys of accounts that Anna does not have.
func noSuchAccounts() (out []deed) {
	for n := 3; n <= 9; n++ {
		out = append(out, deed{action.App, action.AccountN + action.Action(fmt.Sprint(n)), "", shows(fmt.Sprintf("There is no account %d", n))})
	}
	return out
}
