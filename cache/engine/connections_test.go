package engine

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// maxConnections is what an account has: for work, for watching INBOX, and to send or to search.
const maxConnections = 3

func TestAnAccountNeverHasMoreThanThreeConnections(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 20)
	r.start()
	r.e.Focus(r.mailbox("Archive").Key)
	for round := range 3 {
		for i := range 3 {
			if _, err := r.e.Send(t.Context(), draft(r, "ben@example.org", fmt.Sprintf("%d of %d", i, round))); err != nil {
				t.Fatal(err)
			}
		}
		m := r.list("INBOX")[round]
		r.do("archived", mail.Targeted{Message: m.Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
		r.e.Open(m.Key, "")
		r.settle()
		r.fault.Drop()
		r.e.Refresh("")
		r.until("connected", r.connected)
		r.settle()
	}
	r.sent(9)
	if n := r.fault.Most(); n < 2 || n > maxConnections {
		t.Errorf("%d connections at a time", n)
	}
}

// The search that runs gives its connection to what is to be sent, and is made again; what is opened does not wait for either.
func TestASearchMakesWayForWhatIsSent(t *testing.T) {
	logins, watched := 0, make(chan struct{})
	var searches atomic.Int32
	held, asked := heldSearch()
	r := odd(t, &mailtest.Odd{Command: func(name, line string) string {
		if name == "LOGIN" || name == "AUTHENTICATE" {
			if logins++; logins == 2 {
				close(watched)
			}
		}
		if strings.Contains(line, "SEARCH") && strings.Contains(line, "BODY ") {
			searches.Add(1)
		}
		return held(name, line)
	}})
	r.user.Append("INBOX", message("One", "the tickets are here"), time.Now())
	r.start()
	<-watched
	r.looksFor("tickets")
	<-asked
	if _, err := r.e.Send(t.Context(), draft(r, "ben@example.org", "Hello")); err != nil {
		t.Fatal(err)
	}
	r.e.Open(r.list("INBOX")[0].Key, "")
	r.settle()
	r.sent(1)
	if got, f := r.found(); got != "One" || len(f.Asking)+len(f.Unasked) > 0 {
		t.Errorf("found %q, %+v", got, f)
	}
	if n := r.fault.Most(); n != maxConnections || searches.Load() < 2 { // in Sent too, where the copy may lie by then
		t.Errorf("%d connections at a time, %d searches", n, searches.Load())
	}
}

// A password that is changed while the worker is logged in is met by the watcher alone.
func TestARefusalOnlyTheWatcherMeetsAsksAndDoesNotHammer(t *testing.T) {
	var mu sync.Mutex
	logins, refuse := 0, true
	r := odd(t, &mailtest.Odd{Command: func(name, _ string) string {
		mu.Lock()
		defer mu.Unlock()
		if name != "LOGIN" && name != "AUTHENTICATE" {
			return ""
		}
		if logins++; logins > 1 && refuse {
			return "$ NO [AUTHENTICATIONFAILED] it was changed\r\n"
		}
		return ""
	}})
	r.deliver("INBOX", 1, 1)
	r.open()
	r.e.Start(t.Context())
	r.until("it asks", func() bool { return r.e.States()[0].Phase == NeedsLogin })
	r.deliver("INBOX", 2, 2)
	r.e.Wake()
	r.settle()
	mu.Lock()
	if refuse = false; logins != 2 {
		t.Errorf("%d logins", logins)
	}
	mu.Unlock()
	if !r.said("it was changed") {
		t.Errorf("the log: %+v", r.e.Log())
	}
	r.e.Login("home", "secret", false)
	r.until("all is well", func() bool { return r.e.States()[0].Phase == Idle })
}

func TestNewsAtEveryIdleAreRated(t *testing.T) {
	var r rate
	for range burst {
		if d := r.rest(time.Millisecond); d != 0 {
			t.Fatalf("a burst rests %v", d)
		}
	}
	for _, want := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, longRest, longRest} {
		if d := r.rest(time.Millisecond); d != want {
			t.Errorf("rests %v, want %v", d, want)
		}
	}
	for range 100 {
		if d := r.rest(time.Millisecond); d != longRest {
			t.Fatalf("rests %v after many", d)
		}
	}
	if d := r.rest(time.Minute); d != 0 || r.rest(time.Millisecond) != 0 {
		t.Errorf("rests %v after a quiet minute", d)
	}
}
