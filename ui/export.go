package ui

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/dialog"
	"posthorn/ui/export"
	"posthorn/ui/folder"
)

// exportTo asks for a file and writes messages there: one as it came, several as a mailbox file.
func (a *App) exportTo(targets []mail.Message) tea.Cmd {
	if a.exporting != nil {
		return a.Push(dialog.Confirm(a.env, a.exporting.Progress()+".\n\nStop, and throw away what is written so far?", func() tea.Cmd {
			if a.exporting != nil {
				a.exporting.Abort()
			}
			return nil
		}))
	}
	name := folder.Name(&mail.Part{Filename: targets[0].Subject + ".eml", MediaType: "message/rfc822"})
	if len(targets) > 1 {
		name = folder.Name(&mail.Part{Filename: a.list.View().Name + ".mbox"})
	}
	return a.run("export", func(ctx context.Context) (outcome, error) {
		dir, err := a.env.Store.Choice(ctx, folder.Last)
		if dir == "" {
			dir = folder.Shortened(a.env.Config.Downloads)
		}
		return func() tea.Cmd {
			p := dialog.Prompt(a.env, "Export "+count(len(targets))+" to the file", strings.TrimRight(dir, "/")+"/"+name, folder.Complete,
				func(path string) tea.Cmd { return a.export(targets, path) }).Path()
			return a.Push(p)
		}, err
	})
}

func (a *App) export(targets []mail.Message, path string) tea.Cmd {
	return a.run("export", func(ctx context.Context) (outcome, error) {
		file, err := folder.Create(filepath.Dir(folder.Expanded(path)), filepath.Base(path))
		if err != nil {
			return nil, err
		}
		return func() tea.Cmd {
			if a.exporting != nil {
				file.Close()
				os.Remove(file.Name())
				return nil
			}
			e, cmd := export.New(a.env, targets, file, func() { a.exporting = nil })
			a.exporting = e
			return cmd
		}, a.env.Engine.Choose(ctx, folder.Last, filepath.Dir(path)+"/")
	})
}
