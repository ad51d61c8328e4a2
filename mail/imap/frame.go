package imap

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Bounds on what a server can make us hold or wait for. // RFC 9051 §4.3
const (
	maxLine    = 1 << 20   // of a response without its literals: kept; the rest is read and dropped
	maxSearch  = 16 << 20  // the same for the one long line of UIDs a plain SEARCH answers
	maxLiteral = 1 << 20   // of the literals of a response that carries no body
	maxBody    = 256 << 20 // of a body asked for whole
	maxDropped = 1 << 30   // of one response, read and dropped, before the connection is given up
)

// limits are what one command's responses may hold.
type limits struct {
	line     int // octets kept outside literals
	literals int // octets kept of all literals of one response
	count    int // responses before the tagged one
}

var usual = limits{line: maxLine, literals: maxLiteral, count: 1 << 20}

// response is one response of the server: "* 12 FETCH (…)", "* OK …", "+ …" or a tagged one. It is valid until the
// next one is read.
type response struct {
	line     []byte // without its line end; each literal stands behind its {n} and CRLF
	literals []literal
	cut      bool // more came than is kept; line ends early or literals are short
}

// literal is where a literal stands in response.line.
type literal struct{ at, start, end int } // at: its opening brace

// framer cuts the stream into responses. It forgives bare LF and NUL padding, and passes over empty lines. Memory
// grows with what has come, never with what was announced.
type framer struct {
	r       *bufio.Reader // reads from under
	under   *under
	tag     string // of the command that is open; empty: none
	limits  limits
	left    int // responses the command may still cause
	resp    response
	tail    []byte // end of a line that was cut, to see whether a literal follows
	dropped int64
}

func newFramer(r io.Reader) *framer {
	u := &under{Reader: r}
	return &framer{r: bufio.NewReaderSize(u, 64<<10), under: u, limits: usual, left: usual.count}
}

// expect sets the bounds for the responses to the next command, and its tag.
func (f *framer) expect(tag string, l limits) { f.tag, f.limits, f.left = tag, l, l.count }

var errUnframed = errors.New("the server's answer cannot be made out")

// next reads one response.
func (f *framer) next() (*response, error) {
	for {
		if f.left--; f.left < 0 {
			return nil, fmt.Errorf("%w: it sends without end", errUnframed)
		}
		if err := f.read(); err != nil {
			return nil, err
		}
		if len(f.resp.line) > 0 {
			return &f.resp, nil
		}
	}
}

func (f *framer) read() error {
	r := &f.resp
	if cap(r.line) > 4*maxLine { // one long answer must not stay in memory
		r.line = nil
	}
	r.line, r.literals, r.cut, f.dropped = r.line[:0], r.literals[:0], false, 0
	text, held := 0, 0 // octets kept outside and inside literals
	for {
		start := len(r.line)
		end, err := f.readLine(f.limits.line - text)
		if err != nil {
			return err
		}
		text += len(r.line) - start
		n, braces, ok := literalSize(end)
		if !ok || len(r.literals) == 0 && start == 0 && isText(r.line) {
			return nil
		}
		if r.cut {
			if err := f.drop(n); err != nil {
				return err
			}
			continue
		}
		at := len(r.line) - braces
		r.line = append(r.line, '\r', '\n')
		start = len(r.line)
		if err := f.readLiteral(n, f.limits.literals-held); err != nil {
			return err
		}
		held += len(r.line) - start
		r.literals = append(r.literals, literal{at, start, len(r.line)})
	}
}

// readLine appends a line to the response, as much as fits, and returns its end.
func (f *framer) readLine(room int) (end []byte, err error) {
	r := &f.resp
	start := len(r.line)
	f.tail = f.tail[:0]
	for {
		b, err := f.r.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull {
			return nil, err
		}
		switch {
		case r.cut || len(r.line)-start+len(b) > room:
			r.cut = true
			if f.dropped += int64(len(b)); f.dropped > maxDropped {
				return nil, fmt.Errorf("%w: its line has no end", errUnframed)
			}
			f.tail = append(f.tail, b[max(0, len(b)-64):]...)
			f.tail = f.tail[max(0, len(f.tail)-64):]
		default:
			r.line = append(r.line, b...)
		}
		if err == nil {
			break
		}
	}
	if r.cut {
		return bytes.TrimRight(f.tail, "\r\n\x00"), nil
	}
	trimmed := bytes.TrimRight(r.line[start:], "\r\n\x00")
	if start == 0 {
		trimmed = bytes.TrimLeft(trimmed, "\x00")
		copy(r.line, trimmed)
	}
	r.line = r.line[:start+len(trimmed)]
	return r.line[start:], nil
}

