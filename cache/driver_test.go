package cache

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"

	"posthorn/mail"
)

// memory is the one connection to a database in memory, shared by all who open it: it takes a tenth of the time of files,
// and outlives a store that is abandoned.
type memory struct{ *sqlite3.SQLiteConn }

func (m memory) Connect(context.Context) (driver.Conn, error) { return m, nil }
func (m memory) Driver() driver.Driver                        { return &sqlite3.SQLiteDriver{} }
func (m memory) Close() error                                 { return nil }

func newSimulation(t *testing.T) *simulation {
	s := &simulation{fixture: &fixture{t: t, ctx: t.Context(), now: noon}}
	c, err := (&sqlite3.SQLiteDriver{}).Open(":memory:?_foreign_keys=on&_stmt_cache_size=200")
	s.ok(err)
	s.memory = memory{c.(*sqlite3.SQLiteConn)}
	t.Cleanup(func() { s.memory.SQLiteConn.Close() })
	s.open()
	// glibc stops giving small change back to the kernel once a large block was freed: half of the time
	s.do(s.conn.ExecContext(s.ctx, "SELECT length(hex(zeroblob(8000000)))"))
	s.setUp()
	return s
}

// open is Open for a database in memory.
func (s *simulation) open() {
	s.Store = &Store{Reader: &Reader{db: sql.OpenDB(s.memory)}, db: sql.OpenDB(s.memory), now: func() time.Time { return s.now }}
	var err error
	s.conn, err = s.Store.db.Conn(s.ctx)
	s.ok(err)
	s.ok(migrate(s.ctx, s.conn, migrations))
}

// crash abandons the store as a killed process does, and opens another.
func (s *simulation) crash() {
	s.say("the program dies")
	dead := s.Store
	s.open()
	s.ok(dead.shut())
}

// execute sends the wishes that are due, some of them only, as the engine does: the server acts, or refuses, or never
// hears of it; then perhaps the person speaks; then perhaps the connection or the program dies, else the answer is
// recorded.
func (s *simulation) execute() {
	ops := s.group()
	if len(ops) == 0 {
		return
	}
	if ops[0].Step == StepLook {
		s.look(ops, true)
		return
	}
	if s.isStale(ops[0].Mailbox) { // the UIDs of wishes would be those of other messages
		s.sync(ops[0].Mailbox, true)
		return
	}
	// the original of a copy may always go: a server that keeps it leaves two, whatever anybody does
	if c := s.at(ops[0].Mailbox, ops[0].UID); len(ops) == 1 && s.r.IntN(12) == 0 && c != nil && len(s.of(c.n)) == 1 {
		s.refuse(ops[0])
		return
	}
	copies := s.byCopy(ops[0])
	if ops = s.stillThere(ops); len(ops) == 0 {
		return
	}
	if copies {
		ops = s.try(ops)
	}
	switch n := s.r.IntN(20); {
	case n < 2:
		s.say("the command is lost")
		return
	case n < 4 && !copies: // not all of it is done; a COPY is done whole or not at all
		ops = ops[:s.r.IntN(len(ops)+1)]
		defer s.say("only %d of it were done", len(ops))
	}
	done := s.serve(ops)
	for range s.r.IntN(3) {
		s.person() // while the answer is under way
	}
	switch n := s.r.IntN(100); {
	case n == 0:
		s.crash()
	case n < 40:
		s.say("the answer is lost")
	default:
		s.record(done, copies)
	}
}

// group are wishes that one command can fulfil.
func (s *simulation) group() []Operation {
	var any bool // to ask what is due takes ten times as long
	s.ok(s.Reader.db.QueryRowContext(s.ctx, "SELECT EXISTS (SELECT 1 FROM operation)").Scan(&any))
	if !any {
		return nil
	}
	ops := s.due()
	n := 0
	for n < len(ops) && ops[n].Step == ops[0].Step && ops[n].Copying == ops[0].Copying &&
		(ops[0].Step == StepLook || ops[n].Mailbox == ops[0].Mailbox && ops[n].Change == ops[0].Change) {
		n++
	}
	return ops[:n]
}

