package index

import (
	"context"
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/search"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
)

// choose carries out what changes the selection or the filter.
func (x *Index) choose(a action.Action) (tea.Cmd, bool) {
	switch a {
	case action.Select:
		return x.SelectRows(1), true
	case action.SelectRange:
		return x.selectRange(), true
	case action.SelectAll:
		return x.selectAll(), true
	case action.SelectThread:
		return x.selectThread(), true
	case action.Fold:
		x.toggleFold()
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

// Selecting tells whether any message is selected.
func (x *Index) Selecting() bool { return len(x.selected) > 0 }

// SelectRows selects n rows from the cursor on and goes on to the next. Where the first was selected they are so no longer.
func (x *Index) SelectRows(n int) tea.Cmd {
	if !x.Choose(n) {
		return nil
	}
	cmd, _ := x.Step(n)
	return cmd
}

// Choose is SelectRows, the cursor staying where it is. It tells whether so many rows are there: where they are not held
// it says so, for what is done next must not be about fewer than were asked for.
func (x *Index) Choose(n int) bool {
	end := x.at + n
	if end > len(x.rows) && x.older {
		x.env.Root.Say("So many rows are not held at once: select a range of them, or all.")
		return false
	}
	rows := x.rows[x.at:min(end, len(x.rows))]
	if len(rows) == 0 {
		return false
	}
	_, was := x.selected[rows[0].Key]
	for _, row := range rows {
		for _, m := range x.meant(row) {
			if was {
				delete(x.selected, m.Key)
			} else {
				x.selected[m.Key] = m
			}
		}
	}
	if !was {
		x.anchor = rows[len(rows)-1].Key
	}
	return true
}

// selectRange selects from the last selected message to the cursor.
func (x *Index) selectRange() tea.Cmd {
	to, ok := x.Current()
	if !ok {
		return nil
	}
	from, ok := x.selected[x.anchor]
	if !ok {
		from = to
	}
	x.anchor = to.Key
	a, b := x.place(from), x.place(to)
	return x.gather(func(ctx context.Context, q cache.View) ([]mail.Message, error) {
		first, err := x.env.Store.Rank(ctx, q, a)
		if err != nil {
			return nil, err
		}
		last, err := x.env.Store.Rank(ctx, q, b)
		if err != nil {
			return nil, err
		}
		if first > last {
			a, first, last = b, last, first
		}
		w, err := x.env.Store.Window(ctx, q, a, 0, last-first+1)
		if err != nil || !q.Threads {
			return w.Messages, err
		}
		members, err := x.conversations(ctx, q, w.Messages)
		return append(w.Messages, members...), err
	})
}

// conversations are the messages of the view that belong to the conversations of some.
func (x *Index) conversations(ctx context.Context, q cache.View, some []mail.Message) ([]mail.Message, error) {
	ids := make([]int64, len(some))
	for i, m := range some {
		ids[i] = m.Thread
	}
	members, err := x.env.Store.Conversations(ctx, q, ids)
	var list []mail.Message
	for _, all := range members {
		for _, one := range all {
			if slices.Contains(q.Mailboxes, one.Mailbox) {
				list = append(list, one)
			}
		}
	}
	return list, err
}

// selectThread selects the messages of the conversation at the cursor that the view has, whether rows are
// conversations, messages, or what a search finds.
func (x *Index) selectThread() tea.Cmd {
	m, ok := x.Current()
	if !ok {
		return nil
	}
	x.anchor = m.Key
	return x.gather(func(ctx context.Context, q cache.View) ([]mail.Message, error) {
		if q.Query == nil {
			list, err := x.conversations(ctx, q, []mail.Message{m})
			return append(list, m), err
		}
		q.Threads = false
		w, err := x.env.Store.Window(ctx, q, cache.Position{}, 0, math.MaxInt32)
		return slices.DeleteFunc(w.Messages, func(one mail.Message) bool { return one.Thread != m.Thread }), err
	})
}

// SelectFound selects all messages of the view's mailboxes that a query finds, on screen or not.
func (x *Index) SelectFound(found search.Query) tea.Cmd {
	return x.gather(func(ctx context.Context, q cache.View) ([]mail.Message, error) {
		q.Threads, q.Query = false, &found
		w, err := x.env.Store.Window(ctx, q, cache.Position{}, 0, math.MaxInt32)
		return w.Messages, err
	})
}

// selectAll selects everything the view has, on screen or not, or nothing if all of it is selected.
func (x *Index) selectAll() tea.Cmd {
	if len(x.selected) >= x.total {
		x.Deselect()
		return nil
	}
	return x.gather(func(ctx context.Context, q cache.View) ([]mail.Message, error) {
		q.Threads = false
		w, err := x.env.Store.Window(ctx, q, cache.Position{}, 0, math.MaxInt32)
		return w.Messages, err
	})
}

// chosen are messages to be added to the selection.
type chosen []mail.Message

// gather selects what find finds.
func (x *Index) gather(find func(context.Context, cache.View) ([]mail.Message, error)) tea.Cmd {
	q := x.query()
	return screen.Load(x.env, x, x.choosing.Next(), func(ctx context.Context) (any, error) {
		list, err := find(ctx, q)
		return chosen(list), err
	})
}

func (x *Index) choice(r screen.Result, list chosen) {
	if r.Err != nil {
		x.env.Root.Fail("select", r.Err)
		return
	}
	if len(list) == 0 {
		x.env.Root.Say("That finds nothing to select here.")
	}
	for _, m := range list {
		if !x.leaving[m.Key] {
			x.selected[m.Key] = m
		}
	}
}

// refreshSelection gives selected messages their present flags.
func (x *Index) refreshSelection() {
	for _, m := range x.rows {
		if _, ok := x.selected[m.Key]; ok {
			x.selected[m.Key] = m
		}
	}
}

// Targets are the messages an action is about: the selected ones, or the one under the cursor.
func (x *Index) Targets() []mail.Message {
	if len(x.selected) == 0 {
		if m, ok := x.Current(); ok {
			return x.meant(m)
		}
		return nil
	}
	var out []mail.Message
	for _, m := range x.selected {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b mail.Message) int { return int(a.Key - b.Key) })
	return out
}

// Marked is how many messages are selected.
func (x *Index) Marked() int { return len(x.selected) }

// Deselect drops the selection.
func (x *Index) Deselect() {
	clear(x.selected)
	x.anchor = 0
}

// counts is how many messages there are, in words.
func counts(selected, total, unseen int, onlyUnread bool) string {
	switch {
	case selected > 0:
		return widget.Thousands(selected) + " selected of " + widget.Thousands(total)
	case onlyUnread:
		return "only unread: " + widget.Thousands(total)
	case total == 0:
		return ""
	case unseen == 0:
		return widget.Thousands(total)
	}
	return widget.Thousands(unseen) + " unread of " + widget.Thousands(total)
}
