package engine

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/mail/mailtest"
)

// victim is what a process that is to be killed needs to know, as JSON in the environment variable of this name.
const victimVariable = "POSTHORN_TEST_VICTIM"

type victim struct {
	Scene      string
	Renumbered bool
	Dir        string
	Account    mail.Account
	More       []mail.Account
	From       int // the first of errands that is not known to be done
	Commit     int // ends itself after this commit; 0: never
}

// scene is what a person does, and what must be the end of it.
type scene struct {
	errands []func(r *rig)
	grace   time.Duration
	ahead   int // errands behind this many happen when the grace period is over; 0: there is none
	intact  func(r *rig, unsure map[string]bool)
}

// scenes gives one by its name.
func scenes(name string) scene {
	if name == "grace" {
		return scene{hasty, time.Hour, len(hasty) - 1, (*rig).intactAfterGrace}
	}
	return scene{errands: errands, intact: (*rig).intact}
}

// errands are what a person does, one after the other. One that was done when the process was killed before it could say
// so is begun again: each asks first.
var errands = []func(r *rig){
	func(r *rig) {
		m := r.bySubject("INBOX")
		r.do("read", flag(m["1"], mail.Seen, true), flag(m["2"], mail.Flagged, true))
	},
	func(r *rig) {
		if m, ok := r.bySubject("INBOX")["3"]; ok {
			r.do("archived", mail.Targeted{Message: m.Key, Change: mail.Move{To: r.mailbox("Archive").Key}})
		}
	},
	func(r *rig) {
		if m, ok := r.bySubject("Trash")["old"]; ok {
			r.do("deleted for good", mail.Targeted{Message: m.Key, Change: mail.Expunge{}})
		}
	},
	func(r *rig) {
		if m := r.bySubject("INBOX")["4"]; len(r.listOf(r.mailboxOf("work", "Archive").Key)) == 0 {
			r.do("copied", mail.Targeted{Message: m.Key, Change: mail.Copy{To: r.mailbox("Archive").Key}},
				mail.Targeted{Message: m.Key, Change: mail.Copy{To: r.mailboxOf("work", "Archive").Key}})
		}
	},
	func(r *rig) {
		if m, ok := r.bySubject("INBOX")["5"]; ok {
			r.do("moved", mail.Targeted{Message: m.Key, Change: mail.Move{To: r.mailboxOf("work", "INBOX").Key}})
		}
	},
	func(r *rig) {
		if m := r.bySubject("INBOX")["2"]; !m.Keywords.Has("work") {
			r.do("labelled", mail.Targeted{Message: m.Key, Change: mail.FlagChange{Add: "work"}})
		}
	},
	func(r *rig) {
		if m := r.bySubject("INBOX")["1"]; !m.Flags.Has(mail.Flagged) {
			r.do("starred", flag(m, mail.Flagged, true))
		}
	},
	func(r *rig) {
		if r.bySubject("INBOX")["1"].Flags.Has(mail.Flagged) {
			r.undo()
		}
	},
	func(r *rig) {
		if r.bySubject("INBOX")["1"].Flags.Has(mail.Flagged) {
			return
		}
		if _, err := r.e.Redo(r.t.Context()); err != nil {
			r.t.Fatal(err)
		}
	},
	func(r *rig) {
		if !r.has("Made") && !r.has("Kept") {
			r.errand(cache.CreateMailbox, "", "Made", 0)
		}
	},
	func(r *rig) {
		if r.has("Made") {
			r.errand(cache.RenameMailbox, "Made", "Kept", 0)
		}
	},
	func(r *rig) {
		if r.has("Gone") {
			r.errand(cache.DeleteMailbox, "Gone", "", 1)
		}
	},
	func(r *rig) {
		if r.mailbox("Archive").Subscribed {
			r.errand(cache.UnsubscribeMailbox, "Archive", "", 0)
		}
	},
	func(r *rig) { r.leaveDraft("Scrap", "nothing much") },
	func(r *rig) {
		stored, ok := r.draftOf("Scrap")
		if !ok {
			return
		}
		if err := r.e.DeleteDraft(r.t.Context(), stored.Key); err != nil {
			r.t.Fatal(err)
		}
	},
	func(r *rig) { r.leaveDraft("News", "first words") },
	func(r *rig) { r.sendDraft("News") },
	func(r *rig) { r.leaveDraft("Re:_1", "an answer") },
	func(r *rig) { r.sendDraft("Re:_1") },
	func(r *rig) { r.leaveDraft("Later", "a thought"); r.agreed() },
	func(r *rig) { r.leaveDraft("Later", "a thought, and another") },
}

