package composer

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
)

// words is what can be done to a field and to the text alike.
type words interface {
	SelectAll()
	Deselect()
	Copy() string
	Cut() string
	Undo() bool
	Redo() bool
}

// doText is Do for what is done to the text, or to that of the field with the focus.
func (c *Composer) doText(a action.Action) (tea.Cmd, bool) {
	if c.focus == files {
		return c.doFiles(a)
	}
	var here words = c.text
	if c.focus < text {
		here = &c.fields[c.focus]
	}
	switch a {
	case action.Undo, action.Redo:
		return c.undo(here, a), true
	case action.SelectText:
		here.SelectAll()
	case action.CopyText:
		return tea.SetClipboard(here.Copy()), true
	case action.CutText:
		return tea.Batch(tea.SetClipboard(here.Cut()), c.changed()), true
	case action.Cancel:
		here.Deselect()
	default:
		return c.doLines(a)
	}
	return nil, true
}

// doLines is Do for what is done to the text alone.
func (c *Composer) doLines(a action.Action) (tea.Cmd, bool) {
	if c.focus != text {
		return nil, false
	}
	switch a {
	case action.Find:
		return c.find(), true
	case action.FindNext:
		c.findNext(false)
	case action.FindBack:
		c.findNext(true)
	case action.Reflow:
		if !c.text.Rewrite(compose.Reflow) {
			c.env.Root.Say("There is nothing to flow anew here.")
			return nil, true
		}
		return c.changed(), true
	default:
		return nil, false
	}
	return nil, true
}

func (c *Composer) undo(here words, a action.Action) tea.Cmd {
	did, none := here.Undo, "There is nothing to undo here."
	if a == action.Redo {
		did, none = here.Redo, "There is nothing to do again."
	}
	if !did() {
		c.env.Root.Say(none)
		return nil
	}
	c.popup.Hide()
	return c.changed()
}

// find asks what to look for, beginning with what is selected.
func (c *Composer) find() tea.Cmd {
	initial := c.sought
	if s := c.text.Selection(); s != "" && !strings.Contains(s, "\n") {
		initial = s
	}
	return c.env.Root.Push(dialog.Prompt(c.env, "Find in the text", initial, nil, func(what string) tea.Cmd {
		c.sought = what
		c.findNext(false)
		return nil
	}).Anew())
}

// findNext selects the next place of what was looked for, or the one before.
func (c *Composer) findNext(back bool) {
	if c.sought == "" {
		c.env.Root.Say("Nothing was looked for yet.")
		return
	}
	switch found, around := c.text.Find(c.sought, back); {
	case !found:
		c.env.Root.Say("Not found: " + c.sought)
	case around && back:
		c.env.Root.Say(c.sought + ": from the end again")
	case around:
		c.env.Root.Say(c.sought + ": from the top again")
	}
}
