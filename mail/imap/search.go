package imap

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"posthorn/mail"
)

// UIDs is all UIDs of the selected mailbox, as ranges. // RFC 9051 §6.4.4, RFC 4731
func (s *Session) UIDs(ctx context.Context) (mail.UIDSet, error) {
	const op = "ask which messages there are"
	var f found
	wide := limits{maxSearch, maxLiteral, usual.count}
	_, err := s.library(ctx, op, wide, f.take, func(client *imapclient.Client) error {
		var options *imap.SearchOptions
		if s.caps.ESearch {
			options = &imap.SearchOptions{ReturnAll: true}
		}
		_, err := client.UIDSearch(&imap.SearchCriteria{}, options).Wait()
		return err
	})
	return f.result(op, err)
}

// FindMessageID is the messages in the selected mailbox with that Message-ID, in canonical form.
func (s *Session) FindMessageID(ctx context.Context, id string) (mail.UIDSet, error) {
	const op = "look for a message"
	var f found
	c := newCommand(s.caps, "UID SEARCH HEADER Message-ID").text(mail.FormatMessageIDs(id))
	_, err := s.own(ctx, op, c, usual, f.take)
	return f.result(op, err)
}

// found gathers the UIDs of SEARCH and ESEARCH responses; words that are no UIDs are passed over.
type found struct {
	ranges []mail.UIDRange
	cut    bool
}

func (f *found) take(name string, _ uint32, c cursor) bool {
	switch name {
	case "SEARCH":
		for c.peek() != 0 {
			if n, ok := c.number(); ok {
				f.add(n)
			} else if !c.skip() { // MODSEQ
				break
			}
			c.spaces()
		}
	case "ESEARCH":
		f.extended(&c)
	default:
		return false
	}
	f.cut = f.cut || c.r.cut
	return true
}

// add takes one UID in; neighbours join.
func (f *found) add(n uint64) {
	if n == 0 || n >= 1<<32 {
		return
	}
	u := mail.UID(n)
	if k := len(f.ranges); k > 0 && u != 1 && f.ranges[k-1].Hi == u-1 {
		f.ranges[k-1].Hi = u
		return
	}
	f.ranges = append(f.ranges, mail.UIDRange{Lo: u, Hi: u})
}

// extended reads (TAG "x") UID ALL 1:3,5. iCloud leaves out items, Purelymail the word UID. // RFC 4731 §3.1
func (f *found) extended(c *cursor) {
	if c.peek() == '(' && !c.skip() {
		return
	}
	for c.spaces(); c.peek() != 0; c.spaces() {
		item := c.word()
		c.spaces()
		switch {
		case equalFold(item, "UID"):
		case equalFold(item, "ALL"):
			ranges, _ := parseSet(string(c.word()))
			f.ranges = append(f.ranges, ranges...)
		case !c.skip():
			return
		}
	}
}

func (f *found) result(op string, err error) (mail.UIDSet, error) {
	if err == nil && f.cut {
		err = &mail.Error{Op: op, Kind: mail.Rejected, Err: errors.New("the server's answer is too long")}
	}
	if err != nil {
		return nil, err
	}
	return mail.Normalise(f.ranges), nil
}

// parseSet reads 1:3,5 in the order given, each range from its lower end; what is no UID is left out, and ok is
// false.
func parseSet(s string) (ranges []mail.UIDRange, ok bool) {
	ok = true
	for piece := range strings.SplitSeq(s, ",") {
		from, to, isRange := strings.Cut(piece, ":")
		if !isRange {
			to = from
		}
		lo, err := strconv.ParseUint(from, 10, 32)
		hi, err2 := strconv.ParseUint(to, 10, 32)
		if err != nil || err2 != nil || lo == 0 || hi == 0 {
			ok = false
			continue
		}
		ranges = append(ranges, mail.UIDRange{Lo: mail.UID(min(lo, hi)), Hi: mail.UID(max(lo, hi))})
	}
	return ranges, ok
}
