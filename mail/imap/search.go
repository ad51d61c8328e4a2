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

// UIDs is all UIDs of the selected mailbox, as ranges. A search that does not find as many messages as there are is
// not believed, because what it leaves out would be taken for gone: iCloud answers ESEARCH without what was asked for,
// other servers search an index that lags behind. // RFC 9051 §6.4.4, RFC 4731
func (s *Session) UIDs(ctx context.Context) (mail.UIDSet, error) {
	for _, way := range []func(context.Context) (mail.UIDSet, error){s.searchExtended, s.searchPlain} {
		all, err := way(ctx)
		if !s.alive() || err == nil && (s.name == "" || all.Len() == s.selected.Exists) {
			return all, err
		}
	}
	return s.fetchUIDs(ctx)
}

const opUIDs = "ask which messages there are"

// searchExtended is searchPlain where the server cannot do better.
func (s *Session) searchExtended(ctx context.Context) (mail.UIDSet, error) {
	if !s.caps.ESearch {
		return s.searchPlain(ctx)
	}
	return s.search(ctx, &imap.SearchOptions{ReturnAll: true})
}

func (s *Session) searchPlain(ctx context.Context) (mail.UIDSet, error) { return s.search(ctx, nil) }

func (s *Session) search(ctx context.Context, options *imap.SearchOptions) (mail.UIDSet, error) {
	var f found
	wide := limits{maxSearch, maxLiteral, usual.count}
	_, err := s.library(ctx, opUIDs, wide, f.take, func(client *imapclient.Client) error {
		_, err := client.UIDSearch(&imap.SearchCriteria{}, options).Wait()
		return err
	})
	return f.result(opUIDs, err)
}

// fetchUIDs asks for the UIDs one by one.
func (s *Session) fetchUIDs(ctx context.Context) (mail.UIDSet, error) {
	var f found
	_, err := s.own(ctx, opUIDs, newCommand(s.caps, "UID FETCH 1:* (UID)"), limits{maxLine, maxLiteral, 1 << 23}, func(name string, _ uint32, c cursor) bool {
		if name != "FETCH" {
			return false
		}
		got := s.parseFetch(&c)
		f.add(uint64(got.uid))
		return got.uid != 0
	})
	return f.result(opUIDs, err)
}

// FindMessageID is the messages in the selected mailbox with that Message-ID, in canonical form. Where the server cannot
// search headers, the newest messages are looked at: iCloud says "NO [UNAVAILABLE] Unexpected exception".
func (s *Session) FindMessageID(ctx context.Context, id string) (mail.UIDSet, error) {
	const op = "look for a message"
	var f found
	wire := mail.FormatMessageIDs(id)
	c := newCommand(s.caps, "UID SEARCH HEADER Message-ID").text(wire)
	if s.caps.RenamesSent {
		c = newCommand(s.caps, "UID SEARCH OR HEADER Message-ID").text(wire).word("HEADER X-Microsoft-Original-Message-ID").text(wire)
	}
	st, err := s.own(ctx, op, c, usual, f.take)
	if st.kind == "" || err == nil || !s.alive() {
		return f.result(op, err)
	}
	return s.lookForMessageID(ctx, id)
}

// lookedAt is how many of the newest messages are looked at in place of a search.
const lookedAt = 100

func (s *Session) lookForMessageID(ctx context.Context, id string) (mail.UIDSet, error) {
	all, err := s.UIDs(ctx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var at []mail.UID
	err = s.Headers(ctx, all.Newest(lookedAt), func(h mail.Header) error {
		if h.Envelope.MessageID == id {
			at = append(at, h.UID)
		}
		return nil
	})
	return mail.NewUIDSet(at...), err
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
