package pager

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/folder"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// Fetching is the dialog that waits for attachments, and goes on once they are here.
type Fetching struct {
	env     *screen.Env
	key     mail.MessageKey
	parts   []*mail.Part
	missing []string // sections that were asked for
	then    func([][]byte) tea.Cmd

	failed   string // why they could not be had; safe
	frame    int
	spinning screen.Ticket
	reading  screen.Ticket
}

// fetch asks for the missing sections and waits for them.
func fetch(env *screen.Env, key mail.MessageKey, parts []*mail.Part, missing []string, then func([][]byte) tea.Cmd) tea.Cmd {
	f := &Fetching{env: env, key: key, parts: parts, missing: missing, then: then}
	env.Engine.Open(key, missing...)
	return tea.Batch(env.Root.Push(f), f.spin(), f.read())
}

// arrived is what the cache held when it was asked.
type arrived struct {
	contents [][]byte
	missing  []string
}

func (f *Fetching) read() tea.Cmd {
	return screen.Load(f.env, f, f.reading.Next(), func(ctx context.Context) (any, error) {
		contents, missing, err := contentsOf(ctx, f.env, f.key, f.parts)
		return arrived{contents, missing}, err
	})
}

func (f *Fetching) spin() tea.Cmd {
	return f.env.After(interval, screen.Result{To: f, Ticket: f.spinning.Next(), Value: spin{}})
}

// Update goes on when everything is here.
func (f *Fetching) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case mail.Event:
		if msg.Kind == mail.PartReady && msg.Message == f.key {
			return f.read()
		}
	case screen.Result:
		switch v := msg.Value.(type) {
		case spin:
			if msg.Ticket == f.spinning && f.failed == "" {
				f.frame++
				return f.spin()
			}
		case arrived:
			if msg.Ticket == f.reading {
				return f.take(v, msg.Err)
			}
		}
	}
	return nil
}

func (f *Fetching) take(a arrived, err error) tea.Cmd {
	switch {
	case err != nil:
		f.failed = mail.Line(err.Error())
	case len(a.missing) == 0:
		return tea.Batch(f.env.Root.Pop(f), f.then(a.contents))
	default:
		f.failed = mail.Line(f.env.Engine.Problem(f.key))
	}
	return nil
}

// Do gives up waiting: what has come stays, and the rest is not fetched.
func (f *Fetching) Do(a action.Action) (tea.Cmd, bool) {
	if a == action.Back || a == action.Open {
		f.env.Engine.Leave(f.key, f.missing...)
		return f.env.Root.Pop(f), true
	}
	return nil, true
}

// Scopes are those of the list of attachments.
func (f *Fetching) Scopes() []action.Scope { return []action.Scope{action.Files} }

// Size is the box the dialog wants.
func (f *Fetching) Size(w, h int) (int, int) { return min(60, w), min(len(f.text(min(60, w)))+4, h) }

func (f *Fetching) text(w int) []string {
	text := f.failed
	if text == "" {
		names := make([]string, len(f.parts))
		for i, p := range f.parts {
			names[i] = folder.Name(p)
		}
		text = turning(f.env, f.frame) + "Fetching " + strings.Join(names, ", ") + f.progress()
	}
	return width.Wrap(text, max(1, w-6))
}

// progress is how far the engine is, where it counts.
func (f *Fetching) progress() string {
	for _, s := range f.env.Engine.States() {
		if s.Total > 0 && strings.HasPrefix(s.Text, "fetching a message") {
			return " — " + widget.Size(int64(s.Done)<<10) + " of " + widget.Size(int64(s.Total)<<10)
		}
	}
	return ""
}

// Draw is the sentence in its frame.
func (f *Fetching) Draw(area screen.Rect) screen.Frame {
	style := f.env.Theme.Text
	if f.failed != "" {
		style = f.env.Theme.Warn
	}
	lines := []string{""}
	for _, l := range f.text(area.W) {
		lines = append(lines, "  "+style.Render(l))
	}
	for len(lines) < area.H-2 {
		lines = append(lines, "")
	}
	hint := " stops waiting"
	if f.failed != "" {
		hint = " goes back"
	}
	out := widget.Box(f.env.Theme, "", f.env.Keys.Key(action.Files, action.Back)+hint, lines[:max(0, min(len(lines), area.H-2))], area.W)
	return screen.Frame{Lines: out[:min(len(out), area.H)]}
}
