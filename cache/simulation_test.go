package cache

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"posthorn/mail"
)

// copyOf is one message in one mailbox of the server of the simulation.
type copyOf struct {
	box   mail.MailboxKey
	uid   mail.UID
	flags mail.Flags
}

// world is a server with three mailboxes, one program (the store, driven as the engine drives it), and a person whose
// last word about each message is remembered. n names a message, by its Message-ID.
type world struct {
	*fixture
	r       *rand.Rand
	boxes   []mail.MailboxKey
	server  map[int]*copyOf
	nextUID map[mail.MailboxKey]mail.UID
	copyuid bool // the server tells new UIDs

	// what must come true: the last word about each bit and place, the person's as long as it is not confirmed, else
	// that of whoever spoke last
	flags   map[int]mail.Flags
	place   map[int]mail.MailboxKey
	dirtied map[int]mail.Flags // bits with an unconfirmed wish
	moved   map[int]bool       // a move not confirmed
	strayed map[int]bool       // moved by the other program, and perhaps not yet known here
	trace   []string
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{fixture: newFixture(t), r: rand.New(rand.NewPCG(seed, 7)), server: map[int]*copyOf{}, nextUID: map[mail.MailboxKey]mail.UID{},
		flags: map[int]mail.Flags{}, place: map[int]mail.MailboxKey{}, dirtied: map[int]mail.Flags{}, moved: map[int]bool{}, strayed: map[int]bool{}}
	w.boxes = []mail.MailboxKey{w.inbox, w.archive, w.trash}
	w.copyuid = w.r.IntN(2) == 0
	for n := 1; n <= 4; n++ {
		box := w.boxes[w.r.IntN(3)]
		w.nextUID[box]++
		w.server[n] = &copyOf{box: box, uid: w.nextUID[box]}
		w.place[n] = box
	}
	for _, box := range w.boxes {
		w.sync(box)
	}
	return w
}

func (w *world) say(format string, args ...any) {
	w.trace = append(w.trace, fmt.Sprintf(format, args...))
}

func (w *world) fail(format string, args ...any) {
	w.t.Helper()
	for _, line := range w.trace {
		w.t.Log(line)
	}
	w.t.Fatalf(format, args...)
}

// local is the row of message n, found as a person finds it: by what is shown. For a while after a lost answer it may be
// shown twice, where it was wanted and where it was found; the person waits until that is sorted out.
func (w *world) local(n int) (mail.Message, bool) {
	found, err := w.ByMessageID(w.ctx, "home", fmt.Sprintf("%d@example.org", n))
	w.ok(err)
	if len(found) != 1 {
		return mail.Message{}, false
	}
	return found[0], true
}

// sync does what a complete synchronisation of a mailbox does.
func (w *world) sync(box mail.MailboxKey) {
	var list []mail.Header
	var uids []mail.UID
	for n := 1; n <= len(w.server); n++ {
		if c := w.server[n]; c != nil && c.box == box {
			h := header(n)
			h.UID, h.Flags = c.uid, c.flags
			list, uids = append(list, h), append(uids, c.uid)
		}
	}
	w.r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	next, first := w.nextUID[box]+1, mail.UID(1)
	w.do(w.Add(w.ctx, box, list, Marks{UIDNext: &next, Backfill: &first}))
	w.do(w.Vanished(w.ctx, box, everything(), mail.NewUIDSet(uids...), Marks{}))
	w.do(w.Settled(w.ctx, box))
}

// person toggles a flag or moves a message that is on screen.
func (w *world) person() {
	n := 1 + w.r.IntN(len(w.server))
	m, ok := w.local(n)
	if !ok {
		return
	}
	if box, uid := w.said(m.Key); w.strayed[n] && (box != w.server[n].box || uid != w.server[n].uid) {
		return // nobody can want anything of a message that another program took away: it is gone from where it is shown
	}
	delete(w.strayed, n)
	if w.r.IntN(2) == 0 {
		bit := mail.Seen << w.r.IntN(2)
		want := ^m.Flags & bit
		w.say("person: flags of %d to %v", n, want)
		w.wish("", mail.FlagChange{Mask: bit, Want: want}, m.Key)
		w.flags[n] = w.flags[n]&^bit | want
		w.dirtied[n] |= bit
		return
	}
	to := w.boxes[w.r.IntN(3)]
	w.say("person: %d to %d", n, to)
	box, _ := w.said(m.Key)
	pending := w.moved[n]
	w.wish("", mail.Move{To: to}, m.Key)
	w.place[n] = to
	w.moved[n] = pending || to != box
}

// remote is another program: it changes flags of any message, and moves only those nobody else is moving.
func (w *world) remote() {
	n := 1 + w.r.IntN(len(w.server))
	c := w.server[n]
	if w.r.IntN(3) > 0 {
		bit := mail.Seen << w.r.IntN(2)
		c.flags ^= bit
		if w.dirtied[n]&bit == 0 {
			w.flags[n] = w.flags[n]&^bit | c.flags&bit
		}
		w.say("remote: flags of %d to %v", n, c.flags)
		return
	}
	if w.moved[n] || w.dirtied[n] != 0 {
		return
	}
	w.relocate(n, w.boxes[w.r.IntN(3)])
	w.place[n], w.strayed[n] = c.box, true
	w.say("remote: %d to %d", n, c.box)
}

