package ui_test

import (
	"testing"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
)

func TestADraftOnTheServerIsContinuedInTheComposer(t *testing.T) {
	s := newScene(t, 100, 30)
	s.eng.Deliver("home", "Drafts", "From: Anna Lindqvist <anna@example.org>\nTo: mira@harbour.example\nBcc: tom@example.org\n"+
		"Date: Sat, 14 Mar 2026 08:00:00 +0000\nSubject: About the boat\n\nIt needs new varn\n", mail.Draft|mail.Seen)
	s.Press("g 1", "g d", "enter")
	s.Sees("mira@harbour.example", "tom@example.org", "About the boat", "It needs new varn", "ctrl+s send")
}

func TestUnfinishedMessagesOfThisMachineAreFoundInTheSidebar(t *testing.T) {
	s := newScene(t, 120, 30)
	d := compose.New(s.eng.Accounts()[0])
	d.To, d.Subject, d.Body = "mira@harbour.example", "About the boat", "It needs new varn"
	data, err := d.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.mail.SaveDraft(t.Context(), cache.Saved{Account: "home", Data: data}); err != nil {
		t.Fatal(err)
	}
	s.Post(mail.Event{Kind: mail.DraftsChanged})
	s.Sees("Unfinished")
	s.Press("tab", "j", "enter")
	s.Sees("About the boat", "It needs new varn", "ctrl+s send")
}

func TestReplyFetchesWhatItQuotesFirst(t *testing.T) {
	s := newScene(t, 100, 30)
	s.Press("r")
	s.Sees("> Shall we say seven?", "Re: Harbour dinner on Friday?", "mira@harbour.example")
	if len(s.eng.Opened) != 1 {
		t.Errorf("fetched %v", s.eng.Opened)
	}
}

func TestThereIsNoAnswerToAListWhereThereIsNoList(t *testing.T) {
	s := newScene(t, 100, 30)
	s.Press("L")
	s.Sees("did not come through a mailing list")
}
