package body

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"posthorn/mail"
)

// htmlReader makes paragraphs of an HTML document.
type htmlReader struct {
	article *article
	classes map[string]bool // hidden by the document's style sheets
	base    string          // <base href>

	text   strings.Builder // the paragraph so far
	runs   []run
	look   look // of its first word
	space  bool // white space before the next word
	blank  bool // an empty line before the next paragraph
	bullet string
}

// html adds an HTML document.
func (a *article) html(s string) {
	if len(s) > maxHTML {
		s, a.truncated = s[:maxHTML], true
	}
	root := parseHTML(s)
	r := &htmlReader{article: a, classes: map[string]bool{}}
	r.survey(root)
	from := len(a.paragraphs)
	r.children(root, look{font: 14})
	r.flush()
	markSignature(a.paragraphs[from:])
	dimAttributions(a.paragraphs[from:])
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
		if !dropped[n.DataAtom] && !r.hidden(n) {
			r.element(n, l)
		}
	}
}

// dropped are elements whose content is not text to be read.
var dropped = map[atom.Atom]bool{
	atom.Head: true, atom.Style: true, atom.Script: true, atom.Title: true, atom.Template: true, atom.Svg: true, atom.Object: true,
	atom.Iframe: true, atom.Video: true, atom.Audio: true, atom.Select: true, atom.Textarea: true, atom.Input: true, atom.Map: true,
	atom.Noframes: true, atom.Datalist: true, atom.Meta: true, atom.Link: true, atom.Colgroup: true, atom.Col: true,
}

func (r *htmlReader) hidden(n *html.Node) bool {
	if hasAttr(n, "hidden") {
		return true
	}
	for class := range strings.FieldsSeq(attr(n, "class")) {
		if r.classes[class] {
			return true
		}
	}
	return false
}

// survey reads what concerns the whole document: style sheets, the base of its links, and what a browser would
// fetch from somewhere.
func (r *htmlReader) survey(n *html.Node) {
	if n.Type == html.ElementNode {
		r.remote(n)
		if n.DataAtom == atom.Style && n.FirstChild != nil {
			sheetClasses(n.FirstChild.Data, r.classes)
		}
		if n.DataAtom == atom.Base && r.base == "" {
			r.base = cleanURL(attr(n, "href"))
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.survey(c)
	}
}

// remote counts what a browser would fetch.
func (r *htmlReader) remote(n *html.Node) {
	src := ""
	switch n.DataAtom {
	case atom.Img, atom.Iframe, atom.Video, atom.Audio, atom.Embed, atom.Source, atom.Input, atom.Script:
		src = attr(n, "src")
	case atom.Link:
		src = attr(n, "href")
	case atom.Object:
		src = attr(n, "data")
	}
	if src == "" {
		src = attr(n, "background")
	}
	if src == "" {
		if style := strings.ToLower(attr(n, "style")); strings.Contains(style, "url(") {
			_, src, _ = strings.Cut(style, "url(")
			src = strings.TrimLeft(src, "'\" ")
		}
	}
	if src = strings.ToLower(strings.TrimSpace(src[:min(len(src), 20)])); strings.HasPrefix(src, "http:") || strings.HasPrefix(src, "https:") || strings.HasPrefix(src, "//") {
		r.article.remote++
	}
}

// emphasis is what inline elements add.
var emphasis = map[atom.Atom]Style{
	atom.B: Bold, atom.Strong: Bold, atom.I: Italic, atom.Em: Italic, atom.Cite: Italic, atom.Var: Italic, atom.Dfn: Italic,
	atom.U: Underline, atom.Ins: Underline, atom.S: Strike, atom.Strike: Strike, atom.Del: Strike,
	atom.Code: Code, atom.Kbd: Code, atom.Samp: Code, atom.Tt: Code,
}

// blocks are elements that begin a line of their own; true: with an empty line around.
var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Dl: true, atom.Figure: true, atom.Fieldset: true, atom.Details: true,
	atom.Div: false, atom.Section: false, atom.Article: false, atom.Header: false, atom.Footer: false, atom.Nav: false, atom.Aside: false,
	atom.Main: false, atom.Address: false, atom.Center: false, atom.Form: false, atom.Figcaption: false, atom.Summary: false, atom.Legend: false,
	atom.Tr: false, atom.Td: false, atom.Th: false, atom.Tbody: false, atom.Caption: false, atom.Body: false, atom.Dt: false, atom.Dd: false,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Dir: true, atom.Menu: true,
}

