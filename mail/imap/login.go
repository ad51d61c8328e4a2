package imap

import (
	"cmp"
	"encoding/base64"
	"errors"
	"strings"

	"posthorn/mail"
	"posthorn/mail/auth"
)

// handshake is what happens between the greeting and the first mailbox.
type handshake struct {
	wire *wire
	op   string
	caps Caps
	in   bool // the server greeted with PREAUTH
}

// greet reads the greeting. // RFC 9051 §7.1.4, §7.1.5
func (h *handshake) greet() error {
	r, err := h.wire.in.next()
	if err != nil {
		_ = h.wire.fail(err)
		return h.wire.trouble(h.op)
	}
	h.wire.notice(r)
	st, _ := r.condition()
	switch st.kind {
	case "PREAUTH":
		h.in = true
	case "OK":
	case "BYE":
		return &mail.Error{Op: h.op, Kind: mail.Offline, Said: st.text, Err: errors.New("the server turned the connection away")}
	default:
		return &mail.Error{Op: h.op, Kind: mail.Protocol, Err: errors.New("this is no IMAP server: check host and port")}
	}
	h.learn(st)
	return nil
}

// learn takes capabilities from a response code.
func (h *handshake) learn(st status) {
	if st.code == "CAPABILITY" {
		h.caps = parseCaps(st.args)
	}
}

// do runs one command, taking capabilities wherever they are told.
func (h *handshake) do(op string, c *command) (status, error) {
	st, err := h.wire.do(c, usual, h.heard)
	return h.outcome(op, st, err)
}

func (h *handshake) heard(r *response) {
	name, _, c := r.head()
	if name == "CAPABILITY" {
		h.caps = parseCaps(string(r.line[c.i:]))
	} else if st, ok := r.condition(); ok {
		h.learn(st)
	}
}

func (h *handshake) outcome(op string, st status, err error) (status, error) {
	if err != nil {
		var told *mail.Error
		if !errors.As(err, &told) {
			return st, h.wire.trouble(op)
		}
		return st, &mail.Error{Op: op, Kind: told.Kind, Said: told.Said}
	}
	h.learn(st)
	return st, refused(op, st)
}

// login logs in, and learns what the server can do before and after: servers tell less to strangers.
func (h *handshake) login(a mail.Account, password string) error {
	if !h.caps.known {
		if _, err := h.do(h.op, newCommand(h.caps, "CAPABILITY")); err != nil {
			return err
		}
	}
	if !h.in {
		before := h.caps
		h.caps = Caps{LiteralMinus: before.LiteralMinus, LiteralPlus: before.LiteralPlus}
		if err := h.authenticate(a, password, before); err != nil {
			return err
		}
	}
	if !h.caps.known {
		if _, err := h.do(h.op, newCommand(h.caps, "CAPABILITY")); err != nil {
			return err
		}
	}
	if h.caps.id { // mail.163.com opens no mailbox without // RFC 2971 §3.1
		st, err := h.wire.do(newCommand(h.caps, `ID ("name" "posthorn")`), usual, nil)
		if err != nil {
			_, err = h.outcome(h.op, st, err)
			return err
		}
	}
	return nil
}

// authenticate uses the best mechanism both sides know, else LOGIN.
func (h *handshake) authenticate(a mail.Account, password string, caps Caps) error {
	op := "log in as " + a.IMAP.User
	if len(caps.auth) > 0 {
		const safe = true // TLS, or this machine: Dial has made sure
		if m, err := auth.SASL(a.IMAP.User, password, caps.auth, safe); err == nil {
			return h.sasl(op, m, caps)
		}
	}
	if caps.noLogin { // RFC 9051 §6.2.3
		return &mail.Error{Op: op, Kind: mail.Protocol, Err: errors.New("the server offers no way to log in that posthorn knows: it offers " + offer(caps.auth))}
	}
	st, err := h.wire.do(newCommand(caps, "LOGIN").text(a.IMAP.User).text(password), usual, h.heard)
	return h.judge(op, st, err)
}

func offer(mechanisms []string) string {
	if len(mechanisms) == 0 {
		return "none"
	}
	return strings.Join(mechanisms, ", ")
}

// mechanism is our side of a SASL exchange, as package auth makes it. // RFC 4422 §3
type mechanism interface {
	Start() (name string, first []byte, err error)
	Next(challenge []byte) (answer []byte, err error)
}

// sasl runs AUTHENTICATE. // RFC 9051 §6.2.2
func (h *handshake) sasl(op string, m mechanism, caps Caps) error {
	name, first, err := m.Start()
	if err != nil {
		return &mail.Error{Op: op, Kind: mail.Auth, Err: err}
	}
	line := "AUTHENTICATE " + name
	if caps.saslIR && first != nil {
		line += " " + cmp.Or(encodeSASL(first), "=")
		first = nil
	}
	tag := newTag()
	h.wire.in.expect(tag, usual)
	if err := h.wire.write([]byte(tag + " " + line + "\r\n")); err != nil {
		return h.wire.trouble(op)
	}
	for {
		r, st, err := h.wire.answer(tag)
		switch {
		case err != nil || st != nil:
			return h.judge(op, deref(st), err)
		case r.line[0] != '+':
			h.heard(r)
			continue
		}
		reply := "*" // gives up
		if first != nil {
			reply, first = encodeSASL(first), nil
		} else if answer, err := respond(m, r.line); err == nil {
			reply = encodeSASL(answer)
		}
		if err := h.wire.write([]byte(reply + "\r\n")); err != nil {
			return h.wire.trouble(op)
		}
	}
}

// respond answers one challenge.
func respond(m mechanism, line []byte) ([]byte, error) {
	challenge, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(line[1:])))
	if err != nil {
		return nil, err
	}
	return m.Next(challenge)
}

func encodeSASL(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// judge tells a wrong password from a server that cannot check it now. A refusal without a code is about the
// password.
func (h *handshake) judge(op string, st status, err error) error {
	_, err = h.outcome(op, st, err)
	var e *mail.Error
	if errors.As(err, &e) && st.kind == "NO" && e.Kind == mail.Rejected {
		e.Kind = mail.Auth
	}
	return err
}
