// Package sidebar shows the accounts and their mailboxes as a tree, with what is unread. It refuses to decide what
// the list shows: it only tells what the cursor stands on.
package sidebar

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/screen"
)

// Kind is what an entry stands for.
type Kind int

// The kinds of Entry.
const (
	AllInboxes Kind = iota
	Unified         // what all accounts have of a kind
	LocalDrafts
	Saved   // a search
	Account // a heading
	Mailbox
	gap
)

// Entry is one line.
type Entry struct {
	Kind    Kind
	Account string
	Mailbox mail.Mailbox
	Name    string // as shown, made safe
	Search  string // Saved and Unified: what is looked for
	Depth   int
	Unseen  int
	Folded  bool // has children that are hidden
	Parent  bool // has children
}

// Sidebar is the tree.
type Sidebar struct {
	env       *screen.Env
	mailboxes []mail.Mailbox
	drafts    int
	saved     []cache.Chosen
	folded    map[mail.MailboxKey]bool // by the user; 0: what all accounts have of a kind
	entries   []Entry
	at, top   int
	page      int
	width     int
	still     bool            // lines stay where they are until a key is pressed
	shown     mail.MailboxKey // the mailbox the list shows; 0: all inboxes, or a search
	search    string          // what the list shows is looked for; empty: nothing
	ticket    screen.Ticket
	loading   bool
	stale     bool
}

// New is an empty sidebar; Reload fills it.
func New(env *screen.Env) *Sidebar {
	s := &Sidebar{env: env, folded: map[mail.MailboxKey]bool{}, page: 20}
	s.build()
	return s
}

// loaded is what Reload brings.
type loaded struct {
	mailboxes []mail.Mailbox
	drafts    int
	saved     []cache.Chosen
}

// What all accounts have of a kind, as searches.
const (
	AllUnread  = "is:unread"
	AllStarred = "is:starred"
	AllDrafts  = "in:drafts"
	AllSent    = "in:sent"
)

// View is a search over all accounts that has a name of its own.
type View struct{ Name, Search string }

// Views are all there are, in the order they stand below all inboxes.
var Views = []View{{"All unread", AllUnread}, {"All starred", AllStarred}, {"All drafts", AllDrafts}, {"All sent", AllSent}}

// ViewName is what a search is called that is one of Views; empty: it is not.
func ViewName(search string) string {
	for _, v := range Views {
		if v.Search == search {
			return v.Name
		}
	}
	return ""
}

// highEnough is how many lines hold Views beside the mailboxes: where there are fewer, they are folded away until one
// unfolds them.
const highEnough = 30

// SavedSearch is what the names of choices that are saved searches begin with.
const SavedSearch = "search "

// Reload asks for the mailboxes again.
func (s *Sidebar) Reload() tea.Cmd {
	if s.loading {
		s.stale = true
		return nil
	}
	s.loading, s.stale = true, false
	return screen.Load(s.env, s, s.ticket.Next(), func(ctx context.Context) (any, error) {
		boxes, err := s.env.Store.Mailboxes(ctx)
		if err != nil {
			return nil, err
		}
		drafts, err := s.env.Store.Drafts(ctx)
		if err != nil {
			return nil, err
		}
		drafts = slices.DeleteFunc(drafts, func(d cache.Stored) bool { return d.Copy != 0 }) // it stands in Drafts
		saved, err := s.env.Store.Choices(ctx, SavedSearch)
		return loaded{boxes, len(drafts), saved}, err
	})
}

// Update takes the mailboxes, and events.
func (s *Sidebar) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Result:
		s.loading = false
		if msg.Err != nil {
			s.env.Root.Fail("list mailboxes", msg.Err)
			return nil
		}
		l := msg.Value.(loaded)
		s.mailboxes, s.drafts, s.saved = l.mailboxes, l.drafts, l.saved
		s.build()
		if s.stale {
			return s.Reload()
		}
	case mail.Event:
		if msg.Kind == mail.MailboxesChanged || msg.Kind == mail.DraftsChanged {
			return s.Reload()
		}
	}
	return nil
}

// Saved are the searches that were kept.
func (s *Sidebar) Saved() []cache.Chosen { return s.saved }

// Mailboxes are all that are known.
func (s *Sidebar) Mailboxes() []mail.Mailbox { return s.mailboxes }

