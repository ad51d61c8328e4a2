// Package screen is the contract between the root model and its screens: what a screen must do, what it is given,
// and how results find their way back to it. It knows no screen and refuses to draw anything.
package screen

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/keys"
	"posthorn/ui/notice"
	"posthorn/ui/people"
	"posthorn/ui/theme"
)

// Rect is a part of the terminal in cells.
type Rect struct{ X, Y, W, H int }

// Has tells whether a cell of the terminal is in r.
func (r Rect) Has(x, y int) bool { return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H }

// Frame is what a screen looks like: exactly Rect.H lines, each exactly Rect.W columns wide, and where the text
// cursor stands, relative to the frame's own corner (nil: none).
type Frame struct {
	Lines  []string
	Cursor *tea.Cursor
}

// Screen is a part of the UI that owns a rectangle. Screens are pointers and are changed in place.
type Screen interface {
	// Update takes results addressed to the screen, and mail.Event values.
	Update(msg tea.Msg) tea.Cmd
	// Do carries out what the user asked for; false hands the action on to the next scope.
	Do(a action.Action) (tea.Cmd, bool)
	// Draw touches memory only: it is called after every message.
	Draw(area Rect) Frame
	// Scopes names the tables that keys are looked up in while the screen has the focus, innermost first.
	Scopes() []action.Scope
}

// TextEntry is a screen that takes typed text: a key that no scope knows goes to Type.
type TextEntry interface {
	Type(k tea.KeyPressMsg) tea.Cmd
	Paste(text string) tea.Cmd
}

// Titled is a screen with a name for the title line, and what to say beside it.
type Titled interface{ Title() (name, detail string) }

// Choosy is a screen on which some of its actions make no sense at times: they are not hinted at then.
type Choosy interface{ Offers(a action.Action) bool }

// Numbered is a list with a place for each number, the first with 1.
type Numbered interface{ GoTo(n int) tea.Cmd }

// Dialog is a screen that covers only the part of the terminal it wants; others cover everything between the title
// and the hints.
type Dialog interface{ Size(w, h int) (int, int) }

// Atop is a Dialog that stands at the top of the list, and takes some of its h lines.
type Atop interface{ Atop(h int) int }

// Restyled tells a screen that the theme has other colours now: what it keeps drawn is stale.
type Restyled struct{}

// Result is the outcome of a command, addressed to the screen that started it. The root drops results for screens
// that are gone; the screen drops those whose ticket is not its latest.
type Result struct {
	To     Screen
	Ticket Ticket
	Value  any
	Err    error
}

// Ticket numbers the requests of one purpose, so that only the latest answer counts.
type Ticket uint64

// Next invalidates all tickets before the one it returns.
func (t *Ticket) Next() Ticket {
	*t++
	return *t
}

// Load runs f off the event loop and addresses its outcome to to.
func Load(env *Env, to Screen, ticket Ticket, f func(ctx context.Context) (any, error)) tea.Cmd {
	return func() tea.Msg {
		v, err := f(env.Ctx)
		return Result{To: to, Ticket: ticket, Value: v, Err: err}
	}
}

// Engine is what the UI asks of cache/engine.
type Engine interface {
	Refusal() error // why nothing can be changed; nil: everything can
	Accounts() []mail.Account
	States() []engine.State
	Log() []engine.Entry
	Do(ctx context.Context, what string, changes ...mail.Targeted) error
	DoMailbox(ctx context.Context, what string, errand cache.Errand) error
	Undo(ctx context.Context) (engine.Undone, error)
	Redo(ctx context.Context) (engine.Undone, error)
	Focus(keys ...mail.MailboxKey)
	Open(key mail.MessageKey, sections ...string)
	Leave(key mail.MessageKey, sections ...string)
	Problem(key mail.MessageKey) string
	Refresh(account string)
	Pause(ctx context.Context, account string, on bool) error
	Wake()
	Pressed()
	Search(v cache.View) // asks servers, too
	Found(ctx context.Context) (engine.Found, error)
	Choose(ctx context.Context, name, value string) error
	SaveDraft(ctx context.Context, d compose.Draft) (int64, error)
	DeleteDraft(ctx context.Context, key int64) error
	Send(ctx context.Context, d compose.Draft) (int64, error)
	Resend(ctx context.Context, outbox int64) error
	WasSent(ctx context.Context, outbox int64) error
	GiveBack(ctx context.Context, outbox int64) (compose.Draft, error)
	Abandon(ctx context.Context, outbox int64) error
	Retry(ctx context.Context, g cache.WishGroup) error
	Drop(ctx context.Context, g cache.WishGroup) error
	Unsubscribe(account, list, link string) error
	Login(account, password string, remember bool)
}

