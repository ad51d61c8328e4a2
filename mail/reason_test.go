package mail_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/textproto"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/auth"
)

// slowly is a time-out of a package that has a type of its own for it.
type slowly struct{}

func (slowly) Error() string   { return "i/o timeout" }
func (slowly) Timeout() bool   { return true }
func (slowly) Temporary() bool { return true }

func TestReasonsAreInPlainWords(t *testing.T) {
	call := func(n syscall.Errno) error {
		return &mail.Error{Op: "connect to mail.example", Kind: mail.Offline, Err: &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", n)}}
	}
	lookup := func(notFound bool) error {
		return &mail.Error{Op: "connect", Kind: mail.Offline, Err: &net.OpError{Op: "dial", Err: &net.DNSError{Name: "mail.example", IsNotFound: notFound, IsTemporary: !notFound}}}
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{call(syscall.ECONNREFUSED), "connection refused: check host and port in the configuration"},
		{call(syscall.ECONNRESET), "the server ended it"},
		{call(syscall.EPIPE), "the server ended it"},
		{call(syscall.ETIMEDOUT), "no answer in time"},
		{call(syscall.ENETUNREACH), "there is no way to it from here: is this machine online?"},
		{call(syscall.EHOSTUNREACH), "there is no way to it from here: is this machine online?"},
		{call(syscall.EACCES), "permission denied"},
		{lookup(true), "its name is not known (mail.example): check the host in the configuration"},
		{lookup(false), "its name cannot be looked up (mail.example): is this machine online?"},
		{fmt.Errorf("read: %w", context.DeadlineExceeded), "no answer in time"},
		{&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, "no answer in time"},
		{&mail.Error{Op: "list", Kind: mail.Offline, Err: io.ErrUnexpectedEOF}, "the server ended it"},
		{&net.OpError{Op: "remote error", Err: tls.AlertError(70)}, "no encryption could be agreed on: the server may be too old, or something else answers on this port"},
		{errors.New("tls: server selected unsupported protocol version 302"), "no encryption could be agreed on: the server may be too old, or something else answers on this port"},
		{auth.TLSError("mail.example", x509.HostnameError{Certificate: &x509.Certificate{}, Host: "mail.example"}), "its certificate is for another host: check the host in the configuration"},
		{auth.TLSError("mail.example", x509.UnknownAuthorityError{}), "nobody this machine trusts has signed its certificate: for a server of your own set ca_file"},
		{auth.TLSError("mail.example", x509.CertificateInvalidError{Cert: &x509.Certificate{NotAfter: time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)}, Reason: x509.Expired}),
			"its certificate expired on 2020-01-02: tell its administrator, or check this machine's clock"},
		{auth.TLSError("mail.example", tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}),
			`it does not speak TLS on this port: check port and security ("starttls" is usual on 143 and 587)`},
		{&mail.Error{Op: "log in", Kind: mail.Temporary, Said: "Maximum number of connections exceeded", Err: io.EOF}, "Maximum number of connections exceeded"},
		{&mail.Error{Op: "list", Kind: mail.Offline}, "no connection"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: &net.AddrError{Err: "missing port in address", Addr: "mail.example"}},
			"its address cannot be used (mail.example): check host and port in the configuration"},
		{&fs.PathError{Op: "open", Path: "/home/anna/ca.pem", Err: syscall.EACCES}, "/home/anna/ca.pem: permission denied"},
		{&fs.PathError{Op: "open", Path: "/home/anna/ca.pem", Err: syscall.ENOENT}, "/home/anna/ca.pem: it does not exist"},
		{fmt.Errorf("dial: %w", context.Canceled), "it was broken off"},
		{&net.OpError{Op: "read", Net: "tcp", Err: slowly{}}, "no answer in time"},
		{&mail.Error{Op: "send", Kind: mail.Protocol, Err: textproto.ProtocolError("short response: x")}, "its answer makes no sense: something else may answer on this port"},
		{&mail.Error{Op: "list", Kind: mail.Protocol, Err: errors.New("imapclient: in response-data: expected SP, got x")}, "its answer makes no sense: something else may answer on this port"},
		{&fs.PathError{Op: "write", Path: "/home/anna/mail.db", Err: syscall.ENOSPC}, "/home/anna/mail.db: the disk is full: make room and try again"},
		{auth.TLSError("mail.example", x509.CertificateInvalidError{Cert: &x509.Certificate{}, Reason: x509.TooManyIntermediates}), "its certificate is not good: too many intermediates for path length constraint"},
		{errors.New("something else"), "something else"},
	} {
		got := mail.Reason(c.err)
		if got != c.want {
			t.Errorf("%v is %q, want %q", c.err, got, c.want)
		}
		for _, goText := range []string{"dial", "tcp", "x509", "tls:", "remote error", "i/o", "0x", "context ", "EOF", "&{", "imapclient", "missing port", "open "} {
			if strings.Contains(got, goText) {
				t.Errorf("%q is Go's, not a person's", got)
			}
		}
	}
}

// What an error says is for people too, whatever it wraps.
func TestErrorsWrapNoWordsOfGo(t *testing.T) {
	err := &mail.Error{Op: "connect to mail.example", Kind: mail.Offline, Err: fmt.Errorf("read: %w", &net.OpError{Op: "read", Net: "tcp", Err: io.EOF})}
	if got := err.Error(); got != "connect to mail.example: no connection: the server ended it" {
		t.Errorf("%q", got)
	}
}
