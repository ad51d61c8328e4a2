package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"

	"posthorn/mail"
	"posthorn/mail/auth"
)

func TestReasonsAreInPlainWords(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	for want, err := range map[string]error{
		"connection refused":                     &mail.Error{Op: "connect to mail.example", Kind: mail.Offline, Err: refused},
		"its name is not known (mail.example)":   &mail.Error{Op: "connect", Kind: mail.Offline, Err: &net.OpError{Op: "dial", Err: &net.DNSError{Name: "mail.example"}}},
		"no answer in time":                      fmt.Errorf("read: %w", context.DeadlineExceeded),
		"the server ended it":                    &mail.Error{Op: "list", Kind: mail.Offline, Err: io.ErrUnexpectedEOF},
		"Maximum number of connections exceeded": &mail.Error{Op: "log in", Kind: mail.Temporary, Said: "Maximum number of connections exceeded", Err: io.EOF},
		"no connection":                          &mail.Error{Op: "list", Kind: mail.Offline},
		"something else":                         errors.New("something else"),
	} {
		if got := reason(err); got != want {
			t.Errorf("%v is %q, want %q", err, got, want)
		}
	}
}

func TestLoginTextsNameWhoIsAsked(t *testing.T) {
	a := mail.Account{IMAP: mail.Endpoint{Host: "mail.example", User: "anna"}}
	for want, err := range map[string]error{
		"the password for anna is needed":                     &mail.Error{Op: "x", Kind: mail.Auth, Err: auth.ErrAsk},
		"mail.example refused the password: Wrong, try again": &mail.Error{Op: "log in", Kind: mail.Auth, Said: "Wrong, try again"},
	} {
		if got := loginText(a, err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
