package composer

import (
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

// archive is where a message is archived to; 0: it is there already, or gone.
func (c *Composer) archive(ctx context.Context, key mail.MessageKey) (mail.MailboxKey, error) {
	m, err := c.env.Store.Message(ctx, key)
	if mail.KindOf(err) == mail.Gone {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	all, err := c.env.Store.Mailboxes(ctx)
	if err != nil {
		return 0, err
	}
	for _, role := range []mail.Role{mail.Archive, mail.All} {
		i := slices.IndexFunc(all, func(b mail.Mailbox) bool { return b.Account == m.Account && b.Role == role })
		switch {
		case i < 0:
		case all[i].Key == m.Mailbox:
			return 0, nil
		default:
			return all[i].Key, nil
		}
	}
	return 0, fmt.Errorf("there is no Archive mailbox in %s: make one there, or name it under [account.mailboxes]", m.Account)
}

// Filed is the message that went to Archive with the sending; 0: none did.
func (c *Composer) Filed() mail.MessageKey {
	if c.draft.Filed == 0 {
		return 0
	}
	return c.draft.Original
}
