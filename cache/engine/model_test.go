package engine

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// model is the last word about each message: what must have come true in the end.
type model struct {
	r            *rand.Rand
	clients      map[string]another // other clients, by account
	boxes        []mail.Mailbox     // where messages may go
	items        []*item
	last         int // number of the last message that came
	actions      int
	done, undone []*action // by the person in this program, the last one last
	trace        []string
}

// item is a message that is to be there. Several have the same number when they are copies of each other; no two of them
// are ever in one mailbox.
type item struct {
	n       int
	must    mail.State               // Mailbox 0: gone
	may     map[mail.MailboxKey]bool // where it may be until all is calm
	strayed bool                     // taken away by the other client, and perhaps not yet known here

	changed mail.Flags // bits that the other client changed: without CONDSTORE nobody knows when that is seen here
	relabel bool       // it changed keywords

	// Until nothing waits:
	wished  mail.Flags // bits that are wanted, perhaps
	sure    mail.Flags // bits that are wanted and cannot have reached the server
	labels  bool       // keywords are wanted, perhaps
	busy    bool       // anything else is wanted of it, or of a copy of it
	foreign bool       // goes to another account, with the flags that are known here
	copies  []*item    // are made of it, with the flags that it has then
	loose   mail.Flags // bits of which nothing is demanded
	vague   bool       // keywords of which nothing is demanded
}

// action is what the person did in one stroke.
type action struct {
	what string
	leds []led
}

// led is one message of an action, and what undoing it leads to.
type led struct {
	key    mail.MessageKey
	item   *item
	kind   mail.ChangeKind
	change mail.FlagChange // of flags
	to     mail.MailboxKey // of a move; of a copy where it is; of an expunge where it was
	source mail.MessageKey // of a copy
	of     *item
}

func (p *random) say(format string, args ...any) {
	p.trace = append(p.trace, fmt.Sprintf(format, args...))
}

// fail ends the program, and tells what the servers have and what was logged.
func (p *random) fail(format string, args ...any) {
	p.t.Helper()
	for _, b := range p.boxes {
		for _, m := range p.clients[b.Account].Messages(b.Name) {
			p.say("server: %s %d %s %v", p.place(b.Key), m.UID, subjectOf(m), m.Flags)
		}
	}
	p.hear()
	p.t.Fatalf(format, args...)
}

// hear takes over what the log says.
func (p *random) hear() {
	for _, e := range p.e.Log() {
		p.say("log: %s %s", e.Account, e.Text)
	}
}

func (p *random) box(key mail.MailboxKey) mail.Mailbox {
	return p.boxes[slices.IndexFunc(p.boxes, func(m mail.Mailbox) bool { return m.Key == key })]
}

func (p *random) place(key mail.MailboxKey) string {
	if key == 0 {
		return "nowhere"
	}
	return p.box(key).Account + ":" + p.box(key).Name
}

// begins forgets what only counts within a program.
func (p *random) begins() {
	p.items = slices.DeleteFunc(p.items, func(i *item) bool { return i.must.Mailbox == 0 })
	for _, i := range p.items {
		*i = item{n: i.n, must: i.must, may: map[mail.MailboxKey]bool{i.must.Mailbox: true}}
		p.say("at first: %d in %s with %v %q", i.n, p.place(i.must.Mailbox), i.must.Flags.Names(), i.must.Keywords)
	}
	p.done, p.undone = nil, nil
}

// certain forgets what may be wanted when nothing is.
func (p *random) certain() {
	for _, i := range p.items {
		i.sure = 0
	}
	if len(p.wishes()) > 0 {
		return
	}
	for _, i := range p.items {
		i.wished, i.labels, i.busy, i.foreign, i.copies = 0, false, false, false, nil
	}
}

// alike are the items that are copies of each other and to be somewhere.
func (p *random) alike(n int) (list []*item) {
	for _, i := range p.items {
		if i.n == n && i.must.Mailbox != 0 {
			list = append(list, i)
		}
	}
	return list
}

// free are the mailboxes to which an item can go without meeting another one that is like it.
func (p *random) free(i *item, besides bool) (list []mail.Mailbox) {
	for _, b := range p.boxes {
		if b.Key == i.must.Mailbox || slices.ContainsFunc(p.items, func(o *item) bool { return o.n == i.n && (o != i || besides) && o.may[b.Key] }) {
			continue
		}
		list = append(list, b)
	}
	return list
}

