package body

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// rgb is a colour as 0xrrggbb.
type rgb int32

// The colours of a document that names none. unclear is one that is not known: a picture, a gradient, a name that few
// use; nothing is hidden because of it.
const (
	black   rgb = 0x000000
	white   rgb = 0xffffff
	blue    rgb = 0x0000ee // of links
	unclear rgb = -1
)

// nearness is how little two colours may differ, in each of red, green and blue, for text to be unreadable.
const nearness = 14

// indistinct tells whether text of one colour cannot be seen before the other.
func indistinct(a, b rgb) bool {
	if a == unclear || b == unclear {
		return false
	}
	for shift := 0; shift <= 16; shift += 8 {
		if d := a>>shift&0xff - b>>shift&0xff; d > nearness || d < -nearness {
			return false
		}
	}
	return true
}

var colorNames = map[string]rgb{
	"white": white, "black": black, "red": 0xff0000, "green": 0x008000, "blue": 0x0000ff, "yellow": 0xffff00, "gray": 0x808080, "grey": 0x808080,
	"silver": 0xc0c0c0, "navy": 0x000080, "maroon": 0x800000, "teal": 0x008080, "orange": 0xffa500, "purple": 0x800080, "snow": 0xfffafa,
	"whitesmoke": 0xf5f5f5, "ivory": 0xfffff0, "ghostwhite": 0xf8f8ff, "lightgray": 0xd3d3d3, "lightgrey": 0xd3d3d3, "gainsboro": 0xdcdcdc,
}

// parseColor reads a colour as style sheets and old attributes write it; own is what a colour that is nearly
// transparent amounts to.
func parseColor(s string, own rgb) rgb {
	switch {
	case s == "transparent":
		return own
	case strings.HasPrefix(s, "rgb"):
		return rgbColor(s, own)
	case strings.HasPrefix(s, "#"):
		s = s[1:]
	default:
		if c, ok := colorNames[s]; ok {
			return c
		}
	}
	switch len(s) {
	case 3, 4:
		s = strings.Repeat(s[:1], 2) + strings.Repeat(s[1:2], 2) + strings.Repeat(s[2:3], 2)
	case 6, 8:
		s = s[:6]
	default:
		return unclear
	}
	n, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		return unclear
	}
	return rgb(n)
}

// rgbColor reads rgb(1, 2, 3) and rgba(1 2 3 / 40%).
func rgbColor(s string, own rgb) rgb {
	_, s, _ = strings.Cut(strings.TrimSuffix(s, ")"), "(")
	f := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '/' })
	if len(f) < 3 {
		return unclear
	}
	if len(f) > 3 {
		percent := strings.HasSuffix(f[3], "%")
		opaque, err := strconv.ParseFloat(strings.TrimSuffix(f[3], "%"), 64)
		switch {
		case err != nil || opaque == 0:
			return own
		case !percent && opaque < 1, percent && opaque < 100:
			return unclear
		}
	}
	var c rgb
	for _, part := range f[:3] {
		n, err := strconv.ParseFloat(strings.TrimSuffix(part, "%"), 64)
		if err != nil {
			return unclear
		}
		if strings.HasSuffix(part, "%") {
			n = n * 255 / 100
		}
		c = c<<8 | rgb(max(0, min(n, 255)))
	}
	return c
}

// background reads the value of a background: a colour alone, or one among other words; a picture or a gradient in it
// makes it unclear.
func background(value string, behind rgb) rgb {
	if strings.Contains(value, "url(") || strings.Contains(value, "gradient") {
		return unclear
	}
	if strings.HasPrefix(value, "rgb") {
		return parseColor(value[:strings.IndexByte(value+")", ')')], behind)
	}
	out, found := unclear, false
	for word := range strings.FieldsSeq(value) {
		if c := parseColor(word, behind); c != unclear || word == "transparent" {
			out, found = c, true
		}
	}
	if !found && (value == "none" || value == "initial" || value == "unset" || value == "0" || value == "0 0") {
		return behind
	}
	return out
}

// attributes reads the colours that HTML had before there were style sheets.
func (l *look) attributes(n *html.Node) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "bgcolor":
			l.background = parseColor(strings.ToLower(strings.TrimSpace(a.Val)), l.background)
		case a.Key == "background" && a.Val != "":
			l.background = unclear
		case a.Key == "color" && n.DataAtom == atom.Font, a.Key == "text" && n.DataAtom == atom.Body:
			l.color = parseColor(strings.ToLower(strings.TrimSpace(a.Val)), l.background)
		case a.Key == "size" && n.DataAtom == atom.Font:
			l.font = fontNumber(a.Val, l.font)
		}
	}
}

// fontNumber is the size that <font size> means, in pixels.
func fontNumber(s string, parent float64) float64 {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return parent
	}
	if s[0] == '+' || s[0] == '-' {
		n += 3
	}
	return [...]float64{10, 10, 13, 16, 18, 24, 32, 48}[max(1, min(n, 7))]
}
