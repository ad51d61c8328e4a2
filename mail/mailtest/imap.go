package mailtest

import (
	"io"
	"log"
	"maps"
	"net"
	"slices"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"posthorn/mail"
)

// Server is an IMAP server on loopback, without TLS. Its mail lives in memory.
type Server struct {
	listener net.Listener
	imap     *imapserver.Server

	mu    sync.Mutex
	users map[string]*User
	conns map[net.Conn]bool
}

// allCaps is all that the server can do.
var allCaps = []imap.Cap{
	imap.CapIMAP4rev1, imap.CapIdle, imap.CapMove, imap.CapUIDPlus, imap.CapListExtended, imap.CapListStatus,
	imap.CapESearch, imap.CapNamespace, imap.CapEnable, imap.CapSASLIR, imap.CapLiteralPlus, imap.CapChildren,
	imap.CapSpecialUse, imap.CapUnselect,
}

// NewServer starts a server; without names capabilities it does not offer.
func NewServer(without ...imap.Cap) (*Server, error) {
	caps := imap.CapSet{}
	for _, c := range allCaps {
		if !slices.Contains(without, c) {
			caps[c] = struct{}{}
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{users: map[string]*User{}, conns: map[net.Conn]bool{}}
	s.listener = &tracked{listener, s}
	s.imap = imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &session{server: s}, &imapserver.GreetingData{}, nil
		},
		Caps: caps, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	go s.imap.Serve(s.listener)
	return s, nil
}

// Close ends the server and all its connections.
func (s *Server) Close() error { return s.imap.Close() }

// Drop cuts all connections there are; new ones are taken.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.Close()
	}
}

// AddUser makes a user with an empty INBOX.
func (s *Server) AddUser(name, password string) *User {
	u := &User{server: s, name: name, password: password, mem: imapmemserver.NewUser(name, password), roles: map[string]mail.Role{}}
	s.mu.Lock()
	s.users[name] = u
	s.mu.Unlock()
	u.Create("INBOX", mail.Inbox)
	return u
}

// tracked is a listener that remembers its connections.
type tracked struct {
	net.Listener
	server *Server
}

func (l *tracked) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.server.mu.Lock()
	defer l.server.mu.Unlock()
	t := &trackedConn{c, l.server}
	l.server.conns[t] = true
	return t, nil
}

type trackedConn struct {
	net.Conn
	server *Server
}

func (c *trackedConn) Close() error {
	go c.forget() // Drop holds the lock while it closes
	return c.Conn.Close()
}

func (c *trackedConn) forget() {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	delete(c.server.conns, c)
}

// session adds special use and the choice of a user to what the library's in-memory server does.
type session struct {
	server *Server
	user   *User
	*imapmemserver.UserSession
}

func (s *session) Login(name, password string) error {
	s.server.mu.Lock()
	u := s.server.users[name]
	s.server.mu.Unlock()
	if u == nil || u.mem.Login(name, password) != nil {
		return imapserver.ErrAuthFailed
	}
	s.user, s.UserSession = u, imapmemserver.NewUserSession(u.mem)
	return nil
}

func (s *session) Close() error {
	if s.UserSession == nil {
		return nil
	}
	return s.UserSession.Close()
}

func (s *session) Create(name string, options *imap.CreateOptions) error {
	if err := s.UserSession.Create(name, options); err != nil {
		return err
	}
	s.user.setRole(name, mail.NoRole)
	return nil
}

func (s *session) Delete(name string) error {
	if err := s.UserSession.Delete(name); err != nil {
		return err
	}
	s.user.mu.Lock()
	defer s.user.mu.Unlock()
	delete(s.user.roles, name)
	return nil
}

func (s *session) Rename(from, to string, options *imap.RenameOptions) error {
	if err := s.UserSession.Rename(from, to, options); err != nil {
		return err
	}
	s.user.mu.Lock()
	defer s.user.mu.Unlock()
	s.user.roles[to] = s.user.roles[from]
	delete(s.user.roles, from)
	return nil
}

var useAttrs = map[mail.Role]imap.MailboxAttr{
	mail.Drafts: imap.MailboxAttrDrafts, mail.Sent: imap.MailboxAttrSent, mail.Archive: imap.MailboxAttrArchive,
	mail.Junked: imap.MailboxAttrJunk, mail.Trash: imap.MailboxAttrTrash, mail.All: imap.MailboxAttrAll,
	mail.Starred: imap.MailboxAttrFlagged,
}

// List names the mailboxes with their special use. // RFC 6154 §2
func (s *session) List(w *imapserver.ListWriter, ref string, patterns []string, options *imap.ListOptions) error {
	if len(patterns) == 0 {
		return s.UserSession.List(w, ref, patterns, options)
	}
	s.user.mu.Lock()
	roles := maps.Clone(s.user.roles)
	s.user.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(roles)) {
		if !slices.ContainsFunc(patterns, func(p string) bool { return imapserver.MatchList(name, '/', ref, p) }) {
			continue
		}
		data := &imap.ListData{Mailbox: name, Delim: '/', Attrs: []imap.MailboxAttr{imap.MailboxAttrSubscribed}}
		use, special := useAttrs[roles[name]]
		if special && (options.ReturnSpecialUse || options.SelectSpecialUse) {
			data.Attrs = append(data.Attrs, use)
		}
		if options.SelectSpecialUse && !special {
			continue
		}
		if options.ReturnStatus != nil {
			st, err := s.UserSession.Status(name, options.ReturnStatus)
			if err != nil {
				return err
			}
			data.Status = st
		}
		if err := w.WriteList(data); err != nil {
			return err
		}
	}
	return nil
}
