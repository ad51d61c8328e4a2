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
	found, err := s.sections(ctx, op, mail.NewUIDSet(uid), []string{item}, l)
	if err != nil {
		return nil, err
	}
	a, err := found.of(op, uid)
	if err != nil {
		return nil, err
	}
	for _, g := range a.sections {
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

// Identity is the section of a message that tells which one it is: its Message-ID field.
const Identity = "HEADER.FIELDS (MESSAGE-ID)"

// Parts fetches whole sections in one command. Sections the server does not know are left out.
func (s *Session) Parts(ctx context.Context, uid mail.UID, sections []string) (map[string][]byte, error) {
	const op = "fetch the message"
	found, err := s.partsOf(ctx, op, mail.NewUIDSet(uid), sections, maxBody)
	if err != nil {
		return nil, err
	}
	a, err := found.of(op, uid)
	if err != nil {
		return nil, err
	}
	return a.named(sections), nil
}

// PartsOf fetches the same whole sections of several messages in one command, which must be small: at most 2 MiB a
// message. Left out are messages that are gone or whose answer cannot be read, and sections the server does not know.
func (s *Session) PartsOf(ctx context.Context, set mail.UIDSet, sections []string) (map[mail.UID]map[string][]byte, error) {
	found, err := s.partsOf(ctx, "fetch messages", set, sections, 2<<20)
	if err != nil {
		return nil, err
	}
	out := make(map[mail.UID]map[string][]byte, len(found))
	for uid, a := range found {
		if !a.short {
			out[uid] = a.named(sections)
		}
	}
	return out, nil
}

func (s *Session) partsOf(ctx context.Context, op string, set mail.UIDSet, sections []string, most int) (answers, error) {
	var items []string
	for _, section := range sections {
		item, err := peek(op, section)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return s.sections(ctx, op, set, items, limits{maxLine, maxBody, usual.count})
}

// peek is the item that fetches a section without marking the message as read.
func peek(op, section string) (string, error) {
	ok := len(section) < 400
	for _, c := range strings.TrimSuffix(section, Identity) {
		ok = ok && (c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c == '.')
	}
	if !ok {
		return "", &mail.Error{Op: op, Kind: mail.Rejected, Err: errors.New("a section is named by numbers, dots and MIME, HEADER or TEXT, or is Identity")}
	}
	return "BODY.PEEK[" + section + "]", nil
}

// answer is what came of one message.
type answer struct {
	sections []section
	short    bool // it cannot be read to its end
}

// named are those of the sections that were asked for.
func (a *answer) named(sections []string) map[string][]byte {
	out := make(map[string][]byte, len(a.sections))
	for _, g := range a.sections {
		for _, section := range sections {
			if strings.EqualFold(string(g.name), section) || section == Identity && isFields(g.name) {
				out[section] = g.data
			}
		}
	}
	return out
}

// isFields tells a list of header fields, which servers spell in many ways.
func isFields(name []byte) bool {
	const fields = "HEADER.FIELDS"
	return len(name) > len(fields) && equalFold(name[:len(fields)], fields)
}

// answers are by message; those nobody asked for are not kept.
type answers map[mail.UID]*answer

func (found answers) of(op string, uid mail.UID) (*answer, error) {
	a := found[uid]
	switch {
	case a == nil:
		return nil, &mail.Error{Op: op, Kind: mail.Gone, Err: errors.New("the message is not on the server any more")}
	case a.short:
		return nil, &mail.Error{Op: op, Kind: mail.Rejected, Err: fmt.Errorf("the server's answer cannot be read, or is longer than %d MiB", maxBody>>20)}
	}
	return a, nil
}

// sections runs one UID FETCH.
func (s *Session) sections(ctx context.Context, op string, set mail.UIDSet, items []string, l limits) (answers, error) {
	c := newCommand(s.caps, "UID FETCH").set(set).word("(UID " + strings.Join(items, " ") + ")")
	found, room := answers{}, set.Len()*l.literals
	_, err := s.own(ctx, op, c, l, func(name string, _ uint32, c cursor) bool {
		if name != "FETCH" {
			return false
		}
		f := s.parseFetch(&c)
		if len(f.sections) == 0 && !f.broken {
			return false
		}
		if !set.Contains(f.uid) {
			return true // another message's octets
		}
		a := found[f.uid]
		if a == nil {
			a = &answer{}
			found[f.uid] = a
		}
		a.short = f.broken && (!c.r.cut || l.literals == maxBody)
		for _, g := range f.sections {
			if room -= len(g.data); room < 0 { // it says the same over and over
				a.short = true
				break
			}
			a.sections = append(a.sections, section{bytes.Clone(g.name), g.origin, bytes.Clone(g.data)})
		}
		return true
	})
	return found, err
}
