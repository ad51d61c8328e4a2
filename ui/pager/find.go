package pager

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail/search"
	"posthorn/ui/dialog"
	"posthorn/ui/screen"
)

// look is the next piece of a search.
type look struct{}

// piecewise is how many lines are searched in one go: a key pressed meanwhile is answered before the next.
const piecewise = 4000

func (p *Pager) find() tea.Cmd {
	return p.env.Root.Push(dialog.Prompt(p.env, "Find in this message", p.found, nil, func(text string) tea.Cmd {
		p.found, p.toEnd = text, false
		if p.page == nil {
			return nil
		}
		if text != "" {
			p.unfoldFor(text)
		}
		p.quiet = false
		p.text.Begin(text)
		return p.look()
	}).Anew())
}

// look searches one piece, tells what came of it, and asks for the next.
func (p *Pager) look() tea.Cmd {
	if !p.text.Searching() {
		return nil
	}
	if p.page.tail.counting() {
		if p.quiet {
			return nil
		}
		p.env.Root.Say(fmt.Sprintf("Looking for %s: reading on, %d%%", p.found, p.page.tail.counted()))
		return nil
	}
	done := p.text.Look(piecewise)
	number, of := p.text.Found()
	switch {
	case p.quiet && done && of == 0:
		p.endFind()
	case p.quiet: // the person has not asked
	case !done && of == 0:
		p.env.Root.Say(fmt.Sprintf("Looking for %s: %d%%", p.found, p.text.Looked()))
	case !done:
		p.env.Root.Say(fmt.Sprintf("%s: found; counting, %d%%", p.found, p.text.Looked()))
	case of == 0:
		p.endFind()
		p.env.Root.Say("Not found: " + p.found)
	default:
		p.tellPlace(number, of, "")
	}
	if done {
		return nil
	}
	r := screen.Result{To: p, Ticket: p.looking.Next(), Value: look{}}
	return func() tea.Msg { return r }
}

func (p *Pager) tellPlace(number, of int, more string) {
	count := fmt.Sprint(of)
	if p.text.Many() {
		count += " or more"
	}
	p.env.Root.Say(fmt.Sprintf("%s: %d of %s%s", p.found, number, count, more))
}

// findNext goes steps places on.
func (p *Pager) findNext(steps int) {
	found, around := p.text.FindNext(steps)
	if !found {
		return
	}
	more := ""
	switch {
	case around && steps > 0:
		more = ", from the top again"
	case around:
		more = ", from the end again"
	}
	number, of := p.text.Found()
	p.tellPlace(number, of, more)
}

// Sought tells what the message was found by: its words are marked, and the keys that go between places found go between
// them; it is shown from its top all the same.
func (p *Pager) Sought(q search.Query) { p.sought = &q }

func (p *Pager) markSought() {
	var words []search.Term
	p.sought.Walk(func(t search.Term, wanted bool) {
		if wanted && t.Textual() {
			words = append(words, t)
		}
	})
	if p.sought = nil; len(words) == 0 {
		return
	}
	texts := make([]string, len(words))
	for i, t := range words {
		texts[i] = t.Value
	}
	p.found = strings.Join(texts, " ")
	match := func(text string) [][2]int { return search.Places(text, words) }
	p.unfoldWhere(func(text string) bool { return len(match(text)) > 0 })
	p.text.Mark(match)
	p.quiet = true
}

func (p *Pager) endFind() { p.text.Begin("") }
