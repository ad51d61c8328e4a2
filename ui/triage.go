package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/sidebar"
	"posthorn/ui/widget"
)

// triage carries out what is done to the selected messages, or to the one that is read.
func (a *App) triage(act action.Action) (tea.Cmd, bool) {
	switch act {
	case action.ToggleRead, action.Star, action.Archive, action.Delete, action.Expunge, action.Move, action.Copy, action.Junk, action.Label, action.Mute, action.Export, action.About,
		action.Reply, action.ReplyAll, action.ReplyList, action.Forward, action.ForwardAttach, action.Redirect, action.EditAsNew:
	default:
		return nil, false
	}
	targets := a.Targets()
	if len(targets) == 0 {
		a.Say("There is no message here.")
		return nil, true
	}
	switch act {
	case action.ToggleRead:
		return a.toggle(targets, mail.Seen, "marked %s as read", "marked %s as unread"), true
	case action.Star:
		return a.toggle(targets, mail.Flagged, "starred %s", "took the star off %s"), true
	case action.Archive:
		return a.moveTo(targets, mail.Archive, "archived %s"), true
	case action.Delete:
		return a.remove(targets), true
	case action.Expunge:
		return a.expunge(targets), true
	case action.Move:
		return a.pickTarget("Move", targets, a.moveInto), true
	case action.Copy:
		return a.pickTarget("Copy", targets, a.copyInto), true
	case action.Junk:
		return a.junk(targets), true
	case action.Label:
		return a.label(targets), true
	case action.Mute:
		return a.mute(targets), true
	case action.About:
		return a.showAbout(targets), true
	case action.Export:
		return a.exportTo(targets), true
	case action.ForwardAttach:
		if len(targets) > 1 {
			return a.forwardAll(targets), true
		}
	}
	return a.answerOne(act, targets), true
}

// answerOne answers, forwards or edits one message: that of a row, of a folded conversation its newest. Of several that
// were selected none may be picked by chance; they can be forwarded together.
func (a *App) answerOne(act action.Action, targets []mail.Message) tea.Cmd {
	several := a.focus != readPane && a.list.Marked() > 1
	switch {
	case several && act == action.Forward:
		return a.forwardAll(targets)
	case several:
		a.Say(count(len(targets)) + " are selected, and this is done to one at a time: Esc drops the selection.")
		return nil
	case act == action.EditAsNew:
		return a.rewrite(act, targets[0])
	}
	return a.answer(act, targets[0])
}

// Targets are the messages an action is about.
func (a *App) Targets() []mail.Message {
	if a.focus == readPane && a.reader != nil {
		m, ok := a.reader.Message()
		switch {
		case ok:
			return []mail.Message{m}
		case a.reader.Failed():
			return nil
		}
		return []mail.Message{a.opened} // a key that was pressed before it was read from the disk counts, too
	}
	return a.list.Targets()
}

// toggle sets a flag on all, or takes it off where all have it.
func (a *App) toggle(targets []mail.Message, f mail.Flags, on, off string) tea.Cmd {
	want, what := f, on
	if !slices.ContainsFunc(targets, func(m mail.Message) bool { return !m.Flags.Has(f) }) {
		want, what = 0, off
	}
	return a.wish(fmt.Sprintf(what, count(len(targets))), changeAll(targets, mail.FlagChange{Mask: f, Want: want}), false)
}

// moveTo moves all into the mailbox of a role, each within its account.
func (a *App) moveTo(targets []mail.Message, role mail.Role, what string) tea.Cmd {
	var changes []mail.Targeted
	for _, m := range targets {
		to, ok := a.side.Find(m.Account, role)
		switch {
		case !ok:
			a.Fail("", fmt.Errorf("there is no %s mailbox in %s: make one there, or name it under [account.mailboxes]", sidebar.Name(mail.Mailbox{Role: role}), m.Account))
			return nil
		case to.Key != m.Mailbox:
			changes = append(changes, mail.Targeted{Message: m.Key, Change: mail.Move{To: to.Key}})
		}
	}
	if len(changes) == 0 {
		a.Say("It is there already.")
		return nil
	}
	return a.wish(fmt.Sprintf(what, count(len(changes))), changes, true)
}