func (r *htmlReader) element(n *html.Node, l look) {
	l.style |= emphasis[n.DataAtom]
	l, b := l.apply(n)
	if b.hidden {
		return
	}
	switch n.DataAtom {
	case atom.Br:
		r.lineBreak(l)
	case atom.Hr:
		r.paragraphs(true, func() {
			r.flush()
			r.add(paragraph{kind: Rule, quote: l.quote})
		})
	case atom.Img:
		r.image(n, l)
	case atom.Wbr:
	case atom.A:
		r.anchor(n, l, b)
	case atom.Table:
		r.table(n, l)
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		r.list(n, l)
	case atom.Li:
		r.item(n, l, "•")
	case atom.Blockquote:
		r.blockquote(n, l, b)
	case atom.Pre, atom.Listing, atom.Xmp, atom.Plaintext:
		r.pre(n, l)
	default:
		r.other(n, l, b)
	}
}

// other is every element without a function of its own.
func (r *htmlReader) other(n *html.Node, l look, b box) {
	margin, block := blocks[n.DataAtom]
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		l.kind, l.style, l.font = Heading, l.style|Bold, 14
	case atom.Dt:
		l.style |= Bold
	case atom.Dd:
		l.indent += 2
	case atom.Q:
		r.words("“", l)
		defer r.words("”", l)
	}
	switch {
	case hasClass(n, "gmail_signature", "moz-signature", "Signature", "AppleMailSignature", "ms-outlook-mobile-signature", "protonmail_signature_block"):
		l.kind = Signature
	case hasClass(n, "gmail_quote"):
		margin = true
	case hasClass(n, "gmail_attr", "moz-cite-prefix", "protonmail_quote_header"):
		l.style |= Dim
	case hasClass(n, "yahoo_quoted"):
		l.quote = min(l.quote+1, maxQuote)
	}
	switch {
	case block || b.block:
		r.paragraphs(margin, func() { r.children(n, l) })
	case b.inlineBlock:
		r.space = true
		r.children(n, l)
		r.space = true
	default:
		r.children(n, l)
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
		r.space = true
		s = strings.TrimLeft(s, " \n\t")
	}
}

// word adds text without white space.
func (r *htmlReader) word(s string, l look) {
	if r.text.Len() == 0 {
		r.look = l
	} else if r.space {
		between := look{}
		if n := len(r.runs); r.runs[n-1].link == l.link {
			between.style, between.link = r.runs[n-1].style&l.style, l.link
		}
		r.append(" ", between)
	}
	r.space = false
	r.append(s, l)
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
	r.space = false
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
	if heading := p.kind == Normal && l.font >= 21 && l.inTable < 100 && len(p.text) < 100; heading {
		p.kind = Heading
		for i := range p.runs {
			p.runs[i].style |= Bold
		}
		r.blank = true
		defer func() { r.blank = true }()
	}
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
	if list := r.article.paragraphs; r.blank && len(list) > 0 {
		r.article.add(paragraph{kind: Blank, quote: min(list[len(list)-1].quote, p.quote)})
	}
	r.blank = false
	r.article.add(p)
}

func (r *htmlReader) list(n *html.Node, l look) {
	l.list++
	number, err := strconv.Atoi(attr(n, "start"))
	if err != nil {
		number = 1
	}
	r.blank = r.blank && l.list == 1
	r.paragraphs(l.list == 1, func() {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom != atom.Li || c.Type != html.ElementNode {
				r.node(c, l)
				continue
			}
			mark := []string{"•", "◦", "▪"}[min(l.list, 3)-1]
			if n.DataAtom == atom.Ol {
				if v, err := strconv.Atoi(attr(c, "value")); err == nil {
					number = v
				}
				mark = ordinal(number, attr(n, "type"))
				number++
			}
			r.item(c, l, mark)
		}
	})
	r.bullet = ""
}

// ordinal is the mark of an item in a numbered list.
func ordinal(n int, kind string) string {
	if (kind == "a" || kind == "A") && n >= 1 && n <= 26 {
		return string(rune(kind[0])+rune(n-1)) + "."
	}
	return strconv.Itoa(n) + "."
}

