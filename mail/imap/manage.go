package imap

import (
	"context"

	"posthorn/mail"
)

// Create makes a mailbox, with those above it where the server does that. // RFC 9051 §6.3.4
func (s *Session) Create(ctx context.Context, name string) error {
	return s.manage(ctx, "create "+name, "CREATE", name)
}

// Rename gives a mailbox another name, and all below it. // RFC 9051 §6.3.6
func (s *Session) Rename(ctx context.Context, name, to string) error {
	return s.manage(ctx, "rename "+name+" to "+to, "RENAME", name, to)
}

// Delete removes a mailbox with all that is in it; what is below it stays. // RFC 9051 §6.3.5
func (s *Session) Delete(ctx context.Context, name string) error {
	return s.manage(ctx, "delete "+name, "DELETE", name)
}

// Subscribe makes a mailbox one of those that programs show, or no longer. // RFC 9051 §6.3.7, §6.3.8
func (s *Session) Subscribe(ctx context.Context, name string, on bool) error {
	op, word := "subscribe to "+name, "SUBSCRIBE"
	if !on {
		op, word = "unsubscribe from "+name, "UNSUBSCRIBE"
	}
	return s.manage(ctx, op, word, name)
}

func (s *Session) manage(ctx context.Context, op, word string, names ...string) error {
	c := newCommand(s.caps, word)
	for _, name := range names {
		if err := speakable(op, name); err != nil {
			return err
		}
		c.mailbox(name)
	}
	_, err := s.own(ctx, op, c, usual, nil)
	if mail.KindOf(err) == mail.Protocol && s.alive() { // BAD: it does not know the command, or dislikes the name
		return &mail.Error{Op: op, Kind: mail.Rejected, Err: err}
	}
	return err
}

// Find tells whether there is a mailbox of exactly that name, and whether it can hold messages. // RFC 9051 §6.3.9
func (s *Session) Find(ctx context.Context, name string) (found mail.Listed, there bool, err error) {
	op := "look for " + name
	if err := speakable(op, name); err != nil {
		return mail.Listed{}, false, err
	}
	l := lister{s: s, at: map[string]int{}}
	if _, err = s.own(ctx, op, newCommand(s.caps, `LIST ""`).mailbox(name), usual, l.take); err != nil {
		return mail.Listed{}, false, err
	}
	for _, m := range l.list { // a name may hold wildcards
		if same(m.Name, name) {
			return m, true, nil
		}
	}
	return mail.Listed{}, false, nil
}
