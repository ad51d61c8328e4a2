package pager

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/ui/screen"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// Sections that are no part of the structure.
const (
	wholeMessage = ""
	headerBlock  = "HEADER"
)

// reading is how the message is looked at.
type reading struct {
	width      int
	prefer     string // plain or html; empty: as chosen for the sender
	allHeaders bool
	source     bool
}

// same tells whether lines keep their meaning from one to the other.
func (r reading) same(o reading) bool { r.width = o.width; return r == o }

// wants are the kinds of sections that a way to look at the message needs besides the text.
type wants struct{ source, header bool }

func (r reading) wants() wants { return wants{r.source, r.allHeaders} }

// page is a message made ready for a width. It does not change, but for the facts of the list row and what is counted
// of a long text.
type page struct {
	how      reading
	detail   cache.Detail
	sender   credit
	left     mail.Leaving // what became of unsubscribing
	root     *mail.Part   // nil: the structure is not known
	lacks    bool         // some of the text is not here
	missing  []string     // other sections that are not here
	forms    bool         // there is both plain text and HTML
	shown    string       // the form shown
	links    []body.Link
	enclosed []mail.Part // files written into the text
	lines    [][]piece
	textAt   int    // the line the text begins at, below the header
	listed   [2]int // the lines that list the attachments: from, to
	foldable []folded
	tail     *tail // of a long message; nil: lines are all
	styles   styles
}

// load makes the page anew off the event loop. top tells that it is another text, to be read from the top.
func (p *Pager) load(top bool) tea.Cmd {
	how, styles := p.how, newStyles(p.env)
	if top {
		p.text.Top()
	}
	p.laying, p.late = true, false
	ticket := p.loading.Next()
	return tea.Batch(screen.Load(p.env, p, ticket, func(ctx context.Context) (any, error) {
		return read(ctx, p.env, p.key, how, styles)
	}), p.env.After(longest, screen.Result{To: p, Ticket: ticket, Value: late{}}))
}

// longest is how long making a page may take without a word. What is followed of a message is bounded, so that it ends;
// on a slow machine a bomb may take longer than anybody likes to wait.
const longest = 2 * time.Second

// facts are the message's row and whether its list was left, asked for again.
type facts struct {
	detail cache.Detail
	left   mail.Leaving
}

// refresh asks for the facts that others may have changed.
func (p *Pager) refresh() tea.Cmd {
	return screen.Load(p.env, p, p.fresh.Next(), func(ctx context.Context) (any, error) {
		d, err := p.env.Store.Message(ctx, p.key)
		if err != nil {
			return facts{}, err
		}
		left, err := leavingOf(ctx, p.env.Store, d)
		return facts{d, left}, err
	})
}

// facts takes them; where what stands in the page differs, it is made anew.
func (p *Pager) facts(f facts, err error) tea.Cmd {
	if err != nil || p.page == nil {
		return nil
	}
	before, left := p.page.detail.Keywords, p.page.left
	p.page.detail.Message = f.detail.Message
	if f.detail.Keywords == before && f.left == left {
		return nil
	}
	return p.load(false)
}

// read makes a page of what the cache holds.
func read(ctx context.Context, env *screen.Env, key mail.MessageKey, how reading, st styles) (*page, error) {
	d, err := env.Store.Message(ctx, key)
	if err != nil {
		return nil, err
	}
	if how.prefer == "" {
		if how.prefer, err = formFor(ctx, env.Store, d.Envelope); err != nil {
			return nil, err
		}
	}
	g := &page{how: how, detail: d, root: d.Structure, styles: st}
	var parsed *body.Message
	content := func(section string) []byte {
		raw, complete, e := env.Store.Content(ctx, key, section)
		switch {
		case e != nil:
			err = e
		case complete && raw == nil:
			return []byte{}
		case complete:
			return raw
		case parsed != nil:
			return parsed.Content(section)
		}
		return nil
	}
	if how.source {
		whole := content(wholeMessage)
		if whole == nil {
			g.missing = []string{wholeMessage}
		}
		g.add(sourceLines(st, whole, how.width)...)
		return g, err
	}
	if g.root == nil {
		if whole := content(wholeMessage); whole != nil {
			parsed = body.Parse(whole)
			g.root = &parsed.Root
		}
	}
	var raw []byte
	if how.allHeaders {
		if raw = content(headerBlock); raw == nil {
			raw = content(wholeMessage)
		}
		if raw == nil {
			g.missing = []string{headerBlock}
		}
	}
	g.sender = creditOf(ctx, env, d)
	if g.left, err = leavingOf(ctx, env.Store, d); err != nil {
		return nil, err
	}
	g.header(env, raw, g.sender)
	if g.root == nil {
		g.lacks = true
	} else {
		if g.how.prefer == "" {
			g.how.prefer = g.betterForm(content)
		}
		g.text(ctx, env, content)
	}
	return g, err
}

