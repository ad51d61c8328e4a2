// Package ui is the face of posthorn: one Bubble Tea model, App, and its screens in the packages below. It reads the
// database and never writes it, waits for no network, and refuses to keep a second copy of what the database knows.
//
//	key ── keys ──▶ action ── dialog? pane? triage? App? ──▶ engine
//	engine ── Box ──▶ events ──▶ screens ask the database again ──▶ Result ──▶ the screen that asked
package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/composer"
	"posthorn/ui/export"
	"posthorn/ui/external"
	"posthorn/ui/index"
	"posthorn/ui/keys"
	"posthorn/ui/pager"
	"posthorn/ui/screen"
	"posthorn/ui/sidebar"
	"posthorn/ui/theme"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// Options are what the UI is made of.
type Options struct {
	Store  *cache.Reader
	Engine screen.Engine
	Events Waiter
	Start  func(ctx context.Context) // sets the engine going, after the first frame; nil: it runs already
	Config screen.Config
	Preset string                         // of keys; empty: posthorn's own
	Keys   map[string]map[string][]string // the user's own, checked before
	Demo   bool
	Link   string                                     // mailto link to begin with; empty: none
	Now    func() time.Time                           // nil: time.Now
	Timer  func(d time.Duration, msg tea.Msg) tea.Cmd // nil: the clock of the machine
}

// Waiter is where the UI hears what became stale: the engine's box.
type Waiter interface {
	Wait(ctx context.Context) []mail.Event
}

// pane is a part of the main screen.
type pane int

const (
	listPane pane = iota
	sidePane
	readPane
)

// App is the root model.
type App struct {
	env       *screen.Env
	opt       Options
	size      screen.Rect
	presses   keys.Resolver
	pointer   pointer
	divided   map[string]panes // by class of terminals
	side      *sidebar.Sidebar
	list      *index.Index
	reader    *pager.Pager // nil: no message is open
	opened    mail.Message // that of reader, as the list had it
	glance    glance
	stack     []screen.Screen
	focus     pane
	showing   shown   // which mailbox the list shows
	pending   pending // a sequence of keys that is begun
	past      []place // where one has been before, the last one last
	future    []place // where one came back from
	sideOff   bool    // the user hid the sidebar
	status    status
	look      look
	notices   notices
	count     countdown
	waiting   *answer // an answer that waits for its original's text
	asked     map[string]bool
	handed    handed
	sorts     map[string]cache.Sort // how mailboxes are sorted, by sortName
	exporting *export.Export        // nil: nothing is
	begun     chan any              // closed when readAhead is done, after what it panicked with; nil: it was not asked for
	ahead     []tea.Cmd             // what readAhead left to be read; nil: all of it
	suspends  bool                  // to the shell, as soon as what is being written is kept
	quit      bool
}

// New is a model on an engine that need not run yet.
func New(ctx context.Context, opt Options) *App {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	m, _ := keys.New(opt.Preset, opt.Keys)
	a := &App{opt: opt, divided: map[string]panes{}, asked: map[string]bool{}, handed: handed{taken: map[string]bool{}}, sorts: map[string]cache.Sort{}, look: look{name: picked(ctx, opt), ground: groundBefore(), colours: colours(), linear: opt.Config.Linear}}
	a.env = &screen.Env{
		Ctx: ctx, Store: opt.Store, Engine: opt.Engine, Root: a, Theme: a.look.theme(opt.Config.Themes), Keys: m,
		Config: opt.Config, Now: opt.Now, Timer: opt.Timer, Demo: opt.Demo,
	}
	a.notices = newNotices(opt.Config.Notify, opt.Now(), os.Getenv)
	a.side, a.list = sidebar.New(a.env), index.New(a.env)
	return a
}

// Run shows the UI until the user quits.
func Run(ctx context.Context, opt Options) error {
	external.Sweep() // what a killed program left of its editor
	return New(ctx, opt).play(ctx)
}

