package ui_test

import "testing"

func TestMuting(t *testing.T) {
	onEveryServer(t, []told{
		{"a muted conversation is out of the way, with what comes later", aMutedConversationIsOutOfTheWay},
	})
}

func aMutedConversationIsOutOfTheWay(r *rig) {
	r.inbox("home", "Boat")
	r.deliver("home", "Sent", post{from: "Anna Lindqvist <anna@home.example>", to: "ben@friends.example", subject: "Re: Boat", header: inReplyTo("Boat")}, `\Seen`)
	r.inbox("home", "Car")
	r.deliver("home", "INBOX", post{from: "Carla Ruiz <carla@books.example>", subject: "Re: Re: Boat", header: inReplyTo("Boat")})
	r.inbox("home", "Dog")
	r.start()
	r.Press("g i", "j", "M")
	r.Sees("Muted the conversation · z undoes it")
	r.SeesNot("Boat")
	r.onServer("home", "INBOX", "Car", "Dog")
	r.onServer("home", "Archive", `Boat $muted \Seen`, `Re: Re: Boat $muted \Seen`)
	r.onServer("home", "Sent", `Re: Boat $muted \Seen`)

	r.Press("z")
	r.inOrder("Dog", "Re: Re: Boat", "Car")
	r.onServer("home", "INBOX", "Car", "Dog", "Boat", "Re: Re: Boat")
	r.onServer("home", "Sent", `Re: Boat \Seen`)
	r.Press("ctrl+y")
	r.SeesNot("Boat")

	r.deliver("home", "INBOX", post{subject: "Boat once more", header: inReplyTo("Boat")})
	r.inbox("home", "Ear")
	r.Press("ctrl+r")
	r.UntilSeen("Ear")
	r.SeesNot("Boat")
	r.Press("g e")
	r.UntilSeen("Boat once more")
	r.Sees("⊘")
	r.onServer("home", "INBOX", "Car", "Dog", "Ear")
	r.Press("/")
	r.Type("is:muted")
	r.Press("enter")
	r.inOrder("Boat once more", "Re: Re: Boat", "Re: Boat", "Boat")
	r.Press("M")
	r.Sees("Muted the conversation no longer")
	r.SeesNot("⊘")
	r.onServer("home", "Archive", `Boat \Seen`, `Re: Re: Boat \Seen`, `Boat once more \Seen`)

	r.deliver("home", "INBOX", post{subject: "Boat at last", header: inReplyTo("Boat")})
	r.Press("ctrl+r", "esc", "g i")
	r.UntilSeen("Boat at last")
	r.onServer("home", "INBOX", "Car", "Dog", "Ear", "Boat at last")
}
