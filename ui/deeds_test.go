package ui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"posthorn/ui"
	"posthorn/ui/action"
	"posthorn/ui/keys"
	"posthorn/ui/uitest"
)

// deed is the story of one line of the table of actions: Anna presses its key where it can be asked for, and something
// comes of it.
type deed struct {
	scope  action.Scope
	action action.Action
	way    string         // from the first screen to where it is asked for: see walk
	comes  func(s *stage) // what comes of it
}

// area is a part of the screen whose deeds share one Anna, her mail and her engine; each begins with a screen of its own.
type area struct {
	name  string
	stock func(r *rig) // what there is before posthorn starts
	deeds []deed
}

var areas = []area{
	{"list", theStock, listDeeds},
	{"messages", theStock, messageDeeds},
	{"reader", theStock, readerDeeds},
	{"attachments", theStock, fileDeeds},
	{"sidebar", theStock, sidebarDeeds},
	{"everywhere", theStock, appDeeds},
	{"writing", theStock, writingDeeds},
	{"dialogs", theStock, dialogDeeds},
	{"outbox", theLine, outboxDeeds},
}

// TestEveryActionHasAStory: what is offered is shown to work, in every part of the screen that offers it.
func TestEveryActionHasAStory(t *testing.T) {
	told := map[string]int{}
	for _, a := range areas {
		for _, d := range a.deeds {
			told[d.name()]++
		}
	}
	for _, e := range action.Table {
		name := deed{scope: e.Scope, action: e.Action}.name()
		if told[name] != 1 {
			t.Errorf("%s has %d stories, want one", name, told[name])
		}
		delete(told, name)
	}
	for name := range told {
		t.Errorf("%s is no line of the table", name)
	}
}

func TestStoriesOfEveryAction(t *testing.T) {
	if testing.Short() {
		t.Skip("the stories of features are told under the race detector; these press one key each")
	}
	for _, a := range areas {
		t.Run(a.name, func(t *testing.T) {
			r := newRig(t)
			r.w, r.h = 120, 24
			r.config.Editor, r.config.Opener = []string{"true"}, []string{"/bin/sh", "-c", `cp "$1" "$0"`, r.config.Downloads}
			a.stock(r)
			r.start()
			for _, d := range a.deeds {
				t.Run(d.name(), func(t *testing.T) { d.tell(t, r) })
			}
		})
	}
}

func (d deed) name() string { return string(d.scope) + " " + string(d.action) }

// tell goes the way, presses the key that the table has for the deed, and looks at what comes of it.
func (d deed) tell(t *testing.T, r *rig) {
	s := &stage{rig: r}
	app := r.anew(t)
	s.walk(d.way)
	scopes := app.Scopes()
	i := slices.IndexFunc(keys.Default().Bindings(scopes), func(b keys.Binding) bool { return b.Scope == d.scope && b.Action == d.action })
	if i < 0 {
		t.Fatalf("it has no key in %v:\n%s", scopes, s.Screen())
	}
	s.before, s.asked = s.Screen(), len(s.Asked)
	s.Press(keys.Default().Bindings(scopes)[i].Sequence())
	d.comes(s)
	if s.looks == 0 {
		t.Error("nothing is held against what it should be")
	}
	if t.Failed() {
		t.Logf("before:\n%s\nafter:\n%s", s.before, s.Screen())
	}
}

// anew shows another posthorn on the engine that runs, as it looks when it is started.
func (r *rig) anew(t *testing.T) *ui.App {
	r.t, r.Driver = t, uitest.NewDriver(t)
	r.Driver.Events, r.Driver.Settle = r.engine.Events(), r.engine.Settle
	app := ui.New(t.Context(), ui.Options{Store: r.store.Reader, Engine: r.engine, Events: r.Driver, Config: r.config, Now: r.Now, Timer: r.Timer})
	r.Start(app, r.w, r.h)
	return app
}

// stage is where a deed is told.
type stage struct {
	*rig
	before string // the screen before the key
	asked  int    // how much had been asked for then
	looks  int    // how often something was held against what it should be
}

// walk presses keys as Press does. "@Lunch" goes down until the cursor stands on a row with that word, "'a,b" types "a b".
func (s *stage) walk(way string) {
	s.t.Helper()
	for _, w := range strings.Fields(way) {
		switch {
		case len(w) > 1 && w[0] == '@':
			for range 100 {
				if strings.Contains(s.cursor(), w[1:]) {
					break
				}
				s.Press("j")
			}
			if !strings.Contains(s.cursor(), w[1:]) {
				s.t.Fatalf("the cursor finds no %s:\n%s", w[1:], s.Screen())
			}
		case len(w) > 1 && w[0] == '\'':
			s.Type(strings.ReplaceAll(w[1:], ",", " "))
		default:
			s.Press(w)
		}
	}
}

// cursor is the part of the line that the cursor stands on.
func (s *stage) cursor() string { return under(s.Screen()) }

func under(screen string) string {
	for _, l := range strings.Split(screen, "\n")[1:] {
		for _, part := range strings.Split(l, "│") {
			if strings.Contains(part, "▎") {
				return part
			}
		}
	}
	return ""
}

