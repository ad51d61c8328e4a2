package ui

import (
	"context"
	"fmt"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
)

// Linearly is the model that tells the UI in lines.
func (a *App) Linearly(out io.Writer, wide func() int) tea.Model { return a.linearly(out, wide) }

// RunOn shows the UI where options say.
func (a *App) RunOn(ctx context.Context, options ...tea.ProgramOption) error {
	return a.play(ctx, options...)
}

// ReadAhead reads the first screen before anything runs.
func (a *App) ReadAhead(limit time.Duration) { a.readAhead(limit) }

// Scopes are those in which keys are looked up now.
func (a *App) Scopes() []action.Scope { return a.scopes() }

// Shown are the types of the screens that are drawn.
func (a *App) Shown() (names []string) {
	full, dialogs := a.layers()
	if full == nil {
		l := a.present()
		if l.side.W > 0 {
			names = append(names, fmt.Sprintf("%T", a.side))
		}
		if l.list.W > 0 {
			names = append(names, fmt.Sprintf("%T", a.list))
		}
		if l.read.W > 0 && a.reader != nil {
			names = append(names, fmt.Sprintf("%T", a.reader))
		}
	} else {
		names = append(names, fmt.Sprintf("%T", full))
	}
	for _, d := range dialogs {
		names = append(names, fmt.Sprintf("%T", d))
	}
	return names
}
