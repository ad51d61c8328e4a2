package body

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"posthorn/mail"
)

// htmlReader makes paragraphs of an HTML document.
type htmlReader struct {
	article *article
	sheet   *sheet
	base    string          // <base href>
	named   map[string]bool // targets that a link with a text of its own leads to

	effort int // what was spent of maxEffort
	nested int // how deep tables are followed

	text   strings.Builder // the paragraph so far
	runs   []run
	look   look // of its first word
	space  bool // white space before the next word
	wide   bool // that is as much as between columns
	broken bool // that is a line break of the source, which scripts without blanks do not mean as one
	blank  bool // an empty line before the next paragraph
	bullet string
}

// html adds an HTML document.
func (a *article) html(s string) {
	if len(s) > maxHTML {
		s, a.truncated = s[:maxHTML], true
	}
	root, deep := parseHTML(s)
	a.simplified = a.simplified || deep
	r := &htmlReader{article: a, sheet: newSheet(), named: map[string]bool{}}
	r.nested = min(maxNested, maxHandedOn/min(1+strings.Count(s, "<")+strings.Count(s, "\n"), maxParagraphs))
	r.survey(root)
	from := len(a.paragraphs)
	r.children(root, rootLook)
	r.flush()
	markSignature(a.paragraphs[from:])
	a.edit(from)
	dimAttributions(a.paragraphs[from:])
}

// maxTags is how many tags a document may have for its elements to be nested by all the rules.
const maxTags = 60_000

// maxEffort bounds the work on looks, which could grow with the square of a document: past it there is text
// and links only. It is counted and not timed, so that a message reads the same on every machine.
const maxEffort = 4_000_000

// Bounds on the paragraphs of a document, which are made at once, and on how often tables in tables hand them on.
const (
	maxParagraphs = 40_000
	maxHandedOn   = 160_000
)

// spend takes effort; false: none is left, which the document says.
func (r *htmlReader) spend(n int) bool {
	r.effort += n
	r.article.simplified = r.article.simplified || r.effort > maxEffort
	return r.effort <= maxEffort
}

func (r *htmlReader) children(n *html.Node, l look) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.node(c, l)
	}
}

func (r *htmlReader) node(n *html.Node, l look) {
	switch n.Type {
	case html.TextNode:
		if !l.hiddenText() {
			r.words(n.Data, l)
		}
	case html.DocumentNode:
		r.children(n, l)
	case html.ElementNode:
		if n.DataAtom == atom.Input && strings.EqualFold(attr(n, "type"), "checkbox") {
			r.checkbox(n, l)
		}
		if !dropped[n.DataAtom] && !hasAttr(n, "hidden") {
			r.element(n, l)
		}
	}
}

// checkbox draws what a list of things to do has before each.
func (r *htmlReader) checkbox(n *html.Node, l look) {
	box := "[ ]"
	if hasAttr(n, "checked") {
		box = "[x]"
	}
	r.word(box, l)
	r.space = true
}

// dropped are elements whose content is not text to be read.
var dropped = map[atom.Atom]bool{
	atom.Head: true, atom.Style: true, atom.Script: true, atom.Title: true, atom.Template: true, atom.Svg: true, atom.Object: true,
	atom.Iframe: true, atom.Video: true, atom.Audio: true, atom.Select: true, atom.Textarea: true, atom.Input: true, atom.Map: true,
	atom.Noframes: true, atom.Datalist: true, atom.Meta: true, atom.Link: true, atom.Colgroup: true, atom.Col: true,
}

