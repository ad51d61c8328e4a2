package engine

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// scenario is one message: where the server had it and with which flags when the cache last saw it (said), where another
// client has put it since, unseen (server), and what the person did meanwhile, offline (wanted). A place is a mailbox with
// flags; several are separated by commas, and the first is the one that is acted on; none is nowhere. The end is what the server has when all is calm again, which
// is also what is shown, but for originals that stay, marked as \Deleted and hidden: in (round brackets) where the server
// cannot expunge a single message, in [square brackets] where it cannot move one either. A
// question mark is a wish that stays for the person to decide on.
//
// Wishes: "+\Seen" and "-\Seen" for flags and keywords, "move", "copy" and "over" (a move to the other account) with a
// mailbox, "expunge", and "undo" of the wish before it. Those after a "|" come while those before it are being sent.
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
	{"move", `INBOX`, `INBOX`, `move Lists`, `Lists, [INBOX]`},
	{"archive", `INBOX`, `INBOX`, `move Archive`, `Archive, [INBOX]`},
	{"trash", `INBOX`, `INBOX`, `move Trash`, `Trash, [INBOX]`},
	{"junk", `INBOX`, `INBOX`, `+$Junk, move Junk`, `Junk $Junk, [INBOX]`},
	{"move-and-flag-elsewhere", `INBOX`, `INBOX \Flagged`, `move Lists`, `Lists \Flagged, [INBOX]`},
	{"move-of-expunged", `INBOX`, ``, `move Lists`, ``},
	{"move-done-elsewhere-too", `INBOX`, `Lists`, `move Lists`, `Lists`},
	{"move-twice", `INBOX`, `INBOX`, `move Lists, move Archive`, `Archive, [INBOX]`},
	{"move-and-back", `INBOX`, `INBOX`, `move Lists, move INBOX`, `INBOX`},
	{"move-undone", `INBOX`, `INBOX`, `move Lists, undo`, `INBOX`},
	{"move-out-of-trash", `Trash \Seen`, `Trash \Seen`, `move INBOX`, `INBOX \Seen, [Trash]`},
	{"flag-then-move", `INBOX`, `INBOX`, `+\Seen, move Lists`, `Lists \Seen, [INBOX]`},
	{"move-then-flag", `INBOX`, `INBOX`, `move Lists, +\Seen`, `Lists \Seen, [INBOX]`},

	// Another client has moved it to a third mailbox: what is wanted follows it there, but for a deletion.
	{"flag-of-moved-elsewhere", `INBOX`, `Archive`, `+\Flagged`, `Archive \Flagged`},
	{"move-of-moved-elsewhere", `INBOX`, `Archive`, `move Lists`, `Lists, [Archive]`},
	{"copy-of-moved-elsewhere", `INBOX`, `Archive`, `copy Lists`, `Archive, Lists`},
	{"move-over-of-moved-elsewhere", `INBOX`, `Archive`, `over Archive`, `work:Archive, (Archive)`},

	// The mailbox Old is renumbered. What is wanted goes to the messages it is for, whatever their UIDs are by now.
	{"renumbered", `Old \Flagged`, `Old \Flagged`, ``, `Old \Flagged`},
	{"renumbered-and-flagged-elsewhere", `Old`, `Old \Flagged`, ``, `Old \Flagged`},
	{"renumbered-and-moved-elsewhere", `Old`, `Archive`, ``, `Archive`},
	{"renumbered-and-expunged-elsewhere", `Old`, ``, ``, ``},
	{"flag-of-renumbered", `Old`, `Old work`, `+\Seen`, `Old \Seen work`},
	{"flag-undone-of-renumbered", `Old`, `Old`, `+\Seen, undo`, `Old`},
	{"flag-of-renumbered-and-expunged", `Old`, ``, `+\Seen`, `?`},
	{"move-of-renumbered", `Old`, `Old`, `move Lists`, `Lists, [Old]`},
	{"move-of-renumbered-and-moved-elsewhere", `Old`, `Archive`, `move Lists`, `Archive, ?`},
	{"move-into-renumbered", `INBOX`, `INBOX`, `move Old`, `Old, [INBOX]`},
	{"copy-of-renumbered", `Old`, `Old`, `copy Lists`, `Lists, Old`},
	{"copy-into-renumbered", `INBOX`, `INBOX`, `copy Old`, `INBOX, Old`},
	{"expunge-of-renumbered", `Old`, `Old`, `expunge`, `(Old)`},
	{"expunge-of-renumbered-and-rescued", `Old`, `INBOX`, `expunge`, `INBOX, ?`},
	{"move-over-of-renumbered", `Old`, `Old`, `over Archive`, `(Old), work:Archive`},

	// The person goes on while the server is told.
	{"flag-changed-while-sent", `INBOX`, `INBOX`, `+\Seen | -\Seen`, `INBOX`},
	{"other-flag-while-sent", `INBOX`, `INBOX`, `+\Seen | +\Flagged`, `INBOX \Flagged \Seen`},
	{"unflag-changed-while-sent", `INBOX \Seen`, `INBOX \Seen`, `-\Seen | +\Seen`, `INBOX \Seen`},
	{"label-changed-while-sent", `INBOX`, `INBOX`, `+work | -work, +urgent`, `INBOX urgent`},
	{"moved-on-while-sent", `INBOX`, `INBOX`, `move Lists | move Archive`, `Archive, [INBOX]`},
	{"moved-back-while-sent", `INBOX`, `INBOX`, `move Lists | move INBOX`, `INBOX`},
	{"flag-while-moved", `INBOX`, `INBOX`, `move Lists | +\Seen`, `Lists \Seen, [INBOX]`},
	{"move-while-flagged", `INBOX`, `INBOX`, `+\Seen | move Lists`, `Lists \Seen, [INBOX]`},
	{"move-while-copied", `INBOX`, `INBOX`, `copy Lists | move Archive`, `Archive, Lists, [INBOX]`},

	// For good.
	{"expunge", `Trash`, `Trash`, `expunge`, `(Trash)`},
	{"expunge-of-expunged", `Trash`, ``, `expunge`, ``},
	{"expunge-and-flag-elsewhere", `Trash`, `Trash \Flagged`, `expunge`, `(Trash)`},
	{"expunge-undone", `Trash`, `Trash`, `expunge, undo`, `Trash`},
	{"expunge-of-what-was-rescued", `Trash`, `INBOX`, `expunge`, `INBOX`},

	// Copies.
	{"copy", `INBOX \Seen`, `INBOX \Seen`, `copy Lists`, `INBOX \Seen, Lists \Seen`},
	{"copy-then-move", `INBOX`, `INBOX`, `copy Lists, move Archive`, `Archive, Lists, [INBOX]`},
	{"copy-of-expunged", `INBOX`, ``, `copy Lists`, ``},
	{"copy-undone", `INBOX`, `INBOX`, `copy Lists, undo`, `INBOX`},

	// Another one just like it is there already.
	{"copy-to-its-like", `INBOX, Lists`, `INBOX, Lists`, `copy Lists`, `INBOX, Lists, Lists`},
	{"copy-to-its-like-undone", `INBOX, Lists`, `INBOX, Lists`, `copy Lists, undo`, `INBOX, Lists`},
	{"move-to-its-like", `INBOX, Lists`, `INBOX, Lists`, `move Lists`, `Lists, Lists, [INBOX]`},
	{"flag-beside-its-like", `INBOX, Archive`, `INBOX, Archive`, `+\Seen`, `Archive, INBOX \Seen`},
	{"expunge-of-its-like", `Trash, INBOX`, `Trash, INBOX`, `expunge`, `INBOX, (Trash)`},
	{"move-of-expunged-to-its-like", `INBOX, Lists`, `, Lists`, `move Lists`, `Lists`},
	{"move-to-its-like-on-while-sent", `INBOX, Lists`, `INBOX, Lists`, `move Lists | move Archive`, `Archive, Lists, [INBOX]`},

	// To another account.
	{"move-over", `INBOX \Flagged`, `INBOX \Flagged`, `over Archive`, `work:Archive \Flagged, (INBOX)`},
	{"move-over-of-expunged", `INBOX`, ``, `over Archive`, ``},
	{"flag-then-move-over", `INBOX`, `INBOX`, `+\Seen, over Archive`, `work:Archive \Seen, (INBOX)`},
}

