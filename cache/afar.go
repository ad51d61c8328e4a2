package cache

import (
	"context"
	"slices"

	"posthorn/mail"
	"posthorn/mail/search"
)

// Afar is what servers are to be asked for a view: a mailbox, and what of its query is to be looked for there.
type Afar struct {
	SyncState
	Query search.Query
}

// Afar are the mailboxes in which a server may find what the database cannot: it has all texts, and headers that are not
// fetched yet. The likeliest is first.
func (r *Reader) Afar(ctx context.Context, v View, account string) ([]Afar, error) {
	_, scope, err := r.scope(ctx, v)
	if err != nil {
		return nil, fail("search", err)
	}
	states, err := r.SyncStates(ctx, account)
	if err != nil {
		return nil, err
	}
	var out []Afar
	for _, m := range scope {
		i := slices.IndexFunc(states, func(s SyncState) bool { return s.Key == m.Key })
		if i < 0 {
			continue
		}
		q, words := v.Query.Suppose(func(t search.Term, _ bool) (bool, bool) { return placed(m, t) }), false
		q.Walk(func(t search.Term, wanted bool) { words = words || wanted && t.Textual() })
		if q.Finds() && (words || states[i].Backfill != 1) {
			out = append(out, Afar{states[i], q})
		}
	}
	slices.SortStableFunc(out, func(a, b Afar) int { return turn(a.Role) - turn(b.Role) })
	return out, nil
}

// placed tells whether a term about mailboxes holds for m, and whether it is one.
func placed(m mail.Mailbox, t search.Term) (holds, known bool) {
	switch t.Field {
	case search.In:
		return Called(m, t.Value), true
	case search.Account:
		return begins(m.Account, t.Value), true
	}
	return false, false
}

// turn is when a mailbox is searched: the one that has what is in the others last.
func turn(r mail.Role) int {
	switch r {
	case mail.Inbox:
		return 0
	case mail.Archive, mail.Sent:
		return 1
	case mail.All:
		return 3
	}
	return 2
}

// MostAfar is how many messages found by servers are shown, the newest of them.
const MostAfar = 1000

// mostTold is how many UIDs that a server told are looked at: it may find what the database finds, too.
const mostTold = 10 * MostAfar

// FoundAfar are the messages with these UIDs of a mailbox that meet what the database knows of them and that it does not
// find by itself; missing are those it has not got.
func (r *Reader) FoundAfar(ctx context.Context, v View, key mail.MailboxKey, uids mail.UIDSet) (found []mail.MessageKey, missing mail.UIDSet, err error) {
	if len(uids) == 0 {
		return nil, nil, nil
	}
	held, err := r.UIDs(ctx, key, uids.Min(), uids.Max())
	if err != nil {
		return nil, nil, err
	}
	missing = uids.Without(held)
	c, scope, err := r.scope(ctx, v)
	if err != nil {
		return nil, nil, fail("search", err)
	}
	match, rest := c.top(*v.Query)
	could := v.Query.Suppose(func(t search.Term, wanted bool) (bool, bool) { // words may be in what is not here
		_, words := columns[t.Field]
		return wanted, words || t.Field == search.Cc
	})
	here := uids.Without(missing)
	filter := condition{"m.shown_mailbox_id IN (SELECT value FROM json_each(?))", []any{list(keysOfBoxes(scope))}}.
		and(c.condition(could)).and(v.flags()).and(once(scope)).and(beyond(match, rest))
	if !could.Finds() {
		return nil, missing, nil
	}
	var newest []mail.UID
	for _, u := range here.Newest(mostTold) {
		for n := u.Lo; ; n++ {
			if newest = append(newest, n); n == u.Hi {
				break
			}
		}
	}
	slices.Reverse(newest)
	found, err = collect(ctx, r.db, column[mail.MessageKey], `SELECT m.id FROM json_each(?) k CROSS JOIN message m INDEXED BY message_by_uid
		ON m.uid = k.value AND m.uid > 0 AND m.mailbox_id = ? CROSS JOIN mailbox b ON b.id = m.shown_mailbox_id WHERE `+filter.text+" ORDER BY k.key LIMIT ?",
		append(append([]any{list(newest), key}, filter.args...), MostAfar)...)
	return found, missing, fail("search", err)
}
