// Package imap is one connection to an IMAP server.
package imap

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"time"

	"posthorn/mail"
)

// Options say how to connect; the zero value is good.
type Options struct {
	Dial     func(ctx context.Context, network, addr string) (net.Conn, error) // nil: net.Dialer
	Logger   *slog.Logger                                                      // nil: none; secrets and subjects are never logged
	Patience time.Duration                                                     // how long a command may go without a byte from the server; 0: 30 s
}

// Caps is what the server can do, and how it is odd.
type Caps struct {
	Idle, Move, UIDPlus, CondStore, ESearch, ListExtended, ListStatus, SpecialUse, ID, LiteralPlus, LiteralMinus bool

	Gmail bool // files what is sent by itself; labels are mailboxes
}

// Moved is what a server told of messages moved or copied.
type Moved struct {
	Known    bool                  // the server told the new UIDs
	Pairs    map[mail.UID]mail.UID // old to new
	Validity mail.UIDValidity      // of the target
}

// Session is one live connection. One goroutine at a time may use it; only Close may come from any.
type Session struct{}

var errUnwritten = errors.New("not written yet")

func Dial(ctx context.Context, a mail.Account, password string, opt Options) (*Session, error) {
	return nil, errUnwritten
}
func (s *Session) Close() error                                    { return nil }
func (s *Session) Caps() Caps                                      { return Caps{} }
func (s *Session) Alerts() []string                                { return nil }
func (s *Session) List(ctx context.Context) ([]mail.Listed, error) { return nil, errUnwritten }
func (s *Session) Status(ctx context.Context, name string) (mail.Status, error) {
	return mail.Status{}, errUnwritten
}
func (s *Session) Select(ctx context.Context, name string) (mail.Selected, error) {
	return mail.Selected{}, errUnwritten
}
func (s *Session) Selected() (name string, st mail.Selected)     { return "", mail.Selected{} }
func (s *Session) UIDs(ctx context.Context) (mail.UIDSet, error) { return nil, errUnwritten }
func (s *Session) Headers(ctx context.Context, set mail.UIDSet, yield func(mail.Header) error) error {
	return errUnwritten
}
func (s *Session) Flags(ctx context.Context, set mail.UIDSet, since mail.ModSeq, yield func(mail.FlagUpdate) error) error {
	return errUnwritten
}
func (s *Session) Part(ctx context.Context, uid mail.UID, section string, offset, n int64) ([]byte, error) {
	return nil, errUnwritten
}
func (s *Session) Parts(ctx context.Context, uid mail.UID, sections []string) (map[string][]byte, error) {
	return nil, errUnwritten
}
func (s *Session) StoreFlags(ctx context.Context, set mail.UIDSet, add bool, f mail.Flags, k mail.Keywords) error {
	return errUnwritten
}
func (s *Session) Move(ctx context.Context, set mail.UIDSet, target string) (Moved, error) {
	return Moved{}, errUnwritten
}
func (s *Session) Copy(ctx context.Context, set mail.UIDSet, target string) (Moved, error) {
	return Moved{}, errUnwritten
}
func (s *Session) Expunge(ctx context.Context, set mail.UIDSet) (gone bool, err error) {
	return false, errUnwritten
}
func (s *Session) Append(ctx context.Context, mailbox string, f mail.Flags, date time.Time, msg []byte) (mail.UIDValidity, mail.UID, error) {
	return 0, 0, errUnwritten
}
func (s *Session) FindMessageID(ctx context.Context, id string) (mail.UIDSet, error) {
	return nil, errUnwritten
}
func (s *Session) Create(ctx context.Context, name string) error { return errUnwritten }
func (s *Session) Idle(ctx context.Context, max time.Duration) (changed bool, err error) {
	return false, errUnwritten
}
func (s *Session) Noop(ctx context.Context) (changed bool, err error) { return false, errUnwritten }
