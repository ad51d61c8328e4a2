package ui_test

import (
	"os"
	"path/filepath"

	"posthorn/ui/action"
)

// saved fails unless these files, and no others, are where attachments are saved; they are taken away again.
func (s *stage) saved(names ...string) {
	s.t.Helper()
	files, _ := os.ReadDir(s.config.Downloads)
	ok := len(files) == len(names)
	for i, f := range files {
		ok = ok && f.Name() == names[i]
		os.Remove(filepath.Join(s.config.Downloads, f.Name()))
	}
	s.is("the files saved are those wanted", ok)
}

var fileDeeds = []deed{
	{action.Files, action.Down, "@Papers enter A", func(s *stage) { s.walk("s enter"); s.saved("tides.csv") }},
	{action.Files, action.Up, "@Papers enter A j", func(s *stage) { s.walk("s enter"); s.saved("notes.txt") }},
	{action.Files, action.Open, "@Papers enter A", func(s *stage) { s.saved("notes.txt") }},
	{action.Files, action.View, "@Papers enter A j", shows("Monday  high")},
	{action.Files, action.Save, "@Papers enter A j", func(s *stage) { s.Press("enter"); s.saved("tides.csv") }},
	{action.Files, action.SaveAll, "@Papers enter A", func(s *stage) { s.Press("enter"); s.saved("notes.txt", "tides.csv") }},
	{action.Files, action.Pipe, "@Papers enter A", func(s *stage) { s.walk("'cat enter"); s.shows("The notes.") }},
	{action.Files, action.Suspend, "@Papers enter A", func(s *stage) { s.asks("SuspendMsg") }},
	{action.Files, action.Help, "@Papers enter A", func(s *stage) {
		s.shows("save all of them")
		s.walk("'open,desktop enter")
		s.saved("notes.txt")
	}},
	{action.Files, action.Back, "@Papers enter A", hides("save all")},
}
