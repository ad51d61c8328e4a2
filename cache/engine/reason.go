package engine

import (
	"context"
	"errors"
	"io"
	"net"
	"os"

	"posthorn/mail"
	"posthorn/mail/auth"
)

// loginText says in a sentence why the user is asked for a password.
func loginText(a mail.Account, err error) string {
	var refused *mail.Error
	if errors.Is(err, auth.ErrAsk) || !errors.As(err, &refused) {
		return "the password for " + a.IMAP.User + " is needed"
	}
	if refused.Said != "" {
		return a.IMAP.Host + " refused the password: " + refused.Said
	}
	return err.Error()
}

// storageText says in a sentence why no mail comes though the server is there.
func storageText(err error) string { return "mail cannot be stored: " + reason(err) }

// offlineText says in a sentence why there is no connection.
func offlineText(a mail.Account, err error) string {
	if err == nil {
		return "the connection to " + a.IMAP.Host + " ended"
	}
	return "no connection to " + a.IMAP.Host + ": " + reason(err)
}

// reason is the innermost cause, without the operations that led to it: the sentence around it names them.
func reason(err error) string {
	var e *mail.Error
	if errors.As(err, &e) {
		switch {
		case e.Said != "":
			return e.Said
		case e.Err == nil:
			return e.Kind.String()
		}
		return reason(e.Err)
	}
	var name *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &name):
		return "its name is not known (" + name.Name + ")"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return "the server ended it"
	case errors.As(err, &op):
		var call *os.SyscallError
		if errors.As(op.Err, &call) {
			return call.Err.Error()
		}
		return op.Err.Error()
	}
	return err.Error()
}
