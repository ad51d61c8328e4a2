package ui

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail/search"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
)

// choosing selects by what messages are rather than by where they stand.
func (a *App) choosing(act action.Action) tea.Cmd {
	if act == action.SelectFound {
		p := dialog.Prompt(a.env, "Select what this finds here", "", nil, a.selectFound)
		return a.Push(p.Checked("As in a search: from:ben, is:read, before:2025, larger:5M …", a.readCondition))
	}
	m, here := a.list.Current()
	if !here {
		a.Say("There is no message here to go by.")
		return nil
	}
	return a.fromSender(m, a.selectFound)
}

// selectFound selects what meets a condition among what the list shows.
func (a *App) selectFound(condition string) tea.Cmd {
	text := condition
	if shows := a.showing.search; shows != "" {
		text = "(" + shows + ") (" + condition + ")"
	}
	q, err := search.Parse(text, a.env.Now())
	if err != nil {
		a.Fail("select", err)
		return nil
	}
	return a.list.SelectFound(q)
}

// readCondition says where a query is wrong.
func (a *App) readCondition(text string) dialog.Reading {
	q, err := search.Parse(text, a.env.Now())
	var wrong *search.Error
	switch {
	case errors.As(err, &wrong):
		return dialog.Reading{Text: wrong.Text, Column: wrong.Column}
	case q.Empty():
		return dialog.Reading{Text: "Type what to look for."}
	}
	return dialog.Reading{OK: true, Text: "Selects all that is found in this list, on screen or not."}
}