// has tells whether a mailbox is shown.
func (r *rig) has(mailbox string) bool {
	return slices.Contains(strings.Fields(strings.ReplaceAll(r.shownNames(), "+", "")), mailbox)
}

func (r *rig) bySubject(mailbox string) map[string]mail.Message {
	out := map[string]mail.Message{}
	for _, m := range r.list(mailbox) {
		out[m.Subject] = m
	}
	return out
}

// draftOf is the stored draft with a subject.
func (r *rig) draftOf(subject string) (d cache.Stored, ok bool) {
	r.t.Helper()
	drafts, err := r.store.Drafts(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	i := slices.IndexFunc(drafts, func(d cache.Stored) bool { return strings.Contains(d.Data, `"`+subject+`"`) })
	if i < 0 {
		return d, false
	}
	return drafts[i], true
}

// save keeps a draft that is still written; leaveDraft is a draft that is closed, of which the server gets a copy at once.
func (r *rig) save(subject, text string)       { r.t.Helper(); r.keep(subject, text, false) }
func (r *rig) leaveDraft(subject, text string) { r.t.Helper(); r.keep(subject, text, true) }

func (r *rig) keep(subject, text string, closed bool) {
	r.t.Helper()
	d := draft(r, "ben@example.org, cy@example.org, dan@example.org", subject)
	d.Closed = closed
	if d.Body = text; subject == "Re:_1" {
		d.To, d.Original, d.Mark = "ben@example.org", r.bySubject("INBOX")["1"].Key, mail.Answered
	}
	stored, _ := r.draftOf(subject)
	d.Key = stored.Key
	if _, err := r.e.SaveDraft(r.t.Context(), d); err != nil {
		r.t.Fatal(err)
	}
}

// sendDraft sends a draft, unless that was done already.
func (r *rig) sendDraft(subject string) {
	r.t.Helper()
	stored, ok := r.draftOf(subject)
	if !ok {
		return
	}
	d, err := compose.Unmarshal(stored.Data)
	if err == nil {
		d.Key = stored.Key
		_, err = r.e.Send(r.t.Context(), d)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// suffer runs the errands of a victim to their end, and saying so.
func suffer(t *testing.T, text string) {
	var v victim
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	sc := scenes(v.Scene)
	r := &rig{t: t, fault: &mailtest.Fault{}, dir: v.Dir, account: v.Account, more: v.More, grace: sc.grace, renumbered: v.Renumbered}
	if v.From > sc.ahead {
		r.clock.forward(2 * r.grace)
	}
	commits := 0
	r.committed = func() { // the writer's lock is held
		if commits++; commits == v.Commit {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	}
	r.start()
	for i := v.From; i < len(sc.errands); i++ {
		sc.errands[i](r)
		fmt.Println("done", i)
	}
	r.until("all is sent or unknown, and drafts are copied", func() bool {
		rows, err := r.store.Outbox(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		due, err := r.store.DueMirror(t.Context(), "home", r.clock.now(), nil)
		if err != nil {
			t.Fatal(err)
		}
		rest := due.Key == 0
		for _, o := range rows {
			if rest = rest && o.State == cache.Uncertain && o.Copy != cache.CopyDue; o.State == cache.Queued && o.Attempts > 0 {
				r.e.Refresh("")
			}
		}
		for _, s := range r.e.States() {
			if s.Phase == Offline {
				r.e.Refresh("")
			}
		}
		return rest
	})
	r.calm()
	r.close()
	fmt.Println("done all", commits)
}

// gate stands between a victim and its servers in this process: what the Fault cuts is the moment to kill.
type gate struct {
	t     *testing.T
	fault mailtest.Fault
	mu    sync.Mutex
	prey  *os.Process
}

// to opens a way to an endpoint.
func (g *gate) to(e mail.Endpoint) mail.Endpoint {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { l.Close() })
	target := net.JoinHostPort(e.Host, fmt.Sprint(e.Port))
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s, err := g.fault.Dial(g.t.Context(), "tcp", target)
			if err != nil {
				c.Close()
				continue
			}
			go g.pass(s, c)
			go g.pass(c, s)
		}
	}()
	e.Port = l.Addr().(*net.TCPAddr).Port
	return e
}

// pass carries one direction; a cut kills before anybody hears of it.
func (g *gate) pass(to, from net.Conn) {
	_, err := io.Copy(to, from)
	if errors.Is(err, mailtest.ErrCut) {
		g.mu.Lock()
		_ = g.prey.Kill()
		_, _ = g.prey.Wait()
		g.mu.Unlock()
	}
	to.Close()
	from.Close()
}

// run lets a victim live, and tells how many of the errands are done, how many commits that took, and whether it was killed.
func (g *gate) run(v victim) (done, commits int, killed bool) {
	text, err := json.Marshal(v)
	if err != nil {
		g.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestAKilledProcess$")
	cmd.Env = append(os.Environ(), victimVariable+"="+string(text))
	out, err := cmd.StdoutPipe()
	if err != nil {
		g.t.Fatal(err)
	}
	g.mu.Lock()
	err = cmd.Start()
	g.prey = cmd.Process
	g.mu.Unlock()
	if err != nil {
		g.t.Fatal(err)
	}
	done, killed = v.From, true
	var said []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said = append(said, lines.Text())
		if n, _ := fmt.Sscanf(lines.Text(), "done all %d", &commits); n == 1 {
			killed = false
		} else if n, _ := fmt.Sscanf(lines.Text(), "done %d", &done); n == 1 {
			done++
		}
	}
	_ = cmd.Wait()
	if killed && slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "another posthorn is using this data") }) {
		return g.run(v) // the lock that this process had is held by what it forks for another test, until that is executed
	}
	if killed && len(said) > 0 && strings.HasPrefix(said[len(said)-1], "FAIL") {
		g.t.Fatalf("the victim failed by itself:\n%s", strings.Join(said, "\n"))
	}
	return done, commits, killed
}

