package ui

import (
	"io"

	tea "charm.land/bubbletea/v2"
)

// Linearly is the model that tells the UI in lines.
func (a *App) Linearly(out io.Writer) tea.Model { return a.linearly(out) }