// Find is the mailbox of an account with a role. Where none is for the archive, it is the one that holds everything:
// Gmail archives by taking a message out of INBOX.
func (s *Sidebar) Find(account string, role mail.Role) (mail.Mailbox, bool) {
	i := slices.IndexFunc(s.mailboxes, func(m mail.Mailbox) bool { return m.Account == account && m.Role == role })
	switch {
	case i >= 0:
		return s.mailboxes[i], true
	case role == mail.Archive:
		return s.Find(account, mail.All)
	}
	return mail.Mailbox{}, false
}

// Unseen is how many messages are unread in all inboxes.
func (s *Sidebar) Unseen() (n int) {
	for _, m := range s.Inboxes() {
		n += m.Unseen
	}
	return n
}

// Inboxes are the INBOX of every account.
func (s *Sidebar) Inboxes() []mail.Mailbox {
	var out []mail.Mailbox
	for _, m := range s.mailboxes {
		if m.Role == mail.Inbox {
			out = append(out, m)
		}
	}
	return out
}

// build makes the lines anew; the cursor stays on its entry, or on the same search under another name.
func (s *Sidebar) build() {
	before, had := s.Current()
	unseen := 0
	for _, m := range s.Inboxes() {
		unseen += m.Unseen
	}
	s.entries = s.unified(Entry{Kind: AllInboxes, Name: "All inboxes", Unseen: unseen})
	if s.drafts > 0 {
		s.entries = append(s.entries, Entry{Kind: LocalDrafts, Name: "Unfinished", Unseen: s.drafts})
	}
	for _, c := range s.saved {
		s.entries = append(s.entries, Entry{Kind: Saved, Name: mail.Line(c.Name), Search: c.Value})
	}
	for _, a := range s.env.Engine.Accounts() {
		s.entries = append(s.entries, Entry{Kind: gap}, Entry{Kind: Account, Account: a.Name, Name: mail.Line(a.Name)})
		s.entries = append(s.entries, s.tree(a.Name)...)
	}
	s.at = 0
	if !had {
		return
	}
	at := slices.IndexFunc(s.entries, func(e Entry) bool { return e.same(before) })
	if at < 0 && before.Kind == Saved {
		at = slices.IndexFunc(s.entries, func(e Entry) bool { return e.Kind == Saved && e.Search == before.Search })
	}
	s.at = max(0, at)
}

func (e Entry) same(o Entry) bool {
	return e.Kind == o.Kind && e.Account == o.Account && e.Mailbox.Key == o.Mailbox.Key && (e.Kind != Saved && e.Kind != Unified || e.Name == o.Name)
}

// unified is the entry of all inboxes, and below it what several accounts have of each other kind.
func (s *Sidebar) unified(all Entry) []Entry {
	if len(s.env.Engine.Accounts()) < 2 {
		return []Entry{all}
	}
	folded, chosen := s.folded[0]
	all.Parent, all.Folded = true, folded || !chosen && s.page < highEnough
	out := []Entry{all}
	for _, v := range Views {
		if all.Folded {
			break
		}
		e := Entry{Kind: Unified, Name: v.Name, Search: v.Search, Depth: 1}
		if v.Search == AllUnread {
			e.Unseen = s.unread()
		}
		out = append(out, e)
	}
	return out
}

// unread is how many messages are unread anywhere but in Trash and Junk. What lies in Gmail's mailboxes lies in its All
// Mail as well.
func (s *Sidebar) unread() (n int) {
	everything := map[string]bool{} // accounts with an All Mail
	for _, m := range s.mailboxes {
		everything[m.Account] = everything[m.Account] || m.Role == mail.All
	}
	for _, m := range s.mailboxes {
		if m.Role != mail.Trash && m.Role != mail.Junked && (m.Role == mail.All || !everything[m.Account]) {
			n += m.Unseen
		}
	}
	return n
}

