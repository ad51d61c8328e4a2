package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/ui/outbox"
	"posthorn/ui/sheet"
)

// showHelp shows the keys of the present screen.
func (a *App) showHelp() tea.Cmd { return a.Push(sheet.NewHelp(a.env, a.scopes(), a.do)) }

// showLog shows what happened.
func (a *App) showLog() tea.Cmd { return a.Push(sheet.NewLog(a.env)) }

// showOutbox shows what is on its way out.
func (a *App) showOutbox() tea.Cmd {
	o, cmd := outbox.New(a.env)
	return tea.Batch(a.Push(o), cmd)
}

// showTasks shows what goes on.
func (a *App) showTasks() tea.Cmd {
	return a.Push(sheet.NewTasks(a.env, func() (other []string) {
		if a.exporting != nil {
			other = append(other, a.exporting.Progress())
		}
		for _, text := range []string{a.counting(a.size.W - 4), a.plans()} {
			if text != "" {
				other = append(other, text)
			}
		}
		return other
	}))
}

// showAbout shows what is known of the first of these messages beside what it says.
func (a *App) showAbout(targets []mail.Message) tea.Cmd {
	return a.run("look at the message", func(ctx context.Context) (outcome, error) {
		about, err := aboutOf(ctx, a.env.Store, targets[0].Key)
		return func() tea.Cmd { return a.Push(sheet.NewAbout(a.env, about)) }, err
	})
}

// aboutOf gathers what is known of a message.
func aboutOf(ctx context.Context, store *cache.Reader, key mail.MessageKey) (about sheet.About, err error) {
	if about.Detail, err = store.Message(ctx, key); err != nil {
		return about, err
	}
	said, uid, err := store.Said(ctx, key)
	if err != nil {
		return about, err
	}
	about.UID, about.Here = uid, map[string]int64{}
	if about.Said, err = store.SyncState(ctx, said); err != nil {
		return about, err
	}
	if about.Shown, err = store.Mailbox(ctx, about.Mailbox); err != nil {
		return about, err
	}
	threads, err := store.Conversations(ctx, cache.View{Mailboxes: []mail.MailboxKey{about.Mailbox}}, []int64{about.Message.Thread})
	if err != nil {
		return about, err
	}
	about.Thread = len(threads[about.Message.Thread])
	var look func(p *mail.Part) error
	look = func(p *mail.Part) (err error) {
		if !p.Multipart() {
			about.Here[p.Section], _, err = store.Reached(ctx, key, p.Section)
		}
		for i := range p.Children {
			if err == nil {
				err = look(&p.Children[i])
			}
		}
		return err
	}
	if about.Structure != nil {
		err = look(about.Structure)
	}
	return about, err
}
