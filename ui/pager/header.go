package pager

import (
	"fmt"
	"strings"
	"time"

	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/mail/trust"
	"posthorn/ui/folder"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// labelWidth is the column behind the names of header fields.
const labelWidth = 8

// fewLines is how many lines a list of addresses takes before the rest is only counted.
const fewLines = 3

// narrow is the width below which nothing is spent on air, so that the text begins on the first screen.
const narrow = 50

// header adds the block above the text: the subject and who wrote to whom, or with raw all fields as they came.
func (g *page) header(env *screen.Env, raw []byte, c credit) {
	d, e := g.detail, g.detail.Envelope
	w := g.how.width
	left := margin(textWidth(w))
	room := max(10, min(w-2*left-1, widest))
	air := func() {
		if w >= narrow {
			g.add(nil)
		}
	}
	air()
	lines := width.Wrap(subject(d.Message), room)
	for _, line := range lines {
		g.add([]piece{{strings.Repeat(" ", left), textToken}, {line, subjectToken}})
	}
	g.account(env, width.Of(lines[len(lines)-1]), left, room)
	air()
	if raw != nil {
		g.doubts(c, left, room)
		h := body.ParseHeader(raw)
		g.fields(h, left, room)
		g.cutHeader(h.Cut(), left, room)
	} else {
		g.addresses("From", e.From, left, room)
		if e.ListID == "" && differ(e.Sender, e.From) {
			g.addresses("Sender", e.Sender, left, room)
		}
		if differ(e.ReplyTo, e.From) {
			g.addresses("Replies", e.ReplyTo, left, room)
		}
		g.doubts(c, left, room)
		if w >= narrow || !c.forMe {
			g.addresses("To", e.To, left, room)
		}
		g.addresses("Cc", e.Cc, left, room)
		g.addresses("Bcc", e.Bcc, left, room)
		if labels := d.Keywords.Labels(); len(labels) > 0 {
			g.field("Labels", []piece{{mail.Line(strings.Join(labels, ", ")), valueToken}}, left, room)
		}
		g.field("Date", []piece{{date(d.Message, env.Now(), room-labelWidth), valueToken}}, left, room)
		g.cutHeader(e.Cut, left, room)
	}
	g.leaving(env, left, room)
	g.files(left, room)
	if c.proof.Verdict == trust.Verified {
		g.verdict(c, goodToken, "", left, room)
	}
	g.add([]piece{{strings.Repeat(" ", left), textToken}, {strings.Repeat("─", room), ruleToken}})
	air()
}

// account names the account that holds the message, where there are several: at the right of the subject's last line, of
// so many columns, or on a line of its own where that has no room for it.
func (g *page) account(env *screen.Env, used, left, room int) {
	accounts := env.Engine.Accounts()
	if len(accounts) < 2 {
		return
	}
	name := "● " + mail.Line(g.detail.Account)
	g.styles.hue = screen.Hue(g.styles.theme, accounts, g.detail.Account)
	tag := piece{width.Cut(name, room), accountToken}
	if pad := room - used - width.Of(tag.text); pad >= 2 {
		last := len(g.lines) - 1
		g.lines[last] = append(g.lines[last], piece{strings.Repeat(" ", pad), textToken}, tag)
		return
	}
	g.add([]piece{{strings.Repeat(" ", left+room-width.Of(tag.text)), textToken}, tag})
}

// subject is a message's subject for the screen.
func subject(m mail.Message) string {
	if s := mail.Line(m.Subject); s != "" {
		return s
	}
	return "(no subject)"
}

// field adds a value, over a few lines where it is long; what does not fit on these is cut.
func (g *page) field(name string, value []piece, left, room int) {
	if room < 30 { // no room for columns
		name += " "
	} else {
		name = width.Fit(name, labelWidth)
	}
	columns := max(8, room-width.Of(name))
	lines := wrapWords(value, columns)
	if len(lines) > fewLines {
		lines = lines[:fewLines]
		lines[fewLines-1] = append(wrap(lines[fewLines-1], columns-1)[0], piece{"…", noteToken})
	}
	for i, l := range lines {
		if i > 0 {
			name = strings.Repeat(" ", width.Of(name))
		}
		g.add(append([]piece{{strings.Repeat(" ", left), textToken}, {name, nameToken}}, l...))
	}
}

// addresses adds a field of addresses, each with its true address, over a few lines.
func (g *page) addresses(name string, list []mail.Address, left, room int) {
	if len(list) == 0 {
		return
	}
	label, author := labelWidth, name == "From"
	if room < 30 {
		label = 0
		name += " "
	} else {
		name = width.Fit(name, labelWidth)
	}
	columns := max(8, room-max(label, width.Of(name)))
	var lines [][]piece
	var line []piece
	used := 0
	for i, a := range list {
		if full := who(a, 1<<20); author && len(list) == 1 && len(full) == 2 && widthOf(full) > columns { // a line for each
			lines = append(lines, []piece{{width.Cut(full[0].text, columns), full[0].token}})
			line = []piece{{width.Middle(strings.TrimSpace(full[1].text), columns), full[1].token}}
			break
		}
		one := who(a, columns-2)
		n := widthOf(one)
		if i < len(list)-1 {
			one = append(one, piece{", ", addressToken})
		}
		if used > 0 && used+n > columns {
			lines, line, used = append(lines, line), nil, 0
			if len(lines) == fewLines && i < len(list) {
				lines = append(lines, []piece{{fmt.Sprintf("and %d more (H shows all)", len(list)-i), noteToken}})
				line = nil
				break
			}
		}
		line, used = append(line, one...), used+n+2
	}
	if line != nil {
		lines = append(lines, line)
	}
	for i, l := range lines {
		if i > 0 {
			name = strings.Repeat(" ", width.Of(name))
		}
		g.add(append([]piece{{strings.Repeat(" ", left), textToken}, {name, nameToken}}, l...))
	}
}

// who is a name with the address in n columns. The address is never cut before the name is, and stands first where
// the name itself looks like one.
func who(a mail.Address, n int) []piece {
	name, addr := mail.Line(a.Name), mail.Line(a.Addr())
	if width.Of(addr) > n {
		addr = width.Middle(addr, n)
	}
	room := n - width.Of(addr) - 3
	switch {
	case addr == "":
		return []piece{{width.Cut(name, n), valueToken}}
	case name == "" || strings.EqualFold(name, addr) || room < 4:
		return []piece{{addr, valueToken}}
	case a.Posing():
		return []piece{{addr, valueToken}, {" (" + width.Cut(name, room) + ")", addressToken}}
	}
	return []piece{{width.Cut(name, room), valueToken}, {" <" + addr + ">", addressToken}}
}

func widthOf(pieces []piece) int {
	n := 0
	for _, p := range pieces {
		n += width.Of(p.text)
	}
	return n
}

// differ tells whether answers would go to others than the authors.
func differ(replies, from []mail.Address) bool {
	for _, r := range replies {
		same := false
		for _, f := range from {
			same = same || r.Same(f)
		}
		if !same {
			return true
		}
	}
	return false
}

// date is when the message was written, or arrived where it does not say.
func date(m mail.Message, now time.Time, columns int) string {
	t, note := m.Date, ""
	if t.IsZero() {
		t, note = m.Received, " (when it arrived)"
	}
	t = t.In(now.Location())
	if long := t.Format("Monday 2 January 2006, 15:04") + note; width.Of(long) <= columns {
		return long
	}
	return t.Format("Mon 2 Jan 2006, 15:04")
}

// cutHeader says that there is more of the header than is followed.
func (g *page) cutHeader(cut bool, left, room int) {
	if !cut {
		return
	}
	for _, line := range width.Wrap(body.HeaderCut, room) {
		g.add([]piece{{strings.Repeat(" ", left), textToken}, {line, noteToken}})
	}
}

// fields adds all header fields, decoded.
func (g *page) fields(h body.Header, left, room int) {
	for name, value := range h.Fields {
		label := mail.Line(name) + ": "
		value = mail.Line(body.DecodeWords(value))
		lines := width.Wrap(value, max(10, room-2))
		if width.Of(label)+width.Of(value) <= room {
			g.add([]piece{{strings.Repeat(" ", left), textToken}, {label, nameToken}, {value, valueToken}})
			continue
		}
		g.add([]piece{{strings.Repeat(" ", left), textToken}, {width.Cut(label, room), nameToken}})
		for _, l := range lines {
			g.add([]piece{{strings.Repeat(" ", left+2), textToken}, {width.Cut(l, room-2), valueToken}})
		}
	}
}

// files adds the line that lists the attachments.
func (g *page) files(left, room int) {
	if g.root == nil {
		return
	}
	list := g.root.Attachments()
	if len(list) == 0 {
		return
	}
	columns := room - labelWidth
	var value []piece
	used := 0
	for i, part := range list {
		name, size := folder.Name(part), " "+widget.Size(size(part))
		n := width.Of(name) + width.Of(size) + 3
		more := fmt.Sprintf("and %d more", len(list)-i)
		if i > 0 && used+n+width.Of(more) > columns {
			value = append(value, piece{" · " + more, noteToken})
			break
		}
		if i > 0 {
			value = append(value, piece{" · ", noteToken})
		}
		room := columns - used - width.Of(size)
		if i == 0 && len(list) > 1 { // the others are at least counted
			room -= width.Of(fmt.Sprintf(" · and %d more", len(list)-1))
		}
		name = width.Cut(name, max(8, room))
		value = append(value, piece{name, valueToken}, piece{size, noteToken})
		used += n
	}
	g.listed[0] = len(g.lines)
	g.field("Files", value, left, room)
	g.listed[1] = len(g.lines)
}

// size is about how large a part is once decoded.
func size(p *mail.Part) int64 {
	if p.Encoding == "base64" {
		return p.Size * 3 / 4 * 76 / 78
	}
	return p.Size
}

// remoteNote tells what is on the net and was not fetched; empty: there is nothing of the kind.
func remoteNote(d body.Document) string {
	var all []string
	switch {
	case d.Remote == 1:
		all = append(all, "One picture on the net was not fetched.")
	case d.Remote > 1:
		all = append(all, fmt.Sprintf("%d pictures on the net were not fetched.", d.Remote))
	}
	of := ""
	if len(d.TrackedBy) > 0 {
		of = ", of " + strings.Join(d.TrackedBy, ", ")
	}
	switch {
	case d.Trackers == 1:
		all = append(all, "One tracking picture was not loaded"+of+".")
	case d.Trackers > 1:
		all = append(all, fmt.Sprintf("%d tracking pictures were not loaded%s.", d.Trackers, of))
	}
	return strings.Join(all, " ")
}
