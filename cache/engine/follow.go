package engine

import (
	"context"
	"fmt"
	"math"
	"slices"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// Bounds on how far it is looked for a mailbox that is not listed any more: beyond them it is gone, and what is new is new.
const (
	maxAsked    = 100 // STATUS of mailboxes that are new, where the list does not tell
	maxCompared = 20  // pairs of mailboxes whose messages are compared
	witnesses   = 20  // messages that tell whether two mailboxes are the same, the newest
)

// pairing finds out which mailboxes that are new are old ones that somebody else renamed.
type pairing struct {
	w        *worker
	s        *imap.Session
	listed   []mail.Listed
	asked    int
	compared int
	same     map[likely]bool // what is known by now
}

// likely is a mailbox that is not listed any more, and the name of one that is new.
type likely struct {
	key  mail.MailboxKey
	name string
}

// follow gives mailboxes that somebody else renamed their new names here, before those that are not listed are forgotten.
func (w *worker) follow(ctx context.Context, s *imap.Session, listed []mail.Listed) (changed bool, err error) {
	p := pairing{w: w, s: s, listed: listed, same: map[likely]bool{}}
	for {
		lost, unknown, err := w.e.store.Unlisted(ctx, w.account.Name, listed)
		if err != nil || len(lost) == 0 || len(unknown) == 0 {
			return changed, err
		}
		have, name, err := p.find(ctx, lost, unknown)
		if err != nil || name == "" {
			return changed, err
		}
		if err := w.e.store.Followed(ctx, have.Key, name, listed); err != nil {
			return changed, err
		}
		w.e.say(w.account.Name, "%s is called %s on the server now.", have.Name, name)
		changed = true
	}
}

// find gives the topmost mailbox that is certain to be one of the unknown, and the name of that; empty: there is none. It
// is certain where each is like no other.
func (p *pairing) find(ctx context.Context, lost []cache.SyncState, unknown []mail.Listed) (have cache.SyncState, name string, err error) {
	for _, have := range lost {
		var names []string
		for _, l := range unknown {
			same, err := p.isSame(ctx, have, l.Name)
			if err != nil {
				return have, "", err
			}
			if same {
				names = append(names, l.Name)
			}
		}
		if len(names) != 1 {
			continue
		}
		others := 0
		for _, other := range lost {
			same, err := p.isSame(ctx, other, names[0])
			if err != nil {
				return have, "", err
			}
			if same && other.Key != have.Key {
				others++
			}
		}
		if others == 0 {
			return have, names[0], nil
		}
	}
	return have, "", nil
}

// isSame tells whether a mailbox is certainly the one that has the name now. UIDVALIDITY is not enough: servers give the
// same to all mailboxes.
func (p *pairing) isSame(ctx context.Context, have cache.SyncState, name string) (same bool, err error) {
	at := likely{have.Key, name}
	if same, known := p.same[at]; known {
		return same, nil
	}
	defer func() { p.same[at] = same && err == nil }()
	st, err := p.status(ctx, name)
	if err != nil || st == nil || st.UIDValidity != have.UIDValidity || st.UIDNext < have.UIDNext {
		return false, err
	}
	if have.Held == 0 {
		return p.isSameEmpty(ctx, have, *st)
	}
	if st.Messages == 0 || p.compared >= maxCompared {
		return false, nil
	}
	p.compared++
	return p.hasItsMessages(ctx, have, name)
}

// status is how a listed mailbox stands; nil: the server does not tell, or too many were asked about.
func (p *pairing) status(ctx context.Context, name string) (*mail.Status, error) {
	i := slices.IndexFunc(p.listed, func(l mail.Listed) bool { return l.Name == name })
	if i < 0 || p.listed[i].Status != nil {
		return p.statusAt(i), nil
	}
	if p.asked >= maxAsked {
		return nil, nil
	}
	p.asked++
	st, err := p.s.Status(ctx, name)
	switch mail.KindOf(err) {
	case mail.Rejected, mail.Gone, mail.Temporary:
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p.listed[i].Status = &st
	return &st, nil
}

func (p *pairing) statusAt(i int) *mail.Status {
	if i < 0 {
		return nil
	}
	return p.listed[i].Status
}

// isSameEmpty is isSame where no message can tell: the UIDVALIDITY must be one that no other mailbox has.
func (p *pairing) isSameEmpty(ctx context.Context, have cache.SyncState, st mail.Status) (bool, error) {
	if st.Messages > 0 || st.UIDNext != have.UIDNext {
		return false, nil
	}
	all, err := p.w.e.store.SyncStates(ctx, have.Account)
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(all, func(o cache.SyncState) bool { return o.Key != have.Key && o.UIDValidity == have.UIDValidity }), nil
}

// hasItsMessages compares the newest messages that are held, as far as they are still there.
func (p *pairing) hasItsMessages(ctx context.Context, have cache.SyncState, name string) (bool, error) {
	held, err := p.w.e.store.UIDs(ctx, have.Key, 1, math.MaxUint32)
	if err != nil {
		return false, err
	}
	got, err := p.s.Select(ctx, name)
	var headers []mail.Header
	if err == nil && got.UIDValidity == have.UIDValidity {
		err = p.s.Headers(ctx, held.Newest(witnesses), func(h mail.Header) error {
			headers = append(headers, h)
			return nil
		})
	}
	switch mail.KindOf(err) {
	case mail.Rejected, mail.Gone, mail.Temporary:
		return false, nil
	}
	if err != nil {
		return false, err
	}
	same, other, err := p.w.e.store.Alike(ctx, have.Key, headers)
	return same > 0 && other == 0, err
}

// keepBack keeps what was wanted of mailboxes that are gone, and says so.
func (w *worker) keepBack(ctx context.Context, listed []mail.Listed) error {
	kept, touched, err := w.e.store.KeepBack(ctx, w.account.Name, listed)
	for _, k := range kept {
		text := k.Name + " is not on the server any more."
		if k.In > 0 {
			text += fmt.Sprintf(" What was wanted of its messages, %s, waits until it is there again.", changes(k.In))
		}
		if k.Into > 0 {
			text += fmt.Sprintf(" What was to go there stays where it is until then: %s.", changes(k.Into))
		}
		w.e.trouble(w.account.Name, "%s The outbox shows what waits, and gives it up.", text)
	}
	if len(kept) > 0 {
		w.e.box.post(mail.Event{Kind: mail.OutboxChanged, Account: w.account.Name})
		w.e.changed(ctx, touched)
	}
	return err
}

func changes(n int) string {
	if n == 1 {
		return "1 change"
	}
	return fmt.Sprintf("%d changes", n)
}

// elsewhere looks whether what the server refused failed because a mailbox is not there any more, by asking for the list.
// moved tells that it is not what it was: it has another name now, or is gone from here, too.
func (w *worker) elsewhere(ctx context.Context, s *imap.Session, key mail.MailboxKey, name string) (moved bool, err error) {
	if _, there, err := s.Find(ctx, name); err != nil || there {
		return false, err
	}
	if err := w.list(ctx, s); err != nil {
		return false, err
	}
	now, err := w.e.store.SyncState(ctx, key)
	if mail.KindOf(err) == mail.Gone {
		return true, nil
	}
	return now.Name != name, err
}
