package pager

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/dialog"
	"posthorn/ui/external"
	"posthorn/ui/folder"
	"posthorn/ui/sheet"
)

// whole stands for the message itself among its parts.
func (p *Pager) whole() *mail.Part {
	return &mail.Part{Section: wholeMessage, MediaType: "message/rfc822", Filename: "the message"}
}

// pipe asks for a command and shows what it makes of a part, as it was before it was encoded. The line is split into
// words; no shell sees it.
func (c contents) pipe(part *mail.Part) tea.Cmd {
	return c.env.Root.Push(dialog.Prompt(c.env, "Pipe "+folder.Name(part)+" to", "", nil, func(line string) tea.Cmd {
		argv := external.Words(line)
		if len(argv) == 0 {
			return nil
		}
		return c.with([]*mail.Part{part}, func(found [][]byte) tea.Cmd {
			c.env.Root.Say("Running " + argv[0] + " …")
			return c.run(func(ctx context.Context) outcome {
				out, err := external.Filter(ctx, argv, found[0], 0)
				return func() tea.Cmd { return c.piped(strings.Join(argv, " "), out, err) }
			})
		})
	}))
}

func (c contents) piped(command string, out []byte, err error) tea.Cmd {
	text := string(out)
	switch {
	case strings.TrimSpace(text) != "" && err != nil:
		return c.env.Root.Push(sheet.NewOutput(c.env, command, err.Error(), text))
	case strings.TrimSpace(text) != "":
		return c.env.Root.Push(sheet.NewOutput(c.env, command, "What it wrote:", text))
	case err != nil:
		c.env.Root.Fail("pipe", err)
	default:
		c.env.Root.Say(command + " ended well and wrote nothing.")
	}
	return nil
}
