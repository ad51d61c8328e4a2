package body

import (
	"slices"
	"sort"
	"strings"

	"posthorn/mail"
)

// Content is one text part to show: its description and its bytes, still transfer-encoded.
type Content struct {
	Part mail.Part
	Raw  []byte
}

// Bounds on one document; past them Truncated is set, the source can still be seen.
const (
	maxText  = 32 << 20
	maxHTML  = 2 << 20
	maxLines = 200_000
)

// What is said where a message goes beyond what of it is followed.
const (
	PartsCut  = "Not all parts of this message are shown: it has more of them, or deeper ones, than can be followed. Its source holds all of them."
	HeaderCut = "The header is longer than can be followed; the source holds all of it."
)

// Render makes lines of the text parts of a message, one part after the other.
func Render(parts []Content, opt Options) Document {
	opt.Width = max(opt.Width, minWidth)
	a := &article{lazy: true}
	a.read(parts, opt)
	return a.document(opt)
}

// document makes lines of all that was read, but for the rest of long texts.
func (a *article) document(opt Options) Document {
	var d Document
	if len(a.segments) > 0 {
		d.Rest = a.rest(opt)
		for range min(atOnce, d.Rest.Len()) {
			d.Lines = append(d.Lines, d.Rest.Lines(d.Rest.Known())...)
		}
	} else {
		l := layout{opt: opt, lines: make([]Line, 0, len(a.paragraphs)+len(a.paragraphs)/4)}
		l.paragraphs(a.paragraphs)
		a.truncated = a.truncated || len(l.lines) >= maxLines
		l.below(a)
		d.Lines = l.lines
	}
	d.Links, d.Files, d.Remote, d.Trackers, d.TrackedBy, d.Truncated = slices.Clone(a.links), a.files, a.remote, a.trackers, a.trackedBy, a.truncated
	return d
}

func (l *layout) paragraphs(list []paragraph) {
	for i := range list {
		if len(l.lines) >= maxLines {
			break
		}
		l.paragraph(&list[i])
	}
}

// below adds what stands below all text: what is missing, and where the links lead.
func (l *layout) below(a *article) {
	if a.truncated {
		l.note("The message goes on; its source holds all of it.")
	}
	if a.simplified {
		l.note("The layout of this message is deeper or larger than it could be followed; its text is all here.")
	}
	l.footnotes(a)
}

// note adds a word of ours below the text.
func (l *layout) note(s string) {
	l.lines = append(l.lines, Line{Kind: Blank})
	l.opt.wrap(s, l.opt.Width, 0, 0, nil, func(start, end int) {
		l.lines = append(l.lines, Line{Kind: Note, Spans: []Span{{Text: s[start:end]}}})
	})
}

// read adds parts: the cards on top, then each text by itself.
func (a *article) read(parts []Content, opt Options) {
	for _, c := range Cards(parts, opt) {
		a.card(c)
		a.add(paragraph{kind: Blank})
	}
	above, reported := len(a.paragraphs), reported(parts)
	for _, c := range parts {
		switch {
		case c.Part.Card():
		case c.Part.MediaType != mail.HeadersType:
			a.part(c, above)
		case !reported: // else the card has told
			a.attached(c)
			above = len(a.paragraphs)
		}
	}
	a.trim(0)
}

// part adds one text, behind a line across where there is text above.
func (a *article) part(c Content, above int) {
	from := len(a.paragraphs)
	segments := len(a.segments)
	if from > above || segments > 0 {
		a.add(paragraph{kind: Blank})
		a.add(paragraph{kind: Rule})
		if c.Part.Filename != "" {
			name := cut(mail.Line(c.Part.Filename), 200)
			a.add(paragraph{text: name, kind: CardLine, runs: []run{{end: len(name), style: Bold}}})
		}
		a.add(paragraph{kind: Blank})
	}
	start := len(a.paragraphs)
	s := Text(c.Part, c.Raw)
	if len(s) > maxText {
		s, a.truncated = strings.ToValidUTF8(s[:maxText], ""), true
	}
	switch {
	case marked(c.Part, s):
		a.html(s)
	case c.Part.MediaType == "text/enriched" || c.Part.MediaType == "text/richtext":
		a.text(mail.Text(enriched(s)), flow{})
	default:
		a.enclosing(c.Part, s)
	}
	if len(a.segments) > segments { // a long one is as it is
		return
	}
	a.trim(start)
	switch {
	case len(a.paragraphs) == start: // nothing to read
		a.paragraphs = a.paragraphs[:from]
	case start > from && c.Part.Filename == "" && (a.paragraphs[start].kind == Signature || a.paragraphs[start].kind == Rule):
		a.paragraphs = slices.Delete(a.paragraphs, from+1, start) // it brings its own line, as the footers of lists do
	}
}

// attached adds the header of an attached message.
func (a *article) attached(c Content) {
	e := Envelope(ParseHeader(Decode(c.Part, c.Raw)))
	card := Card{Title: "Attached message"}
	card.add("Subject", e.Subject)
	card.add("From", mail.Addresses(e.From))
	card.add("To", mail.Addresses(e.To))
	if !e.Date.IsZero() {
		card.add("Date", e.Date.Format("Monday 2 January 2006, 15:04"))
	}
	if len(a.paragraphs) > 0 {
		a.add(paragraph{kind: Blank})
		a.add(paragraph{kind: Rule})
	}
	a.card(card)
	if e.Cut {
		a.note(HeaderCut)
	}
	a.add(paragraph{kind: Blank})
}

