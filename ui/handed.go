package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/external"
)

// handed are the mailto links that other programs leave while this one runs.
type handed struct {
	taken   map[string]bool // by name: opened, and not to be opened again before the database has forgotten it
	waiting bool            // one may be there that would have come between what the person types
	told    string          // the last of these that was said, by its name
}

// openHanded opens the link that was handed over first. While the person types or is asked something it waits, so that no
// key meant for one text goes into another; the next waits until the composer of this one is closed.
func (a *App) openHanded() tea.Cmd {
	if a.env.Engine.Refusal() != nil { // the one that holds the database opens it
		return nil
	}
	return a.run("open the link", func(ctx context.Context) (outcome, error) {
		links, err := a.env.Store.HandedLinks(ctx)
		return func() tea.Cmd {
			for _, l := range links {
				switch {
				case a.handed.taken[l.Name]:
				case a.busy():
					if a.handed.waiting = true; a.handed.told != l.Name {
						a.handed.told = l.Name
						a.Say("A link asks for a message: it opens once this is closed.")
					}
					return nil
				default:
					a.handed.taken[l.Name], a.handed.waiting = true, true
					return tea.Batch(external.Write(a.env, a.account().Name, l.Value), a.run("open the link", func(ctx context.Context) (outcome, error) {
						return nil, a.env.Engine.Choose(ctx, l.Name, "")
					}))
				}
			}
			return nil
		}, err
	})
}

// openWaiting goes on with links once a screen has gone.
func (a *App) openWaiting() tea.Cmd {
	if !a.handed.waiting || a.busy() {
		return nil
	}
	a.handed.waiting = false
	return a.openHanded()
}
