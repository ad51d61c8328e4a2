package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"posthorn/cache"
	"posthorn/mail/mailtest"
)

// random is an engine with which a random program plays: a person, another client and accidents. The person and the
// other client act while the engine rests: in sync with the servers, without a network, or in the middle of a command whose
// answer does not come. So what must be true in the end is known (model_test.go), however the goroutines run.
type random struct {
	*rig
	model
	lacks   []imap.Cap
	network bool // it is there
	lives   int  // how often the program was started

	mu       sync.Mutex
	accident accident
	killed   string        // the folder as the process left it that was killed; empty: it lives
	held     chan struct{} // has one for an answer that is held back
	release  chan bool     // takes whether that answer arrives
}

// accident is what happens while the engine works, once.
type accident struct {
	kind accidentKind
	at   int // the at-th command, changing command or commit from now on
}

type accidentKind int

const (
	nothing   accidentKind = iota
	cutBefore              // the connection ends before a command
	cutAfter               // when the server has done it, and before its answer
	hold                   // the answer to a changing command does not come until something else has happened
	refusal                // the server says not now to a changing command
	kill                   // the process ends right after a commit
)

func (k accidentKind) String() string {
	return [...]string{"nothing", "cut before", "cut after", "held back at", "refused for now at", "killed at"}[k]
}

// randomRig is what a random program plays on: rig and clients, new and without mail.
type randomRig func(t *testing.T, lacks []imap.Cap) *random

func onThisProcess(t *testing.T, lacks []imap.Cap) *random {
	r, work := pair(t, lacks...)
	return &random{rig: r, model: model{clients: map[string]another{"home": r.user, "work": work}}, lacks: lacks}
}

// begin starts on new servers.
func (p *random) begin() {
	p.held, p.release = make(chan struct{}, 1), make(chan bool)
	p.grace, p.network = 30*time.Minute, true
	p.odd = &mailtest.Odd{Command: p.refuse, Response: p.answer}
	p.committed = p.commit
	p.rig.start()
	for _, name := range []string{"INBOX", "Archive", "Trash"} {
		p.boxes = append(p.boxes, p.mailboxOf("home", name))
	}
	p.boxes = append(p.boxes, p.mailboxOf("work", "INBOX"), p.mailboxOf("work", "Archive"))
	for range 5 {
		p.deliver()
	}
}

// arm lets an accident happen.
func (p *random) arm(a accident) {
	if a.kind != nothing {
		p.say("to be %v %d", a.kind, a.at)
	}
	p.mu.Lock()
	p.accident = a
	p.mu.Unlock()
	switch a.kind {
	case cutBefore, cutAfter:
		p.fault.CutAt(a.at, a.kind == cutAfter)
	default:
		p.fault.CutAt(0, false)
	}
}

// comes tells whether an accident of a kind happens now.
func (p *random) comes(kind accidentKind) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.accident.kind != kind {
		return false
	}
	if p.accident.at--; p.accident.at > 0 {
		return false
	}
	p.accident = accident{}
	return true
}

// refuse is what a server says that cannot do anything just now.
func (p *random) refuse(name, _ string) string {
	if len(mailtest.Changing([]string{name})) > 0 && p.comes(refusal) {
		return "$ NO [INUSE] Not now\r\n"
	}
	return ""
}

// answer holds an answer back, and takes what a server is to lack out of what it says it can.
func (p *random) answer(name, said string) string {
	if said[0] != '*' && said[0] != '+' && len(mailtest.Changing([]string{name})) > 0 && p.comes(hold) {
		p.held <- struct{}{}
		if !<-p.release {
			return mailtest.HangUp
		}
	}
	return without(said, p.lacks)
}

