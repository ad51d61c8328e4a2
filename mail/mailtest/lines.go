package mailtest

import (
	"bytes"
	"strconv"
	"strings"
)

// lines cuts one direction of an IMAP conversation into lines, and passes over literals.
type lines struct {
	part    []byte // of a line not yet ended
	literal int64  // octets of a literal still to come
	goesOn  bool   // the line after the literal belongs to the one before it
}

// maxLine is how much of a line is kept: its end must be seen, not all of it.
const maxLine = 64 << 10

// feed calls f for every line that p completes and that does not go on another, with where in p it begins: 0 where
// it began earlier. RFC 9051 §4.3
func (l *lines) feed(p []byte, f func(line string, start int)) {
	for at := 0; at < len(p); {
		if l.literal > 0 {
			n := min(l.literal, int64(len(p)-at))
			l.literal -= n
			at += int(n)
			continue
		}
		end := bytes.IndexByte(p[at:], '\n')
		if end < 0 {
			l.part = append(l.part, p[at:]...)
			if len(l.part) > maxLine {
				l.part = l.part[:maxLine]
			}
			return
		}
		line := strings.TrimRight(string(append(l.part, p[at:at+end]...)), "\r")
		fresh := !l.goesOn
		l.part = l.part[:0]
		l.literal, l.goesOn = literalSize(line)
		if fresh {
			f(line, at)
		}
		at += end + 1
	}
}

// refused forgets a literal that the server does not want.
func (l *lines) refused() { l.literal, l.goesOn = 0, false }

// literalSize reads the {12} or {12+} that ends a line.
func literalSize(line string) (int64, bool) {
	if !strings.HasSuffix(line, "}") {
		return 0, false
	}
	size := strings.TrimSuffix(line[strings.LastIndexByte(line, '{')+1:len(line)-1], "+")
	n, err := strconv.ParseInt(size, 10, 64)
	return n, err == nil && n >= 0
}

// command splits a client's line into tag and name: "STORE", "UID STORE". A line without both is none: DONE, or an
// answer to a challenge.
func command(line string) (tag, name string, ok bool) {
	words := strings.Fields(line)
	if len(words) < 2 {
		return "", "", false
	}
	name = strings.ToUpper(words[1])
	if name == "UID" && len(words) > 2 {
		name += " " + strings.ToUpper(words[2])
	}
	return words[0], name, true
}

// Changing are those of a list of commands that change something on the server.
func Changing(commands []string) []string {
	var out []string
	for _, c := range commands {
		switch strings.TrimPrefix(c, "UID ") {
		case "STORE", "MOVE", "COPY", "EXPUNGE", "APPEND", "CREATE", "DELETE", "RENAME", "SUBSCRIBE", "UNSUBSCRIBE":
			out = append(out, c)
		}
	}
	return out
}
