package body

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"posthorn/mail"
)

// anchor reads a link. One that shows nothing gets no number, for it could not be told apart; a button shows that it
// is one.
func (r *htmlReader) anchor(n *html.Node, l look, b box) {
	if !hasAttr(n, "href") {
		r.other(n, l, b)
		return
	}
	text := strings.TrimSpace(mail.Text(textOf(n)))
	known := len(r.article.links)
	number := r.article.link(text, r.resolve(attr(n, "href")))
	if number > 0 {
		l.link, l.style = number, l.style&^Underline|LinkText
	}
	if k := len(r.runs); b.inlineBlock && k > 0 && r.runs[k-1].link > 0 { // one of a row of them
		r.space, r.wide = true, true
	}
	paragraphs := len(r.article.paragraphs)
	before := r.text.Len()
	show := func() {
		if number > 0 && r.button(n, b, text) {
			if l.style |= Bold; !strings.ContainsAny(text, "→›»▸►❯➜") {
				r.word("→", l)
				r.space = true
			}
		}
		b.block = false
		r.other(n, l, b)
		r.endLink(l.link)
	}
	if b.block {
		r.paragraphs(false, show)
	} else {
		show()
		r.space = r.space || b.inlineBlock
	}
	if shown := text != "" || r.text.Len() != before || len(r.article.paragraphs) != paragraphs; !shown && len(r.article.links) > known {
		r.article.forget(number)
	}
}

// maxButton is how many characters a button says at most.
const maxButton = 40

// button tells whether a link is drawn as one: filled and padded itself, or alone in a cell that is.
func (r *htmlReader) button(n *html.Node, b box, text string) bool {
	if text == "" || utf8.RuneCountInString(text) > maxButton || strings.ContainsAny(text, "\n@") || holds(n, atom.Img) {
		return false
	}
	if b.filled && (b.padded || b.block || b.inlineBlock) || hasClass(n, "button", "btn", "cta", "Button", "mcnButton") {
		return true
	}
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.DataAtom {
		case atom.Td, atom.Th, atom.Div, atom.P, atom.Span, atom.Center:
		default:
			return false
		}
		if strings.TrimSpace(mail.Text(textOf(p))) != text {
			return false
		}
		if p.DataAtom != atom.Td {
			continue
		}
		_, outer := r.styled(p, rootLook)
		return outer.filled && (b.padded || b.inlineBlock || b.block || strings.Contains(attr(p, "style"), "border-radius")) ||
			hasClass(p, "button", "btn", "mcnButtonContent")
	}
	return false
}

// endLink marks where a link's text ends: in the paragraph being read or in the last one.
func (r *htmlReader) endLink(link int) {
	if link == 0 {
		return
	}
	runs := r.runs
	if r.text.Len() == 0 {
		if len(r.article.paragraphs) == r.article.floor {
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

// maxIcon is how large a picture is at most that stands for a word.
const maxIcon = 48

// image shows the alternative text. Without one a picture is worth a word only where it came with the message, or
// is all that there is of a link; what is no larger than a dot never is.
func (r *htmlReader) image(n *html.Node, l look) {
	if l.unseen || upTo(attr(n, "width"), 3) || upTo(attr(n, "height"), 3) {
		return
	}
	alt := mail.Line(attr(n, "alt"))
	icon := upTo(attr(n, "width"), maxIcon) || upTo(attr(n, "height"), maxIcon)
	label := "[" + cut(alt, 200) + "]"
	around := linkAround(n)
	alone := l.link > 0 && around != nil && !written(around)
	switch {
	case alone && (icon || alt == "") && r.named[attr(around, "href")]: // there are words that lead there
		return
	case alone && icon:
		if label = alt; alt == "" {
			label = network(attr(n, "src"), r.article.links[l.link-1].URL)
		}
		label = cut(label, 200)
	case alt == "" && (alone || strings.HasPrefix(strings.ToLower(attr(n, "src")), "cid:")):
		label = placeholder
		l.style |= Dim
	case alt == "":
		return
	default:
		l.style |= Dim
	}
	for i, word := range strings.Fields(label) {
		r.space = r.space || i > 0
		r.word(word, l)
	}
}

// placeholder stands for a picture that says nothing of itself.
const placeholder = "[image]"

// networks are places that senders have icons for, and what is in the names of those.
var networks = []struct{ mark, name string }{
	{"facebook", "Facebook"}, {"instagram", "Instagram"}, {"twitter", "Twitter"}, {"linkedin", "LinkedIn"}, {"youtube", "YouTube"}, {"mastodon", "Mastodon"},
	{"bluesky", "Bluesky"}, {"bsky", "Bluesky"}, {"tiktok", "TikTok"}, {"pinterest", "Pinterest"}, {"whatsapp", "WhatsApp"}, {"telegram", "Telegram"},
	{"threads", "Threads"}, {"github", "GitHub"}, {"spotify", "Spotify"}, {"discord", "Discord"}, {"reddit", "Reddit"}, {"vimeo", "Vimeo"},
	{"rss", "RSS"}, {"podcast", "Podcast"}, {"website", "Website"}, {"app-store", "App Store"}, {"appstore", "App Store"}, {"google-play", "Google Play"},
}

// network names the place that an icon without a word leads to, by its file's name or its target; empty: nobody knows.
func network(src, target string) string {
	src = strings.ToLower(src[strings.LastIndexByte(src, '/')+1:])
	_, target, _ = strings.Cut(target, "://")
	target, _, _ = strings.Cut(target, "/")
	for _, n := range networks {
		if strings.Contains(src, n.mark) || strings.Contains(owner(target), n.mark) {
			return n.name
		}
	}
	return ""
}

// linkAround is the link that n is in, nil where it is in none.
func linkAround(n *html.Node) *html.Node {
	for n = n.Parent; n != nil && n.DataAtom != atom.A; n = n.Parent {
	}
	return n
}

// upTo tells whether a size is given and small.
func upTo(size string, most float64) bool {
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(size), "px"), 64)
	return err == nil && n <= most
}