func (r *htmlReader) item(n *html.Node, l look, mark string) {
	l, b := l.apply(n)
	if b.hidden || r.hidden(n) {
		return
	}
	r.flush()
	r.bullet = mark + " "
	l.indent = min(l.indent+utf8.RuneCountInString(r.bullet), 40)
	r.children(n, l)
	r.flush()
	r.bullet, r.blank = "", false
}

func (r *htmlReader) blockquote(n *html.Node, l look, b box) {
	if b.borderless && b.indented && !hasClass(n, "gmail_quote") && attr(n, "type") != "cite" {
		l.indent = min(l.indent+4, 40) // what the button "indent" of web mail writes
	} else {
		l.quote = min(l.quote+1, maxQuote)
		l.indent = 0
	}
	r.paragraphs(true, func() { r.children(n, l) })
}

func (r *htmlReader) pre(n *html.Node, l look) {
	l.pre = true
	if !l.wrap {
		l.kind = Pre
	}
	r.paragraphs(true, func() {
		content := r.collect(func() { r.children(n, l) })
		markPatches(content)
		for _, p := range content {
			r.add(p)
		}
	})
}

func (r *htmlReader) anchor(n *html.Node, l look, b box) {
	if !hasAttr(n, "href") {
		r.other(n, l, b)
		return
	}
	if number := r.article.link(textOf(n), r.resolve(attr(n, "href"))); number > 0 {
		l.link, l.style = number, l.style&^Underline|LinkText
	}
	r.other(n, l, b)
	r.endLink(l.link)
}

// endLink marks where a link's text ends: in the paragraph being read or in the last one.
func (r *htmlReader) endLink(link int) {
	if link == 0 {
		return
	}
	runs := r.runs
	if r.text.Len() == 0 {
		if len(r.article.paragraphs) == 0 {
			return
		}
		runs = r.article.paragraphs[len(r.article.paragraphs)-1].runs
	}
	if n := len(runs); n > 0 && runs[n-1].link == link {
		runs[n-1].last = true
	}
}

// resolve is the target of a link as a browser would take it.
func (r *htmlReader) resolve(href string) string {
	href = strings.TrimSpace(href)
	switch {
	case strings.HasPrefix(href, "#"), href == "":
		return ""
	case len(href) > 4 && strings.EqualFold(href[:4], "www."):
		return "https://" + href
	case r.base == "" || strings.HasPrefix(href, "//") || strings.Contains(strings.SplitN(href, "/", 2)[0], ":"):
		return href
	}
	_, rest, _ := strings.Cut(r.base, "://")
	host, _, _ := strings.Cut(rest, "/")
	if strings.HasPrefix(href, "/") {
		return r.base[:len(r.base)-len(rest)] + host + href
	}
	if i := strings.LastIndexByte(rest, '/'); i >= 0 {
		return r.base[:len(r.base)-len(rest)] + rest[:i+1] + href
	}
	return r.base + "/" + href
}

// image shows the alternative text. Without one a picture is worth a word only where it came with the message, or
// is all that there is of a link; what is no larger than a dot never is.
func (r *htmlReader) image(n *html.Node, l look) {
	if l.unseen || upTo(attr(n, "width"), 3) || upTo(attr(n, "height"), 3) {
		return
	}
	alt := mail.Line(attr(n, "alt"))
	icon := upTo(attr(n, "width"), 32) || upTo(attr(n, "height"), 32)
	if alt == "" && (strings.HasPrefix(strings.ToLower(attr(n, "src")), "cid:") || l.link > 0 && !icon && textless(n)) {
		alt = "image"
	}
	if alt == "" {
		return
	}
	l.style |= Dim
	for i, word := range strings.Fields("[" + cut(alt, 200) + "]") {
		r.space = r.space || i > 0
		r.word(word, l)
	}
}

// textless tells whether the link around n has no other text.
func textless(n *html.Node) bool {
	for n = n.Parent; n != nil && n.DataAtom != atom.A; n = n.Parent {
	}
	return n != nil && strings.TrimSpace(mail.Text(textOf(n))) == ""
}

// upTo tells whether a size is given and small.
func upTo(size string, most float64) bool {
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(size), "px"), 64)
	return err == nil && n <= most
}
