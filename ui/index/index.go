// Package index is the message list. It holds a window of rows around the cursor, never a mailbox, and asks the
// database for another when the cursor comes near its edge. It refuses to change messages: what is done to the
// selected ones is the root's.
package index

import (
	"context"
	"math"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/screen"
)

// arrival is how long the cursor stays at the top of mailboxes seen for the first time, while their first rows come in
// and nobody has pressed a key. After that it keeps to its message, so that no key is ever about another.
const arrival = 5 * time.Second

// Sizes of the window, in rows: how many are held to each side of the cursor, and how near the cursor may come to an
// edge before the next window is asked for.
const (
	reach  = 150
	margin = 60
)

// View is what the list shows.
type View struct {
	Name       string // for the title: "All inboxes", "home / Sent"
	Mailboxes  []mail.Mailbox
	Outgoing   bool // recipients matter rather than senders: Sent and Drafts
	OnlyUnread bool
	Sort       cache.Sort
	Search     *Search // what is looked for, in Mailboxes, or where there are none everywhere; nil: nothing
}

// query is v for the database.
func (v View) query() cache.View {
	q := cache.View{Unseen: v.OnlyUnread, Sort: v.Sort}
	if v.Search != nil {
		q.Query, q.Also = &v.Search.Query, v.Search.Also
	}
	for _, m := range v.Mailboxes {
		q.Mailboxes = append(q.Mailboxes, m.Key)
	}
	return q
}

// Index is the list.
type Index struct {
	env  *screen.Env
	view View

	rows         []mail.Message // newest first; of an unfolded conversation all its messages
	threads      threads
	flat         bool // each row is a message, not a conversation
	roomy        bool // rows have two lines
	newer, older bool // there are more rows beyond
	loaded       bool // rows are of this view
	at           int  // cursor, index into rows
	layout

	here          []string // subjects of drafts that belong here and are on this machine only
	total, unseen int
	counted       bool // they are known
	selected      map[mail.MessageKey]mail.Message
	leaving       map[mail.MessageKey]bool // taken away by the user: not shown again before the database has heard of it
	arriving      time.Time                // until then the first rows of mailboxes never seen before may come in above the cursor
	back          mail.MessageKey          // where the cursor goes with the next window; 0: nowhere else
	again         []mail.MessageKey        // to the nearest of these, likewise, unless a key is pressed before
	anchor        mail.MessageKey          // last selected, where a range begins; 0: none

	ticket   screen.Ticket
	choosing screen.Ticket // a selection that is larger than the window
	afar     screen.Ticket // what servers find
	asking   bool          // servers are, or were, asked for what is shown
	loading  bool
	stale    bool // asked for again while loading
	row      rowCache
	cells    []cell // of a row, as drawn last
	pointing
	cancel context.CancelFunc // ends the load that runs: its answer is of no use any more
}

// New is an empty list; Show fills it.
func New(env *screen.Env) *Index {
	return &Index{env: env, selected: map[mail.MessageKey]mail.Message{}, leaving: map[mail.MessageKey]bool{}, layout: layout{page: 20, tall: 1}}
}

// Show switches to another view, at its newest message.
func (x *Index) Show(v View) tea.Cmd { return x.show(v, false) }

func (x *Index) show(v View, onlyUnread bool) tea.Cmd {
	ask := x.enter(v, onlyUnread)
	return tea.Batch(x.load(cache.Position{}, 0, x.first()), ask)
}

// enter begins with another view; its rows are still to be loaded.
func (x *Index) enter(v View, onlyUnread bool) tea.Cmd {
	v.OnlyUnread = onlyUnread
	x.view, x.loaded, x.rows, x.at, x.top, x.here = v, false, nil, 0, 0, nil
	x.total, x.unseen, x.counted = 0, 0, false
	if x.arriving = (time.Time{}); slices.ContainsFunc(v.Mailboxes, unfetched) {
		x.arriving = x.env.Now().Add(arrival)
	}
	clear(x.selected)
	x.threads = threads{unfolded: map[int64]bool{}}
	x.anchor = 0
	x.choosing.Next()
	x.loading, x.back, x.again = false, 0, nil
	return x.lookAfar()
}

