package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/sidebar"
	"posthorn/ui/widget"
)

// managed is what actions of the sidebar are about: what is under its cursor, or elsewhere what the list shows.
func (a *App) managed() sidebar.Entry {
	e, _ := a.side.Shown()
	if a.focus == sidePane {
		e, _ = a.side.Current()
	}
	return e
}

// manage carries out what is done to a mailbox itself.
func (a *App) manage(act action.Action) tea.Cmd {
	e := a.managed()
	if act == action.NewMailbox {
		return a.newMailbox(e)
	}
	if e.Kind == sidebar.Saved && (act == action.RenameMailbox || act == action.DeleteMailbox) {
		return a.manageSearch(e, act == action.RenameMailbox)
	}
	if e.Kind != sidebar.Mailbox {
		a.Say("This is no mailbox: go to one first.")
		return nil
	}
	m := e.Mailbox
	if needed(m, act) {
		a.Say(fmt.Sprintf("%s is a mailbox that the account needs: it stays as it is.", sidebar.Name(m)))
		return nil
	}
	switch act {
	case action.EmptyMailbox:
		return a.empty(m)
	case action.RenameMailbox:
		return a.renameMailbox(m)
	case action.MoveMailbox:
		return a.moveMailbox(m)
	case action.DeleteMailbox:
		return a.deleteMailbox(m)
	}
	kind, what := cache.SubscribeMailbox, "subscribed to "
	if m.Subscribed {
		kind, what = cache.UnsubscribeMailbox, "unsubscribed from "
	}
	return a.mailboxWish(what+quoted(m), cache.Errand{Kind: kind, Mailbox: m.Key})
}

// needed tells whether a mailbox stays as it is whatever is asked for, because the account needs it.
func needed(m mail.Mailbox, act action.Action) bool {
	return m.Role != mail.NoRole && act != action.Subscribe && act != action.EmptyMailbox
}

// unmanaged is why an action of the sidebar is of no use for an entry; empty: it is.
func unmanaged(e sidebar.Entry, act action.Action) string {
	search := act == action.RenameMailbox || act == action.DeleteMailbox
	switch {
	case act == action.NewMailbox, act == action.Pause, e.Kind == sidebar.Saved && search:
		return ""
	case e.Kind != sidebar.Mailbox:
		return "not a mailbox"
	case needed(e.Mailbox, act):
		return "the account needs it"
	case act == action.EmptyMailbox && !emptied(e.Mailbox):
		return "only Trash and Junk"
	}
	return ""
}

// quoted is the name of a mailbox within a sentence.
func quoted(m mail.Mailbox) string { return "“" + sidebar.FullName(m) + "”" }

// newMailbox asks for the name of a mailbox beside the one under the cursor.
func (a *App) newMailbox(e sidebar.Entry) tea.Cmd {
	account := e.Account
	if account == "" {
		account = a.account().Name
	}
	beside := e.Mailbox
	if beside.Parent() != "" {
		beside.Name = beside.Parent() + beside.Delimiter
	} else {
		beside.Name = ""
	}
	p := dialog.Prompt(a.env, "New mailbox in "+account, beside.Name, nil, func(name string) tea.Cmd {
		return a.mailboxWish("made "+quoted(mail.Mailbox{Name: name, Delimiter: a.delimiter(account)}),
			cache.Errand{Kind: cache.CreateMailbox, Account: account, Name: name})
	})
	return a.Push(p.Checked(a.nameHint(account), a.nameCheck(account, "")))
}

// renameMailbox asks for another name, which may be elsewhere.
func (a *App) renameMailbox(m mail.Mailbox) tea.Cmd {
	p := dialog.Prompt(a.env, "Rename "+sidebar.FullName(m), m.Name, nil, func(name string) tea.Cmd {
		if name == m.Name {
			return nil
		}
		to := m
		to.Name = name
		return a.mailboxWish("renamed "+quoted(m)+" to "+quoted(to), cache.Errand{Kind: cache.RenameMailbox, Mailbox: m.Key, Name: name})
	})
	return a.Push(p.Checked(a.nameHint(m.Account), a.nameCheck(m.Account, m.Name)))
}

// moveMailbox asks below which mailbox another is to be, by a part of its name.
func (a *App) moveMailbox(m mail.Mailbox) tea.Cmd {
	if m.Delimiter == "" {
		a.Say(fmt.Sprintf("The server of %s has no mailboxes below others.", mail.Line(m.Account)))
		return nil
	}
	last := m.Name
	var items []dialog.Item
	if m.Parent() != "" {
		last = strings.TrimPrefix(m.Name, m.Parent()+m.Delimiter)
		items = append(items, dialog.Item{Key: last, Text: "(below none)"})
	}
	for _, p := range a.side.Mailboxes() {
		if p.Account != m.Account || p.Delimiter != m.Delimiter || p.Key == m.Key || p.Name == m.Parent() || mail.Below(p.Name, m.Name, m.Delimiter) {
			continue
		}
		items = append(items, dialog.Item{Key: p.Name + m.Delimiter + last, Text: sidebar.FullName(p)})
	}
	return a.Push(dialog.Pick(a.env, "Put "+sidebar.FullName(m)+" below", items, func(it dialog.Item) tea.Cmd {
		to := m
		to.Name = it.Key.(string)
		if r := a.nameCheck(m.Account, m.Name)(to.Name); !r.OK {
			a.Say(r.Text)
			return nil
		}
		return a.mailboxWish("moved "+quoted(m)+" to "+quoted(to), cache.Errand{Kind: cache.RenameMailbox, Mailbox: m.Key, Name: to.Name})
	}))
}

