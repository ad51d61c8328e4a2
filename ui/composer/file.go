package composer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
)

// sendAndFile sends, and what is answered goes to Archive at once; undo takes both back.
func (c *Composer) sendAndFile() tea.Cmd {
	if c.draft.Original == 0 {
		c.env.Root.Say("This answers no message that could be archived.")
		return nil
	}
	return c.send(time.Time{}, true)
}

// archive are the moves to Archive of the conversation that is answered: of what lies where the answered message does, or
// in the inbox, as the list would move it. What came after it and nobody has read stays. None: it is there already, or gone.
func (c *Composer) archive(ctx context.Context, key mail.MessageKey) ([]mail.Targeted, error) {
	answered, err := c.env.Store.Message(ctx, key)
	if mail.KindOf(err) == mail.Gone {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := c.env.Store.Mailboxes(ctx)
	if err != nil {
		return nil, err
	}
	with := func(role mail.Role) mail.MailboxKey {
		for _, b := range all {
			if b.Account == answered.Account && b.Role == role {
				return b.Key
			}
		}
		return 0
	}
	to, inbox := cmp.Or(with(mail.Archive), with(mail.All)), with(mail.Inbox)
	if to == 0 {
		return nil, fmt.Errorf("there is no Archive mailbox in %s: make one there, or name it under [account.mailboxes]", answered.Account)
	}
	whole, err := c.env.Store.Whole(ctx, []int64{answered.Thread})
	var moves []mail.Targeted
	for _, m := range whole {
		news := !m.Flags.Has(mail.Seen) && m.Received.After(answered.Received)
		if there := m.Mailbox == answered.Mailbox || m.Mailbox == inbox; there && m.Mailbox != to && (!news || m.Key == key) {
			moves = append(moves, mail.Targeted{Message: m.Key, Change: mail.Move{To: to}})
		}
	}
	return moves, err
}

// Filed tells whether a message went to Archive with the sending.
func (c *Composer) Filed(key mail.MessageKey) bool {
	return slices.ContainsFunc(c.draft.Filed, func(t mail.Targeted) bool { return t.Message == key })
}
