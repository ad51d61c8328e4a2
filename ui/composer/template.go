package composer

import (
	"context"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail/compose"
	"posthorn/ui/dialog"
	"posthorn/ui/screen"
)

// templates are what there is to choose from.
type templates []compose.Template

// PickTemplate asks for one of the templates, or says how to come by some.
func PickTemplate(env *screen.Env, list []compose.Template, take func(compose.Template) tea.Cmd) tea.Cmd {
	if len(list) == 0 {
		env.Root.Say("There are no templates: put texts into the folder " + folderName(env.Config.Templates) + ".")
		return nil
	}
	items := make([]dialog.Item, len(list))
	for i, t := range list {
		items[i] = dialog.Item{Key: i, Text: t.Name, Detail: t.Beginning()}
		if t.Wrong != nil {
			items[i].Off = t.Wrong.Error()
		}
	}
	return env.Root.Push(dialog.Pick(env, "Templates", items, func(it dialog.Item) tea.Cmd { return take(list[it.Key.(int)]) }))
}

func folderName(folder string) string {
	if folder == "" {
		return "templates beside your configuration"
	}
	return filepath.Clean(folder)
}

// askForTemplate looks which templates there are.
func (c *Composer) askForTemplate() tea.Cmd {
	folder := c.env.Config.Templates
	return load(c, func(context.Context) (templates, error) { return compose.Templates(folder) })
}

// putTemplate puts a template where the cursor is in the text, as one step for undo.
func (c *Composer) putTemplate(t compose.Template) tea.Cmd {
	d, at := t.Put(c.written(), c.text.At(), c.env.Config.Attribution, c.env.Now())
	cmd := c.take(d)
	c.text.Goto(at)
	if c.focus != text && (d.To != "" || c.focus != to) {
		c.moveTo(text)
	}
	return cmd
}

// fillRecipient fills in what a template could not say before the recipient was known.
func (c *Composer) fillRecipient() {
	if !c.draft.Unfilled {
		return
	}
	d := c.written()
	at, ok := d.FillRecipient(c.text.At())
	if !ok {
		return
	}
	c.draft.Unfilled = false
	c.fields[subject].Set(d.Subject)
	c.text.Change(d.Body)
	c.text.Goto(at)
	c.touched = true
}
