package engine

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// scenario is one message: where the server had it and with which flags when the cache last saw it (said), where another
// client has put it since, unseen (server), and what the person did meanwhile, offline (wanted). A place is a mailbox with
// flags; several are separated by commas, and none is nowhere. The end is what the server has when all is calm again, which
// is also what is shown.
//
// Wishes: "+\Seen" and "-\Seen" for flags and keywords, "move", "copy" and "over" (a move to the other account) with a
// mailbox, "expunge", and "undo" of the wish before it.
type scenario struct{ name, said, server, wanted, end string }

// scenarios are played together, each with a message of its own.
var scenarios = []scenario{
	// Nothing is wanted: what the server says is shown.
	{"unchanged", `INBOX`, `INBOX`, ``, `INBOX`},
	{"new", ``, `INBOX`, ``, `INBOX`},
	{"flagged-elsewhere", `INBOX`, `INBOX \Flagged`, ``, `INBOX \Flagged`},
	{"unflagged-elsewhere", `INBOX \Seen`, `INBOX`, ``, `INBOX`},
	{"labelled-elsewhere", `INBOX`, `INBOX work`, ``, `INBOX work`},
	{"moved-elsewhere", `INBOX`, `Archive`, ``, `Archive`},
	{"expunged-elsewhere", `INBOX`, ``, ``, ``},

	// Flags: only the bits that were touched are sent, all others are the server's.
	{"flag", `INBOX`, `INBOX`, `+\Seen`, `INBOX \Seen`},
	{"unflag", `INBOX \Seen`, `INBOX \Seen`, `-\Seen`, `INBOX`},
	{"flag-and-other-flag-elsewhere", `INBOX`, `INBOX \Flagged`, `+\Seen`, `INBOX \Flagged \Seen`},
	{"flag-set-elsewhere-too", `INBOX`, `INBOX \Seen`, `+\Seen`, `INBOX \Seen`},
	{"flag-against-elsewhere", `INBOX \Seen`, `INBOX`, `+\Flagged`, `INBOX \Flagged`},
	{"unflag-gone-elsewhere-too", `INBOX \Seen`, `INBOX`, `-\Seen`, `INBOX`},
	{"label", `INBOX`, `INBOX`, `+work`, `INBOX work`},
	{"unlabel", `INBOX work`, `INBOX work`, `-work`, `INBOX`},
	{"label-and-other-label-elsewhere", `INBOX`, `INBOX urgent`, `+work`, `INBOX urgent work`},
	{"flag-of-expunged", `INBOX`, ``, `+\Seen`, ``},
	{"flags-on-and-off", `INBOX \Seen`, `INBOX \Seen`, `+\Flagged, -\Seen, +work`, `INBOX \Flagged work`},
	{"flag-changed-mind", `INBOX`, `INBOX`, `+\Seen, -\Seen`, `INBOX`},
	{"flag-undone", `INBOX`, `INBOX`, `+\Flagged, undo`, `INBOX`},
	{"flag-undone-and-flag-elsewhere", `INBOX`, `INBOX \Seen`, `+\Flagged, undo`, `INBOX \Seen`},

	// Moves take along what the server has, whoever changed it.
	{"move", `INBOX`, `INBOX`, `move Lists`, `Lists`},
	{"archive", `INBOX`, `INBOX`, `move Archive`, `Archive`},
	{"trash", `INBOX`, `INBOX`, `move Trash`, `Trash`},
	{"junk", `INBOX`, `INBOX`, `+$Junk, move Junk`, `Junk $Junk`},
	{"move-and-flag-elsewhere", `INBOX`, `INBOX \Flagged`, `move Lists`, `Lists \Flagged`},
	{"move-of-expunged", `INBOX`, ``, `move Lists`, ``},
	{"move-done-elsewhere-too", `INBOX`, `Lists`, `move Lists`, `Lists`},
	{"move-twice", `INBOX`, `INBOX`, `move Lists, move Archive`, `Archive`},
	{"move-and-back", `INBOX`, `INBOX`, `move Lists, move INBOX`, `INBOX`},
	{"move-undone", `INBOX`, `INBOX`, `move Lists, undo`, `INBOX`},
	{"move-out-of-trash", `Trash \Seen`, `Trash \Seen`, `move INBOX`, `INBOX \Seen`},
	{"flag-then-move", `INBOX`, `INBOX`, `+\Seen, move Lists`, `Lists \Seen`},
	{"move-then-flag", `INBOX`, `INBOX`, `move Lists, +\Seen`, `Lists \Seen`},

	// For good.
	{"expunge", `Trash`, `Trash`, `expunge`, ``},
	{"expunge-of-expunged", `Trash`, ``, `expunge`, ``},
	{"expunge-and-flag-elsewhere", `Trash`, `Trash \Flagged`, `expunge`, ``},
	{"expunge-undone", `Trash`, `Trash`, `expunge, undo`, `Trash`},
	{"expunge-of-what-was-rescued", `Trash`, `INBOX`, `expunge`, `INBOX`},

	// Copies.
	{"copy", `INBOX \Seen`, `INBOX \Seen`, `copy Lists`, `INBOX \Seen, Lists \Seen`},
	{"copy-then-move", `INBOX`, `INBOX`, `copy Lists, move Archive`, `Archive, Lists`},
	{"copy-of-expunged", `INBOX`, ``, `copy Lists`, ``},
	{"copy-undone", `INBOX`, `INBOX`, `copy Lists, undo`, `INBOX`},

	// To another account.
	{"move-over", `INBOX \Flagged`, `INBOX \Flagged`, `over Archive`, `work:Archive \Flagged`},
	{"move-over-of-expunged", `INBOX`, ``, `over Archive`, ``},
	{"flag-then-move-over", `INBOX`, `INBOX`, `+\Seen, over Archive`, `work:Archive \Seen`},
}

