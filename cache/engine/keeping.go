package engine

import (
	"context"
	"slices"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/imap"
)

// Bounds on what is kept for offline reading.
const (
	maxKept     = 10000   // messages of an account, the newest
	maxKeptPart = 1 << 20 // octets; larger parts are left out
	keepWindow  = 64      // messages that one job looks at
	keepTries   = 3       // how often one is asked for whose connection is lost over it
	keepQuiet   = 2 * time.Second
)

// keeping is the worker's account of bodies fetched unasked, for the time without a network. It outlives connections:
// what failed is not asked for again before the next start. Bodies stay when they are older than the option says, or
// read by then: they are a few kilobytes each, full text and an open reader live on them, and what the person read is
// what he looks for again. The growth is bounded by maxKept and maxKeptPart.
type keeping struct {
	stale bool                     // there may be more to keep than queue says
	queue []mail.MessageKey        // not looked at yet, the newest first
	over  map[mail.MessageKey]bool // all is here, or it cannot be had
	tries map[mail.MessageKey]int  // in commands that failed
	began time.Time                // when queue was filled
	total int                      // length of queue then
	off   bool                     // the disk does not take any more
}

// piece is what one command fetches: the same small sections of several messages, or a range of a large one.
type piece struct {
	messages []cache.Held
	sections []string
	offset   int64
	ranged   bool
}

// keep fetches one piece of a body that nobody asked for yet.
func (w *worker) keep(ctx context.Context, s *imap.Session) error {
	k := &w.keeping
	if k.stale {
		all, err := w.e.store.Wanted(ctx, w.account.Name, w.e.opt.Now().Add(-w.e.opt.Offline), maxKept)
		if err != nil {
			return err
		}
		k.queue = slices.DeleteFunc(all, func(key mail.MessageKey) bool { return k.over[key] })
		k.stale, k.began, k.total = false, time.Now(), len(k.queue)
	}
	window := k.queue[:min(len(k.queue), keepWindow)]
	held, err := w.e.store.Held(ctx, window)
	if err != nil {
		return err
	}
	held = slices.DeleteFunc(held, func(h cache.Held) bool { return w.parked[h.Mailbox] })
	p, done := nextPiece(held, k.tries)
	for _, h := range done {
		k.over[h.Message] = true
	}
	rest := k.queue[len(window):]
	if len(p.messages) > 0 {
		first := slices.Index(k.queue, p.messages[0].Message)
		rest = k.queue[first:]
	}
	k.queue = slices.DeleteFunc(rest, func(key mail.MessageKey) bool { return k.over[key] })
	if len(p.messages) == 0 {
		return nil
	}
	w.keepProgress()
	return w.kept(p, w.fetchPiece(ctx, s, p))
}

// keepProgress says what goes on, but only if it takes long.
func (w *worker) keepProgress() {
	k, st := &w.keeping, State{Phase: Working, Text: "keeping messages for offline"}
	if time.Since(k.began) > keepQuiet {
		st.Done, st.Total = k.total-len(k.queue), k.total
	}
	w.show(st)
}

// nextPiece is what to fetch next of messages, in their order, and which of them need nothing more. It is pure.
func nextPiece(held []cache.Held, tries map[mail.MessageKey]int) (p piece, done []cache.Held) {
	room := int64(partRange)
	for _, h := range held {
		missing, size := missingOf(h)
		first := len(p.messages) == 0
		switch {
		case len(missing) == 0:
			done = append(done, h)
		case h.UID == 0: // moved by us: it is asked for once the server has told its new UID
		case first && size > partRange: // part by part, the large ones by ranges
			p.messages, p.sections = []cache.Held{h}, missing[:1]
			p.offset, p.ranged = h.Sections[missing[0]], sizeOf(h, missing[0]) > partRange
			return p, done
		case first:
			p.messages, p.sections, room = []cache.Held{h}, missing, room-size
		case size <= room && h.Mailbox == p.messages[0].Mailbox && tries[h.Message]+tries[p.messages[0].Message] == 0 &&
			slices.Equal(missing, p.sections):
			p.messages, room = append(p.messages, h), room-size
		}
	}
	return p, done
}

