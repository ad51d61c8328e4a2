package ui_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

func TestReading(t *testing.T) {
	onEveryServer(t, []told{
		{"the first screen is all inboxes newest first", theFirstScreenIsAllInboxesNewestFirst},
		{"new mail appears by itself", newMailAppearsByItself},
		{"second start offline shows the mail and says what is wrong", secondStartOfflineShowsTheMailAndSaysWhatIsWrong},
		{"lost connection is said and comes back", lostConnectionIsSaidAndComesBack},
		{"attachments are saved and never overwrite", attachmentsAreSavedAndNeverOverwrite},
		{"the sidebar leads to every mailbox", theSidebarLeadsToEveryMailbox},
	})
}

func theFirstScreenIsAllInboxesNewestFirst(r *rig) {
	r.inbox("home", "Lunch on Friday")
	r.inbox("work", "Harbour plans")
	r.inbox("home", "Photos of the boat")
	r.start()
	r.Sees("All inboxes", "3 unread of 3", "home", "work")
	r.inOrder("Photos of the boat", "Harbour plans", "Lunch on Friday")
}

func newMailAppearsByItself(r *rig) {
	r.inbox("home", "Lunch on Friday")
	r.start()
	r.inbox("work", "Harbour plans")
	r.UntilSeen("Harbour plans")
	r.inOrder("Harbour plans", "Lunch on Friday")
	r.Press("g 1")
	r.SeesNot("Harbour plans")
	r.inbox("home", "Photos of the boat")
	r.UntilSeen("Photos of the boat")
}

func TestTheCursorStaysOnItsMessageWhenMailArrives(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "First", "Second")
	r.start()
	r.Press("j")
	r.inbox("home", "Third")
	r.UntilSeen("Third")
	r.Press("enter")
	r.Sees("this is the text of First")
}

func secondStartOfflineShowsTheMailAndSaysWhatIsWrong(r *rig) {
	r.inbox("home", "Lunch on Friday")
	r.start()
	r.Press("enter")
	r.stop()

	r.fault.Down(true)
	r.start()
	r.Sees("Lunch on Friday", "No connection to 127.0.0.1", "the network is down")
	r.Press("enter")
	r.Sees("this is the text of Lunch on Friday") // read before
	r.Press("q")

	r.inbox("home", "Photos of the boat")
	r.fault.Down(false)
	r.Press("ctrl+r")
	r.UntilSeen("Photos of the boat")
	r.SeesNot("No connection")
}

func lostConnectionIsSaidAndComesBack(r *rig) {
	r.inbox("home", "Lunch on Friday")
	r.start()
	r.fault.Down(true)
	r.UntilSeen("No connection to")
	r.Press("j", "k", "enter")
	r.Sees("From", "Ben Okafor") // the header is here, the text is not
	r.SeesNot("this is the text")
	r.fault.Down(false)
	r.Press("ctrl+r")
	r.UntilSeen("this is the text of Lunch on Friday")
}

func TestTheTextIsFetchedWhenOpenedAndOnlyOnce(t *testing.T) {
	servers := inProcess(t)
	r := newRigOn(t, servers)
	r.inbox("home", "Lunch on Friday", "Photos of the boat")
	r.start()
	r.Press("enter")
	r.Sees("this is the text of Photos of the boat", "Ben Okafor", "Photos of the boat")
	if m := r.message("home", "Lunch on Friday"); r.has(m.Key, "1") {
		t.Error("the text of a message that was not opened has been fetched")
	}
	r.Press("q")
	fetched := func() (n int) { // the watcher may be at anything else
		for _, c := range servers.Commands() {
			if c == "UID FETCH" {
				n++
			}
		}
		return n
	}
	before := fetched()
	r.Press("enter")
	r.Sees("this is the text of Photos of the boat")
	if n := fetched(); n != before {
		t.Errorf("it was fetched again: %d", n-before)
	}
}

func TestAMessageCountsAsReadAfterTheMoment(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Lunch on Friday")
	r.start()
	r.Press("enter")
	r.Advance(900 * time.Millisecond)
	r.onServer("home", "INBOX", "Lunch on Friday")
	r.Advance(200 * time.Millisecond)
	r.onServer("home", "INBOX", `Lunch on Friday \Seen`)
	r.Press("q")
	r.SeesNot("unread of")
}

func TestAMessageClosedBeforeTheMomentStaysUnread(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Lunch on Friday")
	r.start()
	r.Press("enter")
	r.Advance(900 * time.Millisecond)
	r.Press("q")
	r.Advance(time.Minute)
	r.onServer("home", "INBOX", "Lunch on Friday")
	r.Sees("1 unread of 1")
}

func TestMarkReadNeverIsObeyed(t *testing.T) {
	r := newRig(t)
	r.config.MarkReadAfter = -1
	r.inbox("home", "Lunch on Friday")
	r.start()
	r.Press("enter")
	r.Advance(time.Hour)
	r.onServer("home", "INBOX", "Lunch on Friday")
}

