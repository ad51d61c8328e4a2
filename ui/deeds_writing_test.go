package ui_test

import (
	"slices"
	"strings"

	"posthorn/cache"
	"posthorn/mail/mailtest"
	"posthorn/ui/action"
)

// aLetter leads to the text of a letter that could be sent; aReply to that of an answer.
const (
	aLetter = "c 'ben@friends.example tab tab tab 'Hello tab 'First,words"
	aReply  = "enter r"
)

// sent fails unless the last message that was handed over has this subject.
func (s *stage) sent(subject string) {
	s.t.Helper()
	all := s.smtp.Accepted()
	s.is("“"+subject+"” was sent", slices.ContainsFunc(all, func(m mailtest.Accepted) bool { return stored{raw: m.Raw}.header("Subject") == subject }))
}

var writingDeeds = []deed{
	{action.Composer, action.Send, aLetter, func(s *stage) { s.sent("Hello") }},
	{action.Composer, action.SendLater, aLetter, func(s *stage) { s.walk("'in,2d enter"); s.shows("Goes out on") }},
	{action.Composer, action.SendFile, aReply, func(s *stage) { s.sent("Re: Lunch on Friday") }},
	{action.Composer, action.Attach, aLetter, func(s *stage) { s.walk("'rig_test.go enter"); s.shows("rig_test.go") }},
	{action.Composer, action.AttachLetter, aReply, func(s *stage) { s.Press("enter"); s.shows(".eml") }},
	{action.Composer, action.Detach, aLetter + " ctrl+t 'rig_test.go enter", hides("rig_test.go")},
	{action.Composer, action.Originals, aLetter, shows("No files came with what is forwarded.")},
	{action.Composer, action.Markdown, aLetter, shows("Markdown")},
	{action.Composer, action.Template, aLetter, shows("There are no templates: put texts into the folder")},
	{action.Composer, action.Sign, aLetter, shows("There is no signature for")},
	{action.Composer, action.ReplyTo, aLetter, func(s *stage) { s.Type("crew@friends.example"); s.shows("Reply-To crew@friends.example") }},
	{action.Composer, action.SwitchFrom, aLetter, shows("post@lindqvist.example")},
	{action.Composer, action.ExternalEd, aLetter, func(s *stage) { s.asks("execMsg") }},
	{action.Composer, action.CloseDraft, aLetter, hides("First words")},
	{action.Composer, action.Discard, aLetter, hides("First words")},
	{action.Composer, action.TakeBack, aLetter, shows("Nothing that was done last is about to be sent.")},
	{action.Composer, action.Palette, aLetter, shows("Do")},
	{action.Composer, action.Suspend, "c 'ben@friends.example tab tab tab 'Kept,first", func(s *stage) {
		s.asks("SuspendMsg")
		drafts, err := s.store.Drafts(s.t.Context())
		s.is("what is written is kept first", err == nil && slices.ContainsFunc(drafts, func(d cache.Stored) bool { return strings.Contains(d.Data, "Kept first") }))
	}},
	{action.Composer, action.Redraw, aLetter, func(s *stage) { s.asks("clearScreenMsg") }},
	{action.Composer, action.Help, aLetter, shows("Writing")},

	{action.Field, action.NextField, "c", func(s *stage) { s.Type("cy@friends.example"); s.shows("Cc  cy@friends.example") }},
	{action.Field, action.PrevField, "c tab", func(s *stage) { s.Type("cy@friends.example"); s.shows("To  cy@friends.example") }},

	{action.Field, action.Undo, "c 'ben@friends.example tab tab tab 'Hello,there", hides("there")},
	{action.Field, action.Redo, "c 'ben@friends.example tab tab tab 'Hello,there ctrl+z", shows("Hello there")},
	{action.Field, action.SelectText, "c 'ben@friends.example tab tab tab 'Hello,there", shows("copy")},

	{action.Offered, action.Accept, "c 'ann", shows("To  Anna Lindqvist <anna@home.example>,")},
	{action.Offered, action.Complete, "c 'ann", shows("To  Anna Lindqvist <anna@home.example>,")},
	{action.Offered, action.Cancel, "c 'ann", hides("╭")},
	{action.Offered, action.Down, "c 'ann", func(s *stage) { s.Press("enter"); s.shows("To  Anna Lindqvist <post@lindqvist.example>,") }},
	{action.Offered, action.Up, "c 'ann down", func(s *stage) { s.Press("enter"); s.shows("To  Anna Lindqvist <anna@home.example>,") }},
	{action.Offered, action.Undo, "c 'ann", func(s *stage) { s.shows("a name or an address") }},

	{action.Editor, action.PrevField, aLetter, func(s *stage) { s.Type(" again"); s.shows("Hello again") }},
	{action.Editor, action.Undo, aLetter, hides("words")},
	{action.Editor, action.Redo, aLetter + " ctrl+z", shows("words")},
	{action.Editor, action.SelectText, aLetter, shows("copy")},
	{action.Editor, action.Find, aLetter, shows("Find")},
	{action.Editor, action.FindNext, aLetter + " enter 'other,words ctrl+r 'words enter", func(s *stage) { s.Type("sails"); s.shows("other sails") }},
	{action.Editor, action.FindBack, aLetter + " enter 'other,words ctrl+r 'words enter", shows("from the end again")},
	{action.Editor, action.Reflow, aLetter + " enter 'more,words", shows("First words more words")},

	{action.Marked, action.CopyText, aLetter + " alt+a", func(s *stage) { s.asks("setClipboardMsg First words") }},
	{action.Marked, action.CutText, aLetter + " alt+a", hides("First words")},
	{action.Marked, action.Cancel, aLetter + " alt+a", hides("copy")},
}