// commit is called after each of them; the writer's lock is held. A process that is killed then leaves the database as it
// is, and nobody says a word for it any more.
func (p *random) commit() {
	if !p.comes(kill) {
		return
	}
	p.fault.Down(true)
	left := filepath.Join(filepath.Dir(p.dir), fmt.Sprintf("life%d", p.lives))
	err := os.Mkdir(left, 0o700)
	for _, name := range []string{"mail.db", "mail.db-wal"} {
		raw, readErr := os.ReadFile(filepath.Join(p.dir, name))
		if err == nil && readErr == nil {
			err = os.WriteFile(filepath.Join(left, name), raw, 0o600)
		}
	}
	if err != nil {
		panic(err)
	}
	p.mu.Lock()
	p.killed = left
	p.mu.Unlock()
}

// wait waits until the engine rests or an answer is held back, and gives a killed process its successor.
func (p *random) wait() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	rests := make(chan error, 1)
	e := p.e
	go func() { rests <- e.Settle(ctx) }()
	select {
	case <-p.held:
		cancel()
		<-rests
		p.meanwhile()
	case err := <-rests:
		if err != nil {
			p.fail("the engine did not settle: %v %+v", err, p.e.Log())
		}
	}
	p.rise()
}

// meanwhile is what happens while the server has done something and nobody has heard of it.
func (p *random) meanwhile() {
	p.say("the answer is held back")
	for range p.r.IntN(3) {
		p.person()
	}
	if p.r.IntN(3) == 0 {
		p.renumber()
	}
	switch p.r.IntN(4) {
	case 0:
		p.say("the answer comes")
		p.release <- true
	case 1:
		p.say("the answer is lost, and the process killed")
		p.arm(accident{kill, 1})
		if err := p.e.Choose(p.t.Context(), "life", strconv.Itoa(p.lives)); err != nil {
			p.fail("%v", err)
		}
		p.release <- false
	default:
		p.say("the answer is lost")
		p.release <- false
	}
	p.wait()
}

// rise starts the program again after it was killed.
func (p *random) rise() {
	p.mu.Lock()
	left := p.killed
	p.killed = ""
	p.mu.Unlock()
	if left == "" {
		return
	}
	p.say("killed; the next one starts")
	p.hear()
	p.close()
	p.dir = left
	p.restart()
}

// restart opens the database and goes on.
func (p *random) restart() {
	p.arm(accident{})
	p.lives++
	p.fault.Down(!p.network)
	p.open()
	p.e.Start(context.WithoutCancel(p.t.Context()))
	p.wait()
}

// connect gives the network back, or takes it.
func (p *random) connect(up bool) {
	p.network = up
	p.fault.Down(!up)
	if up {
		p.e.Refresh("")
	}
	p.wait()
	p.certain()
}

// round is some moments of a program.
func (p *random) round() {
	if p.r.IntN(3) > 0 {
		p.say("offline")
		p.connect(false)
		for range 1 + p.r.IntN(3) {
			p.act()
		}
		if p.r.IntN(8) == 0 {
			p.say("ended and started")
			p.hear()
			p.close()
			p.restart()
		}
		p.say("online")
		p.arm(p.anyAccident())
		p.connect(true)
		return
	}
	p.arm(p.anyAccident())
	p.act()
	if p.r.IntN(2) == 0 {
		p.e.Refresh("")
	}
	p.wait()
	p.certain()
}

func (p *random) anyAccident() accident {
	switch p.r.IntN(8) {
	case 0:
		return accident{cutBefore, 1 + p.r.IntN(30)}
	case 1, 2:
		return accident{cutAfter, 1 + p.r.IntN(30)}
	case 3, 4:
		return accident{hold, 1 + p.r.IntN(4)}
	case 5:
		return accident{refusal, 1 + p.r.IntN(3)}
	case 6:
		return accident{kill, 1 + p.r.IntN(12)}
	}
	return accident{}
}

// act is one thing that somebody does. The process may be killed when it has stored that.
func (p *random) act() {
	defer p.rise()
	switch n := p.r.IntN(16); {
	case n < 9:
		p.person()
	case n < 14:
		p.other()
	case n == 14:
		p.renumber()
	default:
		box := p.boxes[p.r.IntN(len(p.boxes))]
		p.say("person: opens %s of %s", box.Name, box.Account)
		p.e.Focus(box.Key)
	}
}

