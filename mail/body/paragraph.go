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
	size  float64 // of HTML's letters, in pixels; 0: none is known
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
	floor      int       // paragraphs before it are not concerned: a cell of a table is being read
	lazy       bool      // long texts become segments
	segments   []segment // what stands above the paragraphs
	links      []Link
	unsaid     []bool // by link: some text that leads there does not spell it out
	byURL      map[string]int
	files      []mail.Part
	remote     int      // what is on the net and was not fetched, but for trackers
	trackers   int      // pictures there to tell that the message is read
	trackedBy  []string // the owners of some of their hosts
	truncated  bool
	simplified bool // too deep or too large to be laid out as its author did
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
		a.links, a.unsaid = append(a.links, Link{URL: url}), append(a.unsaid, false)
		n = len(a.links)
		a.byURL[url] = n
	}
	a.unsaid[n-1] = a.unsaid[n-1] || text != target && cleanURL(text) != url && "mailto:"+text != url
	l := &a.links[n-1]
	if text = cut(mail.Line(text), 200); text != l.Text {
		if l.Text == "" {
			l.Text = text
		}
		l.Mismatch = l.Mismatch || mismatch(text, url)
	}
	return n
}

// forget takes back the last link, which nothing shows.
func (a *article) forget(number int) {
	if n := len(a.links); number == n {
		delete(a.byURL, a.links[n-1].URL)
		a.links, a.unsaid = a.links[:n-1], a.unsaid[:n-1]
	}
}

// add appends a paragraph; blank ones never double.
func (a *article) add(p paragraph) {
	if p.blank() {
		p = paragraph{kind: Blank, quote: p.quote}
		if n := len(a.paragraphs); n > a.floor && a.paragraphs[n-1].kind == Blank {
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