// Root is what a screen may ask of the root model.
type Root interface {
	Push(d Screen) tea.Cmd           // put a screen on top of the present one: a dialog, the composer, the help
	Pop(d Screen) tea.Cmd            // take it away again
	Say(text string)                 // show one plain sentence in the status line
	Fail(op string, err error)       // show what failed and what to do next; also kept in the log
	Compose(d compose.Draft) tea.Cmd // open the composer on a draft
	Targets() []mail.Message         // what is selected in the list, or is under its cursor, or read
}

// Env is shared by all screens and does not change after start-up, but for the theme's colours.
type Env struct {
	Ctx    context.Context
	Store  *cache.Reader // read only
	Engine Engine
	Root   Root
	Theme  *theme.Theme
	Keys   *keys.Map
	Config Config
	Now    func() time.Time
	Timer  func(d time.Duration, msg tea.Msg) tea.Cmd // nil: the clock of the machine
	Demo   bool
}

// After is a timer: msg comes when d has passed.
func (e *Env) After(d time.Duration, msg tea.Msg) tea.Cmd {
	if e.Timer != nil {
		return e.Timer(d, msg)
	}
	return tea.Tick(d, func(time.Time) tea.Msg { return msg })
}

// Hue is the colour of an account.
func (e *Env) Hue(account string) theme.Style { return Hue(e.Theme, e.Engine.Accounts(), account) }

// Hue is the colour of one of the accounts in a theme.
func Hue(th *theme.Theme, accounts []mail.Account, account string) theme.Style {
	if i := slices.IndexFunc(accounts, func(a mail.Account) bool { return a.Name == account }); i >= 0 {
		return th.Account[i%len(th.Account)]
	}
	return th.Dim
}

// Config is the [ui] part of the configuration.
type Config struct {
	MarkReadAfter   time.Duration // how long a message must be open to count as read; negative: never by itself
	Editor          []string      // program and arguments; empty: $VISUAL, $EDITOR, or the built-in editor where none is set
	AnswerBelow     bool          // below what is quoted instead of above it
	Attribution     compose.Attribution
	Templates       string          // folder of templates; empty: there are none
	UseEditor       bool            // start in the external editor instead of the built-in one
	EditHeader      bool            // the external editor has the header fields, too
	Linear          bool            // for screen readers and dumb terminals: one pane, what is seen in words
	Scratch         string          // folder for the text while an editor has it; empty: the system's for temporary files
	HTMLFilter      []string        // program that makes text of HTML, on standard input and output; empty: our own rendering
	Opener          []string        // program that opens files and links; empty: xdg-open or open
	Downloads       string          // folder for saved attachments
	Book            *people.Book    // contacts in files; nil: none
	ContactsCommand []string        // external address book; empty: none
	AttachmentWords []string        // that speak of an attachment, besides those of many languages
	Mouse           bool            // clicks and the wheel are ours, not the terminal's
	Headings        bool            // the list has one above each day
	Columns         Columns         // of the list
	Theme           string          // name of one of Themes or of those built in
	Themes          []theme.Palette // the user's own
	Notify          Notify
}

// Notify is the [notify] part of the configuration: who is told of new mail, and how, while nobody looks.
type Notify struct {
	Desktop notice.Way
	Bell    bool         // the terminal's bell
	Which   string       // a search; empty: all new mail
	Quiet   notice.Hours // nothing is told then
}
