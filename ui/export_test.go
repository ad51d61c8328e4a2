package ui

import (
	"io"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
)

// Linearly is the model that tells the UI in lines.
func (a *App) Linearly(out io.Writer) tea.Model { return a.linearly(out) }

// Scopes are those in which keys are looked up now.
func (a *App) Scopes() []action.Scope { return a.scopes() }
