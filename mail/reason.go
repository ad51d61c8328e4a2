package mail

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/textproto"
	"os"
	"strings"
	"syscall"
)

// Reason is the innermost cause, without the operations that led to it: the sentence around it names them. Go's own
// words for what goes wrong on the way to a server or on the disk are put into those of a person, with what to do about it.
func Reason(err error) string {
	var e *Error
	if errors.As(err, &e) {
		switch {
		case e.Said != "":
			return e.Said
		case e.Err == nil:
			return e.Kind.String()
		}
		return Reason(e.Err)
	}
	var name *net.DNSError
	var op *net.OpError
	var call syscall.Errno
	var address *net.AddrError
	var file *fs.PathError
	var reply textproto.ProtocolError
	var timed net.Error
	switch {
	case errors.As(err, &name) && name.IsNotFound:
		return "its name is not known (" + name.Name + "): check the host in the configuration"
	case errors.As(err, &name):
		return "its name cannot be looked up (" + name.Name + "): is this machine online?"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.Is(err, syscall.ETIMEDOUT):
		return "no answer in time"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrClosedPipe),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNABORTED):
		return "the server ended it"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused: check host and port in the configuration"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETDOWN):
		return "there is no way to it from here: is this machine online?"
	case strings.Contains(err.Error(), "tls: "): // crypto/tls has no types for most of these
		return "no encryption could be agreed on: the server may be too old, or something else answers on this port"
	case strings.Contains(err.Error(), "x509: "): // what is known of certificates mail/auth says
		return "its certificate is not good: check host and port in the configuration"
	case errors.As(err, &address):
		return "its address cannot be used (" + address.Addr + "): check host and port in the configuration"
	case errors.As(err, &file):
		return file.Path + ": " + Reason(file.Err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "the disk is full: make room and try again"
	case errors.Is(err, fs.ErrNotExist):
		return "it does not exist"
	case errors.As(err, &call):
		return call.Error()
	case errors.Is(err, context.Canceled):
		return "it was broken off"
	case errors.As(err, &timed) && timed.Timeout():
		return "no answer in time"
	case errors.As(err, &reply), strings.Contains(err.Error(), "imapclient: "), strings.Contains(err.Error(), "imapwire: "), strings.Contains(err.Error(), "in response-"):
		return "its answer makes no sense: something else may answer on this port"
	case errors.As(err, &op):
		return Reason(op.Err)
	}
	return err.Error()
}
