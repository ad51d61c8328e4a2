package ui_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/mail/body"
	"posthorn/mail/mailtest"
)

func TestAnswering(t *testing.T) {
	onEveryServer(t, []told{
		{"the sent copy is filed once and the original is answered", theSentCopyIsFiledOnceAndTheOriginalIsAnswered},
		{"a refusal shows the server's words and the draft is still there", aRefusalShowsTheServersWordsAndTheDraftIsStillThere},
		{"mail between two accounts arrives and can be answered", mailBetweenTwoAccountsArrivesAndCanBeAnswered},
	})
}

// submitted is the only message that the submission server took.
func (r *rig) submitted() mailtest.Accepted {
	r.t.Helper()
	got := r.smtp.Accepted()
	if len(got) != 1 {
		r.t.Fatalf("%d messages were submitted:\n%s", len(got), r.Screen())
	}
	return got[0]
}

// says fails unless a header field of a message has that value.
func (r *rig) says(raw []byte, name, want string) {
	r.t.Helper()
	if got := (stored{raw: raw}).header(name); got != want {
		r.t.Errorf("%s: %s, want %s", name, got, want)
	}
}

// text is the readable text of a message.
func text(raw []byte) string {
	m := body.Parse(raw)
	var parts []body.Content
	for _, p := range m.Root.TextParts("text/plain") {
		parts = append(parts, body.Content{Part: *p, Raw: m.Content(p.Section)})
	}
	return body.Plain(parts)
}

func theSentCopyIsFiledOnceAndTheOriginalIsAnswered(r *rig) {
	r.inbox("home", "Lunch on Friday")
	r.start()
	r.Press("r")
	r.Type("Yes.")
	r.Press("ctrl+s")
	r.Sees("↩")
	r.onServer("home", "INBOX", `Lunch on Friday \Answered`)
	r.onServer("home", "Sent", `Re: Lunch on Friday \Seen`)
	copied := r.servers.messages(r.t, "home", "Sent")
	if sent := r.submitted().Raw; len(copied) != 1 || string(copied[0].raw) != string(sent) {
		r.t.Errorf("the copy is not what was sent: %q and %q", copied, sent)
	}
	r.Press("g t")
	r.Sees("Re: Lunch on Friday", "Ben Okafor")
	r.stop()
	r.start()
	r.onServer("home", "Sent", `Re: Lunch on Friday \Seen`)
	r.submitted()
}

func aRefusalShowsTheServersWordsAndTheDraftIsStillThere(r *rig) {
	r.inbox("home", "Lunch on Friday")
	r.start()
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 550})
	r.Press("r")
	r.Type("Yes.")
	r.Press("ctrl+s")
	r.Sees("refused by the test at rcpt", "Drafts")
	r.onServer("home", "Sent")
	r.onServer("home", "INBOX", "Lunch on Friday")
	r.smtp.Make(mailtest.Trouble{})
	r.openDrafts()
	r.Sees("Re: Lunch on Friday", "Yes.", "> Dear Anna")
	r.Press("ctrl+s")
	r.submitted()
	r.onServer("home", "Sent", `Re: Lunch on Friday \Seen`)
	r.onServer("home", "INBOX", `Lunch on Friday \Answered`)
}

// openDrafts goes to the unfinished messages by the sidebar.
func (r *rig) openDrafts() {
	r.t.Helper()
	if strings.Contains(r.Screen(), "Unfinished") { // the server has no copy yet
		r.Press("tab", "g g", "j", "enter")
		return
	}
	r.Press("g 1", "g d", "enter")
}

func mailBetweenTwoAccountsArrivesAndCanBeAnswered(r *rig) {
	r.start()
	r.Press("c")
	r.Type("anna@work.example")
	r.Press("tab", "tab", "tab")
	r.Type("Keys of the boat")
	r.Press("tab")
	r.Type("They are in the drawer.")
	r.Press("ctrl+s")
	r.Press("g 2")
	r.UntilSeen("Keys of the boat")
	r.Press("r")
	r.Sees("anna@home.example", "anna@work.example")
	r.Type("Thanks!")
	r.Press("ctrl+s", "g 1")
	r.UntilSeen("Re: Keys of the boat")
	r.onServer("work", "INBOX", `Keys of the boat \Answered`)
	r.onServer("work", "Sent", `Re: Keys of the boat \Seen`)
	r.onServer("home", "Sent", `Keys of the boat \Seen`)
}

func TestPeopleSeenInMailCompleteAddresses(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Lunch on Friday")
	r.start()
	r.Press("c")
	r.Type("oka")
	r.Sees("Ben Okafor <ben@friends.example>")
	r.Press("enter", "tab", "tab", "tab")
	r.Type("Hello")
	r.Press("tab")
	r.Type("Hello Ben.")
	r.Press("ctrl+s")
	got := r.submitted()
	r.says(got.Raw, "To", "Ben Okafor <ben@friends.example>")
	if !slices.Equal(got.To, []string{"ben@friends.example"}) {
		t.Errorf("went to %q", got.To)
	}
}

