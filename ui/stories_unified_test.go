package ui_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"posthorn/mail"
)

// three is Anna with a third account, each with a letter or two of its own.
func three(t *testing.T) *rig {
	m := inProcess(t)
	club := m.AddUser("club", "secret")
	for box, role := range map[string]mail.Role{"Archive": mail.Archive, "Trash": mail.Trash, "Sent": mail.Sent, "Drafts": mail.Drafts, "Junk": mail.Junked} {
		club.Create(box, role)
	}
	m.users["club"] = club
	r := newRigOn(t, m)
	r.config.Theme = "auto"
	r.smtp.AddUser("club", "secret")
	a := m.account("club")
	a.Name, a.Address, a.DisplayName, a.SMTP = "club", "anna@club.example", "Anna Lindqvist", r.smtp.Endpoint("club")
	r.accounts = append(r.accounts, a)
	r.deliver("home", "INBOX", post{subject: "Zebra", from: "Carla Ruiz <carla@books.example>"}, `\Seen`, `\Flagged`)
	r.deliver("work", "INBOX", post{subject: "Mast", from: "Ahmed Said <ahmed@pier.example>", to: "anna@work.example"})
	r.deliver("club", "INBOX", post{subject: "Apple", from: "Bea Holm <bea@club.example>", to: "anna@club.example"}, `\Flagged`)
	r.deliver("home", "INBOX", post{subject: "Kite"})
	r.start()
	return r
}

// TestAllInboxesWorkAsOneMailbox: rows of three accounts are sorted, filtered, selected, acted on and undone as those of one.
func TestAllInboxesWorkAsOneMailbox(t *testing.T) {
	r := three(t)
	r.Press("g a")
	r.inOrder("Kite", "Apple", "Mast", "Zebra")
	sort := func(by string) {
		r.Press("O")
		r.Type(by)
		r.Press("enter")
	}
	sort("sender, A")
	r.order("Mast", "Apple", "Kite", "Zebra")
	sort("subject, A")
	r.order("Apple", "Kite", "Mast", "Zebra")
	sort("newest")
	r.Press(`\`, "s")
	r.Sees("All inboxes · is:starred  2 found")
	r.inOrder("Apple", "Zebra")
	r.SeesNot("Mast", "Kite")
	r.Press("esc", "/")
	r.Type("in:inbox kite OR mast")
	r.Press("enter")
	r.inOrder("Kite", "Mast")
	r.Press("esc", "g a", "g g", "j", "x", "x", "x")
	r.Sees("3 selected of 4")
	r.Press("a")
	r.Sees("Archived 3 messages · z undoes it", "Kite")
	r.SeesNot("Apple", "Mast", "Zebra")
	r.onServer("home", "Archive", `Zebra \Flagged \Seen`)
	r.onServer("work", "Archive", "Mast")
	r.onServer("club", "Archive", `Apple \Flagged`)
	r.Press("z")
	r.inOrder("Kite", "Apple", "Mast", "Zebra")
	for _, account := range []string{"home", "work", "club"} {
		r.onServer(account, "Archive")
	}
	r.Press("* a")
	r.Sees("4 selected of 4")
	r.Press("u")
	r.onServer("work", "INBOX", `Mast \Seen`)
	r.onServer("club", "INBOX", `Apple \Flagged \Seen`)
}

// TestRowsOfSeveralAccountsHaveTheirHues: the mark that a row begins with, whether its message is read or not.
func TestRowsOfSeveralAccountsHaveTheirHues(t *testing.T) {
	r := three(t)
	r.Send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
	hue := func(subject string) string {
		for _, l := range strings.Split(r.View().Content, "\n") {
			if before, _, ok := strings.Cut(l, subject); ok {
				i := max(strings.LastIndex(before, "●"), strings.LastIndex(before, "·"))
				before, _, _ = strings.Cut(before[max(0, strings.LastIndex(before[:max(0, i)], "38;2;")):], "m")
				before, _, _ = strings.Cut(before, ";48;") // the cursor's ground
				return before
			}
		}
		return ""
	}
	home, work, club := hue("Kite"), hue("Mast"), hue("Apple")
	if home == "" || home == work || work == club || home == club || hue("Zebra") != home {
		t.Errorf("home %q and %q, work %q, club %q", home, hue("Zebra"), work, club)
	}
}

// TestAnswersFromAnyUnifiedViewGoThroughTheAccountOfTheMessage: out by its server, and into its Sent.
func TestAnswersFromAnyUnifiedViewGoThroughTheAccountOfTheMessage(t *testing.T) {
	r := three(t)
	for _, c := range []struct{ view, subject, account string }{
		{"g a", "Mast", "work"}, {"g u", "Kite", "home"}, {"g s", "Apple", "club"},
	} {
		r.Press(strings.Fields(c.view)...)
		s := stage{rig: r}
		s.walk("g g @" + c.subject + " r")
		r.Sees("Re: "+c.subject, "anna@"+c.account+".example")
		r.Type("Yes.")
		r.Press("ctrl+s")
		r.Until("it is in Sent", func() bool { return len(r.servers.messages(t, c.account, "Sent")) == 1 })
		sent := r.servers.messages(t, c.account, "Sent")[0]
		if raw := string(sent.raw); !strings.Contains(raw, "From: Anna Lindqvist <anna@"+c.account+".example>") {
			t.Errorf("from %s it was sent as\n%s", c.view, raw)
		}
	}
	r.Press("g", "T")
	r.inOrder("Re: Apple", "Re: Kite", "Re: Mast")
	r.Press("c")
	r.Type("dora@friends.example")
	r.Press("esc", "g", "D")
	r.Sees("All drafts  1 found", "dora@friends.example")
}

// TestWhatAllAccountsHaveIsOpenedInTheSidebar, counted as it is found.
func TestWhatAllAccountsHaveIsOpenedInTheSidebar(t *testing.T) {
	r := three(t)
	r.deliver("work", "Archive", post{subject: "Shelved"})
	r.deliver("work", "Trash", post{subject: "Rubbish"})
	r.Resize(120, 36)
	r.Press("ctrl+r")
	r.UntilSeen("All unread          4")
	r.Press("tab", "g g", "j", "enter")
	r.Sees("All unread  4 found")
	r.inOrder("Shelved", "Kite", "Apple", "Mast")
	r.Press("u", "* u")
	r.Sees("All unread          3", "This is no mailbox: go to one first.")
	r.Click("All starred")
	r.Sees("All starred  2 found")
	r.Click("All inboxes")
	r.Click("▾")
	r.SeesNot("All sent")
}
