package composer

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/screen"
	"posthorn/ui/theme"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// Measures of the screen.
const (
	labelWidth = 9  // of the names of fields, with the space behind
	proseWidth = 82 // of what is said in place of a text that cannot be changed
	roomy      = 16 // lines from which empty fields are shown, too
)

// name is a field's name, to stand before its value.
func name(f field) string {
	s := fieldNames[f]
	return width.Fit(strings.Repeat(" ", max(0, labelWidth-2-len(s)))+s, labelWidth)
}

// Draw is the header fields, a rule, and the text in all that is left.
func (c *Composer) Draw(area screen.Rect) screen.Frame {
	th, w := c.env.Theme, area.W
	margin := ""
	if w >= 60 {
		margin = " "
	}
	inner := max(1, w-2*len(margin))
	var lines []string
	var cursor *tea.Cursor
	add := func(line string) { lines = append(lines, width.Fit(margin+line, w)) }

	c.drawn = layout{margin: len(margin), popup: screen.Rect{}}
	popupAt := 0
	for f := from; f < text; f++ {
		if area.H < roomy && f != c.focus && f != to && f != subject && f != files && (f == from || c.fields[f].Text() == "") {
			continue
		}
		if f == replyTo && f != c.focus && c.fields[f].Text() == "" || f == files && f != c.focus && len(c.draft.Attachments) == 0 {
			continue
		}
		value, x := c.drawField(f, max(1, inner-labelWidth))
		style := th.FieldName
		if f == c.focus {
			style = th.Accent
			cursor = tea.NewCursor(len(margin)+labelWidth+x, len(lines))
			popupAt = len(lines) + 1
		}
		c.drawn.fields = append(c.drawn.fields, f)
		add(style.Render(name(f)) + value)
	}
	unnamed := area.H < roomy && c.focus != from || !c.named(max(1, inner-labelWidth))
	lines = append(lines, c.drawRule(w, unnamed && len(c.env.Engine.Accounts()) > 1))

	if c.draft.Redirected {
		for _, r := range width.Wrap(unchanged, min(max(2, inner), proseWidth)) {
			add(th.Dim.Render(r))
		}
	}
	c.drawn.text = len(lines)
	rows, x, y := c.text.Draw(th, max(2, inner), max(1, area.H-len(lines)))
	if c.focus == text && y >= 0 {
		cursor = tea.NewCursor(min(len(margin)+x, w-1), len(lines)+y)
	}
	for _, r := range rows {
		add(r)
	}
	if c.popup.Open() {
		lines = c.drawPopup(lines, len(margin)+labelWidth-2, popupAt, w)
	}
	lines = lines[:min(len(lines), area.H)]
	if cursor != nil && cursor.Y >= area.H {
		cursor = nil
	}
	return screen.Frame{Lines: lines, Cursor: cursor}
}

// unchanged stands where the text of other messages is.
const unchanged = "The message goes out as it is, with its own text and attachments, and its author stays its author. " +
	"Who gets it sees that it was passed on by you."

// drawField is a field's value in w columns, and the column of the cursor in it.
func (c *Composer) drawField(f field, w int) (value string, x int) {
	th := c.env.Theme
	switch {
	case f == from:
		return c.drawFrom(w), 0
	case f == files:
		return c.drawFiles(w)
	case c.slips[f].to > 0 && c.slips[f].text == c.fields[f].Text() && !c.fields[f].Selected():
		return c.fields[f].Mark(th.Field, th.Error.Underline(true), c.slips[f].from, c.slips[f].to, w)
	case f != c.focus:
		return th.Field.Render(c.fields[f].Still(w)), 0
	case c.fields[f].Text() == "" && f == to:
		return th.Placeholder.Render(width.Fit("a name or an address", w)), 0
	}
	return c.fields[f].Show(th, w)
}

// drawFrom is the identity in the hue of its account, with the account's name at the right.
func (c *Composer) drawFrom(w int) string {
	hue := c.hue()
	who, account := c.sender()
	if !c.named(w) {
		return hue.Render(width.Fit(who, w))
	}
	return hue.Render(width.Fit(who, w-width.Of(account)-2)) + "  " + hue.Render(account)
}

