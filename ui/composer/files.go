package composer

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/theme"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// fileLine is the line of the attachments.
type fileLine struct {
	at      int       // the file under the cursor
	first   int       // the first file in view while the line has the focus
	removed []removed // newest last
	drawn   []span    // of the files, as drawn last; their columns
}

// removed is a file that was attached, and where it stood.
type removed struct {
	at   int
	file compose.Attachment
}

// span is where a file stands, or with toRemove what takes it off.
type span struct{ file, from, to int }

const toRemove = -1

// typeFiles chooses among the attachments and takes them off.
func (c *Composer) typeFiles(k tea.KeyPressMsg) tea.Cmd {
	s, n := &c.shelf, len(c.draft.Attachments)
	switch {
	case n == 0 || k.Text != "":
	case k.Code == tea.KeyRight:
		s.at = (s.at + 1) % n
	case k.Code == tea.KeyLeft:
		s.at = (s.at + n - 1) % n
	case k.Code == tea.KeyHome:
		s.at = 0
	case k.Code == tea.KeyEnd:
		s.at = n - 1
	case k.Code == tea.KeyDelete || k.Code == tea.KeyBackspace:
		return c.removeAt(s.at)
	}
	if k.Text != "" { // what is typed belongs into the text
		c.moveTo(text)
		return c.Type(k)
	}
	return nil
}

// detach removes the attachment under the cursor or the only one, or asks which.
func (c *Composer) detach() tea.Cmd {
	list := c.draft.Attachments
	switch {
	case len(list) == 0:
		c.env.Root.Say("Nothing is attached.")
		return nil
	case len(list) == 1:
		return c.removeAt(0)
	case c.focus == files:
		return c.removeAt(c.shelf.at)
	}
	items := make([]dialog.Item, len(list))
	for i, a := range list {
		items[i] = dialog.Item{Key: i, Text: a.Name, Detail: widget.Size(a.Size)}
	}
	return c.env.Root.Push(dialog.Pick(c.env, "Remove which attachment?", items, func(it dialog.Item) tea.Cmd { return c.removeAt(it.Key.(int)) }))
}

func (c *Composer) removeAt(i int) tea.Cmd {
	if i >= len(c.draft.Attachments) {
		return nil
	}
	a := c.draft.Attachments[i]
	c.shelf.removed = append(c.shelf.removed, removed{i, a})
	c.draft.Attachments = slices.Delete(slices.Clone(c.draft.Attachments), i, i+1)
	c.shelf.at = max(0, min(i, len(c.draft.Attachments)-1))
	said := "Removed " + label(a)
	if c.focus == files {
		said += "; " + c.env.Keys.Key(action.Field, action.Undo) + " brings it back"
	}
	c.env.Root.Say(said + ".")
	return c.changed()
}

// bringBack attaches the file again that was removed last.
func (c *Composer) bringBack() tea.Cmd {
	n := len(c.shelf.removed)
	if n == 0 {
		c.env.Root.Say("No attachment was removed.")
		return nil
	}
	r := c.shelf.removed[n-1]
	c.shelf.removed = c.shelf.removed[:n-1]
	c.shelf.at = min(r.at, len(c.draft.Attachments))
	c.draft.Attachments = slices.Insert(slices.Clone(c.draft.Attachments), c.shelf.at, r.file)
	return c.changed()
}

// doFiles is Do for what is done to the attachments.
func (c *Composer) doFiles(a action.Action) (tea.Cmd, bool) {
	switch a {
	case action.Undo:
		return c.bringBack(), true
	case action.Redo, action.SelectText:
		return nil, true
	}
	return nil, false
}

// clickFile puts the cursor on the file at a column of its line as drawn last, or takes one off.
func (c *Composer) clickFile(x int) action.Action {
	for _, s := range c.shelf.drawn {
		switch {
		case x < s.from || x >= s.to:
		case s.file == toRemove:
			return action.Detach
		default:
			c.shelf.at = s.file
		}
	}
	return ""
}

// between stands between two files.
const between = " · "

// drawFiles names the attachments, or how many they are where there is no room for all, and tells where the cursor is.
func (c *Composer) drawFiles(w int) (shown string, cursor int) {
	th, s := c.env.Theme, &c.shelf
	s.drawn = s.drawn[:0]
	s.at = max(0, min(s.at, len(c.draft.Attachments)-1))
	head, style := c.headOfFiles(w)
	if head == "" && len(c.draft.Attachments) == 0 {
		return th.Dim.Render(width.Fit("nothing is attached", w)), 0
	}
	room, foot := w, ""
	if c.focus == files && w > 40 {
		foot = "  ‹ › del removes"
		room -= width.Of(foot)
	}
	s.first = c.firstFile(room - width.Of(head))
	line, x := style.Render(head), width.Of(head)
	for i, a := range c.draft.Attachments[s.first:] {
		before := between
		switch {
		case i == 0 && s.first == 0:
			before = ""
		case i == 0:
			before = "… "
		}
		before = width.Cut(before, max(0, room-x))
		line, x = line+style.Render(before), x+width.Of(before)
		name, look := width.Cut(label(a), max(0, room-x)), style
		if name == "" {
			break
		}
		if c.focus == files && s.first+i == s.at {
			look, cursor = th.Cursor, x
		}
		s.drawn = append(s.drawn, span{s.first + i, x, x + width.Of(name)})
		line, x = line+look.Render(name), x+width.Of(name)
	}
	if foot != "" {
		s.drawn = append(s.drawn, span{toRemove, w - len("del removes"), w})
	}
	return line + style.Render(strings.Repeat(" ", max(0, room-x))) + th.Dim.Render(foot), cursor
}

// headOfFiles stands before the names: what is wrong or will be soon with their size, or how many they are.
func (c *Composer) headOfFiles(w int) (head string, style theme.Style) {
	th, list := c.env.Theme, c.draft.Attachments
	limit, size := int64(c.limit), c.draft.Size()
	switch {
	case limit > 0 && size > limit:
		return fmt.Sprintf("Too large: %s of the %s the server takes. ", widget.Size(size), widget.Size(limit)), th.Error
	case limit > 0 && size > limit/2:
		return fmt.Sprintf("%s of %s: ", widget.Size(size), widget.Size(limit)), th.Text
	case len(list) < 2 || c.focus == files:
		return "", th.Text
	}
	n, total := -len(between), int64(0)
	for _, a := range list {
		n, total = n+width.Of(label(a))+len(between), total+a.Size
	}
	if n <= w {
		return "", th.Text
	}
	return fmt.Sprintf("%d files, %s: ", len(list), widget.Size(total)), th.Text
}

// firstFile is the first file to show in so many columns, so that the one under the cursor is seen.
func (c *Composer) firstFile(room int) int {
	list := c.draft.Attachments
	if c.focus != files || len(list) == 0 {
		return 0
	}
	first := min(c.shelf.first, c.shelf.at)
	used := func(first int) int {
		n := 2 // … and a space
		for _, a := range list[first : c.shelf.at+1] {
			n += width.Of(label(a)) + len(between)
		}
		return n
	}
	for first < c.shelf.at && used(first) > room {
		first++
	}
	return first
}