func TestHTMLIsReadable(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "INBOX", post{subject: "Newsletter", kind: "text/html; charset=utf-8",
		text: `<html><head><style>p{color:red}</style></head><body><h1>Tides &amp; winds</h1>
<p>High water is at <b>six</b>.</p><ul><li>Ropes</li><li>Fenders</li></ul>
<p><a href="https://harbour.example/tides">All tides</a></p><img src="https://spy.example/pixel.gif" width=1 height=1>
<script>alert("no")</script></body></html>`})
	r.start()
	r.Press("enter")
	r.Sees("Tides & winds", "High water is at six.", "Ropes", "Fenders", "All tides")
	r.SeesNot("<p>", "color:red", "alert", "pixel.gif")
}

func TestTheOtherFormOfAMessageIsOneKeyAway(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "INBOX", post{subject: "Two forms", kind: "multipart/alternative; boundary=b",
		text: "--b\nContent-Type: text/plain\n\nplain words\n--b\nContent-Type: text/html\n\n<p>rich words</p>\n--b--"})
	r.start()
	r.Press("enter")
	r.Sees("plain words")
	r.Press("t")
	r.Sees("rich words")
	r.SeesNot("plain words")
}

// withFile is a message with one attachment.
func withFile(subject, name, content string) post {
	return post{subject: subject, kind: "multipart/mixed; boundary=b", text: "--b\nContent-Type: text/plain\n\nSee the file.\n" +
		"--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"" + name + "\"\n\n" + content + "\n--b--"}
}

func attachmentsAreSavedAndNeverOverwrite(r *rig) {
	r.deliver("home", "INBOX", withFile("Minutes", "minutes.dat", "who said what"))
	r.start()
	taken := filepath.Join(r.config.Downloads, "minutes.dat")
	if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
		r.t.Fatal(err)
	}
	r.Press("enter")
	r.Sees("minutes.dat", "See the file.")
	if m := r.message("home", "Minutes"); r.has(m.Key, "2") {
		r.t.Error("the attachment was fetched before anybody asked for it")
	}
	r.Press("A", "s", "enter")
	r.Sees("Saved minutes (2).dat")
	holds(r.t, taken, "mine")
	holds(r.t, filepath.Join(r.config.Downloads, "minutes (2).dat"), "who said what")
}

func TestNoNameOfAnAttachmentLeadsOutOfTheFolder(t *testing.T) {
	r := newRig(t)
	r.config.Downloads = filepath.Join(r.config.Downloads, "inner", "most")
	if err := os.MkdirAll(r.config.Downloads, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../../evil", "/etc/evil", `..\\..\\evil`, ".evil", "..", ""} {
		r.deliver("home", "INBOX", withFile("Look", name, "evil"))
	}
	r.start()
	for range 6 {
		r.Press("enter", "A", "s", "enter")
		r.Sees("Saved ")
		r.Press("esc", "q", "j")
	}
	above := filepath.Dir(filepath.Dir(r.config.Downloads))
	var files []string
	err := filepath.WalkDir(above, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) != 6 {
		t.Fatalf("%q %v", files, err)
	}
	for _, f := range files {
		if filepath.Dir(f) != r.config.Downloads || strings.HasPrefix(filepath.Base(f), ".") {
			t.Errorf("saved as %s", f)
		}
	}
}

// holds fails unless a file has that content, but for the end of its last line.
func holds(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || strings.TrimRight(string(got), "\r\n") != want {
		t.Errorf("%s holds %q, want %q %v", filepath.Base(path), got, want, err)
	}
}

func TestOnlyUnreadHidesWhatIsRead(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "INBOX", post{subject: "Read before"}, `\Seen`)
	r.inbox("home", "Fresh")
	r.start()
	r.Sees("Read before", "Fresh")
	r.Press("U")
	r.Sees("Fresh", "only unread: 1")
	r.SeesNot("Read before")
	r.inbox("home", "Just in")
	r.UntilSeen("Just in")
	r.Press("u") // the cursor is on Fresh still
	r.Sees("only unread: 1")
	r.SeesNot("Fresh")
	r.Press("U")
	r.inOrder("Just in", "Fresh", "Read before")
}

func TestNextUnreadPassesOverWhatIsRead(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Oldest")
	r.deliver("home", "INBOX", post{subject: "Read before"}, `\Seen`)
	r.inbox("home", "Newest")
	r.start()
	r.Press("n", "enter")
	r.Sees("this is the text of Oldest")
	r.Advance(time.Second)
	r.Press("space")
	r.Sees("this is the text of Newest")
	r.Advance(time.Second)
	r.Press("space")
	r.Sees("this is the text of Newest", "That was the last unread message here.")
	r.onServer("home", "INBOX", `Oldest \Seen`, `Read before \Seen`, `Newest \Seen`)
}

