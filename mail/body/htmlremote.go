package body

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"posthorn/mail"
)

// maxTrackers is how many hosts of tracking pictures are named.
const maxTrackers = 3

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
		src = urlIn(attr(n, "style"))
	}
	src = strings.TrimSpace(src)
	if head := strings.ToLower(src[:min(len(src), 8)]); !strings.HasPrefix(head, "http:") && !strings.HasPrefix(head, "https:") && !strings.HasPrefix(head, "//") {
		return
	}
	if n.DataAtom == atom.Img && r.tracking(n) {
		r.article.tracked(src)
		return
	}
	r.article.remote++
}

// urlIn is the first url(…) in a style.
func urlIn(style string) string {
	if !strings.Contains(style, "(") {
		return ""
	}
	_, src, _ := strings.Cut(strings.ToLower(style), "url(")
	return strings.TrimLeft(src, "'\" ")
}

// tracking tells whether a picture is there to be fetched, not to be seen: it is no larger than a dot, or not shown.
func (r *htmlReader) tracking(n *html.Node) bool {
	if upTo(attr(n, "width"), 3) || upTo(attr(n, "height"), 3) {
		return !spacer(n)
	}
	for _, d := range r.sheet.declared(attr(n, "style")) {
		switch {
		case (d.property == "width" || d.property == "height" || d.property == "max-height") && upTo(d.value, 3) && d.value != "":
			return !spacer(n)
		case d.property == "display" && d.value == "none", d.property == "visibility" && d.value == "hidden":
			return !spacer(n)
		}
	}
	return false
}

// spacer tells whether a small picture does nothing but keep others apart: it is stretched in the other direction,
// and who it is for is not in its address.
func spacer(n *html.Node) bool {
	src := attr(n, "src")
	wide := func(s string) bool { return s != "" && !upTo(s, 3) }
	return (wide(attr(n, "width")) || wide(attr(n, "height"))) && !strings.ContainsAny(src, "?=") && len(src) < 120
}

// tracked counts a tracking picture, and keeps who would have known.
func (a *article) tracked(src string) {
	a.trackers++
	_, rest, _ := strings.Cut(cleanURL(src), "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	host := mail.Line(owner(rest[strings.LastIndexByte(rest, '@')+1:]))
	if host != "" && len(a.trackedBy) < maxTrackers && !slices.Contains(a.trackedBy, host) {
		a.trackedBy = append(a.trackedBy, host)
	}
}
