package dialog

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// Input asks for one line of text.
type Input struct {
	env      *screen.Env
	title    string
	complete func(string) []string
	take     func(string) tea.Cmd
	read     func(string) Reading // nil: any text will do
	browse   func(string) tea.Cmd // another way to answer, beginning from the text; nil: there is none
	path     bool                 // the text is a path

	reading Reading // of the text as it stands
	refused bool    // the text was to be taken and will not do

	field  widget.Field
	popup  widget.Popup
	ticket screen.Ticket
	knows  bool // completions were looked for at least once
}

// Reading is what a text means.
type Reading struct {
	Text   string // the meaning in words, or what is wrong
	OK     bool
	Column int // where it is wrong, in characters
}

// Checked lets only texts be taken that read understands, and shows its reading of the text beneath: what will not do
// only once it was to be taken, and hint before.
func (p *Input) Checked(hint string, read func(text string) Reading) *Input {
	p.read = func(text string) Reading {
		r := read(text)
		if !r.OK && !p.refused {
			r = Reading{Text: hint}
		}
		return r
	}
	p.changed()
	return p
}

// Anew lets what is typed take the place of the text that stands there; with an arrow key it is changed instead.
func (p *Input) Anew() *Input {
	p.field.SelectAll()
	return p
}

// Browsing offers to look for the answer in another way, beginning from the text as it stands.
func (p *Input) Browsing(browse func(text string) tea.Cmd) *Input {
	p.browse = browse
	return p
}

// Path tells that the text is a path: a whole one that is typed or pasted behind the folder that stands there takes its
// place.
func (p *Input) Path() *Input {
	p.path = true
	return p
}

// begunAnew is where a path begins anew: at a second slash, or at the home folder.
func begunAnew(path string) string {
	for _, start := range []string{"//", "/~/"} {
		if i := strings.LastIndex(path, start); i >= 0 {
			path = path[i+1:]
		}
	}
	return path
}

// changed reads the text anew.
func (p *Input) changed() {
	if text := p.field.Text(); p.path && begunAnew(text) != text {
		p.field.Set(begunAnew(text))
	}
	if p.refused = false; p.read != nil {
		p.reading = p.read(p.field.Text())
	}
}

// completions is how many completions are shown at most.
const completions = 8

// Prompt asks for a line, starting with initial, and calls take with it. complete, which may be nil, lists what the
// text could become, as whole lines; it runs off the event loop and may look at files.
func Prompt(env *screen.Env, title, initial string, complete func(string) []string, take func(string) tea.Cmd) *Input {
	p := &Input{env: env, title: mail.Line(title), complete: complete, take: take}
	p.field.Set(initial)
	return p
}

// Suggest looks for completions of the text as it stands.
func (p *Input) Suggest() tea.Cmd {
	if p.complete == nil {
		return nil
	}
	text := p.field.Text()
	return screen.Load(p.env, p, p.ticket.Next(), func(context.Context) (any, error) { return p.complete(text), nil })
}

// Size is the box the prompt wants.
func (p *Input) Size(w, h int) (int, int) {
	bh := 3
	if p.complete != nil {
		bh += completions + 1
	}
	if p.read != nil {
		bh += 3
	}
	return min(72, w), min(bh, h)
}

// Update takes completions that were asked for.
func (p *Input) Update(msg tea.Msg) tea.Cmd {
	r, ok := msg.(screen.Result)
	if !ok || r.Ticket != p.ticket {
		return nil
	}
	texts, _ := r.Value.([]string)
	choices := make([]widget.Choice, len(texts))
	for i, t := range texts {
		choices[i].Text = t
	}
	p.popup.Show(choices, false)
	p.knows = true
	return nil
}

// Type changes the text.
func (p *Input) Type(k tea.KeyPressMsg) tea.Cmd {
	if !p.field.Type(k) {
		return nil
	}
	p.changed()
	return p.Suggest()
}

// Paste inserts into the text.
func (p *Input) Paste(text string) tea.Cmd {
	p.field.Paste(text)
	p.changed()
	return p.Suggest()
}

