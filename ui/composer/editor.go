package composer

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail/compose"
	"posthorn/ui/dialog"
	"posthorn/ui/external"
	"posthorn/ui/screen"
)

// scratch is the text on disk, for the editor to be run on it.
type scratch struct {
	file *external.Scratch
	text string // as it was written
}

// edited is what came back from the editor.
type edited struct{ before, after string }

// edit hands the message to the external editor: again, what was typed there before and could not be read, or when
// that is empty the draft as it stands. The draft is stored first: should the machine stop meanwhile, it is there.
func (c *Composer) edit(again string) tea.Cmd {
	if len(external.Editor(c.env.Config.Editor)) == 0 {
		c.env.Root.Say("No editor is set: set $VISUAL, or editor in the configuration.")
		return nil
	}
	d := c.written()
	content := again
	if content == "" {
		content = compose.EditText(d)
	}
	c.editing = true
	prepare := load(c, func(context.Context) (scratch, error) {
		file, err := external.NewScratch(content)
		return scratch{file, content}, err
	})
	if !c.dirty() || c.keeping.running != nothing {
		return prepare
	}
	return tea.Sequence(c.save(), prepare)
}

// run starts the editor. The terminal is its own until it ends.
func (c *Composer) run(s scratch, err error) tea.Cmd {
	if err != nil {
		c.editing = false
		c.env.Root.Fail("start the editor", err)
		return nil
	}
	cmd := s.file.Command(external.Editor(c.env.Config.Editor))
	return tea.ExecProcess(cmd, func(err error) tea.Msg {
		defer s.file.Remove()
		v := edited{before: s.text}
		if err != nil {
			err = fmt.Errorf("the editor ended with an error (%w): the draft is as it was before", err)
		} else if v.after, err = s.file.Read(); err != nil {
			err = fmt.Errorf("%w: the draft is as it was before", err)
		}
		return screen.Result{To: c, Value: v, Err: err}
	})
}

// edited takes over what was written in the editor. Where it cannot be read as a message nothing is lost: it can be
// edited again.
func (c *Composer) edited(v edited, err error) tea.Cmd {
	c.editing = false
	switch {
	case err != nil:
		c.env.Root.Say(sentence(err))
		return nil
	case v.after == v.before:
		c.env.Root.Say("Nothing was changed in the editor.")
		return nil
	case strings.TrimSpace(v.after) == "":
		c.env.Root.Say("The editor left an empty text: the draft is as it was before.")
		return nil
	}
	d, err := compose.ParseEdited(v.after, c.written())
	if err != nil {
		question := sentence(err) + "\n\nEdit it again? Otherwise the draft is as it was before."
		return c.env.Root.Push(dialog.Confirm(c.env, question, func() tea.Cmd { return c.edit(v.after) }))
	}
	c.moveTo(text)
	return c.take(d)
}
