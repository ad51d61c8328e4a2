package mailtest

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
)

// Fault stands between a client and its servers: it logs the commands that pass, over all connections, and cuts or
// stalls one of them at the command a test names. Its Dial is what mail/imap and mail/smtp take. It sees into
// connections without TLS only. The zero value lets everything pass.
type Fault struct {
	mu       sync.Mutex
	commands []string
	trigger  trigger
	down     bool
	live     map[*faultConn]bool
	most     int // of live at a time
	dialled  int
}

// trigger is what happens at a command, once.
type trigger struct {
	at    int  // number of the command, from 1; 0: nothing happens
	after bool // when the server has done it: at its answer, which does not arrive
	stall bool // the connection falls silent instead of ending
	every int  // it happens again after so many more commands, up to number last; 0: once
	last  int
}

var errDown = errors.New("the network is down")

// ErrCut is what a cut connection returns.
var ErrCut = errors.New("the connection was reset")

// Dial connects, unless the network is down.
func (f *Fault) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	f.mu.Lock()
	down := f.down
	f.mu.Unlock()
	if down {
		return nil, errDown
	}
	c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down {
		c.Close()
		return nil, errDown
	}
	if f.live == nil {
		f.live = map[*faultConn]bool{}
	}
	w := &faultConn{Conn: c, fault: f}
	f.live[w] = true
	f.most = max(f.most, len(f.live))
	f.dialled++
	return w, nil
}

// Down takes the network away, with all connections, or gives it back.
func (f *Fault) Down(down bool) {
	f.mu.Lock()
	f.down = down
	f.mu.Unlock()
	if down {
		f.Drop()
	}
}

// Most is how many connections there were at a time.
func (f *Fault) Most() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.most
}

// Dialled is how many connections were made so far.
func (f *Fault) Dialled() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dialled
}

// Drop cuts the connections there are.
func (f *Fault) Drop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.live {
		c.cut()
	}
}

// Stall leaves the connections there are, and nothing passes on them any more: what a machine finds that slept.
func (f *Fault) Stall() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.live {
		c.stalled = true
	}
}

// CutAt cuts the connection at the n-th command from now on, before it reaches the server, or after the server has
// done it and before its answer arrives; once.
func (f *Fault) CutAt(n int, after bool) { f.arm(trigger{at: n, after: after}) }

// CutEvery is like CutAt, again and again each step commands, up to the last.
func (f *Fault) CutEvery(n, step, last int, after bool) {
	f.arm(trigger{at: n, after: after, every: step, last: last})
}

// StallAt is like CutAt, but the connection stays and nothing passes any more.
func (f *Fault) StallAt(n int, after bool) { f.arm(trigger{at: n, after: after, stall: true}) }

func (f *Fault) arm(t trigger) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.commands, f.trigger = nil, t
}

// Commands are the names of the commands since the start or the last CutAt, CutEvery or StallAt, in upper case: "UID STORE" of
// IMAP, "MAIL" of SMTP, whose mail itself is ".".
func (f *Fault) Commands() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.commands)
}

// Changing are those of Commands that change something on the server.
func (f *Fault) Changing() []string { return Changing(f.Commands()) }

// pass logs a command and gives what is to happen at it. The lock is held.
func (f *Fault) pass(name string) (trigger, bool) {
	f.commands = append(f.commands, name)
	t := f.trigger
	if t.at == 0 || t.at != len(f.commands) {
		return trigger{}, false
	}
	if f.trigger.at += t.every; t.every == 0 || f.trigger.at > t.last {
		f.trigger = trigger{}
	}
	return t, true
}
