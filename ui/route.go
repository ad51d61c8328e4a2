package ui

import (
	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
	"posthorn/ui/screen"
)

// top is the screen that has the keys.
func (a *App) top() screen.Screen {
	if n := len(a.stack); n > 0 {
		return a.stack[n-1]
	}
	switch {
	case a.focus == sidePane:
		return a.side
	case a.focus == readPane && a.reader != nil:
		return a.reader
	}
	return a.list
}

// scopes is where keys are looked up. App has no say in text fields, since its keys are letters, nor in dialogs,
// which are to be answered first.
func (a *App) scopes() []action.Scope {
	top := a.top()
	_, typing := top.(screen.TextEntry)
	_, asking := top.(screen.Dialog)
	if typing || asking {
		return top.Scopes()
	}
	return append(top.Scopes(), action.App)
}

// press turns a key into an action, or types it.
func (a *App) press(k tea.KeyPressMsg) tea.Cmd {
	a.list.Touched()
	a.side.Touched()
	act, taken := a.presses.Press(a.env.Keys, a.scopes(), k)
	pending := a.pending.pressed(a)
	switch {
	case act != "":
		return a.after(a.counted(act, a.presses.Count()))
	case taken:
		return pending
	}
	if t, ok := a.top().(screen.TextEntry); ok {
		return a.after(t.Type(k))
	}
	return nil
}

// counted does an action n times where that makes sense, or to n rows of the list where none is selected, or goes to the
// n-th; all else is done once, with any n.
func (a *App) counted(act action.Action, n int) tea.Cmd {
	switch {
	case n == 0:
	case act == action.Top || act == action.Bottom:
		if list, ok := a.top().(screen.Numbered); ok {
			return list.GoTo(n)
		}
		cmd := a.do(action.Top)
		if n == 1 {
			return cmd
		}
		return tea.Batch(cmd, a.counted(action.Down, n-1))
	case act == action.Next && a.top() == screen.Screen(a.reader):
		return a.walk(n)
	case act == action.Previous && a.top() == screen.Screen(a.reader):
		return a.walk(-n)
	case act == action.Select:
		return a.list.SelectRows(n)
	case act.ToSeveral() && a.top() == screen.Screen(a.list) && a.list.Marked() == 0:
		if !a.list.Choose(n) {
			return nil
		}
	case act.Repeats():
		cmds := make([]tea.Cmd, n)
		for i := range cmds {
			cmds[i] = a.do(act)
		}
		return tea.Batch(cmds...)
	}
	return a.do(act)
}

// after adds what every change may bring: the timer of the status line.
func (a *App) after(cmd tea.Cmd) tea.Cmd { return tea.Batch(cmd, a.status.arm(a.env)) }

// do offers an action to the screen with the keys, then to what is done to messages, then to the program. Where nothing
// can be changed, what changes something does not begin.
func (a *App) do(act action.Action) tea.Cmd {
	if act.Changes() && a.refused() {
		return nil
	}
	if cmd, ok := a.top().Do(act); ok {
		return cmd
	}
	if len(a.stack) == 0 && a.focus != sidePane {
		if cmd, ok := a.triage(act); ok {
			return cmd
		}
	}
	return a.program(act)
}

// refused tells whether nothing can be changed, and says why.
func (a *App) refused() bool {
	err := a.env.Engine.Refusal()
	if err != nil {
		a.Fail("", err)
	}
	return err != nil
}

// deliver hands a result to its screen, if that is still there.
func (a *App) deliver(r screen.Result) tea.Cmd {
	if r.To == a.self() {
		return a.after(a.own(r))
	}
	for _, s := range a.screens() {
		if s == r.To {
			cmd := s.Update(r)
			if a.suspends {
				cmd = tea.Batch(cmd, a.suspend())
			}
			if s == a.side {
				cmd = tea.Batch(cmd, a.mailboxesKnown())
			}
			return a.after(cmd)
		}
	}
	return nil
}
