package engine

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/auth"
	"posthorn/mail/compose"
	"posthorn/mail/oneclick"
)

// Options are what an Engine may be told; the zero value is right for a real start.
type Options struct {
	Now      func() time.Time // nil: time.Now
	Grace    time.Duration    // how long deleting for good and sending can be taken back; 0: at once
	Poll     time.Duration    // how often mailboxes that are not watched are asked about; 0: 5 minutes
	Offline  time.Duration    // of unread and starred mail that came in this time bodies are kept; 0 or less: none
	Patience time.Duration    // how long a server may be silent within a command; 0: 30 seconds
	Secrets  *auth.Secrets    // nil: an empty store
	Web      oneclick.Client  // asks the sites of mailing lists
	Dial     func(ctx context.Context, network, addr string) (net.Conn, error)
	Logger   *slog.Logger // nil: none
	Said     []string     // what the log begins with
}

// Engine runs the accounts. Its methods may be called from any goroutine; those with a context write to the
// database and return once that is done, the others return at once.
type Engine struct {
	store    *cache.Store
	accounts []mail.Account
	opt      Options
	box      *Box
	journal  journal
	gauge    *gauge
	workers  map[string]*worker
	senders  map[string]*sender
	learner  *learner
	ctx      context.Context // ends with the engine; nil before Start
	cancel   context.CancelFunc
	running  sync.WaitGroup
	first    precedence
	acted    atomic.Int64 // when the person last changed something, Unix nanoseconds

	mu       sync.Mutex
	states   map[string]State
	refused  map[string]string          // accounts whose password a server refused, but not the worker's: why
	problems map[mail.MessageKey]string // why a part asked for could not be had
}

// New makes an engine for accounts, which must be valid; Start sets it going.
func New(store *cache.Store, accounts []mail.Account, opt Options) *Engine {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Poll == 0 {
		opt.Poll = 5 * time.Minute
	}
	if opt.Secrets == nil {
		opt.Secrets = auth.NewSecrets()
	}
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	e := &Engine{
		store: store, accounts: slices.Clone(accounts), opt: opt, box: newBox(), gauge: newGauge(),
		workers: map[string]*worker{}, senders: map[string]*sender{},
		states: map[string]State{}, refused: map[string]string{}, problems: map[mail.MessageKey]string{},
	}
	e.learner = newLearner(e)
	for i, a := range e.accounts {
		a = a.WithDefaults()
		e.accounts[i] = a
		e.states[a.Name] = State{Account: a.Name, Phase: Offline, Text: "not connected yet"}
		e.workers[a.Name] = newWorker(e, a)
		e.senders[a.Name] = newSender(e, a)
	}
	for _, text := range opt.Said {
		e.say("", "%s", text)
	}
	return e
}

// Start connects all accounts. They run until ctx ends or Close is called.
func (e *Engine) Start(ctx context.Context) {
	ctx, e.cancel = context.WithCancel(ctx)
	e.mu.Lock()
	e.ctx = ctx
	e.mu.Unlock()
	if text := e.store.Recovered(); text != "" {
		e.trouble("", "%s", text)
	}
	e.pausedBefore(ctx)
	e.gauge.add(1)
	e.run(func() { e.learner.run(ctx) })
	e.run(func() { e.watchClock(ctx) })
	e.run(func() { e.listen(ctx) })
	for _, a := range e.accounts {
		w, s := e.workers[a.Name], e.senders[a.Name]
		e.gauge.add(3)
		e.run(func() { w.run(ctx) })
		e.run(func() { w.watch(ctx) })
		e.run(func() { w.searcher.run(ctx) })
		e.run(func() { s.run(ctx) })
	}
}

func (e *Engine) run(f func()) {
	e.running.Add(1)
	go func() {
		defer e.running.Done()
		f()
	}()
}

// Close ends all connections. Wishes and outgoing mail stay in the database for the next start.
func (e *Engine) Close() error {
	if e.cancel != nil {
		e.cancel()
	}
	e.running.Wait()
	return nil
}

// Refusal is nil: everything can be changed.
func (e *Engine) Refusal() error { return nil }

// Accounts are the accounts as configured, defaults filled in.
func (e *Engine) Accounts() []mail.Account { return slices.Clone(e.accounts) }

