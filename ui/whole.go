package ui

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/ui/dialog"
	"posthorn/ui/sidebar"
	"posthorn/ui/widget"
)

// What is done to all messages of a mailbox at once, on screen or not, is done to those that were there when it was said:
// what comes afterwards nobody has seen.

// readAll marks all messages as read of the mailbox under the cursor of the sidebar, or of the one that the list shows.
func (a *App) readAll() tea.Cmd {
	boxes, name := a.swept()
	if len(boxes) == 0 {
		a.Say("This is no mailbox: go to one first.")
		return nil
	}
	return a.run("mark all as read", func(ctx context.Context) (outcome, error) {
		unread, err := a.env.Store.All(ctx, cache.View{Mailboxes: boxes, Unseen: true})
		return func() tea.Cmd {
			if len(unread) == 0 {
				a.Say("Everything in " + name + " is read already.")
				return nil
			}
			return a.wish(fmt.Sprintf("marked %s in %s as read", count(len(unread)), name), everyOne(unread, mail.FlagChange{Mask: mail.Seen, Want: mail.Seen}), false)
		}, err
	})
}

// swept are the mailboxes that readAll is about, with their name within a sentence.
func (a *App) swept() (boxes []mail.MailboxKey, name string) {
	e, _ := a.side.Current()
	onSide := a.focus == sidePane
	switch {
	case onSide && e.Kind == sidebar.Mailbox:
		return []mail.MailboxKey{e.Mailbox.Key}, quoted(e.Mailbox)
	case !onSide && a.showing.mailbox != 0:
		return []mail.MailboxKey{a.showing.mailbox}, "“" + a.showing.name + "”"
	case onSide && e.Kind != sidebar.AllInboxes, !onSide && a.showing.search != "" && !a.showing.filter:
		return nil, ""
	}
	for _, m := range a.side.Inboxes() {
		boxes = append(boxes, m.Key)
	}
	return boxes, "all inboxes"
}

// emptied tells whether a mailbox is one that is emptied as a whole.
func emptied(m mail.Mailbox) bool { return m.Role == mail.Trash || m.Role == mail.Junked }

// empty deletes for good what is in Trash or Junk, after a question: once the grace period is over nothing brings it back.
func (a *App) empty(m mail.Mailbox) tea.Cmd {
	if !emptied(m) {
		a.Say(fmt.Sprintf("Only Trash and Junk are emptied: select what is to go from %s.", sidebar.Name(m)))
		return nil
	}
	return a.run("empty "+quoted(m), func(ctx context.Context) (outcome, error) {
		all, err := a.env.Store.All(ctx, cache.View{Mailboxes: []mail.MailboxKey{m.Key}})
		if err != nil {
			return nil, err
		}
		held, err := a.env.Store.Holds(ctx, m.Key)
		return func() tea.Cmd {
			older := max(held-len(all), 0)
			if len(all) == 0 && older == 0 {
				a.Say(quoted(m) + " is empty already.")
				return nil
			}
			if len(all) == 0 {
				a.Say(fmt.Sprintf("%s is not read yet: try again in a moment.", quoted(m)))
				return nil
			}
			question := fmt.Sprintf("Empty %s: delete %s for good?", quoted(m), count(len(all)))
			if older > 0 {
				question += fmt.Sprintf("\n\n%s more that are not fetched yet stay.", widget.Thousands(older))
			}
			what := fmt.Sprintf("emptied %s: %s deleted for good", quoted(m), count(len(all)))
			return a.Push(dialog.Confirm(a.env, question, func() tea.Cmd {
				return a.wish(what, everyOne(all, mail.Expunge{}), m.Key == a.showing.mailbox)
			}))
		}, err
	})
}

// everyOne is one change for all messages.
func everyOne(keys []mail.MessageKey, c mail.Change) []mail.Targeted {
	changes := make([]mail.Targeted, len(keys))
	for i, key := range keys {
		changes[i] = mail.Targeted{Message: key, Change: c}
	}
	return changes
}
