package index

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
)

// threads are the conversations of the window.
type threads struct {
	heads    []mail.Message           // rows of the database: of each conversation its newest message here
	members  map[int64][]mail.Message // all messages of a conversation, newest first, those in other mailboxes, too
	unfolded map[int64]bool
}

// query is what is shown, for the database.
func (x *Index) query() cache.View {
	q := x.view.query()
	q.Threads = x.threaded()
	return q
}

// threaded tells whether rows are conversations. What one wrote oneself, what a search finds and what is
// sorted by anything but the date are messages.
func (x *Index) threaded() bool {
	return !x.flat && x.view.Search == nil && !x.view.Outgoing && x.view.Sort.By == cache.ByDate
}

// members reads the conversations of some rows.
func (x *Index) members(ctx context.Context, q cache.View, rows []mail.Message) (map[int64][]mail.Message, error) {
	if !q.Threads {
		return nil, nil
	}
	ids := make([]int64, len(rows))
	for i, m := range rows {
		ids[i] = m.Thread
	}
	return x.env.Store.Conversations(ctx, q, ids)
}

// conversation is the messages of m's conversation where it has more than one; nil: it has not, or rows are messages.
func (x *Index) conversation(m mail.Message) []mail.Message {
	if list := x.threads.members[m.Thread]; len(list) > 1 && x.threaded() {
		return list
	}
	return nil
}

// folded is conversation where one row stands for it.
func (x *Index) folded(m mail.Message) []mail.Message {
	if x.threads.unfolded[m.Thread] {
		return nil
	}
	return x.conversation(m)
}

// expand are the rows of the window: heads, and instead of unfolded ones all their messages.
func (x *Index) expand(heads []mail.Message) []mail.Message {
	var rows []mail.Message
	done := map[int64]bool{}
	for _, m := range heads {
		list := x.conversation(m)
		if list == nil || !x.threads.unfolded[m.Thread] {
			list = []mail.Message{m}
		} else if done[m.Thread] {
			continue
		}
		done[m.Thread] = true
		for _, one := range list {
			if !x.leaving[one.Key] {
				rows = append(rows, one)
			}
		}
	}
	return rows
}

// position is where a row stands in the list that the database has.
func (x *Index) position(row int) cache.Position { return x.place(x.rows[row]) }

func (x *Index) place(m mail.Message) cache.Position {
	if x.conversation(m) != nil {
		for _, h := range x.threads.heads {
			if h.Thread == m.Thread {
				return x.view.Sort.At(h)
			}
		}
	}
	return x.view.Sort.At(m)
}

// follow is where the cursor's message stands in new rows, or another row of its conversation, or what came after it.
func (x *Index) follow(rows []mail.Message) int {
	at := follow(x.rows, rows, x.at)
	if x.at < len(x.rows) && at < len(rows) && rows[at].Key != x.rows[x.at].Key && x.threaded() {
		now := x.within(x.rows[x.at])
		if i := slices.IndexFunc(rows, func(m mail.Message) bool { return m.Thread == now && m.Thread != 0 }); i >= 0 {
			return i
		}
	}
	return at
}

// within is the conversation that a message of the rows is in now: the one it was in may have become part of another.
func (x *Index) within(m mail.Message) int64 {
	if x.threads.members[m.Thread] != nil {
		return m.Thread
	}
	for thread, list := range x.threads.members {
		if slices.ContainsFunc(list, func(one mail.Message) bool { return one.Key == m.Key }) {
			return thread
		}
	}
	return m.Thread
}

// unseenAt tells whether a row has something unread.
func (x *Index) unseenAt(row int) bool {
	if list := x.folded(x.rows[row]); list != nil {
		return slices.ContainsFunc(list, mail.Message.Unseen)
	}
	return x.rows[row].Unseen()
}

// meant are the messages that an action on a row is about: of a folded conversation those in the mailboxes shown, the
// newest first.
func (x *Index) meant(m mail.Message) []mail.Message {
	out := []mail.Message{m}
	for _, one := range x.folded(m) {
		if one.Key != m.Key && x.shows(one.Mailbox) && !x.leaving[one.Key] {
			out = append(out, one)
		}
	}
	return out
}

