package body

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parseHTML makes a tree of a document. Where the parser gives up, because more than 512 elements are open, a
// simpler one takes its place, so that no text is lost; so it does where there are so many tags that looking for what
// each of them ends would take long. rough tells so.
func parseHTML(s string) (root *html.Node, rough bool) {
	if strings.Count(s, "<") > maxTags {
		return roughTree(s), true
	}
	if root, err := html.ParseWithOptions(strings.NewReader(s), html.ParseOptionEnableScripting(false)); err == nil {
		return root, false
	}
	return roughTree(s), true
}

var voidElements = map[atom.Atom]bool{
	atom.Area: true, atom.Base: true, atom.Br: true, atom.Col: true, atom.Embed: true, atom.Hr: true, atom.Img: true,
	atom.Input: true, atom.Link: true, atom.Meta: true, atom.Param: true, atom.Source: true, atom.Track: true, atom.Wbr: true,
}

// closes lists elements that end where another of the kind begins.
var closes = map[atom.Atom][]atom.Atom{
	atom.P: {atom.P}, atom.Li: {atom.Li}, atom.A: {atom.A}, atom.Option: {atom.Option},
	atom.Td: {atom.Td, atom.Th}, atom.Th: {atom.Td, atom.Th}, atom.Tr: {atom.Td, atom.Th, atom.Tr},
}

// roughTree nests elements as their tags say, without the rules of the standard.
func roughTree(s string) *html.Node {
	root := &html.Node{Type: html.DocumentNode}
	open := []*html.Node{root}
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return root
		case html.TextToken:
			t := z.Token()
			open[len(open)-1].AppendChild(&html.Node{Type: html.TextNode, Data: t.Data})
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			for _, a := range closes[t.DataAtom] {
				if len(open) > 1 && open[len(open)-1].DataAtom == a {
					open = open[:len(open)-1]
				}
			}
			n := &html.Node{Type: html.ElementNode, Data: t.Data, DataAtom: t.DataAtom, Attr: t.Attr}
			open[len(open)-1].AppendChild(n)
			if kind == html.StartTagToken && !voidElements[t.DataAtom] && len(open) < maxDepth {
				open = append(open, n)
			}
		case html.EndTagToken:
			t := z.Token()
			for i := len(open) - 1; i > 0; i-- {
				if open[i].Data == t.Data {
					open = open[:i]
					break
				}
			}
		}
	}
}

// attr is an attribute's value, empty where there is none.
func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// holds tells whether there is an element of that kind within n, as far as is worth looking.
func holds(n *html.Node, kind atom.Atom) bool {
	budget := 200
	var walk func(*html.Node) bool
	walk = func(n *html.Node) bool {
		for c := n.FirstChild; c != nil && budget > 0; c = c.NextSibling {
			if budget--; c.DataAtom == kind || walk(c) {
				return true
			}
		}
		return false
	}
	return walk(n)
}

// hasClass tells whether n has one of the given classes or is named so.
func hasClass(n *html.Node, names ...string) bool {
	class, id := strings.Fields(attr(n, "class")), attr(n, "id")
	for _, name := range names {
		if id == name {
			return true
		}
		for _, c := range class {
			if c == name {
				return true
			}
		}
	}
	return false
}

// written tells whether there is text within n, beside pictures, as far as is worth looking.
func written(n *html.Node) bool {
	budget := 200
	var walk func(*html.Node) bool
	walk = func(n *html.Node) bool {
		if budget--; budget < 0 {
			return true
		}
		if n.Type == html.TextNode {
			return strings.TrimSpace(n.Data) != ""
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if walk(c) {
				return true
			}
		}
		return false
	}
	return walk(n)
}

// textOf is the text of an element with the alternatives of its images, as much as is needed to know it.
func textOf(n *html.Node) string {
	var b strings.Builder
	budget := 1000
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if budget--; budget < 0 || b.Len() > 500 {
			return
		}
		switch {
		case n.Type == html.TextNode:
			b.WriteString(cut(n.Data, 500))
		case n.DataAtom == atom.Img:
			b.WriteString(attr(n, "alt"))
		}
		for c := n.FirstChild; c != nil && budget > 0; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return b.String()
}
