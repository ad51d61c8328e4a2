package ui_test

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// searching is Anna with mail in several places, and something looked for.
func searching(t *testing.T, text string) *rig {
	r := newRig(t)
	r.inbox("home", "Invoice for March", "Grüße aus Köln", "会议纪要")
	r.deliver("home", "Archive", post{subject: "An old invoice", from: "Carla Ruiz <carla@books.example>", text: "Please pay it."}, `\Seen`)
	r.deliver("home", "Trash", post{subject: "A thrown invoice"})
	r.inbox("work", "Invoice of the printer")
	r.start()
	r.Press("/")
	r.Type(text)
	return r
}

func TestSearchFindsAsOneTypesOverAllAccountsAndMailboxes(t *testing.T) {
	r := searching(t, "inv")
	r.Sees("Search: inv", "3 found", "Invoice for March", "An old invoice", "Invoice of the printer")
	r.SeesNot("Köln", "thrown")
	r.Type("oice from:carla")
	r.Sees("1 found", "An old invoice")
	r.Press("enter")
	r.Sees("Search: invoice from:carla  1 found", "An old invoice")
	r.Press("s")
	r.onServer("home", "Archive", `An old invoice \Flagged \Seen`)
	r.Press("esc")
	r.Sees("All inboxes", "Köln", "会议纪要")
	r.SeesNot("An old invoice")
}

func TestASearchThatFindsNothingSaysWhatWould(t *testing.T) {
	r := searching(t, "subject:q")
	r.Sees("A letter alone is a whole word")
	r.Type("q")
	r.Sees("Fewer or shorter words find more.")
	r.Press("ctrl+u")
	r.Type("机")
	r.Sees("Fewer or shorter words find more.")
}

func TestSearchFindsWithoutAccentsAndInChinese(t *testing.T) {
	r := searching(t, "grusse")
	r.Sees("1 found", "Grüße aus Köln")
	r.Press("ctrl+u")
	r.Sees("All inboxes", "Invoice for March")
	r.Type("会议")
	r.Sees("1 found", "会议纪要")
}

func TestSearchIsGivenUpWithTheCursorWhereItWas(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two", "Three")
	r.start()
	r.Press("j", "j", "/")
	r.Type("three")
	r.Sees("1 found")
	r.SeesNot("Two")
	r.Press("esc")
	r.Sees("Two")
	if l := r.lineWith("One"); !strings.Contains(l, "▎") {
		t.Errorf("the cursor is elsewhere:\n%s", r.Screen())
	}
}

func TestSearchCompletesOperatorsPeopleAndMailboxes(t *testing.T) {
	r := searching(t, "fr")
	r.Sees("from:", "the sender's name or address")
	r.Press("tab")
	r.Type("car")
	r.Sees("carla@books.example", "Carla Ruiz")
	r.Press("tab")
	r.Type("in:arc")
	r.Press("tab")
	r.Sees("/ from:carla@books.example in:archive", "1 found", "An old invoice")
	r.Press("ctrl+u")
	r.Type("is:unr")
	r.Press("tab", "enter")
	r.Sees("Search: is:unread  4 found")
}

func TestSearchSaysWhatIsWrongAndWhere(t *testing.T) {
	r := searching(t, "invoice is:red")
	r.Sees("is: is one of unread")
	lines := r.Lines()
	for i, l := range lines {
		mark, _, marked := strings.Cut(l, "↑")
		if before, _, _ := strings.Cut(lines[max(0, i-1)], "red"); marked && len([]rune(mark)) != len([]rune(before)) {
			t.Errorf("the mark is not below the mistake:\n%s\n%s", lines[i-1], l)
		}
	}
	r.Press("enter")
	r.Sees("/ invoice is:red", "3 found")
	if said := r.lineAt(len(lines) - 2); !strings.Contains(said, "is one of unread") {
		t.Errorf("the status line: %s", said)
	}
	for range 3 {
		r.Press("backspace")
	}
	r.SeesNot("↑", "is one of unread")
	r.Type("read")
	r.Press("enter")
	r.Sees("Search: invoice is:read  1 found")
}

func TestSearchesAreKeptInTheSidebar(t *testing.T) {
	r := searching(t, "invoice is:unread")
	r.Press("enter", "S")
	r.Sees("Keep the search in the sidebar as", "Looks for invoice is:unread")
	r.Press("ctrl+u")
	r.Type("Bills")
	r.Press("enter")
	r.Sees("The sidebar has “Bills” now.", "Bills ⌕")
	r.Press("g i", "tab", "g g", "j", "enter")
	r.Sees("Bills · invoice is:unread  2 found")
	r.stop()
	r.start()
	r.Sees("Bills ⌕")
	r.Press("tab", "j", "r", "ctrl+u")
	r.Type("Owed")
	r.Press("enter")
	r.Sees("The search is called “Owed” now.", "Owed ⌕")
	r.SeesNot("Bills")
	r.Press("enter", "tab", "r")
	r.Sees("Owed · invoice is:unread  2 found")
	r.Press("ctrl+u")
	r.Type("Due")
	r.Press("enter")
	r.Sees("Due ⌕", "Due · invoice is:unread  2 found")
	r.SeesNot("Owed ·")
	r.Press("r", "ctrl+u")
	r.Type("Owed")
	r.Press("enter", "d")
	r.Sees("Take the search “Owed” out of the sidebar?")
	r.Press("y")
	r.SeesNot("Owed ⌕")
	r.Sees("Search: invoice is:unread")
	r.Press("g i", "S")
	r.Sees("There is no search on screen to keep")
}

