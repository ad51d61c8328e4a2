package ui_test

import (
	"strings"
	"testing"
	"time"

	"posthorn/ui/action"
	"posthorn/ui/keys"
)

func TestCountsSayHowOftenAndWhichRow(t *testing.T) {
	r := newRig(t)
	r.inbox("home", letters(40)...)
	r.start()
	r.Press("3", "j")
	r.cursorOn("Letter 36")
	r.Press("1", "2", "G")
	r.cursorOn("Letter 28")
	r.Press("1", "0", "g g")
	r.cursorOn("Letter 30")
	r.Press("1")
	r.Sees("1 …")
	r.Press("esc", "k")
	r.cursorOn("Letter 31")
	r.Press("2", "x")
	r.Sees("2 selected")
	r.Press("esc", "G", "9", "8", "x")
	r.Sees("1 selected")
	r.Press("esc", "g g", "3", "s", "5", "d")
	r.Sees("Deleted 5 messages", "35 unread of 35")
	r.Press("z")
	r.Sees("★", "40 unread of 40")
	r.Press("g g", "enter", "4", "J")
	r.Sees("the text of Letter 35")
	r.Press("2", "K")
	r.Sees("the text of Letter 37")
}

func TestAPresetIsInForceEverywhere(t *testing.T) {
	r := newRig(t)
	r.preset = "mutt"
	r.inbox("home", "First", "Second")
	r.start()
	r.Press("?")
	r.Sees("Everywhere", "' i")
	r.Press("esc", "enter")
	r.Sees("the text of Second")
	r.Press("i", "s") // out of the message, save
	r.Sees("Move 1 message to")
	r.Press("esc", "' t")
	r.Sees("home · Sent")
	r.Press("'")
	r.Sees("' …")
	r.Press("i", "m")
	r.Sees("Subject")
}

// Whoever hesitates in a sequence, in whatever set of keys, sees every way it can go on.
func TestAPanelShowsHowEverySequenceOfEveryPresetGoesOn(t *testing.T) {
	for _, preset := range action.Presets {
		t.Run(preset, func(t *testing.T) {
			if testing.Short() && preset != action.Presets[0] {
				t.Skip("the others differ in nothing that runs beside something else")
			}
			r := newRig(t)
			r.preset, r.w, r.h = preset, 140, 36
			r.inbox("home", "First", "Second")
			r.start()
			m, _ := keys.New(preset, nil)
			shown := 0
			for _, at := range []struct {
				way    string
				scopes []action.Scope
			}{
				{"", []action.Scope{action.Index, action.Message, action.App}},
				{m.First([]action.Scope{action.Index, action.Message, action.App}, action.SwitchPane), []action.Scope{action.Sidebar, action.App}},
				{m.Key(action.Sidebar, action.Open) + "," + m.Key(action.Index, action.Open), []action.Scope{action.Pager, action.Message, action.App}},
			} {
				if at.way != "" {
					r.Press(strings.Split(at.way, ",")...)
				}
				begun := map[string]bool{}
				for _, b := range m.Bindings(at.scopes) {
					before, _, more := strings.Cut(b.Sequence(), " ")
					if !more || begun[before] {
						continue
					}
					begun[before] = true
					r.Press(before)
					r.Advance(time.Second)
					if l := strings.TrimSpace(r.Lines()[r.h-1]); l != keys.Show(before)+" …  esc never mind" {
						t.Errorf("the hints below the panel: %s", l)
					}
					for _, e := range m.Continuations(at.scopes, before) {
						shown++
						if e.Help != "" && (!strings.Contains(r.Screen(), e.Help) || !strings.Contains(r.Screen(), keys.Show(e.Keys[0])+" ")) {
							t.Errorf("in %v after %s %q is not shown to be %q:\n%s", at.scopes, before, e.Keys[0], e.Help, r.Screen())
						}
					}
					r.Press("esc")
					r.SeesNot("╭")
				}
			}
			if shown < 20 {
				t.Errorf("only %d ways to go on were shown", shown)
			}
		})
	}
}
