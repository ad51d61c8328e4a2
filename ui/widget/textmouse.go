package widget

// grip is what the mouse took hold of: a drag selects from there on, by as much as was clicked.
type grip struct {
	from, to place
	around   func(p place) (from, to place) // what is selected as a whole with p
}

// Click puts the cursor at a cell of what was drawn last. Extending, what is selected reaches from where it began to
// there.
func (t *Text) Click(x, y int, extend bool) {
	anchor := t.at
	if t.mark != nil {
		anchor = *t.mark
	}
	p := t.point(x, y)
	if !extend {
		anchor = p
	}
	t.take(anchor, anchor, func(p place) (from, to place) { return p, p })
	t.reach(p)
}

// ClickWord selects the word at a cell, or the spaces there.
func (t *Text) ClickWord(x, y int) { t.clickAround(x, y, t.wordAround) }

// ClickLine selects the line at a cell, however many rows it has.
func (t *Text) ClickLine(x, y int) {
	t.clickAround(x, y, func(p place) (from, to place) {
		return place{p.line, 0}, place{p.line, len(t.lines[p.line].text)}
	})
}

func (t *Text) clickAround(x, y int, around func(place) (from, to place)) {
	p := t.point(x, y)
	from, to := around(p)
	t.take(from, to, around)
	t.reach(p)
}

// DragTo selects from what was clicked to a cell. Above and below the window the text scrolls.
func (t *Text) DragTo(x, y int) {
	if t.grip.around == nil {
		return
	}
	t.reach(t.point(x, y))
}

// Drop ends dragging.
func (t *Text) Drop() { t.grip = grip{} }

func (t *Text) take(from, to place, around func(place) (from, to place)) {
	t.stop()
	t.grip = grip{from, to, around}
}

// reach selects from the grip to p, with the cursor on p's side.
func (t *Text) reach(p place) {
	from, to := t.grip.around(p)
	mark := t.grip.from
	switch {
	case p.before(t.grip.from):
		mark, to = t.grip.to, from
	case to.before(t.grip.to):
		to = t.grip.to
	}
	t.mark = &mark
	t.moveTo(to)
}

// Scroll moves the window so many rows down, up when n is negative, and leaves the cursor where it is.
func (t *Text) Scroll(n int) {
	line, row := t.top()
	line, row, _ = t.advance(line, row, n)
	last := len(t.lines) - 1
	if l, r, _ := t.advance(last, len(t.rows(last))-1, 1-t.h); l < line || l == line && r < row {
		line, row = l, r // the end of the text stays at the end of the window
	}
	if line != t.topLine || row != t.topRow {
		t.topLine, t.topRow, t.adrift = line, row, true
	}
}

// point is the place at a cell of what was drawn last: below the text its end.
func (t *Text) point(x, y int) place {
	line, row := t.top()
	line, row, left := t.advance(line, row, y)
	if left > 0 {
		return t.end()
	}
	return t.onRow(line, row, max(0, x))
}

func (t *Text) wordAround(p place) (from, to place) {
	a, b := wordAround(t.lines[p.line].text, p.at)
	return place{p.line, a}, place{p.line, b}
}