// survey reads what concerns the whole document: style sheets, the base of its links, and what a browser would
// fetch from somewhere.
func (r *htmlReader) survey(n *html.Node) {
	if n.Type == html.ElementNode {
		r.remote(n)
		if n.DataAtom == atom.Style && n.FirstChild != nil {
			r.sheet.read(n.FirstChild.Data)
		}
		if n.DataAtom == atom.Base && r.base == "" {
			r.base = cleanURL(attr(n, "href"))
		}
		if n.DataAtom == atom.A && written(n) {
			r.named[attr(n, "href")] = true
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.survey(c)
	}
}

// paragraphs runs f between line breaks; margin: with an empty line before and behind.
func (r *htmlReader) paragraphs(margin bool, f func()) {
	r.flush()
	if margin && r.bullet == "" {
		r.blank = true
	}
	f()
	r.flush()
	if margin {
		r.blank = true
	}
}

func (r *htmlReader) lineBreak(l look) {
	if r.text.Len() > 0 {
		r.flush()
	} else {
		r.blank = true
	}
}

// words adds text: what is white space is up to the look.
func (r *htmlReader) words(s string, l look) {
	s = mail.Text(s)
	if l.upper {
		s = strings.ToUpper(s)
	}
	if l.pre {
		r.lines(s, l)
		return
	}
	for len(s) > 0 {
		i := strings.IndexAny(s, " \n\t")
		if i != 0 {
			word := s
			if i > 0 {
				word = s[:i]
			}
			r.word(word, l)
			s = s[len(word):]
			continue
		}
		rest := strings.TrimLeft(s, " \n\t")
		r.broken = !r.space && strings.Contains(s[:len(s)-len(rest)], "\n")
		r.space = true
		s = rest
	}
}

// word adds text without white space.
func (r *htmlReader) word(s string, l look) {
	if r.text.Len() == 0 {
		r.look = l
	} else if r.wide {
		r.append("   ", look{})
	} else if r.space && !(r.broken && r.betweenCharacters(s)) {
		between := look{}
		if n := len(r.runs); r.runs[n-1].link == l.link {
			between.style, between.link = r.runs[n-1].style&l.style, l.link
		}
		r.append(" ", between)
	}
	r.space, r.wide = false, false
	r.append(s, l)
}

// betweenCharacters tells whether the text so far ends, and s begins, with a character of Chinese or Japanese.
func (r *htmlReader) betweenCharacters(s string) bool {
	text := r.text.String()
	before, _ := utf8.DecodeLastRuneInString(text)
	after, _ := utf8.DecodeRuneInString(s)
	return breaksAnywhere(before) && breaksAnywhere(after) && !unicode.Is(unicode.Hangul, before) && !unicode.Is(unicode.Hangul, after)
}

// append adds text with its look.
func (r *htmlReader) append(s string, l look) {
	r.text.WriteString(s)
	if n := len(r.runs); n > 0 && r.runs[n-1].style == l.style && r.runs[n-1].link == l.link && !r.runs[n-1].last {
		r.runs[n-1].end = r.text.Len()
		return
	}
	r.runs = append(r.runs, run{end: r.text.Len(), style: l.style, link: l.link})
}

// lines adds preformatted text.
func (r *htmlReader) lines(s string, l look) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			r.endLine(l)
		}
		if line = expandTabs(line); line == "" {
			continue
		}
		if r.text.Len() == 0 {
			r.look = l
		}
		r.append(line, l)
	}
}

// endLine ends a preformatted line, which may be empty.
func (r *htmlReader) endLine(l look) {
	if r.text.Len() > 0 {
		r.flush()
		return
	}
	r.add(paragraph{kind: Blank, quote: l.quote})
}

// flush ends the paragraph.
func (r *htmlReader) flush() {
	r.space, r.wide = false, false
	if r.text.Len() == 0 {
		return
	}
	l := r.look
	p := paragraph{text: r.text.String(), runs: r.runs, kind: l.kind, quote: l.quote, keep: l.pre && !l.wrap}
	r.text.Reset()
	r.runs = nil
	if p.keep && p.kind == Normal {
		p.kind = Pre
	}
	p.size = l.font
	p.first = strings.Repeat(" ", l.indent)
	p.hang = l.indent
	if r.bullet != "" {
		w := utf8.RuneCountInString(r.bullet)
		p.first = strings.Repeat(" ", max(l.indent-w, 0)) + r.bullet
		r.bullet = ""
	}
	r.add(p)
}

// add appends a paragraph behind the empty line that is due.
func (r *htmlReader) add(p paragraph) {
	if list := r.article.paragraphs[r.article.floor:]; r.blank && len(list) > 0 {
		r.article.add(paragraph{kind: Blank, quote: min(list[len(list)-1].quote, p.quote)})
	}
	if r.blank = false; len(r.article.paragraphs) >= maxParagraphs {
		r.article.truncated = true
		return
	}
	r.article.add(p)
}
