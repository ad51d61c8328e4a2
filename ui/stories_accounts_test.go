package ui_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"posthorn/cache/engine"
	"posthorn/ui/action"
	"posthorn/ui/keys"
	"posthorn/ui/widget"
)

func TestAccounts(t *testing.T) {
	onEveryServer(t, []told{
		{"one key goes to the next account", oneKeyGoesToTheNextAccount},
		{"a wrong password is asked for and login works", aWrongPasswordIsAskedForAndLoginWorks},
		{"one account in trouble leaves the other alone", oneAccountInTroubleLeavesTheOtherAlone},
	})
}

func oneKeyGoesToTheNextAccount(r *rig) {
	r.inbox("home", "Lunch on Friday")
	r.inbox("work", "Harbour plans")
	r.start()
	for _, go2 := range []string{"g 2", "alt+2"} {
		r.Press("g a")
		r.Sees("All inboxes", "Lunch on Friday", "Harbour plans")
		r.Press(go2)
		r.Sees("work · Inbox", "Harbour plans")
		r.SeesNot("Lunch on Friday")
	}
	r.Press("]")
	r.Sees("home · Inbox", "Lunch on Friday")
	r.SeesNot("Harbour plans")
	r.Press("]")
	r.Sees("Harbour plans")
	r.Press("g 3")
	r.Sees("There is no account 3: there are 2.")
}

func aWrongPasswordIsAskedForAndLoginWorks(r *rig) {
	r.password = "wrong"
	r.inbox("home", "Lunch on Friday")
	r.inbox("work", "Harbour plans")
	r.start()
	for _, password := range []string{"also wrong", "secret", "secret"} {
		r.Until("it asks", func() bool { return strings.Contains(r.Screen(), "Sign in to") })
		r.Sees("Password", "refused the password")
		r.Type(password)
		r.SeesNot(password)
		r.Press("enter")
	}
	r.Until("it has signed in", func() bool {
		return r.engine.States()[0].Phase == engine.Idle && r.engine.States()[1].Phase == engine.Idle
	})
	r.Sees("Lunch on Friday", "Harbour plans")
	r.SeesNot("Sign in to", "refused")
}

func oneAccountInTroubleLeavesTheOtherAlone(r *rig) {
	r.accounts[1].IMAP.Port = closedPort(r.t)
	r.inbox("home", "Lunch on Friday")
	r.start()
	r.Sees("Lunch on Friday", "work: No connection to 127.0.0.1")
	r.Press("enter")
	r.Sees("this is the text of Lunch on Friday")
	r.Press("a")
	r.onServer("home", "Archive", "Lunch on Friday")
}

// closedPort is a port of this machine where nobody listens.
func closedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func TestAPasswordIsAskedForWhereNoneIsConfigured(t *testing.T) {
	r := newRig(t)
	r.password = ""
	r.accounts = r.accounts[:1]
	r.inbox("home", "Lunch on Friday")
	r.start()
	r.Sees("Sign in to home", "The password for home is needed")
	r.Press("esc")
	r.SeesNot("Sign in to home")
	r.Press("ctrl+r")
	r.UntilSeen("Sign in to home")
	r.Type("secret")
	r.Press("enter")
	r.UntilSeen("Lunch on Friday")
}

func TestHelpListsEveryActionOfTheScreen(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Lunch on Friday")
	r.w, r.h = 80, 200 // all at once
	r.start()
	for _, at := range []struct {
		name     string
		there    []string
		help     string
		scopes   []action.Scope
		andThere []string
	}{
		{"list", nil, "?", []action.Scope{action.Index, action.Message, action.App}, []string{"esc"}},
		{"message", []string{"enter"}, "?", []action.Scope{action.Pager, action.Message, action.App}, []string{"esc", "q"}},
		{"sidebar", []string{"tab"}, "?", []action.Scope{action.Sidebar, action.App}, []string{"esc", "tab"}},
		{"composer", []string{"c"}, "f1", []action.Scope{action.Field, action.Composer}, []string{"esc", "esc"}},
		{"text", []string{"c", "tab", "tab", "tab", "tab"}, "f1", []action.Scope{action.Editor, action.Composer}, []string{"esc", "esc"}},
		{"outbox", []string{"g o"}, "?", []action.Scope{action.Outbox}, []string{"esc", "q"}},
		{"log", []string{"g l"}, "?", []action.Scope{action.Scroll, action.App}, []string{"esc", "q"}},
		{"tasks", []string{"g p"}, "f1", []action.Scope{action.Scroll, action.App}, []string{"esc", "q"}},
	} {
		t.Run(at.name, func(t *testing.T) {
			r.Press(at.there...)
			r.Press(at.help)
			entries := keys.Default().Entries(at.scopes...)
			if len(entries) < 5 {
				t.Fatalf("only %d actions", len(entries))
			}
			for _, e := range entries {
				if e.Help != "" && !strings.Contains(r.Screen(), e.Help) {
					t.Errorf("%q is not in the help:\n%s", e.Help, r.Screen())
				}
			}
			r.Press(at.andThere...)
		})
	}
}