func TestReadingGoesFromMessageToMessage(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "First", "Second", "Third")
	r.start()
	r.Press("enter", "J")
	r.Sees("this is the text of Second")
	r.Press("J")
	r.Sees("this is the text of First")
	r.Press("J")
	r.Sees("There is no other message in that direction.")
	r.Press("K", "K")
	r.Sees("this is the text of Third")
}

func theSidebarLeadsToEveryMailbox(r *rig) {
	r.servers.create(r.t, "home", "Lists/Sailing")
	r.deliver("home", "Lists/Sailing", post{subject: "Spring meeting"})
	r.start()
	r.Sees("Lists", "Sailing")
	r.Press("tab", "g g")
	for range 8 { // past Inbox, Drafts, Sent, Archive, Junk, Trash and Lists
		r.Press("j")
	}
	r.Press("enter")
	r.Sees("Spring meeting", "home · Lists / Sailing")
}

func TestAMailboxIsFoundByAPartOfItsName(t *testing.T) {
	r := newRig(t)
	r.servers.create(t, "work", "Lists/Sailing")
	r.deliver("work", "Lists/Sailing", post{subject: "Spring meeting"})
	r.start()
	r.Press("g f")
	r.Type("sail")
	r.Press("enter")
	r.Sees("Spring meeting", "work · Lists / Sailing")
}

// message is a message in the cache, by its subject.
func (r *rig) message(account, subject string) mail.Message {
	r.t.Helper()
	list, err := r.store.ByMessageID(r.t.Context(), account, id(subject))
	if err != nil || len(list) == 0 {
		r.t.Fatalf("%q is not in the database: %v", subject, err)
	}
	return slices.MaxFunc(list, func(a, b mail.Message) int { return int(a.Key - b.Key) })
}

// has tells whether a section of a message is in the database.
func (r *rig) has(key mail.MessageKey, section string) bool {
	r.t.Helper()
	_, complete, err := r.store.Content(r.t.Context(), key, section)
	if err != nil {
		r.t.Fatal(err)
	}
	return complete
}

func TestNextUnreadIsFoundFarBeyondTheScreen(t *testing.T) {
	r := newRig(t)
	for i := range 900 {
		flags := []string{`\Seen`}
		if i == 10 || i == 899 {
			flags = nil
		}
		r.deliver("home", "INBOX", post{subject: fmt.Sprint("Letter ", i+1)}, flags...)
	}
	r.start()
	r.Sees("Letter 900", "2 unread of 900")
	r.Press("n")
	r.Sees("Letter 11 ")
	r.Press("enter")
	r.Sees("this is the text of Letter 11.")
	r.Press("q", "n")
	r.Sees("Letter 900")
}

func TestQuotesFoldAndWhatIsFoundUnfoldsThem(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "INBOX", post{subject: "Keys", text: "I have them.\r\n\r\nOn Thu, 12 Mar 2026, Anna Lindqvist wrote:\r\n> Who has the keys?\r\n> I stood at the shed.\r\n> It was closed.\r\n"})
	r.deliver("home", "INBOX", post{subject: "Gate", text: "Yes.\r\n\r\nOn Thu, 12 Mar 2026, Tomás wrote:\r\n> Is the gate open?\r\n> And the shed?\r\n> I come at noon.\r\n"})
	r.start()
	r.Press("enter")
	r.Sees("I come at noon.")
	r.Press("Q")
	r.Sees("▸ 3 lines of Tomás")
	r.Press("J")
	r.Sees("▸ 3 lines of Anna Lindqvist")
	r.Press("/")
	r.Type("shed")
	r.Press("enter")
	r.Sees("I stood at the shed.", "shed: 1 of 1")
	r.Press("n")
	r.Sees("shed: 1 of 1, from the top again")
	r.Press("esc", "K")
	r.Sees("▸ 3 lines of Tomás")
	r.Press("enter")
	r.Sees("I come at noon.")
}

func TestAnAnswerQuotesOnlyTheSelectedLines(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "INBOX", post{subject: "Keys", text: "Hello,\r\n\r\nwho has the keys?\r\n\r\nAnd is the gate open?\r\n"})
	r.start()
	r.Press("enter")
	r.Sees("And is the gate open?")
	r.Press("V", "j", "j", "tab", "j", "j", "r")
	r.Sees("> who has the keys?")
	r.SeesNot("> And is the gate open?", "> Hello,")
	r.Type("I do.")
	r.Press("esc", "r")
	r.Sees("> And is the gate open?", "> Hello,")
}

func TestAKeyPressedWhileAMessageOpensCounts(t *testing.T) {
	r := newRig(t)
	r.inbox("home", letters(3)...)
	r.start()
	r.Rush("enter", "s")
	r.Sees("Letter 02", "the text of Letter 02")
	r.onServer("home", "INBOX", "Letter 00", "Letter 01", `Letter 02 \Flagged`)
	r.Press("q", "j")
	r.Rush("enter", "r")
	r.Sees("Re: Letter 01")
	r.Press("esc")
	r.Rush("q", "j", "enter", "d")
	r.Sees("Deleted 1 message")
	r.SeesNot("Letter 00")
}
