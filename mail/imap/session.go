package imap

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"

	"posthorn/mail"
)

// Options say how to connect; the zero value is good.
type Options struct {
	Dial     func(ctx context.Context, network, addr string) (net.Conn, error) // nil: net.Dialer
	Logger   *slog.Logger                                                      // nil: none; secrets and subjects are never logged
	Patience time.Duration                                                     // how long a command may go without a byte from the server; 0: 30 s
}

// Session is one live connection. One goroutine at a time may use it; only Close may come from any. It dies on the
// first error that is Offline, Protocol by garbled data, or Canceled; then every method says so.
type Session struct {
	wire   *wire
	tap    *tap
	client *imapclient.Client
	caps   Caps
	log    *slog.Logger
	close  sync.Once

	name     string // of the selected mailbox; empty: none
	selected mail.Selected
	news     bool          // something changed that no command of ours asked for
	wake     chan struct{} // says the same to Idle
	pause    time.Duration // between two NOOPs where there is no IDLE
	flags    flagMemo
	strings  intern
	charsets charsets
	params   []param   // room for structureParser
	found    []section // room for parseFetch
}

// newSession starts go-imap's client on a connection that is logged in.
func newSession(w *wire, caps Caps, log *slog.Logger) (*Session, error) {
	s := &Session{wire: w, caps: caps, log: log, wake: make(chan struct{}, 1), pause: 15 * time.Second,
		flags: flagMemo{}, strings: intern{}, charsets: charsets{}}
	s.tap = newTap(w, caps)
	s.client = imapclient.New(s.tap, nil)
	if err := s.client.WaitGreeting(); err != nil {
		s.Close()
		return nil, &mail.Error{Op: "connect", Kind: mail.Protocol, Err: err}
	}
	return s, nil
}

// Close ends the connection; what runs returns at once. No LOGOUT is sent: nothing hangs on it.
func (s *Session) Close() error {
	s.close.Do(func() {
		s.tap.Close()
		s.client.Close() // only waits for its goroutine; that the connection was closed is no news
	})
	return nil
}

// Caps is what the server can do.
func (s *Session) Caps() Caps { return s.caps }

// Selected is the selected mailbox, empty for none, and what is known of it by now.
func (s *Session) Selected() (name string, st mail.Selected) { return s.name, s.selected }

// Alerts is what the server wants people to read, since the last call. // RFC 9051 §7.1
func (s *Session) Alerts() []string {
	s.wire.mu.Lock()
	defer s.wire.mu.Unlock()
	a := s.wire.alerts
	s.wire.alerts = nil
	return a
}

// begin makes ctx's end close the connection: a command cannot be taken back. The function it returns must be
// called with the outcome, and gives it its final form.
func (s *Session) begin(ctx context.Context, op string) (end func(error) error, err error) {
	if ctx.Err() != nil {
		return nil, canceled(op, ctx)
	}
	if !s.alive() {
		return nil, s.wire.trouble(op)
	}
	start := time.Now()
	stop := context.AfterFunc(ctx, func() { _ = s.wire.fail(context.Cause(ctx)) })
	return func(err error) error {
		if !stop() && err != nil {
			err = canceled(op, ctx)
		}
		s.log.Debug("imap", "op", op, "took", time.Since(start), "kind", mail.KindOf(err), "err", err != nil)
		return err
	}, nil
}

// alive tells whether another command can be sent.
func (s *Session) alive() bool {
	s.wire.mu.Lock()
	defer s.wire.mu.Unlock()
	return s.wire.cause == nil
}

// own runs a command of ours. each tells whether it asked for a response; what it did not is news.
func (s *Session) own(ctx context.Context, op string, c *command, l limits, each asked) (status, error) {
	end, err := s.begin(ctx, op)
	if err != nil {
		return status{}, err
	}
	st, err := s.wire.do(c, l, s.sort(each))
	if err != nil {
		return st, end(s.lost(op, err))
	}
	return st, end(s.refused(op, st))
}

// library runs a command through go-imap.
func (s *Session) library(ctx context.Context, op string, l limits, each asked, f func(*imapclient.Client) error) (status, error) {
	end, err := s.begin(ctx, op)
	if err != nil {
		return status{}, err
	}
	s.tap.hear(l, s.sort(each))
	err = f(s.client)
	st, ok := s.tap.result()
	if !ok {
		return st, end(s.lost(op, err))
	}
	return st, end(s.refused(op, st))
}

// refused is the error for a NO or BAD; one that is about the connection ends it.
func (s *Session) refused(op string, st status) error {
	err := refused(op, st)
	if mail.KindOf(err) == mail.Offline {
		_ = s.wire.fail(err)
	}
	return err
}

// asked tells whether a response belongs to the command: its name in upper case, the number before it, and a
// cursor behind both.
type asked func(name string, n uint32, c cursor) bool

// sort keeps apart what a command asked for and what it did not.
func (s *Session) sort(each asked) func(*response) {
	return func(r *response) {
		name, n, c := r.head()
		if each == nil || !each(name, n, c) {
			s.unasked(name, n)
		}
	}
}

// unasked keeps the count of the selected mailbox, and notes that something changed. // RFC 9051 §7.4.1, §7.5.1
func (s *Session) unasked(name string, n uint32) {
	switch name {
	case "EXISTS":
		if int(n) == s.selected.Exists {
			return
		}
		s.selected.Exists = int(n)
	case "EXPUNGE":
		s.expunged()
	case "FETCH", "VANISHED":
	default:
		return
	}
	s.news = true
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Session) expunged() { s.selected.Exists = max(0, s.selected.Exists-1) }

// lost is the error of a command that got no completion.
func (s *Session) lost(op string, err error) error {
	var told *mail.Error
	if errors.As(err, &told) { // an argument that cannot be sent: the connection is as it was
		return &mail.Error{Op: op, Kind: told.Kind, Said: told.Said, Err: told.Err}
	}
	if err != nil {
		_ = s.wire.fail(err)
	}
	return s.wire.trouble(op)
}

// speakable refuses mailbox names that no server has.
func speakable(op, name string) error {
	if name == "" || len(name) > maxName || strings.ContainsAny(name, "\x00\r\n") {
		return &mail.Error{Op: op, Kind: mail.Rejected, Err: errors.New("this is no name of a mailbox")}
	}
	return nil
}

// chunks cuts a set so that each piece fits a command line that every server takes, and names as many messages as this
// one takes; a range without end stays whole. // RFC 7162 §4, RFC 9738 §3
func (s *Session) chunks(set mail.UIDSet) []mail.UIDSet {
	const ranges = 300 // at most 22 octets each
	most := s.caps.Limit
	if most == 0 {
		most = math.MaxInt
	}
	var out []mail.UIDSet
	var piece mail.UIDSet
	left := most
	for _, r := range set {
		for n := 1; n > 0; {
			if len(piece) == ranges || left <= 0 {
				out, piece, left = append(out, piece), nil, most
			}
			n = int(r.Hi-r.Lo) + 1 - left
			if r.Hi == math.MaxUint32 {
				n = 0
			}
			now := r
			if n > 0 {
				now.Hi = r.Lo + mail.UID(left) - 1
				r.Lo = now.Hi + 1
			}
			piece = append(piece, now)
			left -= int(now.Hi-now.Lo) + 1
		}
	}
	if len(piece) > 0 {
		out = append(out, piece)
	}
	return out
}