func TestBackAndForwardThroughWhereOneHasBeen(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two", "Three")
	r.deliver("home", "Archive", post{subject: "Old"})
	r.start()
	r.Press("g i", "j", "g e")
	r.Sees("home · Archive", "Old")
	r.Press("/")
	r.Type("two")
	r.Press("enter", "ctrl+o")
	r.Sees("home · Archive", "Old")
	r.Press("ctrl+o")
	r.Sees("home · Inbox")
	if l := r.lineWith("Two"); !strings.Contains(l, "▎") {
		t.Errorf("the cursor is not where it was:\n%s", r.Screen())
	}
	r.Press("alt+right", "alt+right")
	r.Sees("Search: two  1 found")
	r.Press("alt+right")
	r.Sees("nowhere further")
	r.Press("ctrl+o", "ctrl+o", "g t", "alt+right")
	r.Sees("nowhere further", "home · Sent")
}

func TestThePaletteFindsEveryActionByItsName(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "One", "Two")
	r.start()
	r.Press(":")
	r.Type("arch")
	r.Sees("Do", "Archive", "a")
	r.Press("enter")
	r.Sees("Archived 1 message")
	r.onServer("home", "Archive", "Two")
	r.Press("ctrl+k")
	r.Type("unsubscribe")
	r.Sees("only while reading  U")
	r.Press("enter")
	r.Sees("Unsubscribe from the mailing list, after a question: only while reading.")
	r.Press("ctrl+u")
	r.Type("keep search")
	r.Sees("no search on screen")
	r.Press("ctrl+u")
	r.Type("copy the lines")
	r.Sees("only on selected lines  y")
	r.Press("esc", "c")
	r.Sees("New message")
	r.Press("alt+k")
	r.Type("inbox of this account")
	r.Sees("only outside of what is written  g i")
	r.Press("esc")
	r.Press("alt+k")
	r.Sees("Do")
	r.Type("throw")
	r.Sees("Throw the draft away")
	r.Press("enter")
	r.Sees("All inboxes")
}

func TestASequenceThatWaitsShowsHowItGoesOn(t *testing.T) {
	r := newRig(t)
	r.start()
	r.Press("g")
	r.SeesNot("╭")
	r.Advance(time.Second)
	r.Sees("g …", "i   inbox of this account", "s   starred messages of all accounts")
	r.Press("t")
	r.Sees("home · Sent")
	r.SeesNot("g …")
	r.Press("g", "g")
	r.Advance(time.Second)
	r.SeesNot("g …")
}

func TestAnyPlaceIsReachedByAPartOfItsName(t *testing.T) {
	r := searching(t, "invoice is:unread")
	r.Press("enter", "S", "ctrl+u")
	r.Type("Bills")
	r.Press("enter", "g f")
	r.Type("bil")
	r.Press("enter")
	r.Sees("Bills · invoice is:unread")
	r.Press("g f")
	r.Type("wo inb")
	r.Press("enter")
	r.Sees("work · Inbox")
	r.Press("g f")
	r.Type("all")
	r.Press("enter")
	r.Sees("All inboxes  4 unread")
	r.Press("g f")
	r.Type("unr")
	r.Press("enter")
	r.Sees("All unread  4 found")
}

func TestStarredAndUnreadOfAllAccounts(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "INBOX", post{subject: "One"}, `\Seen`, `\Flagged`)
	r.deliver("home", "INBOX", post{subject: "Two"})
	r.deliver("work", "Archive", post{subject: "Three"}, `\Flagged`)
	r.start()
	r.Press("g s")
	r.Sees("2 found", "One", "Three")
	r.SeesNot("Two")
	r.Press("g u")
	r.Sees("2 found", "Two", "Three")
	r.Press("u")
	r.Sees("1 found")
}

func TestNextUnreadAnywhere(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "INBOX", post{subject: "One"}, `\Seen`)
	r.deliver("work", "Archive", post{subject: "Two"})
	r.deliver("home", "INBOX", post{subject: "Three"})
	r.start()
	r.Press("g i", "j", "N")
	if l := r.lineWith("Three"); !strings.Contains(l, "▎") {
		t.Errorf("not the unread one here:\n%s", r.Screen())
	}
	r.Press("u", "N")
	r.Sees("work · Archive", "Two")
	r.Press("u", "N")
	r.Sees("There is no unread message anywhere.")
	r.Press("u", "enter", "N")
	r.Sees("There is no unread message anywhere.")
}

