package compose

import (
	"testing"

	"posthorn/mail"
)

func signing() mail.Account {
	a := robin
	a.Signature = "Robin Ahlgren\nHarbour street 3"
	a.Signatures = map[string]string{"SECRETARY@sailing.example": "The secretary"}
	return a
}

func TestNewMailIsSignedAndCountsAsEmpty(t *testing.T) {
	d := New(signing())
	if d.Body != "\n\n-- \nRobin Ahlgren\nHarbour street 3\n" {
		t.Errorf("%q", d.Body)
	}
	if !d.Empty() {
		t.Error("a signature alone is kept as a draft")
	}
	if d.To, d.Subject = "anna@x.example", "x"; len(d.Problems(Review{})) != 1 || d.Problems(Review{})[0] != "The text is empty." {
		t.Errorf("%q", d.Problems(Review{}))
	}
	d.Body = "Hello." + d.Body
	if d.Empty() || len(d.Problems(Review{})) != 0 {
		t.Errorf("%q", d.Problems(Review{}))
	}
}

func TestSignatureFollowsTheIdentityAndStaysWhereItWasChanged(t *testing.T) {
	d := New(signing())
	d.Body = "Hello." + d.Body
	d.Sign("The secretary\n")
	if want := "Hello.\n\n-- \nThe secretary\n"; d.Body != want {
		t.Errorf("%q, want %q", d.Body, want)
	}
	d.Sign("")
	if d.Body != "Hello.\n" || d.Signature != "" {
		t.Errorf("%q", d.Body)
	}
	d.Sign("One\r\nTwo")
	d.Body = "Hello.\n\n-- \nOne\nThree\n"
	d.Sign("Other")
	if d.Body != "Hello.\n\n-- \nOne\nThree\n" {
		t.Errorf("what was changed by hand is gone: %q", d.Body)
	}
}

func TestAnswersAreSignedByTheIdentityTheyGoOutAs(t *testing.T) {
	o := Original{Envelope: envelope("anna@x.example", "secretary@sailing.example", ""), Text: "When?"}
	d := Answer(o, ReplySender, signing(), Attribution{})
	if want := "anna@x.example wrote:\n> When?\n\n-- \nThe secretary\n"; d.Body != want {
		t.Errorf("%q, want %q", d.Body, want)
	}
	body, at := d.AnswerBelow()
	if body[:at]+"|"+body[at:] != "anna@x.example wrote:\n> When?\n\n|\n\n-- \nThe secretary\n" {
		t.Errorf("%q at %d", body, at)
	}
	m, _, err := Mailto("mailto:anna@x.example?body=Hi", signing())
	if err != nil || m.Body != "Hi\n\n-- \nRobin Ahlgren\nHarbour street 3\n" {
		t.Errorf("%q, %v", m.Body, err)
	}
	unsigned := Answer(o, ReplySender, robin, Attribution{})
	if body, at := unsigned.AnswerBelow(); body[:at]+"|"+body[at:] != "anna@x.example wrote:\n> When?\n\n|\n" {
		t.Errorf("%q at %d", body, at)
	}
}

func TestSignatureFollowsTheRecipientsUntilOneIsChosen(t *testing.T) {
	a := signing()
	a.Signatures = map[string]string{"to:*@x.example": "For X", "short": "R."}
	d := New(a)
	d.Body = "Hello.\n\n" + d.Body
	d.To = "cy@y.example"
	before := d.Body
	if d.SignBy(a); d.Body != before {
		t.Errorf("the same signature again moves the text: %q", d.Body)
	}
	d.To = "cy@y.example, ben@x.example"
	if d.SignBy(a); d.Body != "Hello.\n\n-- \nFor X\n" {
		t.Errorf("%q", d.Body)
	}
	if !d.Choose("R.", a) || d.Body != "Hello.\n\n-- \nR.\n" {
		t.Errorf("chosen: %q", d.Body)
	}
	if d.SignBy(a); d.Body != "Hello.\n\n-- \nR.\n" {
		t.Errorf("what was chosen goes by itself: %q", d.Body)
	}
	d.Body = "Hello.\n\n-- \nFor X\n" // undo
	if !d.Choose("R.", a) || d.Body != "Hello.\n\n-- \nR.\n" {
		t.Errorf("after undo: %q", d.Body)
	}
	if !d.Choose("", a) || d.Body != "Hello.\n" {
		t.Errorf("none: %q", d.Body)
	}
	if !d.Choose("R.", a) || d.Body != "Hello.\n\n-- \nR.\n" {
		t.Errorf("again: %q", d.Body)
	}
	if d.Body = "Hello.\n"; !d.Choose("R.", a) || d.Body != "Hello.\n\n-- \nR.\n" {
		t.Errorf("after it was taken out by hand: %q", d.Body)
	}
	if d.Body = "Hello.\n\n-- \nMine\n"; d.Choose("For X", a) || d.Body != "Hello.\n\n-- \nMine\n" {
		t.Errorf("one written by hand: %q", d.Body)
	}
	elsewhere := Draft{From: d.From, To: "ben@x.example", Body: "Hello.\n\n-- \nMine\n"}
	if elsewhere.SignBy(a); elsewhere.Body != "Hello.\n\n-- \nMine\n" {
		t.Errorf("a second signature: %q", elsewhere.Body)
	}
	forwarded := Draft{From: d.From, To: "ben@x.example", Body: "See.\n\n" + forwardMark + "\n\nText\n-- \nBen\n"}
	if forwarded.SignBy(a); forwarded.Body != "See.\n\n"+forwardMark+"\n\nText\n-- \nBen\n\n-- \nFor X\n" {
		t.Errorf("forwarded: %q", forwarded.Body)
	}
}
