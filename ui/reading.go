package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/search"
	"posthorn/ui/pager"
	"posthorn/ui/sidebar"
)

// read opens a message.
func (a *App) read(m mail.Message) tea.Cmd {
	a.list.Go(m.Key)
	a.focus = readPane
	if a.reader != nil && a.reader.Key() == m.Key && a.reader.Glanced() && !a.reader.Failed() {
		return nil // follow lets it be read
	}
	return a.put(m)
}

// put puts a message where messages stand.
func (a *App) put(m mail.Message) tea.Cmd {
	a.leave(m.Key)
	a.glance.text = a.showing.search
	p, cmd := pager.New(a.env, m.Key, 0)
	if a.reader != nil {
		p.Like(a.reader)
	}
	if s := a.list.View().Search; s != nil {
		p.Sought(s.Query)
	}
	a.reader, a.opened = p, m
	return tea.Batch(cmd, p.Resize(a.arrange(between(a.size.W, a.size.H, 1)).read.W))
}

// leave tells the engine that nobody waits for the open message any more, unless next is the same one.
func (a *App) leave(next mail.MessageKey) {
	if a.reader != nil && a.reader.Key() != next {
		a.env.Engine.Leave(a.reader.Key())
	}
}

func (a *App) closeReader() {
	a.leave(0)
	a.reader = nil
	if a.focus == readPane {
		a.focus = listPane
	}
}

// back leaves what is open.
func (a *App) back() tea.Cmd {
	switch {
	case a.focus == readPane && a.present().paired():
		a.focus = listPane
	case a.focus == readPane:
		a.closeReader()
	case a.focus == listPane:
		a.focus = sidePane
	}
	return nil
}

// walk goes to a message beside the open one.
func (a *App) walk(n int) tea.Cmd {
	if a.reader == nil {
		return nil
	}
	cmd, moved := a.list.Step(n)
	m, ok := a.list.Current()
	if !moved || !ok {
		a.Say("There is no other message in that direction.")
		return cmd
	}
	return tea.Batch(cmd, a.read(m))
}

// nextUnread goes on from a message read to its end.
func (a *App) nextUnread() tea.Cmd {
	return a.list.NextUnread(func(found bool) tea.Cmd {
		m, ok := a.list.Current()
		if !found || !ok || a.reader != nil && m.Key == a.reader.Key() {
			a.Say("That was the last unread message here.")
			return nil
		}
		return a.read(m)
	})
}

// nextUnreadAnywhere goes to the next unread message here; where there is none, to the newest of all mailboxes.
func (a *App) nextUnreadAnywhere() tea.Cmd {
	reading := a.reader != nil
	return a.list.NextUnread(func(found bool) tea.Cmd {
		if m, ok := a.list.Current(); found && ok && (!reading || m.Key != a.reader.Key()) {
			if reading {
				return a.read(m)
			}
			return nil
		}
		q, err := search.Parse(sidebar.AllUnread, a.env.Now())
		if err != nil {
			return nil
		}
		return a.run("look for unread mail", func(ctx context.Context) (outcome, error) {
			w, err := a.env.Store.Window(ctx, cache.View{Query: &q}, cache.Position{}, 0, 2)
			return func() tea.Cmd { return a.goToUnread(w.Messages, reading) }, err
		})
	})
}

// goToUnread shows the mailbox of the first of some messages that is not open already, with the cursor on it.
func (a *App) goToUnread(list []mail.Message, reading bool) tea.Cmd {
	for _, m := range list {
		if a.reader != nil && a.reader.Key() == m.Key {
			continue
		}
		cmd, ok := a.arrive(place{shown{mailbox: m.Mailbox}, m})
		if ok && reading {
			return tea.Batch(cmd, a.read(m))
		}
		return cmd
	}
	a.Say("There is no unread message anywhere.")
	return nil
}
