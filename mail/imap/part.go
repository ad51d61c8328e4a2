package imap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"posthorn/mail"
)

// Part fetches n octets of a section from offset on, fewer at its end; n <= 0: to the end. The section "" is the
// whole message. A message that is gone is a mail.Error of Kind Gone.
func (s *Session) Part(ctx context.Context, uid mail.UID, section string, offset, n int64) ([]byte, error) {
	const op = "fetch the message"
	item, err := peek(op, section)
	if err != nil {
		return nil, err
	}
	offset = max(offset, 0)
	l := limits{maxLine, maxBody, usual.count}
	if n <= 0 {
		n = math.MaxInt32
	}
	if offset > 0 || n < math.MaxInt32 { // RFC 9051 §6.4.5: <origin.size>
		item += "<" + strconv.FormatInt(offset, 10) + "." + strconv.FormatInt(n, 10) + ">"
		l.literals = int(min(offset+n, maxBody)) // some servers give the whole all the same
	}
	got, err := s.sections(ctx, op, uid, []string{item}, l)
	if err != nil {
		return nil, err
	}
	for _, g := range got {
		if !strings.EqualFold(string(g.name), section) {
			continue
		}
		if g.origin < 0 {
			g.data = g.data[min(offset, int64(len(g.data))):]
		}
		return g.data[:min(n, int64(len(g.data)))], nil
	}
	return nil, &mail.Error{Op: op, Kind: mail.Gone, Err: fmt.Errorf("the server has no part %q", section)}
}

// Parts fetches whole sections in one command. Sections the server does not know are left out.
func (s *Session) Parts(ctx context.Context, uid mail.UID, sections []string) (map[string][]byte, error) {
	const op = "fetch the message"
	var items []string
	for _, section := range sections {
		item, err := peek(op, section)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	got, err := s.sections(ctx, op, uid, items, limits{maxLine, maxBody, usual.count})
	if err != nil {
		return nil, err
	}
	out := make(map[string][]byte, len(got))
	for _, g := range got {
		for _, section := range sections {
			if strings.EqualFold(string(g.name), section) {
				out[section] = g.data
			}
		}
	}
	return out, nil
}

// peek is the item that fetches a section without marking the message as read.
func peek(op, section string) (string, error) {
	ok := len(section) < 400
	for _, c := range section {
		ok = ok && (c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c == '.')
	}
	if !ok {
		return "", &mail.Error{Op: op, Kind: mail.Rejected, Err: errors.New("a section is named by numbers, dots and MIME, HEADER or TEXT")}
	}
	return "BODY.PEEK[" + section + "]", nil
}

// sections runs one UID FETCH for one message.
func (s *Session) sections(ctx context.Context, op string, uid mail.UID, items []string, l limits) ([]section, error) {
	c := newCommand(s.caps, "UID FETCH").set(mail.NewUIDSet(uid)).word("(UID " + strings.Join(items, " ") + ")")
	var got []section
	found, short := false, false
	_, err := s.own(ctx, op, c, l, func(name string, _ uint32, c cursor) bool {
		if name != "FETCH" {
			return false
		}
		f := s.parseFetch(&c)
		if len(f.sections) == 0 && !f.broken {
			return false
		}
		if f.uid != uid {
			return true // another message's octets
		}
		found = true
		short = f.broken && (!c.r.cut || l.literals == maxBody)
		for _, g := range f.sections {
			got = append(got, section{bytes.Clone(g.name), g.origin, bytes.Clone(g.data)})
		}
		return true
	})
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, &mail.Error{Op: op, Kind: mail.Gone, Err: errors.New("the message is not on the server any more")}
	case short:
		return nil, &mail.Error{Op: op, Kind: mail.Rejected, Err: fmt.Errorf("the server's answer cannot be read, or is longer than %d MiB", maxBody>>20)}
	}
	return got, nil
}
