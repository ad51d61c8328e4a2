package body

import (
	"fmt"
	"strings"

	"golang.org/x/net/idna"

	"posthorn/mail"
)

// footnotes lists where the links lead, one a line, for those whose text does not say it itself. A target may be cut
// at the end of the line, but never before the end of its host.
func (l *layout) footnotes(a *article) {
	shown := false
	digits := len(fmt.Sprint(len(a.links)))
	for i, link := range a.links {
		if !a.unsaid[i] {
			continue
		}
		if !shown {
			shown = true
			l.lines = append(l.lines, Line{Kind: Blank}, Line{Kind: Rule, Spans: []Span{{Text: strings.Repeat("─", min(footnoteRule, l.opt.Width)), Style: Dim}}})
		}
		number := fmt.Sprintf("%*s ", digits+2, fmt.Sprintf("[%d]", i+1))
		l.footnote(link, i+1, number)
	}
}

// footnoteRule is how long the line above the footnotes is.
const footnoteRule = 20

func (l *layout) footnote(link Link, n int, number string) {
	if len(l.lines) >= maxLines {
		return
	}
	room := max(l.opt.Width-len(number), 8)
	style := Dim
	if link.Mismatch {
		style = Bold
	}
	before := Span{Text: number, Link: n}
	target := link.URL
	for from := 0; ; before.Text = strings.Repeat(" ", len(number)) {
		end, last := len(target), true
		if end-from > room {
			end = from + room
			if last = end > authorityEnd(target); last {
				target = target[:end-1] + "…"
				end = len(target)
			}
		}
		l.lines = append(l.lines, Line{Kind: Footnote, Spans: []Span{before, {Text: target[from:end], Style: style, Link: n}}})
		if from = end; last {
			break
		}
	}
	for _, remark := range remarks(link) {
		l.wrap(&paragraph{text: remark, kind: Footnote, first: strings.Repeat(" ", len(number)), hang: len(number)}, l.opt.Width)
	}
}

// remarks say what one may not see in a target.
func remarks(link Link) []string {
	var out []string
	authority := link.URL[:authorityEnd(link.URL)]
	authority = authority[strings.LastIndexByte(authority, '/')+1:]
	host := authority[strings.LastIndexByte(authority, '@')+1:]
	switch {
	case host != authority:
		out = append(out, "leads to "+host+": what stands before the @ is no host")
	case link.Mismatch:
		out = append(out, "where its text says "+link.Text)
	}
	if written, err := idna.ToUnicode(host); err == nil && strings.Contains(host, "xn--") {
		out = append(out, "is written "+mail.Line(written))
	}
	return out
}

// authorityEnd is where the host of a target ends.
func authorityEnd(url string) int {
	start := strings.Index(url, "://")
	if start < 0 {
		return 0
	}
	start += len("://")
	if n := strings.IndexAny(url[start:], "/?#"); n >= 0 {
		return start + n
	}
	return len(url)
}
