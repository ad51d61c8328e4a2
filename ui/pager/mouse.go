package pager

import (
	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/width"
)

// Mouse scrolls, asks about the link that is clicked as its key does, unfolds a fold, and opens the attachments.
func (p *Pager) Mouse(m screen.Mouse) (tea.Cmd, action.Action) {
	switch m.Gesture {
	case screen.Wheel:
		p.toEnd, p.back = false, nil
		p.text.Scroll(m.Lines)
	case screen.Click:
		return p.click(p.text.At()+m.Y, m.X)
	}
	return nil, ""
}

func (p *Pager) click(row, x int) (tea.Cmd, action.Action) {
	if p.page == nil || row < 0 || row >= p.view.Len() {
		return nil, ""
	}
	if row < len(p.view.rows) && p.view.rows[row] < 0 {
		id := p.page.foldable[-p.view.rows[row]-1].ID
		p.refold(func() { p.folding = p.folding.but(id) })
		return nil, ""
	}
	if line := p.view.line(row); line >= p.page.listed[0] && line < p.page.listed[1] {
		return nil, action.Attachments
	}
	for _, t := range p.view.pieces(row) {
		if x -= width.Of(t.text); x < 0 {
			if n := int(t.token >> linkShift); n > 0 && n <= len(p.page.links) {
				return p.confirmLink(p.page.links[n-1]), ""
			}
			break
		}
	}
	return nil, ""
}
