package widget

// chosen are lines of a Pager that are selected, from where the selection began to where it was moved.
type chosen struct {
	on        bool
	began, at int
}

// Select selects a line.
func (p *Pager) Select(line int) { p.chosen = chosen{true, line, line} }

// Deselect drops the selection.
func (p *Pager) Deselect() { p.chosen = chosen{} }

// Selected are the first line selected and the one behind the last; not ok: none are.
func (p *Pager) Selected() (from, to int, ok bool) {
	m := p.chosen
	return min(m.began, m.at), max(m.began, m.at) + 1, m.on
}

// Extend moves the end of the selection n lines, and scrolls so that it is seen.
func (p *Pager) Extend(n int) {
	m := &p.chosen
	m.at = max(0, min(m.at+n, p.len()-1))
	p.seeEnd()
}

// OtherEnd goes on at the other end of the selection.
func (p *Pager) OtherEnd() {
	m := &p.chosen
	m.began, m.at = m.at, m.began
	p.seeEnd()
}

func (p *Pager) seeEnd() {
	if at := p.chosen.at; at < p.top {
		p.GoTo(at)
	} else if at >= p.top+p.page {
		p.GoTo(at - p.page + 1)
	}
}
