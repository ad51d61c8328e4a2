package index

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/widget"
)

// choose carries out what changes the selection or the filter.
func (x *Index) choose(a action.Action) (tea.Cmd, bool) {
	switch a {
	case action.Select:
		if m, ok := x.Current(); ok {
			x.toggle(m)
			cmd, _ := x.Step(1)
			return cmd, true
		}
	case action.SelectRange:
		x.selectRange()
	case action.SelectAll:
		x.selectAll()
	case action.OnlyUnread:
		return x.show(x.view, !x.view.OnlyUnread), true
	case action.Cancel:
		if len(x.selected) > 0 {
			x.Deselect()
			return nil, true
		}
		if x.view.OnlyUnread {
			return x.Show(x.view), true
		}
		return nil, false
	default:
		return nil, false
	}
	return nil, true
}

func (x *Index) toggle(m mail.Message) {
	if _, ok := x.selected[m.Key]; ok {
		delete(x.selected, m.Key)
		return
	}
	x.selected[m.Key] = m
	x.anchor = m.Key
}

// selectRange selects from the last selected message to the cursor.
func (x *Index) selectRange() {
	from := slices.IndexFunc(x.rows, func(m mail.Message) bool { return m.Key == x.anchor })
	if from < 0 {
		from = x.at
	}
	for i := min(from, x.at); i <= max(from, x.at) && i < len(x.rows); i++ {
		x.selected[x.rows[i].Key] = x.rows[i]
	}
	if m, ok := x.Current(); ok {
		x.anchor = m.Key
	}
}

// selectAll selects all rows of the window, or none if all are.
func (x *Index) selectAll() {
	if len(x.selected) >= len(x.rows) {
		x.Deselect()
		return
	}
	for _, m := range x.rows {
		x.selected[m.Key] = m
	}
	if x.older || x.newer {
		x.env.Root.Say(fmt.Sprintf("%d messages around the cursor are selected; there are more.", len(x.rows)))
	}
}

// counts is how many messages there are, in words.
func counts(total, unseen int, onlyUnread bool) string {
	switch {
	case onlyUnread:
		return "only unread: " + widget.Thousands(total)
	case total == 0:
		return ""
	case unseen == 0:
		return widget.Thousands(total)
	}
	return widget.Thousands(unseen) + " unread of " + widget.Thousands(total)
}