// play shows the UI on the terminal, or where options say.
func (a *App) play(ctx context.Context, options ...tea.ProgramOption) error {
	a.recover()
	options = append(options, tea.WithContext(ctx), tea.WithFPS(120))
	model := tea.Model(a)
	if a.opt.Config.Linear {
		model, options = a.linearly(os.Stdout, func() int { return columns(os.Stdout) }), append(options, tea.WithOutput(io.Discard))
	}
	a.readBeside(headstart)
	_, err := tea.NewProgram(model, options...).Run()
	<-a.begun
	a.keepUnsaved()
	if a.exporting != nil {
		a.exporting.Abort()
	}
	if line := a.farewell(); line != "" {
		fmt.Println(line)
	}
	return ended(ctx, err)
}

// ended says how a program that was shown until ctx came to its end.
func ended(ctx context.Context, err error) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil:
		return nil // asked to end from outside
	case errors.As(err, &path) && path.Path == "/dev/tty":
		return errors.New("there is no terminal to draw on: start it in one, or see posthorn send -help")
	}
	return err
}

// keepUnsaved stores what was being written when the program had to end.
func (a *App) keepUnsaved() {
	for _, s := range a.stack {
		if c, ok := s.(*composer.Composer); ok {
			if d, unsaved := c.Unsaved(); unsaved {
				if _, err := a.env.Engine.SaveDraft(context.WithoutCancel(a.env.Ctx), d); err != nil {
					fmt.Fprintf(os.Stderr, "posthorn: the draft could not be kept: %v\n", err)
				}
			}
		}
	}
}

// suspend gives the terminal back to the shell, once what is being written is kept: what is stored just now is waited
// for, and what was written since is stored then. What cannot be stored, or is not within suspendAnyway, holds nobody up.
func (a *App) suspend() tea.Cmd {
	again := a.suspends
	a.suspends = true
	for _, s := range a.stack {
		if c, ok := s.(*composer.Composer); ok {
			if cmd, waits := c.Keep(again); waits && again {
				return cmd
			} else if waits {
				return tea.Batch(cmd, a.env.After(suspendAnyway, keptTooLong{}))
			}
		}
	}
	return a.toShell()
}

// toShell suspends at once.
func (a *App) toShell() tea.Cmd {
	a.suspends = false
	return tea.Suspend
}

// suspendAnyway is how long the way to the shell waits for a disk that hangs.
const suspendAnyway = 2 * time.Second

// keptTooLong tells that it has.
type keptTooLong struct{}

// Init asks for the first rows, and sets the engine going beside it.
func (a *App) Init() tea.Cmd {
	if a.begun != nil {
		if with := <-a.begun; with != nil {
			panic(with)
		}
	}
	reads := tea.Batch(a.ahead...)
	if a.ahead == nil {
		reads = a.reads()
	}
	return tea.Batch(a.look.ask(), reads, a.begin(), a.newDay())
}

// begin starts the engine once the first screen has been asked for, and listens.
func (a *App) begin() tea.Cmd {
	return func() tea.Msg {
		if a.opt.Start != nil {
			a.opt.Start(a.env.Ctx)
		}
		return started{}
	}
}

// started says that the engine runs.
type started struct{}

// Update takes a message, and lets the pane beside the list follow.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := a.take(msg)
	if follow := a.follow(); follow != nil {
		cmd = tea.Batch(cmd, follow)
	}
	return a, cmd
}

