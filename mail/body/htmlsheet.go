package body

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// declaration is one property of a style, in lower case.
type declaration struct{ property, value string }

// Bounds on style sheets; what is past them is as if it were not there.
const (
	maxStyle = 4000 // bytes of one style attribute
	maxRules = 2000
)

// sheet is what the style sheets of a document say of elements, classes and ids by themselves, whatever the screen:
// the rules outside of @media whose selector is one name. It keeps what it has read of style attributes, for
// programs write the same few a thousand times.
type sheet struct {
	rules      map[string][]declaration // by "td", ".class" and "#id"
	filled     map[string]bool          // what a selector of more than one name gives a background that we do not know
	attributes map[string][]declaration
}

func newSheet() *sheet {
	return &sheet{rules: map[string][]declaration{}, filled: map[string]bool{}, attributes: map[string][]declaration{}}
}

// declared is what a style attribute says.
func (s *sheet) declared(style string) []declaration {
	d, ok := s.attributes[style]
	if !ok {
		d = declarations(style[:min(len(style), maxStyle)])
		s.attributes[style] = d
	}
	return d
}

// declarations reads the properties of a style that a text without pictures can obey.
func declarations(s string) []declaration {
	var out []declaration
	for d := range strings.SplitSeq(s, ";") {
		p, v, ok := strings.Cut(d, ":")
		if !ok {
			continue
		}
		if p = strings.ToLower(strings.TrimSpace(p)); !obeyed[p] {
			continue
		}
		v, _, _ = strings.Cut(v, "!")
		out = append(out, declaration{p, strings.ToLower(strings.TrimSpace(v))})
	}
	return out
}

// read adds a style sheet.
func (s *sheet) read(css string) {
	for css != "" && len(s.rules) < maxRules {
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
		if d := declarations(css[open+1 : open+end]); len(d) > 0 {
			s.rule(selector, d)
		}
		css = css[open+end+1:]
	}
}

// rule adds what one rule says of each of its selectors.
func (s *sheet) rule(selectors string, list []declaration) {
	for name := range strings.SplitSeq(strings.ToLower(selectors), ",") {
		name = strings.TrimSpace(name)
		if name == "" || strings.ContainsAny(name, "*:[") {
			continue
		}
		if !strings.ContainsAny(name[1:], " .#>+~") {
			s.rules[name] = append(s.rules[name], list...)
			continue
		}
		last := name[strings.LastIndexAny(name, " >+~")+1:]
		if i := strings.LastIndexAny(last, ".#"); i > 0 {
			last = last[i:]
		}
		for _, d := range list {
			if d.property == "background" || d.property == "background-color" || d.property == "background-image" {
				s.filled[last] = true
			}
		}
	}
}

// of calls yield with what is declared for an element, the most special last: by its name, its classes, its id and its
// own style. filled: it may have a background that is not among that.
func (s *sheet) of(n *html.Node, yield func([]declaration)) (filled bool) {
	style := ""
	if n.DataAtom != atom.A || len(n.Attr) > 0 {
		if d := s.rules[n.Data]; d != nil {
			yield(d)
		}
		filled = s.filled[n.Data]
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "style":
			style = a.Val
		case "class":
			if len(s.rules)+len(s.filled) == 0 {
				continue
			}
			for class := range strings.FieldsSeq(strings.ToLower(a.Val)) {
				class = "." + class
				if d := s.rules[class]; d != nil {
					yield(d)
				}
				filled = filled || s.filled[class]
			}
		case "id":
			if d := s.rules["#"+strings.ToLower(a.Val)]; d != nil {
				yield(d)
			}
		}
	}
	if style != "" {
		yield(s.declared(style))
	}
	return filled
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
