package ui

import (
	tea "charm.land/bubbletea/v2"

	"posthorn/ui/outbox"
	"posthorn/ui/sheet"
)

// showHelp shows the keys of the present screen.
func (a *App) showHelp() tea.Cmd { return a.Push(sheet.NewHelp(a.env, a.scopes())) }

// showLog shows what happened.
func (a *App) showLog() tea.Cmd { return a.Push(sheet.NewLog(a.env)) }

// showOutbox shows what is on its way out.
func (a *App) showOutbox() tea.Cmd {
	o, cmd := outbox.New(a.env)
	return tea.Batch(a.Push(o), cmd)
}
