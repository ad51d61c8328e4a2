package ui_test

import (
	"strings"
	"testing"
)

// inReplyTo is the header line of an answer to the letters with these subjects.
func inReplyTo(subjects ...string) []string {
	var ids []string
	for _, s := range subjects {
		ids = append(ids, "<"+id(s)+">")
	}
	return []string{"References: " + strings.Join(ids, " ")}
}

// talking is Anna in a conversation of four messages, one of them her own, beside two other letters.
func talking(t *testing.T) *rig {
	r := newRig(t)
	r.inbox("home", "Boat")
	r.deliver("home", "Sent", post{from: "Anna Lindqvist <anna@home.example>", to: "ben@friends.example", subject: "Re: Boat", header: inReplyTo("Boat")}, `\Seen`)
	r.inbox("home", "Car")
	r.deliver("home", "INBOX", post{from: "Carla Ruiz <carla@books.example>", subject: "Re: Re: Boat", header: inReplyTo("Boat", "Re: Boat")})
	r.deliver("home", "INBOX", post{subject: "Boat again", header: inReplyTo("Boat")}, `\Seen`)
	r.inbox("home", "Dog")
	r.start()
	r.Press("g i")
	return r
}

func TestAConversationIsOneRowThatUnfolds(t *testing.T) {
	r := talking(t)
	r.inOrder("Dog", "Ben, me, Carla", "4", "Boat again", "Car")
	r.SeesNot("Re: Boat")
	r.Press("j", "-")
	r.inOrder("Dog", "▾ Boat again", "└ Re: Re: Boat", "└ Re: Boat", "└ Boat", "Car")
	r.Press("j", "j", "-")
	r.inOrder("Dog", "4", "Boat again", "Car")
	r.SeesNot("└")
	if l := r.lineWith("Boat again"); !strings.Contains(l, "▎") {
		t.Errorf("the cursor is not on the conversation:\n%s", r.Screen())
	}
	r.Press("k", "-")
	r.Sees("There is nothing to fold")
}

func TestOpeningAConversationBeginsWithItsOldestUnreadMessage(t *testing.T) {
	r := talking(t)
	r.Press("j", "enter")
	r.Sees("this is the text of Boat.")
	r.Press("K")
	r.Sees("this is the text of Re: Boat.")
	r.Press("K", "q")
	r.Sees("▾ Boat again", "└ Re: Re: Boat")
}

func TestWhatIsDoneToAFoldedConversationIsDoneToAllOfItHere(t *testing.T) {
	r := talking(t)
	r.Press("j", "a")
	r.Sees("Archived 3 messages")
	r.SeesNot("Boat")
	r.onServer("home", "INBOX", "Car", "Dog")
	r.onServer("home", "Sent", `Re: Boat \Seen`)
	r.Press("z")
	r.Sees("Boat again", "4")
	r.Press("g g", "j", "x")
	r.Sees("3 selected")
	r.Press("u")
	r.onServer("home", "INBOX", "Car", "Dog", `Boat \Seen`, `Re: Re: Boat \Seen`, `Boat again \Seen`)
}

func TestMessagesAreRowsWhereThatIsWishedAlsoNextTime(t *testing.T) {
	r := talking(t)
	r.Press("T")
	r.inOrder("Dog", "Boat again", "Re: Re: Boat", "Car", "Boat")
	r.stop()
	r.start()
	r.Press("g i")
	r.inOrder("Dog", "Boat again", "Re: Re: Boat", "Car", "Boat")
	r.Press("T")
	r.Sees("Ben, me, Carla")
}

func TestAnAnswerThatArrivesJoinsItsConversation(t *testing.T) {
	r := talking(t)
	r.Press("j", "j")
	r.deliver("home", "INBOX", post{from: "Dora Lund <dora@friends.example>", subject: "Late", header: inReplyTo("Boat again")})
	r.Press("ctrl+r")
	r.UntilSeen("Ben, me, Carla, D")
	r.inOrder("5", "Late", "Dog", "Car")
	if l := r.lineWith("Car "); !strings.Contains(l, "▎") {
		t.Errorf("the cursor moved:\n%s", r.Screen())
	}
}

// TestTwoConversationsBecomeOne: by a message that answers both. The cursor stays where it was of what lies between, and
// goes along with the conversation that it was on.
func TestTwoConversationsBecomeOne(t *testing.T) {
	for _, c := range []struct{ down, on, then string }{{"j j", "Dog", "Dog"}, {"j", "Car again", "Both"}, {"j j j", "Boat again", "Both"}} {
		r := talking(t)
		r.deliver("home", "INBOX", post{subject: "Car again", header: inReplyTo("Car")}, `\Seen`)
		r.inbox("home", "Egg")
		r.Press("ctrl+r")
		r.inOrder("Egg", "Car again", "Dog", "Boat again")
		r.Press("g g")
		r.Press(strings.Fields(c.down)...)
		r.cursorOn(c.on)
		r.deliver("home", "INBOX", post{from: "Dora Lund <dora@friends.example>", subject: "Both", header: inReplyTo("Boat again", "Car again")})
		r.Press("ctrl+r")
		r.UntilSeen("Both")
		r.inOrder("7", "Both", "Egg", "Dog")
		r.Sees("6 unread of 8")
		r.SeesNot("Car again", "Boat again")
		r.cursorOn(c.then)
		r.Press("g g", "-")
		r.inOrder("▾ Both", "└ Car again", "└ Boat again", "└ Boat", "Egg", "Dog")
		r.stop()
	}
}

// TestAnUnfoldedConversationStaysSoWhereItBecomesPartOfAnother: under the cursor nothing folds by itself.
func TestAnUnfoldedConversationStaysSoWhereItBecomesPartOfAnother(t *testing.T) {
	r := talking(t)
	r.deliver("home", "INBOX", post{subject: "Wheel", header: inReplyTo("Car")}, `\Seen`)
	r.Press("ctrl+r", "g g", "-", "j")
	r.inOrder("▾ Wheel", "└ Car", "Dog", "Boat again")
	r.cursorOn("└ Car")
	r.deliver("home", "INBOX", post{from: "Dora Lund <dora@friends.example>", subject: "Both", header: inReplyTo("Boat again", "Wheel")})
	r.Press("ctrl+r")
	r.UntilSeen("Both")
	r.inOrder("▾ Both", "└ Wheel", "└ Boat again", "└ Car", "└ Boat", "Dog")
	r.cursorOn("└ Car")
}
