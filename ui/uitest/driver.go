package uitest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"posthorn/mail"
	"posthorn/ui/width"
)

// Driver runs a model without a terminal: it presses keys, carries out the commands that follow and hands their
// results back, until nothing is left to happen. It never sleeps: what the engine does is waited for by Settle, and
// timers wait for Advance.
//
// The model must take its events from Driver.Wait and its timers from Driver.Timer.
type Driver struct {
	T      testing.TB
	Settle func(context.Context) error      // waits until the engine rests; nil: there is nothing to wait for
	Events interface{ Take() []mail.Event } // where the engine posts; nil: nowhere

	Quit bool // the model ended the program

	model  tea.Model
	w, h   int
	ctx    context.Context
	timers []timer

	mu      sync.Mutex
	changed *sync.Cond
	running int  // commands that have not brought their message yet, other than the one in Wait
	waiting bool // the model's listener stands in Wait
	posted  []mail.Event
	inbox   []tea.Msg
}

type timer struct {
	after time.Duration
	msg   tea.Msg
}

// NewDriver is a driver without a model, so that the model can be made of its Wait and Timer.
func NewDriver(t testing.TB) *Driver {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	d := &Driver{T: t, ctx: ctx}
	d.changed = sync.NewCond(&d.mu)
	return d
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

// Timer keeps msg until Advance.
func (d *Driver) Timer(after time.Duration, msg tea.Msg) tea.Cmd {
	return func() tea.Msg {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.timers = append(d.timers, timer{after, msg})
		return nil
	}
}

// Post lets the model hear events, and settles.
func (d *Driver) Post(events ...mail.Event) {
	d.T.Helper()
	d.mu.Lock()
	d.posted = append(d.posted, events...)
	d.changed.Broadcast()
	d.mu.Unlock()
	d.settle()
}

// Advance ends the timers that are due within by, in their order, and settles.
func (d *Driver) Advance(by time.Duration) {
	d.T.Helper()
	d.mu.Lock()
	var due []timer
	d.timers = slices.DeleteFunc(d.timers, func(t timer) bool {
		if t.after <= by {
			due = append(due, t)
		}
		return t.after <= by
	})
	d.mu.Unlock()
	slices.SortStableFunc(due, func(a, b timer) int { return int(a.after - b.after) })
	for _, t := range due {
		d.Send(t.msg)
	}
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
	model, cmd := d.model.Update(msg)
	d.model = model
	d.model.View() // as the program does after every message
	d.start(cmd)
}

// rounds bounds how often the model may answer itself.
const rounds = 10_000

// settle goes on until no command runs, no message waits, and the engine rests.
func (d *Driver) settle() {
	d.T.Helper()
	for range rounds {
		d.mu.Lock()
		for len(d.inbox) == 0 && (d.running > 0 || d.waiting && len(d.posted) > 0) {
			d.changed.Wait()
		}
		inbox := d.inbox
		d.inbox = nil
		d.mu.Unlock()
		for _, msg := range inbox {
			d.update(msg)
		}
		if len(inbox) > 0 {
			continue
		}
		if d.Settle != nil {
			if err := d.Settle(d.ctx); err != nil {
				d.T.Fatalf("the engine does not come to rest: %v", err)
			}
		}
		var events []mail.Event
		if d.Events != nil {
			events = d.Events.Take()
		}
		if len(events) == 0 {
			return
		}
		d.mu.Lock()
		d.posted = append(d.posted, events...)
		d.changed.Broadcast()
		d.mu.Unlock()
	}
	d.T.Fatal("the model never comes to rest")
}

// Press presses keys named as in bindings: Press("j", "enter", "g", "i").
func (d *Driver) Press(names ...string) {
	d.T.Helper()
	for _, n := range names {
		d.Send(Key(n))
	}
}

// Type types text, one key for each character.
func (d *Driver) Type(text string) {
	d.T.Helper()
	for _, r := range text {
		d.Send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

var keyCodes = map[string]rune{
	"enter": tea.KeyEnter, "tab": tea.KeyTab, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
	"right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
	"backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "f1": tea.KeyF1, "f5": tea.KeyF5,
}

// Key is the press of a key named as in bindings.
func Key(name string) tea.KeyPressMsg {
	var k tea.KeyPressMsg
	for _, m := range []struct {
		name string
		mod  tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if rest, ok := strings.CutPrefix(name, m.name); ok {
			name, k.Mod = rest, k.Mod|m.mod
		}
	}
	if name == "space" {
		k.Code, k.Text = tea.KeySpace, " "
	} else if code, ok := keyCodes[name]; ok {
		k.Code = code
	} else {
		k.Code = []rune(name)[0]
		if k.Mod == 0 {
			k.Text = name
		}
	}
	return k
}

// Resize gives the terminal another size.
func (d *Driver) Resize(w, h int) {
	d.T.Helper()
	d.w, d.h = w, h
	d.Send(tea.WindowSizeMsg{Width: w, Height: h})
}

// Lines is the screen without its colours.
func (d *Driver) Lines() []string {
	var out []string
	for _, l := range strings.Split(d.model.View().Content, "\n") {
		out = append(out, strings.TrimRight(ansi.Strip(l), " "))
	}
	return out
}

// Screen is the screen as one text.
func (d *Driver) Screen() string { return strings.Join(d.Lines(), "\n") }

// Sees tells whether all of texts are on screen, and fails the test where one is not.
func (d *Driver) Sees(texts ...string) {
	d.T.Helper()
	for _, text := range texts {
		if !strings.Contains(d.Screen(), text) {
			d.T.Errorf("%q is not on screen:\n%s", text, d.Screen())
		}
	}
}

// SeesNot fails the test where one of texts is on screen.
func (d *Driver) SeesNot(texts ...string) {
	d.T.Helper()
	for _, text := range texts {
		if strings.Contains(d.Screen(), text) {
			d.T.Errorf("%q is on screen:\n%s", text, d.Screen())
		}
	}
}

// Golden compares the screen with testdata/name-WxH.txt, and checks that every line has its width.
func (d *Driver) Golden(name string) {
	d.T.Helper()
	v := d.model.View()
	lines := strings.Split(v.Content, "\n")
	if len(lines) != d.h {
		d.T.Errorf("%s: %d lines, want %d", name, len(lines), d.h)
	}
	for i, l := range lines {
		if n := width.Of(l); n != d.w {
			d.T.Errorf("%s: line %d has %d columns, want %d: %q", name, i, n, d.w, ansi.Strip(l))
		}
	}
	got := d.Screen() + "\n"
	if c := v.Cursor; c != nil {
		got += fmt.Sprintf("cursor %d,%d\n", c.X, c.Y)
	}
	compare(d.T, fmt.Sprintf("%s-%dx%d", name, d.w, d.h), got)
}

// compare holds got against testdata/name.txt. GOLDEN=update in the environment writes the file anew.
func compare(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if os.Getenv("GOLDEN") == "update" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (GOLDEN=update writes it)", err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got\n%s\nwant\n%s", name, got, want)
	}
}