// ours is an item as it is shown.
type ours struct {
	mail.Message
	*item
}

func numberOf(subject string) (n int) {
	_, _ = fmt.Sscanf(subject, "m%d", &n)
	return n
}

// shown are all messages in the lists, by number.
func (p *random) shown() map[int][]mail.Message {
	out := map[int][]mail.Message{}
	for _, b := range p.boxes {
		for _, m := range p.listOf(b.Key) {
			n := numberOf(m.Subject)
			out[n] = append(out[n], m)
		}
	}
	return out
}

// onScreen are the messages a person can act on: shown once and where they are to be. Another client may have taken one
// away that is still shown: of that nobody can want anything.
func (p *random) onScreen() (list []ours) {
	shown := p.shown()
	for _, i := range p.items {
		alike := p.alike(i.n)
		at := slices.IndexFunc(shown[i.n], func(m mail.Message) bool { return m.Mailbox == i.must.Mailbox })
		if i.must.Mailbox == 0 || at < 0 || len(shown[i.n]) != len(alike) {
			continue
		}
		if m := shown[i.n][at]; !p.isAway(i, m.Key) {
			list = append(list, ours{m, i})
		}
	}
	return list
}

// isAway tells whether the other client took an item away from where its row says that it is.
func (p *random) isAway(i *item, key mail.MessageKey) bool {
	if i.strayed {
		box, uid, err := p.store.Said(p.t.Context(), key)
		i.strayed = err != nil || !slices.ContainsFunc(p.there(box), func(m mailtest.Stored) bool { return m.UID == uid && numberOf(subjectOf(m)) == i.n })
	}
	return i.strayed
}

// there is what the server has in a mailbox, without what is marked as \Deleted.
func (p *random) there(key mail.MailboxKey) []mailtest.Stored {
	b := p.box(key)
	return slices.DeleteFunc(p.clients[b.Account].Messages(b.Name), func(m mailtest.Stored) bool { return slices.Contains(m.Flags, `\Deleted`) })
}

// person does something with what is on screen.
func (p *random) person() {
	if p.r.IntN(4) == 0 {
		p.step()
		return
	}
	list := p.onScreen()
	if len(list) == 0 {
		return
	}
	p.r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	list = list[:1+p.r.IntN(min(3, len(list)))]
	p.actions++
	a := &action{what: fmt.Sprintf("action %d", p.actions)}
	change := p.anyChange(list[0])
	var changes []mail.Targeted
	for _, o := range list {
		if to := targetOfChange(change); to != 0 && !slices.ContainsFunc(p.free(o.item, change.Kind() == mail.KindCopy), func(b mail.Mailbox) bool { return b.Key == to }) {
			continue
		}
		if change.Kind() == mail.KindFlags && change.Apply(mail.State{Flags: o.Flags, Keywords: o.Keywords}) == (mail.State{Flags: o.Flags, Keywords: o.Keywords}) {
			continue
		}
		changes = append(changes, mail.Targeted{Message: o.Key, Change: change})
		a.leds = append(a.leds, p.wants(o, change))
	}
	if len(changes) == 0 {
		return
	}
	if err := p.e.Do(p.t.Context(), a.what, changes...); err != nil {
		p.fail("%s: %v", a.what, err)
	}
	p.done, p.undone = append(p.done, a), nil
	p.findCopies(a)
}

func targetOfChange(c mail.Change) mail.MailboxKey {
	switch c := c.(type) {
	case mail.Move:
		return c.To
	case mail.Copy:
		return c.To
	}
	return 0
}

// anyChange is something to be wanted of a message.
func (p *random) anyChange(o ours) mail.Change {
	n := p.r.IntN(20)
	if free := p.free(o.item, n < 3); n < 11 && len(free) > 0 {
		to := free[p.r.IntN(len(free))].Key
		if p.box(to).Account != o.Account { // less often
			to = free[p.r.IntN(len(free))].Key
		}
		if n < 3 {
			return mail.Copy{To: to}
		}
		return mail.Move{To: to}
	}
	switch {
	case n < 13:
		return mail.Expunge{}
	case n < 16 && o.Keywords.Has("work"):
		return mail.FlagChange{Del: "work"}
	case n < 16:
		return mail.FlagChange{Add: "work"}
	}
	bit := mail.Seen << (2 * p.r.IntN(2))
	return mail.FlagChange{Mask: bit, Want: ^o.Flags & bit}
}

