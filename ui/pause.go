package ui

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/action"
)

// pause pauses the account that is meant, or resumes it.
func (a *App) pause() tea.Cmd {
	account := a.account().Name
	if e, ok := a.side.Current(); ok && a.focus == sidePane && len(a.env.Engine.Accounts()) > 1 {
		if account = e.Account; account == "" {
			a.Say("Which account? Go to a mailbox of it first.")
			return nil
		}
	}
	on := a.phase(account) != engine.Paused
	return a.run("pause the account", func(ctx context.Context) (outcome, error) {
		if err := a.env.Engine.Pause(ctx, account, on); err != nil {
			return nil, err
		}
		return func() tea.Cmd {
			text := account + " is resumed: looking for new mail."
			if on {
				text = fmt.Sprintf("%s is paused: nothing is fetched or sent. %s in the sidebar resumes it.", account, a.env.Keys.Key(action.Sidebar, action.Pause))
			}
			a.Say(text)
			return nil
		}, nil
	})
}

// exceptPaused is of which accounts nothing is asked, as what follows a sentence; empty: of none.
func (a *App) exceptPaused() string {
	if paused := a.pausedAccounts(); paused != "" {
		return " Not of what is paused: " + paused + "."
	}
	return ""
}

// phase is how an account is connected.
func (a *App) phase(account string) engine.Phase {
	for _, s := range a.env.Engine.States() {
		if s.Account == account {
			return s.Phase
		}
	}
	return engine.Offline
}

// pausedAccounts are their names in a list; empty: none is paused.
func (a *App) pausedAccounts() string {
	var names []string
	for _, s := range a.env.Engine.States() {
		if s.Phase == engine.Paused {
			names = append(names, mail.Line(s.Account))
		}
	}
	return strings.Join(names, ", ")
}
