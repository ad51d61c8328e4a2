package cache

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"posthorn/mail"
)

// theirs is one copy of a message on the server of the simulation.
type theirs struct {
	n      int // which message
	uid    mail.UID
	state  mail.State
	modseq mail.ModSeq
}

// world is a server with CONDSTORE, and another program that works on it. What it can do differs from program to program.
type world struct {
	r       *rand.Rand
	boxes   []mail.MailboxKey
	copies  []*theirs // in the order in which they came to be
	uidnext map[mail.MailboxKey]mail.UID
	times   map[mail.MailboxKey]mail.UIDValidity // it was renumbered
	modseq  map[mail.MailboxKey]mail.ModSeq
	last    int  // number of the last message that came
	copyuid bool // it tells new UIDs
	canMove bool // it has MOVE
}

func newWorld(r *rand.Rand, boxes []mail.MailboxKey) *world {
	return &world{r: r, boxes: boxes, uidnext: map[mail.MailboxKey]mail.UID{}, times: map[mail.MailboxKey]mail.UIDValidity{}, modseq: map[mail.MailboxKey]mail.ModSeq{},
		copyuid: r.IntN(2) == 0, canMove: r.IntN(3) > 0}
}

func (w *world) anyBox() mail.MailboxKey { return w.boxes[w.r.IntN(len(w.boxes))] }

// touch notes that something of a mailbox changed.
func (w *world) touch(box mail.MailboxKey) mail.ModSeq {
	w.modseq[box]++
	return w.modseq[box] + 1
}

// put makes a copy of message n in a mailbox.
func (w *world) put(n int, state mail.State) *theirs {
	w.uidnext[state.Mailbox]++
	c := &theirs{n: n, uid: w.uidnext[state.Mailbox], state: state, modseq: w.touch(state.Mailbox)}
	w.copies = append(w.copies, c)
	return c
}

// validity is the UIDVALIDITY of a mailbox.
func (w *world) validity(box mail.MailboxKey) mail.UIDValidity { return w.times[box] + 1 }

// newNumbers gives the messages of a mailbox other UIDs, some of which others had before.
func (w *world) newNumbers(box mail.MailboxKey) {
	w.times[box]++
	w.uidnext[box] = mail.UID(w.r.IntN(3))
	for _, c := range w.in(box) {
		w.uidnext[box]++
		c.uid, c.modseq = w.uidnext[box], w.touch(box)
	}
}

// deliver lets a new message come.
func (w *world) deliver() *theirs {
	w.last++
	return w.put(w.last, mail.State{Mailbox: w.anyBox()})
}

func (w *world) remove(c *theirs) {
	w.touch(c.state.Mailbox)
	w.copies = slices.DeleteFunc(w.copies, func(d *theirs) bool { return c == d })
}

// in are the copies in a mailbox, in random order: a server may tell them in any.
func (w *world) in(box mail.MailboxKey) (list []*theirs) {
	for _, c := range w.copies {
		if c.state.Mailbox == box {
			list = append(list, c)
		}
	}
	w.r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// of are the copies of a message, the newest last.
func (w *world) of(n int) (list []*theirs) {
	for _, c := range w.copies {
		if c.n == n {
			list = append(list, c)
		}
	}
	return list
}

// at is the copy with a UID, or nil.
func (w *world) at(box mail.MailboxKey, uid mail.UID) *theirs {
	for _, c := range w.copies {
		if c.state.Mailbox == box && c.uid == uid {
			return c
		}
	}
	return nil
}

// act does what a command asks for one message and gives the new UID, if it tells one. A UID that is gone is no error.
func (w *world) act(op Operation) mail.UID {
	c := w.at(op.Mailbox, op.UID)
	if c == nil {
		return 0
	}
	move, moves := op.Change.(mail.Move)
	switch {
	case moves && move.To == op.Mailbox && w.canMove:
		return 0
	case moves:
		to := w.put(c.n, mail.State{Mailbox: move.To, Flags: c.state.Flags, Keywords: c.state.Keywords})
		if w.canMove {
			w.remove(c)
		}
		if w.copyuid {
			return to.uid
		}
	case op.Kind == mail.KindExpunge:
		w.remove(c)
	default:
		c.state, c.modseq = op.Change.Apply(c.state), w.touch(op.Mailbox)
	}
	return 0
}

// headerOf is what the server tells of a copy. Every fourth message has no Message-ID, where that can be forgiven: what
// was copied cannot be recognised without one.
func (w *world) headerOf(c *theirs) mail.Header {
	h := header(c.n)
	h.UID, h.Flags, h.Keywords = c.uid, c.state.Flags, c.state.Keywords
	if c.n%4 == 0 && w.canMove {
		h.Envelope.MessageID = ""
	}
	return h
}

func (c theirs) String() string {
	return fmt.Sprintf("%d in %d/%d with %v %q", c.n, c.state.Mailbox, c.uid, c.state.Flags, c.state.Keywords)
}