// wants takes a change into the model, and gives what leads back.
func (p *random) wants(o ours, change mail.Change) led {
	i := o.item
	l := led{key: o.Key, item: i, kind: change.Kind()}
	p.say("person: action %d: %T %+v of %d in %s", p.actions, change, change, i.n, p.place(i.must.Mailbox))
	switch c := change.(type) {
	case mail.FlagChange:
		l.change = p.flags(i, o.Message, c)
	case mail.Move:
		l.to = p.moves(i, o.Message, c.To)
	case mail.Copy:
		l = p.copies(o.Key, i, c.To)
	default:
		l.to, i.must.Mailbox, i.busy = i.must.Mailbox, 0, true
	}
	return l
}

// flags notes that flags are wanted.
func (p *random) flags(i *item, m mail.Message, c mail.FlagChange) mail.FlagChange {
	i.must = c.Apply(i.must)
	i.wished, i.sure, i.labels = i.wished|c.Mask, i.sure|c.Mask, i.labels || c.Add+c.Del != ""
	i.blur(c)
	back, _ := c.Invert(mail.State{Flags: m.Flags, Keywords: m.Keywords}).(mail.FlagChange)
	return back
}

// blur notes that copies that are made of an item meanwhile may have changed flags already, or not yet.
func (i *item) blur(c mail.FlagChange) {
	for _, d := range i.copies {
		d.loose, d.vague = d.loose|c.Mask, d.vague || c.Add+c.Del != ""
		d.blur(c)
	}
}

func (p *random) moves(i *item, m mail.Message, to mail.MailboxKey) (from mail.MailboxKey) {
	if i.must.Mailbox != 0 {
		p.crosses(i, i, to)
		i.must.Mailbox = to
	}
	i.may[to], i.busy = true, true
	return m.Mailbox
}

// crosses notes that an item, or a copy of it, goes to a mailbox: in another account it has the flags that were known here.
func (p *random) crosses(from, i *item, to mail.MailboxKey) {
	if p.box(to).Account != p.box(from.must.Mailbox).Account || from.foreign {
		i.foreign = true
		i.loose, i.vague = i.loose|from.changed, i.vague || from.relabel
	}
}

// copies notes that a copy is wanted.
func (p *random) copies(source mail.MessageKey, of *item, to mail.MailboxKey) led {
	d := &item{n: of.n, must: of.must, may: map[mail.MailboxKey]bool{to: true}, busy: true, loose: of.loose, vague: of.vague}
	d.must.Mailbox = to
	p.crosses(of, d, to)
	of.busy, of.copies = true, append(of.copies, d)
	d.changed, d.relabel = of.changed, of.relabel
	p.items = append(p.items, d)
	return led{item: d, kind: mail.KindCopy, to: to, source: source, of: of}
}

// findCopies finds the rows of new copies.
func (p *random) findCopies(a *action) {
	for k, l := range a.leds {
		if l.kind != mail.KindCopy || l.key != 0 {
			continue
		}
		list := p.listOf(l.to)
		at := slices.IndexFunc(list, func(m mail.Message) bool { return numberOf(m.Subject) == l.item.n })
		if at < 0 {
			p.fail("the copy of %d is not shown in %s", l.item.n, p.place(l.to))
		}
		a.leds[k].key = list[at].Key
	}
}

