package uitest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
)

// Driver runs a model without a terminal: it presses keys, carries out the commands that follow and hands their
// results back, until nothing is left to happen. It never sleeps: what the engine does is waited for by Settle, what a
// server does by itself by Until, and timers wait for Advance.
//
// The model must take its events from Driver.Wait, its timers from Driver.Timer and the time from Driver.Now.
type Driver struct {
	T      testing.TB
	Settle func(context.Context) error // waits until the engine rests; nil: there is nothing to wait for
	Events Box                         // where the engine posts; nil: nowhere
	Watch  func(tea.View)              // is given all that the model shows, in order; nil: nobody

	Quit  bool     // the model ended the program
	Asked []string // of Bubble Tea and the terminal, in order: the name of the message, and its text where it has one

	model  tea.Model
	w, h   int
	ctx    context.Context
	timers []timer

	mu      sync.Mutex
	changed *sync.Cond
	now     time.Time
	running int  // commands that have not brought their message yet, other than the one in Wait
	waiting bool // the model's listener stands in Wait
	late    bool // patience is over
	posted  []mail.Event
	inbox   []tea.Msg
}

// Box is where an engine posts events.
type Box interface {
	Take() []mail.Event
	Wait(ctx context.Context) []mail.Event
}

// timer is a message to come at a time.
type timer struct {
	at  time.Time
	msg tea.Msg
}

// patience bounds every wait; none needs a fraction of it.
const patience = 60 * time.Second

// NewDriver is a driver without a model, so that the model can be made of its Wait, Timer and Now.
func NewDriver(t testing.TB) *Driver {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	d := &Driver{T: t, ctx: ctx, now: time.Now()}
	d.changed = sync.NewCond(&d.mu)
	return d
}

// At sets the clock, where what is seen has times in it.
func (d *Driver) At(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = now
}

// Start gives the driver its model and shows it in w columns and h lines.
func (d *Driver) Start(m tea.Model, w, h int) {
	d.T.Helper()
	d.model, d.w, d.h = m, w, h
	d.start(m.Init())
	d.Send(tea.WindowSizeMsg{Width: w, Height: h})
}

// Wait is where the model hears events; only the driver's Post and the engine's box feed it.
func (d *Driver) Wait(ctx context.Context) []mail.Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting = true
	d.running--
	d.changed.Broadcast()
	stop := context.AfterFunc(d.ctx, func() { d.mu.Lock(); defer d.mu.Unlock(); d.changed.Broadcast() })
	defer stop()
	for len(d.posted) == 0 && d.ctx.Err() == nil {
		d.changed.Wait()
	}
	d.waiting = false
	d.running++
	out := d.posted
	d.posted = nil
	return out
}

// Now is the time: it stands still but for Advance.
func (d *Driver) Now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

// Timer keeps msg until Advance has come so far.
func (d *Driver) Timer(after time.Duration, msg tea.Msg) tea.Cmd {
	return func() tea.Msg {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.timers = append(d.timers, timer{d.now.Add(after), msg})
		return nil
	}
}

// Advance lets time pass: timers end when they are due, in their order, and the model settles after each.
func (d *Driver) Advance(by time.Duration) {
	d.T.Helper()
	end := d.Now().Add(by)
	for {
		d.mu.Lock()
		next := -1
		for i, t := range d.timers {
			if !t.at.After(end) && (next < 0 || t.at.Before(d.timers[next].at)) {
				next = i
			}
		}
		if next < 0 {
			d.now = end
			d.mu.Unlock()
			return
		}
		t := d.timers[next]
		d.timers = slices.Delete(d.timers, next, next+1)
		if t.at.After(d.now) {
			d.now = t.at
		}
		d.mu.Unlock()
		d.Send(t.msg)
	}
}

// Post lets the model hear events, and settles.
func (d *Driver) Post(events ...mail.Event) {
	d.T.Helper()
	d.post(events)
	d.settle()
}

func (d *Driver) post(events []mail.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.posted = append(d.posted, events...)
	d.changed.Broadcast()
}

// Until waits for what a server does by itself: the model hears events until cond holds.
func (d *Driver) Until(what string, cond func() bool) {
	d.T.Helper()
	ctx, cancel := context.WithTimeout(d.ctx, patience)
	defer cancel()
	for !cond() {
		events := d.Events.Wait(ctx)
		if events == nil {
			d.T.Fatalf("waiting until %s:\n%s", what, d.Screen())
		}
		d.Post(events...)
	}
}

