package ui_test

import (
	"os"
	"path/filepath"

	"posthorn/ui/action"
)

// undone takes a deed back and fails unless it was; sent is what was handed to the submission server since.
func (s *stage) undone() {
	s.t.Helper()
	s.Press("z")
	s.shows("Undone: ")
}

var messageDeeds = []deed{
	{action.Message, action.Reply, "", shows("Re: Lunch on Friday", "Ben Okafor <ben@friends.example>")},
	{action.Message, action.ReplyAll, "@Rowing", shows("crew@rowing.example", "news@rowing.example")},
	{action.Message, action.ReplyList, "@Rowing", func(s *stage) { s.shows("crew@rowing.example"); s.SeesNot("news@rowing.example") }},
	{action.Message, action.Forward, "", shows("Fwd: Lunch on Friday", "this is the text of Lunch on Friday")},
	{action.Message, action.ForwardAttach, "", shows("Fwd: Lunch on Friday", ".eml")},
	{action.Message, action.Redirect, "", shows("redirecting")},
	{action.Message, action.EditAsNew, "", shows("anna@home.example", "this is the text of Lunch on Friday")},
	{action.Message, action.Archive, "@43", func(s *stage) {
		s.has("home", "Archive", `Letter 43 \Seen`)
		s.hasNot("home", "INBOX", `Letter 43 \Seen`)
		s.undone()
		s.has("home", "INBOX", `Letter 43 \Seen`)
	}},
	{action.Message, action.Delete, "@43", func(s *stage) {
		s.has("home", "Trash", `Letter 43 \Seen`)
		s.undone()
		s.has("home", "INBOX", `Letter 43 \Seen`)
	}},
	{action.Message, action.Expunge, "@43", func(s *stage) { s.shows("for good"); s.hides("Letter 43") }},
	{action.Message, action.Move, "@42", func(s *stage) {
		s.shows("Move")
		s.walk("'trips enter")
		s.has("home", "Trips", `Letter 42 \Seen`)
		s.undone()
		s.has("home", "INBOX", `Letter 42 \Seen`)
	}},
	{action.Message, action.Copy, "@42", func(s *stage) {
		s.shows("Copy")
		s.walk("'pier,02 enter")
		s.has("work", "Pier 02", `Letter 42 \Seen`)
		s.has("home", "INBOX", `Letter 42 \Seen`)
	}},
	{action.Message, action.Junk, "@42", func(s *stage) {
		s.has("home", "Junk", `Letter 42 $Junk \Seen`)
		s.undone()
		s.has("home", "INBOX", `Letter 42 \Seen`)
	}},
	{action.Message, action.Label, "@42", func(s *stage) {
		s.shows("Label ")
		s.walk("'harbour enter")
		s.has("home", "INBOX", `Letter 42 \Seen harbour`)
	}},
	{action.Message, action.Mute, "@41", func(s *stage) {
		s.has("home", "Archive", `Letter 41 $muted \Seen`)
		s.undone()
		s.has("home", "INBOX", `Letter 41 \Seen`)
	}},
	{action.Message, action.Export, "", func(s *stage) {
		s.shows("Export")
		s.Press("enter")
		files, _ := filepath.Glob(filepath.Join(s.config.Downloads, "*.eml"))
		s.is("there is one file", len(files) == 1)
		for _, f := range files {
			os.Remove(f)
		}
	}},
	{action.Message, action.About, "", shows("UID")},
	{action.Message, action.ToggleRead, "", func(s *stage) {
		s.has("home", "INBOX", `Lunch on Friday \Seen`)
		s.undone()
		s.has("home", "INBOX", `Lunch on Friday`)
	}},
	{action.Message, action.Star, "", func(s *stage) {
		s.has("home", "INBOX", `Lunch on Friday \Flagged`)
		s.undone()
		s.has("home", "INBOX", `Lunch on Friday`)
	}},
}
