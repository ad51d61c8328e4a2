package smtp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"posthorn/mail"
)

// Options say how to connect; the zero value is good.
type Options struct {
	Dial     func(ctx context.Context, network, addr string) (net.Conn, error) // nil: net.Dialer
	Logger   *slog.Logger                                                      // nil: none; never secrets or mail
	Patience time.Duration                                                     // for each step; 0: 30 s
	Learn    func(Offer)                                                       // told what the server offers; nil: nobody asks
}

// Offer is what the server says that it takes.
type Offer struct {
	Limit    int  // octets in a message; 0: it does not say // RFC 1870 §4
	EightBit bool // RFC 6152
}

// Stage is a point of no return within a submission.
type Stage int

// The stages. What is to be remembered of one must be on disk before the next byte goes out.
const (
	Sending Stage = iota // before MAIL FROM: from here on the server knows of the message
	DotSent              // before the final dot: from here on the server may have taken it
)

// Refusal is one recipient the server did not take.
type Refusal struct {
	Address string
	Kind    mail.Kind // Rejected for good, or Temporary
	Said    string    // the server's words
}

// Outcome is what became of a message.
type Outcome struct {
	Accepted []string // have it, and must never get it again
	Refused  []Refusal
	Unknown  bool   // the final dot may have been seen and no answer came: Accepted is empty, and nobody may decide but the user
	Said     string // the server's last words
}

// Send submits msg to the account's server. stage is called at each Stage, with those who were refused so far, and stops
// the submission by an error. The error is of kind Rejected or Temporary in the server's words, Auth, Offline where
// nothing was taken or all is Unknown, Canceled, or what stage said. A refused recipient alone is no error.
func Send(ctx context.Context, a mail.Account, password string, opt Options, from string, to []string, msg []byte, stage func(Stage, []Refusal) error) (Outcome, error) {
	if opt.Patience == 0 {
		opt.Patience = defaultPatience
	}
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	for _, address := range append([]string{from}, to...) {
		if address == "" || strings.ContainsFunc(address, unfit) {
			return Outcome{}, &mail.Error{Op: "send", Kind: mail.Rejected, Said: fmt.Sprintf("%q cannot be an address", address)}
		}
	}
	c, err := dial(ctx, a, password, opt)
	if err != nil {
		return Outcome{}, canceled(ctx, err)
	}
	defer c.Close()
	defer c.conn.until(ctx)()
	if opt.Learn != nil {
		opt.Learn(c.offer())
	}
	out, err := c.submit(from, to, canonical(msg), stage)
	opt.Logger.Info("submission", "host", a.SMTP.Host, "accepted", len(out.Accepted), "refused", len(out.Refused), "unknown", out.Unknown)
	if !out.Unknown {
		err = canceled(ctx, err)
	}
	return out, err
}

// unfit tells which characters would end an address or a command.
func unfit(r rune) bool { return r < ' ' || r == 0x7f || r == '<' || r == '>' }

func canceled(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return &mail.Error{Op: "send", Kind: mail.Canceled, Err: ctx.Err()}
	}
	return err
}

// submit is one mail transaction. It takes leave wherever the server waits for a command. // RFC 5321 §3.3
func (c *client) submit(from string, to []string, msg []byte, stage func(Stage, []Refusal) error) (Outcome, error) {
	var out Outcome
	opts, err := c.mailOptions(from, to, msg)
	if err != nil {
		c.quit()
		return out, err
	}
	if err := stage(Sending, nil); err != nil {
		c.quit()
		return out, err
	}
	if err := c.Mail(from, opts); err != nil {
		return out, c.refused("send", err)
	}
	var accepted []string
	for _, address := range to {
		err := c.Rcpt(address, nil)
		if err == nil {
			accepted = append(accepted, address)
			continue
		}
		r := refusal("send to "+address, err)
		if r.Kind != mail.Rejected && r.Kind != mail.Temporary {
			return out, r
		}
		var full *gosmtp.SMTPError
		if errors.As(err, &full) && full.Code == 552 && len(accepted) > 0 { // too many at once, as old servers say it // RFC 5321 §4.5.3.1.10
			r.Kind = mail.Temporary
		}
		out.Refused = append(out.Refused, Refusal{address, r.Kind, r.Said})
	}
	if len(accepted) == 0 {
		c.quit()
		return out, nil
	}
	w, err := c.Data()
	if err != nil {
		return out, c.refused("send", err)
	}
	answer, err := c.transfer(w, msg, func() error { return stage(DotSent, out.Refused) })
	switch {
	case errors.Is(err, errUnanswered):
		out.Unknown = true
		return out, &mail.Error{Op: "send", Kind: mail.Offline, Said: "the server did not answer whether it took the message", Err: err}
	case err != nil:
		return out, err
	}
	out.Accepted, out.Said = accepted, answer
	c.quit()
	return out, nil
}

