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
		{"a reply goes out as the address that was written to", aReplyGoesOutAsTheAddressThatWasWrittenTo},
		{"the sent copy is filed once and the original is answered", theSentCopyIsFiledOnceAndTheOriginalIsAnswered},
		{"a refusal shows the server's words and the draft is still there", aRefusalShowsTheServersWordsAndTheDraftIsStillThere},
		{"mail between two accounts arrives and can be answered", mailBetweenTwoAccountsArrivesAndCanBeAnswered},
		{"forwarding inline quotes and brings the attachments", forwardingInlineQuotesAndBringsTheAttachments},
		{"forwarding as attachment sends the message as it is", forwardingAsAttachmentSendsTheMessageAsItIs},
		{"several are forwarded in one", severalAreForwardedInOne},
		{"a redirected message stays as it is", aRedirectedMessageStaysAsItIs},
		{"any message can be the beginning of a new one", anyMessageCanBeTheBeginningOfANewOne},
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

func aReplyGoesOutAsTheAddressThatWasWrittenTo(r *rig) {
	r.deliver("home", "INBOX", post{subject: "Lunch on Friday", to: "Anna <post@lindqvist.example>", header: []string{"References: <root@friends.example>"}})
	r.start()
	r.Press("r")
	r.Sees("Re: Lunch on Friday", "post@lindqvist.example", "ben@friends.example", "> Dear Anna, this is the text of Lunch on Friday.")
	r.Type("Yes, gladly. – Ännä")
	r.Press("ctrl+s")
	got := r.submitted()
	if got.From != "post@lindqvist.example" || !slices.Equal(got.To, []string{"ben@friends.example"}) {
		r.t.Errorf("from %s to %s", got.From, got.To)
	}
	r.says(got.Raw, "From", "Anna Lindqvist <post@lindqvist.example>")
	r.says(got.Raw, "To", "Ben Okafor <ben@friends.example>")
	r.says(got.Raw, "Subject", "Re: Lunch on Friday")
	r.says(got.Raw, "In-Reply-To", "<Lunch.on.Friday@friends.example>")
	r.says(got.Raw, "References", "<root@friends.example> <Lunch.on.Friday@friends.example>")
	answer, quote, ok := strings.Cut(text(got.Raw), "\n> Dear Anna, this is the text of Lunch on Friday.")
	if !ok || !strings.HasPrefix(answer, "Yes, gladly. – Ännä\n") || strings.TrimSpace(quote) != "" {
		r.t.Errorf("the text is %q", text(got.Raw))
	}
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

func forwardingInlineQuotesAndBringsTheAttachments(r *rig) {
	r.deliver("home", "INBOX", withFile("Minutes", "minutes.dat", "who said what"))
	r.start()
	r.Press("f")
	r.Sees("Fwd: Minutes", "minutes.dat", "See the file.")
	r.Type("cy@friends.example")
	r.Press("ctrl+s")
	got := r.submitted()
	r.says(got.Raw, "Subject", "Fwd: Minutes")
	if s := text(got.Raw); !strings.Contains(s, "See the file.") || !strings.Contains(s, "Ben Okafor") {
		r.t.Errorf("the text is %q", s)
	}
	m := body.Parse(got.Raw)
	files := m.Root.Attachments()
	if len(files) != 1 || files[0].Filename != "minutes.dat" {
		r.t.Fatalf("attachments %v", files)
	}
	if content := string(body.Decode(*files[0], m.Content(files[0].Section))); strings.TrimSpace(content) != "who said what" {
		r.t.Errorf("the attachment holds %q", content)
	}
	r.onServer("home", "INBOX", `Minutes $Forwarded`)
}

func forwardingAsAttachmentSendsTheMessageAsItIs(r *rig) {
	r.deliver("home", "INBOX", withFile("Minutes", "minutes.dat", "who said what"))
	r.start()
	r.Press("F")
	r.Sees("Fwd: Minutes")
	r.Type("cy@friends.example")
	r.Press("ctrl+s")
	m := body.Parse(r.submitted().Raw)
	files := m.Root.Attachments()
	if len(files) != 1 || files[0].MediaType != "message/rfc822" {
		r.t.Fatalf("attachments %+v", files)
	}
	want := r.servers.messages(r.t, "home", "INBOX")[0].raw
	if got := body.Decode(*files[0], m.Content(files[0].Section)); strings.TrimSpace(string(got)) != strings.TrimSpace(string(want)) {
		r.t.Errorf("attached\n%s\nwant\n%s", got, want)
	}
	r.onServer("home", "INBOX", `Minutes $Forwarded`)
}

func severalAreForwardedInOne(r *rig) {
	r.deliver("home", "INBOX", post{subject: "One"})
	r.deliver("home", "INBOX", post{subject: "Two"})
	r.start()
	r.Press("* a", "F")
	r.Sees("Fwd: 2 messages")
	r.Type("cy@friends.example")
	r.Press("ctrl+s")
	m := body.Parse(r.submitted().Raw)
	files := m.Root.Attachments()
	if len(files) != 2 || files[0].MediaType != "message/rfc822" || files[1].MediaType != "message/rfc822" {
		r.t.Fatalf("attachments %+v", files)
	}
}

func aRedirectedMessageStaysAsItIs(r *rig) {
	r.deliver("home", "INBOX", post{subject: "Keys", to: "Anna <post@lindqvist.example>", header: []string{"Bcc: secret@friends.example"}})
	r.start()
	r.Press("B")
	r.Sees("Keys", "The message goes out as it is", "post@lindqvist.example")
	r.Type("cy@friends.example")
	r.Press("tab", "tab", "tab", "tab") // no way into the subject or the text
	r.Type("dee@friends.example")
	r.Press("ctrl+s")
	got := r.submitted()
	if got.From != "post@lindqvist.example" || !slices.Equal(got.To, []string{"cy@friends.example", "dee@friends.example"}) {
		r.t.Errorf("from %s to %q", got.From, got.To)
	}
	r.says(got.Raw, "Resent-From", "Anna Lindqvist <post@lindqvist.example>")
	r.says(got.Raw, "Resent-To", "cy@friends.example")
	r.says(got.Raw, "Subject", "Keys")
	for _, none := range []string{"Bcc", "secret@", "dee@"} {
		if strings.Contains(string(got.Raw), none) {
			r.t.Errorf("%s went out:\n%s", none, got.Raw)
		}
	}
	if want := "this is the text of Keys."; !strings.Contains(text(got.Raw), want) {
		r.t.Errorf("%q is not in %q", want, text(got.Raw))
	}
	r.onServer("home", "INBOX", `Keys $Forwarded`)
	r.onServer("home", "Sent") // nothing of one's own to file
}

func anyMessageCanBeTheBeginningOfANewOne(r *rig) {
	r.deliver("home", "INBOX", post{subject: "Rota", to: "Anna <post@lindqvist.example>"})
	r.start()
	r.Press("ctrl+e")
	r.Sees("Rota", "this is the text of Rota.", "anna@home.example")
	r.Press("ctrl+s")
	got := r.submitted()
	if got.From != "anna@home.example" || !slices.Equal(got.To, []string{"post@lindqvist.example"}) {
		r.t.Errorf("from %s to %q", got.From, got.To)
	}
	r.says(got.Raw, "In-Reply-To", "")
}

func TestReplyToAllLeavesOneselfOut(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "INBOX", post{subject: "Crew", to: "anna@home.example, cy@friends.example",
		header: []string{"Cc: Dee <dee@friends.example>, post@lindqvist.example", "Reply-To: Ben <ben@boats.example>"}})
	r.start()
	r.Press("R")
	r.Type("Count me in.")
	r.Press("ctrl+s")
	got := r.submitted()
	slices.Sort(got.To)
	if want := []string{"ben@boats.example", "cy@friends.example", "dee@friends.example"}; !slices.Equal(got.To, want) {
		t.Errorf("went to %q, want %q", got.To, want)
	}
	r.says(got.Raw, "From", "Anna Lindqvist <anna@home.example>")
	r.says(got.Raw, "To", "Ben <ben@boats.example>, cy@friends.example")
	r.says(got.Raw, "Cc", "Dee <dee@friends.example>")
}

func TestAnswersGoOutThroughTheAccountThatGotTheMessage(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Private")
	r.deliver("work", "INBOX", post{subject: "Harbour plans", to: "anna@work.example"})
	r.start()
	r.Press("r")
	r.Sees("Re: Harbour plans")
	r.Type("Fine.")
	r.Press("ctrl+s")
	if got := r.submitted(); got.From != "anna@work.example" {
		t.Errorf("from %s", got.From)
	}
	r.onServer("work", "Sent", `Re: Harbour plans \Seen`)
	r.onServer("home", "Sent")
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
