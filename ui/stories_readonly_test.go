package ui_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/cache/engine"
	"posthorn/ui"
	"posthorn/ui/action"
	"posthorn/ui/uitest"
)

// look opens posthorn -read-only on the data that start left.
func (r *rig) look() {
	r.t.Helper()
	store, end, err := cache.OpenReadOnly(context.Background(), r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		if err := end(); err != nil {
			r.t.Error(err)
		}
	})
	e := engine.NewReadOnly(store, r.accounts)
	r.Driver = uitest.NewDriver(r.t)
	r.Driver.Events = e.Events()
	r.Start(ui.New(r.t.Context(), ui.Options{Store: store, Engine: e, Events: r.Driver, Config: r.config, Now: r.Now, Timer: r.Timer}), r.w, r.h)
}

const onlyLooking = "Posthorn was started with -read-only: work in the other one, or start again without it"

func TestReadOnlyRefusesEveryChangingKeyAtOnce(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two")
	r.deliver("home", "Drafts", post{subject: "Half a letter"})
	r.start()
	r.Press("enter", "q", "u", "g d") // the text of Two is here
	r.stop()
	r.look()
	r.Sees("Read only: nothing is fetched, and nothing is changed.")
	for _, e := range action.Table {
		open := map[action.Scope][]string{action.Message: {}, action.App: {}, action.Pager: {"enter"}, action.Outbox: {"g o"}}[e.Scope]
		if open == nil || len(e.Keys) == 0 || !e.Action.Changes() {
			continue
		}
		for _, reading := range []bool{false, true} {
			if reading && e.Scope == action.Outbox {
				continue
			}
			r.Press(open...)
			if reading && e.Scope != action.Pager {
				r.Press("enter")
			}
			r.Advance(time.Minute) // what was said before is over
			r.SeesNot(onlyLooking)
			r.Press(e.Keys[0])
			if !strings.Contains(r.Screen(), onlyLooking) {
				t.Errorf("%s (%s), reading %v: not refused:\n%s", e.Action, e.Keys[0], reading, r.Screen())
			}
			if len(open) > 0 || reading {
				r.Press("q")
			}
			r.Press("g a")
			r.inOrder("Two", "One")
		}
	}
	r.Press("g d", "enter") // a draft is read, not written
	r.Sees("Half a letter")
	r.SeesNot("To:  ", "ctrl+s")
}

func TestReadOnlyReadsSelectsAndExports(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two")
	r.start()
	r.Press("enter", "ctrl+v", "ctrl+v", "J", "ctrl+v", "ctrl+v", "q") // all of both is here
	r.Sees("2 unread of 2")
	r.stop()
	r.look()
	r.Press("enter")
	r.Sees("this is the text of Two")
	r.Advance(time.Minute)
	r.SeesNot(onlyLooking)
	r.Press("q", "* a", "E")
	r.Press("ctrl+u")
	file := filepath.Join(t.TempDir(), "all.mbox")
	r.Type(file)
	r.Press("enter")
	raw, err := os.ReadFile(file)
	if err != nil || strings.Count(string(raw), "\nSubject: ") != 2 {
		t.Errorf("exported %q (%v)", raw, err)
	}
	r.Sees("Exported 2 messages", "2 selected of 2")
}

func TestReadOnlySaysThatItFetchesNothing(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One")
	r.start()
	r.stop()
	r.look()
	r.Press("enter")
	r.Sees("-read-only fetches nothing")
	r.Press("E", "ctrl+u")
	r.Type(filepath.Join(t.TempDir(), "one.eml"))
	r.Press("enter")
	r.Sees("nothing was written: it was not fetched yet, and -read-only fetches nothing")
}
