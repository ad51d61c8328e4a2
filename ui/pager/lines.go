package pager

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
)

// selectLines selects the first line of the text that is seen.
func (p *Pager) selectLines() {
	if p.page == nil || p.view.Len() == 0 {
		return
	}
	p.endFind()
	p.text.Select(min(max(p.text.At(), p.view.row(p.page.textAt)), p.view.Len()-1))
	p.env.Root.Say("The answer quotes only the lines selected; " + p.env.Keys.Key(action.Lines, action.OtherEnd) + " goes to their other end.")
}

// extend is Do while lines are selected, for what moves.
func (p *Pager) extend(a action.Action) bool {
	n := p.view.Len()
	steps := map[action.Action]int{
		action.Down: 1, action.Up: -1, action.HalfDown: p.text.Page() / 2, action.HalfUp: -p.text.Page() / 2,
		action.PageDown: p.text.Page() - 2, action.Continue: p.text.Page() - 2, action.PageUp: 2 - p.text.Page(), action.Top: -n, action.Bottom: n,
	}
	if steps[a] != 0 {
		p.text.Extend(steps[a])
	}
	return steps[a] != 0
}

// doLines is Do for what is done to selected lines.
func (p *Pager) doLines(a action.Action) (tea.Cmd, bool) {
	switch a {
	case action.OtherEnd:
		p.text.OtherEnd()
	case action.Cancel:
		p.text.Deselect()
	case action.CopyText:
		text := p.Selection()
		p.text.Deselect()
		p.env.Root.Say("Copied to the clipboard.")
		return tea.SetClipboard(text), true
	default:
		return nil, p.extend(a)
	}
	return nil, true
}

// Selection is the lines that are selected, as they would stand in plain text; empty: none are.
func (p *Pager) Selection() string {
	from, to, ok := p.text.Selected()
	if !ok || p.page == nil {
		return ""
	}
	var out []string
	for row := from; row < min(to, p.view.Len()); row++ {
		if row < len(p.view.rows) && p.view.rows[row] < 0 { // what is hidden is selected with the line it hides behind
			hidden := p.page.foldable[-p.view.rows[row]-1]
			for line := hidden.From; line < hidden.To; line++ {
				out = append(out, plainLine(p.page.pieces(line)))
			}
			continue
		}
		out = append(out, plainLine(p.view.pieces(row)))
	}
	return strings.Trim(strings.Join(out, "\n"), "\n")
}

// Deselect drops the selection, when it was answered.
func (p *Pager) Deselect() { p.text.Deselect() }

// plainLine is a line without the margin and the numbers of links, its bars of quoting as the marks of plain text.
func plainLine(pieces []piece) string {
	var b strings.Builder
	start := true
	for i, t := range pieces {
		switch {
		case i == 0 && strings.TrimSpace(t.text) == "":
		case start && t.text == quoteBar:
			b.WriteString("> ")
		case t.token&0xff == numberToken && t.token>>linkShift > 0 && !start && strings.HasPrefix(t.text, "["):
		default:
			start = false
			b.WriteString(t.text)
		}
	}
	return strings.TrimRight(b.String(), " ")
}
