package body

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxDepth is how many elements within each other keep their looks.
const maxDepth = 200

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
	if l.depth++; l.depth == maxDepth {
		r.article.simplified = true
	}
	var b box
	if l.depth < maxDepth && r.spend(1) {
		l, b = r.styled(n, l)
	} else {
		l.inTable = maxNested // further in, only text and links count
	}
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
		r.table(n, l, b)
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		r.list(n, l, b)
	case atom.Li:
		r.item(n, l, b, "•")
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
		l.kind, l.style = Heading, l.style|Bold
	case atom.Dt:
		l.style |= Bold
	case atom.Dd:
		l.indent = min(l.indent+2, 40)
		b.spaced, r.blank = false, false
	case atom.Q:
		r.words("“", l)
		defer r.words("”", l)
	case atom.Rt: // how the characters before are read
		if !holds(n.Parent, atom.Rp) {
			r.words("(", l)
			defer r.words(")", l)
		}
	case atom.Sup:
		if s := raised(n); s != "" {
			r.words(s, l)
			return
		}
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
	if b.bar && b.padded && (n.DataAtom == atom.Div || n.DataAtom == atom.P || n.DataAtom == atom.Td) { // a quote as the office's programs write it, or one set off by its author
		l.quote = min(l.quote+1, maxQuote)
		margin, b.tight = true, false
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
	case b.inlineBlock && n.DataAtom != atom.A:
		r.space = true
		r.children(n, l)
		r.space = true
	default:
		r.children(n, l)
	}
}

// raised is a number set above the line, as powers are: 10 to the sixth is not to be read as 106. Empty: it is something
// else.
func raised(n *html.Node) string {
	if n.FirstChild == nil || n.FirstChild != n.LastChild || n.FirstChild.Type != html.TextNode || len(n.FirstChild.Data) > 10 {
		return ""
	}
	var b strings.Builder
	for _, c := range n.FirstChild.Data {
		switch {
		case c >= '0' && c <= '9':
			b.WriteRune([]rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[c-'0'])
		case c == '-' || c == '−':
			b.WriteRune('⁻')
		default:
			return ""
		}
	}
	return b.String()
}

func (r *htmlReader) list(n *html.Node, l look, b box) {
	l.list++
	if b.marks == "" {
		l.plain = false
	}
	number, err := strconv.Atoi(attr(n, "start"))
	if err != nil {
		number = 1
	}
	kind := attr(n, "type")
	if named := listKinds[b.marks]; named != "" {
		kind = named
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
				mark = ordinal(number, kind)
				number++
			}
			if inner, b := r.styled(c, l); !b.hidden && !hasAttr(c, "hidden") {
				r.item(c, inner, b, mark)
			}
		}
	})
	r.bullet = ""
}

// listKinds are the types of numbered lists as style sheets name them.
var listKinds = map[string]string{"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i", "upper-roman": "I"}

// ordinal is the mark of an item in a numbered list.
func ordinal(n int, kind string) string {
	switch {
	case (kind == "a" || kind == "A") && n >= 1 && n <= 26:
		return string(rune(kind[0])+rune(n-1)) + "."
	case kind == "i" && n >= 1 && n < 400:
		return roman(n) + "."
	case kind == "I" && n >= 1 && n < 400:
		return strings.ToUpper(roman(n)) + "."
	}
	return strconv.Itoa(n) + "."
}

func roman(n int) string {
	var b strings.Builder
	for _, d := range []struct {
		value int
		text  string
	}{{100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}} {
		for ; n >= d.value; n -= d.value {
			b.WriteString(d.text)
		}
	}
	return b.String()
}

// item is one entry of a list. One without a mark, as menus have them, is a line like others.
func (r *htmlReader) item(n *html.Node, l look, b box, mark string) {
	if r.flush(); !l.plain {
		r.bullet = mark + " "
		l.indent = min(l.indent+utf8.RuneCountInString(r.bullet), 40)
	}
	if b.inlineBlock || b.inline { // a menu in one line
		r.space = true
	}
	r.children(n, l)
	r.flush()
	r.bullet, r.blank = "", false
}

func (r *htmlReader) blockquote(n *html.Node, l look, b box) {
	if b.borderless && b.indented && !b.bar && !hasClass(n, "gmail_quote") && attr(n, "type") != "cite" {
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
