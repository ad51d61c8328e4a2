package imap

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"

	"posthorn/mail"
)

// wire is the conversation: tagged commands out, responses in. Whoever has a command open reads; between commands
// nobody does. Tags cannot be guessed, so that an answer sent before its command is known for what it is.
type wire struct {
	conn net.Conn // where bytes go: the link, or TLS above it
	link *link
	in   *framer

	mu     sync.Mutex
	alerts []string // ALERT and BYE texts nobody has asked for yet
	bye    string   // the last BYE
	cause  error    // why the connection is of no more use; the first one counts
}

func newWire(l *link) *wire { return &wire{conn: l, link: l, in: newFramer(l)} }

// status is a tagged or untagged OK, NO, BAD, BYE or PREAUTH. // RFC 9051 §7.1
type status struct {
	kind string // upper case
	code string // upper case, without its arguments
	args string // of the code
	text string // for people
}

// errUnasked is the end of a connection on which the server answers what was never asked.
var errUnasked = fmt.Errorf("%w: it answers a command that was not sent", errUnframed)

// newTag is a tag nobody can foresee.
func newTag() string { return "P" + strconv.FormatUint(uint64(rand.Uint64())>>28|1<<35, 36) }

// answer reads one response to the command with that tag. For its completion st is set.
func (w *wire) answer(tag string) (r *response, st *status, err error) {
	if r, err = w.in.next(); err != nil {
		return nil, nil, w.fail(err)
	}
	switch {
	case r.line[0] == '+':
		return r, nil, nil
	case bytes.HasPrefix(r.line, []byte("* ")):
		w.notice(r)
		return r, nil, nil
	case bytes.HasPrefix(r.line, []byte(tag+" ")):
		s, ok := parseStatus(r.line[len(tag)+1:])
		if !ok || s.kind == "BYE" || s.kind == "PREAUTH" {
			return nil, nil, w.fail(errUnframed)
		}
		if s.code == "ALERT" {
			w.alert(s.text)
		}
		return r, &s, nil
	case isTagged(r.line):
		return nil, nil, w.fail(errUnasked)
	}
	if bytes.HasPrefix(r.line, []byte("Server Unavailable")) { // Exchange takes leave so: "Server Unavailable. 15"
		w.mu.Lock()
		w.bye = string(r.line[:min(len(r.line), 1000)])
		w.mu.Unlock()
	}
	return r, nil, nil // not a response at all: the end of a broken one
}

// isTagged tells a completion with some tag from a piece of a broken response.
func isTagged(line []byte) bool {
	tag, rest, ok := bytes.Cut(line, []byte(" "))
	word, _, _ := bytes.Cut(rest, []byte(" "))
	return ok && len(tag) > 0 && len(tag) < 20 && isCondition(word)
}

// parseStatus reads what stands behind the tag or star.
func parseStatus(line []byte) (status, bool) {
	kind, rest, _ := bytes.Cut(line, []byte(" "))
	if !isCondition(kind) {
		return status{}, false
	}
	s := status{kind: string(bytes.ToUpper(kind))}
	if len(rest) > 0 && rest[0] == '[' {
		if end := codeEnd(rest); end > 0 {
			code, args, _ := bytes.Cut(rest[1:end], []byte(" "))
			s.code, s.args = string(bytes.ToUpper(code)), string(args)
			rest = bytes.TrimLeft(rest[end+1:], " ")
		}
	}
	s.text = string(rest[:min(len(rest), 1000)])
	return s, true
}

// codeEnd is the bracket that closes a response code; those inside quotes do not.
func codeEnd(b []byte) int {
	quoted := false
	for i, c := range b {
		switch {
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted:
			return i
		}
	}
	return bytes.IndexByte(b, ']')
}

// condition reads an untagged OK, NO, BAD, BYE or PREAUTH.
func (r *response) condition() (status, bool) {
	rest, ok := bytes.CutPrefix(r.line, []byte("* "))
	if !ok {
		return status{}, false
	}
	return parseStatus(rest)
}

// head reads the name of untagged data and the number before it, if any: "* 12 EXISTS". The cursor stands behind.
func (r *response) head() (name string, n uint32, c cursor) {
	c = cursor{r: r}
	if !bytes.HasPrefix(r.line, []byte("* ")) {
		return "", 0, c
	}
	c.i = 2
	c.spaces()
	if v, ok := c.number(); ok {
		if v > 1<<32-1 {
			return "", 0, c
		}
		n = uint32(v)
		c.spaces()
	}
	word := c.word()
	c.spaces()
	if equalFold(word, "FETCH") { // the one that comes a hundred thousand times
		return "FETCH", n, c
	}
	return string(bytes.ToUpper(word[:min(len(word), 20)])), n, c
}

// maxAlerts bounds what a server can make us keep for the person to read.
const maxAlerts = 20

func (w *wire) alert(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.alerts) < maxAlerts && text != "" {
		w.alerts = append(w.alerts, text)
	}
}

// notice keeps what a person must be told. // RFC 9051 §7.1, §7.1.5
func (w *wire) notice(r *response) {
	if !isText(r.line) {
		return
	}
	st, ok := r.condition()
	switch {
	case !ok:
	case st.kind == "BYE":
		w.mu.Lock()
		w.bye = st.text
		w.mu.Unlock()
		w.alert(st.text)
	case st.code == "ALERT":
		w.alert(st.text)
	}
}

// fail closes the connection, and returns the first cause.
func (w *wire) fail(err error) error {
	w.mu.Lock()
	if w.cause == nil {
		w.cause = err
	}
	err = w.cause
	w.mu.Unlock()
	_ = w.link.Conn.Close() // it is lost either way; no farewell that might block
	return err
}

// trouble is w's cause as an error for people.
func (w *wire) trouble(op string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := &mail.Error{Op: op, Kind: mail.Offline, Said: w.bye, Err: explain(w.cause)}
	if errors.Is(w.cause, errUnframed) {
		e.Kind = mail.Protocol
	}
	var told *mail.Error
	if errors.As(w.cause, &told) {
		e.Kind, e.Err = told.Kind, told.Err
		if e.Said == "" {
			e.Said = told.Said
		}
	}
	return e
}

func (w *wire) write(p []byte) error {
	if _, err := w.conn.Write(p); err != nil {
		return w.fail(err)
	}
	return nil
}
