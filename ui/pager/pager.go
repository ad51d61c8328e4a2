// Package pager shows one message: a calm header, the text, its links and attachments. It reads the database, asks
// the engine for what is missing and shows that it waits; it refuses to change messages other than marking what was
// read as read, and to fetch, open or save anything that the person did not ask for.
package pager

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/search"
	"posthorn/ui/action"
	"posthorn/ui/external"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
)

// Pager is the view of one message.
type Pager struct {
	env *screen.Env
	key mail.MessageKey
	how reading

	page    *page // nil: nothing loaded yet
	text    widget.Pager
	view    view // what text shows
	folding folding
	failed  string        // why there is nothing to show; safe
	glanced bool          // it stands beside the list, which has the keys: it does not count as read
	timed   bool          // the time runs after which it does
	waiting bool          // the engine was asked for parts
	asked   wants         // which
	laying  bool          // the page is being made anew
	late    bool          // and that takes long
	frame   int           // of the spinner
	found   string        // what was looked for last
	quiet   bool          // it is only marked what the list found
	sought  *search.Query // what the list found the message by: to be marked once its text is here; nil: nothing

	loading  screen.Ticket
	fresh    screen.Ticket // facts of the list row, asked for again
	spinning screen.Ticket
	seeing   screen.Ticket
	looking  screen.Ticket
	indexing screen.Ticket
	toEnd    bool   // the end is to be shown as soon as it is known
	back     *place // where to go back to, once it is counted
}

// New shows a message in w columns; where w is not known yet Resize begins.
func New(env *screen.Env, key mail.MessageKey, w int) (*Pager, tea.Cmd) {
	p := &Pager{env: env, key: key, how: reading{width: w}}
	p.text.Set(widget.List(nil), false)
	if w <= 0 {
		return p, nil
	}
	return p, p.load(true)
}

// Key is the message.
func (p *Pager) Key() mail.MessageKey { return p.key }

// Message is the message's facts, once they are known.
func (p *Pager) Message() (mail.Message, bool) {
	if p.page == nil {
		return mail.Message{}, false
	}
	return p.page.detail.Message, true
}

// Title is the message's subject.
func (p *Pager) Title() (name, detail string) {
	if p.page == nil {
		return "", ""
	}
	return subject(p.page.detail.Message), ""
}

// Scopes are the pager's own, and what is done to messages; while places found are marked, the keys that go between
// them come first, and so do those for selected lines.
func (p *Pager) Scopes() []action.Scope {
	if _, _, selecting := p.text.Selected(); selecting {
		return []action.Scope{action.Lines, action.Pager, action.Message}
	}
	if p.text.Searching() {
		return []action.Scope{action.Finding, action.Pager, action.Message}
	}
	return []action.Scope{action.Pager, action.Message}
}

// Offers tells which of what can be done to some messages can be done to this one.
func (p *Pager) Offers(a action.Action) bool {
	switch a {
	case action.Attachments:
		return p.page != nil && len(p.page.attachments()) > 0
	case action.OpenLink:
		return p.page != nil && len(p.page.links) > 0
	case action.Unsubscribe:
		return p.page != nil && p.page.detail.Envelope.Unsubscribe().Any()
	}
	return true
}

// Resize wraps the text anew where the width is another.
func (p *Pager) Resize(w int) tea.Cmd {
	if w == p.how.width || w <= 0 {
		return nil
	}
	p.how.width = w
	return p.load(false)
}

// Update takes what was loaded, timers and events.
func (p *Pager) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Result:
		return p.take(msg)
	case screen.Restyled:
		return p.load(false)
	case mail.Event:
		switch {
		case msg.Kind == mail.PartReady && msg.Message == p.key:
			return p.load(false)
		case (msg.Kind == mail.MessagesChanged || msg.Kind == mail.ListLeft) && p.page != nil:
			return p.refresh()
		}
	}
	return nil
}

// timers tell which one ended.
type (
	spin struct{}
	seen struct{}
	late struct{}
)

func (p *Pager) take(r screen.Result) tea.Cmd {
	switch v := r.Value.(type) {
	case spin:
		if r.Ticket == p.spinning && p.waiting {
			if !p.phase().Off() { // nothing goes on then
				p.frame++
			}
			return p.spin()
		}
	case seen:
		if r.Ticket == p.seeing && !p.glanced {
			return p.markRead()
		}
	case late:
		p.late = p.laying && r.Ticket == p.loading && !p.how.source
	case indexed:
		if r.Ticket == p.indexing && r.Err == nil {
			return p.grow(v)
		}
	case look:
		if r.Ticket == p.looking {
			return p.look()
		}
	case *page:
		if r.Ticket == p.loading {
			return p.loaded(v, r.Err)
		}
	case outcome:
		return v()
	case facts:
		if r.Ticket == p.fresh {
			return p.facts(v, r.Err)
		}
	case external.Opened:
		if v.Err != nil {
			p.env.Root.Fail(v.Op, v.Err)
		}
	default:
		if r.Err != nil {
			p.env.Root.Fail("mark as read", r.Err)
		}
	}
	return nil
}

