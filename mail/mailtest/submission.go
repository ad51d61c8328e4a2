package mailtest

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"slices"
	"strconv"
	"sync"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"posthorn/mail"
)

// Accepted is a message a Submission took.
type Accepted struct {
	From string
	To   []string
	Raw  []byte
}

// Stage is where in a submission a fault happens.
type Stage string

// The stages of a submission.
const (
	AtConnect  Stage = "connect"
	AtEHLO     Stage = "ehlo"
	AtStartTLS Stage = "starttls"
	AtAuth     Stage = "auth"
	AtMail     Stage = "mail"
	AtRcpt     Stage = "rcpt" // of the recipients Only names, or all
	AtData     Stage = "data" // not behind STARTTLS, where commands are seen by the library alone
	AtDot      Stage = "dot"
)

// Trouble is what a Submission does instead of its work.
type Trouble struct {
	Stage Stage
	Code  int      // reply with this code; 0: close the connection
	Said  string   // whatever Code says: say this, which need be no reply, and close the connection
	Stall bool     // say nothing any more, whatever Code and Said are
	Kept  bool     // AtDot: the message is taken all the same
	Only  []string // AtRcpt: these recipients
	Times int      // how often; 0: always
}

// SubmissionOptions say what a Submission is; the zero value takes mail without TLS from anybody who logs in.
type SubmissionOptions struct {
	TLS      *tls.Config                                      // with a certificate; nil: none
	Implicit bool                                             // TLS from the first byte rather than STARTTLS
	Deliver  func(from string, to []string, raw []byte) error // called for what was taken; its error is a refusal
}

// Submission is an SMTP submission server on loopback.
type Submission struct {
	listener net.Listener
	smtp     *gosmtp.Server
	opt      SubmissionOptions
	closed   chan struct{}

	mu       sync.Mutex
	users    map[string]string
	accepted []Accepted
	asked    []string // to whom mail was to go
	troubles []Trouble
	logins   int
}

// NewSubmission starts a server.
func NewSubmission(opt SubmissionOptions) (*Submission, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Submission{opt: opt, users: map[string]string{}, closed: make(chan struct{})}
	s.smtp = gosmtp.NewServer(gosmtp.BackendFunc(func(c *gosmtp.Conn) (gosmtp.Session, error) {
		return &submission{server: s, conn: c}, nil
	}))
	s.smtp.Domain, s.smtp.EnableSMTPUTF8 = "submission.example", true
	s.smtp.MaxMessageBytes, s.smtp.ErrorLog = 30<<20, log.New(io.Discard, "", 0)
	if opt.Implicit {
		listener = tls.NewListener(listener, opt.TLS)
	} else {
		s.smtp.TLSConfig = opt.TLS
	}
	s.smtp.AllowInsecureAuth = s.smtp.TLSConfig == nil // the library does not see TLS below troubled
	s.listener = &troubled{listener, s}
	serve(s.listener, s.smtp.Serve)
	return s, nil
}

// ForgetUTF8 makes a server that knows no SMTPUTF8, before anybody connects.
func (s *Submission) ForgetUTF8() { s.smtp.EnableSMTPUTF8 = false }

// Close ends the server.
func (s *Submission) Close() error {
	err := s.smtp.Close()
	if !errors.Is(err, gosmtp.ErrServerClosed) {
		close(s.closed)
	}
	return err
}

// AddUser lets a user log in.
func (s *Submission) AddUser(name, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[name] = password
}

// Endpoint is how posthorn reaches the server as user.
func (s *Submission) Endpoint(user string) mail.Endpoint {
	_, port, err := net.SplitHostPort(s.listener.Addr().String())
	must(err)
	n, err := strconv.Atoi(port)
	must(err)
	e := mail.Endpoint{Host: "127.0.0.1", Port: n, Security: mail.Insecure, User: user}
	switch {
	case s.opt.TLS != nil && s.opt.Implicit:
		e.Security = mail.TLS
	case s.opt.TLS != nil:
		e.Security = mail.StartTLS
	}
	return e
}

