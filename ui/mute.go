package ui

import (
	"context"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
)

// mute mutes the conversations of the targets as a whole, or those that are all muted no longer. What is muted is out of
// the inbox and read, as it is with what comes later (see cache/muted.go). The marks are the server's, so that other
// programs can go by them; what is muted no longer stays where it is.
func (a *App) mute(targets []mail.Message) tea.Cmd {
	off := !slices.ContainsFunc(targets, func(m mail.Message) bool { return !m.Flags.Has(mail.Muted) })
	var threads []int64
	var gone []mail.MessageKey
	for _, m := range targets {
		if !slices.Contains(threads, m.Thread) {
			threads = append(threads, m.Thread)
		}
		if _, leaves := a.outOfInbox(m); leaves && !off {
			gone = append(gone, m.Key)
		}
	}
	what := "muted " + conversations(len(threads))
	if off {
		what = "muted " + conversations(len(threads)) + " no longer"
	}
	return a.wishFor(what, gone, func(ctx context.Context) (changes []mail.Targeted, err error) {
		all, err := a.env.Store.Whole(ctx, threads)
		for _, m := range targets { // also one that lies in Trash
			if !slices.ContainsFunc(all, func(one mail.Message) bool { return one.Key == m.Key }) {
				all = append(all, m)
			}
		}
		for _, m := range all {
			changes = append(changes, a.muted(m, off)...)
		}
		return changes, err
	})
}

// muted is what muting does to one message.
func (a *App) muted(m mail.Message, off bool) []mail.Targeted {
	if off {
		return []mail.Targeted{{Message: m.Key, Change: mail.FlagChange{Mask: mail.Muted}}}
	}
	changes := []mail.Targeted{{Message: m.Key, Change: mail.FlagChange{Mask: mail.Muted | mail.Seen, Want: mail.Muted | mail.Seen}}}
	if to, leaves := a.outOfInbox(m); leaves {
		changes = append(changes, mail.Targeted{Message: m.Key, Change: mail.Move{To: to}})
	}
	return changes
}

// outOfInbox is where a muted message goes: what lies elsewhere than in the inbox stays, and so does all where there is no
// archive.
func (a *App) outOfInbox(m mail.Message) (to mail.MailboxKey, leaves bool) {
	inbox, ok := a.side.Find(m.Account, mail.Inbox)
	archive, there := a.side.Find(m.Account, mail.Archive)
	return archive.Key, ok && there && inbox.Key == m.Mailbox && archive.Key != m.Mailbox
}

func conversations(n int) string {
	if n == 1 {
		return "the conversation"
	}
	return fmt.Sprintf("%d conversations", n)
}
