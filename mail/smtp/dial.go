package smtp

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"posthorn/mail"
	"posthorn/mail/auth"
)

// helloName is what we call ourselves: not this machine's name, which is nobody's business. // RFC 5321 §4.1.3
const helloName = "[127.0.0.1]"

// Timeouts within a submission. The wait after the message is long because the server may be delivering.
const (
	defaultPatience = 30 * time.Second
	afterDot        = 10 * time.Minute // RFC 5321 §4.5.3.2.6
)

// client is a logged-in connection.
type client struct {
	*gosmtp.Client
	conn *conn
}

// dial connects, protects and logs in.
func dial(ctx context.Context, a mail.Account, password string, opt Options) (*client, error) {
	e := a.SMTP
	if e.Security == mail.Insecure && !e.Loopback() {
		return nil, &mail.Error{Op: "connect to " + e.Host, Kind: mail.Protocol, Said: "the connection would not be encrypted"}
	}
	dialer := opt.Dial
	if dialer == nil {
		dialer = (&net.Dialer{}).DialContext
	}
	dialCtx, cancel := context.WithTimeout(ctx, opt.Patience)
	defer cancel()
	raw, err := dialer(dialCtx, "tcp", e.Address())
	if err != nil {
		return nil, &mail.Error{Op: "connect to " + e.Host, Kind: mail.Offline, Err: err}
	}
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	defer stop()
	c := &conn{Conn: raw, patience: opt.Patience}
	if err := protect(dialCtx, a, c); err != nil {
		raw.Close()
		return nil, err
	}
	cl := &client{gosmtp.NewClient(c), c}
	cl.CommandTimeout, cl.SubmissionTimeout = opt.Patience, afterDot
	if err := cl.login(a, password); err != nil {
		if mail.KindOf(err) != mail.Offline {
			cl.quit()
		}
		cl.Close()
		return nil, err
	}
	return cl, nil
}

// protect puts TLS on the connection, from the first byte or by STARTTLS.
func protect(ctx context.Context, a mail.Account, c *conn) error {
	e := a.SMTP
	if e.Security == mail.Insecure {
		return nil
	}
	cfg, err := auth.TLSConfig(a, e.Host)
	if err != nil {
		return err
	}
	deadline, _ := ctx.Deadline()
	if err := c.Conn.SetDeadline(deadline); err != nil {
		return &mail.Error{Op: "connect to " + e.Host, Kind: mail.Offline, Err: err}
	}
	if e.Security == mail.StartTLS {
		if err := startTLS(c, e.Host); err != nil {
			return err
		}
		c.greeting = []byte("220 protected\r\n") // go-smtp waits for one; the real one was before TLS and counts for nothing
	}
	secure := tls.Client(c.Conn, cfg)
	if err := secure.HandshakeContext(ctx); err != nil {
		if err := auth.TLSError(e.Host, err); mail.KindOf(err) != mail.Unknown {
			return err
		}
		return &mail.Error{Op: "connect to " + e.Host, Kind: mail.Offline, Err: err}
	}
	c.Conn = secure
	return c.SetDeadline(time.Time{})
}

// startTLS asks for TLS and makes sure that nothing was slipped in behind the answer. Nothing the server says here is
// quoted: anybody on the way may have said it. // RFC 3207 §4
func startTLS(c *conn, host string) error {
	fail := func(kind mail.Kind, said string, err error) error {
		return &mail.Error{Op: "connect to " + host + " safely", Kind: kind, Said: said + ": nothing was sent", Err: err}
	}
	buffered := bufio.NewReader(c)
	r := textproto.NewReader(buffered)
	hear := func(code int) (string, error) {
		_, words, err := r.ReadResponse(code)
		var refused *textproto.Error
		switch {
		case err == nil:
			return words, nil
		case errors.As(err, &refused):
			return "", fail(mail.Temporary, fmt.Sprintf("the server refused with code %d before encryption", refused.Code), nil)
		}
		return "", fail(mail.Offline, "the connection ended before encryption", err)
	}
	if _, err := hear(220); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(c, "EHLO %s\r\n", helloName); err != nil {
		return fail(mail.Offline, "the connection ended before encryption", err)
	}
	offer, err := hear(250)
	if err != nil {
		return err
	}
	if !slices.Contains(strings.Split(offer, "\n")[1:], "STARTTLS") {
		return fail(mail.Protocol, "the server offers no encryption (STARTTLS) on this port", nil)
	}
	if _, err := fmt.Fprint(c, "STARTTLS\r\n"); err != nil {
		return fail(mail.Offline, "the connection ended before encryption", err)
	}
	if _, err := hear(220); err != nil {
		return err
	}
	if buffered.Buffered() > 0 {
		return fail(mail.Protocol, "somebody put data into the connection before it was encrypted", nil)
	}
	return nil
}

// login introduces us and authenticates where the server wants it. // RFC 4954
func (c *client) login(a mail.Account, password string) error {
	if err := c.Hello(helloName); err != nil {
		return refusal("greet "+a.SMTP.Host, err)
	}
	ok, mechanisms := c.Extension("AUTH")
	if !ok {
		if a.SMTP.Security == mail.Insecure {
			return nil // a relay on this machine
		}
		return &mail.Error{Op: "log in to " + a.SMTP.Host, Kind: mail.Rejected, Said: "the server offers no login on this port"}
	}
	how, err := auth.SASL(a.SMTP.User, password, strings.Fields(mechanisms), a.SMTP.Security != mail.Insecure)
	if err != nil {
		return err
	}
	if err := c.Auth(how); err != nil {
		err := refusal("log in to "+a.SMTP.Host, err)
		if mail.KindOf(err) == mail.Rejected {
			err.Kind = mail.Auth
		}
		return err
	}
	return nil
}
