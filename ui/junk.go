package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
)

// junk moves to Junk; what lies there already goes back to the inbox. Both leave a mark that filters learn from.
func (a *App) junk(targets []mail.Message) tea.Cmd {
	var junk, wanted []mail.Targeted
	for _, m := range targets {
		box, known := a.side.Find(m.Account, mail.Junked)
		inbox, back := a.side.Find(m.Account, mail.Inbox)
		switch {
		case known && box.Key == m.Mailbox && back:
			wanted = append(wanted, judged(m, mail.NotJunk, inbox)...)
		case known && box.Key != m.Mailbox:
			junk = append(junk, judged(m, mail.Junk, box)...)
		default:
			a.Fail("", &mail.Error{Op: "mark as junk", Kind: mail.Rejected,
				Said: fmt.Sprintf("%s has no mailbox for that: make one, or name it under [account.mailboxes]", m.Account)})
			return nil
		}
	}
	if len(junk) == 0 {
		return a.wish("marked "+count(len(targets))+" as no junk", wanted, true)
	}
	return a.wish("marked "+count(len(junk)/2)+" as junk", junk, true)
}

// judged are the changes for one message: the mark, with the opposite one gone, and the move.
func judged(m mail.Message, mark mail.Flags, to mail.Mailbox) []mail.Targeted {
	return []mail.Targeted{
		{Message: m.Key, Change: mail.FlagChange{Mask: mail.Junk | mail.NotJunk, Want: mark}},
		{Message: m.Key, Change: mail.Move{To: to.Key}},
	}
}
