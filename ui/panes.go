package ui

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"posthorn/ui/action"
	"posthorn/ui/screen"
)

// Widths from which on panes stand beside each other.
const (
	withSide = 100
	withRead = 150
)

// sideWidth is how wide the sidebar is, but on very wide terminals.
const sideWidth = 26

// split is where an open message stands.
type split int

const (
	bySize split = iota // beside the list where that leaves both enough, otherwise over it
	beside
	below
	covering
	splits // how many there are
)

// panes is how a person divides a terminal of one class. The zero value leaves it to its size.
type panes struct {
	side  int // columns of the sidebar; 0: as the size has it
	share int // of the list beside or above the message, in percent; 0: as the size has it
	split split
}

// class is one of terminals that are divided alike.
func class(w int) string {
	switch {
	case w < withSide:
		return "narrow"
	case w < withRead:
		return "medium"
	}
	return "wide"
}

// Bounds of what a person can choose.
const (
	leastSide, leastShare = 16, 20
	mostShare             = 80
	lowest                = 14 // rows that are enough for a list above a message
)

// layout is which panes are seen, and where; a pane that is not has no width.
type layout struct{ side, list, read screen.Rect }

// paired tells whether list and message are seen together.
func (l layout) paired() bool { return l.list.W > 0 && l.read.W > 0 }

// stacked tells whether the message stands below the list.
func (l layout) stacked() bool { return l.list.W > 0 && l.read.Y > l.list.Y }

// arrange divides the area between title and status.
func (a *App) arrange(body screen.Rect) layout {
	var l layout
	w, chosen := body.W, a.divided[class(body.W)]
	side := sideWidth
	if w >= 180 {
		side += 4
	}
	if chosen.side > 0 {
		side = max(leastSide, min(chosen.side, w/2))
	}
	if a.env.Config.Linear { // one thing at a time
		switch {
		case a.focus == sidePane:
			l.side = body
		case a.reader != nil:
			l.read = body
		default:
			l.list = body
		}
		return l
	}
	rest := body
	switch {
	case w < withSide && a.focus != sidePane:
	case w >= 2*side && (w < withSide || !a.sideOff || a.focus == sidePane):
		l.side = body
		l.side.W = side
		rest.X, rest.W = side+1, w-side-1
	case a.focus == sidePane:
		l.side = body
		return l
	}
	how := chosen.split
	if how == bySize && w >= withRead {
		how = beside
	}
	switch {
	case w < withSide && a.focus == sidePane:
		l.list = rest
	case how == beside && w >= withSide:
		l.list, l.read = rest, rest
		l.list.W = rest.W * share(chosen.share, 45) / 100
		l.read.X, l.read.W = rest.X+l.list.W+1, rest.W-l.list.W-1
	case how == below && body.H >= lowest:
		l.list, l.read = rest, rest
		l.list.H = rest.H * share(chosen.share, 35) / 100
		l.read.Y, l.read.H = rest.Y+l.list.H+1, rest.H-l.list.H-1
	case a.reader != nil:
		l.read = rest
	default:
		l.list = rest
	}
	return l
}

func share(chosen, otherwise int) int {
	if chosen == 0 {
		return otherwise
	}
	return max(leastShare, min(chosen, mostShare))
}

// present is how the terminal is divided now.
func (a *App) present() layout {
	return a.arrange(between(a.size.W, a.size.H, a.statusHeight(a.size.W, a.size.H)))
}

// resized lets the reader wrap its text anew.
func (a *App) resized() tea.Cmd {
	if a.reader == nil {
		return nil
	}
	return a.reader.Resize(a.arrange(between(a.size.W, a.size.H, 1)).read.W)
}

// divide changes how terminals of this class are divided.
func (a *App) divide(change func(*panes)) tea.Cmd {
	p := a.divided[class(a.size.W)]
	change(&p)
	a.divided[class(a.size.W)] = p
	return a.resized()
}

// splitNames say where the message stands, as the status line has them.
var splitNames = [splits]string{"as the size of the terminal has it", "beside the list", "below the list", "over the list"}

// nextSplit puts the open message elsewhere.
func (a *App) nextSplit() tea.Cmd {
	cmd := a.divide(func(p *panes) {
		p.split, p.share = (p.split+1)%splits, 0
		a.Say("Messages are shown " + splitNames[p.split] + ".")
	})
	return tea.Batch(cmd, a.keepPanes())
}

// step is how much a key gives a pane, in columns or percent.
const step = 5

// widen gives the sidebar more room where it has the keys, and the list otherwise; less where n is negative.
func (a *App) widen(n int) tea.Cmd {
	l := a.present()
	cmd := a.divide(func(p *panes) {
		switch {
		case a.focus == sidePane:
			p.side = max(leastSide, min(l.side.W+n*step, a.size.W/2))
		case !l.paired():
			a.Say("No message stands beside the list.")
		case l.stacked():
			p.share = share(share(p.share, 35)+n*step, 0)
		default:
			p.share = share(share(p.share, 45)+n*step, 0)
		}
	})
	return tea.Batch(cmd, a.keepPanes())
}

// border is a line between panes.
type border int

const (
	noBorder border = iota
	besideSide
	behindList
)

// borderAt is the border at a place of the terminal.
func (a *App) borderAt(x, y int) border {
	l := a.present()
	switch {
	case len(a.stack) > 0:
	case l.side.W > 0 && x == l.side.W && y >= l.side.Y && y < l.side.Y+l.side.H:
		return besideSide
	case !l.paired():
	case l.stacked() && y == l.read.Y-1 && x >= l.read.X, !l.stacked() && x == l.read.X-1 && y >= l.read.Y && y < l.read.Y+l.read.H:
		return behindList
	}
	return noBorder
}

// drag moves a border to a place of the terminal.
func (a *App) drag(b border, x, y int) tea.Cmd {
	l := a.present()
	return a.divide(func(p *panes) {
		switch {
		case b == besideSide:
			p.side = max(leastSide, min(x, a.size.W/2))
		case l.stacked():
			p.share = share(max(1, (100*(y-l.list.Y)+l.read.H+l.list.H)/(l.list.H+l.read.H+1)), 0)
		case l.read.W > 0:
			p.share = share(max(1, (100*(x-l.list.X)+l.list.W+l.read.W)/(l.list.W+l.read.W+1)), 0)
		}
	})
}

// panesChoice begins the names of the choices of how terminals of a class are divided.
const panesChoice = "panes "

// keepPanes remembers how terminals of this class are divided.
func (a *App) keepPanes() tea.Cmd {
	c := class(a.size.W)
	p := a.divided[c]
	if a.env.Engine.Refusal() != nil {
		return nil
	}
	return a.run("remember the layout", func(ctx context.Context) (outcome, error) {
		return nil, a.env.Engine.Choose(ctx, panesChoice+c, fmt.Sprintf("%d %d %d", p.side, p.share, p.split))
	})
}

// panesBefore divides terminals as they were divided last.
func (a *App) panesBefore(ctx context.Context) (outcome, error) {
	list, err := a.env.Store.Choices(ctx, panesChoice)
	return func() tea.Cmd {
		for _, c := range list {
			var p panes
			if _, err := fmt.Sscan(c.Value, &p.side, &p.share, &p.split); err == nil && p.split >= 0 && p.split < splits {
				a.divided[c.Name] = p
			}
		}
		return a.resized()
	}, err
}

// arranging carries out what is about panes.
func (a *App) arranging(act action.Action) tea.Cmd {
	switch act {
	case action.Wider:
		return a.widen(1)
	case action.Narrower:
		return a.widen(-1)
	}
	return a.nextSplit()
}