// Do moves among the completions, completes, takes the text or gives up.
func (p *Input) Do(a action.Action) (tea.Cmd, bool) {
	switch a {
	case action.Down:
		p.popup.Move(1)
	case action.Up:
		p.popup.Move(-1)
	case action.Complete:
		return p.fill(), true
	case action.Browse:
		if p.browse == nil {
			return nil, false
		}
		return end(p.env, p, func() tea.Cmd { return p.browse(p.field.Text()) }), true
	case action.Cancel:
		return end(p.env, p, nil), true
	case action.Accept:
		return p.accept(), true
	default:
		return nil, false
	}
	return nil, true
}

// fill completes the text as far as is certain; where nothing is, it goes to the first completion.
func (p *Input) fill() tea.Cmd {
	if c, ok := p.popup.Chosen(); ok {
		p.field.Set(c.Text)
		return p.Suggest()
	}
	if common := commonStart(p.popup.Choices()); len(common) > len(p.field.Text()) {
		p.field.Set(common)
		return p.Suggest()
	}
	p.popup.Move(1)
	return nil
}

func (p *Input) accept() tea.Cmd {
	text := p.field.Text()
	if c, ok := p.popup.Chosen(); ok {
		if strings.HasSuffix(c.Text, "/") { // a folder: go into it
			return p.fill()
		}
		text = c.Text
	}
	if p.read != nil {
		p.refused = true
		if p.reading = p.read(text); !p.reading.OK {
			return nil
		}
	}
	return end(p.env, p, func() tea.Cmd { return p.take(text) })
}

// commonStart is what all choices start with.
func commonStart(choices []widget.Choice) string {
	if len(choices) == 0 {
		return ""
	}
	common := choices[0].Text
	for _, c := range choices[1:] {
		for !strings.HasPrefix(c.Text, common) {
			common = common[:len(common)-1]
		}
	}
	return strings.ToValidUTF8(common, "")
}

// Draw is the text with its completions beneath.
func (p *Input) Draw(area screen.Rect) screen.Frame {
	th, inner := p.env.Theme, max(0, area.W-2)
	field, cursor := p.field.Show(th, max(1, inner-4))
	lines := []string{th.Accent.Render(" › ") + field}
	if p.read != nil {
		lines = append(lines, p.reads(inner)...)
	}
	if p.complete != nil {
		shown := p.popup.Rows(th, inner, max(0, area.H-3-len(lines)), afterFolder)
		if len(shown) == 0 && p.knows && p.read == nil && p.field.Text() != "" { // else the reading says what will be
			shown = []string{th.Dim.Render("   no completion")}
		}
		if len(shown) > 0 {
			lines = append(append(lines, th.Rule.Render(rule(inner))), shown...)
		}
		area.H = min(area.H, len(lines)+2) // the text stays where it is, and the frame ends below the last completion
	}
	foot := ""
	if p.browse != nil {
		foot = hint(p.env, action.Dialog, action.Complete, "completes") + "  " + hint(p.env, action.Dialog, action.Browse, "looks through folders")
	}
	return framed(p.env, area, p.title, foot, lines, tea.NewCursor(cursor+3, 0))
}

// reads is the reading beneath the text, with a mark below the place that is wrong.
func (p *Input) reads(w int) []string {
	th, style, mark := p.env.Theme, p.env.Theme.Dim, ""
	if p.refused && !p.reading.OK {
		style = th.Error
		text := []rune(p.field.Text())
		if column := width.Of(string(text[:min(p.reading.Column, len(text))])); column < w-4 && width.Of(string(text)) < w-4 {
			mark = style.Render("   " + pad(column) + "↑")
		}
	}
	lines := []string{mark}
	for _, l := range width.Wrap(mail.Line(p.reading.Text), max(1, w-5)) {
		lines = append(lines, style.Render("   "+l))
	}
	return lines
}

// afterFolder is the last element of a path, which is what tells completions apart.
func afterFolder(path string) string {
	i := strings.LastIndexByte(strings.TrimSuffix(path, "/"), '/')
	return mail.Line(path[i+1:])
}

// Scopes of a prompt.
func (p *Input) Scopes() []action.Scope { return []action.Scope{action.Dialog} }