func TestTheLogSaysWhatHappened(t *testing.T) {
	r := newRig(t)
	r.start()
	r.Press("g l")
	r.Sees("Connected to 127.0.0.1.")
	r.fault.Down(true)
	r.UntilSeen("No connection to 127.0.0.1")
	r.Press("q")
	r.Sees("All inboxes")
}

func TestTheOutboxIsEmptyWhenAllIsSent(t *testing.T) {
	r := newRig(t)
	r.start()
	r.Press("g o")
	r.Sees("Nothing waits")
	r.Press("q", "g a")
	r.Sees("All inboxes")
}

func TestNoSizeOfTheTerminalIsTooSmall(t *testing.T) {
	r := newRig(t)
	r.servers.create(t, "home", "Lists")
	r.deliver("home", "INBOX", withFile("Minutes", "minutes.dat", "who said what"))
	r.inbox("work", "Harbour plans", "Harbour plans again")
	r.w, r.h = 40, 12
	r.start()
	r.Sees("Harbour")
	places := []string{"G", "enter", "A", "s", "esc", "esc", "q", "tab", "j", "tab", "?", "esc", "g l", "q", "g o", "q", "m", "esc",
		"r", "ctrl+f", "esc", "ctrl+t", "esc", "f1", "esc", "esc", "g f", "esc", "x", "d", "z", "g", "a"}
	for _, size := range [][2]int{{40, 12}, {1, 1}, {2, 3}, {7, 5}, {300, 4}, {3, 100}, {99, 30}, {149, 40}, {200, 60}} {
		for _, p := range places {
			r.Press(p)
			r.Resize(size[0], size[1])
			lines := r.Lines()
			if len(lines) != size[1] {
				t.Errorf("after %q at %v: %d lines", p, size, len(lines))
			}
		}
		r.Resize(120, 30)
		r.Press("g a")
		r.Sees("All inboxes", "Harbour plans again")
	}
}

// many is how many messages the large mailbox has.
const many = 20_000

func TestKeysWorkWhileALargeMailboxIsSynchronised(t *testing.T) {
	r := newRig(t)
	for i := range many {
		r.deliver("home", "INBOX", post{subject: fmt.Sprint("Letter ", i+1)})
	}
	line := newGate()
	r.dial = line.Dial
	r.open()
	r.Start(r.app(), r.w, r.h) // no Settle: keys wait for nothing but the database
	r.UntilSeen(" of 20,000")
	line.set(true) // in the middle of it, for as long as it takes
	r.Sees("Letter 20000", "Letter 19990")
	for range 30 {
		r.Press("j")
	}
	r.Sees("Letter 19970")
	r.Press("enter")
	r.Sees("Letter 19970", "Ben Okafor")
	r.Press("q", "s")
	r.Sees("Starred 1 message", "★")
	r.Press("a")
	r.SeesNot("Letter 19970")
	r.Press("c")
	r.Type("oka")
	r.Sees("Ben Okafor <ben@friends.example>")
	r.Press("esc", "esc", "?", "esc", "g l", "q")
	r.Sees("Letter 19969")
	line.set(false)
	r.Driver.Settle = r.engine.Settle
	r.Until("all is here", func() bool { return strings.Contains(r.Screen(), widget.Thousands(many-1)+" unread of") })
	r.Press("G")
	r.Sees("Letter 1 ")
	r.onServer("home", "Archive", `Letter 19970 \Flagged`)
}

func TestQuitEndsTheProgram(t *testing.T) {
	r := newRig(t)
	r.start()
	r.Press("q")
	if !r.Quit {
		t.Error("it goes on")
	}
}

// gate lets nothing through from the servers while it is shut.
type gate struct {
	mu      sync.Mutex
	changed *sync.Cond
	shut    bool
}

func newGate() *gate {
	g := &gate{}
	g.changed = sync.NewCond(&g.mu)
	return g
}

func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = shut
	g.changed.Broadcast()
}

func (g *gate) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
	return gated{c, g}, err
}

type gated struct {
	net.Conn
	gate *gate
}

func (c gated) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	for c.gate.shut {
		c.gate.changed.Wait()
	}
	return n, err
}

// So that nothing is sent from the wrong one: in every view the message names its account, and so does the answer.
func TestEverythingOfAnAccountNamesIt(t *testing.T) {
	for _, w := range []int{40, 80, 120} {
		t.Run(fmt.Sprint(w), func(t *testing.T) {
			r := newRig(t)
			r.w, r.h = w, 24
			r.inbox("home", "Lunch on Friday")
			r.deliver("work", "INBOX", post{subject: "Harbour plans", to: "anna@work.example"})
			r.start()
			for _, view := range []string{"g a", "g 2", "g u"} {
				r.Press(view, "enter")
				r.Sees("● work", "Harbour plans")
				r.Press("r")
				if r.Sees("Re: Harbour plans"); w < 80 {
					r.Sees(" work ─")
				} else if line := r.lineWith("From"); !strings.HasSuffix(strings.TrimSpace(line), " work") {
					t.Errorf("From does not name the account: %q", line)
				}
				r.Press("esc")
				r.UntilSeen("● work")
				r.Press("u", "q")
			}
		})
	}
}