// errUnanswered means that the final dot may have been read and nothing that is an answer came back.
var errUnanswered = errors.New("no answer to the message")

// transfer sends a canonical message and returns the server's answer to it. An error that does not wrap errUnanswered
// means that the server did not take it. Until the dot nothing but Close may be called: go-smtp would send the dot
// before any other command.
func (c *client) transfer(w *gosmtp.DataCommand, msg []byte, dot func() error) (answer string, err error) {
	// Past go-smtp, whose buffer could carry the dot together with the message. Its writer, having seen nothing, ends
	// the last line and adds the dot.
	if _, err := c.conn.Write(bytes.TrimSuffix(stuffed(msg), []byte("\r\n"))); err != nil {
		return "", refusal("send", err)
	}
	if err := dot(); err != nil {
		return "", err // without a dot the server drops what it has // RFC 5321 §4.1.1.4
	}
	said, err := w.CloseWithResponse()
	var other *gosmtp.SMTPError
	switch {
	case err == nil:
		return said.StatusText, nil
	case !errors.As(err, &other):
		return "", fmt.Errorf("%w: %w", errUnanswered, err)
	}
	switch other.Code / 100 { // only the first digit decides // RFC 5321 §4.2.1
	case 2:
		return other.Message, nil
	case 4, 5:
		return "", c.refused("send", err)
	}
	return "", fmt.Errorf("%w: %w", errUnanswered, err)
}

// refused is refusal, and takes leave of a server that still listens.
func (c *client) refused(op string, err error) *mail.Error {
	r := refusal(op, err)
	if r.Kind != mail.Offline {
		c.quit()
	}
	return r
}

// quit takes leave, without letting a server that no longer listens hold the result back. // RFC 5321 §4.1.1.10
func (c *client) quit() {
	c.CommandTimeout = min(c.CommandTimeout, 2*time.Second)
	c.Quit()
}

// mailOptions says what the message needs of the server, and refuses in words what the server cannot.
func (c *client) mailOptions(from string, to []string, msg []byte) (*gosmtp.MailOptions, error) {
	reject := func(format string, args ...any) error {
		return &mail.Error{Op: "send", Kind: mail.Rejected, Said: fmt.Sprintf(format, args...)}
	}
	opts := &gosmtp.MailOptions{Size: int64(len(msg))} // RFC 1870 §6
	if limit := c.offer().Limit; limit > 0 && len(msg) > limit {
		return nil, reject("the message has %d KiB, the server takes %d KiB at most: leave out an attachment", len(msg)>>10, limit>>10)
	}
	header, _, _ := bytes.Cut(msg, []byte("\r\n\r\n")) // msg is canonical
	if !ascii([]byte(from+strings.Join(to, ""))) || !ascii(header) {
		if ok, _ := c.Extension("SMTPUTF8"); !ok { // RFC 6531 §3.1
			return nil, reject("the server takes only addresses in plain ASCII letters")
		}
		opts.UTF8 = true
	}
	if !c.offer().EightBit && !ascii(msg) { // RFC 6152 §3
		return nil, reject("the server takes only 7-bit messages: send it again, and it goes encoded; one that is redirected cannot: forward it")
	}
	return opts, nil
}

func (c *client) offer() Offer {
	limit, _ := c.MaxMessageSize()
	eight, _ := c.Extension("8BITMIME")
	return Offer{Limit: limit, EightBit: eight}
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// refusal sorts an error of go-smtp by what to do next.
func refusal(op string, err error) *mail.Error {
	var said *gosmtp.SMTPError
	if !errors.As(err, &said) {
		return &mail.Error{Op: op, Kind: mail.Offline, Err: err}
	}
	kind := mail.Protocol    // an answer to something else
	switch said.Code / 100 { // RFC 5321 §4.2.1
	case 4:
		kind = mail.Temporary
	case 5:
		kind = mail.Rejected
	}
	return &mail.Error{Op: op, Kind: kind, Said: fmt.Sprintf("%d %s", said.Code, said.Message)}
}