// remove moves to Trash; what lies there already is deleted for good.
func (a *App) remove(targets []mail.Message) tea.Cmd {
	if slices.ContainsFunc(targets, func(m mail.Message) bool {
		trash, ok := a.side.Find(m.Account, mail.Trash)
		return !ok || trash.Key != m.Mailbox
	}) {
		return a.moveTo(targets, mail.Trash, "deleted %s")
	}
	return a.expunge(targets)
}

// expunge deletes for good, after the grace period.
func (a *App) expunge(targets []mail.Message) tea.Cmd {
	return a.wish("deleted "+count(len(targets))+" for good", changeAll(targets, mail.Expunge{}), true)
}

// wish hands changes to the engine. leaves tells that the messages go from where they are: the list shows them no
// longer, and a reader goes back to it.
func (a *App) wish(what string, changes []mail.Targeted, leaves bool) tea.Cmd {
	var gone []mail.MessageKey
	if leaves {
		for _, c := range changes {
			gone = append(gone, c.Message)
		}
	}
	return a.wishFor(what, gone, func(context.Context) ([]mail.Targeted, error) { return changes, nil })
}

// wishFor is wish for changes that the database is asked for first; gone are the messages that leave the list at once.
func (a *App) wishFor(what string, gone []mail.MessageKey, changes func(context.Context) ([]mail.Targeted, error)) tea.Cmd {
	a.list.Deselect()
	if len(gone) > 0 {
		a.list.Leave(gone)
		a.closeReader()
	}
	return a.run(what, func(ctx context.Context) (outcome, error) {
		all, err := changes(ctx)
		if err == nil {
			err = a.env.Engine.Do(ctx, what, all...)
		}
		return func() tea.Cmd {
			if err != nil {
				a.Fail(what, err)
			} else {
				a.Say(widget.Sentence(what) + " · " + a.env.Keys.Key(action.App, action.Undo) + " undoes it")
			}
			if len(gone) == 0 {
				return nil
			}
			return a.list.Left(gone, err == nil)
		}, nil
	})
}

// undo takes the last action back; what was about to be sent is written on.
func (a *App) undo() tea.Cmd {
	return a.run("undo", func(ctx context.Context) (outcome, error) {
		u, err := a.env.Engine.Undo(ctx)
		if err != nil {
			return nil, tooLate(err)
		}
		return func() tea.Cmd {
			switch {
			case u.Draft != nil:
				cmd := a.Compose(*u.Draft)
				a.Say("Taken back: nothing was sent.")
				return cmd
			case u.What == "":
				a.Say("Nothing to undo.")
			default:
				a.Say("Undone: " + u.What + ". " + a.env.Keys.Key(action.App, action.Redo) + " does it again.")
			}
			return a.seeAgain(u.Messages)
		}, nil
	})
}

// seeAgain brings what was changed back into sight. While a message is read the list stays on that.
func (a *App) seeAgain(keys []mail.MessageKey) tea.Cmd {
	if len(keys) == 0 || a.reader != nil && !a.reader.Glanced() {
		return nil
	}
	return a.list.SeeAgain(keys)
}

// tooLate is why an action cannot be undone any more, in the words for people alone.
func tooLate(err error) error {
	var e *mail.Error
	if errors.As(err, &e) && e.Kind == mail.Gone && e.Err != nil {
		return e.Err
	}
	return err
}

// redo does again what was undone last.
func (a *App) redo() tea.Cmd {
	return a.run("redo", func(ctx context.Context) (outcome, error) {
		u, err := a.env.Engine.Redo(ctx)
		if err != nil {
			return nil, tooLate(err)
		}
		return func() tea.Cmd {
			if u.What == "" {
				a.Say("Nothing to do again.")
			} else {
				a.Say("Done again: " + u.What + " · " + a.env.Keys.Key(action.App, action.Undo) + " undoes it")
			}
			return a.seeAgain(u.Messages)
		}, nil
	})
}

// count is a number of messages in words.
func count(n int) string {
	if n == 1 {
		return "1 message"
	}
	return widget.Thousands(n) + " messages"
}
