package ui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/keys"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// hesitation is how long a sequence of keys must wait for its next one before a panel shows what that can be: who knows
// the keys does not see it.
const hesitation = 400 * time.Millisecond

// pending is the state of a sequence of keys that is begun.
type pending struct {
	number int // of the key press
	shown  bool
}

// pendingLong tells that a sequence has waited for its next key since that press.
type pendingLong int

// pressed notes a key press; where it began a sequence, it asks to be told when that waits long.
func (p *pending) pressed(a *App) tea.Cmd {
	p.number++
	if a.presses.Pending() == "" {
		p.shown = false
		return nil
	}
	return a.env.After(hesitation, pendingLong(p.number))
}

func (p *pending) long(n pendingLong, a *App) {
	p.shown = int(n) == p.number && a.presses.Pending() != ""
}

// continuations is a panel of what the sequence begun can become, at most h lines high.
func (a *App) continuations(w, h int) []string {
	begun, th := a.presses.Pending(), a.env.Theme
	list := a.env.Keys.Continuations(a.scopes(), begun)
	column := 0
	for _, e := range list {
		column = max(column, width.Of(keys.Show(e.Keys[0]))+width.Of(e.Help)+6)
	}
	column = min(column, max(1, w-2))
	columns, room := max(1, (w-2)/column), max(1, h-2)
	more := func(rows, least int) { // columns of so many characters at least: words are cut rather than left out
		if needed := min((len(list)+rows-1)/rows, (w-2)/least); needed > columns {
			columns, column = needed, (w-2)/needed
		}
	}
	more(room, 16)
	more(max(1, room/2), 38) // what it is about is seen above it
	rows := min((len(list)+columns-1)/columns, room)
	foot := ""
	if shown := rows * columns; shown < len(list) {
		foot = fmt.Sprintf("%d of %d", shown, len(list))
	}
	lines := make([]string, rows)
	for i, e := range list {
		if i/rows < columns { // down first
			key := keys.Show(e.Keys[0])
			lines[i%rows] += width.Fit("  "+th.HintKey.Render(width.Fit(key, 3))+" "+th.Text.Render(width.Cut(e.Help, column-7)), column)
		}
	}
	for i := range lines {
		lines[i] = width.Fit(lines[i], max(0, w-2))
	}
	return widget.Box(th, strings.TrimSpace(keys.Show(begun)+" …"), foot, lines, w)
}