// fate is where a victim is killed: at a command, before it reaches the server or when the server has done it, or after a
// commit; and after which commit the one that goes on is killed. The zero value is never. Meanwhile the server may renumber
// the mailboxes.
type fate struct {
	command  int
	after    bool
	commit   int
	again    int
	renumber bool
}

func (f fate) String() string {
	if f.again > 0 {
		n := f.again
		f.again = 0
		return f.String() + fmt.Sprintf(", and commit %d of the next", n)
	}
	if f.renumber {
		f.renumber = false
		return f.String() + ", and renumbered"
	}
	switch {
	case f.commit > 0:
		return fmt.Sprintf("commit %d", f.commit)
	case f.after:
		return fmt.Sprintf("command %d done", f.command)
	}
	return fmt.Sprintf("command %d", f.command)
}

// live runs the errands against servers that outlive the process, with the kill that is its fate, to their end. It tells how
// many commands and commits the undisturbed run takes.
func live(t *testing.T, name string, f fate, without ...imap.Cap) (commands, commits int) {
	r, work := pair(t, without...)
	r.deliver("INBOX", 1, 5)
	r.user.Create("Gone", mail.NoRole)
	r.user.Append("Gone", message("with it", "x"), time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC))
	r.user.Append("Trash", message("old", "x"), time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC))
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 451, Only: []string{"cy@example.org"}, Times: 1})
	g := &gate{t: t}
	v := victim{Scene: name, Renumbered: f.renumber, Dir: r.dir, Account: r.account, More: slices.Clone(r.more), Commit: f.commit}
	v.Account.IMAP, v.Account.SMTP, v.More[0].IMAP = g.to(r.account.IMAP), g.to(r.account.SMTP), g.to(r.more[0].IMAP)
	if f.command > 0 {
		g.fault.CutAt(f.command, f.after)
	}
	killed, unsure := true, map[string]bool{}
	for lives := 0; killed; lives++ {
		if lives == 4 {
			t.Fatal("it does not come to its end")
		}
		v.From, commits, killed = g.run(v)
		if v.Commit = 0; lives == 0 {
			v.Commit = f.again
		}
		if killed {
			r.leaves(unsure)
			if f.renumber {
				for _, mailbox := range []string{"INBOX", "Archive", "Trash", "Sent"} {
					r.user.Renumber(mailbox)
				}
				work.Renumber("INBOX")
				work.Renumber("Archive")
			}
		}
	}
	commands = len(g.fault.Commands())
	r.work = work
	scenes(name).intact(r, unsure)
	g.fault.CutAt(0, false)
	mails := len(r.smtp.Accepted())
	v.Commit = 0 // it may be set still: a command near the end is not always needed, and nobody was killed then
	if _, _, killed = g.run(v); killed || len(g.fault.Changing()) > 0 || len(r.smtp.Accepted()) != mails {
		t.Errorf("another run (killed: %v) sends %v and %d messages", killed, g.fault.Changing(), len(r.smtp.Accepted())-mails)
	}
	return commands, commits
}

