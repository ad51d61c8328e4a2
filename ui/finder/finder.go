// Package finder is the line in which mail is looked for: what it finds is shown while one types. It reads the query,
// completes operators, people, mailboxes and labels, and says what is wrong and where. It refuses to know how anything
// is found: who opened it shows what a query finds.
package finder

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/search"
	"posthorn/ui/action"
	"posthorn/ui/keys"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// Host is who opened a Finder.
type Host struct {
	Look  func(text string, q search.Query) tea.Cmd // show what this finds, as more is typed
	Move  func(a action.Action) tea.Cmd             // move in what is found
	Take  func(text string) tea.Cmd                 // the query is done, and the Finder gone
	Leave func() tea.Cmd                            // nothing is looked for after all
}

// height is how many lines there are without completions.
const height = 2

// Finder is the line.
type Finder struct {
	env       *screen.Env
	host      Host
	mailboxes []mail.Mailbox
	field     widget.Field
	looked    string // the text that was looked for last
	wrong     *search.Error
	refused   bool // it was to be taken and has a mistake

	popup  widget.Popup
	words  span // what a completion takes the place of
	ticket screen.Ticket
}

// New is a line that begins with text.
func New(env *screen.Env, mailboxes []mail.Mailbox, text string, host Host) (*Finder, tea.Cmd) {
	f := &Finder{env: env, host: host, mailboxes: mailboxes, looked: text}
	f.field.Set(text)
	return f, f.suggest()
}

// Size is the line, and what a word could become below it.
func (f *Finder) Size(w, h int) (int, int) { return w, f.Atop(h) }

// Atop tells how many of h lines are the Finder's: completions take at most half.
func (f *Finder) Atop(h int) int {
	n := height
	if k := min(len(f.popup.Choices()), mostChoices, h/2-1); k > 0 {
		n += k + 1
	}
	return min(n, h)
}

// Update takes completions.
func (f *Finder) Update(msg tea.Msg) tea.Cmd {
	if r, ok := msg.(screen.Result); ok && r.Ticket == f.ticket && r.Err == nil {
		f.popup.Show(r.Value.([]widget.Choice), false)
	}
	return nil
}

// Type changes the text.
func (f *Finder) Type(k tea.KeyPressMsg) tea.Cmd {
	before := f.field.At()
	if !f.field.Type(k) && f.field.At() == before {
		return nil
	}
	return f.changed()
}

// Paste inserts into the text.
func (f *Finder) Paste(text string) tea.Cmd {
	f.field.Paste(text)
	return f.changed()
}

// changed reads the query and shows what it finds.
func (f *Finder) changed() tea.Cmd {
	text := f.field.Text()
	q, wrong := f.read(text)
	f.wrong = wrong
	if text == f.looked {
		return f.suggest()
	}
	if f.refused {
		f.refused = false
		f.env.Root.Say("") // what was said of the mistake
	}
	f.looked = text
	return tea.Batch(f.host.Look(text, q), f.suggest())
}

func (f *Finder) read(text string) (search.Query, *search.Error) {
	q, err := search.Parse(text, f.env.Now())
	wrong, _ := err.(*search.Error)
	return q, wrong
}

// Do moves, completes, takes the query or gives it up.
func (f *Finder) Do(a action.Action) (tea.Cmd, bool) {
	switch a {
	case action.Complete:
		return f.fill(), true
	case action.Down, action.Up:
		if f.popup.Open() {
			f.popup.Move(map[action.Action]int{action.Down: 1, action.Up: -1}[a])
			return nil, true
		}
		return f.host.Move(a), true
	case action.PageDown, action.PageUp:
		return f.host.Move(a), true
	case action.Cancel:
		if _, ok := f.popup.Chosen(); ok {
			f.popup.Hide()
			return nil, true
		}
		return tea.Batch(f.env.Root.Pop(f), f.host.Leave()), true
	case action.Accept:
		return f.accept(), true
	}
	return nil, false
}

func (f *Finder) accept() tea.Cmd {
	if c, ok := f.popup.Chosen(); ok {
		return f.put(c)
	}
	text := strings.TrimSpace(f.field.Text())
	if text == "" {
		return tea.Batch(f.env.Root.Pop(f), f.host.Leave())
	}
	if _, f.wrong = f.read(text); f.wrong != nil {
		f.refused = true
		f.popup.Hide()
		f.env.Root.Fail("", f.wrong)
		return nil
	}
	return tea.Batch(f.env.Root.Pop(f), f.host.Take(text))
}

// Draw is the query, what is wrong with it below, and over the list what its word could become.
func (f *Finder) Draw(area screen.Rect) screen.Frame {
	th := f.env.Theme
	field, cursor := f.field.Ask(th, "words, from:anna, is:unread, after:7d …", max(1, area.W-4))
	lines := []string{width.Fit(th.Accent.Render(" / ")+field, area.W), f.below(area.W)}
	if rows := f.popup.Rows(th, area.W, max(0, area.H-height-1), mail.Line); len(rows) > 0 {
		lines = append(append(lines, rows...), f.foot(area.W))
	}
	return screen.Frame{Lines: lines[:min(len(lines), area.H)], Cursor: tea.NewCursor(min(cursor+3, max(0, area.W-1)), 0)}
}

// foot is the rule below completions, with the key that takes one.
func (f *Finder) foot(w int) string {
	key := f.env.Keys.First(f.Scopes(), action.Complete)
	said := " " + keys.Show(key) + " completes "
	left := w - 2 - width.Of(said)
	if key == "" || left < 0 {
		return f.env.Theme.Rule.Render(strings.Repeat("─", w))
	}
	return f.env.Theme.Rule.Render(strings.Repeat("─", left)) + f.env.Theme.Hint.Render(said) + f.env.Theme.Rule.Render("──")
}

// below is a rule, or what is wrong with a mark at the place.
func (f *Finder) below(w int) string {
	th := f.env.Theme
	if f.wrong == nil || f.wrong.Soft && !f.refused {
		return th.Rule.Render(strings.Repeat("─", w))
	}
	text := []rune(f.field.Text())
	column := 3 + width.Of(string(text[:min(f.wrong.Column, len(text))]))
	said := "↑ " + mail.Line(f.wrong.Text)
	if before := mail.Line(f.wrong.Text) + " ↑"; column+width.Of(said) > w && column+1 >= width.Of(before) { // before the mark where there is room
		said, column = before, column+1-width.Of(before)
	}
	return width.Fit(strings.Repeat(" ", column)+th.Error.Render(said), w)
}

// Scopes of the line.
func (f *Finder) Scopes() []action.Scope { return []action.Scope{action.Dialog} }