func TestADraftIsKeptWhenItIsClosedAndOpensAgain(t *testing.T) {
	r := newRig(t)
	r.start()
	r.Press("c")
	r.Type("ben@friends.example")
	r.Press("tab", "tab", "tab")
	r.Type("Not yet")
	r.Press("tab")
	r.Type("I have to think.")
	r.Press("esc")
	r.stop()
	r.start()
	r.openDrafts()
	r.Sees("ben@friends.example", "Not yet", "I have to think.")
	r.Type("Now I know. ")
	r.Press("ctrl+s")
	if got := text(r.submitted().Raw); !strings.Contains(got, "Now I know.") || !strings.Contains(got, "I have to think.") {
		t.Errorf("sent %q", got)
	}
	r.openDrafts()
	r.SeesNot("Not yet")
}

func TestWhatIsWrittenIsKeptWhileItIsWritten(t *testing.T) {
	r := newRig(t)
	r.start()
	r.Press("c", "tab", "tab", "tab", "tab")
	r.Type("Half a sen")
	r.Advance(2 * time.Second)
	r.stop() // as if the machine went down
	r.start()
	r.openDrafts()
	r.Sees("Half a sen")
}

func TestADraftThatIsThrownAwayIsGoneUntilUndone(t *testing.T) {
	r := newRig(t)
	r.start()
	r.Press("c", "tab", "tab", "tab")
	r.Type("Never mind")
	r.Advance(2 * time.Second)
	r.Press("ctrl+x")
	if drafts, err := r.store.Drafts(t.Context()); err != nil || len(drafts) != 0 {
		t.Errorf("drafts %v %v", drafts, err)
	}
	r.Press("z")
	r.Sees("Never mind", "ctrl+s send")
}

// The Drafts mailbox has a copy as soon as the composer is closed; opened there, the draft itself goes on.
func TestADraftIsListedAmongThoseOfTheServer(t *testing.T) {
	r := newRig(t)
	r.start()
	r.Press("c")
	r.Type("ben@okafor.example")
	r.Press("tab", "tab", "tab")
	r.Type("About the boat")
	r.Press("tab")
	r.Type("It needs varnish")
	r.Press("ctrl+q")
	r.Press("g 1", "g d")
	r.Sees("About the boat")
	r.SeesNot("Unfinished")
	r.Press("enter")
	r.Sees("It needs varnish", "ctrl+s send")
	r.Press("ctrl+x")
	r.SeesNot("About the boat")
}

func TestWritingAsAnotherAccount(t *testing.T) {
	r := newRig(t)
	r.start()
	r.Press("c")
	r.Sees("anna@home.example")
	r.Press("ctrl+f")
	r.Sees("Write as")
	r.Type("work")
	r.Press("enter")
	r.Sees("anna@work.example")
	r.Type("ben@friends.example")
	r.Press("tab", "tab", "tab")
	r.Type("From the office")
	r.Press("ctrl+s")
	r.Sees("The text is empty.")
	r.Press("y")
	if got := r.submitted(); got.From != "anna@work.example" {
		t.Errorf("from %s", got.From)
	}
	r.onServer("work", "Sent", `From the office \Seen`)
}

func TestAMessageIsWrittenFromATemplate(t *testing.T) {
	r := newRig(t)
	r.config.Templates = t.TempDir()
	template := "Subject: The keys of {my_first_name}\n\nDear {first_name},\n\n{cursor}\n\nUntil then\n"
	if err := os.WriteFile(filepath.Join(r.config.Templates, "keys.txt"), []byte(template), 0o600); err != nil {
		t.Fatal(err)
	}
	r.start()
	r.Press("alt+i")
	r.Sees("keys")
	r.Press("enter")
	r.Type("Ben Okafor <ben@friends.example>")
	r.Press("tab", "tab", "tab", "tab")
	r.Type("They hang at the shed.")
	r.Press("ctrl+s")
	m := r.submitted()
	r.says(m.Raw, "Subject", "The keys of Anna")
	if got := text(m.Raw); got != "Dear Ben,\n\nThey hang at the shed.\n\nUntil then\n" {
		t.Errorf("%q", got)
	}
}

// A server that takes no letters beyond ASCII in addresses is not given any, and the draft is back. // RFC 6531 §3.2
func TestAnInternationalAddressGoesOutOrTheDraftIsBack(t *testing.T) {
	for _, takes := range []bool{true, false} {
		r := newRig(t)
		if !takes {
			r.smtp.ForgetUTF8()
		}
		r.start()
		r.Press("c")
		r.Type("jürgen@friends.example")
		r.Press("tab", "tab", "tab")
		r.Type("Boat")
		r.Press("tab")
		r.Type("It floats.")
		r.Press("ctrl+s")
		if takes {
			if m := r.submitted(); len(m.To) != 1 || m.To[0] != "jürgen@friends.example" {
				t.Errorf("to %q", m.To)
			}
			continue
		}
		r.Sees("plain ASCII letters", "Drafts")
		if got := r.smtp.Accepted(); len(got) > 0 {
			t.Errorf("taken: %+v", got)
		}
		r.openDrafts()
		r.Sees("jürgen@friends.example", "Boat", "It floats.")
	}
}

