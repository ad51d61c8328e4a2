package index

import (
	"slices"
	"strings"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/width"
)

// unfetched tells whether the messages of a mailbox have not come yet.
func unfetched(m mail.Mailbox) bool { return !m.Synced }

// Know takes what has been found out since about the mailboxes that are shown.
func (x *Index) Know(all []mail.Mailbox) {
	for i, m := range x.view.Mailboxes {
		if j := slices.IndexFunc(all, func(k mail.Mailbox) bool { return k.Key == m.Key }); j >= 0 {
			x.view.Mailboxes[i].Synced = all[j].Synced
		}
	}
}

// drawEmpty says why there is nothing to see.
func (x *Index) drawEmpty(area screen.Rect) screen.Frame {
	text := "No messages here."
	switch {
	case !x.loaded || x.loading:
		text = ""
	case x.view.Search != nil && x.view.Search.Typed:
		text = x.view.Search.nothing()
	case x.view.Search != nil:
	case x.view.OnlyUnread:
		text = "Everything here is read: " + x.env.Keys.Key(action.Index, action.Cancel) + " shows all messages again."
	case len(x.view.Mailboxes) == 0:
		text = "The mailboxes are not known yet: they come with the first connection."
	case x.total == 0 && slices.ContainsFunc(x.view.Mailboxes, unfetched):
		text = "The messages are not known yet: they come with the connection."
	}
	lines := make([]string, area.H)
	for i := range lines {
		lines[i] = strings.Repeat(" ", area.W)
	}
	if text != "" && area.H > 0 {
		for i, l := range width.Wrap(text, max(1, area.W-2)) {
			pad := max(0, area.W-width.Of(l)) / 2
			if y := area.H/3 + i; y < area.H {
				lines[y] = width.Fit(strings.Repeat(" ", pad)+x.env.Theme.Dim.Render(l), area.W)
			}
		}
	}
	return screen.Frame{Lines: lines}
}
