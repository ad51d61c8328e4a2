package composer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
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
type edited struct {
	scratch
	after string
}

// edit hands the message to the external editor: again, what was typed there before and could not be read, or when
// that is empty the draft as it stands. The draft is stored first: should the machine stop meanwhile, it is there.
func (c *Composer) edit(again string) tea.Cmd {
	if len(external.Editor(c.env.Config.Editor)) == 0 {
		c.env.Root.Say("No editor is set: set $VISUAL, or editor in the configuration.")
		return nil
	}
	d := c.written()
	content, header := again, c.env.Config.EditHeader
	switch {
	case content != "":
	case header:
		content = compose.EditText(d)
	default:
		content = d.Body
	}
	c.editing = true
	prepare := load(c, func(context.Context) (scratch, error) {
		note, err := d.Marshal()
		if err != nil {
			return scratch{}, err
		}
		file, err := external.NewScratch(c.env.Config.Scratch, content, header, note)
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
	if c.env.Config.Linear {
		cmd.Stdout = os.Stdout // what bubbletea writes goes nowhere
	}
	return tea.ExecProcess(cmd, func(err error) tea.Msg {
		v, err := returned(s, err)
		return screen.Result{To: c, Value: v, Err: err}
	})
}

// unsure is how an editor ended that may have been told to drop its text, or may have failed with it.
type unsure struct{ ended error }

func (u *unsure) Error() string { return fmt.Sprintf("the editor ended with an error (%v)", u.ended) }

// returned is what an editor left that ended so. What one had saved that was killed counts.
func returned(s scratch, ended error) (v edited, err error) {
	v.scratch = s
	var exit *exec.ExitError
	switch {
	case errors.Is(ended, exec.ErrNotFound):
		return v, errors.New("the editor was not found: set $VISUAL, or editor in the configuration")
	case ended != nil && !errors.As(ended, &exit):
		return v, fmt.Errorf("the editor cannot be run: %w", ended)
	}
	if v.after, err = s.file.Read(); err != nil {
		return v, fmt.Errorf("%w: the draft is as it was before", err)
	}
	if ended != nil && exit.ExitCode() >= 0 {
		return v, &unsure{ended}
	}
	return v, nil
}

// edited takes over what was written in the editor. Where it cannot be read as a message nothing is lost: what could
// not be read stands above the text, and it can be edited again. The file goes when the draft is stored.
func (c *Composer) edited(v edited, err error) tea.Cmd {
	c.editing = false
	problem := ""
	var u *unsure
	switch {
	case errors.As(err, &u) && v.after != v.text && strings.TrimSpace(v.after) != "":
		question := sentence(err) + ".\n\nTake over what it saved? Otherwise the draft is as it was before."
		ask := dialog.Confirm(c.env, question, func() tea.Cmd { return c.edited(v, nil) }).(*dialog.Question)
		return c.env.Root.Push(ask.Otherwise(func() tea.Cmd { v.file.Remove(); return nil }))
	case errors.As(err, &u):
		problem = sentence(err) + ": the draft is as it was before."
	case err != nil:
		problem = sentence(err)
	case v.after == v.text:
		problem = "Nothing was changed in the editor."
	case strings.TrimSpace(v.after) == "":
		problem = "The editor left an empty text: the draft is as it was before."
	}
	if problem != "" {
		v.file.Remove()
		c.env.Root.Say(problem)
		return nil
	}
	d, err := readEdited(v.after, v.file.Header(), c.written())
	c.moveTo(text)
	c.keeping.scratch = v.file
	cmd := tea.Batch(c.take(d), c.save())
	if err != nil {
		question := sentence(err) + "\n\nEdit it again? Otherwise what could not be read stands above the text."
		cmd = tea.Batch(cmd, c.env.Root.Push(dialog.Confirm(c.env, question, func() tea.Cmd { return c.edit(v.after) })))
	}
	return cmd
}

// readEdited is base with what an editor left.
func readEdited(text string, header bool, base compose.Draft) (d compose.Draft, err error) {
	if header {
		return compose.ParseEdited(text, base)
	}
	base.Body, err = compose.EditedBody(text)
	return base, err
}

// Recover is what an editor had when the program was ended: base with its text. Not ok: it is as it was before.
func Recover(left *external.Scratch) (d, base compose.Draft, ok bool) {
	note, err := left.Note()
	if err != nil {
		return d, base, false
	}
	text, err := left.Read()
	if err != nil || strings.TrimSpace(text) == "" {
		return d, base, false
	}
	if base, err = compose.Unmarshal(note); err != nil {
		return d, base, false
	}
	if left.Header() && text == compose.EditText(base) || !left.Header() && text == base.Body {
		return d, base, false
	}
	d, _ = readEdited(text, left.Header(), base) // what cannot be read stands above the text
	return d, base, true
}
