package ui

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/search"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/finder"
	"posthorn/ui/index"
	"posthorn/ui/sidebar"
)

// find opens the line in which mail is looked for; what it finds takes the place of the list as one types.
func (a *App) find() tea.Cmd {
	began, view := a.here(), a.list.View()
	a.closeReader()
	a.focus = listPane
	back := func() tea.Cmd {
		if a.showing.same(began.shown) {
			return nil
		}
		a.showing = began.shown
		a.side.Showing(began.mailbox, began.search)
		return a.list.ShowAt(view, began.at)
	}
	f, cmd := finder.New(a.env, a.side.Mailboxes(), a.showing.search, finder.Host{
		Look: func(text string, q search.Query) tea.Cmd {
			if strings.TrimSpace(text) == "" {
				return back()
			}
			a.showing = shown{begun: true, search: text}
			a.side.Showing(0, text)
			return a.list.Look(a.searchView(text, q))
		},
		Move: func(act action.Action) tea.Cmd {
			cmd, _ := a.list.Do(act)
			return cmd
		},
		Take: func(text string) tea.Cmd {
			if began.begun && began.search != text {
				a.past, a.future = remember(a.past, began), nil
			}
			a.showing.search = text
			a.side.Showing(0, text)
			return nil
		},
		Leave: back,
	})
	return tea.Batch(a.Push(f), cmd)
}

func (a *App) searchView(text string, q search.Query) index.View {
	return index.View{Name: a.searchName(text), Search: &index.Search{Text: text, Query: q, Typed: sidebar.ViewName(text) == ""}, Outgoing: text == sidebar.AllSent || text == sidebar.AllDrafts}
}

// searchName is what is looked for in the title, under the name it is kept by.
func (a *App) searchName(text string) string {
	name := cmp.Or(sidebar.ViewName(text), "Search: "+mail.Line(text))
	for _, c := range a.side.Saved() {
		if c.Value == text && c.Name != text {
			name = mail.Line(c.Name + " · " + text)
		}
	}
	return name
}

// showSearch shows what a text finds.
func (a *App) showSearch(text string) tea.Cmd {
	q, err := search.Parse(text, a.env.Now())
	if err != nil {
		a.Fail("search", err)
	}
	return a.show(shown{begun: true, search: text}, a.searchView(text, q))
}

// saveSearch keeps what is looked for in the sidebar, under a name.
func (a *App) saveSearch() tea.Cmd {
	text := a.showing.search
	if text == "" {
		a.Say("There is no search on screen to keep: look for something first.")
		return nil
	}
	p := dialog.Prompt(a.env, "Keep the search in the sidebar as", text, nil, func(name string) tea.Cmd {
		return a.keepSearch(strings.TrimSpace(name), text, fmt.Sprintf("The sidebar has “%s” now.", mail.Line(name)))
	})
	return a.Push(p.Anew().Checked("Looks for "+text, func(name string) dialog.Reading {
		if name = strings.TrimSpace(name); name == "" {
			return dialog.Reading{Text: "Type a name."}
		}
		return dialog.Reading{OK: true, Text: "Looks for " + text}
	}))
}

// keepSearch stores a saved search, or with an empty text forgets it.
func (a *App) keepSearch(name, text, said string) tea.Cmd {
	return a.run("keep the search", func(ctx context.Context) (outcome, error) {
		err := a.env.Engine.Choose(ctx, sidebar.SavedSearch+name, text)
		return func() tea.Cmd {
			a.Say(said)
			return a.side.Reload()
		}, err
	})
}

// manageSearch renames or forgets a saved search.
func (a *App) manageSearch(e sidebar.Entry, rename bool) tea.Cmd {
	if !rename {
		return a.Push(dialog.Confirm(a.env, fmt.Sprintf("Take the search “%s” out of the sidebar?", e.Name), func() tea.Cmd {
			return a.keepSearch(e.Name, "", fmt.Sprintf("The search “%s” is gone from the sidebar.", e.Name))
		}))
	}
	return a.Push(dialog.Prompt(a.env, "Rename "+e.Name, e.Name, nil, func(name string) tea.Cmd {
		if name = strings.TrimSpace(name); name == "" || name == e.Name {
			return nil
		}
		return tea.Sequence(a.keepSearch(name, e.Search, ""), a.keepSearch(e.Name, "", fmt.Sprintf("The search is called “%s” now.", mail.Line(name))))
	}).Anew())
}
