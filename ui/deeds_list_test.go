package ui_test

import "posthorn/ui/action"

var listDeeds = []deed{
	{action.Index, action.Down, "", stands("Harbour plans")},
	{action.Index, action.Up, "j", stands("Lunch on Friday")},
	{action.Index, action.PageDown, "", stands("Letter 31")},
	{action.Index, action.PageUp, "G", stands("Letter 21")},
	{action.Index, action.HalfDown, "", stands("Letter 41")},
	{action.Index, action.HalfUp, "G", stands("Letter 11")},
	{action.Index, action.Top, "G", stands("Lunch on Friday")},
	{action.Index, action.Bottom, "", stands("Letter 01")},
	{action.Index, action.Open, "", shows("this is the text of Lunch on Friday")},
	{action.Index, action.Back, "", stands("All inboxes")},
	{action.Index, action.Select, "", func(s *stage) { s.shows("1 selected of"); s.stands("Harbour plans") }},
	{action.Index, action.SelectRange, "space j j", shows("5 selected of")},
	{action.Index, action.SelectAll, "g 2", shows("1 selected of 1")},
	{action.Index, action.SelectFound, "", func(s *stage) { s.walk("'subject:Letter enter"); s.shows("44 selected of") }},
	{action.Index, action.SelectThread, "@Boat", shows("2 selected of")},
	{action.Index, action.SelectSender, "@Rowing", shows("1 selected of")},
	{action.Index, action.NextUnread, "", stands("Harbour plans")},
	{action.Index, action.Fold, "@Boat", func(s *stage) { s.shows("└ Boat"); s.Press("-"); s.SeesNot("└ Boat") }},
	{action.Index, action.Flat, "", func(s *stage) { s.hides("2  Re: Boat"); s.Press("T"); s.Sees("2  Re: Boat") }},
	{action.Index, action.Roomy, "", func(s *stage) { s.hides("Letter 40"); s.Press("W"); s.Sees("Letter 40") }},
	{action.Index, action.Sort, "", shows("Sort")},
	{action.Index, action.OnlyUnread, "", hides("Letter 44")},
	{action.Index, action.OnlyStarred, "", hides("Letter 44")},
	{action.Index, action.OnlyAttachments, "", hides("Letter 44")},
	{action.Index, action.OnlyToMe, "", hides("Rowing news")},
	{action.Index, action.OnlySender, "@Rowing", hides("Letter 44")},
	{action.Index, action.OnlyList, "@Rowing", hides("Letter 44")},
	{action.Index, action.ReadAll, "g 2", func(s *stage) {
		s.shows("Marked")
		s.has("work", "INBOX", `Harbour plans \Seen`)
		s.Press("z")
		s.has("work", "INBOX", "Harbour plans")
	}},
	{action.Index, action.SaveSearch, "/ 'subject:Boat enter", shows("Keep")},
	{action.Index, action.Cancel, "x", hides("1 selected of")},
}
