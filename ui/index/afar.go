package index

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/screen"
)

// typingRests is how long nothing must be typed for servers to be asked, too.
const typingRests = 400 * time.Millisecond

// lookAfar begins to ask servers for what is shown, once typing rests; what was asked for before is over.
func (x *Index) lookAfar() tea.Cmd {
	ticket := x.afar.Next()
	if x.asking {
		x.asking = false
		x.env.Engine.Search(cache.View{})
	}
	if x.view.Search == nil || x.view.Search.Query.Empty() {
		return nil
	}
	s := *x.view.Search
	s.Also, s.Note, s.there = nil, "", nil
	x.view.Search = &s
	return x.env.After(typingRests, screen.Result{To: x, Ticket: ticket, Value: rested{}})
}

// rested tells that nothing was typed for a while.
type rested struct{}

// ask asks the servers.
func (x *Index) ask() tea.Cmd {
	x.asking = true
	x.env.Engine.Search(x.query())
	return x.hearAfar()
}

// hearAfar asks the engine what servers found.
func (x *Index) hearAfar() tea.Cmd {
	if !x.asking {
		return nil
	}
	return screen.Load(x.env, x, x.afar.Next(), func(ctx context.Context) (any, error) { return x.env.Engine.Found(ctx) })
}

// heard puts what servers found among what is shown; the cursor stays where it is.
func (x *Index) heard(f engine.Found) tea.Cmd {
	if x.view.Search == nil {
		return nil
	}
	s := *x.view.Search
	s.Note = note(f)
	same := slices.Equal(s.Also, f.Keys)
	s.Also, s.there = f.Keys, make(map[mail.MessageKey]bool, len(f.Keys))
	for _, key := range f.Keys {
		s.there[key] = true
	}
	x.view.Search = &s
	if same {
		return nil
	}
	return x.Reload()
}

// note is how the servers stand, in a few words.
func note(f engine.Found) string {
	var out []string
	if n := len(f.Keys); n > 0 {
		out = append(out, fmt.Sprintf("%d by the server "+afarMark, n))
	}
	if n := len(f.Asking); n > 2 {
		out = append(out, fmt.Sprintf("asking %d servers", n))
	} else if n > 0 {
		out = append(out, "asking "+mail.Line(strings.Join(f.Asking, " and ")))
	}
	for _, u := range f.Unasked {
		out = append(out, mail.Line(u.Account+" not asked: "+u.Why))
	}
	return strings.Join(out, " · ")
}

// afarMark marks rows that only a server found.
const afarMark = "⇣"