// calmDown lets everything come to rest. What was wanted of a message that somebody deleted while its mailbox was
// renumbered waits for the person, who gives it up.
func (p *random) calmDown() {
	p.say("everything comes to rest")
	p.arm(accident{})
	p.connect(true)
	for range 10 {
		p.clock.forward(time.Hour)
		p.e.Refresh("")
		p.until("connected", func() bool {
			if slices.ContainsFunc(p.e.States(), func(s State) bool { return s.Phase == Offline && !s.Retry.IsZero() }) {
				p.e.Refresh("")
			}
			return p.connected()
		})
		p.settle()
		waiting := p.wishes()
		for _, g := range waiting {
			if g.Doubt == cache.NotThere {
				if err := p.e.Drop(p.t.Context(), g); err != nil {
					p.fail("%v", err)
				}
			}
		}
		if len(waiting) == 0 {
			p.look()
			return
		}
	}
	p.fail("there are wishes that never come to rest: %+v", p.wishes())
}

// look opens each mailbox: without CONDSTORE what others did to flags is only seen then.
func (p *random) look() {
	for _, b := range p.boxes {
		p.e.Focus(b.Key)
		p.settle()
	}
}

// play is one program, from rest to rest.
func (p *random) play(seed int) {
	p.trace = append(p.trace[:0], fmt.Sprintf("program SIMULATION=%d without %v", seed, p.lacks))
	p.r = rand.New(rand.NewPCG(uint64(seed), 11))
	p.begins()
	for range 1 + p.r.IntN(3) + p.r.IntN(3)*p.r.IntN(3) {
		p.round()
	}
	p.calmDown()
	p.compare("at the end")
	p.hear()
	p.close()
	p.fault.CutAt(0, false)
	p.restart()
	p.calmDown()
	if changing := p.fault.Changing(); len(changing) > 0 {
		p.fail("a second run sends %v", changing)
	}
	p.compare("after a second run")
	if p.t.Failed() {
		p.fail("a program failed")
	}
}

// randomChain is how many programs follow each other on one pair of servers.
const randomChain = 8

// mayLack are what servers may be without.
var mayLack = []imap.Cap{imap.CapMove, imap.CapUIDPlus, imap.CapESearch, imap.CapListStatus, imap.CapIdle, imap.CapCondStore}

// playRandom plays programs in chains. SIMULATIONS=2000 plays so many, SIMULATION=7 the one with that seed after those
// before it in its chain.
func playRandom(t *testing.T, runs int, begin randomRig) {
	first, shards := 0, runtime.GOMAXPROCS(0)
	if n, err := strconv.Atoi(os.Getenv("SIMULATIONS")); err == nil {
		runs = n
	}
	if seed, err := strconv.Atoi(os.Getenv("SIMULATION")); err == nil {
		first, runs, shards = seed-seed%randomChain, seed%randomChain+1, 1
	}
	t.Logf("%d programs", runs)
	next := atomic.Int64{}
	next.Store(int64(first))
	for shard := range shards {
		t.Run(strconv.Itoa(shard), func(t *testing.T) {
			t.Parallel()
			for {
				seed := int(next.Add(randomChain)) - randomChain
				if seed >= first+runs || t.Failed() {
					return
				}
				t.Run(fmt.Sprint(seed), func(t *testing.T) { playChain(t, seed, min(seed+randomChain, first+runs), begin) })
			}
		})
	}
}

func playChain(t *testing.T, first, end int, begin randomRig) {
	r := rand.New(rand.NewPCG(uint64(first), 13))
	var lacks []imap.Cap
	for _, c := range mayLack {
		if r.IntN(3) == 0 {
			lacks = append(lacks, c)
		}
	}
	p := begin(t, lacks)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(strings.Join(p.trace, "\n"))
		}
	})
	p.r = r
	p.begin()
	for seed := first; seed < end; seed++ {
		p.play(seed)
	}
}

// TestRandomPrograms plays random programs of a person, another client, a network that fails, servers that answer late or
// not at all or renumber a mailbox, and a process that is killed, against a model of what must come true.
func TestRandomPrograms(t *testing.T) { playRandom(t, 40, onThisProcess) }
