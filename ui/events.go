package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/screen"
)

// events is what the engine's box held.
type events []mail.Event

// listen waits for the next events. It is the one command that blocks.
func (a *App) listen() tea.Cmd {
	return func() tea.Msg {
		if got := a.opt.Events.Wait(a.env.Ctx); got != nil {
			return events(got)
		}
		return nil
	}
}

// changed tells the screens concerned what is stale.
func (a *App) changed(list events) tea.Cmd {
	var cmds []tea.Cmd
	for _, e := range list {
		switch e.Kind {
		case mail.LogChanged:
			a.hear()
		case mail.StateChanged:
			cmds = append(cmds, a.askAll())
		case mail.PartReady:
			cmds = append(cmds, a.partReady(e.Message))
		case mail.LinkHanded:
			cmds = append(cmds, a.openHanded())
		case mail.Arrived:
			cmds = append(cmds, a.arrived(e.Mailbox))
		}
		cmds = append(cmds, a.everywhereEvent(e))
	}
	return a.after(tea.Batch(cmds...))
}

// newDay comes with each day, and once an hour, since the clock may be set and the machine may sleep.
type newDay struct{}

// newDay waits for the next day.
func (a *App) newDay() tea.Cmd {
	now := a.env.Now()
	y, m, d := now.Date()
	return a.env.After(min(time.Hour, time.Date(y, m, d+1, 0, 0, 0, 0, now.Location()).Sub(now)+time.Second), newDay{})
}

func (a *App) everywhereEvent(e mail.Event) tea.Cmd {
	var cmds []tea.Cmd
	for _, s := range a.screens() {
		if cmd := s.Update(e); cmd != nil {
			cmds = append(cmds, cmd)
		}
	}
	return tea.Batch(cmds...)
}

// signingIn tells whether a login is open: it says itself what is needed.
func (a *App) signingIn() bool {
	_, is := a.top().(*dialog.Password)
	return is
}

// busy tells whether keys go into a text or answer a question: nothing may come between, least of all a field for
// the password of another account.
func (a *App) busy() bool {
	_, typing := a.top().(screen.TextEntry)
	_, asking := a.top().(screen.Dialog)
	return typing || asking
}

// loginsDue says that a screen has gone which a login may have waited for.
type loginsDue struct{}

// askAll opens the login of the first account that needs one, if nothing is open that it would come between.
func (a *App) askAll() tea.Cmd {
	var cmds []tea.Cmd
	for _, s := range a.env.Engine.States() {
		cmds = append(cmds, a.ask(s))
	}
	return tea.Batch(cmds...)
}

// ask opens the login of an account that needs one: once, until the person has answered it or asked for news.
func (a *App) ask(s engine.State) tea.Cmd {
	account := s.Account
	if s.Phase != engine.NeedsLogin {
		a.asked[account] = a.asked[account] && s.Phase == engine.Connecting
		return nil
	}
	if a.asked[account] || a.busy() {
		return nil
	}
	a.asked[account] = true
	return a.Push(dialog.Login(a.env, account, func(password string, remember bool) tea.Cmd {
		return a.run("sign in", func(context.Context) (outcome, error) {
			a.env.Engine.Login(account, password, remember)
			return func() tea.Cmd { a.asked[account] = false; return a.askAll() }, nil
		})
	}))
}

// self is App's own address for results.
func (a *App) self() screen.Screen { return (*own)(a) }

// own makes App a Screen, so that results can be addressed to it.
type own App

// Update is never called: deliver calls App.own.
func (o *own) Update(tea.Msg) tea.Cmd { return nil }

// outcome is what one of App's own commands brings: what is left to do with it on the event loop.
type outcome func() tea.Cmd

// run does something that may wait for the disk, and then goes on with what it returns.
func (a *App) run(op string, f func(ctx context.Context) (outcome, error)) tea.Cmd {
	return screen.Load(a.env, a.self(), 0, func(ctx context.Context) (any, error) {
		next, err := f(ctx)
		if err != nil {
			return outcome(func() tea.Cmd { a.Fail(op, err); return nil }), nil
		}
		return next, nil
	})
}

// own goes on with the outcome of a command.
func (a *App) own(r screen.Result) tea.Cmd {
	if next := r.Value.(outcome); next != nil {
		return next()
	}
	return nil
}

// Do, Draw and Scopes make own a Screen; it has no keys and is never drawn.
func (o *own) Do(action.Action) (tea.Cmd, bool) { return nil, false }
func (o *own) Draw(screen.Rect) screen.Frame    { return screen.Frame{} }
func (o *own) Scopes() []action.Scope           { return nil }
