package body

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// look is what an element hands down to those inside it.
type look struct {
	style   Style
	link    int
	kind    LineKind
	quote   int
	indent  int     // columns
	list    int     // nesting of lists
	font    float64 // size in pixels
	pre     bool    // line breaks and blanks count
	wrap    bool    // with pre: lines may still be wrapped
	unseen  bool    // visibility: hidden, which an element inside may take back
	upper   bool    // text-transform: uppercase
	inTable int
}

// hiddenText tells whether text of that look cannot be read on a screen.
func (l look) hiddenText() bool { return l.unseen || l.font < 3 }

// declarations calls yield with each property of a style attribute, both in lower case.
func declarations(s string, yield func(property, value string)) {
	for d := range strings.SplitSeq(strings.ToLower(s), ";") {
		if p, v, ok := strings.Cut(d, ":"); ok {
			v, _, _ = strings.Cut(v, "!")
			yield(strings.TrimSpace(p), strings.TrimSpace(v))
		}
	}
}

// box is what a style says of the element itself.
type box struct {
	hidden, block, inlineBlock bool
	color, background          string
	zeroHeight, clipped        bool
	borderless, indented       bool
	tight, spaced              bool // no margin, or room above or below
}

// apply reads the style attribute of n.
func (l look) apply(n *html.Node) (look, box) {
	var b box
	style := attr(n, "style")
	if style == "" {
		return l, b
	}
	if len(style) > 4000 {
		style = style[:4000]
	}
	declarations(style, func(property, value string) {
		if !l.font1(property, value) {
			b.property(&l, property, value)
		}
	})
	b.hidden = b.hidden || b.zeroHeight && b.clipped || b.color != "" && b.color == b.background
	return l, b
}