// loaded puts a page on screen and asks for what it lacks.
func (p *Pager) loaded(g *page, err error) tea.Cmd {
	p.laying, p.late = false, false
	if err != nil {
		if p.page == nil {
			p.failed = mail.Line(err.Error())
		}
		p.waiting = false
		return nil
	}
	if p.how.prefer == "" && !g.lacks {
		p.how.prefer = g.how.prefer
	}
	first := p.page == nil || p.page.how.same(g.how)
	before := p.page
	if at := p.place(); at != nil && first {
		p.back = at
	}
	p.page, p.failed = g, ""
	p.view = p.folding.view(g)
	p.text.Set(p.view, before != nil && first)
	if p.sought != nil && !g.lacks {
		p.markSought()
	}
	if p.indexing.Next(); g.tail.counting() {
		return tea.Batch(p.index(), p.want(g))
	}
	return tea.Batch(p.look(), p.want(g))
}

// want asks for what a page lacks.
func (p *Pager) want(g *page) tea.Cmd {
	if !g.lacks && len(g.missing) == 0 {
		p.waiting = false
		return p.see()
	}
	if problem := p.env.Engine.Problem(p.key); problem != "" && p.waiting {
		p.waiting, p.failed = false, mail.Line(problem)
		return nil
	}
	if p.waiting && p.asked == g.how.wants() {
		return nil
	}
	p.asked = g.how.wants()
	if g.lacks {
		p.env.Engine.Open(p.key)
	}
	if len(g.missing) > 0 {
		p.env.Engine.Open(p.key, g.missing...)
	}
	if p.waiting {
		return nil
	}
	p.waiting = true
	return p.spin()
}

// interval is how fast the spinner turns.
const interval = 100 * time.Millisecond

func (p *Pager) spin() tea.Cmd {
	return p.env.After(interval, screen.Result{To: p, Ticket: p.spinning.Next(), Value: spin{}})
}

// Glance tells that the message is only seen beside the list.
func (p *Pager) Glance() { p.glanced, p.timed = true, false }

// Glanced tells whether it is.
func (p *Pager) Glanced() bool { return p.glanced }

// Failed tells whether there is nothing to show.
func (p *Pager) Failed() bool { return p.failed != "" }

// Attend tells that the message is read.
func (p *Pager) Attend() tea.Cmd {
	if !p.glanced {
		return nil
	}
	p.glanced = false
	if p.page == nil || p.waiting {
		return nil
	}
	return p.see()
}

// see starts the time after which an open message counts as read.
func (p *Pager) see() tea.Cmd {
	d := p.env.Config.MarkReadAfter
	if d < 0 || p.glanced || p.timed || !p.page.detail.Unseen() || p.env.Engine.Refusal() != nil {
		return nil
	}
	p.timed = true
	r := screen.Result{To: p, Ticket: p.seeing.Next(), Value: seen{}}
	if d == 0 {
		return func() tea.Msg { return r }
	}
	return p.env.After(d, r)
}

// markRead is passed over by undo: nobody asked for it by a key.
func (p *Pager) markRead() tea.Cmd {
	if !p.page.detail.Unseen() {
		return nil
	}
	return screen.Load(p.env, p, 0, func(ctx context.Context) (any, error) {
		return nil, p.env.Engine.Do(ctx, "", mail.Targeted{Message: p.key, Change: mail.FlagChange{Mask: mail.Seen, Want: mail.Seen}})
	})
}

// Do scrolls, finds, switches between the ways to look at the message, and opens links and attachments. What leads
// away from the message is the root's.
func (p *Pager) Do(a action.Action) (tea.Cmd, bool) {
	if _, _, selecting := p.text.Selected(); selecting {
		if cmd, ok := p.doLines(a); ok {
			return cmd, true
		}
	}
	switch a {
	case action.SelectLines:
		p.selectLines()
	case action.Continue:
		if p.text.AtEnd() && !p.waiting && !(p.page != nil && p.page.tail.counting()) {
			return nil, false
		}
		p.text.Scroll(max(1, p.text.Page()-2))
	case action.OpenLink:
		return p.chooseLink("Open", p.confirmLink), true
	case action.CopyLink:
		return p.chooseLink("Copy", p.copyLink), true
	case action.Attachments:
		return p.showFiles(), true
	case action.Unsubscribe:
		return p.unsubscribe(), true
	case action.Headers:
		p.how.allHeaders, p.how.source = !p.how.allHeaders, false
		return p.load(true), true
	case action.Source:
		p.how.source = !p.how.source
		return p.load(true), true
	case action.SwitchView:
		return p.switchForm(), true
	case action.KeepView:
		return p.keepForm(), true
	case action.Pipe:
		return contents{p.env, p.key, p}.pipe(p.whole()), true
	case action.Find:
		return p.find(), true
	case action.FindNext:
		p.findNext(1)
	case action.FindBack:
		p.findNext(-1)
	case action.EndFind:
		p.endFind()
	case action.Quotes:
		p.foldAll()
	case action.Unfold:
		p.unfold()
	default:
		return nil, p.scroll(a)
	}
	return nil, true
}

func (p *Pager) scroll(a action.Action) bool {
	p.toEnd, p.back = a == action.Bottom, nil
	return p.text.Move(a)
}
