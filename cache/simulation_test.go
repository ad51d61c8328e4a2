package cache

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"posthorn/mail"
)

// simulation is a program that plays with a world: the store, driven as the engine drives it, and a person whose last
// word about each message is remembered. That is the reference model: what must have come true in the end.
type simulation struct {
	*fixture
	*world
	memory  memory
	grace   time.Duration      // in which an expunge can be taken back
	must    map[int]mail.State // what each message must become; Mailbox 0: gone
	strayed map[int]bool       // moved by the other program, and perhaps not yet known here
	actions map[string][]led   // what undo leads back to, and redo forward to, by what was done
	trace   []string
}

// led is one message of an action, and the state that undoing it leads to.
type led struct {
	key    mail.MessageKey
	n      int
	kind   mail.ChangeKind
	change mail.FlagChange // of flags
	to     mail.MailboxKey // of a move
}

// ours is a row of the store.
type ours struct {
	key         mail.MessageKey
	n           int
	uid         mail.UID
	said, shown mail.State
	wishes      []want
}

func (o ours) wants(kind mail.ChangeKind) (want, bool) {
	i := slices.IndexFunc(o.wishes, func(w want) bool { return w.kind == kind })
	if i < 0 {
		return want{}, false
	}
	return o.wishes[i], true
}

func (s *simulation) say(format string, args ...any) {
	s.trace = append(s.trace, fmt.Sprintf(format, args...))
}

func (s *simulation) fail(format string, args ...any) {
	s.t.Helper()
	for _, line := range s.trace {
		s.t.Log(line)
	}
	s.t.Fatalf(format, args...)
}

// rows are all messages the store holds.
func (s *simulation) rows() []ours {
	list, err := collect(s.ctx, s.Reader.db, func(rows *sql.Rows) (o ours, err error) {
		var subject string
		var kind sql.NullString
		var w want
		err = rows.Scan(&o.key, &subject, &o.uid, &o.said.Mailbox, &o.said.Flags, &o.said.Keywords, &o.shown.Mailbox, &o.shown.Flags,
			&o.shown.Keywords, &kind, &w.mask, &w.want, &w.add, &w.del, &w.target, &w.tried)
		if kind.Valid {
			w.kind = mail.ChangeKind(kind.String)
			o.wishes = []want{w}
		}
		if err == nil {
			_, err = fmt.Sscanf(subject, "Message %d", &o.n)
		}
		return o, err
	}, `SELECT m.id, m.subject, m.uid, m.mailbox_id, m.flags, m.keywords, m.shown_mailbox_id, m.shown_flags, m.shown_keywords, o.kind,
		ifnull(o.mask, 0), ifnull(o.want, 0), ifnull(o.add_keywords, ''), ifnull(o.del_keywords, ''), ifnull(o.target_id, 0),
		ifnull(o.tried, '')
		FROM message m LEFT JOIN operation o ON o.message_id = m.id ORDER BY m.id, o.kind`)
	s.ok(err)
	out := list[:0]
	for _, o := range list {
		if n := len(out); n > 0 && out[n-1].key == o.key {
			out[n-1].wishes = append(out[n-1].wishes, o.wishes...)
		} else {
			out = append(out, o)
		}
	}
	return out
}

// onScreen are the messages a person can act on. One may be shown twice for a while after a lost answer, where it was
// wanted and where it was found: the person waits until that is sorted out. And nobody can want anything of what another
// program took away: it is gone from where it is shown. What is to be deleted for good may be shown once more, too.
func (s *simulation) onScreen() (list []ours) {
	rows := s.rows()
	for _, o := range rows {
		if o.shown.Mailbox == 0 || slices.ContainsFunc(rows, func(p ours) bool { return p.n == o.n && p.key != o.key && p.shown.Mailbox != 0 }) || s.isAway(o) || s.must[o.n].Mailbox == 0 {
			continue
		}
		list = append(list, o)
	}
	return list
}

func (s *simulation) isAway(o ours) bool {
	if c := s.at(o.said.Mailbox, o.uid); c != nil && c.n == o.n {
		delete(s.strayed, o.n)
	}
	return s.strayed[o.n]
}

// person changes one message on screen, or several in one stroke.
func (s *simulation) person() {
	if s.r.IntN(5) == 0 {
		s.step()
		return
	}
	list := s.onScreen()
	if len(list) == 0 {
		return
	}
	s.r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	list = list[:1+s.r.IntN(min(2, len(list)))]
	change := s.anyChange(list[0])
	w := Wish{What: fmt.Sprint(len(s.actions))}
	if change.Kind() == mail.KindExpunge && s.grace > 0 {
		w.NotBefore = s.now.Add(s.grace)
	}
	for _, o := range list {
		for _, earlier := range s.awaitedOf(o.n) { // it turned up, and that counts first
			o.shown = earlier.change().Apply(o.shown)
		}
		w.Changes = append(w.Changes, mail.Targeted{Message: o.key, Change: change})
		s.actions[w.What] = append(s.actions[w.What], back(o, change))
		s.must[o.n] = change.Apply(s.must[o.n])
		s.say("person: %s: %T %+v of %d", w.What, change, change, o.n)
	}
	s.do(s.Wish(s.ctx, w))
}