// sender is who writes, and the account that the message goes out through.
func (c *Composer) sender() (who, account string) {
	account = mail.Line(c.draft.Account)
	if c.focus == from {
		account = "‹ › " + account
	}
	return "● " + mail.Line(c.draft.From.String()), account
}

// named tells whether w columns have room for both.
func (c *Composer) named(w int) bool {
	who, account := c.sender()
	return width.Of(who)+2+width.Of(account) <= w
}

// hue is the colour of the account that the message goes out through.
func (c *Composer) hue() theme.Style {
	ids := c.identities()
	if i := c.current(ids); i >= 0 {
		return c.env.Theme.Account[ids[i].account%len(c.env.Theme.Account)]
	}
	return c.env.Theme.Dim
}

// drawRule parts the header from the text, and tells whom the message goes to and how the draft stands; and the account
// that it goes out through where From does not name it.
func (c *Composer) drawRule(w int, unnamed bool) string {
	th := c.env.Theme
	state, style := "", th.Faint
	switch k := &c.keeping; {
	case k.goal == sending:
		state, style = "sending…", th.Accent
	case k.failed:
		state, style = "the draft could not be kept", th.Error
	case !k.keptAt.IsZero() && !c.dirtySince():
		state = "draft kept " + k.keptAt.Format("15:04")
	}
	if c.draft.Markdown {
		state = strings.TrimSuffix("Markdown · "+state, " · ")
	}
	switch account := mail.Line(c.draft.Account); {
	case unnamed && state == "":
		state, style = account, c.hue()
	case unnamed:
		state = account + " · " + state
	}
	if c.popup.Open() { // which stands over most of it
		state = ""
	}
	rule := func(n int) string { return th.Rule.Render(strings.Repeat("─", max(0, n))) }
	end := ""
	if n := width.Of(state); state != "" && n+6 <= w {
		end = " " + style.Render(state) + " " + rule(2)
		w -= n + 4
	}
	start, n := c.drawReview(w - 8)
	return start + rule(w-n) + end
}

// drawReview is how many get the message, and how many of them are outside the organisation, where they are several or
// outside; n is its columns.
func (c *Composer) drawReview(w int) (line string, n int) {
	th := c.env.Theme
	recipients, outside := c.draftTo().Reaches(c.review())
	text, warning := "", ""
	if recipients > 1 {
		text = fmt.Sprintf("%d recipients", recipients)
	}
	if outside > 0 {
		warning = fmt.Sprintf("%d outside", outside)
	}
	if text != "" && warning != "" {
		text += " · "
	}
	n = width.Of(text) + width.Of(warning)
	if n == 0 || n > w {
		return "", 0
	}
	return th.Rule.Render("── ") + th.Faint.Render(text) + th.Warn.Render(warning) + " ", n + 4
}

// draftTo is a draft to whom the fields say, and with nothing else in it.
func (c *Composer) draftTo() compose.Draft {
	return compose.Draft{To: c.fields[to].Text(), Cc: c.fields[cc].Text(), Bcc: c.fields[bcc].Text()}
}

// dirtySince tells whether anything was written since the draft was kept, without comparing the text.
func (c *Composer) dirtySince() bool { return !c.keeping.unsaved.IsZero() }

// drawPopup puts the completions beneath the field.
func (c *Composer) drawPopup(lines []string, x, y, w int) []string {
	th := c.env.Theme
	wide := min(max(c.popup.Wide()+2, 24), w-x)
	room := min(len(lines)-y-2, offered)
	if wide < 12 || room < 1 {
		return lines
	}
	rows := c.popup.Rows(th, wide-2, room, func(s string) string { return s })
	c.drawn.popup = screen.Rect{X: x, Y: y, W: wide, H: len(rows) + 2}
	return widget.Overlay(lines, widget.Box(th, "", "", rows, wide), x, y, w)
}