// layout turns paragraphs into lines.
type layout struct {
	opt   Options
	lines []Line
	spans []Span // cut into the lines' spans, so that a line costs no allocation of its own
}

func (l *layout) paragraph(p *paragraph) {
	width := l.opt.Width - l.opt.QuoteColumns(p.quote)
	switch {
	case p.kind == Blank:
		l.lines = append(l.lines, Line{Kind: Blank, Quote: p.quote})
	case p.table != nil:
		for _, spans := range p.table.layout(l.opt, width-p.hang) {
			l.add(p, indent(spans, p.hang))
		}
	case p.kind == Rule && p.text == "":
		l.add(p, []Span{{Text: strings.Repeat("─", max(width-p.hang, 1)), Style: Dim}})
	case p.kind == Rule || p.kind == Signature && isRule(p.text):
		l.add(p, l.cut(p, 0, min(len(p.text), width), ""))
	case p.keep:
		l.add(p, l.cut(p, 0, len(p.text), p.first))
	case p.soft:
		l.softLines(p, width)
	default:
		l.wrap(p, width)
	}
}

// softLines keeps the author's lines where all of them fit, and wraps anew where not.
func (l *layout) softLines(p *paragraph, width int) {
	fits, col, end := true, l.opt.columns(p.first), 0
	reserve := reservations(p.runs)
	for line := range strings.SplitSeq(p.text, "\n") {
		end += len(line)
		if col+l.opt.columns(line)+reserved(&reserve, end) > width {
			fits = false
			break
		}
		col, end = p.hang, end+1
	}
	if !fits {
		l.wrap(p, width)
		return
	}
	at, first := 0, p.first
	for line := range strings.SplitSeq(p.text, "\n") {
		l.add(p, l.cut(p, at, at+len(line), first))
		at, first = at+len(line)+1, strings.Repeat(" ", p.hang)
	}
}

func (l *layout) wrap(p *paragraph, width int) {
	first, hang := p.first, min(p.hang, width/2)
	l.opt.wrap(p.text, width, l.opt.columns(first), hang, reservations(p.runs), func(start, end int) {
		if len(l.lines) < maxLines {
			l.add(p, l.cut(p, start, end, first))
		}
		first = strings.Repeat(" ", hang)
	})
}

func (l *layout) add(p *paragraph, spans []Span) {
	kind := p.kind
	if kind == Normal && p.quote > 0 {
		kind = Quote
	}
	l.lines = append(l.lines, Line{Spans: spans, Kind: kind, Quote: p.quote})
}

// cut makes the spans of text[start:end].
func (l *layout) cut(p *paragraph, start, end int, before string) []Span {
	runs := between(p.runs, start, end)
	if len(l.spans)+len(runs)+2 > cap(l.spans) {
		l.spans = make([]Span, 0, max(256, len(runs)+2))
	}
	from := len(l.spans)
	if before != "" {
		l.spans = append(l.spans, Span{Text: before})
	}
	l.spans = appendSpans(l.spans, p.text, runs, start, end)
	return l.spans[from:len(l.spans):len(l.spans)]
}

// between is those of runs that concern text[start:end].
func between(runs []run, start, end int) []run {
	first := sort.Search(len(runs), func(i int) bool { return runs[i].end > start })
	n := first
	for n < len(runs) && (n == first || runs[n-1].end < end) {
		n++
	}
	return runs[first:n]
}

// appendSpans cuts text[start:end] along its runs.
func appendSpans(out []Span, text string, runs []run, start, end int) []Span {
	put := func(from, to int, s Span) {
		if from < to {
			s.Text = text[from:to]
			if strings.IndexByte(s.Text, '\n') >= 0 {
				s.Text = strings.ReplaceAll(s.Text, "\n", " ")
			}
			out = append(out, s)
		}
	}
	at := start
	for _, r := range runs {
		put(at, min(r.end, end), Span{Style: r.style, Link: r.link, End: r.last && r.end <= end})
		at = max(at, r.end)
	}
	put(at, end, Span{})
	return out
}

// reservations lists the room that the numbers of links need.
func reservations(runs []run) []reservation {
	var out []reservation
	for _, r := range runs {
		if r.last {
			out = append(out, reservation{r.end, LinkColumns(r.link)})
		}
	}
	return out
}

func indent(spans []Span, n int) []Span {
	if n == 0 {
		return spans
	}
	return append([]Span{{Text: strings.Repeat(" ", n)}}, spans...)
}

// plainWidth is how wide tables may be in text that knows no screen.
const plainWidth = 76

// Plain is the readable text without looks or wrapping: paragraphs as long lines, quotes behind "> ".
func Plain(parts []Content) string {
	var b strings.Builder
	a := &article{}
	a.read(parts, Options{})
	for _, p := range a.paragraphs {
		prefix := strings.Repeat(">", p.quote)
		if p.quote > 0 {
			prefix += " "
		}
		line := func(s string) {
			b.WriteString(strings.TrimRight(prefix+s, " "))
			b.WriteByte('\n')
		}
		switch {
		case p.table != nil:
			for _, spans := range p.table.layout(Options{}, plainWidth) {
				line(Line{Spans: spans}.Text())
			}
		case p.kind == Rule && p.text == "":
			line("----------")
		case p.soft:
			line(p.first + strings.ReplaceAll(p.text, "\n", " "))
		default:
			line(p.first + p.text)
		}
	}
	return b.String()
}