// step undoes or redoes.
func (p *random) step() {
	again := p.r.IntN(3) == 0
	from, to := &p.done, &p.undone
	if again {
		from, to = to, from
	}
	if len(*from) == 0 {
		return
	}
	a := (*from)[len(*from)-1]
	before := map[mail.MessageKey]mail.Message{}
	for _, l := range a.leds {
		for _, key := range []mail.MessageKey{l.key, l.source} {
			if d, err := p.store.Message(p.t.Context(), key); err == nil {
				before[key] = d.Message
			}
		}
		if _, there := before[l.key]; there && p.isAway(l.item, l.key) {
			return
		}
	}
	*from = (*from)[:len(*from)-1]
	var err error
	var u Undone
	if again {
		u, err = p.e.Redo(p.t.Context())
	} else {
		u, err = p.e.Undo(p.t.Context())
	}
	p.say("person: undo or redo (%v) of %s: %v", again, a.what, err)
	if mail.KindOf(err) == mail.Gone {
		return
	}
	if err != nil || u.What != a.what {
		p.fail("undo of %q was one of %q: %v", a.what, u.What, err)
	}
	p.leads(a, again, before)
	*to = append(*to, a)
}

// leads takes an action that was undone or done again into the model.
func (p *random) leads(a *action, again bool, before map[mail.MessageKey]mail.Message) {
	leds := a.leds
	a.leds = nil
	for _, l := range leds {
		m, there := before[l.key]
		switch {
		case l.kind == mail.KindCopy && again:
			if _, there := before[l.source]; there {
				a.leds = append(a.leds, p.copies(l.source, l.of, l.to))
			}
			continue
		case !there:
			continue
		case l.kind == mail.KindCopy:
			l.item.must.Mailbox, l.item.busy = 0, true
		case l.kind == mail.KindFlags:
			l.change = p.flags(l.item, m, l.change)
		case l.kind == mail.KindMove:
			l.to = p.moves(l.item, m, l.to)
		case again:
			l.item.must.Mailbox, l.item.busy = 0, true
		default:
			if d, err := p.store.Message(p.t.Context(), l.key); err == nil && d.Mailbox == l.to {
				l.item.must.Mailbox = l.to
			}
		}
		a.leds = append(a.leds, l)
	}
	p.findCopies(a)
}

// deliver lets a new message come.
func (p *random) deliver() {
	p.last++
	i := &item{n: p.last, may: map[mail.MailboxKey]bool{}}
	b := p.boxes[p.r.IntN(len(p.boxes))]
	i.must.Mailbox, i.may[b.Key] = b.Key, true
	p.items = append(p.items, i)
	p.clients[b.Account].Append(b.Name, i.raw(), i.date())
	p.say("other: %d comes to %s", i.n, p.place(b.Key))
}

func (i *item) raw() []byte { return message(fmt.Sprintf("m%d", i.n), "Hello.") }

func (i *item) date() time.Time { return time.Date(2026, 1, 1, 0, i.n, 0, 0, time.UTC) }

// other is the other client. It changes any message of which the server has as many as there are to be, but takes none
// away of which something is wanted here that could be meant for where it was.
func (p *random) other() {
	if len(p.items) < 3 || p.r.IntN(6) == 0 {
		p.deliver()
		return
	}
	i := p.items[p.r.IntN(len(p.items))]
	at, uid := p.find(i)
	if at.Key == 0 {
		return
	}
	c := p.clients[at.Account]
	switch p.r.IntN(6) {
	case 0:
		free := slices.DeleteFunc(p.free(i, false), func(b mail.Mailbox) bool { return b.Account != at.Account })
		if i.wished != 0 || i.labels || i.busy || len(free) == 0 {
			return
		}
		to := free[p.r.IntN(len(free))]
		c.Move(at.Name, uid, to.Name)
		i.must.Mailbox, i.strayed, i.may[to.Key] = to.Key, true, true
		p.say("other: moves %d to %s", i.n, p.place(to.Key))
	case 1:
		if i.busy {
			return
		}
		c.Expunge(at.Name, uid)
		i.must.Mailbox, i.strayed = 0, true
		p.say("other: deletes %d", i.n)
	case 2:
		on := !i.must.Keywords.Has("work")
		if i.labels {
			return
		}
		p.meddle(i, at, uid, on, mail.FlagChange{Add: "work"}, "work")
	default:
		bit := mail.Seen << (2 * p.r.IntN(2))
		if i.wished&^i.sure&bit != 0 {
			return
		}
		p.meddle(i, at, uid, i.must.Flags&bit == 0, mail.FlagChange{Mask: bit, Want: bit}, imap.Flag(bit.Names()[0]))
	}
}

