package ui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/ui/dialog"
	"posthorn/ui/index"
)

// sortedBy begins the names of the choices that keep how a mailbox is sorted; allInboxes ends that of all inboxes.
const (
	sortedBy   = "sort:"
	allInboxes = "*"
)

// sortName is the name under which is kept how a view is sorted; false: it is not kept.
func sortName(v index.View) (string, bool) {
	switch len(v.Mailboxes) {
	case 0:
		return "", false
	case 1:
		return v.Mailboxes[0].Account + "/" + v.Mailboxes[0].Name, true
	}
	return allInboxes, true
}

// sortKeys are what a list can be sorted by.
var sortKeys = []cache.SortKey{cache.ByDate, cache.BySender, cache.BySubject, cache.BySize, cache.ByUnread, cache.ByStarred}

// pickSort asks what the list is to be sorted by; what it is sorted by already is turned round.
func (a *App) pickSort() tea.Cmd {
	v := a.list.View()
	var items []dialog.Item
	for _, by := range sortKeys {
		if by == cache.BySender && v.Outgoing {
			by = cache.ByRecipient
		}
		o, now := cache.Sort{By: by}, ""
		if v.Sort.By == by {
			o.Reverse, now = !v.Sort.Reverse, "other way round"
		}
		items = append(items, dialog.Item{Key: o, Text: index.SortLabel(o), Detail: now})
	}
	return a.Push(dialog.Pick(a.env, "Sort", items, func(it dialog.Item) tea.Cmd { return a.sortBy(it.Key.(cache.Sort)) }))
}

// sortBy sorts the list, which keeps its message, and remembers it for the mailbox.
func (a *App) sortBy(o cache.Sort) tea.Cmd {
	v := a.list.View()
	v.Sort = o
	m, _ := a.list.Current()
	cmd := a.list.ShowAt(v, m)
	name, kept := sortName(v)
	if !kept {
		return cmd
	}
	a.sorts[name] = o
	value := ""
	if o != (cache.Sort{}) {
		value = sortValue(o)
	}
	return tea.Batch(cmd, a.run("keep the order", func(ctx context.Context) (outcome, error) {
		return nil, a.env.Engine.Choose(ctx, sortedBy+name, value)
	}))
}

// reversed ends the value of a choice of the other way round.
const reversed = " reversed"

func sortValue(o cache.Sort) string {
	value := string(o.By)
	if o.By == cache.ByDate {
		value = "date"
	}
	if o.Reverse {
		value += reversed
	}
	return value
}

func readSort(value string) (o cache.Sort) {
	by, turned := strings.CutSuffix(value, reversed)
	if by == "date" {
		by = ""
	}
	return cache.Sort{By: cache.SortKey(by), Reverse: turned}
}

// sortsBefore takes the orders of the last time; the list is shown anew where it has another.
func (a *App) sortsBefore(ctx context.Context) (outcome, error) {
	kept, err := a.env.Store.Choices(ctx, sortedBy)
	return func() tea.Cmd {
		for _, c := range kept {
			a.sorts[c.Name] = readSort(c.Value)
		}
		v := a.list.View()
		if o := a.sortOf(v); o != v.Sort {
			v.Sort = o
			return a.list.Show(v)
		}
		return nil
	}, err
}

// sortOf is how a view was sorted last.
func (a *App) sortOf(v index.View) cache.Sort {
	if name, kept := sortName(v); kept {
		return a.sorts[name]
	}
	return cache.Sort{}
}
