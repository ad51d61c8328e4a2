package ui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/composer"
)

// place is where one has been: what the list showed, and the message under the cursor.
type place struct {
	shown
	at mail.Message
}

// mostPlaces bounds how far back one can go.
const mostPlaces = 100

func (a *App) here() place {
	m, _ := a.list.Current()
	return place{a.showing, m}
}

// depart notes where one was before going elsewhere.
func (a *App) depart(to shown) {
	if a.showing.begun && !a.showing.same(to) {
		a.past, a.future = remember(a.past, a.here()), nil
	}
	a.showing = to
}

// uncover closes what covers the list, but for what is being written.
func (a *App) uncover() {
	for n := len(a.stack); n > 0; n-- {
		if _, writing := a.stack[n-1].(*composer.Composer); writing {
			break
		}
		a.stack = a.stack[:n-1]
	}
}

// unasked shows what the person did not ask for: what covers the list stays, a question or a password half typed.
func (a *App) unasked(show func() tea.Cmd) tea.Cmd {
	stack := a.stack
	cmd := show()
	a.stack = stack
	return cmd
}

func remember(places []place, p place) []place {
	places = append(slices.Clip(places), p)
	return places[max(0, len(places)-mostPlaces):]
}

// travel goes to the last of some places, and remembers among the others where that was.
func (a *App) travel(from, to *[]place) tea.Cmd {
	past, future, here := &a.past, &a.future, a.here()
	n := len(*from)
	if n == 0 {
		a.Say("There is nowhere further to go.")
		return nil
	}
	p := (*from)[n-1]
	left, seen := (*from)[:n-1], remember(*to, here)
	cmd, ok := a.arrive(p)
	*past, *future = a.past, a.future
	*from, *to = left, seen
	if !ok {
		*to = seen[:len(seen)-1]
		return a.travel(from, to)
	}
	return cmd
}

// arrive shows a place again, with the cursor where it was; false: it is no longer there.
func (a *App) arrive(p place) (tea.Cmd, bool) {
	var cmd tea.Cmd
	switch {
	case p.filter:
		if cmd = a.showFilter(p.shown); cmd == nil {
			return nil, false
		}
	case p.search != "":
		cmd = a.showSearch(p.search)
	case p.mailbox == 0:
		cmd = a.showAll()
	default:
		boxes := a.side.Mailboxes()
		i := slices.IndexFunc(boxes, func(m mail.Mailbox) bool { return m.Key == p.mailbox })
		if i < 0 {
			return nil, false
		}
		cmd = a.showMailbox(boxes[i])
	}
	if p.at.Key != 0 {
		cmd = a.list.ShowAt(a.list.View(), p.at)
	}
	return cmd, true
}

// The names under which is kept whether rows are messages, and whether they have two lines: "flat" and "two", or empty.
const (
	flatChoice  = "list"
	roomyChoice = "rows"
)

// flatten makes each message a row, or each conversation, and remembers it.
func (a *App) flatten() tea.Cmd {
	flat := !a.list.IsFlat()
	return tea.Batch(a.list.Flat(flat), a.keepForm(flatChoice, "flat", flat))
}

// space gives rows two lines, or one, and remembers it.
func (a *App) space() tea.Cmd {
	a.list.Roomy(!a.list.IsRoomy())
	return a.keepForm(roomyChoice, "two", a.list.IsRoomy())
}

func (a *App) keepForm(choice, value string, set bool) tea.Cmd {
	if !set {
		value = ""
	}
	return a.run("keep the choice", func(ctx context.Context) (outcome, error) {
		return nil, a.env.Engine.Choose(ctx, choice, value)
	})
}

// formBefore takes the list's form of the last time.
func (a *App) formBefore(ctx context.Context) (outcome, error) {
	rows, err := a.env.Store.Choice(ctx, roomyChoice)
	if err != nil {
		return nil, err
	}
	value, err := a.env.Store.Choice(ctx, flatChoice)
	return func() tea.Cmd {
		a.list.Roomy(rows == "two")
		return a.list.Flat(value == "flat")
	}, err
}
