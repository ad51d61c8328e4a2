package dialog

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
)

// Several lets items be marked that may says can be taken together; all gets them, in their own order. What is taken
// with nothing marked is still the item under the cursor.
func (p *Picker) Several(may func(Item) bool, all func([]Item) tea.Cmd) *Picker {
	p.marks, p.may, p.all = map[any]bool{}, may, all
	return p
}

// toggle marks the item under the cursor, or no longer.
func (p *Picker) toggle() {
	if p.all == nil || p.at >= len(p.found) || !p.may(p.found[p.at].Item) {
		return
	}
	if k := p.found[p.at].Key; p.marks[k] {
		delete(p.marks, k)
	} else {
		p.marks[k] = true
	}
}

func (p *Picker) takeMarked() tea.Cmd {
	var out []Item
	for _, it := range p.items {
		if p.marks[it.Key] {
			out = append(out, it)
		}
	}
	return p.all(out)
}

// several is what stands below a list of which several can be taken.
func (p *Picker) several() string {
	marks := hint(p.env, action.Dialog, action.Complete, "marks")
	if n := len(p.marks); n > 0 {
		return fmt.Sprintf("%s  %s", marks, hint(p.env, action.Dialog, action.Accept, fmt.Sprintf("takes %d marked", n)))
	}
	return marks
}