// meddle sets or removes a flag. A person's word about it that cannot have been heard yet weighs more.
func (p *random) meddle(i *item, at mail.Mailbox, uid mail.UID, on bool, c mail.FlagChange, flag imap.Flag) {
	if !on {
		c = mail.FlagChange{Mask: c.Mask, Del: c.Add}
	}
	p.clients[at.Account].SetFlags(at.Name, uid, on, flag)
	p.say("other: %s of %d in %s: %v", flag, i.n, p.place(at.Key), on)
	i.changed, i.relabel = i.changed|c.Mask, i.relabel || c.Mask == 0
	i.blur(c)
	if i.foreign {
		i.loose, i.vague = i.loose|c.Mask, i.vague || c.Mask == 0
	}
	if c.Mask&i.sure == 0 {
		i.must = c.Apply(i.must)
	}
}

// find is where the servers have an item, with Key 0 where that is not for certain.
func (p *random) find(i *item) (at mail.Mailbox, uid mail.UID) {
	var boxes []mail.MailboxKey
	var uids []mail.UID
	for _, b := range p.boxes {
		for _, m := range p.there(b.Key) {
			if numberOf(subjectOf(m)) == i.n {
				boxes, uids = append(boxes, b.Key), append(uids, m.UID)
			}
		}
	}
	alike := p.alike(i.n)
	if i.must.Mailbox == 0 || len(boxes) != len(alike) {
		return at, 0
	}
	if len(alike) == 1 {
		return p.box(boxes[0]), uids[0]
	}
	for _, o := range alike {
		if !slices.Contains(boxes, o.must.Mailbox) {
			return at, 0
		}
	}
	n := slices.Index(boxes, i.must.Mailbox)
	return p.box(boxes[n]), uids[n]
}

// renumber gives a mailbox and its messages new numbers.
func (p *random) renumber() {
	b := p.boxes[p.r.IntN(len(p.boxes))]
	if _, real := p.clients[b.Account].(onReal); real && b.Name == "INBOX" {
		return // a real server does not do without one
	}
	p.clients[b.Account].Renumber(b.Name)
	p.say("other: %s is renumbered", p.place(b.Key))
}

// compare demands that servers, screen and the last word agree.
func (p *random) compare(when string) {
	p.t.Helper()
	server, shown := map[int][]string{}, map[int][]string{}
	for _, b := range p.boxes {
		for _, m := range p.there(b.Key) {
			i := item{n: numberOf(subjectOf(m))}
			flags, keywords := mail.ParseFlags(m.Flags)
			server[i.n] = append(server[i.n], p.state(mail.State{Mailbox: b.Key, Flags: flags, Keywords: keywords}))
			if !bytes.Equal(m.Raw, i.raw()) || !m.Date.Equal(i.date()) {
				p.fail("%s: %d in %s has the date %v and the octets %q", when, i.n, p.place(b.Key), m.Date, m.Raw)
			}
		}
	}
	for n, list := range p.shown() {
		for _, m := range list {
			shown[n] = append(shown[n], p.state(mail.State{Mailbox: m.Mailbox, Flags: m.Flags, Keywords: m.Keywords}))
		}
	}
	for n := 1; n <= p.last; n++ {
		var must []string
		for _, i := range p.alike(n) {
			i.concede(p)
			must = append(must, p.state(i.must))
		}
		for _, list := range [][]string{must, server[n], shown[n]} {
			slices.Sort(list)
		}
		if !slices.Equal(must, server[n]) || !slices.Equal(server[n], shown[n]) {
			p.fail("%s: message %d ought to be %q, the server has %q, shown is %q", when, n, must, server[n], shown[n])
		}
	}
}

// concede takes the flags over of which nothing is demanded.
func (i *item) concede(p *random) {
	for _, m := range p.there(i.must.Mailbox) {
		if numberOf(subjectOf(m)) == i.n {
			flags, keywords := mail.ParseFlags(m.Flags)
			i.must.Flags = i.must.Flags&^i.loose | flags&i.loose
			if i.vague {
				i.must.Keywords = keywords
			}
		}
	}
}

func (p *random) state(s mail.State) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", p.place(s.Mailbox), strings.Join(s.Flags.Names(), " "), s.Keywords))
}
