package imap

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"time"

	"posthorn/mail"
	"posthorn/mail/auth"
)

// defaultPatience is how long a server may stay silent with a command open.
const defaultPatience = 30 * time.Second

// Dial connects, makes the connection safe, and logs in. Errors are *mail.Error.
func Dial(ctx context.Context, a mail.Account, password string, opt Options) (*Session, error) {
	a = a.WithDefaults()
	op := "connect to " + a.IMAP.Host
	if a.IMAP.Security == mail.Insecure && !a.IMAP.Loopback() {
		return nil, &mail.Error{Op: op, Kind: mail.Rejected, Err: errors.New(`security = "insecure" is for this machine only: use "tls" or "starttls"`)}
	}
	dial := opt.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	patience := cmp.Or(opt.Patience, defaultPatience)
	dialing, stop := context.WithTimeout(ctx, patience)
	conn, err := dial(dialing, "tcp", a.IMAP.Address())
	stop()
	if err != nil {
		if ctx.Err() != nil {
			return nil, canceled(op, ctx)
		}
		return nil, &mail.Error{Op: op, Kind: mail.Offline, Err: err}
	}
	log := opt.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s, err := open(ctx, &link{Conn: conn, patience: patience}, a, password, log)
	if err != nil {
		conn.Close()
		if ctx.Err() != nil {
			err = canceled(op, ctx)
		}
		log.Debug("imap", "op", op, "kind", mail.KindOf(err))
	}
	return s, err
}

// open makes a session of a fresh connection.
func open(ctx context.Context, l *link, a mail.Account, password string, log *slog.Logger) (*Session, error) {
	op := "connect to " + a.IMAP.Host
	w := newWire(l)
	stop := context.AfterFunc(ctx, func() { l.Conn.Close() })
	defer stop()
	var err error
	switch a.IMAP.Security {
	case mail.StartTLS:
		if err = w.startTLS(op); err == nil {
			w, err = secure(ctx, op, l, a)
		}
	case mail.TLS:
		w, err = secure(ctx, op, l, a)
	}
	if err != nil {
		return nil, err
	}
	h := &handshake{wire: w, op: op}
	if a.IMAP.Security != mail.StartTLS {
		if err := h.greet(); err != nil {
			return nil, err
		}
	}
	if err := h.login(a, password); err != nil {
		return nil, err
	}
	h.caps.quirks(a)
	return newSession(w, h.caps, log)
}

// secure starts TLS and begins the conversation anew: nothing from before is kept.
func secure(ctx context.Context, op string, l *link, a mail.Account) (*wire, error) {
	config, err := auth.TLSConfig(a, a.IMAP.Host)
	if err != nil {
		return nil, err
	}
	conn := tls.Client(l, config)
	if err := conn.HandshakeContext(ctx); err != nil {
		var told *mail.Error
		if err = auth.TLSError(a.IMAP.Host, err); errors.As(err, &told) {
			return nil, err
		}
		return nil, &mail.Error{Op: op, Kind: mail.Offline, Err: explain(err)}
	}
	return &wire{conn: conn, link: l, in: newFramer(conn)}, nil
}

// startTLS does what is said before TLS, and believes none of it. // RFC 9051 §6.2.1
func (w *wire) startTLS(op string) error {
	fail := func(why string) error {
		_ = w.fail(errUnframed)
		return &mail.Error{Op: op, Kind: mail.Protocol, Err: errors.New(why)}
	}
	broken := func(err error) error {
		if errors.Is(err, errUnframed) {
			return fail("the server speaks out of turn before encryption")
		}
		return &mail.Error{Op: op, Kind: mail.Offline, Err: explain(err)}
	}
	r, err := w.in.next()
	if err != nil {
		return broken(err)
	}
	switch st, _ := r.condition(); st.kind {
	case "OK":
	case "BYE":
		return &mail.Error{Op: op, Kind: mail.Offline, Err: errors.New("the server turned the connection away")}
	default: // PREAUTH too: then STARTTLS is not possible any more
		return fail("the server does not let the connection be encrypted")
	}
	plus := false
	st, err := w.do(newCommand(Caps{}, "STARTTLS"), limits{line: 64 << 10, literals: 0, count: 1000}, func(r *response) {
		plus = plus || r.line[0] == '+'
	})
	switch {
	case err != nil:
		return broken(err)
	case st.kind != "OK" || plus:
		return fail("the server offers no encryption")
	case w.in.r.Buffered() > 0:
		return fail("injected data: something was sent behind the start of encryption")
	}
	return nil
}
