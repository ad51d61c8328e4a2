package body

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// look is what an element hands down to those inside it.
type look struct {
	style      Style
	link       int
	kind       LineKind
	quote      int
	indent     int     // columns
	list       int     // nesting of lists
	font       float64 // size in pixels
	color      rgb
	background rgb  // painted behind it
	pre        bool // line breaks and blanks count
	wrap       bool // with pre: lines may still be wrapped
	unseen     bool // visibility: hidden, which an element inside may take back
	upper      bool // text-transform: uppercase
	plain      bool // list-style: none
	inTable    int
	depth      int // of elements
}

// rootLook is that of a document that says nothing.
var rootLook = look{font: 16, color: black, background: white}

// hiddenText tells whether text of that look cannot be read on a screen.
func (l look) hiddenText() bool {
	return l.unseen || l.font < 3 || indistinct(l.color, l.background)
}

// box is what a style says of the element itself.
type box struct {
	gone, hidden         bool // display: none, or unseen in another way
	block, inlineBlock   bool
	inline               bool // inline-table, or beside what follows
	office               bool // hidden in the programs of one maker only, which use it to show another form there
	flat, short, narrow  bool // next to no height, or width
	clipped              bool
	filled               bool // has a background of its own
	padded               bool
	borderless, indented bool
	bar                  bool   // a line at the left only
	tight, spaced        bool   // no margin, or room above or below
	marks                string // list-style-type
}

// obeyed are the properties that font and property read.
var obeyed = map[string]bool{
	"font-weight": true, "font-style": true, "text-decoration": true, "text-decoration-line": true, "font-size": true, "font": true,
	"white-space": true, "visibility": true, "text-transform": true, "color": true, "background": true, "background-color": true,
	"background-image": true, "display": true, "mso-hide": true, "opacity": true, "max-height": true, "height": true, "max-width": true,
	"width": true, "overflow": true, "text-indent": true, "left": true, "top": true, "margin-left": true, "margin": true, "padding": true,
	"margin-top": true, "margin-bottom": true, "padding-top": true, "padding-bottom": true, "border-top": true, "border": true,
	"border-left": true, "list-style": true, "list-style-type": true, "float": true,
}

// styled is the look of n inside an element of look l, and its box.
func (r *htmlReader) styled(n *html.Node, l look) (look, box) {
	var b box
	parent := l
	if n.DataAtom == atom.A {
		l.color = blue
	}
	l.attributes(n)
	unknown := r.sheet.of(n, func(list []declaration) {
		if !r.spend(len(list)) {
			return
		}
		for _, d := range list {
			if !l.text(d, &parent) {
				b.property(&l, d.property, d.value)
			}
		}
	})
	if unknown && l.background == parent.background {
		l.background = unclear
	}
	b.filled = l.background != parent.background
	b.hidden = b.hidden || b.gone || b.flat || b.short && b.clipped || b.narrow && b.clipped ||
		b.office && n.DataAtom != atom.A && !holds(n, atom.A)
	return l, b
}

// text reads one property that is handed down; false: it is none.
func (l *look) text(d declaration, parent *look) bool {
	value := d.value
	switch d.property {
	case "font-weight":
		switch value {
		case "bold", "bolder", "600", "700", "800", "900":
			l.style |= Bold
		case "inherit":
		default:
			l.style &^= Bold
		}
	case "font-style":
		if value == "italic" || value == "oblique" {
			l.style |= Italic
		} else {
			l.style &^= Italic
		}
	case "text-decoration", "text-decoration-line":
		if strings.Contains(value, "line-through") {
			l.style |= Strike
		}
		if strings.Contains(value, "underline") && l.link == 0 {
			l.style |= Underline
		}
	case "font-size":
		l.font = fontSize(value, parent.font)
	case "font":
		for f := range strings.FieldsSeq(value) {
			if f == "bold" {
				l.style |= Bold
			}
			size, _, _ := strings.Cut(f, "/")
			if strings.HasSuffix(size, "px") || strings.HasSuffix(size, "pt") || size == "0" {
				l.font = fontSize(size, parent.font)
			}
		}
	case "white-space":
		l.pre = strings.HasPrefix(value, "pre")
		l.wrap = value == "pre-wrap" || value == "pre-line"
	case "visibility":
		l.unseen = value == "hidden" || value == "collapse"
	case "text-transform":
		l.upper = value == "uppercase"
	case "color":
		if l.color = parseColor(value, l.background); value == "inherit" {
			l.color = parent.color
		}
	case "background", "background-color", "background-image":
		if d.property == "background-image" && !strings.Contains(value, "(") {
			break
		}
		l.background = background(value, parent.background)
	default:
		return false
	}
	return true
}

