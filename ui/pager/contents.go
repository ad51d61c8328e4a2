package pager

import (
	"context"
	"errors"

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
		section, enclosed := mail.EnclosedIn(part.Section)
		raw, complete, err := env.Store.Content(ctx, key, section)
		if err != nil {
			return nil, nil, err
		}
		switch {
		case !complete:
			missing = append(missing, section)
		case enclosed > 0:
			content, err := enclosure(ctx, env, key, section, enclosed, raw)
			if err != nil {
				return nil, nil, err
			}
			found = append(found, content)
		default:
			found = append(found, body.Decode(*part, raw))
		}
	}
	return found, missing, nil
}

// enclosure is the n-th file that is written into a text.
func enclosure(ctx context.Context, env *screen.Env, key mail.MessageKey, section string, n int, raw []byte) ([]byte, error) {
	d, err := env.Store.Message(ctx, key)
	if err != nil {
		return nil, err
	}
	var text *mail.Part
	if d.Structure != nil {
		text = d.Structure.Find(section)
	}
	if text == nil {
		return nil, errors.New("the file is not in the text any more: open the message again")
	}
	files := body.Enclosures(*text, raw)
	if n > len(files) {
		return nil, errors.New("the file is not in the text any more: open the message again")
	}
	return files[n-1].Data, nil
}