// shows fails unless texts have come on screen.
func (s *stage) shows(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		s.is(fmt.Sprintf("%q has come on screen", text), strings.Contains(s.Screen(), text) && !strings.Contains(s.before, text))
	}
}

// hides fails unless texts have left the screen.
func (s *stage) hides(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		s.is(fmt.Sprintf("%q has left the screen", text), !strings.Contains(s.Screen(), text) && strings.Contains(s.before, text))
	}
}

// stands fails unless the cursor has come to a line with text.
func (s *stage) stands(text string) {
	s.t.Helper()
	s.is(fmt.Sprintf("the cursor, on %q, has come to %q from %q", s.cursor(), text, under(s.before)),
		strings.Contains(s.cursor(), text) && !strings.Contains(under(s.before), text))
}

// has fails unless the mailbox on the server holds a message, told as stored.String does; hasNot where it does.
func (s *stage) has(account, mailbox, message string) {
	s.t.Helper()
	s.is(fmt.Sprintf("%s of %s holds %q", mailbox, account, message), s.holds(account, mailbox, message))
}

func (s *stage) hasNot(account, mailbox, message string) {
	s.t.Helper()
	s.is(fmt.Sprintf("%s of %s does not hold %q", mailbox, account, message), !s.holds(account, mailbox, message))
}

func (s *stage) holds(account, mailbox, message string) bool {
	return slices.ContainsFunc(s.servers.messages(s.t, account, mailbox), func(m stored) bool { return m.String() == message })
}

// asks fails unless Bubble Tea or the terminal was asked for something: a message by its name, with its text.
func (s *stage) asks(what string) {
	s.t.Helper()
	s.is(fmt.Sprintf("%q was asked for (%q were)", what, s.Asked), slices.Contains(s.Asked[s.asked:], what))
}

// is fails unless something holds.
func (s *stage) is(what string, ok bool) {
	s.t.Helper()
	s.looks++
	if !ok {
		s.t.Errorf("not so: %s", what)
	}
}

// Deeds of which only this is to be seen.

func shows(texts ...string) func(*stage) { return func(s *stage) { s.t.Helper(); s.shows(texts...) } }
func hides(texts ...string) func(*stage) { return func(s *stage) { s.t.Helper(); s.hides(texts...) } }
func stands(text string) func(*stage)    { return func(s *stage) { s.t.Helper(); s.stands(text) } }

// theStock is what lies on Anna's servers: letters to page through, and one of each kind worth a key.
func theStock(r *rig) {
	for _, box := range []string{"Trips", "Years", "Years/2024", "Years/2025"} {
		r.servers.create(r.t, "home", box)
	}
	for i := range 12 {
		r.servers.create(r.t, "work", fmt.Sprintf("Pier %02d", i+1))
	}
	for i := range 44 {
		r.deliver("home", "INBOX", post{subject: fmt.Sprintf("Letter %02d", i+1)}, `\Seen`)
	}
	r.deliver("home", "INBOX", post{subject: "Rowing news", from: "Rowers <news@rowing.example>", to: "crew@rowing.example",
		kind: "text/html; charset=utf-8", text: `<p>All the <a href="https://rowing.example/news">news</a> in ` + "<b>bold</b>.</p>",
		header: []string{"List-Id: <crew.rowing.example>", "List-Post: <mailto:crew@rowing.example>",
			"List-Unsubscribe: <mailto:leave@rowing.example>"}}, `\Seen`, `\Flagged`)
	r.deliver("home", "INBOX", post{subject: "Both forms", kind: `multipart/alternative; boundary="b"`,
		text: "--b\nContent-Type: text/plain\n\nThe plain form, which says as much as the other one does.\n--b\nContent-Type: text/html\n\n<p>The <i>other</i> form, which says as much as the plain one does.</p>\n--b--"}, `\Seen`)
	r.deliver("home", "INBOX", post{subject: "Papers", kind: `multipart/mixed; boundary="b"`,
		text: "--b\nContent-Type: text/plain\n\nTwo papers.\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=notes.txt\n\nThe notes.\n" +
			"--b\nContent-Type: text/csv\nContent-Disposition: attachment; filename=tides.csv\n\nday,tide\nMonday,high\n--b--"}, `\Seen`)
	var long, quote strings.Builder
	for i := range 90 {
		fmt.Fprintf(&long, "verse %02d\n\n", i+1)
	}
	for i := range 12 {
		fmt.Fprintf(&quote, ">> older %02d\n", i+1)
	}
	r.deliver("home", "INBOX", post{subject: "Long poem", text: "A poem.\n\n" + quote.String() + "\nHere it is.\n\n" + long.String()}, `\Seen`)
	r.deliver("home", "INBOX", post{subject: "Boat"}, `\Seen`)
	r.deliver("home", "INBOX", post{subject: "Re: Boat", text: "The answer.", header: []string{"In-Reply-To: <" + id("Boat") + ">", "References: <" + id("Boat") + ">"}}, `\Seen`)
	r.deliver("work", "INBOX", post{subject: "Harbour plans", to: "anna@work.example"})
	r.deliver("home", "INBOX", post{subject: "Lunch on Friday"})
	r.deliver("home", "Trash", post{subject: "Thrown away"}, `\Seen`)
	r.deliver("home", "Drafts", post{subject: "Half a letter"}, `\Seen`, `\Draft`)
}
