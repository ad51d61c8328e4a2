package mailtest

import (
	"io"
	"log"
	"net"
	"slices"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"posthorn/mail"
)

// Server is an IMAP server on loopback, without TLS. Its mail lives in memory.
type Server struct {
	listener net.Listener
	imap     *imapserver.Server
	without  []imap.Cap

	mu       sync.Mutex // taken after a User's, never before
	users    map[string]*User
	conns    map[*serverConn]bool
	commands []string
}

// allCaps is all that the server can do.
var allCaps = []imap.Cap{
	imap.CapIMAP4rev1, imap.CapMove, imap.CapUIDPlus, imap.CapListExtended, imap.CapListStatus, imap.CapESearch,
	imap.CapNamespace, imap.CapLiteralPlus, imap.CapChildren, imap.CapSpecialUse, imap.CapCreateSpecialUse,
	imap.CapStatusSize,
}

// NewServer starts a server; without names capabilities it does not offer, such as imap.CapMove or imap.CapIdle.
func NewServer(without ...imap.Cap) (*Server, error) {
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{users: map[string]*User{}, conns: map[*serverConn]bool{}, without: without}
	s.listener = &listener{tcp, s}
	caps := imap.CapSet{}
	for _, c := range allCaps {
		if !slices.Contains(without, c) {
			caps[c] = struct{}{}
		}
	}
	s.imap = imapserver.New(&imapserver.Options{
		NewSession: func(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &session{server: s, conn: c.NetConn()}, nil, nil
		},
		Caps: caps, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	serve(s.listener, s.imap.Serve)
	return s, nil
}

// Close ends the server and all its connections.
func (s *Server) Close() error { return s.imap.Close() }

// Drop cuts all connections there are; new ones are taken.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.Conn.Close()
	}
}

// Commands are the names of the commands received so far, in upper case, over all connections.
func (s *Server) Commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands)
}

func (s *Server) log(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands = append(s.commands, name)
}

// lacks tells whether the server is to do without a capability.
func (s *Server) lacks(c string) bool { return slices.Contains(s.without, imap.Cap(c)) }

// AddUser makes a user with an empty INBOX.
func (s *Server) AddUser(name, password string) *User {
	u := &User{server: s, name: name, password: password, mailboxes: map[string]*mailbox{}}
	u.Create("INBOX", mail.Inbox)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[name] = u
	return u
}

// user is the one who may log in so, or nil.
func (s *Server) user(name, password string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.users[name]; u != nil && u.password == password {
		return u
	}
	return nil
}