// Opened goes to the message to be read when a row is opened: of a folded conversation, which unfolds, the oldest that
// is unread, or else the newest.
func (x *Index) Opened() (mail.Message, bool) {
	m, ok := x.Current()
	if !ok || x.folded(m) == nil {
		return m, ok
	}
	opened, _ := x.Glanced()
	x.unfold(m, true)
	if x.Go(opened.Key) {
		return opened, true
	}
	x.Go(m.Key)
	return m, true
}

// Glanced is the message that Opened would go to.
func (x *Index) Glanced() (mail.Message, bool) {
	m, ok := x.Current()
	for _, one := range slices.Backward(x.folded(m)) {
		if one.Unseen() {
			return one, ok
		}
	}
	return m, ok
}

// toggleFold unfolds the conversation under the cursor, or folds it again.
func (x *Index) toggleFold() {
	m, ok := x.Current()
	if !ok || x.conversation(m) == nil {
		x.env.Root.Say("There is nothing to fold: this message is alone.")
		return
	}
	x.unfold(m, !x.threads.unfolded[m.Thread])
}

func (x *Index) unfold(m mail.Message, open bool) {
	x.threads.unfolded[m.Thread] = open
	x.rows = x.expand(x.threads.heads)
	if !x.Go(m.Key) {
		x.at = max(0, slices.IndexFunc(x.rows, func(one mail.Message) bool { return one.Thread == m.Thread }))
	}
}

// Flat makes each message a row, or each conversation.
func (x *Index) Flat(flat bool) tea.Cmd {
	if x.flat == flat {
		return nil
	}
	x.flat = flat
	m, _ := x.Current()
	return x.ShowAt(x.view, m)
}

// Roomy gives rows two lines, or one again.
func (x *Index) Roomy(roomy bool) { x.roomy = roomy }

// IsRoomy tells whether rows have two lines.
func (x *Index) IsRoomy() bool { return x.roomy }

// IsFlat tells whether each message is a row.
func (x *Index) IsFlat() bool { return x.flat }

// stands is how a row shows a conversation.
type stands struct {
	people string // who takes part; empty: the row is one message
	count  int    // of messages, on a folded row
	fold   string // what stands before the subject of an unfolded one's rows
}

// asShown is the message as its row shows it, and how the row stands in a conversation.
func (x *Index) asShown(row int) (mail.Message, stands) {
	m := x.rows[row]
	list := x.conversation(m)
	if list == nil {
		return m, stands{}
	}
	if x.threads.unfolded[m.Thread] {
		if row == 0 || x.rows[row-1].Thread != m.Thread {
			return m, stands{fold: "▾ "}
		}
		return m, stands{fold: "└ "}
	}
	m.Attachments = 0
	m.Flags |= mail.Seen
	for _, one := range list {
		m.Attachments += one.Attachments
		m.Flags |= one.Flags & (mail.Flagged | mail.Muted)
		if one.Unseen() {
			m.Flags &^= mail.Seen
		}
	}
	return m, stands{people: x.people(list), count: len(list)}
}

// mostPeople is how many who take part in a conversation are named.
const mostPeople = 4

// people names who takes part, in the order in which they joined: by their first names where they are several.
func (x *Index) people(list []mail.Message) string {
	var names []string
	for _, m := range slices.Backward(list) {
		name := who(m, false)
		for _, a := range x.env.Engine.Accounts() {
			if a.Name == m.Account && (name == a.DisplayName || name == a.Address) {
				name = "me"
			}
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 1 {
		return names[0]
	}
	for i, n := range names {
		if first, _, ok := strings.Cut(n, " "); ok && !strings.Contains(n, "@") {
			names[i] = first
		}
	}
	if n := len(names); n > mostPeople {
		names = append(names[:1:1], append([]string{"…"}, names[n-mostPeople+2:]...)...)
	}
	return strings.Join(names, ", ")
}

func (s stands) number() string {
	if s.count == 0 {
		return ""
	}
	if s.count >= cache.MostMembers {
		return fmt.Sprintf(" %d+", cache.MostMembers)
	}
	return fmt.Sprintf(" %d", s.count)
}
