// Package outbox is the screen of mail on its way out: what waits, what is being sent, what was refused and why. It
// refuses to send anything itself: the engine does, and the person decides where it cannot know.
package outbox

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// Outbox is the list.
type Outbox struct {
	env    *screen.Env
	list   []cache.Outgoing
	loaded bool
	at     int
	top    int
	page   int
	ticket screen.Ticket
}

// New is an empty list, and the command that fills it.
func New(env *screen.Env) (*Outbox, tea.Cmd) {
	o := &Outbox{env: env, page: 1}
	return o, o.load()
}

func (o *Outbox) load() tea.Cmd {
	return screen.Load(o.env, o, o.ticket.Next(), func(ctx context.Context) (any, error) {
		list, err := o.env.Store.Outbox(ctx)
		return list, err
	})
}

// given is a draft that was taken out of the outbox.
type given struct{ draft compose.Draft }

// Update takes the list, and what became of an action.
func (o *Outbox) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case mail.Event:
		if msg.Kind == mail.OutboxChanged {
			return o.load()
		}
	case screen.Result:
		if msg.Err != nil {
			o.env.Root.Fail("outbox", msg.Err)
			return o.load()
		}
		switch v := msg.Value.(type) {
		case []cache.Outgoing:
			if msg.Ticket == o.ticket {
				o.take(v)
			}
		case given:
			return tea.Batch(o.env.Root.Pop(o), o.env.Root.Compose(v.draft))
		case nil:
			return o.load()
		}
	}
	return nil
}

// take puts a list in place; the cursor stays on its message.
func (o *Outbox) take(list []cache.Outgoing) {
	was := int64(0)
	if o.at < len(o.list) {
		was = o.list[o.at].Key
	}
	o.list, o.loaded = list, true
	o.at = max(0, min(o.at, len(list)-1))
	for i, out := range list {
		if out.Key == was {
			o.at = i
		}
	}
}

// Title names the screen.
func (o *Outbox) Title() (name, detail string) {
	if len(o.list) == 0 {
		return "Outbox", ""
	}
	return "Outbox", fmt.Sprint(len(o.list))
}

// Scopes are the screen's own.
func (o *Outbox) Scopes() []action.Scope { return []action.Scope{action.Outbox} }

// Do moves, sends again, or takes a message back.
func (o *Outbox) Do(a action.Action) (tea.Cmd, bool) {
	step := 0
	switch a {
	case action.Down:
		step = 1
	case action.Up:
		step = -1
	case action.PageDown:
		step = o.page
	case action.PageUp:
		step = -o.page
	case action.Back:
		return o.env.Root.Pop(o), true
	case action.Resend:
		return o.resend(), true
	case action.GiveBack:
		return o.giveBack(), true
	default:
		return nil, false
	}
	o.at = max(0, min(o.at+step, len(o.list)-1))
	return nil, true
}

func (o *Outbox) resend() tea.Cmd {
	if o.at >= len(o.list) {
		return nil
	}
	key := o.list[o.at].Key
	return screen.Load(o.env, o, 0, func(ctx context.Context) (any, error) { return nil, o.env.Engine.Resend(ctx, key) })
}

func (o *Outbox) giveBack() tea.Cmd {
	if o.at >= len(o.list) {
		return nil
	}
	key := o.list[o.at].Key
	return screen.Load(o.env, o, 0, func(ctx context.Context) (any, error) {
		d, err := o.env.Engine.GiveBack(ctx, key)
		return given{d}, err
	})
}

// Draw is a few lines for each message: what it is, and how it stands.
func (o *Outbox) Draw(area screen.Rect) screen.Frame {
	var lines []string
	if len(o.list) == 0 && o.loaded {
		lines = append(lines, "", "  "+o.env.Theme.Dim.Render("Nothing waits to be sent."))
	}
	from, to := 0, 0 // the lines of the message under the cursor
	for i, out := range o.list {
		if i == o.at {
			from = len(lines)
		}
		lines = append(lines, o.row(out, i == o.at, area.W)...)
		if i == o.at {
			to = len(lines)
		}
		lines = append(lines, "")
	}
	o.page = max(1, area.H/3)
	o.top = widget.Scroll(widget.Scroll(o.top, to-1, len(lines), area.H), from, len(lines), area.H)
	lines = lines[o.top:]
	for len(lines) < area.H {
		lines = append(lines, "")
	}
	lines = lines[:area.H]
	for i := range lines {
		lines[i] = width.Fit(lines[i], area.W)
	}
	return screen.Frame{Lines: lines}
}

func (o *Outbox) row(out cache.Outgoing, cursor bool, w int) []string {
	th := o.env.Theme
	under := lipgloss.NewStyle()
	bar := " "
	if cursor {
		under, bar = th.Cursor, "▎"
	}
	paint := func(s lipgloss.Style, text string) string { return s.Inherit(under).Render(text) }
	subject := mail.Line(out.Subject)
	if subject == "" {
		subject = "(no subject)"
	}
	when := age(o.env.Now().Sub(out.Created))
	room := max(0, w-2-width.Of(when)-2)
	recipients := width.Cut(mail.Line(strings.Join(out.To, ", ")), max(0, w-6))
	rows := []string{
		paint(th.Accent, bar) + paint(th.Strong, width.Fit(" "+subject, room)) + paint(th.Date, "  "+when+" "),
		paint(th.Accent, bar) + paint(th.Dim, width.Fit(" to "+recipients, max(0, w-1))),
	}
	style := th.Dim
	if out.State == cache.Failed || out.State == cache.Uncertain {
		style = th.Warn
	}
	for _, l := range width.Wrap(o.stands(out), max(1, w-3)) {
		rows = append(rows, paint(th.Accent, bar)+paint(style, width.Fit(" "+l, max(0, w-1))))
	}
	return rows
}

// stands is how a message stands, in words.
func (o *Outbox) stands(out cache.Outgoing) string {
	said := ""
	if out.LastError != "" {
		said = ": " + mail.Line(out.LastError)
	}
	switch out.State {
	case cache.Queued:
		if out.Attempts > 0 {
			return "Will be tried again" + said
		}
		if wait := out.NotBefore.Sub(o.env.Now()); wait > 0 {
			return fmt.Sprintf("Is sent in %d seconds; %s takes it back.", int((wait+time.Second-1)/time.Second), o.env.Keys.Key(action.Outbox, action.GiveBack))
		}
		return "Waits to be sent."
	case cache.Sending, cache.DotSent:
		return "Is being sent."
	case cache.Sent:
		return "Was sent; a copy is on its way to Sent."
	case cache.Failed:
		return "Was refused" + said
	case cache.Uncertain:
		return "May have been sent: the connection broke at the last moment. Look whether it arrived before you send it again."
	}
	return ""
}

// age is how long ago something was, briefly.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}
