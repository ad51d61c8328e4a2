package ui_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestDrafts(t *testing.T) {
	onEveryServer(t, []told{
		{"a draft goes on on another device and comes back", aDraftGoesOnOnAnotherDeviceAndComesBack},
		{"a draft that is thrown away elsewhere is gone here", aDraftThatIsThrownAwayElsewhereIsGoneHere},
		{"a draft that is changed in two places is two drafts", aDraftThatIsChangedInTwoPlacesIsTwoDrafts},
		{"what is thrown away elsewhere while it is written stays", whatIsThrownAwayElsewhereWhileItIsWrittenStays},
	})
}

// drafted writes the beginning of a message and closes it, so that the server has it.
func (r *rig) drafted() {
	r.t.Helper()
	r.start()
	r.Press("c")
	r.Type("ben@friends.example")
	r.Press("tab", "tab", "tab")
	r.Type("Boat")
	r.Press("tab")
	r.Type("It needs oars.")
	r.Press("ctrl+q")
	r.onServer("home", "Drafts", `Boat \Draft \Seen`)
	r.Press("g 1", "g d")
	r.Sees("Boat")
}

// elsewhere replaces what is in Drafts, as the program of another device does.
func (r *rig) elsewhere(text string) {
	r.t.Helper()
	r.servers.expunge(r.t, "home", "Drafts")
	r.deliver("home", "Drafts", post{from: "anna@home.example", to: "ben@friends.example", subject: "Boat", text: text, header: []string{"Bcc: Cy <cy@friends.example>"}}, `\Draft`)
}

// texts are the texts of what is in Drafts on the server.
func (r *rig) texts() string {
	var out []string
	for _, m := range r.servers.messages(r.t, "home", "Drafts") {
		out = append(out, strings.TrimSpace(text(m.raw)))
	}
	slices.Sort(out)
	return strings.Join(out, " | ")
}

// untilTexts waits until Drafts holds these on the server.
func (r *rig) untilTexts(want string) {
	r.t.Helper()
	r.Until("Drafts holds "+want, func() bool { return r.texts() == want })
}

// untilDrafts waits until so many drafts are known here, less those that lie on the server only.
func (r *rig) untilDrafts(n int) {
	r.t.Helper()
	r.Until("the drafts are as the server has them", func() bool {
		drafts, err := r.store.Drafts(r.t.Context())
		return err == nil && len(drafts) == n
	})
}

func aDraftGoesOnOnAnotherDeviceAndComesBack(r *rig) {
	r.drafted()
	r.elsewhere("It needs oars, said the phone.")
	r.Press("ctrl+r")
	r.untilDrafts(0)
	r.Press("enter")
	r.Sees("It needs oars, said the phone.", "Cy <cy@friends.example>", "ctrl+s send")
	r.Type("And a sail. ")
	r.Press("ctrl+q")
	if got := r.texts(); !strings.Contains(got, "said the phone") || !strings.Contains(got, "And a sail.") || strings.Contains(got, "|") {
		r.t.Errorf("Drafts holds %q", got)
	}
	r.Press("enter", "ctrl+s")
	sent := r.submitted()
	if got := text(sent.Raw); !strings.Contains(got, "And a sail.") || !slices.Contains(sent.To, "cy@friends.example") {
		r.t.Errorf("sent to %v: %q", sent.To, got)
	}
	r.onServer("home", "Drafts")
}

func aDraftThatIsThrownAwayElsewhereIsGoneHere(r *rig) {
	r.drafted()
	r.servers.expunge(r.t, "home", "Drafts")
	r.Press("ctrl+r")
	r.untilDrafts(0)
	r.SeesNot("Boat  ")
	r.onServer("home", "Drafts")
}

func aDraftThatIsChangedInTwoPlacesIsTwoDrafts(r *rig) {
	r.drafted()
	r.fault.Down(true)
	r.Press("enter")
	r.Type("Here: paint. ")
	r.Press("ctrl+q")
	r.elsewhere("There: varnish.")
	r.fault.Down(false)
	r.Press("ctrl+r")
	r.untilTexts("Here: paint. It needs oars. | There: varnish.")
	r.Press("g 1", "g d")
	r.Press("ctrl+r", "enter")
	r.Sees("ctrl+s send")
	r.Press("ctrl+q", "j", "enter")
	r.Sees("ctrl+s send")
}

func whatIsThrownAwayElsewhereWhileItIsWrittenStays(r *rig) {
	r.drafted()
	r.Press("enter")
	r.Type("Here: paint. ")
	r.Advance(2 * time.Second) // kept here, and not yet on the server
	r.servers.expunge(r.t, "home", "Drafts")
	r.engine.Refresh("")
	r.Advance(time.Second)
	r.Sees("Here: paint. It needs oars.")
	r.Press("ctrl+q")
	r.untilTexts("Here: paint. It needs oars.")
}

func TestADraftThatTheServerDoesNotHaveYetIsSaidAmongItsDrafts(t *testing.T) {
	r := newRig(t)
	r.start()
	r.Press("g 1", "g d")
	r.fault.Down(true)
	r.Press("c", "tab", "tab", "tab")
	r.Type("Keys")
	r.Press("ctrl+q")
	r.Sees("Not on the server yet: Keys (under Unfinished)")
	r.fault.Down(false)
	r.Press("ctrl+r")
	r.untilTexts("")
	r.Until("it is among the others", func() bool { return !strings.Contains(r.Screen(), "Not on the server") })
	r.Sees("Keys")
}