// Events is where the UI hears what became stale.
func (e *Engine) Events() *Box { return e.box }

// States is how each account's connection stands, in the order of the accounts.
func (e *Engine) States() []State {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]State, len(e.accounts))
	for i, a := range e.accounts {
		out[i] = e.states[a.Name]
	}
	return out
}

func (e *Engine) setState(s State) {
	e.mu.Lock()
	if why := e.refused[s.Account]; why != "" && s.Phase != Offline {
		s.Phase, s.Text = NeedsLogin, why
	}
	if w := e.workers[s.Account]; w != nil && w.lines.isPaused() { // whatever its goroutines still end
		s = State{Account: s.Account, Phase: Paused, Text: "paused"}
	}
	same := e.states[s.Account] == s
	e.states[s.Account] = s
	e.mu.Unlock()
	if !same {
		e.box.post(mail.Event{Kind: mail.StateChanged, Account: s.Account})
	}
}

// Log is what happened since the start, oldest first.
func (e *Engine) Log() []Entry { return e.journal.entries() }

// say puts a sentence into the log.
func (e *Engine) say(account, format string, args ...any) { e.note(account, false, format, args...) }

// trouble is say for what the user wanted and did not get.
func (e *Engine) trouble(account, format string, args ...any) { e.note(account, true, format, args...) }

func (e *Engine) note(account string, trouble bool, format string, args ...any) {
	e.enter(Entry{Account: account, Text: fmt.Sprintf(format, args...), Trouble: trouble})
}

func (e *Engine) enter(n Entry) {
	n.Time = e.opt.Now()
	e.journal.add(n)
	e.opt.Logger.Info(n.Text, "account", n.Account)
	e.box.post(mail.Event{Kind: mail.LogChanged})
}

// Do wants changes: they are on disk and on screen when it returns, and reach the servers when they can. what names
// them in the past tense for undo ("archived 3 messages"); empty means that undo passes over them.
func (e *Engine) Do(ctx context.Context, what string, changes ...mail.Targeted) error {
	w := cache.Wish{Changes: changes, What: what, NoUndo: what == ""}
	if slices.ContainsFunc(changes, func(c mail.Targeted) bool { return c.Change.Kind() == mail.KindExpunge }) {
		w.NotBefore = e.graceEnds()
	}
	e.acted.Store(e.opt.Now().UnixNano())
	touched, err := e.store.Wish(ctx, w)
	if err != nil {
		return err
	}
	e.changed(ctx, touched)
	e.learner.bell.ring() // copies are new to the full text
	return nil
}

// Undone is what Undo or Redo did.
type Undone struct {
	What     string            // the action; empty: there was none
	Messages []mail.MessageKey // that were changed
	Draft    *compose.Draft    // of the message whose sending was undone; nil: it was something else
}

// Undo takes the last action back.
func (e *Engine) Undo(ctx context.Context) (Undone, error) {
	u, err := e.store.Undo(ctx)
	return e.stepped(ctx, u, err)
}

// Redo does the action again that was undone last.
func (e *Engine) Redo(ctx context.Context) (Undone, error) {
	u, err := e.store.Redo(ctx, e.graceEnds())
	return e.stepped(ctx, u, err)
}

func (e *Engine) stepped(ctx context.Context, u cache.Undone, err error) (Undone, error) {
	if err != nil {
		return Undone{}, err
	}
	e.changed(ctx, u.Touched)
	if u.Account != "" {
		e.mailboxesChanged(u.Account)
	}
	if u.Draft == 0 {
		return Undone{What: u.What, Messages: u.Messages}, nil
	}
	e.box.post(mail.Event{Kind: mail.OutboxChanged}, mail.Event{Kind: mail.DraftsChanged})
	stored, err := e.store.Draft(ctx, u.Draft)
	if err != nil {
		return Undone{}, err
	}
	e.wakeMirror(stored.Account)
	d, err := compose.Unmarshal(stored.Data)
	d.Key = u.Draft
	return Undone{What: u.What, Draft: &d}, err
}

// graceEnds is until when what is done now can be taken back, though it cannot be inverted; zero: not at all.
func (e *Engine) graceEnds() time.Time {
	if e.opt.Grace == 0 {
		return time.Time{}
	}
	return e.opt.Now().Add(e.opt.Grace)
}

