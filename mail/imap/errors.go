package imap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"posthorn/mail"
)

// refused is the error for a NO or BAD, nil for OK.
func refused(op string, st status) error {
	if st.kind == "OK" {
		return nil
	}
	e := &mail.Error{Op: op, Kind: kindOf(st), Said: st.text}
	if st.text == "" {
		e.Err = fmt.Errorf("the server says %s %s", st.kind, st.code)
	}
	return e
}

// kindOf sorts refusals by what to do next. // RFC 9051 §7.1, RFC 5530
func kindOf(st status) mail.Kind {
	switch {
	case disconnected(st.text):
		return mail.Offline
	case passing(st.text):
		return mail.Temporary
	case missing(st.text):
		return mail.Gone
	}
	switch st.code {
	case "TRYCREATE", "NONEXISTENT":
		return mail.Gone
	case "OVERQUOTA", "INUSE", "LIMIT", "UNAVAILABLE", "SERVERBUG", "THROTTLED", "CORRUPTION", "CONTACTADMIN":
		return mail.Temporary
	case "AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED":
		return mail.Auth
	}
	if st.kind == "BAD" {
		return mail.Protocol
	}
	return mail.Rejected
}

// passing knows refusals that come without a code and mean "not now".
func passing(text string) bool {
	for _, s := range []string{
		"System Error (Failure)",              // Gmail
		"Server Unavailable",                  // Exchange
		"Some messages could not be FETCHed",  // Gmail
		"mailbox selected READ-ONLY",          // Zimbra, for a while
		"too many simultaneous connections",   // Gmail, at login
		"Maximum number of connections",       // Dovecot: mail_max_userip_connections
		"Temporary authentication failure",    // Dovecot
		"Internal error occurred. Refer to",   // Dovecot
		"Authentication service unavailable.", // Courier
	} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(s)) {
			return true
		}
	}
	return false
}

// missing knows refusals that come without a code and mean that there is no mailbox of that name.
func missing(text string) bool {
	for _, s := range []string{
		"Mailbox doesn't exist:", // Dovecot, to SELECT and STATUS
		"No such mailbox",        // GreenMail, James, UW
		"Unknown Mailbox:",       // Gmail
	} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(s)) {
			return true
		}
	}
	return false
}

// disconnected knows refusals that mean that nothing will work on this connection. Outlook says so, as BAD to whatever
// follows a login that went well: too many connections, a licence or a permission that is missing; Dovecot where another
// took the selected mailbox away, and takes leave at the next command.
func disconnected(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, "authenticated but not connected") || strings.Contains(text, "mailbox was deleted under us")
}

// explain puts the ends of connections into words.
func explain(err error) error {
	switch {
	case err == nil:
		return errors.New("the connection is closed")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errors.New("the server does not answer")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrClosedPipe):
		return errors.New("the connection was closed")
	}
	return err
}

// canceled is the error of a command whose context has ended: by us, or by a limit of time.
func canceled(op string, ctx context.Context) error {
	e := &mail.Error{Op: op, Kind: mail.Canceled, Err: context.Cause(ctx)}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		e.Kind = mail.Offline
	}
	return e
}
