package imap

import (
	"cmp"
	"context"
	"strconv"

	"posthorn/mail"
	"posthorn/mail/body"
)

// What is asked of every message; never ENVELOPE, which costs the server twice the time and garbles broken headers.
const (
	headerItems = "(UID FLAGS INTERNALDATE RFC822.SIZE"
	headerBody  = " BODY.PEEK[HEADER.FIELDS (DATE FROM SENDER REPLY-TO TO CC BCC SUBJECT MESSAGE-ID IN-REPLY-TO" +
		" REFERENCES MAIL-FOLLOWUP-TO LIST-ID LIST-POST LIST-UNSUBSCRIBE LIST-UNSUBSCRIBE-POST AUTO-SUBMITTED AUTHENTICATION-RESULTS" +
		" X-ORIGINAL-TO DELIVERED-TO ENVELOPE-TO)])"
)

// Headers fetches flags, dates, sizes, structures and headers. A message whose answer cannot be read is asked for
// once more without its structure, so that no message can hide another. What yield returns ends the calls of yield
// and is returned; UIDs that are gone are left out. Answers are read while yield is busy with earlier ones.
func (s *Session) Headers(ctx context.Context, set mail.UIDSet, yield func(mail.Header) error) error {
	for _, part := range s.chunks(set) {
		h := headers{s: s, got: make(map[mail.UID]bool, min(part.Len(), 8192)), out: make(chan []mail.Header, 4), used: make(chan []mail.Header, 4)}
		var err, stopped error
		go func() {
			defer close(h.out)
			err = h.fetch(ctx, part)
			h.out <- h.batch
		}()
		for batch := range h.out {
			for i := 0; i < len(batch) && stopped == nil; i++ {
				stopped = yield(batch[i])
			}
			select {
			case h.used <- batch:
			default:
			}
		}
		if err = cmp.Or(stopped, err); err != nil {
			return err
		}
	}
	return nil
}

// batchSize is how many headers are handed over at a time, so that handing over costs nothing.
const batchSize = 100

// headers is the UID FETCH of a set, and those that follow where the server does not give all of it.
type headers struct {
	s       *Session
	got     map[mail.UID]bool
	batch   []mail.Header
	out     chan []mail.Header
	used    chan []mail.Header // to be filled again
	refused int                // commands so far

	set    mail.UIDSet // of the command that runs
	broken bool        // an answer to it could not be read
	again  bool        // what can be read of such an answer is good enough
}

// maxRefused bounds the commands for one set that a server may refuse, and those before it gives anything at all:
// enough to find a few bad messages, or how long a range may be.
const (
	maxRefused     = 100
	maxRefusedFlat = 14
)

// fetch asks for a set. Of what is missing after a refusal that brought something, or cannot be read, no structure is
// asked; a set that is refused as a whole is asked for in halves. So a message that cannot be had hides no other, and
// is asked for once by itself: Gmail says "NO Some messages could not be FETCHed", Yahoo "NO [UNAVAILABLE] UID FETCH
// Server error while fetching messages", and others do not take long ranges.
func (h *headers) fetch(ctx context.Context, set mail.UIDSet) error {
	before := len(h.got)
	st, err := h.ask(ctx, set, true)
	set = without(set, h.got)
	some := len(h.got) > before
	switch {
	case len(set) == 0:
		return nil
	case err != nil && h.final(st):
		return h.excuse(st, err)
	case err == nil && st.code == "MESSAGELIMIT" && some: // RFC 9738 §3.1: the rest is to be asked for again
		return h.fetch(ctx, set)
	case err == nil && !h.broken:
		return nil
	case some || err == nil || set.Len() == 1:
		st, err = h.ask(ctx, set, false)
		if set = without(set, h.got); err == nil || set.Len() <= 1 || h.final(st) {
			return h.excuse(st, err)
		}
	}
	half := set.Newest(set.Len() / 2)
	for _, part := range []mail.UIDSet{half, set.Within(set.Min(), half.Min()-1)} {
		if failed := h.fetch(ctx, part); failed != nil {
			return failed
		}
	}
	if n, most := half.Len(), &h.s.caps.Limit; !some && n >= leastLimit && (*most == 0 || n < *most) {
		*most = n // it takes half of what it refused
	}
	return nil
}

// leastLimit is the least number of messages in a command that a server may be taken to insist on.
const leastLimit = 500

