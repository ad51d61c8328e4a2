package index

import (
	"slices"
	"strings"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/search"
	"posthorn/ui/screen"
	"posthorn/ui/theme"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// rowState is all that a drawn row depends on besides the theme.
type rowState struct {
	key              mail.MessageKey
	flags            mail.Flags
	keywords         mail.Keywords
	preview          bool
	cols             columns
	cursor, selected bool
	focused          bool
	day              int
	hour             bool // the day stands above: the hour says when
	in               stands
	looked           string // what is looked for: its words are marked
	afar             bool   // only a server found it
}

// rowCache keeps rows as they were drawn: a key press draws two anew.
type rowCache struct{ drawn map[rowState]string }

// maxDrawn bounds the cache; it is dropped whole when full.
const maxDrawn = 2000

func (c *rowCache) clear() { c.drawn = nil }

func (c *rowCache) get(s rowState, draw func() string) string {
	if line, ok := c.drawn[s]; ok {
		return line
	}
	if c.drawn == nil || len(c.drawn) >= maxDrawn {
		c.drawn = map[rowState]string{}
	}
	line := draw()
	c.drawn[s] = line
	return line
}

// Draw is the rows around the cursor, or a friendly word where there are none.
func (x *Index) Draw(area screen.Rect) screen.Frame { return x.DrawFocused(area, true) }

// DrawFocused is Draw for a pane that may be beside the one in use.
func (x *Index) DrawFocused(area screen.Rect, focused bool) screen.Frame {
	if len(x.here) > 0 && area.H > 3 {
		above := area
		above.H--
		return screen.Frame{Lines: append(x.drawRows(above, focused).Lines, x.drawHere(area.W))}
	}
	return x.drawRows(area, focused)
}

func (x *Index) drawRows(area screen.Rect, focused bool) screen.Frame {
	x.page, x.height = max(1, area.H), area.H
	if len(x.rows) == 0 {
		x.lines = x.lines[:0]
		return x.drawEmpty(area)
	}
	now := x.env.Now()
	x.at = max(0, min(x.at, len(x.rows)-1))
	roomy := x.roomy && !x.env.Config.Linear
	x.lay(area.H, 1+boolInt(roomy), x.headings(area.H), now)
	x.scroll()
	last := x.drawn()
	x.page = max(1, last-x.top)
	several := len(x.view.Mailboxes) > 1 || len(x.view.Mailboxes) == 0 && x.view.Search != nil && len(x.env.Engine.Accounts()) > 1
	cols := columns{area.W, several, roomy, x.sized()}
	x.cells = arrange(area.W, x.named(cols), roomy)
	lines := make([]string, 0, area.H)
	x.lines = x.lines[:0]
	for i := x.top; i < last; i++ {
		if x.headed && (i == x.top || x.begins(i)) {
			x.lines, lines = append(x.lines, -1), append(lines, x.drawHeading(i, area.W))
		}
		m, in := x.asShown(i)
		_, selected := x.selected[m.Key]
		state := rowState{key: m.Key, flags: m.Flags, keywords: m.Keywords, preview: m.Preview != "", cols: cols, cursor: i == x.at,
			selected: selected, focused: focused, day: now.YearDay(), hour: x.headed && x.onItsDay(i), looked: x.view.Search.text(), afar: x.view.Search.afar(m.Key), in: in}
		for _, line := range strings.Split(x.row.get(state, func() string { return x.drawRow(m, state, now) }), "\n") {
			x.lines, lines = append(x.lines, i), append(lines, line)
		}
	}
	blank := strings.Repeat(" ", area.W)
	for len(lines) < area.H {
		lines = append(lines, blank)
	}
	return screen.Frame{Lines: lines}
}

// drawRow is one message: marks, sender, subject with the first words of the text behind it, attachment, date; in one line
// or two. What is blank has the style of what it stands beside, so that the terminal need not be told of another.
func (x *Index) drawRow(m mail.Message, s rowState, now time.Time) string {
	th := x.env.Theme
	if x.env.Config.Linear {
		return x.spoken(m, s, now)
	}
	under := theme.Style{}
	if s.cursor {
		under = th.CursorDim
		if s.focused {
			under = th.Cursor
		}
	}
	paint := func(st theme.Style, text string) string {
		if text == "" {
			return ""
		}
		return st.On(under).Render(text)
	}
	text := th.Read
	switch {
	case m.Unseen():
		text = th.Unread
	case m.Flags.Has(mail.Muted):
		text = th.Dim
	}
	hue := text
	if m.Unseen() {
		hue = x.hue(m, s)
	}
	bar := paint(hue, " ")
	switch {
	case s.selected:
		bar = paint(th.Selected, "▌")
	case s.cursor && s.focused:
		bar = paint(th.Accent, "▎")
	}
	flag := flagMark(paint, m.Flags, th.Star, th.Dim, text)
	if s.afar && !m.Flags.Has(mail.Flagged) {
		flag = paint(th.Accent, afarMark)
	}
	line := bar + x.dot(m, s, paint, text) + flag + paint(text, " ")
	rest := screen.Subject
	if s.cols.roomy {
		rest = screen.From
	}
	for i, c := range x.cells {
		w := c.width
		if c.column == rest {
			w = max(0, w-2)
		}
		line += paint(text, strings.Repeat(" ", gap(x.cells, i, rest))) + x.drawCell(c.column, w, m, s, now, paint, text)
		if c.column == rest && m.Attachments > 0 {
			line += paint(th.Attachment, " ▤")
		} else if c.column == rest {
			line += paint(text, "  ")
		}
	}
	line += paint(th.Date, " ")
	if s.cols.roomy {
		return line + "\n" + bar + paint(text, "    ") + x.drawCell(screen.Subject, max(0, s.cols.width-marks), m, s, now, paint, text) + paint(text, " ")
	}
	return line
}

// drawCell is what one column of a row says, in w columns of the terminal.
func (x *Index) drawCell(c screen.Column, w int, m mail.Message, s rowState, now time.Time, paint func(theme.Style, string) string, text theme.Style) string {
	th := x.env.Theme
	switch c {
	case screen.From:
		number := s.in.number()
		return x.marked(x.sender(m, s.in, max(0, w-width.Of(number))), text, paint, search.From, search.To) + paint(th.Dim, number)
	case screen.Subject:
		return paint(th.Dim, s.in.fold) + x.drawSubject(m, w-width.Of(s.in.fold), s.cursor, paint, text)
	case screen.Size:
		return paint(th.Dim, width.FitLeft(widget.Size(m.Size), w))
	case screen.Account:
		return paint(x.env.Hue(m.Account), width.Fit(mail.Line(m.Account), w))
	}
	date := Date(m.Received, now, w)
	if s.hour {
		date = m.Received.In(now.Location()).Format("15:04")
	}
	fitted := width.FitLeft(date, w)
	said := strings.TrimLeft(fitted, " ")
	return paint(text, fitted[:len(fitted)-len(said)]) + paint(th.Date, said)
}

// dot says whether the message is unread, in the account's hue where the view shows several accounts.
func (x *Index) dot(m mail.Message, s rowState, paint func(theme.Style, string) string, text theme.Style) string {
	switch {
	case m.Unseen():
		return paint(x.hue(m, s), "● ")
	case s.cols.account:
		return paint(x.hue(m, s), "· ")
	}
	return paint(text, "  ")
}

func (x *Index) hue(m mail.Message, s rowState) theme.Style {
	if s.cols.account {
		return x.env.Hue(m.Account)
	}
	return x.env.Theme.Mark
}

// mutedMark says that nobody wants to hear of what comes in the conversation.
const mutedMark = "⊘"

// flagMark is the one flag that says most.
func flagMark(paint func(theme.Style, string) string, f mail.Flags, star, dim, text theme.Style) string {
	switch {
	case f.Has(mail.Flagged):
		return paint(star, "★")
	case f.Has(mail.Muted):
		return paint(dim, mutedMark)
	case f.Has(mail.Answered):
		return paint(dim, "↩")
	case f.Has(mail.Forwarded):
		return paint(dim, "→")
	}
	return paint(text, " ")
}

// sender is who wrote, in n columns: of a folded conversation all that take part, with the count close behind.
func (x *Index) sender(m mail.Message, in stands, n int) string {
	if in.people == "" {
		return width.Fit(shortened(who(m, x.view.Outgoing), n), n)
	}
	return width.Fit(shortened(in.people, n), n)
}

// who is the other side of a message.
func who(m mail.Message, outgoing bool) string {
	s := m.From
	if outgoing {
		s = m.To
	}
	if s = mail.Line(s); s == "" {
		s = "(nobody)"
	}
	return s
}

// shortened is who in at most n columns: of an address its end is kept, which tells whom it belongs to, and of several
// senders the last. An address with a name behind it stands first, as a whole.
func shortened(who string, n int) string {
	if addr, _, posing := strings.Cut(who, " ("); posing && strings.Contains(addr, "@") {
		return width.Middle(addr, n) + strings.TrimPrefix(who, addr)
	} else if strings.Contains(who, "@") {
		return width.Middle(who, n)
	}
	return who
}

// drawSubject is the labels and the subject, and the preview where there is room for more than a few words of it.
func (x *Index) drawSubject(m mail.Message, w int, cursor bool, paint func(theme.Style, string) string, text theme.Style) string {
	subject := mail.Line(m.Subject)
	if subject == "" {
		subject = "(no subject)"
	}
	if labels := m.Keywords.Labels(); len(labels) > 0 && w >= 16 && x.names(screen.Labels) {
		shown := width.Cut(mail.Line(strings.Join(labels, "·")), w/3)
		m.Keywords = ""
		return paint(x.env.Theme.Link.Underline(false), shown) + paint(text, "  ") + x.drawSubject(m, w-width.Of(shown)-2, cursor, paint, text)
	}
	left := w - width.Of(subject) - 2
	if m.Preview == "" || left < 12 || !x.names(screen.Preview) {
		return x.marked(width.Fit(subject, w), text, paint, search.Subject)
	}
	faint := x.env.Theme.Faint
	if cursor { // where faint has too little contrast
		faint = x.env.Theme.Dim
	}
	return x.marked(subject, text, paint, search.Subject) + paint(text, "  ") + x.marked(width.Fit(mail.Line(m.Preview), left), faint, paint, search.Body)
}

// names tells whether rows have a column.
func (x *Index) names(c screen.Column) bool {
	named := x.env.Config.Columns
	return len(named) == 0 || slices.Contains(named, c)
}

// Date is a time as briefly as it is clear: the hour today, the weekday this week, the day this year; never wider than
// columns, which are 5 at least.
func Date(t, now time.Time, columns int) string {
	t = t.In(now.Location())
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
	switch {
	case !t.Before(today) && t.Before(today.AddDate(0, 0, 1)):
		return t.Format("15:04")
	case t.Before(today) && t.After(today.AddDate(0, 0, -6)):
		if columns >= 9 {
			return t.Format("Mon 15:04")
		}
		return t.Format("Mon")
	case t.Year() == y && columns < 6 && t.Day() > 9:
		return t.Format("2Jan")
	case t.Year() == y:
		return t.Format("2 Jan")
	case columns >= 10:
		return t.Format(time.DateOnly)
	case columns >= 6:
		return t.Format("Jan 06")
	}
	return t.Format("01/06")
}

// Title is the view's name and its counts.
func (x *Index) Title() (name, detail string) {
	detail = counts(len(x.selected), x.total, x.unseen, x.view.OnlyUnread)
	if x.view.Search != nil {
		detail = x.view.Search.counts(len(x.selected), x.total, x.counted)
	}
	name = x.view.Name
	if x.view.Sort != (cache.Sort{}) {
		name += " · " + SortLabel(x.view.Sort)
	}
	return name, detail
}

// Rename gives what is shown another name.
func (x *Index) Rename(name string) { x.view.Name = name }
