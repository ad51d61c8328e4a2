package ui_test

import "posthorn/ui/action"

var readerDeeds = []deed{
	{action.Pager, action.Down, "@poem enter", shows("older 12")},
	{action.Pager, action.Up, "@poem enter j", hides("older 12")},
	{action.Pager, action.Continue, "@poem enter", shows("verse 05")},
	{action.Pager, action.PageDown, "@poem enter", shows("verse 05")},
	{action.Pager, action.PageUp, "@poem enter G", shows("verse 75")},
	{action.Pager, action.HalfDown, "@poem enter", shows("verse 01")},
	{action.Pager, action.HalfUp, "@poem enter G", shows("verse 78")},
	{action.Pager, action.Top, "@poem enter G", shows("From ")},
	{action.Pager, action.Bottom, "@poem enter", shows("verse 90")},
	{action.Pager, action.Next, "enter", shows("this is the text of Harbour plans")},
	{action.Pager, action.Previous, "j enter", shows("this is the text of Lunch on Friday")},
	{action.Pager, action.Back, "enter", hides("this is the text of Lunch on Friday")},
	{action.Pager, action.Attachments, "@Papers enter", shows("save all")},
	{action.Pager, action.OpenLink, "@Rowing enter", shows("Open a page of rowing.example?")},
	{action.Pager, action.Unsubscribe, "@Rowing enter", shows("leave@rowing.example")},
	{action.Pager, action.CopyLink, "@Rowing enter", shows("Copied")},
	{action.Pager, action.Headers, "@Rowing enter", shows("List-Id")},
	{action.Pager, action.SwitchView, "@Both enter", shows("The other form")},
	{action.Pager, action.KeepView, "@Both enter", shows("Mail from ben@friends.example is shown as")},
	{action.Pager, action.Pipe, "enter", func(s *stage) { s.shows("Pipe"); s.walk("'wc,-l enter"); s.shows("wc -l") }},
	{action.Pager, action.Source, "enter", shows("Message-ID: <Lunch.on.Friday@friends.example>")},
	{action.Pager, action.Find, "@poem enter", func(s *stage) { s.walk("'verse,50 enter"); s.shows("verse 50") }},
	{action.Pager, action.Quotes, "@poem enter", hides("older 07")},
	{action.Pager, action.Unfold, "@poem enter Q", shows("older 07")},
	{action.Pager, action.SelectLines, "enter", shows("other end")},

	{action.Lines, action.OtherEnd, "@poem enter V j j", func(s *stage) { s.walk("j j r"); s.Sees("older 01"); s.hides("A poem.") }},
	{action.Lines, action.CopyText, "enter V", shows("Copied")},
	{action.Lines, action.Cancel, "enter V", hides("tab other end")},

	{action.Finding, action.FindNext, "@poem enter / 'verse enter", shows("2 of 90")},
	{action.Finding, action.FindBack, "@poem enter / 'verse enter n", shows("1 of 90")},
	{action.Finding, action.EndFind, "@poem enter / 'verse enter", hides("next place")},
}