func TestAFileIsAttachedByItsPath(t *testing.T) {
	r := newRig(t)
	path := filepath.Join(t.TempDir(), "tide table.csv")
	if err := os.WriteFile(path, []byte("six,high\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.start()
	r.Press("c")
	r.Type("ben@friends.example")
	r.Press("ctrl+t")
	r.Press("ctrl+u")
	r.Type(strings.TrimSuffix(path, "e table.csv"))
	r.Press("tab", "enter")
	r.Sees("tide table.csv")
	r.Press("tab", "tab", "tab")
	r.Type("Tides")
	r.Press("ctrl+s")
	m := body.Parse(r.submitted().Raw)
	files := m.Root.Attachments()
	if len(files) != 1 || files[0].Filename != "tide table.csv" {
		t.Fatalf("attachments %+v", files)
	}
	if got := string(body.Decode(*files[0], m.Content(files[0].Section))); got != "six,high\n" {
		t.Errorf("attached %q", got)
	}
}

// A file of another message goes along though it was never looked at, and another message whole.
func TestAFileOfAnotherMessageAndAMessageAreAttached(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "INBOX", withFile("Tides of May", "tides.csv", "six,high"))
	r.deliver("home", "INBOX", post{subject: "Lunch"})
	r.start()
	r.Press("c")
	r.Type("ben@friends.example")
	r.Press("tab", "tab", "tab")
	r.Type("Tides")
	r.Press("alt+l")
	r.Sees("Attach which message?", "Lunch", "Tides of May")
	r.Type("tides")
	r.Sees("1 file · ")
	r.Press("enter")
	r.Sees("Attach of “Tides of May”", "The whole message")
	r.Type("csv")
	r.Press("enter")
	r.Sees("Attached tides.csv")
	r.Press("alt+l")
	r.Type("subject:lunch")
	r.Sees("nothing matches")
	r.Press("ctrl+t")
	r.Sees("1 found: subject:lunch")
	r.Press("enter")
	r.Sees("Attached Lunch.eml")
	r.Press("ctrl+s")
	m := body.Parse(r.submitted().Raw)
	files := m.Root.Attachments()
	if len(files) != 2 || files[0].Filename != "tides.csv" || files[1].Filename != "Lunch.eml" {
		t.Fatalf("attachments %+v", files)
	}
	if got := strings.TrimSpace(string(body.Decode(*files[0], m.Content(files[0].Section)))); got != "six,high" {
		t.Errorf("attached %q", got)
	}
	if got := string(m.Content(files[1].Section)); !strings.Contains(got, "this is the text of Lunch.") {
		t.Errorf("attached %q", got)
	}
}

func TestWrongAddressesAreSaidBeforeSending(t *testing.T) {
	r := newRig(t)
	r.start()
	r.Press("c")
	r.Type("ben at friends")
	r.Press("tab", "tab", "tab")
	r.Type("Hello")
	r.Press("ctrl+s")
	r.Sees("ben at friends", "Subject")
	if n := len(r.smtp.Accepted()); n != 0 {
		t.Errorf("%d submitted", n)
	}
}

func TestMailWrittenOfflineWaitsInTheOutboxAndGoesLater(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Lunch on Friday")
	r.start()
	r.Press("enter", "q")
	r.fault.Down(true)
	r.UntilSeen("No connection")
	r.Press("r")
	r.Type("Yes.")
	r.Press("ctrl+s", "g o")
	r.Sees("Re: Lunch on Friday", "the network is down")
	r.stop()
	r.start()
	r.Press("g o")
	r.Sees("Re: Lunch on Friday")
	r.Press("q")
	r.fault.Down(false)
	r.Press("ctrl+r")
	r.Until("it is sent and filed", func() bool { return len(r.servers.messages(t, "home", "Sent")) == 1 })
	r.submitted()
	r.Press("g o")
	r.SeesNot("Re: Lunch on Friday")
}

func TestMailThatWaitsCanBeTakenBackAndChanged(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Lunch on Friday")
	r.start()
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 451})
	r.Press("r")
	r.Type("Yes.")
	r.Press("ctrl+s", "g o")
	r.Sees("Re: Lunch on Friday", "refused by the test at rcpt")
	r.Press("e")
	r.Sees("Yes.", "> Dear Anna")
	r.smtp.Make(mailtest.Trouble{})
	r.Type("No! ")
	r.Press("ctrl+s")
	if got := text(r.submitted().Raw); !strings.HasPrefix(got, "No! Yes.") && !strings.HasPrefix(got, "Yes.No!") {
		t.Errorf("sent %q", got)
	}
}

// What is only passed on cannot be changed, and no key is hinted at that would.
func TestNothingIsOfferedThatWouldChangeWhatIsPassedOn(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Lunch")
	r.start()
	r.Press("f")
	r.Sees("ctrl+t attach", "ctrl+g editor")
	r.Press("ctrl+x", "B")
	r.Sees("redirecting", "ctrl+s send")
	r.SeesNot("ctrl+t attach", "ctrl+g editor")
	r.Press("ctrl+t")
	r.Sees("What is redirected goes out as it is")
}
