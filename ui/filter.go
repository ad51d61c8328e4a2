package ui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/search"
	"posthorn/ui/action"
	"posthorn/ui/sidebar"
)

// only shows less of what the list shows; what it shows less already it goes on to.
func (a *App) only(act action.Action) tea.Cmd {
	m, here := a.list.Current()
	switch {
	case act == action.OnlyStarred:
		return a.narrow(sidebar.AllStarred)
	case act == action.OnlyAttachments:
		return a.narrow("has:attachment")
	case act == action.OnlyToMe:
		return a.narrow(a.toMe())
	case !here:
		a.Say("There is no message here to go by.")
		return nil
	case act == action.OnlyList && m.ListID == "":
		a.Say("This message came by no mailing list.")
		return nil
	case act == action.OnlyList:
		return a.narrow(`list:"` + strings.ReplaceAll(m.ListID, `"`, "") + `"`)
	}
	return a.fromSender(m, a.narrow)
}

// fromSender does something with a query for what comes from a message's sender.
func (a *App) fromSender(m mail.Message, do func(condition string) tea.Cmd) tea.Cmd {
	return a.run("look for the sender", func(ctx context.Context) (outcome, error) {
		d, err := a.env.Store.Message(ctx, m.Key)
		return func() tea.Cmd {
			if len(d.Envelope.From) == 0 {
				a.Say("This message names no sender.")
				return nil
			}
			return do(`from:"` + strings.ReplaceAll(d.Envelope.From[0].Addr(), `"`, "") + `"`)
		}, err
	})
}

// toMe is a query for what is addressed to the person, by any address of the accounts shown.
func (a *App) toMe() string {
	var terms []string
	for _, acc := range a.env.Engine.Accounts() {
		if a.showing.account == "" || a.showing.account == acc.Name {
			for _, address := range append([]string{acc.Address}, acc.Aliases...) {
				terms = append(terms, `to:"`+address+`"`)
			}
		}
	}
	if len(terms) == 1 {
		return terms[0]
	}
	return "(" + strings.Join(terms, " OR ") + ")"
}

// narrow adds a condition to what is shown, or takes it off again.
func (a *App) narrow(condition string) tea.Cmd {
	to := a.showing
	parts := strings.Split(to.search, "  ") // as narrow joins them
	if to.search == "" {
		parts, to.filter = nil, true
	}
	if i := slices.Index(parts, condition); i >= 0 {
		parts = slices.Delete(parts, i, i+1)
	} else {
		parts = append(parts, condition)
	}
	to.search = strings.Join(parts, "  ")
	if to.search == "" {
		return a.unfiltered()
	}
	if !to.filter {
		return a.showSearch(to.search)
	}
	return a.showFilter(to)
}

// unfiltered shows the mailbox again of which only a part is shown; the cursor keeps its message.
func (a *App) unfiltered() tea.Cmd {
	p := a.here()
	p.search, p.filter = "", false
	cmd, ok := a.arrive(p)
	if !ok {
		return a.showAll()
	}
	return cmd
}

// showFilter shows what a search finds in one mailbox, or in all inboxes; nil: the mailbox is gone.
func (a *App) showFilter(to shown) tea.Cmd {
	boxes, name := a.side.Inboxes(), "All inboxes"
	if to.mailbox != 0 {
		boxes = slices.DeleteFunc(slices.Clone(a.side.Mailboxes()), func(m mail.Mailbox) bool { return m.Key != to.mailbox })
		if len(boxes) == 0 {
			return nil
		}
		name = to.name
	}
	q, err := search.Parse(to.search, a.env.Now())
	if err != nil {
		a.Fail("search", err)
	}
	v := a.searchView(to.search, q)
	v.Name, v.Mailboxes = name+" · "+mail.Line(to.search), boxes
	return a.show(to, v)
}