// text adds the message's text in the form wanted.
func (g *page) text(ctx context.Context, env *screen.Env, content func(string) []byte) {
	parts := g.root.TextParts(g.how.prefer)
	other := plain
	if g.how.prefer == plain {
		other = html
	}
	g.shown = g.how.prefer
	if !hasForm(parts, g.how.prefer) && len(parts) > 0 {
		g.shown = parts[0].MediaType
	}
	g.forms = hasForm(parts, g.how.prefer) && hasForm(g.root.TextParts(other), other)
	var contents []body.Content
	for _, part := range parts {
		raw := content(part.Section)
		g.lacks = g.lacks || raw == nil
		contents = append(contents, body.Content{Part: *part, Raw: raw})
	}
	if g.lacks {
		return
	}
	opt := body.Options{Width: textWidth(g.how.width), Measure: width.Of, Zone: env.Now().Location()}
	if g.shown == html && len(env.Config.HTMLFilter) > 0 {
		var why string
		if contents, why = filtered(ctx, env, contents, opt.Width); why != "" {
			g.add(g.styles.note(mail.Line(why)), nil)
		}
	}
	if g.root.Cut {
		for _, line := range width.Wrap(body.PartsCut, opt.Width) {
			g.add(g.styles.note(line))
		}
		g.add(nil)
	}
	g.textAt = len(g.lines)
	doc := body.Render(contents, opt)
	g.links, g.enclosed = doc.Links, doc.Files
	if hyperlinks() {
		g.styles.click = clickable(doc.Links)
	}
	starts := make([]int, 0, len(doc.Lines)+1)
	for _, l := range doc.Lines {
		starts = append(starts, len(g.lines))
		g.add(g.styles.bodyLine(l, doc.Links, opt)...)
	}
	g.folds(&doc, append(starts, len(g.lines)), opt)
	if doc.Rest != nil {
		g.tail = newTail(doc.Rest, opt)
		return
	}
	if len(doc.Lines) == 0 {
		g.add(g.styles.note("This message has no text."))
	}
	if note := remoteNote(doc); note != "" {
		g.add(nil)
		for _, line := range width.Wrap(note, opt.Width) {
			g.add(g.styles.note(line))
		}
	}
	g.add(nil)
}

// attachments are the parts beside the text, and the files written into it.
func (g *page) attachments() []*mail.Part {
	var out []*mail.Part
	if g.root != nil {
		out = slices.Clone(g.root.Attachments())
	}
	for i := range g.enclosed {
		out = append(out, &g.enclosed[i])
	}
	return out
}

func hasForm(parts []*mail.Part, form string) bool {
	return slices.ContainsFunc(parts, func(p *mail.Part) bool { return p.MediaType == form })
}

func (g *page) add(lines ...[]piece) { g.lines = append(g.lines, lines...) }

// Len is the number of lines that are known.
func (g *page) Len() int { return len(g.lines) + g.tail.size() }

// Line is a line in the theme's colours.
func (g *page) Line(i int) []widget.Styled { return g.styles.line(g.pieces(i)) }

func (g *page) pieces(i int) []piece {
	if i >= len(g.lines) {
		return g.tail.line(g.styles, g.links, i-len(g.lines))
	}
	return g.lines[i]
}

// Widest is how far a line of text runs: further, and the eye loses its way back.
const widest = 96

// textWidth is the columns for text in a pane of w.
func textWidth(w int) int {
	air := 5 // on both sides, and for the bar that shows where one is
	if w < narrow {
		air = 3
	}
	return max(20, min(w-air, widest))
}

// margin is how far text of so many columns stands from the edge, and what is above and below it.
func margin(text int) int {
	if text < narrow {
		return 1
	}
	return 2
}

// sourceLines is the message as it came, in lines that fit.
func sourceLines(st styles, raw []byte, w int) [][]piece {
	const most = 4 << 20
	cut := len(raw) > most
	if cut {
		raw = raw[:most]
	}
	var out [][]piece
	room := max(10, w-2)
	for line := range strings.SplitSeq(mail.Text(string(raw)), "\n") {
		for line = untab(line); ; {
			head, rest := split(line, room)
			out = append(out, []piece{{" ", textToken}, {head, textToken}})
			if line = rest; line == "" {
				break
			}
		}
	}
	if cut {
		out = append(out, nil, st.note("The source goes on; save the message to see all of it."))
	}
	return out
}

// untab writes tabs as spaces.
func untab(s string) string {
	if !strings.Contains(s, "\t") {
		return s
	}
	var b strings.Builder
	for i, field := range strings.Split(s, "\t") {
		if i > 0 {
			n := width.Of(b.String())
			b.WriteString(strings.Repeat(" ", 8-n%8))
		}
		b.WriteString(field)
	}
	return b.String()
}

// split cuts s behind its first n columns.
func split(s string, n int) (head, rest string) {
	used := 0
	for i := 0; i < len(s); {
		cluster, columns := width.First(s[i:])
		if used += columns; used > n && i > 0 {
			return s[:i], s[i:]
		}
		i += max(1, len(cluster))
	}
	return s, ""
}
