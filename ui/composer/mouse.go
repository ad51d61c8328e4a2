package composer

import (
	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
	"posthorn/ui/screen"
)

// layout is where things stand, as drawn last.
type layout struct {
	margin int         // columns left of everything
	fields []field     // of the first lines
	text   int         // the first line of the text
	popup  screen.Rect // completions; empty: there are none
}

// Mouse puts the cursor where is clicked, selects in the text, takes completions and scrolls.
func (c *Composer) Mouse(m screen.Mouse) (tea.Cmd, action.Action) {
	x, y := m.X-c.drawn.margin, m.Y-c.drawn.text
	switch {
	case c.keeping.goal != goOn || c.editing:
	case m.Gesture == screen.Wheel && c.drawn.popup.Has(m.X, m.Y):
		c.popup.Move(max(-1, min(m.Lines, 1)))
	case m.Gesture == screen.Wheel:
		c.text.Scroll(m.Lines)
	case m.Gesture == screen.Drag && c.held && c.focus < text:
		c.fields[c.focus].DragTo(x - labelWidth)
	case m.Gesture == screen.Drag:
		c.text.DragTo(x, y)
	case m.Gesture == screen.Release:
		c.held = false
		c.text.Drop()
	case c.drawn.popup.Has(m.X, m.Y):
		if m.Gesture == screen.Click && c.popup.Point(m.Y-c.drawn.popup.Y-1) {
			return nil, action.Accept
		}
	case y >= 0:
		c.clickText(x, y, m)
	case m.Y < len(c.drawn.fields):
		return c.clickField(c.drawn.fields[m.Y], x-labelWidth, m)
	}
	return nil, ""
}

// clickText puts the cursor into the text and selects. What is redirected cannot be written in.
func (c *Composer) clickText(x, y int, m screen.Mouse) {
	switch {
	case c.draft.Redirected:
	case m.Gesture == screen.Click:
		c.moveTo(text)
		c.text.Click(x, y, m.Extend)
	case c.focus != text: // the first click was about completions
	case m.Gesture == screen.DoubleClick:
		c.text.ClickWord(x, y)
	case m.Gesture == screen.TripleClick:
		c.text.ClickLine(x, y)
	}
}

// clickField puts the cursor into a field and selects. Whom the message is from is asked with the second click.
func (c *Composer) clickField(f field, x int, m screen.Mouse) (tea.Cmd, action.Action) {
	again := f == c.focus
	if m.Gesture == screen.Click {
		c.popup.Hide()
		c.completing.Next()
		c.moveTo(f)
	}
	if f != c.focus {
		return nil, ""
	}
	x = max(0, x)
	switch {
	case f == from && m.Gesture == screen.DoubleClick:
		return nil, action.SwitchFrom
	case f == from:
	case f == files && m.Gesture == screen.Click:
		return nil, c.clickFile(x)
	case f == files:
	case m.Gesture == screen.Click:
		c.held = true
		c.fields[f].Click(x, m.Extend && again)
	case m.Gesture == screen.DoubleClick:
		c.fields[f].ClickWord(x)
	case m.Gesture == screen.TripleClick:
		c.fields[f].SelectAll()
	}
	return nil, ""
}