// tree is an account's mailboxes, children below their parents; mailboxes with a role stand at the top, wherever
// the server keeps them.
func (s *Sidebar) tree(account string) []Entry {
	var own []mail.Mailbox
	names, below := map[string]bool{}, map[string][]mail.Mailbox{} // below: by parent
	for _, m := range s.mailboxes {
		if m.Account == account {
			own = append(own, m)
			names[m.Name] = true
		}
	}
	for _, m := range own {
		if m.Role == mail.NoRole && m.Parent() != "" {
			below[m.Parent()] = append(below[m.Parent()], m)
		}
	}
	var out []Entry
	var add func(m mail.Mailbox, depth int)
	add = func(m mail.Mailbox, depth int) {
		e := Entry{Kind: Mailbox, Account: account, Mailbox: m, Name: Name(m), Depth: depth, Unseen: m.Unseen, Folded: s.folded[m.Key]}
		at := len(out)
		out = append(out, e)
		for _, c := range below[m.Name] {
			out[at].Parent = true
			if !e.Folded {
				add(c, depth+1)
			} else {
				out[at].Unseen += c.Unseen
			}
		}
	}
	for _, m := range own {
		if m.Role != mail.NoRole || !names[m.Parent()] {
			add(m, 0)
		}
	}
	return out
}

// roleNames are what people call the mailboxes that servers call many things.
var roleNames = map[mail.Role]string{
	mail.Inbox: "Inbox", mail.Drafts: "Drafts", mail.Sent: "Sent", mail.Archive: "Archive", mail.Junked: "Junk",
	mail.Trash: "Trash", mail.All: "All mail", mail.Starred: "Starred",
}

// Name is what a mailbox is called on screen.
func Name(m mail.Mailbox) string {
	if n, ok := roleNames[m.Role]; ok {
		return n
	}
	return mail.Line(m.Leaf())
}

// FullName is the mailbox with its path, for pickers and titles.
func FullName(m mail.Mailbox) string {
	if n, ok := roleNames[m.Role]; ok {
		return n
	}
	path := m.Path()
	for i := range path {
		path[i] = mail.Line(path[i])
	}
	return strings.Join(path, " / ")
}

// Current is the entry under the cursor.
func (s *Sidebar) Current() (Entry, bool) {
	if s.at >= len(s.entries) {
		return Entry{}, false
	}
	return s.entries[s.at], true
}

// Shown is the entry of what the list shows, also where it is folded away.
func (s *Sidebar) Shown() (Entry, bool) {
	for _, e := range s.entries {
		if s.isShown(e) {
			return e, true
		}
	}
	for _, m := range s.mailboxes {
		if m.Key == s.shown {
			return Entry{Kind: Mailbox, Account: m.Account, Mailbox: m, Name: Name(m)}, true
		}
	}
	return Entry{}, false
}

// Showing tells what the list shows, so that it is marked: a mailbox, what a search finds, or with neither all inboxes.
func (s *Sidebar) Showing(key mail.MailboxKey, search string) {
	s.shown, s.search = key, search
	for i, e := range s.entries {
		if s.isShown(e) {
			s.at = i
		}
	}
}

// Touched tells that a key was pressed: lines may move again.
func (s *Sidebar) Touched() { s.still = false }

// Do moves the cursor and folds.
func (s *Sidebar) Do(a action.Action) (tea.Cmd, bool) {
	switch a {
	case action.Down:
		s.step(1)
	case action.Up:
		s.step(-1)
	case action.PageDown:
		s.step(s.page)
	case action.PageUp:
		s.step(-s.page)
	case action.Top:
		s.at = 0
	case action.Bottom:
		s.step(len(s.entries))
	case action.Fold:
		if e, ok := s.Current(); ok && e.Parent {
			s.folded[e.Mailbox.Key] = !e.Folded
			s.build()
		}
	default:
		return nil, false
	}
	return nil, true
}

// stop tells whether the cursor can stand on an entry.
func (e Entry) stop() bool {
	return e.Kind != gap && e.Kind != Account && (!e.Mailbox.NoSelect || e.Parent)
}

// step moves over headings and gaps.
func (s *Sidebar) step(n int) {
	dir := 1
	if n < 0 {
		dir, n = -1, -n
	}
	for i := s.at + dir; n > 0 && i >= 0 && i < len(s.entries); i += dir {
		if !s.entries[i].stop() {
			continue
		}
		s.at = i
		n--
	}
}

// Scopes is the sidebar's own.
func (s *Sidebar) Scopes() []action.Scope { return []action.Scope{action.Sidebar} }