// place is the mailbox and flags of what said and server tell, of the first where there are several.
func (s scenario) place(text string) (mailbox string, flags []imap.Flag) {
	text, _, _ = strings.Cut(text, ", ")
	for i, word := range strings.Fields(text) {
		if i == 0 {
			mailbox = word
		} else {
			flags = append(flags, imap.Flag(word))
		}
	}
	return mailbox, flags
}

// ends is the end on a server that lacks something, and what is shown of it.
func (s scenario) ends(lacks []imap.Cap) (server, shown string) {
	var there, here []string
	for p := range strings.SplitSeq(s.end, ", ") {
		switch inner := strings.Trim(p, "[]()"); {
		case p == "?":
		case inner == p:
			there, here = append(there, p), append(here, p)
		case slices.Contains(lacks, imap.CapUIDPlus) && (p[0] == '(' || slices.Contains(lacks, imap.CapMove)):
			there = append(there, "("+inner+")")
		}
	}
	slices.Sort(there)
	return strings.Join(there, ", "), strings.Join(here, ", ")
}

// raw and date are the message.
func (s scenario) raw() []byte { return message(s.name, "Hello from "+s.name) }

func (s scenario) date() time.Time {
	return time.Date(2026, 1, 1, 0, slices.Index(scenarios, s), 0, 0, time.UTC)
}