// ask runs one command.
func (h *headers) ask(ctx context.Context, set mail.UIDSet, structure bool) (status, error) {
	items := headerItems
	if structure {
		items += " BODYSTRUCTURE"
	}
	if h.s.caps.CondStore && h.s.selected.HighestModSeq > 0 { // Yahoo says BAD to MODSEQ where there is none
		items += " MODSEQ"
	}
	h.set, h.broken, h.again = set, false, !structure
	st, err := h.s.own(ctx, "fetch headers", newCommand(h.s.caps, "UID FETCH").set(set).word(items+headerBody), usual, h.take)
	if err != nil {
		h.refused++
	}
	return st, err
}

// final tells whether no more is to be asked after an error: the connection is lost, the server wants to be left alone,
// or it refuses whatever is asked.
func (h *headers) final(st status) bool {
	return !h.s.alive() || st.code == "THROTTLED" || h.refused > maxRefused || len(h.got) == 0 && h.refused > maxRefusedFlat
}

// excuse is the error for messages that cannot be had: none where others were.
func (h *headers) excuse(st status, err error) error {
	if len(h.got) > 0 && h.s.alive() && st.code != "THROTTLED" {
		return nil
	}
	return err
}

// take is given every response.
func (h *headers) take(name string, _ uint32, c cursor) bool {
	if name != "FETCH" {
		return false
	}
	f := h.s.parseFetch(&c)
	header, ok := f.section("HEADER")
	switch {
	case f.broken:
		h.broken = true
		if !h.again || f.uid == 0 {
			return true
		}
	case !ok:
		return false // flags changed
	}
	if !h.set.Contains(f.uid) || h.got[f.uid] {
		return true
	}
	h.got[f.uid] = true
	m := f.header(header)
	m.Permanent = h.s.selected.Permanent
	if h.batch = append(h.batch, m); len(h.batch) == batchSize {
		h.out <- h.batch
		select {
		case batch := <-h.used:
			h.batch = batch[:0]
		default:
			h.batch = make([]mail.Header, 0, batchSize)
		}
	}
	return true
}

func (f *fetched) header(raw []byte) mail.Header {
	m := mail.Header{UID: f.uid, Flags: f.flags, Keywords: f.keywords, ModSeq: f.modSeq, Received: f.received,
		Size: f.size, Structure: f.structure, Envelope: body.ReadEnvelope(raw)}
	if m.Received.IsZero() {
		m.Received = m.Envelope.Date
	}
	return m
}

// without is set less what is in got.
func without(set mail.UIDSet, got map[mail.UID]bool) mail.UIDSet {
	have := make([]mail.UID, 0, len(got))
	for u := range got {
		have = append(have, u)
	}
	return set.Without(mail.NewUIDSet(have...))
}

// Flags fetches flags: of a set, or of everything where it is empty; since > 0: only what changed after it.
// RFC 7162 §3.1.4.1
func (s *Session) Flags(ctx context.Context, set mail.UIDSet, since mail.ModSeq, yield func(mail.FlagUpdate) error) error {
	if len(set) == 0 && s.caps.Limit > 0 {
		all, err := s.UIDs(ctx)
		if err != nil || len(all) == 0 {
			return err
		}
		set = all
	}
	parts := s.chunks(set)
	if len(set) == 0 {
		parts = []mail.UIDSet{nil}
	}
	for _, part := range parts {
		if err := s.fetchFlags(ctx, part, since, yield); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) fetchFlags(ctx context.Context, set mail.UIDSet, since mail.ModSeq, yield func(mail.FlagUpdate) error) error {
	c := newCommand(s.caps, "UID FETCH")
	if len(set) == 0 {
		c.word("1:*")
	} else {
		c.set(set)
	}
	c.word("(UID FLAGS)")
	if since > 0 && s.caps.CondStore {
		c.word("(CHANGEDSINCE " + strconv.FormatUint(uint64(since), 10) + ")")
	}
	var stopped error
	_, err := s.own(ctx, "fetch flags", c, limits{maxLine, maxLiteral, 1 << 23}, func(name string, _ uint32, c cursor) bool {
		if name != "FETCH" {
			return false
		}
		f := s.parseFetch(&c)
		if f.broken {
			return true // no news that asking again would make good
		}
		if f.uid == 0 || !f.flagged || len(set) > 0 && !set.Contains(f.uid) {
			return false
		}
		if stopped == nil {
			stopped = yield(mail.FlagUpdate{UID: f.uid, Flags: f.flags, Keywords: f.keywords, Permanent: s.selected.Permanent, ModSeq: f.modSeq})
		}
		return true
	})
	if stopped != nil {
		return stopped
	}
	return err
}