// first is how many rows the first window has; what a search finds is counted with it.
func (x *Index) first() int {
	if x.view.Search != nil {
		return cache.MostCounted + 1
	}
	return 2 * reach
}

// Touched tells that a key was pressed: from now on the cursor keeps to its message.
func (x *Index) Touched() { x.arriving, x.still, x.again = time.Time{}, false, nil }

// View is what is shown.
func (x *Index) View() View { return x.view }

// Update takes windows that were asked for, and events.
func (x *Index) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Result:
		return x.result(msg)
	case screen.Restyled:
		x.row.clear()
	case mail.Event:
		if msg.Kind == mail.MessagesChanged && x.shows(msg.Mailbox) || msg.Kind == mail.DraftsChanged && len(x.view.drafts()) > 0 {
			return x.Reload()
		}
		if msg.Kind == mail.SearchChanged {
			return x.hearAfar()
		}
	}
	return nil
}

// result takes what was asked for, as long as it is the latest of its purpose.
func (x *Index) result(r screen.Result) tea.Cmd {
	switch v := r.Value.(type) {
	case chosen:
		if r.Ticket == x.choosing {
			x.choice(r, v)
		}
	case rested:
		if r.Ticket == x.afar {
			return x.ask()
		}
	case engine.Found:
		if r.Ticket == x.afar && r.Err == nil {
			return x.heard(v)
		}
	default:
		if r.Ticket == x.ticket {
			return x.take(r)
		}
	}
	return nil
}

func (x *Index) shows(key mail.MailboxKey) bool {
	return x.view.Search != nil || slices.ContainsFunc(x.view.Mailboxes, func(m mail.Mailbox) bool { return m.Key == key })
}

// Reload asks for the present window again; the cursor stays on its message.
func (x *Index) Reload() tea.Cmd {
	if x.loading {
		x.stale = true
		return nil
	}
	if len(x.rows) == 0 || x.at < reach && !x.newer {
		return x.load(cache.Position{}, 0, x.first())
	}
	return x.load(x.position(x.at), reach, reach)
}

// window is what a load brings.
type window struct {
	cache.Window
	members       map[int64][]mail.Message // of conversations
	here          []string
	total, unseen int
	at            int // the row the cursor goes to, at most the last; stay: it keeps its message
}

const stay = -1

func (x *Index) load(around cache.Position, newer, older int) tea.Cmd {
	return x.loadAt(around, newer, older, stay)
}

func (x *Index) loadAt(around cache.Position, newer, older, at int) tea.Cmd {
	x.loading, x.stale = true, false
	q, accounts := x.query(), x.view.drafts()
	ctx := x.afresh()
	return screen.Load(x.env, x, x.ticket.Next(), func(context.Context) (any, error) {
		w, err := x.env.Store.Window(ctx, q, around, newer, older)
		if err != nil {
			return nil, err
		}
		if q.Query != nil {
			return window{Window: w, total: len(w.Messages), unseen: unread(w.Messages), at: at}, nil
		}
		members, err := x.members(ctx, q, w.Messages)
		if err != nil {
			return nil, err
		}
		here, err := x.onlyHere(ctx, accounts)
		if err != nil {
			return nil, err
		}
		total, unseen, err := x.env.Store.Count(ctx, q)
		return window{w, members, here, total, unseen, at}, err
	})
}

// take puts a window in place and finds the cursor's message in it, or the row where it was.
func (x *Index) take(r screen.Result) tea.Cmd {
	x.loading = false
	if r.Err != nil {
		x.env.Root.Fail("show "+x.view.Name, r.Err)
		return nil
	}
	if s, ok := r.Value.(sought); ok {
		return x.found(s)
	}
	w := r.Value.(window)
	x.threads.heads, x.threads.members = w.Messages, w.members
	if m, ok := x.Current(); ok && x.threads.unfolded[m.Thread] {
		x.threads.unfolded[x.within(m)] = true
	}
	w.Messages = x.expand(w.Messages)
	if !w.Newer || x.view.Search == nil { // a window in the middle of what was found tells nothing of all
		x.total, x.unseen, x.counted = w.total, w.unseen, true
	}
	line, at := x.lineOf(x.at), w.at
	if at == stay {
		at = x.follow(w.Messages)
		if x.env.Now().Before(x.arriving) {
			at = 0
		}
	}
	x.at = max(0, min(at, len(w.Messages)-1))
	x.rows, x.newer, x.older, x.loaded, x.here = w.Messages, w.Newer, w.Older, true, w.here
	x.top = x.rise(x.at, line+x.tall)
	if x.Go(x.back) {
		x.back = 0
	}
	x.goAgain()
	x.refreshSelection()
	if x.stale {
		return x.Reload()
	}
	return x.extend() // the cursor may have gone on meanwhile
}

