package engine

import (
	"context"

	"posthorn/mail"
	"posthorn/mail/imap"
)

// dial opens an IMAP connection for the worker or the watcher, which ends with ctx at the latest.
func (e *Engine) dial(ctx context.Context, a mail.Account) (*imap.Session, error) {
	password, err := e.opt.Secrets.Password(ctx, a)
	if err != nil {
		return nil, err
	}
	s, err := e.connect(ctx, a, password)
	if mail.KindOf(err) == mail.Auth {
		e.opt.Secrets.Reject(a.Name)
	}
	return s, err
}

// connect logs in; the connection ends with ctx.
func (e *Engine) connect(ctx context.Context, a mail.Account, password string) (*imap.Session, error) {
	s, err := imap.Dial(ctx, a, password, imap.Options{Dial: e.opt.Dial, Logger: e.opt.Logger, Patience: e.opt.Patience})
	if err == nil {
		context.AfterFunc(ctx, func() { s.Close() })
	}
	return s, err
}
