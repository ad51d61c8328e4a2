package sheet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/keys"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// Help is every key that works on a screen, in its groups. Typing leaves those that are looked for, by their key or by
// words, and enter does what the cursor stands on.
type Help struct {
	env    *screen.Env
	scopes []action.Scope
	run    func(action.Action) tea.Cmd

	filter widget.Field
	found  []match // what fits the filter, the best first; all is shown in groups where it is empty
	at     int     // index into found
	first  int     // index of the row at the top
	page   int     // rows shown at the last Draw
	sheet  *Sheet  // the groups
}

// match is a line of the table that fits what was typed.
type match struct {
	action.Entry
	score  int
	marked []int // offsets in its help
}

// NewHelp shows every key that works in scopes; run is given the action that is taken.
func NewHelp(env *screen.Env, scopes []action.Scope, run func(action.Action) tea.Cmd) *Help {
	return &Help{env: env, scopes: scopes, run: run, page: 1,
		sheet: &Sheet{env: env, text: func(w int) [][]widget.Styled { return help(env, scopes, w) }}}
}

// Title names the screen, and says how many keys fit.
func (h *Help) Title() (name, detail string) {
	if h.filter.Text() == "" {
		return "Keys", ""
	}
	return "Keys", fmt.Sprintf("%d found", len(h.found))
}

// Scopes are those of whatever takes typed text and offers something.
func (h *Help) Scopes() []action.Scope { return []action.Scope{action.Dialog} }

// Offers tells that nothing is taken before something is looked for.
func (h *Help) Offers(a action.Action) bool { return a != action.Accept || len(h.found) > 0 }

// Update draws the groups anew where the theme is another.
func (h *Help) Update(msg tea.Msg) tea.Cmd { return h.sheet.Update(msg) }

// Type looks for one more letter.
func (h *Help) Type(k tea.KeyPressMsg) tea.Cmd {
	if h.filter.Type(k) {
		h.search()
	}
	return nil
}

// Paste is typing.
func (h *Help) Paste(text string) tea.Cmd {
	h.filter.Paste(text)
	h.search()
	return nil
}

// search finds what fits: the key as typed, keys that begin so, then words.
func (h *Help) search() {
	h.found, h.at, h.first = nil, 0, 0
	text := strings.TrimSpace(h.filter.Text())
	if text == "" {
		return
	}
	for _, e := range h.env.Keys.Entries(h.scopes...) {
		if e.Help == "" {
			continue
		}
		score, marked, ok := dialog.Match(text, e.Help, scopeNames[e.Scope], string(e.Action))
		ok = ok && score > 100*len(strings.Fields(text)) // letters here and there are too little
		for _, sequence := range e.Keys {
			switch {
			case sequence == text || keys.Show(sequence) == text:
				score, ok = exactKey, true
			case strings.HasPrefix(sequence+" ", text+" "), len(text) > 1 && strings.HasPrefix(sequence, text):
				score, ok = max(score, begunKey), true
			}
		}
		if ok {
			h.found = append(h.found, match{e, score, marked})
		}
	}
	slices.SortStableFunc(h.found, func(a, b match) int { return cmp.Compare(b.score, a.score) })
}

// What a key is worth beside words.
const (
	exactKey = 1 << 30
	begunKey = 1 << 29
)

// Do moves, takes, clears what was typed, or closes.
func (h *Help) Do(a action.Action) (tea.Cmd, bool) {
	searching := h.filter.Text() != ""
	switch {
	case a == action.Cancel && searching:
		h.filter = widget.Field{}
		h.search()
	case a == action.Cancel:
		return h.env.Root.Pop(h), true
	case a == action.Accept:
		if h.at >= len(h.found) {
			return nil, true
		}
		return tea.Batch(h.env.Root.Pop(h), h.run(h.found[h.at].Action)), true
	case !searching:
		return nil, h.sheet.pager.Move(a)
	case len(h.found) == 0:
	case a == action.Down, a == action.Complete:
		h.at = (h.at + 1) % len(h.found)
	case a == action.Up:
		h.at = (h.at + len(h.found) - 1) % len(h.found)
	case a == action.PageDown:
		h.at = min(h.at+h.page, len(h.found)-1)
	case a == action.PageUp:
		h.at = max(h.at-h.page, 0)
	}
	return nil, true
}

// Draw is what is looked for, and below it what fits, or all in groups.
func (h *Help) Draw(area screen.Rect) screen.Frame {
	th := h.env.Theme
	field, cursor := h.filter.Ask(th, "type a key, or what it does", max(1, area.W-4))
	lines := []string{width.Fit(th.Accent.Render(" › ")+field, area.W)}
	rest := screen.Rect{W: area.W, H: max(0, area.H-1)}
	if h.filter.Text() == "" {
		lines = append(lines, h.sheet.Draw(rest).Lines...)
	} else {
		lines = append(lines, h.rows(rest)...)
	}
	return screen.Frame{Lines: lines[:min(len(lines), area.H)], Cursor: tea.NewCursor(min(cursor+3, max(0, area.W-1)), 0)}
}

// forScope is the width from which on rows say where their keys work.
const forScope = 64

// rows are what fits, below an empty line, filling the area.
func (h *Help) rows(area screen.Rect) []string {
	th := h.env.Theme
	lines := []string{width.Fit("", area.W)}
	h.page = max(1, area.H-1)
	h.first = widget.Scroll(h.first, h.at, len(h.found), h.page)
	room := 0
	for _, m := range h.found {
		room = max(room, width.Of(shown(m.Keys, keyColumn)))
	}
	room = min(room, keyColumn, area.W/2)
	for i := h.first; i < len(h.found) && i < h.first+h.page; i++ {
		m := h.found[i]
		lead := width.Fit(shown(m.Keys, room), room) + "  "
		marked := make([]int, len(m.marked))
		for j, at := range m.marked {
			marked[j] = at + len(lead)
		}
		where := scopeNames[m.Scope]
		if area.W < forScope {
			where = ""
		}
		lines = append(lines, widget.Row(th, lead+m.Help, where, marked, area.W, i == h.at))
	}
	if len(h.found) == 0 {
		for _, l := range width.Wrap("No key here does that. The palette ("+keys.Show(h.env.Keys.Key(action.App, action.Palette))+") looks everywhere.", area.W-4) {
			lines = append(lines, width.Fit(th.Dim.Render("   "+l), area.W))
		}
	}
	for len(lines) < area.H {
		lines = append(lines, width.Fit("", area.W))
	}
	return lines
}