// missingOf are the sections of a message that are to be kept and are not here, and their octets. A message whose
// structure the server could not tell is fetched as a whole, if that is one small piece.
func missingOf(h cache.Held) (missing []string, size int64) {
	if h.Structure == nil {
		if h.Sections[""] < 0 || h.Size > partRange {
			return nil, 0
		}
		return []string{""}, h.Size
	}
	h.Structure.Walk(func(p *mail.Part) bool {
		if p.Multipart() {
			return true
		}
		if h.Sections[p.Section] >= 0 && p.Size <= maxKeptPart {
			missing, size = append(missing, p.Section), size+p.Size
		}
		return false // what is in an attached message comes with it
	})
	return missing, size
}

func sizeOf(h cache.Held, section string) int64 {
	if h.Structure == nil {
		return h.Size
	}
	return h.Structure.Find(section).Size
}

// fetchPiece asks for a piece and stores it.
func (w *worker) fetchPiece(ctx context.Context, s *imap.Session, p piece) error {
	have, err := w.e.store.SyncState(ctx, p.messages[0].Mailbox)
	if err != nil {
		return err
	}
	if err := w.selectFor(ctx, s, have); err != nil {
		return w.lost(have, err)
	}
	h := p.messages[0]
	switch {
	case h.Structure == nil:
		_, err := w.fetchWhole(ctx, s, h.Message, h.UID, 0)
		return err
	case p.ranged:
		wrong, err := w.misdescribed(ctx, s, h.Structure, h.MessageID, h.UID, p.sections[0], p.offset)
		if w.keeping.over[h.Message] = wrong; wrong || err != nil {
			return err
		}
		return w.fetchRange(ctx, s, h.Message, h.UID, p.sections[0], p.offset, sizeOf(h, p.sections[0]))
	}
	uids := make([]mail.UID, len(p.messages))
	for i, m := range p.messages {
		uids[i] = m.UID
	}
	got, err := s.PartsOf(ctx, mail.NewUIDSet(uids...), slices.Concat(headersOf(h.Structure, p.sections), p.sections, []string{imap.Identity}))
	if unknown(err) {
		got, err = s.PartsOf(ctx, mail.NewUIDSet(uids...), slices.Concat(p.sections, []string{imap.Identity}))
	}
	if err != nil {
		return err
	}
	for _, m := range p.messages {
		if misdescribed(m.Structure, p.sections, got[m.UID]) || foreign(m.MessageID, got[m.UID]) {
			w.keeping.over[m.Message] = true // whoever opens it gets all of it, or is told
			continue
		}
		here := slices.DeleteFunc(slices.Clone(p.sections), func(section string) bool {
			return got[m.UID][section] == nil && (got[m.UID] == nil || !empty(m.Structure, section))
		})
		if len(here) < len(p.sections) {
			w.keeping.over[m.Message] = true // it is gone, or cannot be read: whoever opens it is told
		}
		if len(here) == 0 {
			continue
		}
		if err := w.storeParts(ctx, m.Message, m.Structure, here, got[m.UID]); err != nil {
			return err
		}
	}
	return nil
}

// kept decides what becomes of the messages of a piece after err: nil where the session can go on. What fails together
// is tried one by one, so that one message cannot keep the others from coming.
func (w *worker) kept(p piece, err error) error {
	k := &w.keeping
	if err == nil {
		return nil
	}
	for _, m := range p.messages {
		k.tries[m.Message]++
		if len(p.messages) == 1 && (mail.KindOf(err) != mail.Offline || k.tries[m.Message] >= keepTries) {
			k.over[m.Message] = true
		}
	}
	switch mail.KindOf(err) {
	case mail.Gone, mail.Rejected, mail.Temporary:
		return nil
	case mail.Damaged:
		k.off = true
		w.e.trouble(w.account.Name, "No more messages are kept for offline reading: %s.", mail.Reason(err))
		return nil
	}
	return err
}