// font1 reads one property that is handed down; false: it is none.
func (l *look) font1(property, value string) bool {
	switch property {
	case "font-weight":
		if n, err := strconv.Atoi(value); value == "bold" || value == "bolder" || err == nil && n >= 600 {
			l.style |= Bold
		} else if value == "normal" || err == nil {
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
		l.font = fontSize(value, l.font)
	case "font":
		for f := range strings.FieldsSeq(value) {
			if f == "bold" {
				l.style |= Bold
			}
			size, _, _ := strings.Cut(f, "/")
			if strings.HasSuffix(size, "px") || strings.HasSuffix(size, "pt") || size == "0" {
				l.font = fontSize(size, l.font)
			}
		}
	case "white-space":
		l.pre = strings.HasPrefix(value, "pre")
		l.wrap = value == "pre-wrap" || value == "pre-line"
	case "visibility":
		l.unseen = value == "hidden" || value == "collapse"
	case "text-transform":
		l.upper = value == "uppercase"
	default:
		return false
	}
	return true
}

// property reads one that concerns the element itself.
func (b *box) property(l *look, property, value string) {
	switch property {
	case "display":
		switch value {
		case "none":
			b.hidden = true
		case "block", "flex", "grid", "table":
			b.block = true
		case "inline-block":
			b.inlineBlock = true
		}
	case "mso-hide":
		b.hidden = b.hidden || value == "all"
	case "opacity":
		n, err := strconv.ParseFloat(value, 64)
		b.hidden = b.hidden || err == nil && n < 0.05
	case "max-height", "height", "max-width", "width":
		b.zeroHeight = b.zeroHeight || value == "0" || value == "0px"
	case "overflow":
		b.clipped = b.clipped || value == "hidden"
	case "text-indent", "left", "top", "margin-left":
		n, ok := strings.CutPrefix(value, "-")
		px := fontSize(n, 0)
		b.hidden = b.hidden || ok && px >= 900
		b.indented = b.indented || property == "margin-left" && !ok && px > 0
	case "margin", "padding":
		f := strings.Fields(value)
		b.indented = b.indented || property == "margin" && len(f) == 4 && fontSize(f[3], 0) > 0
		if len(f) > 0 {
			b.vertical(property, max(fontSize(f[0], 0), fontSize(f[len(f)/3*2], 0)))
		}
	case "margin-top", "margin-bottom", "padding-top", "padding-bottom":
		b.spaced = b.spaced || fontSize(value, 0) >= 8
	case "border-top":
		b.spaced = b.spaced || strings.Contains(value, "solid")
	case "border", "border-left":
		b.borderless = b.borderless || strings.HasPrefix(value, "none") || strings.HasPrefix(value, "0")
	case "color":
		b.color = color(value)
		b.hidden = b.hidden || value == "transparent"
	case "background-color", "background":
		b.background = color(value)
	}
}

// vertical reads what a shorthand says of the room above and below.
func (b *box) vertical(property string, pixels float64) {
	b.spaced = b.spaced || pixels >= 8
	b.tight = b.tight || property == "margin" && pixels < 1
}

// color is a colour in a form that can be compared, empty where value is not simply one.
func color(value string) string {
	value, _, _ = strings.Cut(value, " ")
	switch {
	case value == "white":
		return "#ffffff"
	case value == "black":
		return "#000000"
	case len(value) == 4 && value[0] == '#':
		return "#" + strings.Repeat(value[1:2], 2) + strings.Repeat(value[2:3], 2) + strings.Repeat(value[3:4], 2)
	case len(value) == 7 && value[0] == '#':
		return value
	}
	return ""
}

// fontSize is a length in pixels.
func fontSize(value string, parent float64) float64 {
	unit := strings.TrimLeft(value, "0123456789.+-")
	n, err := strconv.ParseFloat(strings.TrimSuffix(value, unit), 64)
	if err != nil {
		switch value {
		case "small", "x-small", "smaller", "medium", "inherit", "initial":
			return 14
		case "x-large", "xx-large", "xxx-large":
			return 24
		}
		return parent
	}
	switch unit {
	case "px", "":
		return n
	case "pt":
		return n * 4 / 3
	case "em", "rem":
		return n * max(parent, 16)
	case "%":
		return n * max(parent, 16) / 100
	}
	return parent
}

// maxClasses bounds how many classes of a style sheet are told apart.
const maxClasses = 1000

// sheetClasses tells which classes a style sheet never shows, whatever the screen: it reads the rules ".name { display: none }" outside of @media; later rules may take them back.
func sheetClasses(css string, out map[string]bool) {
	for css != "" {
		open := strings.IndexByte(css, '{')
		if open < 0 {
			return
		}
		selector := strings.TrimSpace(css[:open])
		if i := strings.LastIndex(selector, "*/"); i >= 0 {
			selector = strings.TrimSpace(selector[i+2:])
		}
		if i := strings.LastIndexAny(selector, ";}"); i >= 0 { // @import "x";
			selector = strings.TrimSpace(selector[i+1:])
		}
		if strings.HasPrefix(selector, "@") {
			css = afterBlock(css[open:])
			continue
		}
		end := strings.IndexByte(css[open:], '}')
		if end < 0 {
			return
		}
		display := ""
		declarations(css[open+1:open+end], func(property, value string) {
			if property == "display" || property == "mso-hide" && value == "all" {
				display = strings.Replace(value, "all", "none", 1)
			}
		})
		for s := range strings.SplitSeq(selector, ",") {
			if s = strings.TrimSpace(s); display != "" && len(s) > 1 && s[0] == '.' && !strings.ContainsAny(s[1:], " .#:>[+~") && len(out) < maxClasses {
				out[s[1:]] = display == "none"
			}
		}
		css = css[open+end+1:]
	}
}

// afterBlock is what follows the block that css begins with.
func afterBlock(css string) string {
	depth := 0
	for i := 0; i < len(css); i++ {
		switch css[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return css[i+1:]
			}
		}
	}
	return ""
}
