package ui_test

import "testing"

// Mail that one sends oneself from another account, or from an address that an alias stands for, is no deceit.
func TestOnesOwnNameIsNoDeceitFromAnyOwnAddress(t *testing.T) {
	r := newRig(t)
	r.accounts[1].Aliases = []string{"*@lindqvist.net"}
	for _, from := range []string{"anna@work.example", "shop@lindqvist.net", "post+shop@lindqvist.example", "anna@linqvist.example"} {
		r.deliver("home", "INBOX", post{subject: from, from: "Anna Lindqvist <" + from + ">"})
	}
	r.start()
	const deceit = "The sender bears your own name"
	r.Press("enter")
	r.Sees("<anna@linqvist.example>", deceit)
	for range 3 {
		r.Press("J")
		r.Sees("Anna Lindqvist <")
		r.SeesNot(deceit)
	}
}