// stillThere parts with messages that are not where wishes for them would be sent: they are not done by saying so.
func (s *simulation) stillThere(ops []Operation) (left []Operation) {
	var gone []mail.UID
	for _, op := range ops {
		if op.Kind != mail.KindExpunge && s.at(op.Mailbox, op.UID) == nil {
			gone = append(gone, op.UID)
		} else {
			left = append(left, op)
		}
	}
	if len(gone) > 0 {
		s.say("not there any more: %v", gone)
		s.do(s.Vanished(s.ctx, ops[0].Mailbox, mail.NewUIDSet(gone...), nil, Marks{}))
	}
	return left
}

// byCopy tells whether a wish is carried out by COPY.
func (s *simulation) byCopy(op Operation) bool { return op.Kind == mail.KindMove && !s.canMove }

// try is what comes before a COPY.
func (s *simulation) try(ops []Operation) []Operation {
	to := ops[0].Change.(mail.Move).To
	ops, err := s.Trying(s.ctx, ops, to, s.uidnext[to]+1)
	s.ok(err)
	return ops
}

// serve lets the server carry out wishes.
func (s *simulation) serve(ops []Operation) (done []Done) {
	for _, op := range ops {
		uid := s.act(op)
		if m, ok := op.Change.(mail.Move); ok && s.isStale(m.To) { // it is told with a UIDVALIDITY that is not known here
			uid = 0
		}
		done = append(done, Done{Operation: op, NewUID: uid})
		s.say("server: did %T %+v for %d/%d", op.Change, op.Change, op.Mailbox, op.UID)
	}
	return done
}

// look finds out what became of copies whose answers were lost.
func (s *simulation) look(ops []Operation, faults bool) {
	s.say("looks for %d copies in %d", len(ops), ops[0].Copying)
	if !s.sync(ops[0].Copying, faults) {
		return
	}
	found, missing, err := s.Found(s.ctx, ops[0].Copying, ops)
	s.ok(err)
	s.record(found, true)
	s.ok(s.NotCopied(s.ctx, missing))
}

// record is the engine's commit after the answer.
func (s *simulation) record(done []Done, copied bool) {
	s.say("recorded: %d answers", len(done))
	if copied {
		s.do(s.Copied(s.ctx, done))
	} else {
		s.do(s.Done(s.ctx, done))
	}
}

// refuse is a server that says no: for now, or for good, then its own word counts again.
func (s *simulation) refuse(op Operation) {
	if s.r.IntN(2) == 0 {
		s.say("server: not now: %T of %d/%d", op.Change, op.Mailbox, op.UID)
		s.ok(s.Later(s.ctx, []Operation{op}, s.now.Add(3*time.Second), "not now"))
		return
	}
	c := s.at(op.Mailbox, op.UID)
	s.say("server: never: %T of %d", op.Change, c.n)
	s.do(s.Refuse(s.ctx, []Operation{op}, "never"))
	switch state := s.must[c.n]; change := op.Change.(type) {
	case mail.FlagChange:
		s.must[c.n] = change.Invert(c.state).Apply(state)
	case mail.Move:
		if state.Mailbox != 0 { // else it is to go, wherever it is
			state.Mailbox = c.state.Mailbox
			s.must[c.n] = state
		}
	default:
		state.Mailbox = c.state.Mailbox
		s.must[c.n] = state
	}
}

// differs tells whether the engine would synchronise a mailbox: STATUS says something new, or we know better.
func (s *simulation) differs(have SyncState) bool {
	return have.Dirty || have.Backfill == 0 || have.UIDValidity != s.validity(have.Key) || have.UIDNext != s.uidnext[have.Key]+1 || have.HighestModSeq != s.modseq[have.Key]+1 || have.Held != len(s.in(have.Key))
}

// isStale tells whether a mailbox was renumbered, and that is not known here.
func (s *simulation) isStale(box mail.MailboxKey) bool {
	have, err := s.SyncState(s.ctx, box)
	s.ok(err)
	return have.Backfill == 0 || have.UIDValidity != s.validity(box)
}

