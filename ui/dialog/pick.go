package dialog

import (
	"cmp"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/screen"
	"posthorn/ui/theme"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// Item is one line of a Picker.
type Item struct {
	Key    any    // what it stands for; the picker does not look at it
	Group  string // stands before Text, in Hue; searched where Text does not match
	Hue    theme.Style
	Text   string // what is searched and shown
	Detail string // shown dimly at the right; searched where neither matches
	Also   string // not shown; searched like Detail
	Off    string // why it cannot be taken now, before Detail; empty: it can
}

// found is an item that matches what was typed.
type found struct {
	Item
	score  int
	marked []int
}

// Picker takes one of a list, which typing makes shorter.
type Picker struct {
	env   *screen.Env
	title string
	items []Item
	take  func(Item) tea.Cmd
	try   func(Item) tea.Cmd // whenever the cursor comes to stand on an item; nil: nothing
	leave func() tea.Cmd     // when nothing is taken; nil: nothing

	browse  func(string) tea.Cmd // looks further for what was typed; nil: there is nothing further
	further string               // what it does, for the hint

	marks map[any]bool         // the keys of items that are taken together; nil: one is taken
	may   func(Item) bool      // which can be marked
	all   func([]Item) tea.Cmd // takes them

	filter widget.Field
	found  []found
	lead   int // columns of the widest Group
	at     int // index into found
	first  int // index of the row at the top
	page   int // rows shown at the last Draw
}

// maxLead is how many columns of a Group are shown.
const maxLead = 16

// Pick shows items under title and calls take with the one that is chosen.
func Pick(env *screen.Env, title string, items []Item, take func(Item) tea.Cmd) screen.Screen {
	p := &Picker{env: env, title: mail.Line(title), items: slices.Clone(items), take: take, page: 1}
	for i := range p.items {
		it := &p.items[i]
		it.Group, it.Text, it.Detail = mail.Line(it.Group), mail.Line(it.Text), mail.Line(it.Detail)
		p.lead = max(p.lead, min(width.Of(it.Group), maxLead))
	}
	p.search()
	return p
}

// Preview is Pick on the item whose key is at, with each item tried as soon as the cursor is on it. leave is called when
// nothing is taken.
func Preview(env *screen.Env, title string, at any, items []Item, try, take func(Item) tea.Cmd, leave func() tea.Cmd) screen.Screen {
	p := Pick(env, title, items, take).(*Picker)
	p.try, p.leave = try, leave
	p.at = max(0, slices.IndexFunc(p.found, func(f found) bool { return f.Key == at }))
	return p
}

// Browsing offers to look further than the list, for what was typed to filter it.
func (p *Picker) Browsing(further string, browse func(text string) tea.Cmd) *Picker {
	p.further, p.browse = further, browse
	return p
}

// tried tries the item under the cursor.
func (p *Picker) tried() tea.Cmd {
	if p.try == nil || p.at >= len(p.found) {
		return nil
	}
	return p.try(p.found[p.at].Item)
}

// search keeps the items that match, the best first, and those equally good in their own order.
func (p *Picker) search() {
	p.found, p.at, p.first = p.found[:0], 0, 0
	for _, it := range p.items {
		if p.filter.Text() == "" {
			p.found = append(p.found, found{Item: it})
		} else if score, marked, ok := Match(p.filter.Text(), it.Text, it.Group, it.Detail, it.Also); ok {
			p.found = append(p.found, found{it, score, marked})
		}
	}
	slices.SortStableFunc(p.found, func(a, b found) int {
		return cmp.Or(cmp.Compare(off(a), off(b)), cmp.Compare(b.score, a.score))
	})
}

// off is 1 for what cannot be taken: it stands below what can.
func off(f found) int {
	if f.Off != "" {
		return 1
	}
	return 0
}

// beside is what stands at the right of an item in a row with so much room: why it cannot be taken rather than more.
func beside(it Item, room int) string {
	both := it.Off + "  " + it.Detail
	switch {
	case it.Off == "" || it.Detail == "":
		return it.Off + it.Detail
	case width.Of(it.Text)+2+width.Of(both) > room:
		return it.Off
	}
	return both
}

// mostWide is the width of a line that one reads at a glance.
const mostWide = 84

// Size is the box the list wants: as wide as its widest item, as high as the whole list where that fits.
func (p *Picker) Size(w, h int) (int, int) {
	wide := max(width.Of(p.title)+8, 44)
	for _, it := range p.items {
		n := width.Of(it.Text) + p.before(inWide) + 6
		if detail := beside(it, inWide); detail != "" {
			n += width.Of(detail) + 3
		}
		wide = max(wide, n)
	}
	return min(wide, mostWide, w), min(max(len(p.items), 3)+4, 22, h)
}

// Update has nothing to wait for.
func (p *Picker) Update(tea.Msg) tea.Cmd { return nil }

// Type makes the list shorter, or longer again.
func (p *Picker) Type(k tea.KeyPressMsg) tea.Cmd {
	if !p.filter.Type(k) {
		return nil
	}
	p.search()
	return p.tried()
}

// Paste is typing.
func (p *Picker) Paste(text string) tea.Cmd {
	p.filter.Paste(text)
	p.search()
	return p.tried()
}

// Do moves, takes or gives up.
func (p *Picker) Do(a action.Action) (tea.Cmd, bool) {
	switch a {
	case action.Down, action.Complete:
		if a == action.Complete {
			p.toggle()
		}
		p.move(1, true)
	case action.Up:
		p.move(-1, true)
	case action.PageDown:
		p.move(p.page, false)
	case action.PageUp:
		p.move(-p.page, false)
	case action.Browse:
		if p.browse == nil {
			return nil, false
		}
		return end(p.env, p, func() tea.Cmd { return p.browse(p.filter.Text()) }), true
	case action.Cancel:
		return end(p.env, p, p.leave), true
	case action.Accept:
		if len(p.marks) > 0 {
			return end(p.env, p, p.takeMarked), true
		}
		if p.at >= len(p.found) {
			return nil, true
		}
		it := p.found[p.at].Item
		if it.Off != "" {
			p.env.Root.Say(it.Text + ": " + it.Off + ".")
			return nil, true
		}
		return end(p.env, p, func() tea.Cmd { return p.take(it) }), true
	default:
		return nil, false
	}
	return p.tried(), true
}

// move goes n items down; around tells whether it starts over at the ends.
func (p *Picker) move(n int, around bool) {
	k := len(p.found)
	if k == 0 {
		return
	}
	if around {
		p.at = ((p.at+n)%k + k) % k
	} else {
		p.at = max(0, min(p.at+n, k-1))
	}
}

// Draw is the filter line, a rule and the list.
func (p *Picker) Draw(area screen.Rect) screen.Frame {
	th, inner := p.env.Theme, max(0, area.W-2)
	field, cursor := p.filter.Ask(th, "type to filter", max(1, inner-4))
	lines := []string{th.Accent.Render(" › ") + field, th.Rule.Render(rule(inner))}
	p.page = max(1, area.H-2-len(lines))
	p.first = widget.Scroll(p.first, p.at, len(p.found), p.page)
	for i := p.first; i < len(p.found) && i < p.first+p.page; i++ {
		lines = append(lines, p.row(p.found[i], inner, i == p.at))
	}
	if len(p.found) == 0 {
		lines = append(lines, th.Dim.Render("   nothing matches: fewer letters find more"))
	}
	foot := ""
	if len(p.found) > p.page || p.filter.Text() != "" {
		foot = fmt.Sprintf("%d of %d", len(p.found), len(p.items))
	}
	if p.all != nil {
		foot = p.several()
	}
	if p.browse != nil {
		foot += "  " + hint(p.env, action.Dialog, action.Browse, p.further)
	}
	return framed(p.env, area, p.title, foot, lines, tea.NewCursor(cursor+3, 0))
}

// inWide is as many columns as show groups whole.
const inWide = 1000

// before is how many columns stand before the text of each item in rows of w columns.
func (p *Picker) before(w int) int {
	if p.lead == 0 {
		return 0
	}
	return 2 + min(p.lead, w/3)
}

// row is one item in w columns.
func (p *Picker) row(f found, w int, chosen bool) string {
	if p.all != nil && p.marks[f.Key] { // other keys need not be comparable
		f.Text, f.marked = "✓ "+f.Text, nil
	}
	th, lead := p.env.Theme, p.before(w)
	row := widget.Row(th, f.Text, beside(f.Item, w-lead-2), f.marked, w-lead, chosen)
	if f.Off != "" && !chosen {
		row = th.Faint.Render(ansi.Strip(row))
	}
	if lead == 0 {
		return row
	}
	hue, plain := f.Hue, th.Text
	if chosen {
		hue, plain = f.Hue.On(th.Cursor), th.Cursor
	}
	return plain.Render(" ") + hue.Render(width.Fit(f.Group, lead-2)) + plain.Render(" ") + row
}

// above is how many lines of a picker stand above its list: frame, filter, rule.
const above = 3

// Mouse takes the item that is clicked, and scrolls.
func (p *Picker) Mouse(m screen.Mouse) (tea.Cmd, action.Action) {
	switch i := p.first + m.Y - above; {
	case m.Gesture == screen.Wheel:
		p.move(m.Lines, false)
	case m.Gesture == screen.Click && m.Y >= above && m.Y < above+p.page && i < len(p.found):
		p.at = i
		return nil, action.Accept
	}
	return nil, ""
}

// Scopes of a picker.
func (p *Picker) Scopes() []action.Scope { return []action.Scope{action.Dialog} }