// take sorts messages; nothing else happens here.
func (a *App) take(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.size = screen.Rect{W: msg.Width, H: msg.Height}
		return a.resized()
	case tea.KeyPressMsg:
		a.notices.pressed = a.env.Now()
		a.env.Engine.Pressed()
		return a.press(msg)
	case tea.MouseMsg:
		return a.mouse(msg)
	case tea.PasteMsg:
		if t, ok := a.top().(screen.TextEntry); ok {
			return t.Paste(msg.Content)
		}
	case tea.ClipboardMsg: // who asked for it knows
		if top := a.top(); top != nil {
			return top.Update(msg)
		}
	case screen.Result:
		return a.deliver(msg)
	case events:
		return tea.Batch(a.changed(msg), a.recountFor(msg), a.listen())
	case started:
		cmd := tea.Batch(a.recount(), a.listen(), a.openHanded())
		if a.opt.Link != "" {
			cmd = tea.Batch(cmd, external.Write(a.env, "", a.opt.Link))
		}
		return cmd
	case countdownTick:
		return a.ticked()
	case newDay:
		return a.newDay() // what is drawn anew says today
	case pendingLong:
		a.pending.long(msg, a)
	case loginsDue:
		return tea.Batch(a.askAll(), a.openWaiting())
	case statusEnds:
		a.status.end(msg)
	case keptTooLong:
		if a.suspends {
			return a.toShell()
		}
	case external.Opened:
		if msg.Err != nil {
			a.Fail(msg.Op, msg.Err)
		}
	case tea.BackgroundColorMsg:
		a.look.ground = theme.GroundOf(msg.IsDark())
		return a.restyle()
	case tea.ColorProfileMsg:
		a.look.colours = coloursOf(msg.Profile)
		return a.restyle()
	case tea.ModeReportMsg:
		return a.modeReport(msg)
	case glanceDue:
		return a.glanceAt(mail.MessageKey(msg))
	case burstEnds:
		return a.tellNews()
	case tea.BlurMsg:
		a.notices.focused(false)
	case tea.ResumeMsg:
		a.env.Engine.Refresh("")
		return a.take(tea.FocusMsg{})
	case tea.FocusMsg:
		a.notices.focused(true)
		a.env.Engine.Wake() // a laptop that woke up must not wait out a pause
		return a.look.ask()
	}
	return nil
}

// unicodeCore is the mode in which terminals measure text by grapheme clusters.
const unicodeCore = 2027

func (a *App) modeReport(msg tea.ModeReportMsg) tea.Cmd {
	if int(msg.Mode.Mode()) != unicodeCore || !(msg.Value.IsSet() || msg.Value.IsReset()) {
		return nil
	}
	width.UseClusters(true)
	return a.everywhere(screen.Restyled{})
}

// everywhere tells all screens.
func (a *App) everywhere(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	for _, s := range a.screens() {
		cmds = append(cmds, s.Update(msg))
	}
	return tea.Batch(cmds...)
}

// screens are all that live.
func (a *App) screens() []screen.Screen {
	out := []screen.Screen{a.side, a.list}
	if a.reader != nil {
		out = append(out, a.reader)
	}
	if a.exporting != nil {
		out = append(out, a.exporting)
	}
	return append(out, a.stack...)
}

// Push puts a screen on top.
func (a *App) Push(s screen.Screen) tea.Cmd {
	a.presses.Reset()
	a.status.pass()
	a.stack = append(a.stack, s)
	return nil
}

// Pop takes a screen away, wherever it is in the stack.
func (a *App) Pop(s screen.Screen) tea.Cmd {
	for i, other := range a.stack {
		if other == s {
			a.stack = append(a.stack[:i:i], a.stack[i+1:]...)
			break
		}
	}
	if c, ok := s.(*composer.Composer); ok && a.reader != nil && c.Filed(a.reader.Key()) {
		a.closeReader()
	}
	return func() tea.Msg { return loginsDue{} }
}

// Compose opens the composer on a draft. What it forwards is fetched while the person writes.
func (a *App) Compose(d compose.Draft) tea.Cmd {
	if a.refused() {
		return nil
	}
	for _, f := range d.Attachments {
		if f.Message != 0 {
			a.env.Engine.Open(f.Message, f.Section)
		}
	}
	s, cmd := composer.New(a.env, d)
	return tea.Batch(a.Push(s), cmd)
}

// Say shows a sentence in the status line.
func (a *App) Say(text string) { a.status.say(mail.Line(text), false, a.env.Now()) }

// Fail shows what failed.
func (a *App) Fail(op string, err error) {
	text := mail.Line(err.Error())
	var e *mail.Error
	if !errors.As(err, &e) && op != "" {
		text = op + ": " + text
	}
	a.status.say(widget.Stopped(text), true, a.env.Now())
}
