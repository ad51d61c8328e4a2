package index

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/ui/screen"
)

// NextUnread puts the cursor on the next unread message: after the cursor first, then from the top. then is called
// once it stands there, or with false where there is none.
func (x *Index) NextUnread(then func(found bool) tea.Cmd) tea.Cmd {
	for i := x.at + 1; i < len(x.rows); i++ {
		if x.unseenAt(i) {
			x.at = i
			return tea.Batch(x.extend(), then(true))
		}
	}
	q, from, here := x.query(), cache.Position{}, mail.MessageKey(0)
	q.Unseen = true
	if n := len(x.rows); n > 0 {
		from, here = x.position(n-1), x.rows[x.at].Key
	}
	x.loading, x.stale = true, false
	return screen.Load(x.env, x, x.ticket.Next(), func(ctx context.Context) (any, error) {
		return x.seek(ctx, q, from, here, then)
	})
}

// sought is the window around the unread message found, if there is one.
type sought struct {
	window
	key  mail.MessageKey // 0: none
	then func(bool) tea.Cmd
}

// seek looks for an unread message but here from a place on, and then from the top.
func (x *Index) seek(ctx context.Context, q cache.View, from cache.Position, here mail.MessageKey, then func(bool) tea.Cmd) (any, error) {
	s := sought{then: then}
	for _, p := range []cache.Position{from, {}} {
		w, err := x.env.Store.Window(ctx, q, p, 0, 2)
		if err != nil {
			return nil, err
		}
		for _, m := range w.Messages {
			if m.Key == here {
				continue
			}
			s.key = m.Key
			q.Unseen = x.view.OnlyUnread
			if s.Window, err = x.env.Store.Window(ctx, q, q.Sort.At(m), reach, reach); err != nil {
				return nil, err
			}
			if s.members, err = x.members(ctx, q, s.Messages); err != nil {
				return nil, err
			}
			s.total, s.unseen, err = x.env.Store.Count(ctx, q)
			return s, err
		}
	}
	return s, nil
}

// found goes to the message that seek found.
func (x *Index) found(s sought) tea.Cmd {
	x.loading = false
	if s.key == 0 {
		return s.then(false)
	}
	s.at, x.back = stay, s.key
	return tea.Batch(x.take(screen.Result{Value: s.window}), s.then(true))
}
