package engine

import (
	"context"
	"errors"
	"slices"
	"strings"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/mail/imap"
)

// outbox is what of the outbox belongs to the account.
func (w *worker) outbox(ctx context.Context) ([]cache.Outgoing, error) {
	rows, err := w.e.store.Outbox(ctx)
	return slices.DeleteFunc(rows, func(o cache.Outgoing) bool { return o.Account != w.account.Name }), err
}

// toFile is the mail that somebody has and whose copy is not yet in Sent, and what is done with.
func (w *worker) toFile(rows []cache.Outgoing) []cache.Outgoing {
	return slices.DeleteFunc(slices.Clone(rows), func(o cache.Outgoing) bool {
		return !unfiled(o) || w.unfiled[o.Key]
	})
}

// unfiled tells whether a message has still to be filed, or to be done with.
func unfiled(o cache.Outgoing) bool { return o.State == cache.Sent || o.Copy == cache.CopyDue }

// fileSent puts the copy of one sent message into Sent, exactly once: a copy that is there already, from a try whose
// answer was lost or from a server that files sent mail itself, is left alone.
func (w *worker) fileSent(ctx context.Context, s *imap.Session) error {
	outbox, err := w.outbox(ctx)
	if err != nil {
		return err
	}
	rows := w.toFile(outbox)
	if len(rows) == 0 {
		return nil
	}
	o, err := w.e.store.Outgoing(ctx, rows[0].Key)
	if err != nil {
		return err
	}
	w.show(State{Phase: Working, Text: "filing sent mail"})
	return w.file(ctx, s, o)
}

// file puts the copy of one message into Sent.
func (w *worker) file(ctx context.Context, s *imap.Session, o cache.Outgoing) error {
	sent, ok, err := w.e.store.MailboxFor(ctx, w.account.Name, mail.Sent)
	if err != nil {
		return err
	}
	if !ok {
		return w.createSent(ctx, s, o)
	}
	if o.Copy != cache.CopyFiled && !s.Caps().FilesSent && !redirected(o) {
		if err := appendOnce(ctx, s, sent.Name, o); err != nil {
			return w.cannotFile(o, err)
		}
	}
	delete(w.fresh, sent.Key)
	err = w.e.store.FiledOutgoing(ctx, o.Key, sent.Key, fromOutside(o))
	w.e.box.post(mail.Event{Kind: mail.OutboxChanged, Account: w.account.Name})
	return err
}

// redirected tells whether o passed on what another wrote: that is filed where it lies.
func redirected(o cache.Outgoing) bool {
	d, err := compose.Unmarshal(o.Draft)
	return err == nil && d.Redirected
}

func appendOnce(ctx context.Context, s *imap.Session, mailbox string, o cache.Outgoing) error {
	if _, err := s.Select(ctx, mailbox); err != nil {
		return err
	}
	there, err := s.FindMessageID(ctx, o.MessageID)
	if err != nil || len(there) > 0 {
		return err
	}
	at := o.Created
	if o.NotBefore.After(at) { // it waited: this is when it went out
		at = o.NotBefore
	}
	_, _, err = s.Append(ctx, mailbox, mail.Seen, at, o.Bytes)
	return err
}

// createSent makes a Sent mailbox where there is none; the list finds it.
func (w *worker) createSent(ctx context.Context, s *imap.Session, o cache.Outgoing) error {
	if err := w.create(ctx, s, "Sent"); err != nil {
		return w.cannotFile(o, err)
	}
	if err := w.list(ctx, s); err != nil {
		return err
	}
	if _, ok, err := w.e.store.MailboxFor(ctx, w.account.Name, mail.Sent); ok || err != nil {
		return err
	}
	return w.cannotFile(o, &mail.Error{Op: "create Sent", Kind: mail.Rejected, Err: errors.New("the server made it, and does not list it")})
}

// create makes a mailbox below INBOX where all others are, and where nothing may be made beside INBOX: Cyrus says NO
// [NOPERM], Courier that the name is not valid.
func (w *worker) create(ctx context.Context, s *imap.Session, name string) error {
	all, err := w.e.store.Mailboxes(ctx)
	if err != nil {
		return err
	}
	below, delimiter := true, ""
	for _, m := range all {
		if m.Account == w.account.Name && m.Name != "INBOX" {
			below = below && m.Delimiter != "" && strings.HasPrefix(m.Name, "INBOX"+m.Delimiter)
		}
		if m.Account == w.account.Name {
			delimiter = m.Delimiter
		}
	}
	names := []string{name}
	if delimiter != "" {
		names = append(names, "INBOX"+delimiter+name)
	}
	if below {
		slices.Reverse(names)
	}
	for _, name := range names {
		if err = s.Create(ctx, name); mail.KindOf(err) != mail.Rejected {
			break
		}
	}
	return err
}

// cannotFile leaves the copy in the outbox for this session; the message itself is sent.
func (w *worker) cannotFile(o cache.Outgoing, err error) error {
	switch mail.KindOf(err) {
	case mail.Rejected, mail.Gone, mail.Temporary:
		w.unfiled[o.Key] = true
		w.e.trouble(w.account.Name, "“%s” was sent, but its copy could not be filed in Sent: %v.", o.Subject, err)
		return nil
	}
	return err
}