// anyChange is something to be wanted of a message.
func (s *simulation) anyChange(o ours) mail.Change {
	switch s.r.IntN(10) {
	case 0:
		return mail.Expunge{}
	case 1, 2, 3, 4:
		return mail.Move{To: s.anyBox()}
	case 5, 6:
		if o.shown.Keywords.Has("work") {
			return mail.FlagChange{Del: "work"}
		}
		return mail.FlagChange{Add: "work"}
	default:
		bit := mail.Seen << s.r.IntN(2)
		return mail.FlagChange{Mask: bit, Want: ^o.shown.Flags & bit}
	}
}

// back is what leads back from a change of a message.
func back(o ours, change mail.Change) led {
	l := led{key: o.key, n: o.n, kind: change.Kind()}
	switch c := change.Invert(o.shown).(type) {
	case mail.FlagChange:
		l.change = c
	case mail.Move:
		l.to = c.To
	}
	return l
}

// step undoes or redoes.
func (s *simulation) step() {
	again := s.r.IntN(3) == 0
	var what string
	if s.Reader.db.QueryRowContext(s.ctx, "SELECT what FROM undo WHERE undone = ? ORDER BY id DESC LIMIT 1", again).Scan(&what) != nil {
		return
	}
	before := s.rows()
	s.leadOn(what, before)
	there := func(l led) (ours, bool) {
		i := slices.IndexFunc(before, func(o ours) bool { return o.key == l.key })
		if i < 0 {
			return s.awaited(l)
		}
		return before[i], true
	}
	for _, l := range s.actions[what] {
		if o, ok := there(l); ok && o.said.Mailbox != 0 && s.isAway(o) {
			return
		}
	}
	var err error
	if again {
		_, err = s.Redo(s.ctx, s.now.Add(s.grace))
	} else {
		_, err = s.Undo(s.ctx)
	}
	s.say("person: undo or redo of %s: %v", what, err)
	if mail.KindOf(err) == mail.Gone {
		return
	}
	s.ok(err)
	after := s.rows()
	for i, l := range s.actions[what] {
		o, ok := there(l)
		if !ok {
			continue
		}
		state := s.must[l.n]
		switch {
		case l.kind == mail.KindFlags:
			s.must[l.n] = l.change.Apply(state)
			s.actions[what][i] = back(o, l.change)
		case l.kind == mail.KindMove:
			s.must[l.n] = mail.Move{To: l.to}.Apply(state)
			s.actions[what][i] = back(o, mail.Move{To: l.to})
		case again:
			s.must[l.n] = mail.Expunge{}.Apply(state)
		case len(s.of(l.n)) > 0 && !slices.ContainsFunc(after, func(p ours) bool { return p.key == l.key && p.shown.Mailbox == 0 }):
			state.Mailbox = o.said.Mailbox
			if w, ok := o.wants(mail.KindMove); ok {
				state.Mailbox = w.target
			}
			s.must[l.n] = state
		}
	}
}

// remote is the other program. It changes any message, and deletes none of which something is wanted here: what becomes of such
// wishes is told by the scenarios and by strayed_test.go of the engine.
func (s *simulation) remote() {
	if len(s.copies) < 3 || s.r.IntN(12) == 0 {
		c := s.deliver()
		s.must[c.n] = c.state
		s.say("remote: %v comes", c)
		return
	}
	all := s.of(s.copies[s.r.IntN(len(s.copies))].n)
	c := all[0]
	if len(all) > 1 {
		return // which of them stays is not known yet
	}
	wishes := s.awaitedOf(c.n)
	for _, o := range s.rows() {
		if o.n == c.n {
			wishes = append(wishes, o.wishes...)
		}
	}
	switch s.r.IntN(7) {
	case 0:
		if s.mayStray(c, wishes) {
			to := s.put(c.n, mail.State{Mailbox: s.anyBox(), Flags: c.state.Flags, Keywords: c.state.Keywords})
			s.remove(c)
			state := s.must[c.n]
			if !slices.ContainsFunc(wishes, func(w want) bool { return w.kind == mail.KindMove }) {
				state.Mailbox = to.state.Mailbox
			}
			s.must[c.n], s.strayed[c.n] = state, true
			s.say("remote: moved: %v", to)
		}
	case 1:
		if len(s.copies) > 2 && s.mayGo(wishes) {
			s.remove(c)
			s.must[c.n] = mail.State{}
			s.say("remote: %d is gone", c.n)
			s.strayed[c.n] = true
		}
	case 2:
		if box := s.anyBox(); s.mayRenumber(box) {
			s.newNumbers(box)
			s.say("remote: %d is renumbered: %v", box, s.in(box))
		}
	case 3:
		change := mail.FlagChange{Add: "work"}
		if c.state.Keywords.Has("work") {
			change = mail.FlagChange{Del: "work"}
		}
		s.changes(c, change, slices.ContainsFunc(wishes, func(w want) bool { return w.add+w.del != "" }))
	default:
		bit := mail.Seen << s.r.IntN(2)
		s.changes(c, mail.FlagChange{Mask: bit, Want: ^c.state.Flags & bit}, slices.ContainsFunc(wishes, func(w want) bool { return w.mask&bit != 0 }))
	}
}

