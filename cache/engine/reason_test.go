package engine

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"posthorn/mail"
	"posthorn/mail/auth"
)

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

// goWords are what Go says of networks; a person is to read none of it.
var goWords = []string{"dial", "tcp", "i/o", "EOF", "x509", "tls:", "connect:", "read:", "write:", "lookup ", "context ", "syscall", "0x", "&{", "%!", "use of closed", "imapclient"}

func TestNoWordsOfGoReachThePerson(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 1)
	r.start()
	var broken atomic.Pointer[error]
	whole := r.e.opt.Dial
	r.close()
	r.open()
	r.e.opt.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if err := broken.Load(); err != nil {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: *err}
		}
		return whole(ctx, network, addr)
	}
	m := r.list("INBOX")[0]
	for i, err := range []error{
		os.NewSyscallError("connect", syscall.ECONNREFUSED), os.NewSyscallError("connect", syscall.ECONNRESET), os.NewSyscallError("connect", syscall.ENETUNREACH),
		os.NewSyscallError("connect", syscall.EACCES), &net.DNSError{Err: "no such host", Name: "mail.example", IsNotFound: true}, &net.DNSError{Err: "i/o timeout", Name: "mail.example", IsTimeout: true},
		os.ErrDeadlineExceeded, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, errors.New("tls: handshake failure"), x509.UnknownAuthorityError{},
		&net.AddrError{Err: "missing port in address", Addr: "mail.example"},
	} {
		broken.Store(&err)
		if i == 0 {
			r.e.Start(context.WithoutCancel(t.Context()))
			_, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello"))
			r.must(err)
		}
		r.e.Open(m.Key)
		r.e.Refresh("")
		r.settle() // the worker and the sender have tried, and have said it
	}
	texts := []string{r.e.States()[0].Text, r.e.Problem(m.Key)}
	for _, n := range r.e.Log() {
		texts = append(texts, n.Text)
	}
	rows, err := r.store.Outbox(t.Context())
	r.must(err)
	for _, o := range rows {
		texts = append(texts, o.LastError)
	}
	if len(texts) < 20 {
		t.Errorf("it said no more than %q", texts)
	}
	for _, text := range texts {
		for _, word := range goWords {
			if strings.Contains(text, word) {
				t.Errorf("%q has Go's %q", text, word)
			}
		}
	}
	broken.Store(nil)
	r.e.Refresh("")
	r.until("all is well", func() bool { return fmt.Sprint(r.connected(), r.outboxIsEmpty()) == "true true" })
	r.settle()
}