// Accepted is what the server took, in order.
func (s *Submission) Accepted() []Accepted {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.accepted)
}

// Logins is how often somebody tried to log in.
func (s *Submission) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// Asked is the recipients that clients named, taken or not, in order.
func (s *Submission) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// Make sets what goes wrong from now on; of what happens at the same stage the first counts. Nothing, or the zero value: all goes well.
func (s *Submission) Make(t ...Trouble) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.troubles = slices.Clone(t)
}

// at gives the trouble for a stage, using it up.
func (s *Submission) at(stage Stage, to string) (Trouble, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.troubles, func(t Trouble) bool {
		return t.Stage != "" && t.Stage == stage && (stage != AtRcpt || len(t.Only) == 0 || slices.Contains(t.Only, to))
	})
	if i < 0 {
		return Trouble{}, false
	}
	t := s.troubles[i]
	if t.Times > 0 {
		if s.troubles[i].Times--; s.troubles[i].Times == 0 {
			s.troubles = slices.Delete(s.troubles, i, i+1)
		}
	}
	return t, true
}

// submission is one connection.
type submission struct {
	server *Submission
	conn   *gosmtp.Conn
	known  bool
	from   string
	to     []string
}

// fail turns trouble into a reply or a closed connection.
func (c *submission) fail(stage Stage, to string) error {
	t, ok := c.server.at(stage, to)
	if !ok {
		return nil
	}
	switch {
	case t.Stall:
		<-c.server.closed
	case t.Said != "":
		io.WriteString(c.conn.Conn(), t.Said)
	case t.Code != 0:
		return &gosmtp.SMTPError{Code: t.Code, EnhancedCode: gosmtp.NoEnhancedCode, Message: refusedAt(stage)}
	}
	c.conn.Conn().Close()
	return errors.New("closed by the test")
}

func (c *submission) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login} }

func (c *submission) Auth(mech string) (sasl.Server, error) {
	check := func(name, password string) error {
		c.server.mu.Lock()
		want, ok := c.server.users[name]
		c.server.logins++
		c.server.mu.Unlock()
		if err := c.fail(AtAuth, ""); err != nil {
			return err
		}
		if !ok || want != password {
			return gosmtp.ErrAuthFailed
		}
		c.known = true
		return nil
	}
	if mech == sasl.Plain {
		return sasl.NewPlainServer(func(_, name, password string) error { return check(name, password) }), nil
	}
	return &loginServer{check: check}, nil
}

func (c *submission) Mail(from string, _ *gosmtp.MailOptions) error {
	if !c.known {
		return gosmtp.ErrAuthRequired
	}
	c.from, c.to = from, nil
	return c.fail(AtMail, "")
}

func (c *submission) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	c.server.mu.Lock()
	c.server.asked = append(c.server.asked, to)
	c.server.mu.Unlock()
	if err := c.fail(AtRcpt, to); err != nil {
		return err
	}
	c.to = append(c.to, to)
	return nil
}

func (c *submission) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.server.mu.Lock()
	kept := !slices.ContainsFunc(c.server.troubles, func(t Trouble) bool { return t.Stage == AtDot && !t.Kept })
	c.server.mu.Unlock()
	if kept {
		if err := c.server.keep(Accepted{c.from, c.to, raw}); err != nil {
			return err
		}
	}
	return c.fail(AtDot, "")
}

func (s *Submission) keep(m Accepted) error {
	if s.opt.Deliver != nil {
		if err := s.opt.Deliver(m.From, m.To, m.Raw); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accepted = append(s.accepted, m)
	return nil
}

func (c *submission) Reset()        { c.from, c.to = "", nil }
func (c *submission) Logout() error { return nil }

// loginServer is the LOGIN mechanism, which go-sasl has for clients only.
type loginServer struct {
	check func(name, password string) error
	name  string
	step  int
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if response == nil && l.step == 0 {
		return []byte("Username:"), false, nil
	}
	if l.step++; l.step == 1 {
		l.name = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.name, string(response))
}