// changes is the other program's word about flags; a person's that is not yet confirmed weighs more.
func (s *simulation) changes(c *theirs, change mail.FlagChange, wished bool) {
	c.state, c.modseq = change.Apply(c.state), s.touch(c.state.Mailbox)
	if !wished {
		s.must[c.n] = change.Apply(s.must[c.n])
	}
	s.say("remote: %v", c)
}

// compare demands that server, store and the last word agree.
func (s *simulation) compare() {
	rows := s.rows()
	for n, state := range s.must {
		copies := s.of(n)
		i := slices.IndexFunc(rows, func(o ours) bool { return o.n == n })
		if state.Mailbox == 0 {
			if len(copies) > 0 || i >= 0 {
				s.fail("message %d ought to be gone: on the server %v, here %v", n, copies, i >= 0)
			}
			continue
		}
		if len(copies) != 1 || copies[0].state != state {
			s.fail("message %d ought to be %+v, the server has %v", n, state, copies)
		}
		if i < 0 || rows[i].said != state || rows[i].shown != state || rows[i].uid != copies[0].uid {
			s.fail("message %d is %v on the server, here %v", n, copies[0], rows)
		}
	}
	if len(rows) != len(s.copies) {
		s.fail("%d rows are held, the server has %d messages", len(rows), len(s.copies))
	}
}

// simulations is how many programs are played: a sample, or as many as SIMULATIONS asks for, as .ci/run does.
func simulations() int {
	if n, err := strconv.Atoi(os.Getenv("SIMULATIONS")); err == nil {
		return n
	}
	return 500
}

// TestNoWishIsLost plays random programs of a person, another program, a server whose answers come late or never, and
// crashes between the server's act and our commit (DESIGN 4: when a wish may be dropped). SIMULATIONS=20000 plays so
// many, SIMULATION=7 the one with that seed.
func TestNoWishIsLost(t *testing.T) {
	first, runs, shards := 0, simulations(), runtime.GOMAXPROCS(0)
	if seed, err := strconv.Atoi(os.Getenv("SIMULATION")); err == nil {
		first, runs, shards = seed-seed%chain, seed%chain+1, 1
	}
	t.Logf("%d programs", runs)
	for shard := range shards {
		t.Run(strconv.Itoa(shard), func(t *testing.T) {
			t.Parallel()
			s := newSimulation(t)
			for seed := first; seed < first+runs; seed++ {
				if seed/chain%shards == shard {
					s.play(uint64(seed))
				}
			}
		})
	}
}

// chain is how many programs follow each other on one server, until all begins anew.
const chain = 16

// play is one program, from rest to rest.
func (s *simulation) play(seed uint64) {
	if seed%chain == 0 {
		s.begin(seed)
	}
	s.trace = append(s.trace[:0], fmt.Sprintf("program SIMULATION=%d, MOVE %v, COPYUID %v", seed, s.canMove, s.copyuid))
	s.r = rand.New(rand.NewPCG(seed, 7))
	s.grace = time.Duration(s.r.IntN(2)*4) * time.Second
	for _, c := range s.copies {
		s.say("at first: %v", c)
	}
	for range 2 + s.r.IntN(4) + s.r.IntN(4)*s.r.IntN(5) {
		s.now = s.now.Add(time.Second)
		switch s.r.IntN(8) {
		case 0, 1, 2:
			s.person()
		case 3:
			s.remote()
		case 4, 5, 6:
			s.execute()
		case 7:
			s.syncOne()
		}
	}
	s.say("everything comes to rest")
	s.settle()
	s.compare()
	if seed%chain == chain-1 {
		if err := s.Check(s.ctx); err != nil {
			s.fail("%v", err)
		}
	}
}

// begin empties the store and makes a new world.
func (s *simulation) begin(seed uint64) {
	s.ok(s.write(s.ctx, normal, "begin anew", func(t *transaction) error {
		keys, err := collect(t.ctx, t, column[mail.MessageKey], "SELECT id FROM message")
		if err != nil {
			return err
		}
		if err := t.forget(keys); err != nil {
			return err
		}
		_, err = t.exec("DELETE FROM undo; DELETE FROM message_ref; DELETE FROM joined; UPDATE mailbox SET uidvalidity = 1, uidnext = 1, calm_uidnext = 0, highestmodseq = 1, backfill_uid = 1, dirty = 0")
		return err
	}))
	s.world = newWorld(rand.New(rand.NewPCG(seed, 7)), []mail.MailboxKey{s.inbox, s.archive, s.trash})
	s.must, s.strayed, s.actions = map[int]mail.State{}, map[int]bool{}, map[string][]led{}
	for range 4 {
		c := s.deliver()
		s.must[c.n] = c.state
	}
	for _, box := range s.boxes {
		s.sync(box, false)
	}
}
