package ui

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/keys"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
)

// elsewhere says where the actions of a scope can be asked for.
var elsewhere = map[action.Scope]string{
	action.Index: "in the list", action.Message: "on a message", action.Pager: "while reading", action.Sidebar: "in the sidebar",
	action.Composer: "while writing", action.Editor: "while writing", action.Marked: "on selected text", action.Lines: "on selected lines",
	action.Finding: "once something is found", action.Outbox: "in the outbox", action.Files: "among attachments", action.App: "outside of what is written",
	action.Scroll: "in a text that is shown", action.Field: "in a header field", action.Dialog: "in a dialog", action.Question: "in a question",
}

// palette asks for an action by a part of what it does.
func (a *App) palette() tea.Cmd {
	return a.Push(dialog.Pick(a.env, "Do", a.everyAction(), func(it dialog.Item) tea.Cmd { return a.do(it.Key.(action.Action)) }))
}

// everyAction is each action with what it does and its key, or why it is of no use now.
func (a *App) everyAction() []dialog.Item {
	scopes := a.scopes()
	var items []dialog.Item
	seen := map[action.Action]bool{action.Palette: true}
	add := func(e action.Entry, off string) {
		help := cmp.Or(a.accountNamed(e.Action), e.Help)
		if help == "" || seen[e.Action] {
			return
		}
		seen[e.Action] = true
		key := cmp.Or(a.env.Keys.First(scopes, e.Action), a.env.Keys.Key(e.Scope, e.Action))
		items = append(items, dialog.Item{Key: e.Action, Text: widget.Sentence(help), Detail: keys.Show(key), Also: string(e.Action), Off: off})
	}
	for _, scope := range scopes {
		for _, e := range action.Table {
			if e.Scope == scope {
				add(e, a.reason(e))
			}
		}
	}
	for _, e := range action.Table {
		switch where := elsewhere[e.Scope]; {
		case e.Action.OfMailbox() && len(a.stack) == 0:
			add(e, a.reason(e))
		case where != "":
			add(e, "only "+where)
		}
	}
	slices.SortStableFunc(items, func(a, b dialog.Item) int { return cmp.Compare(motion(a), motion(b)) })
	return items
}

// accountNamed is the words for going to an account by its number; empty: it is another action, or there are fewer accounts.
func (a *App) accountNamed(act action.Action) string {
	accounts := a.env.Engine.Accounts()
	digit, _ := strings.CutPrefix(string(act), string(action.AccountN))
	if n, err := strconv.Atoi(digit); err == nil && n <= len(accounts) {
		return "account " + digit + ": " + mail.Line(accounts[n-1].Name)
	}
	return ""
}

// motion is 1 for what only moves the cursor: nobody looks for that by name.
func motion(it dialog.Item) int {
	switch it.Key.(action.Action) {
	case action.Down, action.Up, action.PageDown, action.PageUp, action.HalfDown, action.HalfUp, action.Top, action.Bottom:
		return 1
	}
	return 0
}

// reason is why an action of the present screen is of no use now; empty: it is.
func (a *App) reason(e action.Entry) string {
	if err := a.env.Engine.Refusal(); err != nil && e.Action.Changes() {
		return "read only"
	}
	if choosy, ok := a.top().(screen.Choosy); ok && !choosy.Offers(e.Action) {
		return "not here"
	}
	if e.Scope == action.Message && len(a.Targets()) == 0 {
		return "no message here"
	}
	switch {
	case e.Action.OfMailbox():
		return unmanaged(a.managed(), e.Action)
	case e.Action == action.SaveSearch && a.showing.search == "":
		return "no search on screen"
	case e.Action == action.GoBack && len(a.past) == 0, e.Action == action.GoForward && len(a.future) == 0:
		return "nowhere to go"
	}
	if role := roles[e.Action]; role != "" {
		if _, ok := a.side.Find(a.account().Name, role); !ok {
			return "no such mailbox"
		}
	}
	return ""
}
