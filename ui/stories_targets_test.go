package ui_test

import (
	"slices"
	"testing"
	"time"
)

// TestEveryActionIsDoneToOneASelectionOrAConversationAndUndoneAtOnce: what an action does to one message it does to several
// selected ones and to a folded conversation, and one key takes all of it back.
func TestEveryActionIsDoneToOneASelectionOrAConversationAndUndoneAtOnce(t *testing.T) {
	r := newRig(t)
	r.grace = time.Hour
	r.servers.create(t, "home", "Trips")
	r.inbox("home", "Boat", "Car")
	r.deliver("home", "INBOX", post{subject: "Re: Boat", header: inReplyTo("Boat")})
	r.inbox("home", "Dog", "Ear")
	r.start()
	held := func(mailbox string) (out []string) {
		for _, m := range r.servers.messages(t, "home", mailbox) {
			out = append(out, m.String())
		}
		slices.Sort(out)
		return out
	}
	all := []string{"Boat", "Car", "Dog", "Ear", "Re: Boat"}
	for what, targets := range map[string]struct {
		way      string
		subjects []string
	}{
		"one":            {"g i g g @Dog", []string{"Dog"}},
		"a selection":    {"g i g g x @Car x", []string{"Car", "Ear"}},
		"a conversation": {"g i g g @Boat", []string{"Boat", "Re: Boat"}},
		"a count":        {"g i g g 2", []string{"Dog", "Ear"}},
	} {
		for _, c := range []struct {
			keys    string
			mailbox string // where they are then; empty: nowhere
			mark    string
			stay    bool // in the inbox
		}{
			{"u", "INBOX", ` \Seen`, false}, {"s", "INBOX", ` \Flagged`, false}, {"a", "Archive", "", false}, {"d", "Trash", "", false},
			{"!", "Junk", " $Junk", false}, {"+ 'harbour enter", "INBOX", " harbour", false}, {"m 'trips enter", "Trips", "", false},
			{"y 'trips enter", "Trips", "", true}, {"M", "Archive", ` $muted \Seen`, false},
		} {
			s := &stage{rig: r}
			s.walk(targets.way + " " + c.keys)
			inbox := all
			if !c.stay {
				inbox = slices.DeleteFunc(slices.Clone(all), func(one string) bool { return slices.Contains(targets.subjects, one) })
			}
			var there []string
			for _, one := range targets.subjects {
				there = append(there, one+c.mark)
			}
			if c.mailbox == "INBOX" {
				inbox = append(inbox, there...)
				slices.Sort(inbox)
			} else if got := held(c.mailbox); !slices.Equal(got, there) {
				t.Errorf("%s on %s: %s holds %q, want %q", c.keys, what, c.mailbox, got, there)
			}
			if got := held("INBOX"); !slices.Equal(got, inbox) {
				t.Errorf("%s on %s: the inbox holds %q, want %q", c.keys, what, got, inbox)
			}
			r.Press("z")
			if got := held("INBOX"); !slices.Equal(got, all) || c.mailbox != "INBOX" && len(held(c.mailbox)) > 0 {
				t.Errorf("%s on %s, undone: the inbox holds %q, %s %q\n%s", c.keys, what, got, c.mailbox, held(c.mailbox), r.Screen())
			}
		}
		s := &stage{rig: r}
		s.walk(targets.way + " D")
		for _, one := range targets.subjects {
			r.SeesNot(" " + one + " ")
		}
		r.Press("z")
		r.inOrder("Ear", "Dog", "Re: Boat", "Car")
	}
}

// Of several that are selected none is answered by chance; both ways of forwarding take all of them along.
func TestSeveralAreForwardedTogetherAndAnsweredOneAtATime(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two", "Three")
	r.start()
	r.Press("alt+1", "x", "x")
	for _, key := range []string{"r", "R", "B", "ctrl+e"} {
		r.Press(key)
		r.Sees("2 messages are selected, and this is done to one at a time", "2 selected of 3")
	}
	for _, key := range []string{"f", "F"} {
		r.Press(key)
		r.Sees("Fwd: 2 messages", "Three.eml", "Two.eml")
		r.Press("ctrl+x")
	}
	r.Press("esc", "r")
	r.Sees("Re: One")
}