// follow is where the cursor's message stands in the new rows; if it is gone, the first after it that is not.
func follow(old, rows []mail.Message, at int) int {
	if len(old) == 0 || len(rows) == 0 {
		return 0
	}
	place := make(map[mail.MessageKey]int, len(rows))
	for i, m := range rows {
		place[m.Key] = i
	}
	for i := at; i < len(old); i++ {
		if j, ok := place[old[i].Key]; ok {
			return j
		}
	}
	for i := min(at, len(old)) - 1; i >= 0; i-- {
		if j, ok := place[old[i].Key]; ok {
			return min(j+1, len(rows)-1)
		}
	}
	return min(at, len(rows)-1)
}

// Current is the message under the cursor.
func (x *Index) Current() (mail.Message, bool) {
	if x.at < 0 || x.at >= len(x.rows) {
		return mail.Message{}, false
	}
	return x.rows[x.at], true
}

// Go puts the cursor on a message of the window; it tells whether it is there.
func (x *Index) Go(key mail.MessageKey) bool {
	i := slices.IndexFunc(x.rows, func(m mail.Message) bool { return m.Key == key })
	if i >= 0 {
		x.at = i
	}
	return i >= 0
}

// Step moves the cursor by n rows and tells whether it moved.
func (x *Index) Step(n int) (tea.Cmd, bool) {
	before := x.at
	x.at = max(0, min(x.at+n, len(x.rows)-1))
	return x.extend(), x.at != before
}

// extend asks for the window around the cursor when it is near an edge with more behind it.
func (x *Index) extend() tea.Cmd {
	if x.loading || len(x.rows) == 0 {
		return nil
	}
	if x.newer && x.at < margin || x.older && x.at >= len(x.rows)-margin {
		return x.load(x.position(x.at), reach, reach)
	}
	return nil
}

// Do moves the cursor and selects.
func (x *Index) Do(a action.Action) (tea.Cmd, bool) {
	var cmd tea.Cmd
	switch a {
	case action.Down:
		cmd, _ = x.Step(1)
	case action.Up:
		cmd, _ = x.Step(-1)
	case action.PageDown:
		cmd, _ = x.Step(max(1, x.page-1))
	case action.PageUp:
		cmd, _ = x.Step(-max(1, x.page-1))
	case action.HalfDown:
		cmd, _ = x.Step(max(1, x.page/2))
	case action.HalfUp:
		cmd, _ = x.Step(-max(1, x.page/2))
	case action.Top:
		cmd = x.end(cache.Position{}, 0, x.first(), x.newer, 0)
	case action.Bottom:
		cmd = x.end(cache.Position{End: true}, 2*reach, 0, x.older, math.MaxInt)
	case action.NextUnread:
		cmd = x.NextUnread(func(found bool) tea.Cmd {
			if !found {
				x.env.Root.Say("No unread message here.")
			}
			return nil
		})
	default:
		return x.choose(a)
	}
	return cmd, true
}

// end goes to the newest or oldest message, fetching its window where it is not held.
func (x *Index) end(p cache.Position, newer, older int, beyond bool, at int) tea.Cmd {
	if beyond {
		return x.loadAt(p, newer, older, at)
	}
	x.at = max(0, min(at, len(x.rows)-1))
	return nil
}

// GoTo puts the cursor on the n-th row from the top, or on the last.
func (x *Index) GoTo(n int) tea.Cmd {
	return x.end(cache.Position{}, 0, max(x.first(), n+reach), x.newer || n > len(x.rows) && x.older, n-1)
}

// Scopes is the list's own, and what is done to messages.
func (x *Index) Scopes() []action.Scope { return []action.Scope{action.Index, action.Message} }
