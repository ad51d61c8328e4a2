package body

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"posthorn/mail"
)

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
	if hasClass(n, "MsoNormal", "MsoListParagraph", "MsoListParagraphCxSpFirst", "MsoListParagraphCxSpMiddle", "MsoListParagraphCxSpLast") {
		b.tight = true // by the style sheet of the program that names its paragraphs so
	}
	switch {
	case block || b.block:
		r.paragraphs(margin && !b.tight || b.spaced, func() {
			before := len(r.article.paragraphs)
			r.children(n, l)
			if r.flush(); len(r.article.paragraphs) == before && strings.Contains(textOf(n), "\u00a0") {
				r.blank = true // an empty line as programs write it
			}
		})
	case b.inlineBlock:
		r.space = true
		r.children(n, l)
		r.space = true
	default:
		r.children(n, l)
	}
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