// UntilSeen waits until a text is on screen.
func (d *Driver) UntilSeen(text string) {
	d.T.Helper()
	d.Until(fmt.Sprintf("%q is on screen", text), func() bool { return strings.Contains(d.Screen(), text) })
}

// start runs a command, and those it is made of, beside the model.
func (d *Driver) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	d.mu.Lock()
	d.running++
	d.mu.Unlock()
	go func() {
		msg := cmd()
		var after []tea.Cmd
		if batch, ok := msg.(tea.BatchMsg); ok {
			after, msg = batch, nil
		} else if cmds, ok := sequence(msg); ok {
			msg = nil
			after = []tea.Cmd{d.inOrder(cmds)}
		}
		for _, c := range after {
			d.start(c)
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if msg != nil {
			d.inbox = append(d.inbox, msg)
		}
		d.running--
		d.changed.Broadcast()
	}()
}

// sequence takes apart what tea.Sequence makes, whose type is not exported.
func sequence(msg tea.Msg) (cmds []tea.Cmd, ok bool) {
	v := reflect.ValueOf(msg)
	if msg == nil || v.Kind() != reflect.Slice || v.Type().Elem() != reflect.TypeFor[tea.Cmd]() {
		return nil, false
	}
	for i := range v.Len() {
		cmds = append(cmds, v.Index(i).Interface().(tea.Cmd))
	}
	return cmds, true
}

// inOrder runs commands one after the other, all but the last for their messages too.
func (d *Driver) inOrder(cmds []tea.Cmd) tea.Cmd {
	return func() tea.Msg {
		for _, c := range cmds {
			if c == nil {
				continue
			}
			if msg := c(); msg != nil {
				d.mu.Lock()
				d.inbox = append(d.inbox, msg)
				d.mu.Unlock()
			}
		}
		return nil
	}
}

// Send hands msg to the model and settles.
func (d *Driver) Send(msg tea.Msg) {
	d.T.Helper()
	d.update(msg)
	d.settle()
}

func (d *Driver) update(msg tea.Msg) {
	if _, ok := msg.(tea.QuitMsg); ok {
		d.Quit = true
		return
	}
	if t := reflect.TypeOf(msg); t != nil && t.PkgPath() == reflect.TypeFor[tea.Program]().PkgPath() && (unicode.IsLower(rune(t.Name()[0])) || t == reflect.TypeFor[tea.SuspendMsg]()) {
		asked := t.Name()
		if t.Kind() == reflect.String {
			asked += " " + reflect.ValueOf(msg).String()
		}
		d.Asked = append(d.Asked, asked)
	}
	model, cmd := d.model.Update(msg)
	d.model = model
	v := d.model.View() // as the program does after every message
	if d.Watch != nil {
		d.Watch(v)
	}
	d.start(cmd)
}

// rounds bounds how often the model may answer itself.
const rounds = 10_000

// settle goes on until no command runs, no message waits, and the engine rests.
func (d *Driver) settle() {
	d.T.Helper()
	ctx, cancel := context.WithTimeout(d.ctx, patience)
	defer cancel()
	d.mu.Lock()
	d.late = false
	d.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { d.mu.Lock(); defer d.mu.Unlock(); d.late = true; d.changed.Broadcast() })
	defer stop()
	for range rounds {
		if d.handleAll() {
			continue
		}
		if d.Settle != nil {
			if err := d.Settle(ctx); err != nil {
				d.T.Fatalf("the engine does not come to rest: %v\n%s", err, d.Screen())
			}
		}
		var events []mail.Event
		if d.Events != nil {
			events = d.Events.Take()
		}
		if len(events) == 0 {
			return
		}
		d.post(events)
	}
	d.T.Fatalf("the model never comes to rest:\n%s", d.Screen())
}

// handleAll waits for what runs to bring something, hands it to the model, and tells whether there was anything.
func (d *Driver) handleAll() bool {
	d.T.Helper()
	d.mu.Lock()
	for !d.late && len(d.inbox) == 0 && (d.running > 0 || d.waiting && len(d.posted) > 0) {
		d.changed.Wait()
	}
	inbox, late := d.inbox, d.late
	d.inbox = nil
	d.mu.Unlock()
	if late {
		d.T.Fatalf("a command does not end:\n%s", d.Screen())
	}
	for _, msg := range inbox {
		d.update(msg)
	}
	return len(inbox) > 0
}

// Resize gives the terminal another size.
func (d *Driver) Resize(w, h int) {
	d.T.Helper()
	d.w, d.h = w, h
	d.Send(tea.WindowSizeMsg{Width: w, Height: h})
}
