package uitest

import (
	"context"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/keys"
	"posthorn/ui/screen"
	"posthorn/ui/theme"
)

// Engine remembers what it was asked for. Err, when set, is what SaveDraft and Send answer.
type Engine struct {
	Has    []mail.Account
	Stands []engine.State
	Err    error
	Looks  error // what Refusal answers

	mu      sync.Mutex
	Saved   []compose.Draft
	Sent    []compose.Draft
	Deleted []int64
	Logins  []Login

	Done      []Wish
	Resent    []int64
	Settled   []int64 // of which the person said that they were sent
	Given     []int64
	Abandoned []int64
	Errands   []cache.Errand
	Retried   []cache.WishGroup
	Dropped   []cache.WishGroup
	Opened    []Opened
	Left      []Opened
	Pauses    []string     // accounts that Pause was called for, "not NAME" where they were to go on
	Refreshed int          // how often new mail was to be looked for
	Woken     int          // how often a machine or a person came back
	Pressings int          // keys it heard of
	Looked    []cache.View // what Search was asked for
	Chosen    []string
	Asked     []string                   // sites that Unsubscribe was to ask
	Problems  map[mail.MessageKey]string // what Problem answers
	Entries   []engine.Entry             // what Log answers
}

// Wish is one call of Engine.Do.
type Wish struct {
	What    string
	Changes []mail.Targeted
}

// Opened is one call of Engine.Open.
type Opened struct {
	Key      mail.MessageKey
	Sections []string
}

// Login is one call of Engine.Login.
type Login struct {
	Account, Password string
	Remember          bool
}

func (e *Engine) Refusal() error                              { return e.Looks }
func (e *Engine) Accounts() []mail.Account                    { return e.Has }
func (e *Engine) Log() []engine.Entry                         { return e.Entries }
func (e *Engine) Undo(context.Context) (engine.Undone, error) { return engine.Undone{}, nil }
func (e *Engine) Redo(context.Context) (engine.Undone, error) { return engine.Undone{}, nil }
func (e *Engine) Focus(...mail.MailboxKey)                    {}
func (e *Engine) Problem(key mail.MessageKey) string          { return e.Problems[key] }
func (e *Engine) Refresh(string)                              { e.Refreshed++ }
func (e *Engine) Search(v cache.View)                         { e.Looked = append(e.Looked, v) }
func (e *Engine) Found(context.Context) (engine.Found, error) { return engine.Found{}, nil }
func (e *Engine) Pressed()                                    { e.Pressings++ }
func (e *Engine) Wake()                                       { e.Woken++ }

// Do remembers the wish.
func (e *Engine) Do(_ context.Context, what string, changes ...mail.Targeted) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Done = append(e.Done, Wish{what, changes})
	return e.Err
}

// DoMailbox remembers the errand.
func (e *Engine) DoMailbox(_ context.Context, _ string, errand cache.Errand) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Errands = append(e.Errands, errand)
	return e.Err
}

// Pause remembers the account.
func (e *Engine) Pause(_ context.Context, account string, on bool) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !on {
		account = "not " + account
	}
	e.Pauses = append(e.Pauses, account)
	return e.Err
}

// Resend remembers key.
func (e *Engine) Resend(_ context.Context, key int64) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Resent = append(e.Resent, key)
	return e.Err
}

// WasSent remembers key.
func (e *Engine) WasSent(_ context.Context, key int64) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Settled = append(e.Settled, key)
	return e.Err
}

// Retry remembers g.
func (e *Engine) Retry(_ context.Context, g cache.WishGroup) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Retried = append(e.Retried, g)
	return e.Err
}

// Drop remembers g.
func (e *Engine) Drop(_ context.Context, g cache.WishGroup) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Dropped = append(e.Dropped, g)
	return e.Err
}

// GiveBack remembers key.
func (e *Engine) GiveBack(_ context.Context, key int64) (compose.Draft, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Given = append(e.Given, key)
	return compose.Draft{}, e.Err
}

// Abandon remembers key.
func (e *Engine) Abandon(_ context.Context, key int64) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Abandoned = append(e.Abandoned, key)
	return e.Err
}

// Open remembers what was asked for.
func (e *Engine) Open(key mail.MessageKey, sections ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Opened = append(e.Opened, Opened{key, sections})
}

// Leave remembers which message nobody looks at any more.
func (e *Engine) Leave(key mail.MessageKey, sections ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Left = append(e.Left, Opened{key, sections})
}

