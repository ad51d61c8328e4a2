package pager

import (
	"strings"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/screen"
	"posthorn/ui/width"
)

var spinner = []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

// turning is the spinner before what is waited for; nothing where it would be read out.
func turning(env *screen.Env, frame int) string {
	if env.Config.Linear {
		return ""
	}
	return spinner[frame%len(spinner)] + " "
}

// Draw is the part of the message that is scrolled to; while parts are on their way, or could not be had, the line
// below what is there says so.
func (p *Pager) Draw(area screen.Rect) screen.Frame {
	lines := p.text.Draw(p.env.Theme, area.W, area.H)
	note := p.note()
	if note == "" || area.H == 0 {
		return screen.Frame{Lines: lines}
	}
	at := 0
	if p.page != nil {
		at = min(p.view.Len()-p.text.At(), area.H-1)
	}
	left := strings.Repeat(" ", margin(textWidth(area.W)))
	for _, l := range width.Wrap(note, max(1, min(area.W-2*len(left), widest))) {
		if at >= area.H {
			break
		}
		style := p.env.Theme.Dim
		if p.failed != "" {
			style = p.env.Theme.Warn
		}
		lines[at] = width.Fit(left+style.Render(width.Cut(l, max(0, area.W-len(left)))), area.W)
		at++
	}
	return screen.Frame{Lines: lines}
}

// note is what there is to say instead of the text.
func (p *Pager) note() string {
	switch {
	case p.failed != "":
		return p.failed
	case p.page != nil && p.page.tail.counting() && p.text.AtEnd():
		return p.page.tail.reading()
	case p.late:
		return "This message takes long to lay out. Its source can be seen at once."
	case p.waiting:
		return turning(p.env, p.frame) + p.wait()
	}
	return ""
}

// phase is how the account that holds the message is connected.
func (p *Pager) phase() engine.Phase {
	m, _ := p.Message()
	for _, s := range p.env.Engine.States() {
		if s.Account == m.Account {
			return s.Phase
		}
	}
	return engine.Connecting
}

// wait tells what is waited for.
func (p *Pager) wait() string {
	m, _ := p.Message()
	switch {
	case p.phase() == engine.Paused:
		return "The text has not been fetched yet, and " + mail.Line(m.Account) + " is paused. It comes once that is resumed."
	case p.phase().Off():
		return "The text has not been fetched yet, and " + mail.Line(m.Account) + " is not connected. It comes with the connection."
	}
	return "Fetching the message …"
}
