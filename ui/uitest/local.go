package uitest

import (
	"context"
	"time"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
)

// Local is an engine without servers: wishes come true in the database, and what is opened is there or comes at once.
type Local struct {
	*Engine
	mail  *Mail
	d     *Driver
	texts map[mail.MessageKey]string
}

// NewLocal is an engine over m, for the accounts of e. What became stale is heard by the driver's model.
func NewLocal(e *Engine, m *Mail, d *Driver) *Local {
	for _, a := range e.Has {
		e.Stands = append(e.Stands, engine.State{Account: a.Name, Phase: engine.Idle, Text: "connected"})
	}
	return &Local{Engine: e, mail: m, d: d, texts: map[mail.MessageKey]string{}}
}

// Deliver stores a message whose text comes when it is opened.
func (l *Local) Deliver(account, mailbox, raw string, flags mail.Flags) mail.MessageKey {
	key := l.mail.Deliver(account, mailbox, raw, flags)
	l.texts[key] = raw
	return key
}

// Do makes changes come true.
func (l *Local) Do(ctx context.Context, what string, changes ...mail.Targeted) error {
	if err := l.Engine.Do(ctx, what, changes...); err != nil {
		return err
	}
	touched, err := l.mail.Wish(ctx, cache.Wish{Changes: changes, What: what, NoUndo: what == "", NotBefore: Now.Add(time.Hour)})
	l.touched(ctx, touched)
	return err
}

// DoMailbox makes what is wanted of a mailbox visible.
func (l *Local) DoMailbox(ctx context.Context, what string, errand cache.Errand) error {
	if err := l.Engine.DoMailbox(ctx, what, errand); err != nil {
		return err
	}
	e, touched, err := l.mail.WishErrand(ctx, errand, what, Now.Add(time.Hour))
	l.touched(ctx, touched)
	l.d.post([]mail.Event{{Kind: mail.MailboxesChanged, Account: e.Account}})
	return err
}

// Undo takes the last changes back.
func (l *Local) Undo(ctx context.Context) (engine.Undone, error) {
	u, err := l.mail.Undo(ctx)
	l.touched(ctx, u.Touched)
	l.d.post([]mail.Event{{Kind: mail.MailboxesChanged, Account: u.Account}})
	return engine.Undone{What: u.What, Messages: u.Messages}, err
}

// Redo makes the last changes taken back come true again.
func (l *Local) Redo(ctx context.Context) (engine.Undone, error) {
	u, err := l.mail.Redo(ctx, Now.Add(time.Hour))
	l.touched(ctx, u.Touched)
	return engine.Undone{What: u.What, Messages: u.Messages}, err
}

func (l *Local) touched(ctx context.Context, list []mail.MailboxKey) {
	for _, key := range list {
		m, err := l.mail.Mailbox(ctx, key)
		if err != nil {
			l.mail.t.Error(err)
		}
		l.d.post([]mail.Event{{Kind: mail.MessagesChanged, Account: m.Account, Mailbox: key}, {Kind: mail.MailboxesChanged, Account: m.Account}})
	}
}

// Open fetches from what Deliver was given.
func (l *Local) Open(key mail.MessageKey, sections ...string) {
	l.Engine.Open(key, sections...)
	l.mail.Fetch(key, l.texts[key], sections...)
	l.d.post([]mail.Event{{Kind: mail.PartReady, Message: key}})
}
