package body

import (
	"strings"

	"posthorn/mail"
)

// paragraph is one logical line, before it is wrapped.
type paragraph struct {
	text  string // has passed the gate
	runs  []run  // looks, covering text from the beginning; what is behind the last is plain
	kind  LineKind
	quote int
	first string // stands before the first line: a bullet
	hang  int    // columns that following lines are moved in
	keep  bool   // never wrapped
	// soft: text holds the line breaks its author's program made at a fixed width; they are kept where the lines
	// fit and give way to our own where not.
	soft  bool
	table *table
}

func (p *paragraph) blank() bool {
	return p.table == nil && p.first == "" && p.kind != Rule && strings.TrimSpace(p.text) == ""
}

// run is a look up to a byte offset.
type run struct {
	end   int
	style Style
	link  int
	last  bool // the link ends here
}

// article collects the paragraphs of a message's parts, and the links in them.
type article struct {
	paragraphs []paragraph
	links      []Link
	byURL      map[string]int
	files      []mail.Part
	remote     int
	truncated  bool
}

// maxLinks bounds the list of links; further ones are plain text.
const maxLinks = 5000

// link is the number of a target, the same for all links that lead there; 0 where it is none that can be followed.
// One text that names another host is enough to mark it.
func (a *article) link(text, target string) int {
	url := cleanURL(target)
	if url == "" {
		return 0
	}
	n, ok := a.byURL[url]
	if !ok {
		if len(a.links) == maxLinks {
			return 0
		}
		if a.byURL == nil {
			a.byURL = map[string]int{}
		}
		a.links = append(a.links, Link{URL: url})
		n = len(a.links)
		a.byURL[url] = n
	}
	l := &a.links[n-1]
	if text = cut(mail.Line(text), 200); text != l.Text {
		if l.Text == "" {
			l.Text = text
		}
		l.Mismatch = l.Mismatch || mismatch(text, url)
	}
	return n
}

// add appends a paragraph; blank ones never double.
func (a *article) add(p paragraph) {
	if p.blank() {
		p = paragraph{kind: Blank, quote: p.quote}
		if n := len(a.paragraphs); n > 0 && a.paragraphs[n-1].kind == Blank {
			if last := &a.paragraphs[n-1]; p.quote < last.quote {
				last.quote = p.quote
			}
			return
		}
	}
	a.paragraphs = append(a.paragraphs, p)
}

// trim takes blank paragraphs off both ends of what was added since from.
func (a *article) trim(from int) {
	end := len(a.paragraphs)
	for end > from && a.paragraphs[end-1].kind == Blank {
		end--
	}
	a.paragraphs = a.paragraphs[:end]
	start := from
	for start < end && a.paragraphs[start].kind == Blank {
		start++
	}
	if start > from {
		a.paragraphs = append(a.paragraphs[:from], a.paragraphs[start:]...)
	}
}

// cut shortens s to n bytes at most.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