// delimiter is what divides the names of an account's mailboxes.
func (a *App) delimiter(account string) string {
	inbox, _ := a.side.Find(account, mail.Inbox)
	return inbox.Delimiter
}

func (a *App) nameHint(account string) string {
	if d := a.delimiter(account); d != "" {
		return fmt.Sprintf("“%s” puts it inside another mailbox: Lists%[1]sTravel", d)
	}
	return "Any name will do."
}

// nameCheck reads the name of a mailbox; own is the one it has already.
func (a *App) nameCheck(account, own string) func(string) dialog.Reading {
	delimiter := a.delimiter(account)
	return func(name string) dialog.Reading {
		if column, trouble := mail.CheckName(name, delimiter); trouble != "" {
			return dialog.Reading{Text: trouble, Column: column}
		}
		if name != own && slices.ContainsFunc(a.side.Mailboxes(), func(m mail.Mailbox) bool { return m.Account == account && m.Name == name }) {
			return dialog.Reading{Text: "There is a mailbox of that name already: choose another one."}
		}
		if own != "" && mail.Below(name, own, delimiter) {
			return dialog.Reading{Text: "A mailbox cannot be put below itself.", Column: len([]rune(own + delimiter))}
		}
		return dialog.Reading{Text: a.nameHint(account), OK: true}
	}
}

// deleteMailbox deletes at once what is empty, since that can be undone; what holds mail after a question.
func (a *App) deleteMailbox(m mail.Mailbox) tea.Cmd {
	what := "deleted " + quoted(m)
	return a.run(what, func(ctx context.Context) (outcome, error) {
		n, err := a.env.Store.Holds(ctx, m.Key)
		if err != nil {
			return nil, err
		}
		errand := cache.Errand{Kind: cache.DeleteMailbox, Mailbox: m.Key, Messages: n}
		return func() tea.Cmd {
			if n == 0 {
				return a.mailboxWish(what, errand)
			}
			question := fmt.Sprintf("Delete the mailbox %s with %s for good?", quoted(m), count(n))
			if slices.ContainsFunc(a.side.Mailboxes(), func(c mail.Mailbox) bool { return c.Account == m.Account && mail.Below(c.Name, m.Name, m.Delimiter) }) {
				question += "\n\nThe mailboxes below it stay."
			}
			return a.Push(dialog.Confirm(a.env, question, func() tea.Cmd { return a.mailboxWish(what, errand) }))
		}, nil
	})
}

// mailboxWish hands what is wanted of a mailbox to the engine.
func (a *App) mailboxWish(what string, e cache.Errand) tea.Cmd {
	return a.run(what, func(ctx context.Context) (outcome, error) {
		err := a.env.Engine.DoMailbox(ctx, what, e)
		return func() tea.Cmd {
			if err != nil {
				a.Fail(what, err)
				return nil
			}
			a.Say(widget.Sentence(what) + " · " + a.env.Keys.Key(action.App, action.Undo) + " undoes it")
			if e.Kind == cache.DeleteMailbox && e.Mailbox == a.showing.mailbox {
				return a.unasked(a.instead)
			}
			return nil
		}, nil
	})
}

// instead shows INBOX in place of a mailbox that is no more; the keys stay where they are.
func (a *App) instead() tea.Cmd {
	inbox, ok := a.side.Find(a.showing.account, mail.Inbox)
	if !ok {
		return a.showAll()
	}
	side := a.focus == sidePane
	cmd := a.showMailbox(inbox)
	if side {
		a.focus = sidePane
	}
	return cmd
}

// followShown keeps what is on screen in step with its mailbox: under its new name, or INBOX where it is gone.
func (a *App) followShown() tea.Cmd {
	all := a.side.Mailboxes()
	i := slices.IndexFunc(all, func(m mail.Mailbox) bool { return m.Key == a.showing.mailbox })
	switch {
	case len(all) == 0:
		return nil
	case i < 0:
		a.Say(fmt.Sprintf("%s is no longer there: this is the inbox.", a.showing.name))
		return a.instead()
	case a.viewName(all[i]) != a.showing.name:
		a.showing.name = a.viewName(all[i])
		name := a.showing.name
		if a.showing.filter {
			name += " · " + mail.Line(a.showing.search)
		}
		a.list.Rename(name)
	}
	return nil
}