func TestTheListIsFilteredByKey(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "INBOX", post{subject: "One"}, `\Flagged`)
	r.deliver("home", "INBOX", post{subject: "Two", from: "Carla Ruiz <carla@books.example>", header: []string{"List-Id: <books.lists.example>"}})
	r.deliver("home", "INBOX", post{subject: "Three", to: "all@home.example", header: []string{"List-Id: <books.lists.example>"}}, `\Flagged`)
	r.deliver("home", "Archive", post{subject: "Four"}, `\Flagged`)
	r.deliver("work", "INBOX", post{subject: "Five", to: "anna@work.example"}, `\Flagged`)
	r.start()
	r.Press("alt+1", `\`, "s")
	r.Sees("home · Inbox · is:starred  2 found", "One", "Three")
	r.SeesNot("Two", "Four", "Five")
	r.Press(`\`, "m")
	r.Sees("1 found", "One")
	r.Press(`\`, "m")
	r.Sees("2 found")
	r.Press("esc")
	r.Sees("home · Inbox  3 unread")
	r.Press("g g", `\`, "l")
	r.Sees("2 found", "Two", "Three")
	r.Press("esc", "j", `\`, "f")
	r.Sees("1 found", "Two")
	r.Press(`\`, "f")
	r.Sees("home · Inbox  3 unread")
	r.Press("g a", `\`, "s")
	r.Sees("All inboxes · is:starred  3 found", "Five")
	r.Press(`\`)
	r.Advance(time.Second)
	r.Sees("only messages from this sender")
}

func TestServersAreAskedForWhatIsNotHereOnceTypingRests(t *testing.T) {
	r := newRig(t)
	r.inbox("home", "Invoice for March", "Lunch")
	r.deliver("home", "Archive", post{subject: "An old one", text: "It was about the invoice, wasn't it?"}, `\Seen`)
	r.deliver("work", "INBOX", post{subject: "A printer", text: "No invoice yet."}, `\Seen`)
	r.start()
	r.Press("/")
	r.Type("invoice")
	r.Sees("Search: invoice  1 found")
	r.SeesNot("An old one", "⇣")
	r.Advance(time.Second)
	r.Sees("3 found · 2 by the server ⇣", "Invoice for March", "An old one", "A printer")
	if l := r.lineWith("An old one"); !strings.Contains(l, "⇣") {
		t.Errorf("no mark: %s", l)
	}
	if l := r.lineWith("Invoice for March"); strings.Contains(l, "⇣") {
		t.Errorf("a mark: %s", l)
	}
	r.Press("enter", "s")
	r.Sees("3 found · 2 by the server ⇣")
	r.Press("/", "ctrl+u")
	r.Type("lunch")
	r.Sees("1 found")
	r.SeesNot("⇣", "An old one")
	r.Advance(time.Second)
	r.Sees("1 found")
	r.SeesNot("⇣", "An old one")
}

func TestWhatWasLookedForIsMarkedInTheMessageOpened(t *testing.T) {
	r := newRig(t)
	r.deliver("home", "INBOX", post{subject: "Plans", text: "The Ferry leaves at nine.\n\nTake the ferries, not the bus: a férry is dry."})
	r.deliver("home", "INBOX", post{subject: "Ferry again", text: "Nothing of it here."})
	r.start()
	r.Press("/")
	r.Type("ferry -boat")
	r.Advance(time.Second)
	r.Press("enter", "j", "enter")
	r.Sees("The Ferry leaves at nine.", "next place")
	r.Press("n")
	r.Sees("ferry: 1 of 2")
	r.Press("n")
	r.Sees("ferry: 2 of 2")
	r.Press("n")
	r.Sees("ferry: 1 of 2, from the top again")
	r.Press("esc")
	r.Sees("The Ferry leaves at nine.")
	r.SeesNot("next place")
	r.Press("esc", "g i", "enter")
	r.SeesNot("next place")
}

// TestHitsAreMarkedInTheRows: in the subject without regard to accents, in the sender, and nothing else is.
func TestHitsAreMarkedInTheRows(t *testing.T) {
	r := newRig(t)
	r.config.Theme = "auto"
	r.deliver("home", "INBOX", post{subject: "Grüße aus Köln", from: "Carla Ruiz <carla@books.example>"}, `\Seen`)
	r.inbox("home", "Other")
	r.start()
	r.Send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
	style := func(text string) string { // that is set directly before text
		for _, l := range strings.Split(r.View().Content, "\n") {
			before, _, ok := strings.Cut(l, text)
			if i := strings.LastIndex(before, "\x1b["); ok && i >= 0 && strings.IndexByte(before[i:], 'm') == len(before)-i-1 {
				return before[i:]
			}
		}
		return ""
	}
	if style("Köln") != "" {
		t.Error("something is marked before anybody looks for it")
	}
	r.Press("/")
	r.Type("koln from:carla")
	r.Press("enter")
	hit := style("Köln")
	if hit == "" || style("Carla") != hit || style(" Ruiz") == hit || style("Grüße aus ") == hit {
		t.Errorf("the hit has the style %q, the sender's %q, what is around them %q and %q", hit, style("Carla"), style(" Ruiz"), style("Grüße aus "))
	}
}
