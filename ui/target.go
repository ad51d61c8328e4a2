package ui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/dialog"
	"posthorn/ui/sidebar"
)

// boxes are the mailboxes that can hold messages, as a picker shows them: those of one account first, then those of the
// others in their order.
func (a *App) boxes(first string) []dialog.Item {
	accounts := a.env.Engine.Accounts()
	rank := func(name string) int {
		if name == first {
			return -1
		}
		return slices.IndexFunc(accounts, func(acc mail.Account) bool { return acc.Name == name })
	}
	var items []dialog.Item
	for _, m := range a.side.Mailboxes() {
		if m.NoSelect {
			continue
		}
		it := dialog.Item{Key: m, Text: sidebar.FullName(m), Detail: unseenWord(m)}
		if len(accounts) > 1 {
			it.Group, it.Hue = m.Account, a.env.Hue(m.Account)
		}
		items = append(items, it)
	}
	slices.SortStableFunc(items, func(i, j dialog.Item) int {
		return rank(i.Key.(mail.Mailbox).Account) - rank(j.Key.(mail.Mailbox).Account)
	})
	return items
}

func unseenWord(m mail.Mailbox) string {
	if m.Unseen == 0 {
		return ""
	}
	return fmt.Sprintf("%d unread", m.Unseen)
}

// pickTarget asks for a mailbox by a part of its name, or of its account's: any but that in which all targets are.
func (a *App) pickTarget(verb string, targets []mail.Message, take func([]mail.Message, mail.Mailbox) tea.Cmd) tea.Cmd {
	items := slices.DeleteFunc(a.boxes(targets[0].Account), func(it dialog.Item) bool {
		return !slices.ContainsFunc(targets, func(m mail.Message) bool { return m.Mailbox != it.Key.(mail.Mailbox).Key })
	})
	return a.Push(dialog.Pick(a.env, verb+" "+count(len(targets))+" to", items, func(it dialog.Item) tea.Cmd {
		return take(targets, it.Key.(mail.Mailbox))
	}))
}

func (a *App) moveInto(targets []mail.Message, to mail.Mailbox) tea.Cmd {
	return a.wish("moved "+count(len(targets))+" to "+a.whereTo(targets, to), changeAll(targets, mail.Move{To: to.Key}), true)
}

func (a *App) copyInto(targets []mail.Message, to mail.Mailbox) tea.Cmd {
	return a.wish("copied "+count(len(targets))+" to "+a.whereTo(targets, to), changeAll(targets, mail.Copy{To: to.Key}), false)
}

// whereTo names a target, with its account where that is another one.
func (a *App) whereTo(targets []mail.Message, to mail.Mailbox) string {
	if slices.ContainsFunc(targets, func(m mail.Message) bool { return m.Account != to.Account }) {
		return sidebar.FullName(to) + " of " + mail.Line(to.Account)
	}
	return sidebar.FullName(to)
}

// changeAll is one change for all messages.
func changeAll(targets []mail.Message, c mail.Change) []mail.Targeted {
	changes := make([]mail.Targeted, len(targets))
	for i, m := range targets {
		changes[i] = mail.Targeted{Message: m.Key, Change: c}
	}
	return changes
}