// readAnew is what the engine does with a mailbox whose UIDs changed their meaning. It may be cut short: then it is false.
func (s *simulation) readAnew(box mail.MailboxKey, cut func() bool) bool {
	s.say("read anew: %d", box)
	s.ok(s.Reset(s.ctx, box, s.validity(box)))
	var all []mail.Header
	for _, c := range s.in(box) {
		all = append(all, s.headerOf(c))
	}
	n := s.r.IntN(len(all) + 1)
	for _, some := range [][]mail.Header{all[:n], all[n:]} {
		s.do(s.Add(s.ctx, box, some, Marks{}))
		if cut() {
			return false
		}
	}
	next, modseq, whole := s.uidnext[box]+1, s.modseq[box]+1, mail.UID(1)
	s.do(s.Add(s.ctx, box, nil, Marks{UIDNext: &next, HighestModSeq: &modseq, Backfill: &whole}))
	return true
}

// syncOne synchronises a mailbox that wants it, perhaps not to the end.
func (s *simulation) syncOne() {
	box := s.anyBox()
	have, err := s.SyncState(s.ctx, box)
	s.ok(err)
	if s.differs(have) {
		s.say("synchronised: %d", box)
		s.sync(box, true)
	}
}

// sync does what the engine's synchronisation of a mailbox does, step by step. The connection may be cut: then it is false.
func (s *simulation) sync(box mail.MailboxKey, faults bool) bool {
	cut := func() bool { return faults && s.r.IntN(16) == 0 }
	if s.isStale(box) && !s.readAnew(box, cut) {
		return false
	}
	have, err := s.SyncState(s.ctx, box)
	s.ok(err)
	list := s.in(box)
	next, modseq := s.uidnext[box]+1, s.modseq[box]+1
	if next > have.UIDNext {
		var news []mail.Header
		for _, c := range list {
			if c.uid >= have.UIDNext {
				news = append(news, s.headerOf(c))
			}
		}
		s.do(s.Add(s.ctx, box, news, Marks{}))
		if cut() {
			return false
		}
		s.do(s.Add(s.ctx, box, nil, Marks{UIDNext: &next}))
	}
	if modseq != have.HighestModSeq {
		var updates []mail.FlagUpdate
		for _, c := range list {
			if c.modseq > have.HighestModSeq {
				updates = append(updates, mail.FlagUpdate{UID: c.uid, Flags: c.state.Flags, Keywords: c.state.Keywords})
			}
		}
		s.do(s.SetFlags(s.ctx, box, updates, Marks{HighestModSeq: &modseq}))
	}
	if cut() {
		return false
	}
	if have, err = s.SyncState(s.ctx, box); err == nil && have.Held != len(list) {
		var uids []mail.UID
		for _, c := range list {
			uids = append(uids, c.uid)
		}
		s.do(s.Vanished(s.ctx, box, everything(), mail.NewUIDSet(uids...), Marks{}))
	}
	s.ok(err)
	if cut() {
		return false
	}
	s.do(s.Settled(s.ctx, box))
	return true
}

// settle lets everything come to rest, in a random order of mailboxes.
func (s *simulation) settle() {
	for range 30 {
		s.now = s.now.Add(5 * time.Second) // grace and pauses pass
		quiet := true
		for ops := s.group(); len(ops) > 0; ops = s.group() {
			quiet = false
			switch copies := s.byCopy(ops[0]); {
			case ops[0].Step == StepLook:
				s.look(ops, false)
				continue
			case s.isStale(ops[0].Mailbox):
				s.sync(ops[0].Mailbox, false)
				continue
			default:
				if ops = s.stillThere(ops); len(ops) > 0 && copies {
					ops = s.try(ops)
				}
				s.record(s.serve(ops), copies)
			}
		}
		s.r.Shuffle(len(s.boxes), func(i, j int) { s.boxes[i], s.boxes[j] = s.boxes[j], s.boxes[i] })
		for _, box := range s.boxes {
			have, err := s.SyncState(s.ctx, box)
			s.ok(err)
			if s.differs(have) {
				quiet = false
				s.sync(box, false)
			}
		}
		if quiet {
			found, err := s.FindStrayed(s.ctx, "home") // what the other program took away
			s.ok(err)
			if found.Followed > 0 {
				continue
			}
			wishes, _, err := s.Waiting(s.ctx)
			s.ok(err)
			if wishes > 0 {
				s.fail("%d wishes never come to rest: %+v", wishes, s.rows())
			}
			return
		}
	}
	s.fail("it never comes to rest: %s", fmt.Sprint(s.rows()))
}