// leaves notes which messages a killed process left between the commit that the dot is sent and the one that the server has
// answered: nobody can know what became of these. What the server took is at least among them.
func (r *rig) leaves(unsure map[string]bool) {
	r.t.Helper()
	left, end, err := cache.OpenReadOnly(r.t.Context(), r.dir)
	if err != nil {
		return // killed before there was a database
	}
	outbox, err := left.Outbox(r.t.Context())
	if err = errors.Join(err, end()); err != nil {
		r.t.Fatal(err)
	}
	for _, o := range outbox {
		switch o.State {
		case cache.DotSent:
			unsure[o.Subject] = true
		case cache.Queued, cache.Sending:
			if o.Attempts == 0 && slices.ContainsFunc(r.smtp.Accepted(), func(a mailtest.Accepted) bool { return subjectOfRaw(a.Raw) == o.Subject }) {
				r.t.Errorf("the server took %q, and the outbox holds %+v", o.Subject, o)
			}
		}
	}
}

func subjectOfRaw(raw []byte) string {
	subject, _, _ := strings.Cut(after(string(raw), "Subject: "), "\r\n")
	return subject
}

// intact demands that nothing is lost and nothing there twice, whatever happened. What the outbox calls unknown may have
// been accepted or not, and is among the unsure; otherwise it was accepted once, and one copy is filed.
func (r *rig) intact(unsure map[string]bool) {
	r.t.Helper()
	r.open()
	defer r.close() // checks
	unknown, filed := r.sentOnce(unsure, "News ben", "News cy", "News dan", "Re:_1 ben")
	sent, first := "News\\Seen Re:_1\\Seen", "1\\Answered\\Flagged\\Seen"
	if unknown["News"] && !filed["News"] {
		sent = "Re:_1\\Seen"
	}
	if unknown["Re:_1"] {
		sent, first = strings.TrimSuffix(strings.TrimSuffix(sent, "Re:_1\\Seen"), " "), "1\\Flagged\\Seen"
	}
	r.holds(map[string]string{"INBOX": first + " 2\\Flaggedwork 4", "Archive": "3 4", "Trash": "", "Sent": sent})
	for mailbox, want := range map[string]string{"INBOX": "5", "Archive": "4"} {
		if server := left(subjects(r.work, mailbox)); server != want {
			r.t.Errorf("%s of work on the server: %q, want %q", mailbox, server, want)
		}
	}
	if got := r.names(); got != "Archive Drafts INBOX Kept Sent Trash" || r.shownNames() != got || r.mailbox("Archive").Subscribed {
		r.t.Errorf("the server has %s, shown is %s", got, r.shownNames())
	}
	r.draftIs("Later", "a thought, and another")
}

// holds demands what the server has in mailboxes.
func (r *rig) holds(mailboxes map[string]string) {
	r.t.Helper()
	for mailbox, want := range mailboxes {
		if server := sorted(left(r.onServer(mailbox))); server != want {
			r.t.Errorf("%s on the server: %q, want %q", mailbox, server, want)
		}
	}
}

