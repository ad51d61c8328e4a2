package engine

import (
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-imap/v2"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// elsewhere is what another program does to the first message of INBOX: it is in another mailbox then.
func (r *rig) movedElsewhere(to string) {
	m := r.user.Messages("INBOX")[0]
	r.user.Append(to, m.Raw, m.Date)
	r.user.Expunge("INBOX", m.UID)
}

func (r *rig) logged(part string) bool {
	for _, e := range r.e.Log() {
		if strings.Contains(e.Text, part) {
			return true
		}
	}
	return false
}

// TestWishesFollowAMessageThatAnotherProgramMoved: while posthorn is away, in whichever order the mailboxes are read then.
func TestWishesFollowAMessageThatAnotherProgramMoved(t *testing.T) {
	for name, c := range map[string]struct {
		move    bool   // archive it, not only mark it
		third   string // where it is moved to
		INBOX   string
		Archive string
		Third   string
	}{
		"a flag":                         {false, "Lists", "2", "", `1\Flagged`},
		"a flag, found in the archive":   {false, "Archive", "2", `1\Flagged`, ""},
		"archived":                       {true, "Lists", "2", `1\Flagged`, ""},
		"archived where it is by now":    {true, "Archive", "2", `1\Flagged`, ""},
		"archived from where it is read": {true, "Sent", "2", `1\Flagged`, ""},
		"a flag, moved away and back":    {false, "INBOX", `2 1\Flagged`, "", ""},
		"archived, moved away and back":  {true, "INBOX", "2", `1\Flagged`, ""},
	} {
		for server, without := range map[string][]imap.Cap{"": nil, " without MOVE": {imap.CapMove}, " without LIST-STATUS": {imap.CapListStatus}} {
			t.Run(name+server, func(t *testing.T) {
				r := newRig(t, without...)
				r.user.Create("Lists", mail.NoRole)
				r.deliver("INBOX", 1, 2)
				r.start()
				m := r.list("INBOX")[1]
				r.away(func() {
					r.do("starred", flag(m, mail.Flagged, true))
					if c.move {
						r.do("archived", mail.Targeted{Message: m.Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
					}
					r.movedElsewhere(c.third)
				})
				r.until("nothing waits", func() bool { return len(r.wishes()) == 0 })
				r.settle()
				if got := r.onServer("INBOX"); got != c.INBOX {
					t.Errorf("INBOX: %q, want %q", got, c.INBOX)
				}
				if got := r.onServer("Archive"); got != c.Archive {
					t.Errorf("Archive: %q, want %q: %+v", got, c.Archive, r.e.Log())
				}
				if got := r.onServer("Lists"); got != c.Third {
					t.Errorf("Lists: %q, want %q", got, c.Third)
				}
				r.undo()
				r.calm()
				INBOX := strings.ReplaceAll(c.INBOX, `\Flagged`, "")
				if c.move {
					INBOX = `2 1\Flagged`
				}
				if got := r.onServer("INBOX"); got != INBOX || !c.move && strings.Contains(r.onServer("Archive")+r.onServer("Lists"), "Flagged") {
					t.Errorf("undone, INBOX: %q, want %q", got, INBOX)
				}
			})
		}
	}
}

// TestWishesForAMessageThatIsGoneEndWithASentence: it is looked for in all mailboxes before.
func TestWishesForAMessageThatIsGoneEndWithASentence(t *testing.T) {
	r := newRig(t)
	r.deliver("INBOX", 1, 2)
	r.start()
	m := r.list("INBOX")[1]
	r.away(func() {
		r.do("starred", flag(m, mail.Flagged, true))
		r.user.Expunge("INBOX", r.user.Messages("INBOX")[0].UID)
	})
	r.until("it is given up", func() bool {
		return r.logged("Given up, as no folder on the server has the message any more: 1 change.")
	})
	r.settle()
	if w := r.wishes(); len(w) > 0 {
		t.Errorf("waits: %+v", w)
	}
}

// TestAWishThatMayBeForSeveralMessagesIsGivenUpWithASentence: nothing tells which of them another program moved.
func TestAWishThatMayBeForSeveralMessagesIsGivenUpWithASentence(t *testing.T) {
	r := newRig(t)
	r.user.Create("Lists", mail.NoRole)
	r.deliver("INBOX", 1, 2)
	r.odd = &mailtest.Odd{Command: func(name, _ string) string {
		if name == "UID STORE" {
			return "$ NO [INUSE] later\r\n"
		}
		return ""
	}}
	r.start()
	r.do("starred", flag(r.list("INBOX")[1], mail.Flagged, true))
	r.deliver("Archive", 1, 1)
	r.deliver("Lists", 1, 1)
	r.e.Refresh("")
	r.until("both are known", func() bool { return r.subjects("Archive") == "1" && r.subjects("Lists") == "1" })
	r.user.Expunge("INBOX", r.user.Messages("INBOX")[0].UID)
	r.until("it is given up", func() bool {
		return r.logged("Another program moved or deleted “1” in INBOX, and nothing tells for certain")
	})
	r.settle()
	if got := r.onServer("Archive") + " " + r.onServer("Lists"); got != "1 1" || len(r.wishes()) > 0 {
		t.Errorf("on the server %s, waits %+v", got, r.wishes())
	}
}

// TestOfTwoThatTurnUpNeitherGetsWhatIsWanted: while posthorn was away another program copied the message twice and deleted it.
func TestOfTwoThatTurnUpNeitherGetsWhatIsWanted(t *testing.T) {
	r := newRig(t)
	r.user.Create("Lists", mail.NoRole)
	r.deliver("INBOX", 1, 2)
	r.start()
	m := r.list("INBOX")[1]
	r.away(func() {
		r.do("starred", flag(m, mail.Flagged, true))
		first := r.user.Messages("INBOX")[0]
		for _, name := range []string{"Archive", "Lists"} {
			r.user.Append(name, first.Raw, first.Date)
		}
		r.user.Expunge("INBOX", first.UID)
	})
	r.until("it is given up", func() bool {
		return r.logged("Given up, as several messages on the server are like the one that is meant: 1 change.")
	})
	r.calm()
	if got := r.onServer("Archive") + " " + r.onServer("Lists"); got != "1 1" || len(r.wishes()) > 0 {
		t.Errorf("on the server %s, waits %+v", got, r.wishes())
	}
}

// TestADeletionDoesNotFollow: whoever moved the message may have saved it.
func TestADeletionDoesNotFollow(t *testing.T) {
	r := newRig(t)
	r.user.Create("Lists", mail.NoRole)
	r.deliver("INBOX", 1, 2)
	r.start()
	m := r.list("INBOX")[1]
	r.away(func() {
		r.do("deleted", mail.Targeted{Message: m.Key, Change: mail.Expunge{}})
		r.movedElsewhere("Lists")
	})
	r.until("it is seen where it is", func() bool { return r.subjects("Lists") == "1" && len(r.wishes()) == 0 })
	r.settle()
	if got := r.onServer("Lists"); got != "1" {
		t.Errorf("Lists: %q", got)
	}
}

// TestWhatGoesBetweenALookAndACommandIsFollowed: the server agrees to a command about a message that another program moved just
// before, and does nothing.
func TestWhatGoesBetweenALookAndACommandIsFollowed(t *testing.T) {
	for name, c := range map[string]struct {
		command        string
		change         func(r *rig) mail.Change
		without        []imap.Cap
		late           bool // the server does not tell before it is asked for news
		Archive, Lists string
	}{
		"MOVE":             {"UID MOVE", archive, nil, false, "1", ""},
		"MOVE, no UIDPLUS": {"UID MOVE", archive, []imap.Cap{imap.CapUIDPlus}, false, "1", ""},
		"no MOVE":          {"UID COPY", archive, []imap.Cap{imap.CapMove}, false, "1", ""},
		"STORE":            {"UID STORE", star, nil, false, "", `1\Flagged`},
		"STORE, told late": {"UID STORE", star, nil, true, "", `1\Flagged`},
	} {
		t.Run(name, func(t *testing.T) {
			var once sync.Once
			var held string
			r := newRig(t, c.without...)
			r.odd = &mailtest.Odd{Command: func(name, _ string) string {
				if name == c.command {
					once.Do(func() { r.movedElsewhere("Lists") })
				}
				return ""
			}, Response: func(name, said string) string {
				if c.late && name == c.command && strings.HasSuffix(said, " EXPUNGE\r\n") {
					held += said
					return ""
				}
				if name == "NOOP" {
					said, held = held+said, ""
				}
				return said
			}}
			r.user.Create("Lists", mail.NoRole)
			r.deliver("INBOX", 1, 2)
			r.start()
			r.do("changed", mail.Targeted{Message: r.list("INBOX")[1].Key, Change: c.change(r)})
			r.calm()
			if in, archive, lists := r.onServer("INBOX"), r.onServer("Archive"), r.onServer("Lists"); in != "2" || archive != c.Archive || lists != c.Lists {
				t.Errorf("INBOX %q, Archive %q, Lists %q: %+v", in, archive, lists, r.e.Log())
			}
		})
	}
}

func archive(r *rig) mail.Change { return mail.Move{To: r.mailbox("Archive").Key} }

func star(*rig) mail.Change { return mail.FlagChange{Mask: mail.Flagged, Want: mail.Flagged} }

// TestAKeptCopyGetsNothingOfWhatIsWanted: what another program deletes is not taken for a copy of it that was there when
// something was wanted of it, or that posthorn makes itself.
func TestAKeptCopyGetsNothingOfWhatIsWanted(t *testing.T) {
	for name, c := range map[string]struct {
		copied string // by whom, or how
		want   func(r *rig) mail.Change
	}{
		"archived":                           {"by posthorn", archive},
		"starred":                            {"by posthorn", star},
		"archived, copied by another":        {"elsewhere", archive},
		"starred, copied by another":         {"elsewhere", star},
		"archived, the copy is not answered": {"without an answer", archive},
		"starred, the copy is not answered":  {"without an answer", star},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.user.Create("Lists", mail.NoRole)
			r.deliver("INBOX", 1, 2)
			if c.copied == "elsewhere" {
				r.deliver("Lists", 1, 1)
			}
			r.odd = &mailtest.Odd{Response: func(name, said string) string {
				if name == "UID COPY" && c.copied == "without an answer" {
					r.fault.Down(true)
					return mailtest.HangUp
				}
				return said
			}}
			r.start()
			m := r.list("INBOX")[1]
			if c.copied != "elsewhere" {
				r.do("copied", mail.Targeted{Message: m.Key, Change: mail.Copy{To: r.mailbox("Lists").Key}})
				r.until("it is copied", func() bool { return r.onServer("Lists") == "1" })
			}
			if c.copied == "by posthorn" {
				r.calm()
			}
			r.away(func() {
				r.do("changed", mail.Targeted{Message: m.Key, Change: c.want(r)})
				r.user.Expunge("INBOX", r.user.Messages("INBOX")[0].UID)
			})
			r.until("it is given up", func() bool { return len(r.wishes()) == 0 })
			r.calm()
			if got := r.onServer("INBOX") + ", " + r.onServer("Archive") + ", " + r.onServer("Lists"); got != "2, , 1" {
				t.Errorf("on the server %q: %+v", got, r.e.Log())
			}
		})
	}
}