// deliver puts the message to where the cache is going to see it.
func (s scenario) deliver(c another, at string) {
	for p := range strings.SplitSeq(at, ", ") {
		if mailbox, flags := s.place(p); mailbox != "" {
			c.Append(mailbox, s.raw(), s.date(), flags...)
		}
	}
}

// meddle does what another client does.
func (s scenario) meddle(c another) {
	from, had := s.place(s.said)
	to, has := s.place(s.server)
	if from == "" {
		s.deliver(c, s.server)
		return
	}
	if s.said == s.server {
		return
	}
	there := c.Messages(from)
	uid := there[slices.IndexFunc(there, func(m mailtest.Stored) bool { return subjectOf(m) == s.name })].UID
	switch to {
	case from:
	case "":
		c.Expunge(from, uid)
		return
	default:
		uid = c.Move(from, uid, to)
	}
	c.SetFlags(to, uid, false, had...)
	c.SetFlags(to, uid, true, has...)
}

// wishes are those before the "|", or after it.
func (s scenario) wishes(later bool) string {
	before, after, _ := strings.Cut(s.wanted, " | ")
	if later {
		return after
	}
	return before
}

// wish does what the person does.
func (p *play) wish(s scenario, wanted string) {
	if wanted == "" {
		return
	}
	r, key := p.r, p.keys[s.name]
	for w := range strings.SplitSeq(wanted, ", ") {
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
				r.t.Errorf("%s: %v", s.name, err)
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
		if err := r.e.Do(r.t.Context(), s.name, mail.Targeted{Message: key, Change: c}); err != nil {
			r.t.Errorf("%s: %v", s.name, err)
		}
	}
}

func subjectOf(m mailtest.Stored) string {
	_, rest, _ := bytes.Cut(m.Raw, []byte("Subject: "))
	subject, _, _ := bytes.Cut(rest, []byte("\r\n"))
	return string(subject)
}

