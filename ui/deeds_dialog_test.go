package ui_test

import (
	"strings"

	"posthorn/ui/action"
)

// numbers leads to a text of a hundred lines.
const numbers = "enter | 'seq,-f,line%03g.,100 enter"

var dialogDeeds = []deed{
	{action.Dialog, action.Accept, "g f 'trash", shows("home · Trash")},
	{action.Dialog, action.Cancel, "g f", hides("Go to")},
	{action.Dialog, action.Down, "g f", func(s *stage) { s.Press("enter"); s.shows("home · Inbox") }},
	{action.Dialog, action.Up, "g f down down", func(s *stage) { s.Press("enter"); s.shows("home · Inbox") }},
	{action.Dialog, action.PageDown, "g f", func(s *stage) { s.Press("enter"); s.shows("work · Pier 01") }},
	{action.Dialog, action.PageUp, "g f pgdown down", func(s *stage) { s.Press("enter"); s.shows("home · Inbox") }},
	{action.Dialog, action.Browse, "c ctrl+t", func(s *stage) {
		s.is("the folder is shown", strings.Contains(s.Screen(), "Attach from") && strings.Contains(s.Screen(), "type to filter"))
	}},
	{action.Dialog, action.Complete, "/ 'sub", func(s *stage) { s.is("the word is completed", strings.Contains(s.lineAt(1), "subject:")) }},

	{action.Dialog, action.Suspend, "g f", func(s *stage) { s.asks("SuspendMsg") }},
	{action.Question, action.Suspend, "@Rowing enter U", func(s *stage) { s.asks("SuspendMsg") }},
	{action.Question, action.Yes, "@Rowing enter U", shows("to unsubscribe")},
	{action.Question, action.No, "@Rowing enter U", hides("n No")},

	{action.Scroll, action.Down, numbers, shows("line019.")},
	{action.Scroll, action.Up, numbers + " j j j j", shows("line001.")},
	{action.Scroll, action.PageDown, numbers, shows("line037.")},
	{action.Scroll, action.PageUp, numbers + " space", shows("line001.")},
	{action.Scroll, action.HalfDown, numbers, shows("line028.")},
	{action.Scroll, action.HalfUp, numbers + " ctrl+d", shows("line001.")},
	{action.Scroll, action.Top, numbers + " G", shows("line001.")},
	{action.Scroll, action.Bottom, numbers, shows("line100.")},
	{action.Scroll, action.Find, numbers, func(s *stage) { s.walk("'77 enter"); s.shows("line077.") }},
	{action.Scroll, action.FindNext, numbers + " / '7. enter n", shows("line027.")},
	{action.Scroll, action.FindBack, numbers + " / '7. enter", shows("line097.")},
	{action.Scroll, action.Back, numbers, shows("this is the text of Lunch on Friday")},
}