func (w *world) relocate(n int, to mail.MailboxKey) mail.UID {
	c := w.server[n]
	if c.box == to {
		return c.uid
	}
	w.nextUID[to]++
	c.box, c.uid = to, w.nextUID[to]
	return c.uid
}

// execute sends the wishes that are due, some of them only, as the engine does: the server acts, then perhaps the
// person speaks, then perhaps the connection or the program dies, else the answer is recorded.
func (w *world) execute() {
	ops := w.due()
	if len(ops) == 0 {
		return
	}
	n := 1
	for n < len(ops) && ops[n].Mailbox == ops[0].Mailbox && ops[n].Change == ops[0].Change {
		n++
	}
	ops = ops[:n]
	done := make([]Done, 0, len(ops))
	for _, op := range ops {
		done = append(done, Done{Operation: op, NewUID: w.act(op)})
	}
	for range w.r.IntN(3) {
		w.person() // while the answer is under way
	}
	switch n := w.r.IntN(40); {
	case n == 0:
		w.say("the program dies")
		w.reopen()
	case n < 20:
		w.say("the answer is lost")
	default:
		w.record(done)
	}
}

// act is what the server does; a UID that is gone is no error.
func (w *world) act(op Operation) mail.UID {
	for n, c := range w.server {
		if c.box != op.Mailbox || c.uid != op.UID {
			continue
		}
		switch change := op.Change.(type) {
		case mail.FlagChange:
			c.flags = change.Apply(mail.State{Flags: c.flags}).Flags
			w.say("server: flags of %d are %v", n, c.flags)
		case mail.Move:
			uid := w.relocate(n, change.To)
			w.say("server: %d is in %d", n, c.box)
			if w.copyuid {
				return uid
			}
		}
	}
	return 0
}

// record is the engine's commit after the answer. A wish is confirmed when nothing newer was wanted meanwhile.
func (w *world) record(done []Done) {
	w.say("recorded: %d answers", len(done))
	w.do(w.Done(w.ctx, done))
	w.confirm()
}

// confirm forgets the wishes that are no longer stored.
func (w *world) confirm() {
	clear(w.dirtied)
	clear(w.moved)
	rows, err := w.Reader.db.QueryContext(w.ctx, "SELECT m.message_id, o.kind, o.mask FROM operation o JOIN message m ON m.id = o.message_id")
	w.ok(err)
	defer rows.Close()
	for rows.Next() {
		var id, kind string
		var mask mail.Flags
		w.ok(rows.Scan(&id, &kind, &mask))
		n, err := strconv.Atoi(id[:1])
		w.ok(err)
		if kind == "move" {
			w.moved[n] = true
		} else {
			w.dirtied[n] |= mask
		}
	}
}

// settle lets everything come to rest, in a random order of mailboxes.
func (w *world) settle() {
	for round := 0; ; round++ {
		for ops := w.due(); len(ops) > 0; ops = w.due() {
			var done []Done
			for _, op := range ops {
				if op.Mailbox == ops[0].Mailbox && op.Change == ops[0].Change {
					done = append(done, Done{Operation: op, NewUID: w.act(op)})
				}
			}
			w.do(w.Done(w.ctx, done))
		}
		w.r.Shuffle(3, func(i, j int) { w.boxes[i], w.boxes[j] = w.boxes[j], w.boxes[i] })
		for _, box := range w.boxes {
			w.sync(box)
		}
		wishes, _, err := w.Waiting(w.ctx)
		w.ok(err)
		if wishes == 0 && round >= 2 {
			return
		}
		if round > 20 {
			w.fail("%d wishes never come to rest", wishes)
		}
	}
}

// compare demands that server, cache and person agree.
func (w *world) compare() {
	for n, c := range w.server {
		found, err := w.ByMessageID(w.ctx, "home", fmt.Sprintf("%d@example.org", n))
		w.ok(err)
		if len(found) != 1 {
			w.fail("message %d is held %d times", n, len(found))
		}
		m := found[0]
		box, uid := w.said(m.Key)
		if m.Mailbox != c.box || m.Flags != c.flags || box != c.box || uid != c.uid {
			w.fail("message %d is shown in %d with %v, said in %d/%d; the server has %+v", n, m.Mailbox, m.Flags, box, uid, *c)
		}
		if c.box != w.place[n] || c.flags != w.flags[n] {
			w.fail("message %d ended in %d with %v; the last word was %d with %v", n, c.box, c.flags, w.place[n], w.flags[n])
		}
	}
}

// TestNoWishIsLost plays random programs of a person, another program, a server whose answers come late or never, and
// crashes between the server's act and our commit (DESIGN 4: when a wish may be dropped). SIMULATIONS=20000 plays more.
func TestNoWishIsLost(t *testing.T) {
	runs := 100
	if n, err := strconv.Atoi(os.Getenv("SIMULATIONS")); err == nil {
		runs = n
	}
	for seed := range runs {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, uint64(seed))
			for range 30 {
				w.now = w.now.Add(time.Second)
				switch w.r.IntN(8) {
				case 0, 1, 2:
					w.person()
				case 3:
					w.remote()
				case 4, 5, 6:
					w.execute()
				case 7:
					box := w.boxes[w.r.IntN(3)]
					w.say("synchronised: %d", box)
					w.sync(box)
					w.confirm()
				}
			}
			w.say("everything comes to rest")
			w.settle()
			w.compare()
		})
	}
}
