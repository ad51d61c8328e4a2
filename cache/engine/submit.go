package engine

import (
	"context"
	"errors"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
)

// fromOutside tells whether another program handed a message over.
func fromOutside(o cache.Outgoing) bool {
	d, err := compose.Unmarshal(o.Draft)
	return err == nil && d.Outside
}

// Enclose is what goes into the outbox for a message that another program wrote.
func Enclose(built compose.Built, d compose.Draft, now time.Time) (cache.Outgoing, error) {
	data, err := d.Marshal()
	if err != nil {
		return cache.Outgoing{}, err
	}
	o := cache.Outgoing{Account: d.Account, State: cache.Queued, Bytes: built.Bytes, From: built.From.Addr(),
		MessageID: built.MessageID, Subject: d.Subject, Draft: data, Created: now}
	for _, to := range built.Recipients {
		o.To = append(o.To, to.Addr())
	}
	return o, nil
}

// Submit sends one message of the outbox now, without Start: nothing else of the account is looked at. What became of
// it is in the outbox; the error is about the database. A copy goes into Sent where that works at once; else the next
// start files it.
func (e *Engine) Submit(ctx context.Context, key int64) error {
	o, err := e.store.Outgoing(ctx, key)
	if err != nil {
		return err
	}
	s, w := e.senders[o.Account], e.workers[o.Account]
	if s == nil {
		return &mail.Error{Op: "send", Kind: mail.Rejected, Said: "there is no account " + o.Account}
	}
	if err := s.recover(ctx); err != nil { // what another process left when it ended
		return err
	}
	if o, err = e.store.Outgoing(ctx, key); err != nil || o.State != cache.Queued {
		return err
	}
	err = s.send(ctx, o)
	if err := errors.Join(err, s.recover(context.WithoutCancel(ctx))); err != nil {
		return err
	}
	if o, err = e.store.Outgoing(ctx, key); err != nil || !unfiled(o) {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, fileWithin)
	defer cancel()
	session, err := w.connect(ctx)
	if err != nil {
		e.say(o.Account, "The copy is filed in Sent at the next start: %s.", mail.Reason(err))
		return nil
	}
	defer session.Close()
	_, known, err := e.store.MailboxFor(ctx, o.Account, mail.Sent)
	if err == nil && !known {
		err = w.list(ctx, session)
	}
	for try := 0; err == nil && try < 2 && unfiled(o); try++ { // where there is no Sent the first makes it
		if err = w.file(ctx, session, o); err == nil {
			o, err = e.store.Outgoing(ctx, key)
		}
	}
	if err != nil {
		e.say(o.Account, "The copy is filed in Sent at the next start: %s.", mail.Reason(err))
	}
	return nil
}

// fileWithin bounds what the filing of a copy holds another program up.
const fileWithin = 30 * time.Second

// listenEvery is how often the database is asked whether another program put something into it.
const listenEvery = time.Second

// listen wakes the senders, and has links looked for, when another program has written into the database, until ctx ends.
func (e *Engine) listen(ctx context.Context) {
	seen, err := e.store.Seen(ctx)
	for nap(ctx, listenEvery); ctx.Err() == nil; nap(ctx, listenEvery) {
		now, again := e.store.Seen(ctx)
		if again == nil && err == nil && now != seen {
			e.box.post(mail.Event{Kind: mail.OutboxChanged}, mail.Event{Kind: mail.LinkHanded})
			for _, s := range e.senders {
				s.bell.ring()
			}
		}
		seen, err = now, again
	}
}