// place is a mailbox and flags of what said and server tell.
func (s scenario) place(text string) (mailbox string, flags []imap.Flag) {
	for i, word := range strings.Fields(text) {
		if i == 0 {
			mailbox = word
		} else {
			flags = append(flags, imap.Flag(word))
		}
	}
	return mailbox, flags
}

// deliver puts the message to where the cache is going to see it.
func (s scenario) deliver(r *rig, at string, date time.Time) {
	if mailbox, flags := s.place(at); mailbox != "" {
		r.user.Append(mailbox, message(s.name, "Hello from "+s.name), date, flags...)
	}
}

// meddle does what another client does.
func (s scenario) meddle(r *rig) {
	from, had := s.place(s.said)
	to, has := s.place(s.server)
	if from == "" {
		s.deliver(r, s.server, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
		return
	}
	i := slices.IndexFunc(r.user.Messages(from), func(m mailtest.Stored) bool { return subjectOf(m) == s.name })
	uid := r.user.Messages(from)[i].UID
	switch to {
	case from:
	case "":
		r.user.Expunge(from, uid)
		return
	default:
		uid = r.user.Move(from, uid, to)
	}
	r.user.SetFlags(to, uid, false, had...)
	r.user.SetFlags(to, uid, true, has...)
}

// wish does what the person does.
func (s scenario) wish(r *rig) {
	if s.wanted == "" {
		return
	}
	from, _ := s.place(s.said)
	m := r.bySubject(from)[s.name]
	for w := range strings.SplitSeq(s.wanted, ", ") {
		verb, target, _ := strings.Cut(w, " ")
		var c mail.Change
		switch verb {
		case "move":
			c = mail.Move{To: r.mailbox(target).Key}
		case "copy":
			c = mail.Copy{To: r.mailbox(target).Key}
		case "over":
			c = mail.Move{To: r.mailboxOf("work", target).Key}
		case "expunge":
			c = mail.Expunge{}
		case "undo":
			if _, err := r.e.Undo(r.t.Context()); err != nil {
				r.t.Fatalf("%s: %v", s.name, err)
			}
			continue
		default:
			flags, keywords := mail.ParseFlags([]string{verb[1:]})
			switch on := verb[0] == '+'; {
			case keywords != "" && on:
				c = mail.FlagChange{Add: keywords}
			case keywords != "":
				c = mail.FlagChange{Del: keywords}
			case on:
				c = mail.FlagChange{Mask: flags, Want: flags}
			default:
				c = mail.FlagChange{Mask: flags}
			}
		}
		r.do(s.name, mail.Targeted{Message: m.Key, Change: c})
	}
}

func subjectOf(m mailtest.Stored) string {
	_, rest, _ := bytes.Cut(m.Raw, []byte("Subject: "))
	subject, _, _ := bytes.Cut(rest, []byte("\r\n"))
	return string(subject)
}

// whereAll is where each message is, on the servers and as shown, as scenario.end tells it.
func whereAll(r *rig) (server, shown map[string]string) {
	there, here := map[string][]string{}, map[string][]string{}
	for prefix, u := range map[string]*mailtest.User{"": r.user, "work:": r.work} {
		account := r.account.Name
		if prefix != "" {
			account = "work"
		}
		for _, box := range u.Mailboxes() {
			for _, m := range u.Messages(box) {
				flags := slices.DeleteFunc(slices.Clone(m.Flags), func(f string) bool { return f == `\Recent` })
				if !slices.Contains(flags, `\Deleted`) { // left behind where single messages cannot be expunged
					there[subjectOf(m)] = append(there[subjectOf(m)], placed(prefix+box, flags))
				}
			}
			for _, m := range r.listOf(r.mailboxOf(account, box).Key) {
				here[m.Subject] = append(here[m.Subject], placed(prefix+box, append(m.Flags.Names(), m.Keywords.List()...)))
			}
		}
	}
	return joined(there), joined(here)
}

func placed(mailbox string, flags []string) string {
	slices.Sort(flags)
	return strings.Join(append([]string{mailbox}, flags...), " ")
}

func joined(places map[string][]string) map[string]string {
	out := map[string]string{}
	for name, list := range places {
		slices.Sort(list)
		out[name] = strings.Join(list, ", ")
	}
	return out
}

// playScenarios plays all of them in one run, with the n-th command after coming back cut off (0: none), and tells how many
// commands there were.
func playScenarios(t *testing.T, n int, after bool, without ...imap.Cap) (commands int) {
	r, work := pair(t, without...)
	r.work, r.grace = work, 8*time.Second
	r.user.Create("Lists", mail.NoRole)
	r.user.Create("Junk", mail.Junked)
	for i, s := range scenarios {
		s.deliver(r, s.said, time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC))
	}
	r.start()
	r.close()
	r.open()
	for _, s := range scenarios {
		s.wish(r)
		s.meddle(r)
	}
	r.clock.forward(r.grace + time.Second) // what is to be deleted for good is due
	r.fault.CutAt(n, after)
	r.e.Start(context.WithoutCancel(t.Context()))
	r.calm()
	r.e.Refresh("")
	r.calm()
	commands = len(r.fault.Commands())
	check := func(when string) {
		server, shown := whereAll(r)
		for _, s := range scenarios {
			if server[s.name] != s.end || shown[s.name] != s.end {
				t.Errorf("%s %+v: the server has %q, shown is %q", when, s, server[s.name], shown[s.name])
			}
		}
	}
	check("at the end of")
	r.close()
	r.fault.CutAt(0, false)
	r.start()
	r.e.Refresh("")
	r.calm()
	if changing := r.fault.Changing(); len(changing) > 0 {
		t.Errorf("a second run sends %v", changing)
	}
	check("after a second run of")
	r.close()
	return commands
}

// TestScenarios plays the table, and again with the connection cut before and after each command; of servers that lack
// something, and where a person waits, at a sample of them.
func TestScenarios(t *testing.T) {
	for name, without := range map[string][]imap.Cap{
		"all": nil, "no MOVE": {imap.CapMove}, "no UIDPLUS": {imap.CapUIDPlus}, "no CONDSTORE": {imap.CapCondStore},
		"none": {imap.CapMove, imap.CapUIDPlus, imap.CapCondStore},
	} {
		t.Run(name, func(t *testing.T) {
			commands, step := playScenarios(t, 0, false, without...), 29
			switch {
			case mailtest.Thorough() && without == nil:
				step = 1
			case mailtest.Thorough():
				step = 11
			}
			for n := 1; n <= commands; n += step {
				for _, after := range []bool{false, true} {
					t.Run(fmt.Sprintf("%d after=%v", n, after), func(t *testing.T) {
						t.Parallel()
						playScenarios(t, n, after, without...)
					})
				}
			}
		})
	}
}
