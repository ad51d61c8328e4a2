package imap

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"posthorn/mail"
)

// Select opens a mailbox, also one that is open already, and says how it stands. // RFC 9051 §6.3.2
func (s *Session) Select(ctx context.Context, name string) (mail.Selected, error) {
	return s.open(ctx, name, false)
}

// Examine is Select for somebody who only reads. // RFC 9051 §6.3.3
func (s *Session) Examine(ctx context.Context, name string) (mail.Selected, error) {
	return s.open(ctx, name, true)
}

func (s *Session) open(ctx context.Context, name string, readOnly bool) (mail.Selected, error) {
	op := "open " + name
	if err := speakable(op, name); err != nil {
		return mail.Selected{}, err
	}
	s.name, s.selected, s.news = "", mail.Selected{}, false // a refused SELECT leaves none selected
	var got mail.Selected
	counted, news := false, false
	st, err := s.library(ctx, op, usual, func(kind string, n uint32, c cursor) bool {
		before := got.Exists
		takeSelected(&got, kind, n, c)
		switch {
		case kind == "EXISTS": // said again, it came while we opened: UIDNEXT and what follows from it are older
			news = news || counted && got.Exists != before
			counted = true
		case kind == "EXPUNGE" && counted: // before, it is about the mailbox that was open
			got.Exists, news = max(0, before-1), true
		}
		return true
	}, func(client *imapclient.Client) error {
		_, err := client.Select(name, &imap.SelectOptions{CondStore: s.caps.CondStore, ReadOnly: readOnly}).Wait()
		return err
	})
	if err != nil {
		return mail.Selected{}, err
	}
	if got.ReadOnly = st.code == "READ-ONLY"; got.ReadOnly { // nothing is kept there, and nothing wanted of it
		got.Permanent = mail.Permanent{}
	}
	s.name, s.selected, s.news = name, got, news
	return s.selected, nil
}

// takeSelected reads one response to SELECT. Numbers out of range are as if not said.
func takeSelected(got *mail.Selected, kind string, n uint32, c cursor) {
	if kind == "EXISTS" {
		got.Exists = int(n)
		return
	}
	st, ok := c.r.condition()
	if !ok {
		return
	}
	switch st.code {
	case "UIDVALIDITY":
		got.UIDValidity = mail.UIDValidity(number32(st.args))
	case "UIDNEXT":
		got.UIDNext = mail.UID(number32(st.args))
	case "HIGHESTMODSEQ":
		v, _ := strconv.ParseUint(st.args, 10, 63)
		got.HighestModSeq = mail.ModSeq(v)
	case "NOMODSEQ":
		got.HighestModSeq = 0
	case "PERMANENTFLAGS":
		names := strings.Fields(strings.Trim(st.args, "() "))
		got.Permanent = mail.Permanent{Limited: !slices.Contains(names, `\*`)}
		got.Permanent.Flags, got.Permanent.Keywords = mail.ParseFlags(names)
	}
}

func number32(s string) uint32 {
	v, err := strconv.ParseUint(strings.TrimSpace(s), 10, 32)
	if err != nil {
		return 0
	}
	return uint32(v)
}

// Status asks how a mailbox stands without opening it. // RFC 9051 §6.3.11
func (s *Session) Status(ctx context.Context, name string) (mail.Status, error) {
	op := "look at " + name
	if err := speakable(op, name); err != nil {
		return mail.Status{}, err
	}
	var got *mail.Status
	_, err := s.library(ctx, op, usual, func(kind string, _ uint32, c cursor) bool {
		if kind != "STATUS" {
			return false
		}
		if said, st, ok := s.parseStatus(&c); ok && same(said, name) {
			got = &st
		}
		return true
	}, func(client *imapclient.Client) error {
		_, err := client.Status(name, &imap.StatusOptions{NumMessages: true, NumUnseen: true, UIDNext: true,
			UIDValidity: true, HighestModSeq: s.caps.CondStore}).Wait()
		return err
	})
	if err != nil {
		return mail.Status{}, err
	}
	if got == nil {
		return mail.Status{}, &mail.Error{Op: op, Kind: mail.Rejected, Err: errors.New("the server does not say")}
	}
	return *got, nil
}

// same compares mailbox names. // RFC 9051 §5.1: INBOX is without regard to case
func same(a, b string) bool {
	return a == b || strings.EqualFold(a, "INBOX") && strings.EqualFold(b, "INBOX")
}

// parseStatus reads what stands behind "* STATUS". One that does not say how many messages there are is none: to take it for
// an empty mailbox could cost its mail. // RFC 9051 §7.3.4
func (s *Session) parseStatus(c *cursor) (name string, st mail.Status, ok bool) {
	wire, _, ok := c.text()
	if !ok {
		return "", st, false
	}
	name, _ = s.decodeName(wire)
	c.spaces()
	if !c.take('(') {
		return "", st, false
	}
	counted := false
	for {
		c.spaces()
		if c.take(')') {
			return name, st, counted
		}
		item := c.word()
		c.spaces()
		n, isNumber := c.number()
		if len(item) == 0 || !isNumber && !c.skip() {
			return "", st, false
		}
		small := uint32(0)
		if n < 1<<32 {
			small = uint32(n)
		}
		switch {
		case equalFold(item, "MESSAGES"):
			st.Messages, counted = int(small), isNumber && n < 1<<32
		case equalFold(item, "UNSEEN"):
			st.Unseen = int(small)
		case equalFold(item, "UIDNEXT"):
			st.UIDNext = mail.UID(small)
		case equalFold(item, "UIDVALIDITY"):
			st.UIDValidity = mail.UIDValidity(small)
		case equalFold(item, "HIGHESTMODSEQ"):
			st.HighestModSeq = mail.ModSeq(n)
		}
	}
}

// decodeName reads a mailbox name off the wire.
func (s *Session) decodeName(wire []byte) (name string, exact bool) {
	if s.caps.utf8Names {
		name = strings.ToValidUTF8(string(wire), "\uFFFD")
		return name, name == string(wire)
	}
	return decodeName(string(wire))
}