// Choose remembers the choice.
func (e *Engine) Choose(_ context.Context, name, value string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Chosen = append(e.Chosen, name+": "+value)
	return e.Err
}

// SaveDraft keeps d under a key of its own.
func (e *Engine) SaveDraft(_ context.Context, d compose.Draft) (int64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.Err != nil {
		return 0, e.Err
	}
	e.Saved = append(e.Saved, d)
	if d.Key == 0 {
		return 7, nil
	}
	return d.Key, nil
}

// DeleteDraft remembers key.
func (e *Engine) DeleteDraft(_ context.Context, key int64) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Deleted = append(e.Deleted, key)
	return e.Err
}

// Send remembers d.
func (e *Engine) Send(_ context.Context, d compose.Draft) (int64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.Err != nil {
		return 0, e.Err
	}
	e.Sent = append(e.Sent, d)
	return 1, nil
}

// States are those of Stands.
func (e *Engine) States() []engine.State {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.Stands
}

// Login remembers the call, and the account connects.
func (e *Engine) Login(account, password string, remember bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Logins = append(e.Logins, Login{account, password, remember})
	e.Stands = slices.Clone(e.Stands)
	for i, s := range e.Stands {
		if s.Account == account {
			e.Stands[i] = engine.State{Account: account, Phase: engine.Connecting, Text: "signing in"}
		}
	}
}

// Unsubscribe remembers the site.
func (e *Engine) Unsubscribe(account, list, link string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Asked = append(e.Asked, account+": "+link+" for "+list)
	return e.Err
}

// Root keeps the stack of screens and what was said.
type Root struct {
	Stack  []screen.Screen
	Said   []string
	Failed []error
	Drafts []compose.Draft // that the composer was opened on
	Chosen []mail.Message  // Targets
}

func (r *Root) Push(d screen.Screen) tea.Cmd { r.Stack = append(r.Stack, d); return nil }

// Pop takes d and nothing else away.
func (r *Root) Pop(d screen.Screen) tea.Cmd {
	for i, s := range r.Stack {
		if s == d {
			r.Stack = append(r.Stack[:i:i], r.Stack[i+1:]...)
			break
		}
	}
	return nil
}

func (r *Root) Say(text string)          { r.Said = append(r.Said, text) }
func (r *Root) Fail(_ string, err error) { r.Failed = append(r.Failed, err) }
func (r *Root) Targets() []mail.Message  { return r.Chosen }
func (r *Root) Compose(d compose.Draft) tea.Cmd {
	r.Drafts = append(r.Drafts, d)
	return nil
}

// Top is the screen on top; nil: none.
func (r *Root) Top() screen.Screen {
	if len(r.Stack) == 0 {
		return nil
	}
	return r.Stack[len(r.Stack)-1]
}

// Now is the time in tests.
var Now = time.Date(2026, 3, 14, 9, 30, 0, 0, time.UTC)

// Env is an environment of fakes with two accounts.
func Env() (*screen.Env, *Engine, *Root) {
	e := &Engine{Has: []mail.Account{
		{Name: "home", Address: "anna@example.org", DisplayName: "Anna Lindqvist", Aliases: []string{"post@lindqvist.example"},
			IMAP: mail.Endpoint{Host: "imap.example.org"}},
		{Name: "work", Address: "a.lindqvist@harbour.example", DisplayName: "Anna Lindqvist", IMAP: mail.Endpoint{Host: "mail.harbour.example"}},
	}}
	r := &Root{}
	env := &screen.Env{Ctx: context.Background(), Engine: e, Config: screen.Config{EditHeader: true}, Root: r, Theme: theme.New(true), Keys: keys.Default(), Now: func() time.Time { return Now },
		Timer: func(time.Duration, tea.Msg) tea.Cmd { return nil }}
	return env, e, r
}

// Run carries out cmd and what follows from it, handing results to the screens they are addressed to.
func Run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			Run(c)
		}
	case screen.Result:
		Run(msg.To.Update(msg))
	}
}

// Do runs an action on s and tells whether it was taken.
func Do(s screen.Screen, a action.Action) bool {
	cmd, ok := s.Do(a)
	Run(cmd)
	return ok
}

// Type types text into s, one key for each character.
func Type(s screen.Screen, text string) {
	for _, r := range text {
		Run(s.(screen.TextEntry).Type(tea.KeyPressMsg{Code: r, Text: string(r)}))
	}
}