// where is where each message is, on the servers and as shown, as scenario.end tells it. No server changes an octet or
// a date.
func (p *play) where() (server, shown map[string]string) {
	there, here := map[string][]string{}, map[string][]string{}
	byName := map[string]scenario{}
	for _, s := range scenarios {
		byName[s.name] = s
	}
	for account, c := range map[string]another{"home": p.home, "work": p.work} {
		prefix := ""
		if account != "home" {
			prefix = account + ":"
		}
		for _, box := range c.Mailboxes() {
			for _, m := range c.Messages(box) {
				name, at := subjectOf(m), "("+prefix+box+")"
				if flags := slices.DeleteFunc(slices.Clone(m.Flags), func(f string) bool { return f == `\Recent` }); !slices.Contains(flags, `\Deleted`) {
					at = placed(prefix+box, flags)
				}
				there[name] = append(there[name], at)
				if s := byName[name]; !bytes.Equal(m.Raw, s.raw()) || !m.Date.Equal(s.date()) {
					p.r.t.Errorf("%s in %s has the date %v and the octets %q", name, box, m.Date, m.Raw)
				}
			}
			for _, m := range p.r.listOf(p.r.mailboxOf(account, box).Key) {
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

// play is one run of all scenarios.
type play struct {
	r          *rig
	home, work another
	lacks      []imap.Cap
	keys       map[string]mail.MessageKey // of the messages, by the names of their scenarios
	later      func()                     // the wishes after the "|" come
}

// inMemory is a play on servers in this process.
func inMemory(lacks ...imap.Cap) func(t *testing.T) *play {
	return func(t *testing.T) *play {
		r, work := pair(t, lacks...)
		r.user.Create("Junk", mail.Junked)
		return &play{r: r, home: r.user, work: work, lacks: lacks}
	}
}

// onDovecot are plays on a real server, each with users of its own.
func onDovecot(t *testing.T, lacks ...imap.Cap) func(t *testing.T) *play {
	const most = 1000
	users := make([]string, 2*most)
	for i := range users {
		users[i] = fmt.Sprint("user", i)
	}
	server, next := mailtest.Dovecot(t, users...), atomic.Int64{}
	return func(t *testing.T) *play {
		n := int(next.Add(2))
		r := newRig(t)
		smtp := r.account.SMTP
		r.account = server.Account(users[n-2], mail.Insecure)
		work := server.Account(users[n-1], mail.Insecure)
		r.account.Name, r.account.SMTP, work.Name = "home", smtp, "work"
		r.more = []mail.Account{work}
		return &play{r: r, home: newOnReal(t, r.account), work: newOnReal(t, work), lacks: lacks}
	}
}

// interruption is what happens to a play.
type interruption struct {
	command   int // the n-th command after coming back is cut off; 0: none
	every     int // and again after so many commands, up to number last
	last      int
	after     bool // the server has done it
	meanwhile int  // the later wishes come when the server has done so many changing commands, unheard; 0: at once
}

// run plays all scenarios and tells how many commands there were, and how many of them changed something.
func (p *play) run(i interruption) (commands, changing int) {
	r := p.r
	r.grace = 8 * time.Second
	for _, box := range []string{"Lists", "Old"} {
		p.home.Create(box, mail.NoRole)
	}
	for _, s := range scenarios {
		s.deliver(p.home, s.said)
	}
	r.odd = &mailtest.Odd{Response: p.hears(i.meanwhile)}
	r.start()
	r.close()
	r.open()
	p.keys = map[string]mail.MessageKey{}
	for _, s := range scenarios {
		if from, _ := s.place(s.said); from != "" {
			p.keys[s.name] = r.bySubject(from)[s.name].Key
		}
	}
	for _, s := range scenarios {
		p.wish(s, s.wishes(false))
		s.meddle(p.home)
	}
	p.later = sync.OnceFunc(func() {
		for _, s := range scenarios {
			p.wish(s, s.wishes(true))
		}
	})
	if i.meanwhile == 0 {
		p.later()
	}
	p.home.Renumber("Old")
	for _, s := range scenarios {
		if strings.HasSuffix(s.end, "?") {
			r.kept++
		}
	}
	r.clock.forward(r.grace + time.Second) // what is to be deleted for good is due
	r.fault.CutEvery(i.command, i.every, i.last, i.after)
	r.e.Start(context.WithoutCancel(r.t.Context()))
	r.calm()
	p.later() // where it took fewer commands this time
	r.e.Refresh("")
	r.calm()
	commands, changing = len(r.fault.Commands()), len(r.fault.Changing())
	p.check("at the end of")
	r.close()
	r.fault.CutAt(0, false)
	r.start()
	r.e.Refresh("")
	r.calm()
	if changing := r.fault.Changing(); len(changing) > 0 {
		r.t.Errorf("a second run sends %v", changing)
	}
	p.check("after a second run of")
	r.close()
	return commands, changing
}

func (p *play) check(when string) {
	server, shown := p.where()
	for _, s := range scenarios {
		if there, here := s.ends(p.lacks); server[s.name] != there || shown[s.name] != here {
			p.r.t.Errorf("%s %+v: the server has %q, shown is %q", when, s, server[s.name], shown[s.name])
		}
	}
}

// hears lets the later wishes come when the server has done the n-th changing command and nobody has heard it, and takes
// what the server is to lack out of what it says it can.
func (p *play) hears(n int) func(name, said string) string {
	done := 0
	return func(name, said string) string {
		if said[0] != '*' && said[0] != '+' && len(mailtest.Changing([]string{name})) > 0 {
			if done++; done == n {
				p.later()
			}
		}
		return without(said, p.lacks)
	}
}

// without takes what a server is to lack out of what it says it can.
func without(said string, lacks []imap.Cap) string {
	before, list, ok := strings.Cut(said, "CAPABILITY ")
	if !ok || len(before) >= 20 {
		return said
	}
	end := strings.IndexAny(list, "]\r")
	words := slices.DeleteFunc(strings.Fields(list[:end]), func(w string) bool { return slices.Contains(lacks, imap.Cap(w)) })
	return before + "CAPABILITY " + strings.Join(words, " ") + list[end:]
}

// variants are what servers may lack.
var variants = map[string][]imap.Cap{
	"all": nil, "no MOVE": {imap.CapMove}, "no UIDPLUS": {imap.CapUIDPlus}, "neither": {imap.CapMove, imap.CapUIDPlus},
}

// everyCut tells whether the table is played with each cut there can be: with SCENARIOS=all in the environment, as a
// step of its own in .ci/run. Otherwise it is a sample, for it takes minutes.
func everyCut() bool { return os.Getenv("SCENARIOS") == "all" }

// TestScenarios plays the table, and again with the connection cut before and after each command, and with the later
// wishes coming at each changing command. Cuts that are far from each other share a play.
func TestScenarios(t *testing.T) {
	for name, lacks := range variants {
		t.Run(name, func(t *testing.T) {
			apart, step := 19, 9
			if lacks == nil {
				apart = 61
			}
			if everyCut() {
				step = 1
			}
			playAll(t, inMemory(lacks...), apart, step)
		})
	}
}

// TestScenariosOnDovecot plays the table on a real server, with all it can do and without some of that.
func TestScenariosOnDovecot(t *testing.T) {
	step := 17
	if everyCut() {
		step = 5
	}
	for name, lacks := range map[string][]imap.Cap{"all": nil, "no CONDSTORE": {imap.CapCondStore}, "neither": {imap.CapMove, imap.CapUIDPlus}} {
		t.Run(name, func(t *testing.T) { playAll(t, onDovecot(t, lacks...), 19, step) })
	}
}

// playAll plays uninterrupted, and then with each step-th of the interruptions there can be; cuts of one play are so many
// commands apart.
func playAll(t *testing.T, begin func(t *testing.T) *play, apart, step int) {
	first := begin(t)
	commands, changing := first.run(interruption{})
	for n := 1; n <= min(apart, commands); n += step {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d after=%v", n, after), func(t *testing.T) {
				t.Parallel()
				begin(t).run(interruption{command: n, every: apart, last: commands, after: after})
			})
		}
	}
	for n := 1; n <= changing && !slices.Contains(first.lacks, imap.CapUIDPlus); n += step { // what stays behind depends on n
		t.Run(fmt.Sprintf("%d meanwhile", n), func(t *testing.T) {
			t.Parallel()
			begin(t).run(interruption{meanwhile: n})
		})
	}
}