// property reads one that concerns the element itself.
func (b *box) property(l *look, property, value string) {
	switch property {
	case "display":
		b.gone = value == "none"
		b.block = value == "block" || value == "flex" || value == "grid" || value == "table"
		b.inlineBlock = value == "inline-block"
		b.inline = b.inline || value == "inline-table"
	case "mso-hide":
		b.office = value == "all"
	case "float":
		b.inline = b.inline || value == "left" || value == "right"
	case "opacity":
		n, err := strconv.ParseFloat(value, 64)
		b.hidden = b.hidden || err == nil && n < 0.05
	case "max-height":
		b.flat = nothing(value)
	case "height":
		b.short = nothing(value)
	case "max-width", "width":
		b.narrow = nothing(value)
	case "overflow":
		b.clipped = value == "hidden"
	case "text-indent", "left", "top", "margin-left":
		n, ok := strings.CutPrefix(value, "-")
		px := fontSize(n, 0)
		b.hidden = b.hidden || ok && px >= 900
		b.indented = b.indented || property == "margin-left" && !ok && px > 0
	case "list-style", "list-style-type":
		b.marks = value
		l.plain = strings.HasPrefix(value, "none")
	default:
		b.edges(property, value)
	}
}

// edges reads what stands around an element.
func (b *box) edges(property, value string) {
	switch property {
	case "margin", "padding":
		f := strings.Fields(value)
		if len(f) == 0 {
			return
		}
		b.indented = b.indented || property == "margin" && len(f) == 4 && fontSize(f[3], 0) > 0
		pixels := max(fontSize(f[0], 0), fontSize(f[len(f)/3*2], 0))
		b.spaced = b.spaced || pixels >= 8
		b.tight = b.tight || property == "margin" && pixels < 1
		b.padded = b.padded || property == "padding" && fontSize(f[len(f)-1], 0) >= 4
	case "margin-top", "margin-bottom", "padding-top", "padding-bottom":
		b.spaced = b.spaced || fontSize(value, 0) >= 8
	case "border-top":
		b.spaced = b.spaced || strings.Contains(value, "solid")
	case "border", "border-left":
		b.borderless = b.borderless || strings.HasPrefix(value, "none") || strings.HasPrefix(value, "0")
		if property == "border" {
			b.bar = false
		} else {
			b.bar = strings.Contains(value, "solid") || strings.Contains(value, "double")
		}
	}
}

// nothing tells whether a length is next to none.
func nothing(value string) bool {
	return value == "0" || value == "0px" || value == "1px" || value == "0pt"
}

// fontSize is a length in pixels.
func fontSize(value string, parent float64) float64 {
	unit := strings.TrimLeft(value, "0123456789.+-")
	number := value[:len(value)-len(unit)]
	if number == "" {
		if n, ok := fontWords[value]; ok {
			return n
		}
		return parent
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return parent
	}
	if parent < 6 { // nothing, so that the gaps between columns vanish
		parent = 16
	}
	switch unit {
	case "px", "":
		return n
	case "pt":
		return n * 4 / 3
	case "em":
		return n * parent
	case "rem":
		return n * 16
	case "%":
		return n * parent / 100
	}
	return parent
}

var fontWords = map[string]float64{
	"xx-small": 9, "x-small": 10, "small": 13, "smaller": 13, "medium": 16, "initial": 16, "large": 18, "larger": 18, "x-large": 24, "xx-large": 32,
}
