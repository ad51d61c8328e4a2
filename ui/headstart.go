package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/screen"
)

// headstart is how long the first screen is waited for.
const headstart = 50 * time.Millisecond

// readBeside reads ahead while Bubble Tea gets hold of the terminal; Init waits for it. Nobody else touches the App until
// then.
func (a *App) readBeside(limit time.Duration) {
	a.begun = make(chan any, 1)
	go func() {
		defer close(a.begun)
		defer func() {
			if broken := recover(); broken != nil {
				a.begun <- broken
			}
		}()
		a.readAhead(limit)
	}()
}

// broken is what a read panicked with. It panics again where Bubble Tea sees it, and gives the terminal back.
type broken struct{ with any }

// readAhead reads what the first screen needs, so that the first frame has the list in it instead of the second or third.
// What is not here within the limit comes to the program later.
func (a *App) readAhead(limit time.Duration) {
	got, waiting := make(chan tea.Msg), 0
	start := func(cmd tea.Cmd) {
		if cmd != nil {
			waiting++
			go func() {
				defer func() {
					if with := recover(); with != nil {
						got <- broken{with}
					}
				}()
				got <- cmd()
			}()
		}
	}
	start(a.reads())
	late := time.After(limit)
	rest := []tea.Cmd{}
	for waiting > 0 {
		select {
		case msg := <-got:
			waiting--
			switch msg := msg.(type) {
			case tea.BatchMsg:
				for _, cmd := range msg {
					start(cmd)
				}
			case screen.Result:
				_, cmd := a.Update(msg)
				start(cmd)
			case broken:
				panic(msg.with)
			default:
				rest = append(rest, func() tea.Msg { return msg })
			}
			continue
		case <-late:
		}
		break
	}
	for range waiting {
		rest = append(rest, func() tea.Msg {
			msg := <-got
			if b, ok := msg.(broken); ok {
				panic(b.with)
			}
			return msg
		})
	}
	a.ahead = rest
}

// reads asks the database for the first screen.
func (a *App) reads() tea.Cmd {
	return tea.Batch(a.side.Reload(), a.run("read how it looked last", func(ctx context.Context) (outcome, error) {
		var all []outcome
		for _, before := range []func(context.Context) (outcome, error){a.formBefore, a.sortsBefore, a.panesBefore} {
			one, err := before(ctx)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		return func() tea.Cmd {
			var cmds []tea.Cmd
			for _, one := range all {
				cmds = append(cmds, one())
			}
			return tea.Batch(cmds...)
		}, nil
	}))
}
