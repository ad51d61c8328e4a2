package pager

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/ui/screen"
)

// outcome is what is left to do on the event loop once a command is done.
type outcome func() tea.Cmd

// contents gets at the parts of a message, for a screen that hands outcomes it is sent to their own call.
type contents struct {
	env *screen.Env
	key mail.MessageKey
	to  screen.Screen
}

// run does work off the event loop, and then what that leaves to do.
func (c contents) run(work func(context.Context) outcome) tea.Cmd {
	return screen.Load(c.env, c.to, 0, func(ctx context.Context) (any, error) { return work(ctx), nil })
}

// with calls then with the contents of parts, decoded; what is not here is fetched first, under a dialog that waits.
func (c contents) with(parts []*mail.Part, then func([][]byte) tea.Cmd) tea.Cmd {
	return c.run(func(ctx context.Context) outcome {
		found, missing, err := contentsOf(ctx, c.env, c.key, parts)
		return func() tea.Cmd {
			switch {
			case err != nil:
				c.env.Root.Fail("read the attachment", err)
				return nil
			case len(missing) == 0:
				return then(found)
			}
			return fetch(c.env, c.key, parts, missing, then)
		}
	})
}

// contentsOf reads parts and decodes them; missing are the sections that are not all here.
func contentsOf(ctx context.Context, env *screen.Env, key mail.MessageKey, parts []*mail.Part) (found [][]byte, missing []string, err error) {
	for _, part := range parts {
		raw, complete, err := env.Store.Content(ctx, key, part.Section)
		if err != nil {
			return nil, nil, err
		}
		if !complete {
			missing = append(missing, part.Section)
			continue
		}
		found = append(found, body.Decode(*part, raw))
	}
	return found, missing, nil
}