// draftIs demands that there is one draft, here and on the server.
func (r *rig) draftIs(subject, text string) {
	r.t.Helper()
	drafts, err := r.store.Drafts(r.t.Context())
	if err != nil || len(drafts) != 1 || !strings.Contains(drafts[0].Data, text) {
		r.t.Errorf("drafts %v (%v)", drafts, err)
	}
	r.sees("Drafts on the server", r.copies("Drafts"), subject+": "+text)
}

// sentOnce demands that each message reached each of its recipients once, unless nobody can know, and nobody got another one.
// It tells which are unknown, and which of these have a copy in Sent.
func (r *rig) sentOnce(unsure map[string]bool, messages ...string) (unknown, filed map[string]bool) {
	r.t.Helper()
	outbox, err := r.store.Outbox(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	unknown, filed = map[string]bool{}, map[string]bool{}
	for _, o := range outbox {
		unknown[o.Subject], filed[o.Subject] = o.State == cache.Uncertain, o.Copy == cache.CopyFiled // an earlier try had reached some
		if !unsure[o.Subject] || o.State != cache.Uncertain {
			r.t.Errorf("the outbox holds %+v", o)
		}
	}
	got := map[string]int{}
	for _, a := range r.smtp.Accepted() {
		for _, to := range a.To {
			got[subjectOfRaw(a.Raw)+" "+to]++
		}
	}
	for _, one := range messages {
		subject, _, _ := strings.Cut(one, " ")
		if n := got[one+"@example.org"]; n > 1 || n == 0 && !unknown[subject] {
			r.t.Errorf("%s got it %d times; unknown %v", one, n, unknown)
		}
		delete(got, one+"@example.org")
	}
	if len(got) > 0 {
		r.t.Errorf("sent, too: %v", got)
	}
	return unknown, filed
}

// left are subjects without those that a server keeps which cannot expunge a single message.
func left(subjects string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(subjects), func(s string) bool { return strings.Contains(s, `\Deleted`) }), " ")
}

// after is what follows word in text.
func after(text, word string) string {
	_, rest, _ := strings.Cut(text, word)
	return rest
}

// TestAKilledProcess kills a process with SIGKILL around every command of IMAP and SMTP, the dot among them, and after every
// commit, and lets another one go on where it was.
func TestAKilledProcess(t *testing.T) {
	if text := os.Getenv(victimVariable); text != "" {
		suffer(t, text)
		return
	}
	for name, c := range map[string]struct {
		scene   string
		without []imap.Cap
	}{"all": {}, "no MOVE": {"", []imap.Cap{imap.CapMove}}, "no MOVE, no UIDPLUS": {"", []imap.Cap{imap.CapMove, imap.CapUIDPlus}}, "grace": {scene: "grace"}} {
		t.Run(name, func(t *testing.T) {
			commands, commits := live(t, c.scene, fate{}, c.without...)
			t.Logf("%d commands, %d commits", commands, commits)
			var fates []fate
			for n := 1; n <= commands; n++ {
				fates = append(fates, fate{command: n}, fate{command: n, after: true})
			}
			for n := 1; n <= commits; n++ {
				fates = append(fates, fate{commit: n})
			}
			step := 27 // a sample: KILLS=all, a step of its own in .ci/run, plays each
			if testing.Short() {
				step = 45
			}
			if os.Getenv("KILLS") == "all" && c.without == nil {
				if step = 1; c.scene != "" {
					step = 3 // half of it is the same
				}
			}
			play := func(f fate) {
				t.Run(f.String(), func(t *testing.T) {
					t.Parallel()
					live(t, c.scene, f, c.without...)
				})
			}
			for i := 0; i < len(fates); i += step {
				f := fates[i]
				if i%2 == 0 { // what goes on does little before it says so: among its first commits
					f.again = 1 + i/2%25
				}
				play(f)
				if i/step%4 == 1 && (!testing.Short() || c.without == nil) {
					f.renumber = true
					play(f)
				}
			}
		})
	}
}