// changed tells the UI which mailboxes show something else now, and wakes the workers that have wishes to send.
func (e *Engine) changed(ctx context.Context, touched []mail.MailboxKey) {
	for _, key := range touched {
		m, err := e.store.Mailbox(ctx, key)
		if err != nil {
			continue
		}
		e.box.post(mail.Event{Kind: mail.MessagesChanged, Account: m.Account, Mailbox: key},
			mail.Event{Kind: mail.MailboxesChanged, Account: m.Account})
		if w := e.workers[m.Account]; w != nil {
			w.bell.ring()
		}
	}
	e.rouse(ctx)
}

// rouse wakes the workers that have something due: a transfer between accounts is done by turns.
func (e *Engine) rouse(ctx context.Context) {
	connected := e.connected()
	for name, w := range e.workers {
		if due, err := e.store.Due(ctx, name, e.opt.Now(), 1, connected...); err == nil && len(due) > 0 {
			w.bell.ring()
		}
	}
}

// connected are the accounts whose work connection stands.
func (e *Engine) connected() (out []string) {
	for name, w := range e.workers {
		if w.standing.isUp() {
			out = append(out, name)
		}
	}
	return out
}

// Focus names the mailboxes on screen: they are synchronised first and watched.
func (e *Engine) Focus(keys ...mail.MailboxKey) {
	for _, w := range e.workers {
		w.focus(keys)
	}
}

// Open fetches what is missing of a message: the named sections, or its text where none is named. PartReady follows.
func (e *Engine) Open(key mail.MessageKey, sections ...string) {
	e.setProblem(key, "")
	for _, w := range e.workers { // the one whose account holds the message takes it
		w.open(request{message: key, sections: sections})
	}
}

// Leave forgets sections that were asked for of a message, or all where none is named: nobody waits for them any more.
// Of a large part no further range is fetched; what is here stays, and the next Open goes on from there.
func (e *Engine) Leave(key mail.MessageKey, sections ...string) {
	for _, w := range e.workers {
		w.leave(key, sections)
	}
}

// Problem is why the parts last asked for of a message could not be had, or empty.
func (e *Engine) Problem(key mail.MessageKey) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.problems[key]
}

func (e *Engine) setProblem(key mail.MessageKey, text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if text == "" {
		delete(e.problems, key)
	} else {
		e.problems[key] = text
	}
}

// Choose remembers a choice under a name for the next time; the empty value forgets it.
func (e *Engine) Choose(ctx context.Context, name, value string) error {
	return e.store.Choose(ctx, name, value)
}

// Refresh asks an account's server for news now, or all of them for the empty name; a pause between two tries to
// connect ends at once, and a password that was refused is tried once more.
func (e *Engine) Refresh(account string) { e.hurry(account, byPerson) }

// Wake is Refresh of all for a machine or a person that came back. Nobody asked for it, so a refused password rests:
// a server must not be told it again with each change of focus.
func (e *Engine) Wake() { e.hurry("", woken) }

// Pressed tells that the person pressed a key: what it leads to is drawn before more mail is fetched.
func (e *Engine) Pressed() { e.first.pressed() }

func (e *Engine) hurry(account string, why haste) {
	for name, w := range e.workers {
		if account == "" || account == name {
			w.refresh(why)
			e.senders[name].refresh(why)
		}
	}
}

// Login provides a password the user was asked for. remember puts it into the OS keyring, from where it is read
// again at the next start only if the account says so.
func (e *Engine) Login(account, password string, remember bool) {
	e.opt.Secrets.Provide(account, password)
	e.mu.Lock()
	delete(e.refused, account)
	if s := e.states[account]; s.Phase == NeedsLogin { // answered: until the server has spoken nobody is to ask again
		e.states[account] = State{Account: account, Phase: Connecting, Text: "signing in"}
	}
	e.mu.Unlock()
	e.box.post(mail.Event{Kind: mail.StateChanged, Account: account})
	if remember {
		if err := auth.Store(account, password); err != nil {
			e.trouble(account, "The password could not be kept in the keyring: %v", err)
		}
	}
	e.Refresh(account)
}

// Settle waits until every worker and sender rests with nothing due. It is for tests and for an orderly end.
func (e *Engine) Settle(ctx context.Context) error { return e.gauge.wait(ctx) }