// readLiteral appends n octets, as many as fit, and drops the rest.
func (f *framer) readLiteral(n int64, room int) error {
	r := &f.resp
	start := len(r.line)
	keep := min(n, int64(max(room, 0)))
	if err := f.mayDrop(n - keep); err != nil {
		return err
	}
	for left := keep; left > 0; {
		k := int(min(left, int64(f.r.Size())))
		r.line = slices.Grow(r.line, k)
		m, err := io.ReadAtLeast(f.r, r.line[len(r.line):len(r.line)+k], 1)
		if err != nil {
			return err
		}
		r.line = r.line[:len(r.line)+m]
		if left -= int64(m); f.short(start, left) {
			return nil
		}
	}
	if n > keep {
		return f.drop(n - keep)
	}
	return nil
}

// short knows a literal that is shorter than announced, with left octets missing: the completion of the command, whose
// tag nobody can foresee, stands behind what there is of it. What is no part of it is put back. Exchange counts so.
func (f *framer) short(start int, left int64) bool {
	line := f.resp.line
	if left == 0 || f.tag == "" || !bytes.HasSuffix(line, []byte("\r\n")) {
		return false
	}
	last := max(bytes.LastIndexByte(line[:len(line)-2], '\n')+1, start)
	if !bytes.HasPrefix(line[last:], []byte(f.tag+" ")) {
		return false
	}
	end := len(bytes.TrimRight(line[:last], "\r\n"))
	if line[end-1] == ')' {
		end--
	}
	end = max(end, start)
	rest := line[end:]
	if end == last {
		rest = append([]byte("\r\n"), rest...)
	}
	f.unread(rest)
	f.resp.line = line[:end]
	return true
}

// unread puts b back before what is to be read next.
func (f *framer) unread(b []byte) {
	ahead, _ := f.r.Peek(f.r.Buffered())
	f.under.back = append(bytes.Clone(b), ahead...)
	f.r.Reset(f.under)
}

// under is the stream below a framer, with what was put back before it.
type under struct {
	io.Reader
	back []byte
}

func (u *under) Read(p []byte) (int, error) {
	if len(u.back) == 0 {
		return u.Reader.Read(p)
	}
	n := copy(p, u.back)
	u.back = u.back[n:]
	return n, nil
}

func (f *framer) drop(n int64) error {
	if err := f.mayDrop(n); err != nil {
		return err
	}
	f.resp.cut = true
	f.dropped += n
	_, err := io.CopyN(io.Discard, f.r, n)
	return err
}

// mayDrop says, before they are waited for, whether n octets are worth reading for what stands behind them.
func (f *framer) mayDrop(n int64) error {
	if n > maxDropped-f.dropped {
		return fmt.Errorf("%w: it announces %d octets nobody asked for", errUnframed, n)
	}
	return nil
}

// literalSize reads the {n}, {n+} or ~{n} that a line ends with; braces is its length from the brace on.
func literalSize(line []byte) (n int64, braces int, ok bool) {
	if len(line) < 3 || line[len(line)-1] != '}' {
		return 0, 0, false
	}
	open := bytes.LastIndexByte(line, '{')
	if open < 0 {
		return 0, 0, false
	}
	digits := bytes.TrimSuffix(line[open+1:len(line)-1], []byte("+"))
	if len(digits) == 0 || len(digits) > 18 {
		return 0, 0, false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, len(line) - open, true
}

// isText tells whether a line ends in text for people, where braces mean nothing: "+ …", tagged responses, and
// untagged OK, NO, BAD, BYE and PREAUTH. The end of a broken response is none: what its literal holds must not be
// taken for responses.
func isText(line []byte) bool {
	rest, untagged := bytes.CutPrefix(line, []byte("* "))
	if !untagged {
		return len(line) > 0 && line[0] == '+' || isTagged(line)
	}
	word, _, _ := bytes.Cut(rest, []byte(" "))
	return isCondition(word)
}

func isCondition(word []byte) bool {
	for _, w := range []string{"OK", "NO", "BAD", "BYE", "PREAUTH"} {
		if len(word) == len(w) && equalFold(word, w) {
			return true
		}
	}
	return false
}
